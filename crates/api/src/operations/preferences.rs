//! What the user chose.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the user chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// The theme.
    pub theme: Theme,
    /// The language.
    pub language: Language,
    /// Who the user is: what concerns that role stands first.
    pub role: Role,
    /// The clusters whose chips stand in the top bar, in order.
    pub open_clusters: Vec<String>,
    /// The address that was open last, without its scheme; may be empty.
    pub address: String,
    /// What an hour of a GPU costs, by model; those without a price are priced nowhere.
    pub gpu_prices: Vec<GpuPrice>,
    /// The sign of the currency in which they are; may be empty.
    pub currency: String,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: Language::System,
            role: Role::None,
            open_clusters: Vec::new(),
            address: String::new(),
            gpu_prices: Vec::new(),
            currency: "$".to_owned(),
        }
    }
}

/// What an hour of a GPU costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GpuPrice {
    /// The model, as the GPUs view names it.
    pub model: String,
    /// The price of an hour.
    pub per_hour: f64,
}

/// The people of the whitepaper's figure 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_catalog::Persona` says it")]
pub enum Role {
    /// Nobody in particular: everything in its usual order.
    None,
    DataScientist,
    MlEngineer,
    PlatformEngineer,
    Sre,
    HardwareArchitect,
}

/// The themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop has it.
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// The languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Language {
    /// As the desktop has it.
    #[serde(rename = "system")]
    System,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}
