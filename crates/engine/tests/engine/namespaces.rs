//! A user who may not list the whole cluster: where it is watched instead, and what is told of it.

use serde_json::json;
use strata_api::{
    error::ErrorCode,
    rows::{
        Row,
        watch::{NamespaceStanding, WatchState as Shown},
    },
    topics::Topic,
};
use strata_domain::text::Text;
use strata_ports::cluster::{ClusterEvent, NamespaceWatch, WatchState};
use strata_test_support::{
    frames::View,
    objects::{pod, pod_kind},
};

use crate::world::{World, until};

fn watched(world: &World) -> Vec<String> {
    let plan = world.clusters.plan("west");
    plan.namespaces.iter().map(Text::to_string).collect()
}

#[tokio::test(start_paused = true)]
async fn the_contexts_own_namespace_is_watched_and_those_that_are_named() {
    let world = World::start();
    world.connect("west").await.unwrap();
    assert_eq!(watched(&world), ["default"]);

    let request = json!({ "cluster": "west", "namespaces": ["team-b", "team-a", "default"] });
    let named = world.engine.call("name_namespaces", request).await.unwrap();
    assert_eq!(named["own"], "default");
    assert_eq!(named["namespaces"], json!(["team-a", "team-b"]));
    until(|| watched(&world) == ["default", "team-a", "team-b"]).await;
    until(|| world.clusters.streams("west") == (2, 1)).await;

    let one = json!({ "cluster": "west" });
    world
        .engine
        .call("disconnect_cluster", one.clone())
        .await
        .unwrap();
    world.connect("west").await.unwrap();
    assert_eq!(watched(&world), ["default", "team-a", "team-b"]);
    let read = world.engine.call("read_namespaces", one).await.unwrap();
    assert_eq!(read, named);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_context_that_moves_to_another_namespace_is_watched_there() {
    let world = World::start();
    world.connect("west").await.unwrap();
    world.contexts.move_into("west", "team-a");
    until(|| watched(&world) == ["team-a"]).await;
    world.contexts.fail("/home/ada/.kube/config", "line 3");
    let request = json!({ "cluster": "west", "namespaces": ["team-a"] });
    world.engine.call("name_namespaces", request).await.unwrap();
    world.connect("west").await.unwrap();
    assert_eq!(
        world.clusters.streams("west").0,
        2,
        "nothing else is to be watched"
    );
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_name_that_no_namespace_can_have_is_refused_and_not_kept() {
    let world = World::start();
    let request = json!({ "cluster": "west", "namespaces": ["team-a", "Team B"] });
    let error = world
        .engine
        .call("name_namespaces", request)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let one = json!({ "cluster": "west" });
    let read = world.engine.call("read_namespaces", one).await.unwrap();
    assert_eq!(read["namespaces"], json!([]));
    world.engine.shutdown().await;
}

fn state_of_pods(view: &View) -> Option<&Shown> {
    view.rows.values().find_map(|row| match row {
        Row::Watch(row) if row.kind == "Pod" => Some(&row.state),
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn what_is_seen_in_namespaces_alone_is_told_so() {
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
    world.clusters.go_live("west");
    let watch = |namespace: &str, state| NamespaceWatch {
        namespace: Text::from(namespace),
        state,
    };
    let refused = WatchState::Forbidden {
        permission: "list pods in vault".to_owned(),
    };
    let state = WatchState::Partial {
        permission: "list pods".to_owned(),
        namespaces: vec![watch("team-a", WatchState::Live), watch("vault", refused)],
    };
    world.clusters.say(
        "west",
        vec![
            ClusterEvent::Watch {
                kind: pod_kind(),
                state,
            },
            ClusterEvent::ReplacedIn {
                kind: pod_kind(),
                namespace: Text::from("team-a"),
                objects: vec![pod("team-a", "web").object()],
            },
        ],
    );
    let view = watches
        .wait_for(|view| matches!(state_of_pods(view), Some(Shown::Partial { .. })))
        .await;
    let Some(Shown::Partial {
        permission,
        namespaces: parts,
    }) = state_of_pods(&view)
    else {
        panic!("{:?}", state_of_pods(&view));
    };
    assert_eq!(permission, "list pods");
    let told: Vec<(&str, NamespaceStanding, &str)> = parts
        .iter()
        .map(|part| (part.namespace.as_str(), part.standing, part.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("team-a", NamespaceStanding::Live, ""),
            ("vault", NamespaceStanding::Forbidden, "list pods in vault"),
        ]
    );
    namespaces.wait_for(|view| view.order == ["team-a"]).await;
    world.engine.shutdown().await;
}
