//! Cases as data.
//!
//! ```yaml
//! - name: a pod asks for more memory than any node has
//!   is: exceeds_every_node            # the reason that must come first
//!   ask: Pod/vast
//!   objects: [{apiVersion: v1, kind: Pod, metadata: {name: vast}, spec: {...}}]
//! ```
//!
//! `$ns` is the case's namespace, made for it; names of cluster-wide objects carry it. `$20m-ago` is a
//! time, `$uid:Job/late` the identity of what was written before. Steps under `then` follow in order;
//! those with `at: real` are for clusters whose kubelets are played, those with `at: demo` for the
//! demo cluster.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

/// One way not to run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is wrong, as a sentence.
    pub name: String,
    /// The code of the reason that must come first; empty where nothing may be named.
    pub is: String,
    /// What is asked about, as `Kind/name`.
    pub ask: String,
    /// Where it is played; both where it does not say.
    pub at: Option<Place>,
    /// What is written first, in this order.
    #[serde(default)]
    pub objects: Vec<Value>,
    /// What is done then.
    #[serde(default)]
    pub then: Vec<Step>,
    /// How many seconds of the demo cluster's time pass before it is asked.
    #[serde(default = "a_minute")]
    pub pass: u64,
}

fn a_minute() -> u64 {
    60
}

/// Where cases are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The demo cluster.
    Demo,
    /// A real control plane with played kubelets.
    Real,
}

/// Something that is done.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// Where; both where it does not say.
    pub at: Option<Place>,
    /// What is done.
    #[serde(flatten)]
    pub deed: Deed,
}

/// What is done, each to an object as `Kind/name`, or `Kind/*` where it is the only one of its kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// Merges into the status, as a kubelet or controller writes it.
    Status {
        /// The object.
        of: String,
        /// The status.
        set: Value,
    },
    /// Merges into the object.
    Patch {
        /// The object.
        of: String,
        /// The fields.
        set: Value,
    },
    /// Writes an event about the object.
    Event {
        /// The object.
        of: String,
        /// The event's reason.
        reason: String,
        /// The event's message.
        message: String,
    },
    /// Writes a further object.
    Write(Value),
    /// Deletes the object.
    Delete(String),
    /// Lets seconds of the demo cluster's time pass.
    Pass(u64),
    /// Waits until the object has these fields.
    Until {
        /// The object.
        of: String,
        /// The fields.
        has: Value,
    },
}

/// Reads every case of `corpus/`, by file.
pub fn read() -> Result<BTreeMap<String, Vec<Case>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let cases: Vec<Case> =
            serde_saphyr::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
        let name = path.file_stem().unwrap_or_default();
        files.insert(name.to_string_lossy().into_owned(), cases);
    }
    Ok(files)
}
