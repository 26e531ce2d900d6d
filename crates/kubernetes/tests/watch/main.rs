//! The source against a scripted API server: what is listed, resumed, doubted and told.
//!
//! Time is paused: it moves on only when everybody waits, so nothing here depends on how fast the
//! machine is.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "in a test a panic is the message"
)]

mod definitions;
mod liveness;
mod namespaces;
mod protobuf;
mod server;
mod view;

use std::time::Duration;

use server::{Kind, Server, Streaming};
use strata_domain::ids::GroupKind;
use strata_ports::cluster::{PlannedKind, WatchPlan, WatchState};
use view::{View, group_kind};

fn two_kinds() -> Server {
    let server = Server::serving(&[Kind::NODES, Kind::PODS]);
    server.put(&Kind::NODES, "gpu-a");
    for name in ["a", "b", "c", "d", "e"] {
        server.put(&Kind::PODS, name);
    }
    server
}

#[tokio::test(start_paused = true)]
async fn a_list_in_pages_is_swapped_in_whole_and_counted_while_it_loads() {
    let server = two_kinds();
    server.state().page = 2;
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    assert_eq!(view.replaced(&Kind::PODS), 1);
    assert_eq!(view.applied(&Kind::PODS), 0);
    assert_eq!(
        server.requests_for(&Kind::PODS)[1..],
        [
            "/api/v1/pods?limit=500",
            "/api/v1/pods?limit=500&continue=2",
            "/api/v1/pods?limit=500&continue=4",
            "/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=106",
        ]
    );
    let first = &view.states[&group_kind(&Kind::PODS)][0];
    assert_eq!(
        *first,
        WatchState::Loading {
            so_far: 0,
            expected: None
        }
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_streaming_list_falls_back_to_pages_and_later_kinds_do_not_ask() {
    let server = Server::serving(&[Kind::NODES, Kind::PODS, Kind::DEFINITIONS]);
    server.put(&Kind::PODS, "a");
    let mut view = View::of(&server, WatchPlan::default());
    for kind in [Kind::NODES, Kind::PODS, Kind::DEFINITIONS] {
        view.until_same(&server, &kind).await;
    }
    server.expire(&Kind::PODS);
    server.put(&Kind::PODS, "b");
    view.until_same(&server, &Kind::PODS).await;
    let streaming = |kind: &Kind| {
        let requests = server.requests_for(kind);
        requests
            .iter()
            .filter(|request| request.contains("sendInitialEvents"))
            .count()
    };
    assert_eq!(streaming(&Kind::PODS), 1);
    assert_eq!(streaming(&Kind::NODES), 1);
    assert_eq!(streaming(&Kind::DEFINITIONS), 0);
}

#[tokio::test(start_paused = true)]
async fn a_streaming_list_ends_with_its_bookmark_and_goes_on_as_the_watch() {
    let server = two_kinds();
    server.state().streaming = Streaming::Known;
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    assert_eq!(
        (view.replaced(&Kind::PODS), view.applied(&Kind::PODS)),
        (1, 0)
    );
    server.put(&Kind::PODS, "f");
    view.until_same(&server, &Kind::PODS).await;
    assert_eq!(server.requests_for(&Kind::PODS).len(), 1);
    assert_eq!(
        (view.replaced(&Kind::PODS), view.applied(&Kind::PODS)),
        (1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_streaming_list_that_is_ignored_or_cut_is_listed_in_pages() {
    for streaming in [Streaming::Ignored, Streaming::Cut] {
        let server = two_kinds();
        server.state().streaming = streaming;
        let mut view = View::of(&server, WatchPlan::default());
        view.until_same(&server, &Kind::PODS).await;
        assert_eq!(view.replaced(&Kind::PODS), 1, "{streaming:?}");
        assert_eq!(server.lists_of(&Kind::PODS), 1, "{streaming:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ends_or_breaks_off_goes_on_without_a_list() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;

    server.put(&Kind::PODS, "f");
    view.until_same(&server, &Kind::PODS).await;
    server.end_watches();
    server.put(&Kind::PODS, "g");
    view.until_same(&server, &Kind::PODS).await;
    server.break_watches();
    server.delete(&Kind::PODS, "a");
    server.put(&Kind::PODS, "h");
    view.until_same(&server, &Kind::PODS).await;

    assert_eq!(server.lists_of(&Kind::PODS), 1);
    assert_eq!(
        (view.replaced(&Kind::PODS), view.applied(&Kind::PODS)),
        (1, 3)
    );
    let states = &view.states[&group_kind(&Kind::PODS)];
    assert!(
        !states
            .iter()
            .any(|state| matches!(state, WatchState::Stale { .. })),
        "{states:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bookmark_moves_the_version_that_a_watch_goes_on_from() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    server.bookmark(&Kind::PODS);
    let pods = group_kind(&Kind::PODS);
    view.until("word of the bookmark", |view| {
        view.heard.contains_key(&pods)
    })
    .await;
    server.end_watches();
    server.put(&Kind::PODS, "f");
    view.until_same(&server, &Kind::PODS).await;
    assert_eq!(
        server.requests_for(&Kind::PODS).last().unwrap(),
        "/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=107"
    );
}

#[tokio::test(start_paused = true)]
async fn a_version_that_expires_is_listed_anew_once() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    server.expire(&Kind::PODS);
    server.delete(&Kind::PODS, "b");
    server.put(&Kind::PODS, "f");
    view.until_same(&server, &Kind::PODS).await;
    assert_eq!(view.replaced(&Kind::PODS), 2);
    assert_eq!(server.lists_of(&Kind::PODS), 2);
    assert_eq!(view.replaced(&Kind::NODES), 1);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_may_not_be_read_names_the_permission_and_hurts_nothing_else() {
    let server = two_kinds();
    server.state().forbidden.insert(Kind::NODES.path());
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    let forbidden = WatchState::Forbidden {
        permission: "list nodes".to_owned(),
    };
    view.until("the permission", |view| {
        view.watch(&Kind::NODES) == Some(&forbidden)
    })
    .await;

    server.state().forbidden.clear();
    view.until_same(&server, &Kind::NODES).await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_hangs_holds_up_no_other() {
    let plan = WatchPlan {
        kinds: vec![PlannedKind {
            kind: group_kind(&Kind::QUEUES),
            fields: Vec::new(),
        }],
        ..WatchPlan::default()
    };
    let hanging: Vec<Kind> = ["deployments", "statefulsets", "daemonsets", "replicasets"]
        .into_iter()
        .zip(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])
        .map(|(resource, kind)| Kind {
            group: "apps",
            version: "v1",
            kind,
            resource,
        })
        .collect();
    let server = Server::serving(&[Kind::NODES, Kind::PODS, Kind::QUEUES]);
    for kind in [&Kind::NODES, &Kind::PODS].into_iter().chain(&hanging) {
        server.state().hanging.insert(kind.path());
    }
    for kind in &hanging {
        server.serve(kind.clone());
    }
    server.put(&Kind::QUEUES, "inference");
    let mut view = View::of(&server, plan);
    view.until_same(&server, &Kind::QUEUES).await;
    assert!(matches!(
        view.watch(&Kind::PODS),
        Some(WatchState::Loading { so_far: 0, .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn kinds_that_are_not_served_are_said_to_be_so() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    let slices = GroupKind::new("resource.k8s.io", "ResourceSlice");
    view.until("word of the slices", |view| {
        view.watches.contains_key(&slices)
    })
    .await;
    assert_eq!(view.watches[&slices], WatchState::NotServed);
    assert_eq!(
        view.served,
        [group_kind(&Kind::NODES), group_kind(&Kind::PODS)]
    );
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_closes_every_watch() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    for kind in [Kind::PODS, Kind::NODES] {
        view.until_same(&server, &kind).await;
    }
    view.until("both watches", |_| server.open_watches() == 2)
        .await;
    drop(view);
    while server.open_watches() > 0 {
        tokio::task::yield_now().await;
    }
    let asked = server.state().requests.len();
    tokio::time::sleep(Duration::from_mins(2)).await;
    assert_eq!(server.state().requests.len(), asked, "somebody still asks");
}
