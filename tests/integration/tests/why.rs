//! `why` over the demo cluster: the corpus of failures, and silence about what does well.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::time::Duration;

use anyhow::Result;
use futures::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;
use serde_json::{Value, json};
use strata_app::{Engine, Simulation};
use strata_failure_corpus::{
    case::Place,
    play::{self, Cluster},
    whole,
};
use strata_integration_tests::{demo, send};
use strata_ports::clock::Clock as _;

const GROUND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../failures/ground.toml");

/// A demo cluster whose time the test moves, and an engine that looks at it.
struct Demo {
    simulation: Simulation,
    engine: Engine,
}

impl Demo {
    async fn start(scenario: &str) -> Result<Self> {
        let (simulation, engine) = demo(scenario).await?;
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
        async move { send(&self.simulation, "corpus/1", method, path, body.as_ref()).await }.boxed()
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
async fn the_first_reason_is_the_true_one_for_the_failures_of_the_corpus() -> Result<()> {
    // Each begins on a cluster of its own, so that no case's time counts for another.
    whole::play_all(Place::Demo, async |case, namespace| {
        let demo = Demo::start(GROUND).await?;
        let outcome = play::play(case, namespace, &demo).await;
        demo.engine.shutdown().await;
        outcome
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_named_of_what_does_well() -> Result<()> {
    let demo = Demo::start("atlas").await?;
    let silent = whole::nothing_is_named(&demo, 21).await;
    demo.engine.shutdown().await;
    silent
}
