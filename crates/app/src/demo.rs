//! The embedded demo cluster, as one of the clusters.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use strata_api::operations::Preferences;
use strata_domain::ids::ClusterId;
use strata_engine::Engine;
use strata_kubernetes::connect::InProcessServer;
use strata_simulator::Scenario;
use tokio::sync::OnceCell;

use crate::simulation::{self, Simulation};

/// Every demo tells the same story.
const SEED: u64 = 1;

/// The demo's API server, of `scenario` or of `atlas`. The cluster behind it is set up by the first
/// request, so that it costs nothing where it is only listed; then its time passes as real time does.
pub(crate) fn server(scenario: Option<&str>) -> anyhow::Result<InProcessServer> {
    let scenario = simulation::scenario(scenario.unwrap_or("atlas"))?;
    let scenario = Arc::new(scenario);
    let cluster: Arc<OnceCell<Simulation>> = Arc::default();
    Ok(InProcessServer::new(tower::service_fn(
        move |request: Request<Bytes>| {
            let (cluster, scenario) = (Arc::clone(&cluster), Arc::clone(&scenario));
            // A task of its own: a request that is given up does not undo what it began to set up.
            let found = tokio::spawn(async move {
                let simulation = cluster.get_or_try_init(|| live(scenario)).await?;
                anyhow::Ok(simulation.clone())
            });
            async move { found.await??.answer(request).await }
        },
    )))
}

/// A cluster that lives for as long as the runtime does. A large one takes seconds to set up, which
/// must not hold up what else the runtime does.
async fn live(scenario: Arc<Scenario>) -> anyhow::Result<Simulation> {
    let set_up = tokio::task::spawn_blocking(move || Simulation::of(&scenario, SEED));
    let simulation = set_up
        .await
        .context("the demo cluster could not be set up")?;
    let living = simulation.clone();
    tokio::spawn(async move { living.run().await });
    Ok(simulation)
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
