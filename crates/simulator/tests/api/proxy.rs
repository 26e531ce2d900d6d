//! What stands behind pods, services and nodes, through the API server.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, small};

async fn started() -> (Client, String) {
    let simulator = small();
    simulator.advance(Duration::from_mins(5));
    let client = Client::of(&simulator);
    let list = client.get("/api/v1/namespaces/ml/pods").await;
    let pod = list["items"][0]["metadata"]["name"].as_str().unwrap();
    let base = format!("/api/v1/namespaces/ml/pods/{pod}");
    (client, base)
}

async fn create_service(client: &Client, name: &str, selector: Value) {
    let service = json!({ "metadata": { "name": name }, "spec": { "selector": selector,
        "ports": [{ "name": "http", "port": 80, "targetPort": 8000 }] } });
    let path = "/api/v1/namespaces/ml/services";
    let (status, body) = client
        .write(Method::POST, path, "application/json", &service)
        .await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
}

#[tokio::test]
async fn a_serving_engine_answers_behind_its_pods_port() {
    let (client, base) = started().await;
    let models = client.get(&format!("{base}:8000/proxy/v1/models")).await;
    assert_eq!(models["object"], "list");
    let question = json!({ "messages": [{ "role": "user", "content": "Why do GPUs idle?" }] });
    let path = format!("{base}:8000/proxy/v1/chat/completions");
    let ask = || client.write(Method::POST, &path, "application/json", &question);
    let (status, answer) = ask().await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert!(
        !answer["choices"][0]["message"]["content"]
            .as_str()
            .unwrap()
            .is_empty()
    );
    assert_eq!(ask().await.1, answer);
    let mut streamed = question.clone();
    streamed["stream"] = true.into();
    let (_, events) = client
        .write(Method::POST, &path, "application/json", &streamed)
        .await;
    assert!(events.as_str().unwrap().ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn a_port_where_nothing_listens_refuses_the_connection() {
    let (client, base) = started().await;
    let (status, refused) = client.get_as(&format!("{base}:9999/proxy/"), "*/*").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused["reason"], "ServiceUnavailable");
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.starts_with("error trying to reach service: dial tcp 10."),
        "{message}"
    );
    assert!(
        message.ends_with(":9999: connect: connection refused"),
        "{message}"
    );
}

#[tokio::test]
async fn a_service_leads_to_a_ready_pod_by_the_name_or_number_of_its_port() {
    let (client, _) = started().await;
    create_service(&client, "serve", json!({ "tier": "ml" })).await;
    let base = "/api/v1/namespaces/ml/services";
    for name in ["serve:http", "serve:80", "http:serve:80"] {
        let models = client.get(&format!("{base}/{name}/proxy/v1/models")).await;
        assert_eq!(models["object"], "list", "{name}");
    }
    let refused = async |path: String| {
        let (status, refused) = client.get_as(&path, "*/*").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{refused}");
        refused["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refused(format!("{base}/serve:81/proxy/")).await,
        "no service port 81 found for service \"serve\""
    );
    create_service(&client, "empty", json!({ "tier": "none" })).await;
    assert_eq!(
        refused(format!("{base}/empty:http/proxy/")).await,
        "no endpoints available for service \"empty\""
    );
}

#[tokio::test]
async fn a_node_proxy_leads_to_its_kubelet() {
    let (client, _) = started().await;
    let nodes = client.get("/api/v1/nodes").await;
    let node = nodes["items"][0]["metadata"]["name"].as_str().unwrap();
    let pods = client
        .get(&format!("/api/v1/nodes/{node}/proxy/pods"))
        .await;
    assert_eq!(pods["kind"], "PodList");
    for pod in pods["items"].as_array().unwrap() {
        assert_eq!(pod["spec"]["nodeName"], node);
    }
    let (status, _) = client
        .get_as(&format!("/api/v1/nodes/{node}:1/proxy/pods"), "*/*")
        .await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}
