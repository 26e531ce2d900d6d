//! Parts of objects with rules of their own: scale, eviction, binding, token.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, JSON, MERGE, items, name, small};

const FRONT: &str = "/apis/apps/v1/namespaces/web/deployments/front";
const BUDGETS: &str = "/apis/policy/v1/namespaces/web/poddisruptionbudgets";
const PODS: &str = "/api/v1/namespaces/web/pods";

async fn post(client: &Client, path: &str, object: Value) -> (StatusCode, Value) {
    client.write(Method::POST, path, JSON, &object).await
}

fn eviction(pod: &str) -> Value {
    json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": pod } })
}

async fn some_pod(client: &Client) -> String {
    name(&items(&client.get(PODS).await)[0]).to_owned()
}

#[tokio::test]
async fn a_scale_is_read_and_written_apart_from_its_object() {
    let simulator = small();
    let client = Client::of(&simulator);
    let scale = client.get(&format!("{FRONT}/scale")).await;
    assert_eq!(scale["kind"], "Scale");
    assert_eq!(scale["apiVersion"], "autoscaling/v1");
    assert_eq!(scale["spec"], json!({ "replicas": 7 }));
    assert_eq!(
        scale["status"],
        json!({ "replicas": 7, "selector": "app.kubernetes.io/instance=front" })
    );
    let path = format!("{FRONT}/scale");
    let patch = json!({ "spec": { "replicas": 2 } });
    let (status, scale) = client.write(Method::PATCH, &path, MERGE, &patch).await;
    assert_eq!(
        (status, &scale["spec"]["replicas"]),
        (StatusCode::OK, &json!(2))
    );
    simulator.advance(Duration::from_mins(1));
    assert_eq!(client.get(FRONT).await["status"]["readyReplicas"], 2);
    let mut stale = scale.clone();
    stale["spec"]["replicas"] = json!(5);
    let (status, body) = client.write(Method::PUT, &path, JSON, &stale).await;
    assert_eq!(status, StatusCode::CONFLICT, "{body}");
    let dry = format!("{path}?dryRun=All");
    let (_, scale) = client
        .write(
            Method::PATCH,
            &dry,
            MERGE,
            &json!({ "spec": { "replicas": 4 } }),
        )
        .await;
    assert_eq!(scale["spec"]["replicas"], 4);
    assert_eq!(client.get(FRONT).await["spec"]["replicas"], 2);
}

#[tokio::test]
async fn a_scale_that_makes_no_sense_is_refused() {
    let client = Client::of(&small());
    let path = format!("{FRONT}/scale");
    let less = json!({ "metadata": { "name": "front" }, "spec": { "replicas": -1 } });
    let (status, body) = client.write(Method::PUT, &path, JSON, &less).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        body["message"],
        "Scale.autoscaling \"front\" is invalid: spec.replicas: Invalid value: -1: must be greater \
         than or equal to 0"
    );
    let other = json!({ "metadata": { "name": "back" }, "spec": { "replicas": 1 } });
    let (_, body) = client.write(Method::PUT, &path, JSON, &other).await;
    assert_eq!(
        body["message"],
        "the name of the object (back) does not match the name on the URL (front)"
    );
}

#[tokio::test]
async fn a_budget_counts_its_pods_and_stops_the_eviction_that_is_too_many() {
    let simulator = small();
    let client = Client::of(&simulator);
    let budget = json!({ "metadata": { "name": "front" }, "spec": { "maxUnavailable": 1,
        "selector": { "matchLabels": { "app.kubernetes.io/instance": "front" } } } });
    post(&client, BUDGETS, budget).await;
    simulator.advance(Duration::from_secs(1));
    let status = client.get(&format!("{BUDGETS}/front")).await["status"].clone();
    assert_eq!(status["expectedPods"], 7);
    assert_eq!(status["currentHealthy"], 7);
    assert_eq!(status["desiredHealthy"], 6);
    assert_eq!(status["disruptionsAllowed"], 1);
    assert_eq!(status["conditions"][0]["reason"], "SufficientPods");
    let pods = client.get(PODS).await;
    let (first, second) = (name(&items(&pods)[0]), name(&items(&pods)[1]));
    let path = format!("{PODS}/{first}/eviction");
    let (status, body) = post(&client, &path, eviction(first)).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(body["status"], "Success");
    let pod = client.get(&format!("{PODS}/{first}")).await;
    assert!(pod["metadata"]["deletionTimestamp"].is_string());
    let conditions = pod["status"]["conditions"].as_array().unwrap();
    assert!(
        conditions
            .iter()
            .any(|it| it["reason"] == "EvictionByEvictionAPI")
    );
    let path = format!("{PODS}/{second}/eviction");
    let (status, body) = post(&client, &path, eviction(second)).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        body["message"],
        "Cannot evict pod as it would violate the pod's disruption budget."
    );
    assert_eq!(body["details"]["causes"][0]["reason"], "DisruptionBudget");
    simulator.advance(Duration::from_millis(100));
    let (_, body) = post(&client, &path, eviction(second)).await;
    assert_eq!(
        body["details"]["causes"][0]["message"],
        "The disruption budget front needs 6 healthy pods and has 6 currently"
    );
    simulator.advance(Duration::from_mins(2));
    let (status, _) = post(&client, &path, eviction(second)).await;
    assert_eq!(status, StatusCode::CREATED, "its replacement is ready");
}

