//! Clusters come and go: connected, lost, connected again.

use serde_json::json;
use strata_api::{
    frames::EndReason,
    rows::{Row, cluster::Connection},
    topics::Topic,
};
use strata_ports::{
    cluster::ClusterEvent,
    connection::{ConnectionState, Step},
};
use strata_test_support::{
    frames::View,
    objects::{node, node_kind, pod, pod_kind},
};

use crate::world::{World, all_pods, until};

fn connection(view: &View, cluster: &str) -> Connection {
    match view.rows.get(cluster) {
        Some(Row::Cluster(row)) => row.connection.clone(),
        other => panic!("{cluster} has no row: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn contexts_are_listed_before_anything_is_connected() {
    let world = World::start();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    let view = clusters.wait_for(|view| view.snapshots == 1).await;
    assert_eq!(view.order, ["west", "east"]);
    assert_eq!(connection(&view, "west"), Connection::Idle);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_cluster_comes_live_and_is_complete_when_its_lists_are() {
    let world = World::start();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    world.connect("west").await.unwrap();
    clusters
        .wait_for(|view| matches!(connection(view, "west"), Connection::Connecting { .. }))
        .await;
    world.clusters.go_live("west");
    world
        .clusters
        .list("west", &node_kind(), vec![node("n1").object()]);
    let view = clusters
        .wait_for(|view| {
            matches!(
                connection(view, "west"),
                Connection::Live { complete: true, .. }
            )
        })
        .await;
    let Some(Row::Cluster(row)) = view.rows.get("west") else {
        panic!("west has a row")
    };
    let counts = row.counts.unwrap();
    assert_eq!(
        (counts.objects, counts.watches, counts.watches_live),
        (1, 1, 1)
    );
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn two_open_clusters_differ_in_hue() {
    let world = World::start();
    world.connect("west").await.unwrap();
    world.connect("east").await.unwrap();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    let view = clusters.wait_for(|view| view.snapshots == 1).await;
    let hues: Vec<u8> = view
        .window()
        .filter_map(|row| match row {
            Row::Cluster(row) => Some(row.hue),
            _ => None,
        })
        .collect();
    assert_ne!(hues[0], hues[1]);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_context_that_is_removed_ends_what_was_asked_of_it() {
    let world = World::start();
    world.connect("west").await.unwrap();
    let pods = world.subscribe(all_pods("west")).await;
    let clusters = world.subscribe(Topic::Clusters {}).await;
    pods.wait_for(|view| view.snapshots == 1).await;
    world.contexts.remove("west");
    assert_eq!(
        pods.wait_for(|view| view.end.is_some()).await.end,
        Some(EndReason::Gone)
    );
    let view = clusters.wait_for(|view| view.total == 1).await;
    assert_eq!(view.order, ["east"]);
    until(|| world.clusters.streams("west").1 == 0).await;
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn disconnecting_closes_the_stream_and_empties_the_views() {
    let world = World::start();
    world.connect("west").await.unwrap();
    world
        .clusters
        .list("west", &pod_kind(), vec![pod("prod", "api").object()]);
    let pods = world.subscribe(all_pods("west")).await;
    pods.wait_for(|view| view.total == 1).await;
    world
        .engine
        .call("disconnect_cluster", json!({ "cluster": "west" }))
        .await
        .unwrap();
    let view = pods.wait_for(|view| view.total == 0).await;
    assert!(view.rows.is_empty());
    until(|| world.clusters.streams("west").1 == 0).await;
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn an_approved_plugin_lets_its_cluster_try_again() {
    let world = World::start();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    world.connect("west").await.unwrap();
    let needed = ConnectionState::NeedsApproval {
        command: "aws eks get-token".to_owned(),
        digest: "sha256:77".to_owned(),
    };
    world
        .clusters
        .say("west", vec![ClusterEvent::Connection(needed)]);
    clusters
        .wait_for(|view| matches!(connection(view, "west"), Connection::NeedsApproval { .. }))
        .await;
    assert_eq!(world.clusters.streams("west").0, 1);
    let request = json!({ "digest": "sha256:77" });
    world
        .engine
        .call("approve_credential_plugin", request)
        .await
        .unwrap();
    assert_eq!(world.contexts.approved(), ["sha256:77"]);
    until(|| world.clusters.streams("west") == (2, 1)).await;
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn connecting_again_retries_what_failed_and_leaves_alone_what_works() {
    let world = World::start();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    world.connect("west").await.unwrap();
    world.connect("west").await.unwrap();
    assert_eq!(world.clusters.streams("west").0, 1);
    let failed = ConnectionState::Failed {
        step: Step::Tls,
        message: "the certificate has expired".to_owned(),
        advice: "renew it".to_owned(),
        retry_at: None,
    };
    world
        .clusters
        .say("west", vec![ClusterEvent::Connection(failed)]);
    clusters
        .wait_for(|view| matches!(connection(view, "west"), Connection::Failed { .. }))
        .await;
    world.connect("west").await.unwrap();
    assert_eq!(world.clusters.streams("west").0, 2);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_goes_silent_keeps_what_it_said() {
    let world = World::start();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    let pods = world.subscribe(all_pods("west")).await;
    world.connect("west").await.unwrap();
    world.clusters.go_live("west");
    world
        .clusters
        .list("west", &pod_kind(), vec![pod("prod", "api").object()]);
    pods.wait_for(|view| view.total == 1).await;
    let stale = ConnectionState::Stale {
        since: strata_test_support::clock::time("2026-03-01T11:59:55Z"),
        reason: "connection refused".to_owned(),
        retry_at: None,
    };
    world
        .clusters
        .say("west", vec![ClusterEvent::Connection(stale)]);
    clusters
        .wait_for(|view| matches!(connection(view, "west"), Connection::Stale { .. }))
        .await;
    assert_eq!(pods.view().total, 1);
    world.engine.shutdown().await;
}
