//! What stands behind pods, services and nodes, through the API server.

use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use strata_simulator::{ResponseBody, Simulator};

use crate::client::{Client, small};

async fn started() -> (Client, String) {
    let (_, client, base) = serving().await;
    (client, base)
}

async fn serving() -> (Simulator, Client, String) {
    let simulator = small();
    simulator.advance(Duration::from_mins(5));
    let client = Client::of(&simulator);
    let list = client.get("/api/v1/namespaces/ml/pods").await;
    let pod = list["items"][0]["metadata"]["name"].as_str().unwrap();
    let base = format!("/api/v1/namespaces/ml/pods/{pod}");
    (simulator, client, base)
}

/// Waits for `asking` while the cluster's time passes.
pub(crate) async fn meanwhile<T>(simulator: &Simulator, asking: impl Future<Output = T>) -> T {
    tokio::pin!(asking);
    loop {
        if let Some(answer) = (&mut asking).now_or_never() {
            return answer;
        }
        simulator.advance(Duration::from_millis(50));
        tokio::task::yield_now().await;
    }
}

/// A chat that is streamed.
fn ask(simulator: &Simulator, base: &str, max_tokens: u32) -> ResponseBody {
    let question = json!({ "messages": [{ "role": "user", "content": "Why do GPUs idle?" }],
        "stream": true, "max_tokens": max_tokens, "stream_options": { "include_usage": true } });
    let request = Request::post(format!("{base}:8000/proxy/v1/chat/completions"))
        .header("content-type", "application/json")
        .body(Bytes::from(question.to_string()))
        .unwrap();
    simulator.service().answer(&request).unwrap().into_body()
}

/// What has come of an answer by now.
fn heard(answer: &mut ResponseBody) -> String {
    let mut text = String::new();
    while let Some(Some(frame)) = answer.frame().now_or_never() {
        let data = frame.unwrap().into_data().unwrap();
        text.push_str(std::str::from_utf8(&data).unwrap());
    }
    text
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
    let (simulator, client, base) = serving().await;
    let models = client.get(&format!("{base}:8000/proxy/v1/models")).await;
    assert_eq!(models["object"], "list");
    let question = json!({ "messages": [{ "role": "user", "content": "Why do GPUs idle?" }] });
    let path = format!("{base}:8000/proxy/v1/chat/completions");
    let ask = || {
        let asking = client.write(Method::POST, &path, "application/json", &question);
        meanwhile(&simulator, asking)
    };
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
    let asking = client.write(Method::POST, &path, "application/json", &streamed);
    let (_, events) = meanwhile(&simulator, asking).await;
    assert!(events.as_str().unwrap().ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn tokens_come_as_the_clusters_time_passes() {
    let (simulator, _, base) = serving().await;
    let mut answer = ask(&simulator, &base, 30);
    assert_eq!(heard(&mut answer), "");
    simulator.advance(Duration::from_secs(1));
    let early = heard(&mut answer);
    assert!(early.contains("\"content\":"), "{early}");
    assert!(!early.contains("[DONE]"), "{early}");
    simulator.advance(Duration::from_secs(10));
    let late = heard(&mut answer);
    assert!(late.contains("\"completion_tokens\":30"), "{late}");
    assert!(late.contains("\"finish_reason\":\"length\""), "{late}");
    assert!(late.ends_with("data: [DONE]\n\n"), "{late}");
}

#[tokio::test]
async fn an_engine_that_many_ask_is_slower_for_each() {
    let (simulator, _, base) = serving().await;
    let mut alone = ask(&simulator, &base, 200);
    simulator.advance(Duration::from_millis(1_200));
    let alone = heard(&mut alone).matches("chat.completion.chunk").count();
    let mut crowd: Vec<ResponseBody> = (0..60).map(|_| ask(&simulator, &base, 200)).collect();
    simulator.advance(Duration::from_millis(1_200));
    let beside: usize = crowd
        .iter_mut()
        .map(|answer| heard(answer).matches("chat.completion.chunk").count())
        .max()
        .unwrap();
    assert!(beside < alone, "{beside} beside others, {alone} alone");
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
