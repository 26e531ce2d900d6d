//! What the user chose, kept from one start to the next.

use std::sync::Arc;

use strata_api::{
    error::ApiError,
    operations::{Nothing, Preferences},
};

use super::Operations;

/// The setting that holds them.
const SETTING: &str = "preferences";

/// Reads them. What cannot be read any more (written by a later Strata, or damaged) counts as never
/// chosen: an old theme is no reason not to start.
pub(super) async fn read_preferences(
    operations: &Operations,
    _: Nothing,
) -> Result<Preferences, ApiError> {
    let settings = Arc::clone(&operations.settings);
    let Some(json) = operations.on_disk(move || settings.read(SETTING)).await? else {
        return Ok(Preferences::default());
    };
    Ok(serde_json::from_str(&json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the preferences cannot be read; starting from the defaults");
        Preferences::default()
    }))
}

pub(super) async fn save_preferences(
    operations: &Operations,
    preferences: Preferences,
) -> Result<Preferences, ApiError> {
    operations
        .keep(SETTING, &preferences, "the preferences cannot be written")
        .await?;
    Ok(preferences)
}
