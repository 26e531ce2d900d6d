//! A demo cluster by itself, for a shell that serves its API to other programs.

use std::path::Path;

use anyhow::Context;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use strata_kubernetes::connect::InProcessServer;
use strata_ports::clock::{Clock, SystemClock};
use strata_simulator::{Options, ResponseBody, Scenario, Simulator, Steering};

/// A demo cluster that is served instead of shown.
#[derive(Clone, Debug)]
pub struct Simulation {
    name: String,
    simulator: Simulator,
}

impl Simulation {
    /// Sets up `name`: one of Strata's own scenarios, or the path of a TOML file.
    pub fn start(name: &str, seed: u64) -> anyhow::Result<Self> {
        Ok(Self::of(&scenario(name)?, seed))
    }

    /// Sets up `scenario`, as it is now.
    pub(crate) fn of(scenario: &Scenario, seed: u64) -> Self {
        let options = Options {
            seed,
            begins: SystemClock.now(),
        };
        Self {
            simulator: Simulator::start(scenario, options),
            name: scenario.name.clone(),
        }
    }

    /// The scenario's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Does what `command` says with the cluster's time (`pause`, `run`, `60x`, `step 10m`, `time`),
    /// and tells the time and pace then.
    pub fn steer(&self, command: &str) -> anyhow::Result<String> {
        self.simulator.steer(command.parse::<Steering>()?);
        let (now, pace) = (self.simulator.now(), self.simulator.pace());
        Ok(format!("{} {pace}", now.strftime("%Y-%m-%d %H:%M:%S UTC")))
    }

    /// The cluster as an API server in this process.
    pub(crate) fn server(&self) -> InProcessServer {
        let simulation = self.clone();
        InProcessServer::new(tower::service_fn(move |request: Request<Bytes>| {
            let simulation = simulation.clone();
            async move { simulation.answer(request).await }
        }))
    }

    /// Lets the cluster's time pass until the future is dropped.
    pub async fn run(&self) {
        self.simulator.run().await;
    }

    /// Answers one request. A request with hyper's `OnUpgrade` among its extensions may be answered
    /// with `101 Switching Protocols`.
    pub async fn answer(&self, request: Request<Bytes>) -> anyhow::Result<Response<ResponseBody>> {
        let server = self.simulator.service();
        // A list of a large cluster is computed for too long to hold up other connections.
        let answered = tokio::task::spawn_blocking(move || server.answer(&request)).await;
        Ok(answered.context("the demo cluster's API server has a fault")??)
    }
}

impl Clock for Simulation {
    fn now(&self) -> Timestamp {
        self.simulator.now()
    }
}

/// The scenario `name`: one of Strata's own, or a TOML file's.
pub(crate) fn scenario(name: &str) -> anyhow::Result<Scenario> {
    let path = Path::new(name);
    let is_path = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    Ok(if is_path {
        Scenario::load(path)?
    } else {
        Scenario::named(name)?
    })
}
