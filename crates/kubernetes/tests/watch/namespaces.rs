//! A user whom the server refuses the whole cluster: what is followed in namespaces, and until when.

use std::time::Duration;

use strata_domain::text::Text;
use strata_ports::cluster::{WatchPlan, WatchState};

use crate::{
    server::{Kind, Server},
    view::View,
};

/// Pods of two namespaces, and one that lies in neither; the whole cluster is refused.
fn restricted() -> Server {
    let server = Server::serving(&[Kind::NODES, Kind::PODS]);
    server.put(&Kind::PODS, "elsewhere");
    server.serve_untold(Kind::PODS_OF_A);
    server.serve_untold(Kind::PODS_OF_B);
    server.put(&Kind::PODS_OF_A, "one");
    server.put(&Kind::PODS_OF_B, "two");
    server.state().forbidden.insert(Kind::PODS.path());
    server
}

fn in_a_and_b() -> WatchPlan {
    WatchPlan {
        namespaces: vec![Text::from("a"), Text::from("b")],
        ..WatchPlan::default()
    }
}

fn is_live_in(view: &View, namespace: &str) -> bool {
    view.part(&Kind::PODS, namespace) == Some(&WatchState::Live)
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_refused_in_the_cluster_is_followed_in_namespaces() {
    let server = restricted();
    let mut view = View::of(&server, in_a_and_b());
    view.until("both namespaces", |view| {
        is_live_in(view, "a") && is_live_in(view, "b")
    })
    .await;
    assert_eq!(view.names(&Kind::PODS), ["one", "two"]);
    let Some(WatchState::Partial { permission, .. }) = view.watch(&Kind::PODS) else {
        panic!("{:?}", view.watch(&Kind::PODS));
    };
    assert_eq!(permission, "list pods");

    server.put(&Kind::PODS_OF_B, "three");
    view.until("a new pod of b", |view| {
        view.names(&Kind::PODS) == ["one", "three", "two"]
    })
    .await;
    server.delete(&Kind::PODS_OF_A, "one");
    view.until("the pod of a to go", |view| {
        view.names(&Kind::PODS) == ["three", "two"]
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_is_listed_anew_leaves_the_others_alone() {
    let server = restricted();
    let mut view = View::of(&server, in_a_and_b());
    view.until("both namespaces", |view| {
        is_live_in(view, "a") && is_live_in(view, "b")
    })
    .await;
    server.expire(&Kind::PODS_OF_A);
    server.put(&Kind::PODS_OF_A, "four");
    view.until("the second list of a", |view| {
        view.names(&Kind::PODS) == ["four", "one", "two"]
    })
    .await;
    assert_eq!(server.lists_of(&Kind::PODS_OF_A), 2);
    assert_eq!(server.lists_of(&Kind::PODS_OF_B), 1);
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_refuses_or_hangs_holds_up_no_other() {
    let server = restricted();
    server.state().forbidden.insert(Kind::PODS_OF_B.path());
    let mut view = View::of(&server, in_a_and_b());
    let refused = WatchState::Forbidden {
        permission: "list pods in b".to_owned(),
    };
    view.until("the pods of a, and word of b", |view| {
        is_live_in(view, "a") && view.part(&Kind::PODS, "b") == Some(&refused)
    })
    .await;
    assert_eq!(view.names(&Kind::PODS), ["one"]);

    let server = restricted();
    server.state().hanging.insert(Kind::PODS_OF_B.path());
    let mut view = View::of(&server, in_a_and_b());
    view.until("the pods of a", |view| is_live_in(view, "a"))
        .await;
    assert!(matches!(
        view.part(&Kind::PODS, "b"),
        Some(WatchState::Loading { so_far: 0, .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn where_every_namespace_refuses_the_kind_is_forbidden() {
    let server = restricted();
    for kind in [Kind::PODS_OF_A, Kind::PODS_OF_B] {
        server.state().forbidden.insert(kind.path());
    }
    let mut view = View::of(&server, in_a_and_b());
    let refused = WatchState::Forbidden {
        permission: "list pods".to_owned(),
    };
    view.until("the permission", |view| {
        view.watch(&Kind::PODS) == Some(&refused)
    })
    .await;

    // The permission in one of them comes later.
    server.state().forbidden.remove(&Kind::PODS_OF_A.path());
    view.until("the pods of a", |view| is_live_in(view, "a"))
        .await;
    assert_eq!(view.names(&Kind::PODS), ["one"]);
}

#[tokio::test(start_paused = true)]
async fn once_the_whole_cluster_is_allowed_its_list_takes_the_place_of_the_namespaces() {
    let server = restricted();
    let mut view = View::of(&server, in_a_and_b());
    view.until("both namespaces", |view| {
        is_live_in(view, "a") && is_live_in(view, "b")
    })
    .await;
    server.state().forbidden.clear();
    view.until_same(&server, &Kind::PODS).await;
    assert_eq!(view.names(&Kind::PODS), ["elsewhere"]);

    // Nobody asks the namespaces any more.
    let asked = server.requests_for(&Kind::PODS_OF_A).len();
    server.end_watches();
    view.for_a_while(Duration::from_mins(5)).await;
    assert_eq!(server.requests_for(&Kind::PODS_OF_A).len(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_is_taken_away_leaves_the_namespaces() {
    let server = restricted();
    server.state().forbidden.clear();
    let mut view = View::of(&server, in_a_and_b());
    view.until_same(&server, &Kind::PODS).await;
    server.state().forbidden.insert(Kind::PODS.path());
    server.end_watches();
    view.until("both namespaces", |view| {
        is_live_in(view, "a") && is_live_in(view, "b")
    })
    .await;
    let Some(WatchState::Partial { permission, .. }) = view.watch(&Kind::PODS) else {
        panic!("{:?}", view.watch(&Kind::PODS));
    };
    assert_eq!(permission, "watch pods");
}

#[tokio::test(start_paused = true)]
async fn a_new_line_goes_on_in_the_namespaces_without_a_list() {
    let server = restricted();
    let mut view = View::of(&server, in_a_and_b());
    view.until("both namespaces", |view| {
        is_live_in(view, "a") && is_live_in(view, "b")
    })
    .await;
    server.stop();
    view.until("the loss of the server", View::is_stale).await;
    server.put(&Kind::PODS_OF_A, "meanwhile");
    server.start();
    view.until("what happened meanwhile", |view| {
        view.names(&Kind::PODS) == ["meanwhile", "one", "two"]
            && is_live_in(view, "a")
            && is_live_in(view, "b")
    })
    .await;
    assert_eq!(server.lists_of(&Kind::PODS_OF_A), 1);
    assert_eq!(server.lists_of(&Kind::PODS_OF_B), 1);
}

#[tokio::test(start_paused = true)]
async fn a_kind_of_the_whole_cluster_is_asked_for_in_no_namespace() {
    let server = restricted();
    server.state().forbidden.insert(Kind::NODES.path());
    let mut view = View::of(&server, in_a_and_b());
    let refused = WatchState::Forbidden {
        permission: "list nodes".to_owned(),
    };
    view.until("the permission", |view| {
        view.watch(&Kind::NODES) == Some(&refused)
    })
    .await;
    let asked = server.state().requests.clone();
    assert!(
        !asked
            .iter()
            .any(|request| request.contains("/namespaces/") && request.contains("nodes")),
        "{asked:?}"
    );
}
