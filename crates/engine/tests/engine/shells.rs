//! The engine as shells use it: calls in, frames out.

use jiff::SignedDuration;
use serde_json::json;
use strata_api::{
    error::ErrorCode,
    frames::EndReason,
    rows::{Row, Severity, watch::WatchState},
    topics::{Direction, PodColumn, PodSort, Topic, TracePath, Window},
};
use strata_domain::{ids::ObjectKey, object::Object, subject::Subject};
use strata_test_support::{
    frames::View,
    objects::{job, namespace, node, node_kind, pod, pod_kind},
};
use tokio::time::{Duration, advance};

use crate::world::{World, all_pods};

fn pod_names(view: &View) -> Vec<String> {
    let name = |row: &Row| match row {
        Row::Pod(row) => row.name.clone(),
        other => panic!("no pod: {other:?}"),
    };
    view.window().map(name).collect()
}

#[tokio::test(start_paused = true)]
async fn a_subscription_to_an_unconnected_cluster_is_empty_and_fills_later() {
    let world = World::start();
    let pods = world.subscribe(all_pods("west")).await;
    let view = pods.wait_for(|view| view.snapshots == 1).await;
    assert_eq!((view.total, view.order.len()), (0, 0));
    world.connect("west").await.unwrap();
    world
        .clusters
        .list("west", &pod_kind(), vec![pod("prod", "api").object()]);
    let view = pods.wait_for(|view| view.total == 1).await;
    assert_eq!(pod_names(&view), ["api"]);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_no_kubeconfig_has_cannot_be_subscribed_to_or_connected() {
    let world = World::start();
    let sink = |_| Ok(());
    let refused = world
        .engine
        .subscribe(all_pods("north"), Box::new(sink))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    assert_eq!(
        world.connect("north").await.unwrap_err().code,
        ErrorCode::NotFound
    );
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_window_larger_than_allowed_is_refused() {
    let world = World::start();
    let topic = Topic::Pods {
        cluster: "west".to_owned(),
        of: None,
        namespaces: Vec::new(),
        filter: String::new(),
        sort: PodSort {
            by: PodColumn::Age,
            descending: true,
        },
        window: Window {
            first: 0,
            count: Window::MOST + 1,
        },
    };
    let refused = world
        .engine
        .subscribe(topic, Box::new(|_| Ok(())))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn silence_is_filled_with_heartbeats() {
    let world = World::start();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    let view = clusters.wait_for(|view| view.heartbeats == 3).await;
    assert_eq!((view.snapshots, view.deltas, view.heartbeats), (1, 0, 3));
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn changes_gather_while_two_frames_are_unanswered() {
    let world = World::start();
    world.connect("west").await.unwrap();
    world.clusters.list("west", &pod_kind(), Vec::new());
    let watching = world.subscribe(all_pods("west")).await;
    let (slow, id, mut arrived) = world.subscribe_silently(all_pods("west")).await;
    assert_eq!(arrived.recv().await, Some(0));
    for number in 0..5 {
        world
            .clusters
            .apply("west", vec![pod("prod", &format!("api-{number}")).object()]);
        watching.wait_for(|view| view.total == number + 1).await;
    }
    let before = slow.view();
    assert_eq!(before.next, 2, "two frames and no more");
    world.engine.acknowledge(id, 1);
    let after = slow.wait_for(|view| view.total == 5).await;
    assert_eq!(after.next, 3, "one frame tells all that gathered");
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_that_never_answers_is_given_up() {
    let world = World::start();
    let (clusters, _, _arrived) = world.subscribe_silently(Topic::Clusters {}).await;
    let kept = clusters.wait_for(|view| view.next == 2).await;
    assert_eq!(kept.end, None);
    let view = clusters.wait_for(|view| view.end.is_some()).await;
    assert_eq!((view.end, view.next), (Some(EndReason::Abandoned), 3));
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn watches_and_namespaces_are_told() {
    let world = World::start();
    let watches = world
        .subscribe(Topic::Watches {
            cluster: "west".to_owned(),
        })
        .await;
    let namespaces = world
        .subscribe(Topic::Namespaces {
            cluster: "west".to_owned(),
        })
        .await;
    world.connect("west").await.unwrap();
    let listed = namespace("empty").object();
    world
        .clusters
        .list("west", &listed.group_kind(), vec![listed]);
    let pods: Vec<Object> = vec![
        pod("prod", "api").object(),
        pod("prod", "crashing").crashing(1, 7).object(),
    ];
    world.clusters.list("west", &pod_kind(), pods);
    let view = watches.wait_for(|view| view.total == 2).await;
    let Some(Row::Watch(row)) = view.rows.get("Pod") else {
        panic!("pods are watched")
    };
    assert_eq!((row.objects, &row.state), (2, &WatchState::Live));
    let view = namespaces.wait_for(|view| view.total == 2).await;
    assert_eq!(view.order, ["empty", "prod"]);
    let Some(Row::Namespace(row)) = view.rows.get("prod") else {
        panic!("prod has a row")
    };
    assert_eq!((row.pods, row.severity), (2, Severity::Critical));
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn the_stack_has_five_layers_and_a_trend_that_grows() {
    let world = World::start();
    world.connect("west").await.unwrap();
    world.clusters.go_live("west");
    world
        .clusters
        .list("west", &node_kind(), vec![node("n1").gpus(8).object()]);
    let topic = Topic::Stack {
        cluster: "west".to_owned(),
        namespaces: Vec::new(),
    };
    let stack = world.subscribe(topic).await;
    let layers = |view: &View| -> Vec<usize> {
        let trend = |row: &Row| match row {
            Row::Layer(row) => Some(row.trend.len()),
            _ => None,
        };
        view.window().filter_map(trend).collect()
    };
    let view = stack
        .wait_for(|view| layers(view).iter().all(|trend| *trend >= 2))
        .await;
    assert_eq!(layers(&view).len(), 5);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn shutting_down_says_so_and_closes_every_stream() {
    let world = World::start();
    world.connect("west").await.unwrap();
    let clusters = world.subscribe(Topic::Clusters {}).await;
    clusters.wait_for(|view| view.snapshots == 1).await;
    world.engine.shutdown().await;
    assert_eq!(clusters.view().end, Some(EndReason::Shutdown));
    assert_eq!(world.clusters.streams("west").1, 0);
    let refused = world.engine.call("about", json!({})).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    let sink = |_| Ok(());
    let refused = world
        .engine
        .subscribe(Topic::Clusters {}, Box::new(sink))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn an_unsubscribed_sink_hears_no_more() {
    let world = World::start();
    let (clusters, id, mut arrived) = world.subscribe_silently(Topic::Clusters {}).await;
    assert_eq!(arrived.recv().await, Some(0));
    world.engine.unsubscribe(id);
    // The sink is dropped with its subscription, and its end of the channel with it.
    assert_eq!(arrived.recv().await, None);
    assert_eq!(clusters.view().next, 1);
    advance(Duration::from_mins(2)).await;
    assert_eq!(clusters.view().end, None);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_pod_that_waits_long_enough_becomes_a_fault_by_time_alone() {
    let world = World::start();
    world.connect("west").await.unwrap();
    let waiting = pod("prod", "train")
        .unschedulable("0/4 nodes are available: insufficient nvidia.com/gpu.")
        .created("2026-03-01T11:59:59Z");
    world
        .clusters
        .list("west", &pod_kind(), vec![waiting.object()]);
    let pods = world.subscribe(all_pods("west")).await;
    let severity = |view: &View| match view.window().next() {
        Some(Row::Pod(row)) => Some(row.severity),
        _ => None,
    };
    pods.wait_for(|view| severity(view) == Some(Severity::Ok))
        .await;
    world.clock.advance(SignedDuration::from_mins(5));
    pods.wait_for(|view| severity(view) == Some(Severity::Warning))
        .await;
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn pods_on_the_path_of_an_owner_are_told_and_no_others() {
    let world = World::start();
    world.connect("west").await.unwrap();
    let owner = job("prod", "train").object();
    world
        .clusters
        .list("west", &owner.group_kind(), vec![owner.clone()]);
    let objects = vec![
        pod("prod", "train-0").owned_by(&owner).object(),
        pod("prod", "api").object(),
    ];
    world.clusters.list("west", &pod_kind(), objects);
    let Topic::Pods {
        cluster,
        namespaces,
        filter,
        sort,
        window,
        ..
    } = all_pods("west")
    else {
        panic!("pods are asked for")
    };
    let subject = Subject::Application {
        kind: "Job".into(),
        key: ObjectKey::new("prod", "train"),
    };
    let of = Some(TracePath {
        subject,
        direction: Direction::DependsOn,
    });
    let topic = Topic::Pods {
        cluster,
        of,
        namespaces,
        filter,
        sort,
        window,
    };
    let pods = world.subscribe(topic).await;
    let view = pods.wait_for(|view| view.total == 1).await;
    assert_eq!(
        (pod_names(&view), view.unfiltered),
        (vec!["train-0".to_owned()], 1)
    );
    let second = pod("prod", "train-1").owned_by(&owner).object();
    world
        .clusters
        .apply("west", vec![second, pod("prod", "web").object()]);
    let view = pods.wait_for(|view| view.total == 2).await;
    assert_eq!(pod_names(&view), ["train-0", "train-1"]);
    world.engine.shutdown().await;
}
