//! The five layers as the catalogue describes them, the people who operate them, and the
//! categories that components are sorted by.

use serde::Deserialize;
use strata_domain::{layer::Layer, text::Text};

use crate::component::Bilingual;

/// What the catalogue says of a layer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerEntry {
    /// Which layer.
    pub id: Layer,
    /// Its name.
    pub name: Bilingual,
    /// What it is for.
    pub purpose: Bilingual,
    /// Who operates it.
    pub personas: Vec<Persona>,
}

/// The people of figure 1 of the whitepaper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persona {
    /// Data scientist or developer.
    DataScientist,
    /// Data, ML or AI engineer.
    MlEngineer,
    /// Platform engineer.
    PlatformEngineer,
    /// Site reliability and operations.
    Sre,
    /// Hardware architect.
    HardwareArchitect,
}

/// A sort of component, such as `scheduler`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its id in snake case.
    pub id: Text,
    /// Its name.
    pub name: Bilingual,
}
