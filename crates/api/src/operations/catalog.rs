//! The catalogue as shells show it: layers, components, and who operates what.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Role;
use crate::rows::Layer;

/// The catalogue's words, for shells that show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Catalog {
    /// The layers, from top to bottom.
    pub layers: Vec<CatalogLayer>,
    /// The components, in the order in which they are drawn.
    pub components: Vec<CatalogComponent>,
    /// The people who look at a cluster.
    pub roles: Vec<CatalogRole>,
}

/// One of the people who look at a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogRole {
    /// Who.
    pub role: Role,
    /// What they are called.
    pub name: Bilingual,
    /// The layers that they operate, from top to bottom.
    pub layers: Vec<Layer>,
    /// The views, the one that they look at most first.
    pub views: Vec<String>,
}

/// A layer's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogLayer {
    /// Which layer.
    pub layer: Layer,
    /// Its name.
    pub name: Bilingual,
    /// What it is for.
    pub purpose: Bilingual,
    /// Who operates it.
    pub operators: Vec<Bilingual>,
}

/// A component's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogComponent {
    /// Its id: `component/ID` is its subject.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its layer.
    pub layer: Layer,
    /// What it is.
    pub category: String,
    /// The capability that it serves.
    pub capability: String,
    /// What it does, in a sentence.
    pub description: Bilingual,
    /// Where it is at home on the web.
    pub home: String,
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}
