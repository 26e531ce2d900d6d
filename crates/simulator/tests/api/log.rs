//! What containers print, as a client reads it.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use strata_simulator::Simulator;

use crate::client::{Client, small};

async fn pod_of(client: &Client, namespace: &str) -> String {
    let list = client
        .get(&format!("/api/v1/namespaces/{namespace}/pods"))
        .await;
    let name = &list["items"][0]["metadata"]["name"];
    name.as_str().unwrap().to_owned()
}

async fn log(client: &Client, namespace: &str, query: &str) -> (StatusCode, Value) {
    let pod = pod_of(client, namespace).await;
    let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log{query}");
    client.get_as(&path, "*/*").await
}

async fn text(client: &Client, namespace: &str, query: &str) -> String {
    let (status, text) = log(client, namespace, query).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    text.as_str().unwrap().to_owned()
}

fn running() -> Simulator {
    let simulator = small();
    simulator.advance(Duration::from_mins(5));
    simulator
}

#[tokio::test]
async fn the_tail_of_a_serving_engine_tells_its_throughput() {
    let client = Client::of(&running());
    let tail = text(&client, "ml", "?tailLines=20").await;
    assert_eq!(tail.lines().count(), 20);
    assert!(tail.contains("Avg prompt throughput"), "{tail}");
    assert_eq!(tail, text(&client, "ml", "?tailLines=20").await);
    assert_eq!(text(&client, "ml", "?tailLines=0").await, "");
}

#[tokio::test]
async fn timestamps_and_a_limit_are_respected() {
    let client = Client::of(&running());
    let tail = text(&client, "web", "?tailLines=3&timestamps=true").await;
    for line in tail.lines() {
        let time = line.split(' ').next().unwrap();
        assert!(
            time.starts_with("2026-11-23T12:0") && time.len() == 30,
            "{line}"
        );
    }
    let limited = text(&client, "web", "?limitBytes=10").await;
    assert_eq!(limited.len(), 10);
    let recent = text(&client, "web", "?sinceSeconds=30&timestamps=true").await;
    assert!(!recent.is_empty());
    assert!(
        recent.lines().all(|line| line > "2026-11-23T12:04:30"),
        "{recent}"
    );
}

#[tokio::test]
async fn a_followed_log_goes_on_as_the_clusters_time_passes() {
    let simulator = running();
    let client = Client::of(&simulator);
    let pod = pod_of(&client, "ml").await;
    let path = format!("/api/v1/namespaces/ml/pods/{pod}/log?follow=true&tailLines=1");
    let request = Request::get(path).body(Bytes::new()).unwrap();
    let mut body = client.server().answer(&request).unwrap().into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(String::from_utf8_lossy(&first).lines().count(), 1);
    let advancing = simulator.clone();
    let (next, ()) = tokio::join!(body.frame(), async move {
        tokio::task::yield_now().await;
        advancing.advance(Duration::from_mins(1));
    });
    let next = next.unwrap().unwrap().into_data().unwrap();
    assert!(String::from_utf8_lossy(&next).contains("Avg prompt throughput"));
    // The log ends with its pod.
    let request = Request::delete(format!(
        "/api/v1/namespaces/ml/pods/{pod}?gracePeriodSeconds=0"
    ));
    let (status, _) = client.send(request.body(Bytes::new()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    simulator.advance(Duration::from_mins(1));
    while let Some(frame) = body.frame().await {
        assert!(frame.is_ok());
    }
}

#[tokio::test]
async fn what_a_kubelet_cannot_show_it_says() {
    let client = Client::of(&running());
    let (status, refused) = log(&client, "web", "?previous=true").await;
    let pod = pod_of(&client, "web").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused["message"],
        format!("previous terminated container \"nginx\" in pod \"{pod}\" not found")
    );
    let (status, refused) = log(&client, "web", "?container=nope").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused["message"],
        format!("container nope is not valid for pod {pod}")
    );
    let (status, _) = log(&client, "web", "?tailLines=-1").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = client
        .get_as("/api/v1/namespaces/web/pods/nope/log", "*/*")
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_pod_with_several_containers_asks_for_one() {
    let client = Client::of(&running());
    let pod = json!({ "metadata": { "name": "two" }, "spec": { "containers": [
        { "name": "a", "image": "nginx:1.29" }, { "name": "b", "image": "redis:8" } ] } });
    let (status, body) = client
        .write(
            http::Method::POST,
            "/api/v1/namespaces/web/pods",
            "application/json",
            &pod,
        )
        .await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let (status, refused) = client
        .get_as("/api/v1/namespaces/web/pods/two/log", "*/*")
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused["message"],
        "a container name must be specified for pod two, choose one of: [a b]"
    );
}
