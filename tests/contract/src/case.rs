//! Cases as data.
//!
//! A file of `cases/` has `objects` (bodies that several cases send, by name) and `cases`. A case
//! is a sentence and its steps; each step is a request and what its answer must be:
//!
//! ```yaml
//! - name: an update with a stale resource version is a conflict
//!   steps:
//!   - do: POST $core/configmaps
//!     body: $settings             # the file's object `settings`
//!     with: {data: {mode: fast}}  # merged over it, as a JSON merge patch is
//!     save: {version: /metadata/resourceVersion}
//! ```
//!
//! The verbs are HTTP's, the four patches by name (`JSON-PATCH`, `MERGE`, `STRATEGIC`, `APPLY`),
//! `UNTIL` (a `GET` again and again, until the answer is as expected) and `WATCH` (see
//! [`Step::meanwhile`]).

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    objects: BTreeMap<String, Value>,
    cases: Vec<Case>,
}

/// One thing that is true of an API server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The file's name without its ending: `watch`.
    #[serde(skip)]
    pub area: String,
    /// What is true, as a sentence.
    pub name: String,
    /// What is done, one after the other.
    pub steps: Vec<Step>,
}

/// A request, and what its answer must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Verb and path.
    #[serde(rename = "do")]
    pub request: String,
    /// What is sent; text that begins with `$` names one of the file's objects.
    #[serde(default)]
    pub body: Value,
    /// Merged over `body`.
    #[serde(default)]
    pub with: Value,
    /// Headers of the request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The status; without it 201 for `POST` and 200 for the others.
    pub status: Option<u16>,
    /// Headers of the answer.
    #[serde(default)]
    pub answers: BTreeMap<String, Value>,
    /// The body of the answer, or a watch's events. Fields that it does not name may be anything.
    #[serde(default)]
    pub expect: Value,
    /// Names for what later steps need, each the place of it in the answer.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
    /// What is done while a watch is open, before its events are read.
    #[serde(default, rename = "while")]
    pub meanwhile: Vec<Step>,
    /// Whether a watch must end by itself after the expected events.
    #[serde(default)]
    pub ends: bool,
}

/// All cases of the files in `folder`, in the order of the files' names.
pub fn read_all(folder: &Path) -> Result<Vec<Case>> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let cases = read(&file).with_context(|| format!("reading {}", file.display()))?;
        all.extend(cases);
    }
    Ok(all)
}

fn read(file: &Path) -> Result<Vec<Case>> {
    // By way of JSON's values, which are what steps send and expect.
    let tree: Value = serde_saphyr::from_str(&fs::read_to_string(file)?)?;
    let File { objects, mut cases } = serde_json::from_value(tree)?;
    let area = file.file_stem().context("a file has a name")?;
    for case in &mut cases {
        case.area = area.to_string_lossy().into_owned();
        for step in &mut case.steps {
            step.insert(&objects)
                .with_context(|| format!("in the case `{}`", case.name))?;
        }
    }
    Ok(cases)
}

impl Step {
    /// Puts the objects in the places of their names.
    fn insert(&mut self, objects: &BTreeMap<String, Value>) -> Result<()> {
        if let Some(name) = self.body.as_str().and_then(|text| text.strip_prefix('$')) {
            self.body = objects
                .get(name)
                .with_context(|| format!("there is no object `{name}`"))?
                .clone();
        }
        merge(&mut self.body, std::mem::take(&mut self.with));
        for step in &mut self.meanwhile {
            step.insert(objects)?;
        }
        Ok(())
    }
}

/// Merges `changes` over `target`, as RFC 7386 has it.
fn merge(target: &mut Value, changes: Value) {
    match (target, changes) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(changes)) => {
            for (name, change) in changes {
                if change.is_null() {
                    target.remove(&name);
                } else {
                    merge(target.entry(name).or_insert(Value::Null), change);
                }
            }
        }
        (target, changes) => *target = changes,
    }
}
