//! Discovery against a real server's answers (1.36.2), and against servers that break.

use std::{collections::HashMap, sync::Arc};

use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::*;

fn fixture(name: &str) -> Value {
    let path = format!(
        "{}/../../tests/fixtures/kubernetes/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()
}

/// A server that answers `GET path` with a status and JSON, and everything else with 404.
fn server(answers: HashMap<String, (StatusCode, Value)>) -> kube::Client {
    let answers = Arc::new(answers);
    let service = tower::service_fn(move |request: Request<kube::client::Body>| {
        let (status, body) = answers.get(request.uri().path()).cloned().unwrap_or((
            StatusCode::NOT_FOUND,
            json!({"kind": "Status", "code": 404}),
        ));
        async move {
            Ok::<_, std::convert::Infallible>(
                Response::builder()
                    .status(status)
                    .header("content-type", "application/json")
                    .body(kube::client::Body::from(body.to_string().into_bytes()))
                    .unwrap(),
            )
        }
    });
    kube::Client::new(service, "default")
}

fn ok(path: &str, body: Value) -> (String, (StatusCode, Value)) {
    (path.to_owned(), (StatusCode::OK, body))
}

/// The recorded server as it would answer without aggregated discovery: the recorded list of
/// groups, and for each version the resources that the aggregated answer names.
fn recorded_the_old_way() -> HashMap<String, (StatusCode, Value)> {
    let mut answers = HashMap::from([
        ok("/api", json!({"kind": "APIVersions", "versions": ["v1"]})),
        ok("/apis", fixture("legacy-apis.json")),
    ]);
    for (root, list) in [
        ("/api", "discovery-api.json"),
        ("/apis", "discovery-apis.json"),
    ] {
        for group in fixture(list)["items"].as_array().unwrap() {
            for version in group["versions"].as_array().unwrap() {
                let path = [
                    Some(root),
                    group["metadata"]["name"].as_str(),
                    version["version"].as_str(),
                ]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("/");
                let mut resources = Vec::new();
                for resource in version["resources"].as_array().unwrap() {
                    resources.push(json!({
                        "name": resource["resource"],
                        "kind": resource["responseKind"]["kind"],
                        "namespaced": resource["scope"] == "Namespaced",
                        "verbs": resource["verbs"],
                    }));
                    for part in resource["subresources"].as_array().into_iter().flatten() {
                        let name = format!(
                            "{}/{}",
                            resource["resource"].as_str().unwrap(),
                            part["subresource"].as_str().unwrap()
                        );
                        resources.push(json!({
                            "name": name, "kind": part["responseKind"]["kind"],
                            "namespaced": true, "verbs": part["verbs"],
                        }));
                    }
                }
                answers.extend([ok(
                    &path,
                    json!({"kind": "APIResourceList", "resources": resources}),
                )]);
            }
        }
    }
    answers
}

fn recorded() -> HashMap<String, (StatusCode, Value)> {
    HashMap::from([
        ok("/api", fixture("discovery-api.json")),
        ok("/apis", fixture("discovery-apis.json")),
    ])
}

fn find<'a>(kinds: &'a [ServedKind], group: &str, kind: &str) -> Option<&'a ServedKind> {
    kinds
        .iter()
        .find(|served| served.kind == GroupKind::new(group, kind))
}

#[tokio::test]
async fn a_recorded_server_serves_what_it_served() {
    let kinds = discover(&server(recorded()), &[]).await.unwrap();
    let pods = find(&kinds, "", "Pod").unwrap();
    assert_eq!(
        (
            pods.resource.as_str(),
            pods.is_namespaced,
            pods.is_watchable
        ),
        ("pods", true, true)
    );
    let workloads = find(&kinds, "kueue.x-k8s.io", "Workload").unwrap();
    assert_eq!(workloads.versions, ["v1beta2", "v1beta1"]);
    assert_eq!(definition_name(workloads), "workloads.kueue.x-k8s.io");
    assert!(!find(&kinds, "", "Binding").unwrap().is_watchable);
    assert_ne!(
        find(&kinds, "batch", "Job"),
        find(&kinds, "batch.volcano.sh", "Job")
    );
}

#[tokio::test]
async fn the_old_way_finds_the_same_as_the_aggregated_one() {
    let aggregated = discover(&server(recorded()), &[]).await.unwrap();
    let legacy = discover(&server(recorded_the_old_way()), &[])
        .await
        .unwrap();
    assert_eq!(legacy, aggregated);
}

#[tokio::test]
async fn a_group_that_does_not_answer_loses_only_itself() {
    let whole = discover(&server(recorded_the_old_way()), &[])
        .await
        .unwrap();
    let mut answers = recorded_the_old_way();
    answers.insert(
        "/apis/leaderworkerset.x-k8s.io/v1".to_owned(),
        (
            StatusCode::SERVICE_UNAVAILABLE,
            json!({"kind": "Status", "code": 503}),
        ),
    );
    let sets =
        |kinds: &[ServedKind]| find(kinds, "leaderworkerset.x-k8s.io", "LeaderWorkerSet").cloned();
    assert!(sets(&whole).is_some());

    let without = discover(&server(answers.clone()), &[]).await.unwrap();
    assert_eq!(sets(&without), None);
    assert!(find(&without, "apps", "Deployment").is_some());

    let remembered = discover(&server(answers), &whole).await.unwrap();
    assert_eq!(remembered, whole);
}

#[tokio::test]
async fn a_stale_aggregated_group_keeps_what_was_known_of_it() {
    let group = |freshness: &str, resources: Value| {
        json!({"kind": "APIGroupDiscoveryList", "items": [{"metadata": {"name": "metrics.k8s.io"},
            "versions": [{"version": "v1beta1", "freshness": freshness, "resources": resources}]}]})
    };
    let resources = json!([{"resource": "nodes", "responseKind": {"kind": "NodeMetrics"},
        "scope": "Cluster", "verbs": ["get", "list"]}]);
    let core = fixture("discovery-api.json");
    let well = server(HashMap::from([
        ok("/api", core.clone()),
        ok("/apis", group("Current", resources)),
    ]));
    let ill = server(HashMap::from([
        ok("/api", core),
        ok("/apis", group("Stale", json!([]))),
    ]));
    let before = discover(&well, &[]).await.unwrap();
    assert!(find(&before, "metrics.k8s.io", "NodeMetrics").is_some());
    assert_eq!(discover(&ill, &before).await.unwrap(), before);
}

#[tokio::test]
async fn a_server_that_refuses_the_credentials_is_a_failure() {
    let refuse = (
        StatusCode::UNAUTHORIZED,
        json!({"kind": "Status", "message": "Unauthorized"}),
    );
    let client = server(HashMap::from([
        ("/api".to_owned(), refuse.clone()),
        ("/apis".to_owned(), refuse),
    ]));
    let failure = discover(&client, &[]).await.unwrap_err();
    assert_eq!(failure, Failure::Unauthorized("Unauthorized".to_owned()));
}
