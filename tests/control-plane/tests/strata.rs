//! Strata on a real control plane: connected as the application connects, it finds what is there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use strata_api::{
    rows::{
        Layer, Row,
        cluster::{ClusterRow, Connection},
        pod::PodRow,
        stack::{GpuNodeRow, TileRow},
    },
    topics::{PodColumn, PodSort, Topic, Window},
};
use strata_app::{Engine, Launch};
use strata_control_plane_tests::{ControlPlane, definitions, demo, load};
use strata_integration_tests::follow;
use strata_test_support::frames::{FrameCollector, View};
use tokio::sync::Mutex;

#[path = "strata/deploy.rs"]
mod deploy;
#[path = "strata/survey.rs"]
mod survey;
#[path = "strata/visitor.rs"]
mod visitor;

/// A control plane takes two cores and 1.5 GB.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// The engine, connected to the control plane.
struct Connected {
    engine: Engine,
    cluster: String,
    clusters: FrameCollector,
}

impl Connected {
    async fn to(control_plane: &ControlPlane) -> Result<Self> {
        Self::by(control_plane.kubeconfig_path()).await
    }

    /// By the one context of the file `kubeconfig`.
    async fn by(kubeconfig: &Path) -> Result<Self> {
        let launch = Launch {
            kubeconfigs: Some(vec![kubeconfig.to_owned()]),
            ..Launch::isolated()
        };
        let engine = strata_app::start(launch).await?;
        let clusters = follow(&engine, Topic::Clusters {}).await?;
        let listed = clusters.wait_for(|view| context(view).is_some()).await;
        let cluster = context(&listed)
            .context("the kubeconfig's context")?
            .cluster
            .clone();
        engine
            .call("connect_cluster", json!({ "cluster": cluster }))
            .await?;
        let connected = Self {
            engine,
            cluster,
            clusters,
        };
        connected
            .until(|connection| matches!(connection, Connection::Live { complete: true, .. }))
            .await;
        Ok(connected)
    }

    async fn until(&self, holds: fn(&Connection) -> bool) -> Connection {
        let view = self
            .clusters
            .wait_for(|view| context(view).is_some_and(|row| holds(&row.connection)))
            .await;
        context(&view).unwrap().connection.clone()
    }

    async fn call(&self, operation: &str, request: Value) -> Result<Value> {
        Ok(self.engine.call(operation, request).await?)
    }

    async fn stack(&self) -> Result<FrameCollector> {
        let topic = Topic::Stack {
            cluster: self.cluster.clone(),
            namespaces: Vec::new(),
        };
        follow(&self.engine, topic).await
    }

    async fn pods(&self) -> Result<FrameCollector> {
        let topic = Topic::Pods {
            cluster: self.cluster.clone(),
            of: None,
            namespaces: Vec::new(),
            filter: String::new(),
            sort: PodSort {
                by: PodColumn::Name,
                descending: false,
            },
            window: Window {
                first: 0,
                count: Window::MOST,
            },
        };
        follow(&self.engine, topic).await
    }
}

/// Gives up on what never comes. Never what a test measures.
async fn patiently<T>(what: impl Future<Output = Result<T>>) -> Result<T> {
    let waited = tokio::time::timeout(Duration::from_mins(5), what).await;
    waited.context("what was waited for did not come")?
}

fn context(view: &View) -> Option<&ClusterRow> {
    view.window().find_map(|row| match row {
        Row::Cluster(row) if !row.is_demo => Some(row),
        _ => None,
    })
}

fn tiles(view: &View) -> Vec<&TileRow> {
    view.window()
        .filter_map(|row| match row {
            Row::Tile(tile) => Some(tile),
            _ => None,
        })
        .collect()
}

fn pods(view: &View) -> Vec<&PodRow> {
    view.window()
        .filter_map(|row| match row {
            Row::Pod(pod) => Some(pod),
            _ => None,
        })
        .collect()
}

async fn with_the_stack() -> Result<ControlPlane> {
    let control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    definitions::install(&client, &definitions::catalogue_kinds()).await?;
    load::stack::create(&client).await?;
    Ok(control_plane)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stack_that_was_put_there_is_found() -> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    patiently(find_the_stack()).await
}

