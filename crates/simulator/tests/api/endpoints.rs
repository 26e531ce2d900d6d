//! Where the pods are that a service selects, as clients read it.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    client::{Client, JSON, create, items, name, patch, start},
    workloads::PODS,
};

const SERVICES: &str = "/api/v1/namespaces/web/services";
const ENDPOINTS: &str = "/api/v1/namespaces/web/endpoints/app";
const SLICES: &str = "/apis/discovery.k8s.io/v1/namespaces/web/endpointslices\
    ?labelSelector=kubernetes.io%2Fservice-name%3Dapp";

fn service(spec: &Value) -> Value {
    json!({ "metadata": { "name": "app", "labels": { "team": "a" } }, "spec": spec })
}

/// A pod of the service, whose program answers on a port with a name.
fn pod(name: &str, more: Value) -> Value {
    let mut pod = json!({ "metadata": { "name": name, "labels": { "app": "app" } }, "spec": {
        "containers": [{ "name": "main", "image": "nginx:1.29",
            "ports": [{ "name": "web", "containerPort": 8080 }] }] } });
    if let (Value::Object(spec), Value::Object(more)) = (&mut pod["spec"], more) {
        spec.extend(more);
    }
    pod
}

async fn slices(client: &Client) -> Vec<Value> {
    items(&client.get(SLICES).await).to_vec()
}

