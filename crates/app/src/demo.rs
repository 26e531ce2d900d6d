//! The embedded demo cluster, as one of the clusters.

use std::sync::{Arc, OnceLock};

use anyhow::Context;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use strata_api::operations::Preferences;
use strata_domain::ids::ClusterId;
use strata_engine::Engine;
use strata_kubernetes::connect::InProcessServer;
use strata_ports::clock::Clock;
use strata_simulator::{Options, Scenario, Simulator};

/// Every demo tells the same story.
const SEED: u64 = 1;

/// The demo's API server. The cluster behind it is set up by the first request, so that it costs
/// nothing where it is only listed; then its time passes as real time does.
pub(crate) fn server(clock: Arc<dyn Clock>) -> anyhow::Result<InProcessServer> {
    let scenario = Arc::new(Scenario::atlas().context("the demo's scenario is damaged")?);
    let cluster: Arc<OnceLock<Simulator>> = Arc::default();
    Ok(InProcessServer::new(tower::service_fn(
        move |request: Request<Bytes>| {
            let simulator = cluster.get_or_init(|| live(&scenario, clock.as_ref()));
            tower::Service::call(&mut simulator.service(), request)
        },
    )))
}

/// A cluster that lives for as long as the runtime does.
fn live(scenario: &Scenario, clock: &dyn Clock) -> Simulator {
    let simulator = Simulator::start(
        scenario,
        Options {
            seed: SEED,
            begins: clock.now(),
        },
    );
    let living = simulator.clone();
    tokio::spawn(async move { living.run().await });
    simulator
}

/// Opens the demo: its chip stands first, and the shell's page begins there.
pub(crate) async fn open(engine: &Engine) -> anyhow::Result<()> {
    let demo = ClusterId::demo().to_string();
    let read = engine.call("read_preferences", json!({})).await?;
    let mut preferences: Preferences = serde_json::from_value(read)?;
    preferences.open_clusters.retain(|open| *open != demo);
    preferences.open_clusters.insert(0, demo);
    preferences.address = String::new();
    let _: Value = engine
        .call("save_preferences", serde_json::to_value(preferences)?)
        .await?;
    Ok(())
}
