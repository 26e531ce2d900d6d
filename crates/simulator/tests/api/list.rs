use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, items, name, small};

#[tokio::test]
async fn pages_join_to_the_whole_list_of_one_moment() {
    let simulator = small();
    let client = Client::of(&simulator);
    let whole = client.get("/api/v1/pods").await;
    let first = client.get("/api/v1/pods?limit=4").await;
    assert_eq!(
        first["metadata"]["remainingItemCount"],
        items(&whole).len() - 4
    );
    let mut joined: Vec<Value> = items(&first).to_vec();
    let mut token = first["metadata"]["continue"].as_str().unwrap().to_owned();
    // Between two pages a pod goes and another comes.
    let path = format!(
        "/api/v1/namespaces/web/pods/{}?gracePeriodSeconds=0",
        name(&items(&whole)[8])
    );
    let (status, _) = client
        .write(Method::DELETE, &path, "application/json", &json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    simulator.advance(Duration::from_secs(1));
    loop {
        let page = client
            .get(&format!("/api/v1/pods?limit=4&continue={token}"))
            .await;
        assert_eq!(
            page["metadata"]["resourceVersion"],
            whole["metadata"]["resourceVersion"]
        );
        joined.extend(items(&page).iter().cloned());
        match page["metadata"]["continue"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(joined, items(&whole));
}

#[tokio::test]
async fn items_of_built_in_lists_leave_their_kind_out_and_custom_ones_say_it() {
    let client = Client::of(&small());
    let pods = client.get("/api/v1/pods").await;
    assert_eq!(pods["kind"], "PodList");
    assert!(items(&pods)[0].get("kind").is_none());
    let definition = "/apis/kueue.x-k8s.io/v1beta1/resourceflavors";
    let flavor = json!({ "kind": "ResourceFlavor", "apiVersion": "kueue.x-k8s.io/v1beta1",
        "metadata": { "name": "h100" }, "spec": {} });
    client
        .write(Method::POST, definition, "application/json", &flavor)
        .await;
    let flavors = client.get(definition).await;
    assert_eq!(items(&flavors)[0]["apiVersion"], "kueue.x-k8s.io/v1beta1");
}

#[tokio::test]
async fn selectors_select() {
    let client = Client::of(&small());
    let web = client.get("/api/v1/pods?labelSelector=tier%3Dweb").await;
    assert_eq!(items(&web).len(), 7);
    let not_web = client
        .get("/api/v1/pods?labelSelector=tier%20notin%20(web)")
        .await;
    assert_eq!(items(&not_web).len(), 2);
    let running = client
        .get("/api/v1/namespaces/ml/pods?fieldSelector=status.phase%3DRunning")
        .await;
    assert_eq!(items(&running).len(), 2);
    let node = items(&running)[0]["spec"]["nodeName"].as_str().unwrap();
    let there = client
        .get(&format!(
            "/api/v1/pods?fieldSelector=spec.nodeName%3D{node}"
        ))
        .await;
    assert!(
        items(&there)
            .iter()
            .all(|pod| pod["spec"]["nodeName"] == node)
    );
    let path = "/api/v1/pods?fieldSelector=spec.colour%3Dred";
    let (status, body) = client.get_as(path, "application/json").await;
    assert_eq!(
        (status, &body["message"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("field label not supported: spec.colour")
        )
    );
}

#[tokio::test]
async fn metadata_alone_is_answered_where_it_is_asked_for() {
    let accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    let (_, list) = Client::of(&small()).get_as("/api/v1/pods", accept).await;
    assert_eq!(list["kind"], "PartialObjectMetadataList");
    assert_eq!(items(&list)[0]["kind"], "PartialObjectMetadata");
    assert!(items(&list)[0].get("spec").is_none());
    assert!(items(&list)[0]["metadata"]["uid"].is_string());
}

#[tokio::test]
async fn what_is_forbidden_is_refused_in_the_words_of_kubernetes() {
    let client = Client::of(&small());
    let (status, body) = client.get_as("/api/v1/secrets", "application/json").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        body["message"],
        "secrets is forbidden: User \"demo\" cannot list resource \"secrets\" in API group \"\" at \
         the cluster scope"
    );
    let path = "/apis/kueue.x-k8s.io/v1beta2/namespaces/ml/workloads";
    let (_, body) = client.get_as(path, "application/json").await;
    assert_eq!(
        body["message"],
        "workloads.kueue.x-k8s.io is forbidden: User \"demo\" cannot list resource \"workloads\" in \
         API group \"kueue.x-k8s.io\" in the namespace \"ml\""
    );
    let ask = |verb: &str| json!({ "spec": { "resourceAttributes": { "verb": verb, "resource": "secrets" } } });
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    for (verb, allowed) in [("list", false), ("watch", true)] {
        let (status, body) = client
            .write(Method::POST, path, "application/json", &ask(verb))
            .await;
        assert_eq!(
            (status, &body["status"]["allowed"]),
            (StatusCode::CREATED, &json!(allowed))
        );
    }
}

#[tokio::test]
async fn a_version_from_the_future_is_refused() {
    let client = Client::of(&small());
    let (status, body) = client
        .get_as("/api/v1/pods?resourceVersion=99999999", "application/json")
        .await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(
        body["details"]["causes"][0]["reason"],
        "ResourceVersionTooLarge"
    );
}

#[tokio::test]
async fn what_was_before_the_clusters_present_is_gone() {
    let client = Client::of(&small());
    let path = "/api/v1/pods?resourceVersion=1&resourceVersionMatch=Exact";
    let (status, answer) = client.get_as(path, "application/json").await;
    assert_eq!(status, StatusCode::GONE, "{answer}");
    assert_eq!(answer["reason"], "Expired");
}
