//! Taints: what a node keeps away, or puts out.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::field_path::{FieldPath, PathStep};

use super::{Found, Ground, Steps, cannot};

/// A taint, as it was asked for.
pub(super) struct Taint<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    pub(super) effect: &'a str,
    pub(super) remove: bool,
}

pub(super) fn taint(ground: &Ground<'_>, found: &Found, taint: &Taint<'_>) -> Steps {
    if !found.is_a("", "Node") {
        return Err(cannot(Phrase::new(PhraseCode::ActionNotNode)));
    }
    // A node may have a key once with each effect.
    let keys = BTreeMap::from([
        ("key".to_owned(), Value::from(taint.key)),
        ("effect".to_owned(), Value::from(taint.effect)),
    ]);
    let path = FieldPath::of(["spec", "taints"]).then(PathStep::Keyed(keys));
    let mut wanted = json!({ "key": taint.key, "effect": taint.effect });
    if !taint.value.is_empty() {
        FieldPath::of(["value"]).set(&mut wanted, taint.value.into());
    }
    let value = (!taint.remove).then_some(wanted);
    let mut step = ground.set(&found.address, vec![(path, value)]);
    let written = match (taint.value, taint.remove) {
        (_, true) => format!(" {}:{}-", taint.key, taint.effect),
        ("", false) => format!(" {}:{}", taint.key, taint.effect),
        (value, false) => format!(" {}={value}:{}", taint.key, taint.effect),
    };
    step.kubectl = ground
        .kubectl
        .of_node("taint node", &found.address, &written);
    if taint.effect == "NoExecute" && !taint.remove {
        step.consequences.push(Phrase::new(PhraseCode::TaintEvicts));
    }
    Ok(vec![step])
}