#[tokio::test]
async fn a_budget_that_nobody_counted_yet_lets_nothing_go() {
    let client = Client::of(&small());
    let budget = json!({ "metadata": { "name": "front" }, "spec": { "minAvailable": "50%",
        "selector": {} } });
    post(&client, BUDGETS, budget).await;
    let pod = some_pod(&client).await;
    let (status, body) = post(&client, &format!("{PODS}/{pod}/eviction"), eviction(&pod)).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(body["details"]["retryAfterSeconds"], 10);
    assert_eq!(
        body["details"]["causes"][0]["message"],
        "The disruption budget front is still being processed by the server."
    );
}

#[tokio::test]
async fn an_eviction_names_the_pod_of_its_path() {
    let client = Client::of(&small());
    let pod = some_pod(&client).await;
    let (status, body) = post(&client, &format!("{PODS}/{pod}/eviction"), eviction("x")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        body["message"],
        "name in URL does not match name in Eviction object"
    );
}

#[tokio::test]
async fn a_pod_is_bound_once() {
    let simulator = small();
    let client = Client::of(&simulator);
    let pod = json!({ "metadata": { "name": "own" }, "spec": { "schedulerName": "nobody",
        "containers": [{ "name": "c", "image": "busybox" }] } });
    post(&client, PODS, pod).await;
    let nodes = client.get("/api/v1/nodes").await;
    let node = name(&items(&nodes)[0]);
    let path = format!("{PODS}/own/binding");
    let nowhere = json!({ "metadata": { "name": "own" }, "target": { "kind": "Node" } });
    let (status, body) = post(&client, &path, nowhere).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body["message"], "target.name: Required value");
    let binding =
        json!({ "metadata": { "name": "own" }, "target": { "kind": "Node", "name": node } });
    let (status, _) = post(&client, &path, binding.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        client.get(&format!("{PODS}/own")).await["spec"]["nodeName"],
        node
    );
    let (status, body) = post(&client, "/api/v1/namespaces/web/bindings", binding).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        body["message"],
        format!(
            "Operation cannot be fulfilled on pods/binding \"own\": pod own is already assigned to \
             node \"{node}\""
        )
    );
}

#[tokio::test]
async fn a_token_says_for_whom_it_is() {
    let client = Client::of(&small());
    let path = "/api/v1/namespaces/web/serviceaccounts/default/token";
    let (status, body) = post(
        &client,
        path,
        json!({ "spec": { "expirationSeconds": 600 } }),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        body["status"]["expirationTimestamp"],
        "2026-11-23T12:10:00Z"
    );
    let token = body["status"]["token"].as_str().unwrap();
    assert_eq!(token.split('.').count(), 3);
    let (_, body) = post(&client, path, json!({ "spec": { "expirationSeconds": 3 } })).await;
    assert_eq!(
        body["message"],
        "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: \
         3: may not specify a duration less than 10 minutes"
    );
}

#[tokio::test]
async fn a_namespace_that_is_finalized_by_hand_goes_with_what_is_left_in_it() {
    let simulator = small();
    let client = Client::of(&simulator);
    let spaces = "/api/v1/namespaces";
    post(&client, spaces, json!({ "metadata": { "name": "stuck" } })).await;
    let held = json!({ "metadata": { "name": "held", "finalizers": ["strata.dev/hold"] } });
    post(&client, &format!("{spaces}/stuck/configmaps"), held).await;
    let path = format!("{spaces}/stuck");
    client.write(Method::DELETE, &path, JSON, &json!({})).await;
    simulator.advance(Duration::from_secs(1));
    let mut space = client.get(&path).await;
    space["spec"]["finalizers"] = json!([]);
    let (status, _) = client
        .write(Method::PUT, &format!("{path}/finalize"), JSON, &space)
        .await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = client.get_as(&path, JSON).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_event_is_shown_by_both_groups_in_their_words() {
    let simulator = small();
    let client = Client::of(&simulator);
    let pod = some_pod(&client).await;
    client
        .write(Method::DELETE, &format!("{PODS}/{pod}"), JSON, &json!({}))
        .await;
    simulator.advance(Duration::from_secs(1));
    let core = client.get("/api/v1/namespaces/web/events").await;
    let other = client
        .get("/apis/events.k8s.io/v1/namespaces/web/events")
        .await;
    assert_eq!(other["apiVersion"], "events.k8s.io/v1");
    assert_eq!(items(&core).len(), items(&other).len());
    let (core, other) = (&items(&core)[0], &items(&other)[0]);
    assert_eq!(other["metadata"], core["metadata"]);
    assert_eq!(other["regarding"], core["involvedObject"]);
    assert_eq!(other["note"], core["message"]);
    assert_eq!(other["reportingController"], core["reportingComponent"]);
    assert_eq!(other["deprecatedCount"], core["count"]);
    assert_eq!(other.get("message"), None);
    let path = format!(
        "/apis/events.k8s.io/v1/namespaces/web/events/{}",
        name(core)
    );
    assert_eq!(client.get(&path).await["note"], core["message"]);
}