/// The endpoint of the pod `name`.
fn of<'a>(slice: &'a Value, name: &str) -> &'a Value {
    let mut ends = slice["endpoints"].as_array().into_iter().flatten();
    ends.find(|end| end["targetRef"]["name"] == name)
        .unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_service_tells_of_the_ready_pods_it_selects_by_the_port_that_they_name() {
    let (simulator, client) = start();
    let spec = json!({ "selector": { "app": "app" },
        "ports": [{ "name": "http", "port": 80, "targetPort": "web", "appProtocol": "http" }] });
    create(&client, SERVICES, &service(&spec)).await;
    simulator.advance(Duration::from_secs(1));
    let placeholder = slices(&client).await;
    assert_eq!(placeholder.len(), 1);
    assert_eq!(placeholder[0]["endpoints"], Value::Null);
    assert!(client.get(ENDPOINTS).await.get("subsets").is_none());
    create(&client, PODS, &pod("one", json!({}))).await;
    create(&client, PODS, &pod("two", json!({}))).await;
    simulator.advance(Duration::from_mins(1));
    let told = slices(&client).await;
    assert_eq!(told.len(), 1, "the placeholder became the slice");
    assert_eq!(name(&told[0]), name(&placeholder[0]));
    assert_eq!(
        told[0]["metadata"]["labels"],
        json!({ "team": "a", "kubernetes.io/service-name": "app",
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" })
    );
    assert_eq!(
        told[0]["ports"],
        json!([{ "name": "http", "port": 8080, "protocol": "TCP", "appProtocol": "http" }])
    );
    let ends = told[0]["endpoints"].as_array().unwrap();
    assert_eq!(ends.len(), 2);
    let end = of(&told[0], "one");
    assert_eq!(end["zone"], "z1");
    assert_eq!(
        end["conditions"],
        json!({ "ready": true, "serving": true, "terminating": false })
    );
    let endpoints = client.get(ENDPOINTS).await;
    let subset = &endpoints["subsets"][0];
    assert_eq!(subset["addresses"].as_array().unwrap().len(), 2);
    assert_eq!(subset["ports"][0]["port"], 8080);
    assert_eq!(
        endpoints["metadata"]["labels"],
        json!({ "team": "a", "endpoints.kubernetes.io/managed-by": "endpoint-controller" })
    );
}

#[tokio::test]
async fn a_pod_that_stops_is_told_as_terminating_and_then_not_at_all() {
    let (simulator, client) = start();
    let spec = json!({ "selector": { "app": "app" }, "ports": [{ "port": 80 }] });
    create(&client, SERVICES, &service(&spec)).await;
    create(&client, PODS, &pod("one", json!({}))).await;
    create(&client, PODS, &pod("two", json!({}))).await;
    simulator.advance(Duration::from_mins(1));
    let path = format!("{PODS}/one");
    let (status, _) = client.write(Method::DELETE, &path, JSON, &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    simulator.advance(Duration::ZERO);
    assert_eq!(
        of(&slices(&client).await[0], "one")["conditions"],
        json!({ "ready": false, "serving": true, "terminating": true })
    );
    let subsets = client.get(ENDPOINTS).await["subsets"].clone();
    assert_eq!(subsets[0]["addresses"].as_array().unwrap().len(), 1);
    simulator.advance(Duration::from_mins(1));
    let ends = slices(&client).await[0]["endpoints"].clone();
    assert_eq!(ends.as_array().unwrap().len(), 1);
    assert_eq!(ends[0]["targetRef"]["name"], "two");
}

#[tokio::test]
async fn a_headless_service_tells_the_hostnames_of_its_pods_before_they_are_ready() {
    let (simulator, client) = start();
    let spec = json!({ "clusterIP": "None", "selector": { "app": "app" },
        "publishNotReadyAddresses": true });
    create(&client, SERVICES, &service(&spec)).await;
    let more = json!({ "hostname": "worker-0", "subdomain": "app" });
    let mut slow = pod("one", more);
    slow["spec"]["containers"][0]["readinessProbe"] =
        json!({ "exec": { "command": ["false"] }, "periodSeconds": 5 });
    create(&client, PODS, &slow).await;
    create(
        &client,
        PODS,
        &pod("two", json!({ "hostname": "worker-1" })),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    let told = slices(&client).await;
    assert_eq!(told[0]["ports"], Value::Null);
    assert_eq!(
        told[0]["metadata"]["labels"]["service.kubernetes.io/headless"],
        ""
    );
    let slow = of(&told[0], "one");
    assert_eq!(slow["hostname"], "worker-0");
    assert_eq!(
        slow["conditions"],
        json!({ "ready": true, "serving": false, "terminating": false })
    );
    let other = of(&told[0], "two");
    assert_eq!(other["conditions"]["ready"], true);
    assert!(other.get("hostname").is_none(), "it is of no service");
    let subset = client.get(ENDPOINTS).await["subsets"][0].clone();
    assert_eq!(subset["addresses"].as_array().unwrap().len(), 2);
    assert!(subset.get("ports").is_none());
}

#[tokio::test]
async fn another_selector_tells_of_other_pods_and_without_the_service_nothing_is_told() {
    let (simulator, client) = start();
    let spec = json!({ "selector": { "app": "other" }, "ports": [{ "port": 80 }] });
    create(&client, SERVICES, &service(&spec)).await;
    create(&client, PODS, &pod("one", json!({}))).await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(slices(&client).await[0]["endpoints"], Value::Null);
    let path = format!("{SERVICES}/app");
    patch(
        &client,
        &path,
        json!({ "spec": { "selector": { "app": "app" } } }),
    )
    .await;
    simulator.advance(Duration::ZERO);
    let ends = slices(&client).await[0]["endpoints"].clone();
    assert_eq!(ends[0]["targetRef"]["name"], "one");
    let path = format!("{PODS}/one");
    patch(
        &client,
        &path,
        json!({ "metadata": { "labels": { "app": "gone" } } }),
    )
    .await;
    simulator.advance(Duration::ZERO);
    assert_eq!(slices(&client).await[0]["endpoints"], Value::Null);
    let path = format!("{SERVICES}/app");
    client.write(Method::DELETE, &path, JSON, &json!({})).await;
    simulator.advance(Duration::from_secs(1));
    assert!(slices(&client).await.is_empty());
    let (status, _) = client.get_as(ENDPOINTS, "application/json").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
