//! The capabilities of cloud-native AI and how they serve each other.
//!
//! Source: CNCF AI working group, "Cloud Native Artificial Intelligence" (March 2024), figure 2
//! ("Enabling Tools and Techniques": eleven capabilities, twelve relations) and figure 4 (which adds
//! governance and policy).

use serde::Deserialize;

use crate::component::Bilingual;

/// A capability that components serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Capability {
    GeneralOrchestration,
    ModelDelivery,
    DistributedTraining,
    ModelServing,
    DataScience,
    Automl,
    DataStorage,
    VectorDatabases,
    DataArchitecture,
    WorkloadsObservability,
    ModelObservability,
    GovernancePolicy,
}

impl Capability {
    /// All capabilities.
    pub const ALL: [Self; 12] = [
        Self::GeneralOrchestration,
        Self::ModelDelivery,
        Self::DistributedTraining,
        Self::ModelServing,
        Self::DataScience,
        Self::Automl,
        Self::DataStorage,
        Self::VectorDatabases,
        Self::DataArchitecture,
        Self::WorkloadsObservability,
        Self::ModelObservability,
        Self::GovernancePolicy,
    ];
}

/// What the catalogue says of a capability.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapabilityEntry {
    /// Which capability.
    pub id: Capability,
    /// Its name.
    pub name: Bilingual,
}

/// One capability serves another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The capability that serves.
    pub from: Capability,
    /// What it does for the other, as the figure's arrow says.
    pub does: Bilingual,
    /// The capability that is served.
    pub to: Capability,
}
