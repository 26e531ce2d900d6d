//! What the map asks of a cluster: what AI needs, the stages that a model goes through, and the
//! people who look at it.
//!
//! Source: CNCF AI working group, "Cloud Native Artificial Intelligence" (March 2024): its table of
//! generative and predictive AI (needs), figure 3 (stages), figure 1 (roles).

use serde::Deserialize;
use strata_domain::text::Text;

use crate::{component::Bilingual, layers::Persona};

/// `map.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The six needs, in the table's order.
    #[serde(rename = "need")]
    pub needs: Vec<NeedEntry>,
    /// The stages, in the order of the loop.
    #[serde(rename = "stage")]
    pub stages: Vec<StageEntry>,
    /// The five roles.
    #[serde(rename = "role")]
    pub roles: Vec<RoleEntry>,
    /// Which provisioners give which kind of storage.
    #[serde(rename = "storage")]
    storage: Vec<Storage>,
}

impl Map {
    /// What kind of storage the provisioner `name` gives, where that is known.
    pub fn storage_of(&self, name: &str) -> Option<StorageKind> {
        let is_it = |pattern: &Text| match pattern.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => pattern == name,
        };
        self.storage
            .iter()
            .find(|storage| storage.provisioners.iter().any(is_it))
            .map(|storage| storage.kind)
    }
}

/// The provisioners of one kind of storage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Storage {
    kind: StorageKind,
    provisioners: Vec<Text>,
}

/// What kind of storage volumes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// A disk of one node at a time.
    Block,
    /// A file system that many nodes mount.
    File,
    /// Objects of a store, seen as files.
    Object,
    /// A cache of data that lies elsewhere.
    Cache,
    /// A disk or folder of one node for good.
    Local,
}

impl StorageKind {
    /// Whether many nodes may read it at once.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::File | Self::Object | Self::Cache)
    }

    /// The kind's word in the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::File => "file",
            Self::Object => "object",
            Self::Cache => "cache",
            Self::Local => "local",
        }
    }
}

/// Something that AI needs of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Need {
    ComputationalPower,
    DataVolume,
    Training,
    Scalability,
    Storage,
    Networking,
}

impl Need {
    /// The needs, in the table's order.
    pub const ALL: [Self; 6] = [
        Self::ComputationalPower,
        Self::DataVolume,
        Self::Training,
        Self::Scalability,
        Self::Storage,
        Self::Networking,
    ];
}

/// What the table says of a need.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedEntry {
    /// Which need.
    pub id: Need,
    /// Its name.
    pub name: Bilingual,
    /// How generative AI has it.
    pub generative: Bilingual,
    /// How predictive AI has it.
    pub predictive: Bilingual,
}

/// A stage of a model's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Stage {
    DataPreparation,
    FeatureStore,
    ModelDevelopment,
    ModelStorage,
    ModelServing,
}

impl Stage {
    /// The stages, in the order of the loop.
    pub const ALL: [Self; 5] = [
        Self::DataPreparation,
        Self::FeatureStore,
        Self::ModelDevelopment,
        Self::ModelStorage,
        Self::ModelServing,
    ];
}

/// What the catalogue says of a stage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageEntry {
    /// Which stage.
    pub id: Stage,
    /// Its name.
    pub name: Bilingual,
    /// The categories of the components that stand at it.
    pub categories: Vec<Text>,
}

/// One of the people who look at a cluster.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleEntry {
    /// Who.
    pub id: Persona,
    /// What they are called.
    pub name: Bilingual,
    /// The views, the one they look at most first.
    pub views: Vec<Text>,
}
