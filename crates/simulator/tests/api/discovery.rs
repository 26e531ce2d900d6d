use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, small};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
    application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// What a real kube-apiserver 1.36.2 answered (see the README beside the file).
fn recorded() -> Value {
    serde_json::from_str(include_str!(
        "../fixtures/kube-apiserver/discovery-apps-kueue.json"
    ))
    .unwrap()
}

fn group<'a>(list: &'a Value, name: &str) -> &'a Value {
    let groups = list["items"].as_array().unwrap();
    groups
        .iter()
        .find(|group| group["metadata"]["name"] == name)
        .unwrap()
}

#[tokio::test]
async fn aggregated_discovery_of_a_built_in_group_is_the_recorded_one() {
    let (status, list) = Client::of(&small()).get_as("/apis", AGGREGATED).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(list["kind"], "APIGroupDiscoveryList");
    assert_eq!(list["apiVersion"], "apidiscovery.k8s.io/v2");
    assert_eq!(group(&list, "apps"), group(&recorded(), "apps"));
}

#[tokio::test]
async fn a_definition_is_served_as_a_real_server_serves_it() {
    let (_, list) = Client::of(&small()).get_as("/apis", AGGREGATED).await;
    // Short names and categories of Kueue's kinds are not in the definitions of the demo.
    let bare = |group: &Value| -> Vec<Value> {
        let versions = group["versions"].as_array().unwrap();
        let mut all = Vec::new();
        for version in versions {
            for resource in version["resources"].as_array().unwrap() {
                all.push(json!([
                    version["version"],
                    resource["resource"],
                    resource["scope"],
                    resource["responseKind"],
                    resource["verbs"],
                    resource["singularResource"]
                ]));
            }
        }
        all.sort_by_key(ToString::to_string);
        all
    };
    assert_eq!(
        bare(group(&list, "kueue.x-k8s.io")),
        bare(group(&recorded(), "kueue.x-k8s.io"))
    );
}

#[tokio::test]
async fn the_core_group_is_discovered_at_its_own_path() {
    let (_, list) = Client::of(&small()).get_as("/api", AGGREGATED).await;
    let resources = list["items"][0]["versions"][0]["resources"]
        .as_array()
        .unwrap();
    assert!(
        resources
            .iter()
            .any(|resource| resource["resource"] == "pods")
    );
    assert_eq!(list["items"][0]["metadata"], json!({}));
}

#[tokio::test]
async fn plain_discovery_names_the_same_kinds() {
    let client = Client::of(&small());
    let groups = client.get("/apis").await;
    assert_eq!(groups["kind"], "APIGroupList");
    let kueue = groups["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["name"] == "kueue.x-k8s.io")
        .unwrap();
    assert_eq!(
        kueue["preferredVersion"]["groupVersion"],
        "kueue.x-k8s.io/v1beta2"
    );
    let list = client.get("/apis/kueue.x-k8s.io/v1beta1").await;
    assert_eq!(list["groupVersion"], "kueue.x-k8s.io/v1beta1");
    let resources = list["resources"].as_array().unwrap();
    assert!(
        resources
            .iter()
            .any(|resource| resource["name"] == "clusterqueues/status")
    );
    assert_eq!(client.get("/api").await["versions"], json!(["v1"]));
}

#[tokio::test]
async fn version_and_readiness_are_told() {
    let client = Client::of(&small());
    assert_eq!(client.get("/version").await["gitVersion"], "v1.36.2");
    assert_eq!(client.get("/readyz").await, "ok");
    let verbose = client.get("/readyz?verbose").await;
    assert!(verbose.as_str().unwrap().contains("[+]etcd ok\n"));
}

#[tokio::test]
async fn creating_a_definition_serves_its_kind() {
    let client = Client::of(&small());
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": { "name": "widgets.example.com" },
        "spec": { "group": "example.com", "scope": "Namespaced",
            "names": { "plural": "widgets", "singular": "widget", "kind": "Widget" },
            "versions": [{ "name": "v1", "served": true, "storage": true,
                "schema": { "openAPIV3Schema": { "type": "object" } } }] },
    });
    let (before, _) = client
        .get_as("/apis/example.com/v1/widgets", "application/json")
        .await;
    assert_eq!(before, StatusCode::NOT_FOUND);
    let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let (status, _) = client
        .write(Method::POST, path, "application/json", &definition)
        .await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        client.get("/apis/example.com/v1/widgets").await["kind"],
        "WidgetList"
    );
}

#[tokio::test]
async fn what_is_not_there_is_a_status_in_built_in_groups_and_a_page_elsewhere() {
    let client = Client::of(&small());
    for path in [
        "/apis/apps/v9",
        "/apis/apps/v1/nope",
        "/api/v1/namespaces/web/nodes",
        "/api/v1/pods/front",
    ] {
        let (status, body) = client.get_as(path, "application/json").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            body["message"], "the server could not find the requested resource",
            "{path}"
        );
    }
    for path in [
        "/nope",
        "/apis/nope",
        "/apis/nope/v1/things",
        "/apis/kueue.x-k8s.io/v1beta2/nope",
        "/readyz/nope",
    ] {
        let (status, body) = client.get_as(path, "application/json").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(body, "404 page not found\n", "{path}");
    }
}

#[tokio::test]
async fn health_checks_are_told_singly_and_without_some() {
    let client = Client::of(&small());
    assert_eq!(
        client
            .get("/readyz/poststarthook/rbac/bootstrap-roles")
            .await,
        "ok"
    );
    let live = client.get("/livez?verbose").await;
    assert!(live.as_str().unwrap().ends_with("livez check passed\n"));
    assert!(!live.as_str().unwrap().contains("shutdown"));
    let path = "/readyz?verbose&exclude=etcd&exclude=nope";
    let text = client.get(path).await;
    assert!(text.as_str().unwrap().contains("[+]etcd excluded: ok\n"));
    assert!(text.as_str().unwrap().ends_with(
        "warn: some health checks cannot be excluded: no matches for \"nope\"\n\
         readyz check passed\n"
    ));
}

#[tokio::test]
async fn discovery_that_a_client_knows_already_is_not_sent_again() {
    let client = Client::of(&small());
    let ask = |tag: &str| {
        Request::get("/apis")
            .header(
                "accept",
                "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
            )
            .header("if-none-match", tag)
            .body(Bytes::new())
            .unwrap()
    };
    let first = client.server().answer(&ask("\"none\"")).unwrap();
    assert_eq!(first.status(), StatusCode::OK);
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let second = client.server().answer(&ask(&tag)).unwrap();
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_root_lists_every_path_of_the_api() {
    let root = Client::of(&small()).get("/").await;
    let paths = root["paths"].as_array().unwrap();
    for path in [
        "/apis/apps/v1",
        "/apis/kueue.x-k8s.io",
        "/readyz/etcd",
        "/version",
    ] {
        assert!(paths.iter().any(|known| known == path), "{path}");
    }
}
