//! A user with a role in one namespace alone, as the demo cluster's own RBAC has it: what they see, and
//! what they are told is missing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use serde_json::json;
use strata_api::{
    rows::{
        Layer, Row,
        stack::LayerRow,
        watch::{NamespaceStanding, WatchState},
    },
    topics::{PodColumn, PodSort, Topic, Window},
};
use strata_app::Engine;
use strata_integration_tests::{demo, follow};
use strata_test_support::frames::View;

const CLUSTER: &str = "demo";

/// The engine over a cluster whose user may read `team-a` alone.
async fn restricted() -> Engine {
    let scenario = format!("{}/scenarios/namespace.toml", env!("CARGO_MANIFEST_DIR"));
    demo(&scenario).await.unwrap().1
}

async fn connect(engine: &Engine) {
    let one = json!({ "cluster": CLUSTER });
    engine.call("connect_cluster", one).await.unwrap();
}

async fn name(engine: &Engine, namespaces: &[&str]) {
    let request = json!({ "cluster": CLUSTER, "namespaces": namespaces });
    engine.call("name_namespaces", request).await.unwrap();
}

/// How the watch of `kind` does, by its id: other groups may have a kind of that name.
fn state<'a>(view: &'a View, kind: &str) -> Option<&'a WatchState> {
    match view.rows.get(kind)? {
        Row::Watch(row) => Some(&row.state),
        _ => None,
    }
}

/// Whether `kind` is live in `team-a`, refused in `default`, and partial for that.
fn is_seen(view: &View, kind: &str) -> bool {
    let Some(WatchState::Partial { namespaces, .. }) = state(view, kind) else {
        return false;
    };
    let standings: Vec<(&str, NamespaceStanding)> = namespaces
        .iter()
        .map(|each| (each.namespace.as_str(), each.standing))
        .collect();
    standings
        == [
            ("default", NamespaceStanding::Forbidden),
            ("team-a", NamespaceStanding::Live),
        ]
}

fn is_forbidden(view: &View, kind: &str, missing: &str) -> bool {
    matches!(state(view, kind), Some(WatchState::Forbidden { permission }) if permission == missing)
}

fn layer(view: &View, layer: Layer) -> Option<&LayerRow> {
    view.rows.values().find_map(|row| match row {
        Row::Layer(row) if row.layer == layer => Some(row),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_read_one_namespace_sees_what_lies_in_it_and_what_is_missing() {
    let engine = restricted().await;
    name(&engine, &["team-a"]).await;
    connect(&engine).await;
    let watches = Topic::Watches {
        cluster: CLUSTER.to_owned(),
    };
    let watches = follow(&engine, watches).await.unwrap();
    watches
        .wait_for(|view| {
            ["Pod", "Deployment.apps", "ReplicaSet.apps"]
                .into_iter()
                .all(|kind| is_seen(view, kind))
                && is_forbidden(view, "Node", "list nodes")
                && is_forbidden(view, "Job.batch", "list jobs.batch")
        })
        .await;

    let pods = Topic::Pods {
        cluster: CLUSTER.to_owned(),
        of: None,
        namespaces: Vec::new(),
        filter: String::new(),
        sort: PodSort {
            by: PodColumn::Name,
            descending: false,
        },
        window: Window {
            first: 0,
            count: 100,
        },
    };
    let pods = follow(&engine, pods).await.unwrap();
    let view = pods.wait_for(|view| view.total > 0).await;
    let elsewhere = view
        .rows
        .values()
        .filter(|row| !matches!(row, Row::Pod(row) if row.namespace == "team-a"));
    assert_eq!(elsewhere.count(), 0);

    let stack = Topic::Stack {
        cluster: CLUSTER.to_owned(),
        namespaces: Vec::new(),
    };
    let stack = follow(&engine, stack).await.unwrap();
    let view = stack
        .wait_for(|view| {
            layer(view, Layer::Workloads).is_some_and(|row| !row.loading && row.headline.is_some())
        })
        .await;
    let workloads = layer(&view, Layer::Workloads).unwrap();
    assert_eq!(workloads.namespaces, ["team-a"]);
    assert!(workloads.forbidden.contains(&"list pods".to_owned()));
    let hardware = layer(&view, Layer::Hardware).unwrap();
    assert_eq!(
        hardware.headline, None,
        "no node was read: nothing is said of GPUs"
    );
    assert!(hardware.forbidden.contains(&"list nodes".to_owned()));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_namespace_that_is_named_later_is_seen_then() {
    let engine = restricted().await;
    connect(&engine).await;
    let watches = Topic::Watches {
        cluster: CLUSTER.to_owned(),
    };
    let watches = follow(&engine, watches).await.unwrap();
    watches
        .wait_for(|view| is_forbidden(view, "Pod", "list pods"))
        .await;
    name(&engine, &["team-a"]).await;
    watches.wait_for(|view| is_seen(view, "Pod")).await;
    engine.shutdown().await;
}
