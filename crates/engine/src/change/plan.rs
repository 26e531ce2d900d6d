//! What is to be done to which objects, in which order.

use std::time::Duration;

use serde_json::Value;
use strata_api::{change::Obstacle, phrases::Phrase};
use strata_ports::{control::Verb, objects::ObjectAddress};

use super::manifest::Lines;

/// A change as a whole.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The writes, in their order.
    pub(crate) steps: Vec<Planned>,
    /// What stands in the way of all of it.
    pub(crate) obstacles: Vec<Obstacle>,
    /// What it does to what runs, as far as no single write tells that.
    pub(crate) consequences: Vec<Phrase>,
    /// The release that it belongs to.
    pub(crate) release: Option<String>,
    /// The entry of the journal that it finishes or undoes.
    pub(crate) settles: Option<u32>,
}

/// One write.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The object.
    pub(crate) object: ObjectAddress,
    /// The version of its kind; empty: the preferred one.
    pub(crate) version: String,
    /// What is done.
    pub(crate) verb: Verb,
    /// Where the manifests say it.
    pub(crate) source: Option<Source>,
    /// An earlier write without which this one cannot even be asked about.
    pub(crate) needs: Option<usize>,
    /// How long to try again where a disruption budget holds the object.
    pub(crate) patience: Duration,
    /// What it does to what runs, beyond what the difference tells.
    pub(crate) consequences: Vec<Phrase>,
    /// What stands in its way, known beforehand.
    pub(crate) obstacle: Option<Obstacle>,
    /// The same with kubectl.
    pub(crate) kubectl: String,
}

/// Where the manifests say a write.
#[derive(Debug)]
pub(crate) struct Source {
    /// The document.
    pub(crate) object: Value,
    /// The lines of its fields.
    pub(crate) lines: Lines,
}

impl Planned {
    /// A write of `verb` to `object`, of which nothing more is known.
    pub(crate) fn new(object: ObjectAddress, verb: Verb, kubectl: String) -> Self {
        Self {
            object,
            version: String::new(),
            verb,
            source: None,
            needs: None,
            patience: Duration::ZERO,
            consequences: Vec::new(),
            obstacle: None,
            kubectl,
        }
    }
}
