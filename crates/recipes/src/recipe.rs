//! A recipe, loaded and checked.

use serde::Deserialize;
use strata_catalog::{Bilingual, Profile};
use strata_domain::ids::GroupKind;

use crate::{parameter::Parameter, template::Node};

/// What somebody can deploy.
#[derive(Debug)]
pub struct Recipe {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: Bilingual,
    /// What it does, and when to take it.
    pub help: Bilingual,
    /// What kind of AI it is for.
    pub profile: Profile,
    /// What it is for.
    pub purpose: Purpose,
    /// What it runs: `vLLM`, `Job`; a word that a gallery can show.
    pub engine: String,
    /// The file that it was read from; empty for Strata's own.
    pub file: String,
    /// What it asks for, in the order of the form.
    pub parameters: Vec<Parameter>,
    /// The kinds that have to be served: those of its manifests with their API versions, and what
    /// these need beside.
    pub kinds: Vec<NeededKind>,
    /// How a client talks to what it serves, where it serves anything.
    pub(crate) endpoint: Option<Node>,
    /// What the memory of a model is planned from, where it runs one.
    pub(crate) sizing: Option<Node>,
    pub(crate) manifests: Node,
    pub(crate) manifests_line: u64,
}

/// A kind that a recipe needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NeededKind {
    /// The kind.
    pub kind: GroupKind,
    /// The version that its manifests are written in; empty where any will do.
    pub version: String,
}

/// What a recipe is for: the parts of the gallery, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Serves a model.
    Serve,
    /// Trains or fine-tunes one.
    Train,
    /// Runs a model over a lot of input, once.
    Batch,
    /// A notebook.
    Notebook,
    /// A cluster of workers that programs are sent to.
    Cluster,
    /// Keeps vectors.
    Database,
    /// Any program.
    Application,
}

impl Recipe {
    /// The parameter `id`.
    pub fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.id == id)
    }

    /// Whether it plans a model's memory.
    pub fn has_sizing(&self) -> bool {
        self.sizing.is_some()
    }

    /// Whether it serves something that clients talk to.
    pub fn has_endpoint(&self) -> bool {
        self.endpoint.is_some()
    }
}
