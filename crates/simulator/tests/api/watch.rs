use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::json;
use strata_simulator::LineCut;

use crate::client::{Client, items, name, small};

fn version(list: &serde_json::Value) -> &str {
    list["metadata"]["resourceVersion"].as_str().unwrap()
}

#[tokio::test]
async fn a_watch_from_a_lists_version_misses_nothing() {
    let simulator = small();
    let client = Client::of(&simulator);
    let list = client.get("/api/v1/pods").await;
    let victim = name(&items(&list)[0]).to_owned();
    // Deleted before the watch begins.
    client
        .write(
            Method::DELETE,
            &format!("/api/v1/namespaces/ml/pods/{victim}"),
            "application/json",
            &json!({}),
        )
        .await;
    simulator.advance(Duration::from_mins(1));
    let mut watch = client.watch(&format!(
        "/api/v1/pods?watch=true&resourceVersion={}",
        version(&list)
    ));
    let events = watch.ready().await;
    let of_victim: Vec<&str> = events
        .iter()
        .filter(|event| name(&event["object"]) == victim)
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    // Asked to go, its containers ended, given no more time by its kubelet, gone.
    assert_eq!(of_victim, ["MODIFIED", "MODIFIED", "MODIFIED", "DELETED"]);
    assert!(
        events.iter().any(|event| event["type"] == "ADDED"),
        "its replacement comes"
    );
    let after = client.get("/api/v1/pods").await;
    assert_eq!(items(&after).len(), items(&list).len());
}

#[tokio::test]
async fn initial_events_end_with_a_bookmark_that_says_so() {
    let client = Client::of(&small());
    let mut watch = client.watch(
        "/api/v1/pods?watch=true&sendInitialEvents=true&allowWatchBookmarks=true\
         &resourceVersionMatch=NotOlderThan",
    );
    let events = watch.ready().await;
    let (last, added) = events.split_last().unwrap();
    assert_eq!(added.len(), 9);
    assert!(added.iter().all(|event| event["type"] == "ADDED"));
    assert_eq!(last["type"], "BOOKMARK");
    assert_eq!(
        last["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"],
        "true"
    );
    assert_eq!(last["object"]["kind"], "Pod");
}

#[tokio::test(start_paused = true)]
async fn a_watch_gets_bookmarks_and_ends_at_its_timeout() {
    let client = Client::of(&small());
    let list = client.get("/api/v1/nodes").await;
    let mut watch = client.watch(&format!(
        "/api/v1/nodes?watch=true&allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion={}",
        version(&list)
    ));
    let mut bookmarks = 0;
    while let Some(event) = watch.next().await {
        assert_eq!(event.unwrap()["type"], "BOOKMARK");
        bookmarks += 1;
    }
    assert_eq!(bookmarks, 2, "one after a minute, one before the end");
}

#[tokio::test]
async fn a_watch_from_a_forgotten_version_is_told_that_it_is_gone() {
    let simulator = small();
    let client = Client::of(&simulator);
    let list = client.get("/apis/coordination.k8s.io/v1/leases").await;
    // Two leases are renewed every ten seconds: more changes than the history keeps.
    simulator.advance(Duration::from_secs(50_000));
    let mut watch = client.watch(&format!(
        "/apis/coordination.k8s.io/v1/leases?watch=true&resourceVersion={}",
        version(&list)
    ));
    let event = watch.next().await.unwrap().unwrap();
    assert_eq!(event["type"], "ERROR");
    assert_eq!(event["object"]["code"], 410);
    assert_eq!(event["object"]["reason"], "Expired");
    assert!(watch.next().await.is_none());
}

#[tokio::test]
async fn to_a_watch_that_selects_what_is_selected_no_longer_is_gone() {
    let simulator = small();
    let client = Client::of(&simulator);
    let list = client.get("/api/v1/namespaces").await;
    let mut watch = client.watch(&format!(
        "/api/v1/namespaces?watch=true&labelSelector=team%3Da&resourceVersion={}",
        version(&list)
    ));
    let patch = |team: &str| json!({ "metadata": { "labels": { "team": team } } });
    for team in ["a", "b"] {
        let content_type = "application/merge-patch+json";
        client
            .write(
                Method::PATCH,
                "/api/v1/namespaces/web",
                content_type,
                &patch(team),
            )
            .await;
    }
    let events = watch.ready().await;
    let words: Vec<&str> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["ADDED", "DELETED"]);
}

#[tokio::test]
async fn a_stopped_server_breaks_streams_and_refuses_connections() {
    let simulator = small();
    let client = Client::of(&simulator);
    let mut watch = client.watch("/api/v1/nodes?watch=true");
    assert_eq!(watch.ready().await.len(), 2);
    simulator.stop_answering();
    let broken = watch.next().await.unwrap().unwrap_err();
    assert_eq!(broken.downcast_ref::<LineCut>(), Some(&LineCut::Reset));
    let request = || Request::get("/version").body(Bytes::new()).unwrap();
    assert_eq!(
        client.server().answer(&request()).err(),
        Some(LineCut::Refused)
    );
    simulator.resume();
    assert!(client.server().answer(&request()).is_ok());
}
