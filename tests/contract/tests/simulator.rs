//! The contract against the demo cluster.

use std::{process::ExitCode, sync::Arc, thread, time::Duration};

use anyhow::Result;
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use http::{Request, Response};
use http_body_util::BodyExt;
use strata_contract_tests::{
    door::{Body, Door},
    suite::{self, Server},
};
use strata_simulator::{Options, Scenario, Simulator};

/// Three nodes without anything on them, and the kinds of Kueue and `KubeRay`, as `tests/control-plane` sets them up.
const GROUND: &str = include_str!("ground.toml");
/// How much of the cluster's time passes at once, and how long after that it stands still.
const STEP: Duration = Duration::from_millis(250);
const REST: Duration = Duration::from_millis(5);

struct InProcess(Simulator);

impl Door for InProcess {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>>> {
        let answer = self.0.service().answer(&request);
        async move { Ok(answer?.map(BodyExt::boxed_unsync)) }.boxed()
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(5)
    }
}

fn main() -> Result<ExitCode> {
    let runtime = Arc::new(tokio::runtime::Runtime::new()?);
    let options = Options {
        seed: 1,
        begins: "2026-11-23T12:00:00Z".parse()?,
    };
    let simulator = Simulator::start(&Scenario::parse("ground", GROUND)?, options);
    let living = simulator.clone();
    thread::spawn(move || {
        loop {
            living.advance(STEP);
            thread::sleep(REST);
        }
    });
    let door: Arc<dyn Door> = Arc::new(InProcess(simulator));
    suite::run_all(&runtime, &door, Server::Simulator)
}
