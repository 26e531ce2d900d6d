//! `why` over the demo cluster: the corpus of failures, and silence about what does well.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on ends, and says what it saw"
)]

use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use http::Request;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use strata_app::{Engine, Launch, Simulation};
use strata_failure_corpus::{
    case::{self, Place},
    play::{self, Cluster},
};
use strata_ports::clock::Clock as _;

const GROUND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../failures/ground.toml");

/// Plays one case alone: the name of a case, or a part of it.
const ONLY: &str = "STRATA_CASE";

/// A demo cluster whose time the test moves, and an engine that looks at it.
struct Demo {
    simulation: Simulation,
    engine: Engine,
}

impl Demo {
    async fn start(scenario: &str) -> Result<Self> {
        let simulation = Simulation::start(scenario, 1)?;
        simulation.steer("pause")?;
        let launch = Launch {
            simulation: Some(simulation.clone()),
            ..Launch::isolated()
        };
        let engine = strata_app::start(launch).await?;
        Ok(Self { simulation, engine })
    }
}

impl Cluster for Demo {
    fn place(&self) -> Place {
        Place::Demo
    }

    fn now(&self) -> Timestamp {
        self.simulation.now()
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
            let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("content-type", form)
                .header("accept", "application/json")
                .body(body)?;
            let response = self.simulation.answer(request).await?;
            let code = response.status().as_u16();
            let body = response.into_body().collect().await;
            let body = body.map_err(|error| anyhow::anyhow!("{error}"))?.to_bytes();
            Ok((code, serde_json::from_slice(&body).unwrap_or_default()))
        }
        .boxed()
    }

    fn pass(&self, time: Duration) -> BoxFuture<'_, ()> {
        async move {
            let step = format!("step {}s", time.as_secs().max(1));
            self.simulation.steer(&step).unwrap();
        }
        .boxed()
    }

    fn why<'a>(
        &'a self,
        kind: &'a str,
        namespace: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Value>> {
        async move {
            let object =
                json!({ "cluster": "demo", "kind": kind, "namespace": namespace, "name": name });
            Ok(self.engine.call("explain_object", object).await?)
        }
        .boxed()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_reason_is_the_true_one_for_the_failures_of_the_corpus() {
    let only = std::env::var(ONLY).unwrap_or_default();
    let (mut right, mut played) = (0, 0);
    for (file, cases) in case::read().unwrap() {
        let here = cases.iter().filter(|case| {
            case.at.is_none_or(|place| place == Place::Demo) && case.name.contains(&only)
        });
        for (at, case) in here.enumerate() {
            let demo = Demo::start(GROUND).await.unwrap();
            let namespace = format!("{file}-{at}");
            let outcome = play::play(case, &namespace, &demo).await;
            demo.engine.shutdown().await;
            played += 1;
            match outcome {
                Ok(outcome) if outcome.first == case.is => right += 1,
                Ok(outcome) => eprintln!(
                    "{file}: {}: `{}`, and truly `{}`\n{:#}",
                    case.name, outcome.first, case.is, outcome.told
                ),
                Err(error) => eprintln!("{file}: {}: {error:#}", case.name),
            }
        }
    }
    eprintln!("{right} of {played} first reasons are right");
    // 57 of 60 is what is asked for.
    assert!(
        right * 60 >= played * 57,
        "only {right} of {played} first reasons are right"
    );
    assert!(!only.is_empty() || played >= 60, "only {played} cases");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_named_of_what_does_well() {
    let demo = Demo::start("atlas").await.unwrap();
    let mut asked = 0;
    for (kind, path, wanted, ready) in [
        (
            "Deployment",
            "/apis/apps/v1/deployments",
            "/spec/replicas",
            "/status/readyReplicas",
        ),
        (
            "StatefulSet",
            "/apis/apps/v1/statefulsets",
            "/spec/replicas",
            "/status/readyReplicas",
        ),
        (
            "DaemonSet",
            "/apis/apps/v1/daemonsets",
            "/status/desiredNumberScheduled",
            "/status/numberReady",
        ),
    ] {
        let (_, list) = demo.send("GET", path, None).await.unwrap();
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let well = items.iter().filter(|object| {
            let wanted = object.pointer(wanted).and_then(Value::as_u64);
            wanted.is_some_and(|wanted| wanted > 0)
                && wanted == object.pointer(ready).and_then(Value::as_u64)
        });
        for object in well {
            let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap();
            let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
            let told = demo.why(kind, namespace, name).await;
            let told = told
                .with_context(|| format!("{kind} {namespace}/{name}"))
                .unwrap();
            assert_eq!(
                told.get("reason"),
                None,
                "{kind} {namespace}/{name}: {told:#}"
            );
            assert_eq!(told["others"], json!([]), "{kind} {namespace}/{name}");
            asked += 1;
        }
    }
    demo.engine.shutdown().await;
    assert!(asked > 20, "only {asked} do well");
}
