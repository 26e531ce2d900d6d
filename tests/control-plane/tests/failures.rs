//! The corpus of failures on a real control plane: the real scheduler places, the real controllers
//! make and refuse, Kueue and `KubeRay` among them, and what only a kubelet writes is written as a
//! kubelet writes it. Then Strata is asked why; the labels stand in the corpus.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use futures::{FutureExt as _, future::BoxFuture};
use http::Request;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::{Value, json};
use strata_api::rows::Row;
use strata_api::topics::Topic;
use strata_app::{Engine, Launch};
use strata_control_plane_tests::{
    ControlPlane, Operators, definitions,
    load::{
        nodes::{self, H100, Node},
        stack,
    },
};
use strata_failure_corpus::{
    case::Place,
    play::{self, Cluster},
    whole,
};
use strata_integration_tests::follow;
use strata_ports::clock::{Clock as _, SystemClock};
use tokio::sync::Mutex;

/// Names the kubeconfig of a cluster to play on instead of one that is started for it: while cases are
/// written. It needs Kueue and `KubeRay`, and the kinds of `JobSet` and Volcano.
const OTHER: &str = "STRATA_CASES_KUBECONFIG";

/// A control plane takes two cores and 1.5 GB.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A real control plane, and an engine that looks at it.
struct Real {
    client: Client,
    engine: Engine,
    cluster: String,
    /// Held until the end, as is the control plane: dropping them stops their processes.
    operators: Option<Operators>,
    control_plane: Option<ControlPlane>,
}

impl Real {
    async fn start() -> Result<Self> {
        let (control_plane, kubeconfig) = if let Some(file) = std::env::var_os(OTHER) {
            (None, PathBuf::from(file))
        } else {
            let started = ControlPlane::start().await?;
            let file = started.kubeconfig_path().to_owned();
            (Some(started), file)
        };
        let file = Kubeconfig::read_from(&kubeconfig)?;
        let config = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await?;
        let client = Client::try_from(config)?;
        let launch = Launch {
            kubeconfigs: Some(vec![kubeconfig]),
            ..Launch::isolated()
        };
        let engine = strata_app::start(launch).await?;
        let cluster = context(&engine).await?;
        Ok(Self {
            client,
            engine,
            cluster,
            operators: None,
            control_plane,
        })
    }

    /// With the nodes that the demo cluster's ground has, the kinds of the corpus, and the operators
    /// that act on them.
    async fn with_ground() -> Result<Self> {
        let mut real = Self::start().await?;
        if let Some(control_plane) = &real.control_plane {
            definitions::install(&real.client, &definitions::catalogue_kinds()).await?;
            real.operators = Some(Operators::start(control_plane).await?);
            let ground = [
                Node::plain("worker-01"),
                Node::plain("worker-02"),
                Node::with_gpus("gpu-01", H100),
            ];
            nodes::create(&real.client, &ground).await?;
        }
        Ok(real)
    }
}

/// The id of the kubeconfig's one context.
async fn context(engine: &Engine) -> Result<String> {
    let collector = follow(engine, Topic::Clusters {}).await?;
    let view = collector
        .wait_for(|view| {
            view.window()
                .any(|row| matches!(row, Row::Cluster(row) if !row.is_demo))
        })
        .await;
    let found = view.window().find_map(|row| match row {
        Row::Cluster(row) if !row.is_demo => Some(row.cluster.clone()),
        _ => None,
    });
    found.context("the kubeconfig has a context")
}

impl Cluster for Real {
    fn place(&self) -> Place {
        Place::Real
    }

    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn send<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        body: Option<Value>,
    ) -> BoxFuture<'a, Result<(u16, Value)>> {
        async move {
            let form = match method {
                "PATCH" => "application/merge-patch+json",
                _ => "application/json",
            };
            let body = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("content-type", form)
                .header("accept", "application/json")
                .body(kube::client::Body::from(body))?;
            let response = self.client.send(request).await?;
            let code = response.status().as_u16();
            let body = response.into_body().collect().await?.to_bytes();
            Ok((code, serde_json::from_slice(&body).unwrap_or_default()))
        }
        .boxed()
    }

    fn pass(&self, time: Duration) -> BoxFuture<'_, ()> {
        tokio::time::sleep(time.min(Duration::from_millis(250))).boxed()
    }

    fn why<'a>(
        &'a self,
        kind: &'a str,
        namespace: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Value>> {
        async move {
            let object = json!({
                "cluster": self.cluster, "kind": kind, "namespace": namespace, "name": name,
            });
            Ok(self.engine.call("explain_object", object).await?)
        }
        .boxed()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_reason_is_the_true_one_on_a_real_control_plane() -> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    let mut real = Real::with_ground().await?;
    let played = whole::play_all(Place::Real, async |case, namespace| {
        let outcome = play::play(case, namespace, &real).await;
        play::clear(case, namespace, &real).await?;
        outcome
    });
    let played = played.await;
    if let Some(operators) = &mut real.operators {
        operators.check()?;
    }
    real.engine.shutdown().await;
    played
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_named_of_what_does_well_on_a_real_control_plane() -> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    if std::env::var_os(OTHER).is_some() {
        return Ok(());
    }
    let real = Real::start().await?;
    definitions::install(&real.client, &definitions::catalogue_kinds()).await?;
    stack::create(&real.client).await?;
    let silent = whole::nothing_is_named(&real, 10).await;
    real.engine.shutdown().await;
    silent
}