async fn find_the_stack() -> Result<()> {
    let control_plane = with_the_stack().await?;
    let strata = Connected::to(&control_plane).await?;
    let stack = strata.stack().await?;

    let expected = [
        (Layer::Platform, "component/kueue"),
        (Layer::Platform, "component/jobset"),
        (Layer::Platform, "component/leaderworkerset"),
        (Layer::Platform, "component/volcano"),
        (Layer::Lifecycle, "component/kuberay"),
        (Layer::Lifecycle, "component/kubeflow-trainer"),
        (Layer::Lifecycle, "component/kserve"),
    ];
    let view = stack
        .wait_for(|view| {
            let tiles = tiles(view);
            expected.iter().all(|(layer, subject)| {
                tiles
                    .iter()
                    .any(|tile| tile.layer == *layer && tile.subject.to_string() == *subject)
            })
        })
        .await;
    let kueue = tiles(&view)
        .into_iter()
        .find(|tile| tile.name == "Kueue")
        .unwrap()
        .clone();
    assert!(
        !kueue.version.is_empty(),
        "the controller's image tells the version"
    );

    // The real scheduler and controllers place what asks for GPUs; Strata counts what they placed.
    let counted = |view: &View, count: fn(&GpuNodeRow) -> u32| -> u32 {
        view.window()
            .filter_map(|row| match row {
                Row::GpuNode(node) => Some(count(node)),
                _ => None,
            })
            .sum()
    };
    let view = stack
        .wait_for(|view| {
            counted(view, |node| node.total) == 36 && counted(view, |node| node.allocated) > 0
        })
        .await;
    let unhealthy = counted(&view, |node| node.unhealthy);
    assert_eq!(unhealthy, 1, "capacity less allocatable");
    strata.engine.shutdown().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_lists_the_components_in_their_layers() -> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    let control_plane = with_the_stack().await?;
    let data = tempfile::tempdir()?;
    let output = Command::new(demo::program()?)
        .args(["stack", "--context", "real", "-o", "json"])
        .arg("--data")
        .arg(data.path())
        .env("KUBECONFIG", control_plane.kubeconfig_path())
        .output()?;
    let remarked = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{remarked}");
    let stack: Value = serde_json::from_slice(&output.stdout)?;
    let found: Vec<(String, String)> = stack["layers"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|layer| {
            let name = layer["layer"].as_str().unwrap().to_owned();
            let components = layer["components"].as_array().unwrap().clone();
            components.into_iter().map(move |component| {
                (name.clone(), component["name"].as_str().unwrap().to_owned())
            })
        })
        .collect();
    for (layer, name) in [
        ("platform", "Kueue"),
        ("platform", "Volcano"),
        ("platform", "JobSet"),
        ("platform", "LeaderWorkerSet"),
        ("lifecycle", "KubeRay"),
        ("lifecycle", "Kubeflow Trainer"),
        ("lifecycle", "KServe"),
    ] {
        assert!(
            found.iter().any(|(at, is)| at == layer && is == name),
            "{name} is not in {layer}: {found:?}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_api_server_makes_the_view_stale_and_its_return_live_with_nothing_lost_or_doubled()
-> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    patiently(stop_and_return()).await
}

async fn stop_and_return() -> Result<()> {
    let mut control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    load::nodes::create(&client, &load::stack::nodes()).await?;
    load::namespace(&client, "steady").await?;
    let batch = |prefix: &str| load::pods::Batch {
        namespace: "steady".to_owned(),
        prefix: prefix.to_owned(),
        count: 50,
        nodes: vec!["h100-0".to_owned(), "h100-1".to_owned()],
    };
    load::pods::create(&client, &batch("before")).await?;
    load::pods::until_running(&client, "steady", Duration::from_mins(2)).await?;

    let strata = Connected::to(&control_plane).await?;
    let seen = strata.pods().await?;
    let before = seen.wait_for(|view| in_steady(view) == 50).await;

    control_plane.stop_api_server()?;
    let stale = strata
        .until(|connection| matches!(connection, Connection::Stale { .. }))
        .await;
    let Connection::Stale { since, reason, .. } = stale else {
        unreachable!("just waited for")
    };
    assert!(!since.is_empty() && !reason.is_empty());
    assert_eq!(
        in_steady(&seen.view()),
        50,
        "what was said last is still shown"
    );

    control_plane.start_api_server().await?;
    strata
        .until(|connection| matches!(connection, Connection::Live { complete: true, .. }))
        .await;
    load::pods::create(&client, &batch("after")).await?;
    let after = seen.wait_for(|view| in_steady(view) == 100).await;
    let mut names: Vec<&str> = pods(&after).iter().map(|pod| pod.name.as_str()).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all, "nothing is doubled");
    for pod in pods(&before) {
        assert!(names.contains(&pod.name.as_str()), "{} was lost", pod.name);
    }
    strata.engine.shutdown().await;
    Ok(())
}

fn in_steady(view: &View) -> usize {
    pods(view)
        .iter()
        .filter(|pod| pod.namespace == "steady")
        .count()
}
