use http::StatusCode;

use crate::client::{Client, small};

#[tokio::test]
async fn the_index_leads_to_the_documents_of_built_in_and_custom_kinds() {
    let client = Client::of(&small());
    let index = client.get("/openapi/v3").await;
    let paths = index["paths"].as_object().unwrap();
    for path in ["api/v1", "apis/apps/v1", "apis/kueue.x-k8s.io/v1beta2"] {
        let address = paths[path]["serverRelativeURL"].as_str().unwrap();
        assert!(
            address.starts_with(&format!("/openapi/v3/{path}?hash=")),
            "{address}"
        );
        let (status, document) = client.get_as(address, "application/json").await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(document["openapi"], "3.0.0", "{path}");
    }
}

#[tokio::test]
async fn a_field_is_explained_in_the_words_of_kubernetes() {
    let document = Client::of(&small()).get("/openapi/v3/apis/apps/v1").await;
    let spec = &document["components"]["schemas"]["io.k8s.api.apps.v1.DeploymentSpec"];
    let replicas = spec["properties"]["replicas"]["description"]
        .as_str()
        .unwrap();
    assert!(
        replicas.starts_with("Number of desired pods."),
        "{replicas}"
    );
}

#[tokio::test]
async fn the_document_of_a_custom_kind_names_it_in_its_paths() {
    let document = Client::of(&small())
        .get("/openapi/v3/apis/kueue.x-k8s.io/v1beta2")
        .await;
    let path = "/apis/kueue.x-k8s.io/v1beta2/clusterqueues/{name}";
    let get = &document["paths"][path]["get"];
    assert_eq!(
        get["x-kubernetes-group-version-kind"]["kind"],
        "ClusterQueue"
    );
}
