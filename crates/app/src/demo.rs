//! The embedded demo cluster, as one of the clusters.

use serde_json::{Value, json};
use strata_api::operations::Preferences;
use strata_domain::ids::ClusterId;
use strata_engine::Engine;

/// Opens the demo: its chip stands first, and the shell's page begins there.
pub(crate) async fn open(engine: &Engine) -> anyhow::Result<()> {
    let demo = ClusterId::demo().to_string();
    let read = engine.call("read_preferences", json!({})).await?;
    let mut preferences: Preferences = serde_json::from_value(read)?;
    preferences.open_clusters.retain(|open| *open != demo);
    preferences.open_clusters.insert(0, demo);
    preferences.address = String::new();
    let _: Value = engine.call("save_preferences", serde_json::to_value(preferences)?).await?;
    Ok(())
}
