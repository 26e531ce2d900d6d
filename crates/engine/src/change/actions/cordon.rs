//! Cordon and uncordon: whether new pods may be placed on a node.

use serde_json::json;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::field_path::FieldPath;

use super::{Found, Ground, Steps, cannot};

pub(super) fn cordon(ground: &Ground<'_>, found: &Found, closed: bool) -> Steps {
    if !found.is_a("", "Node") {
        return Err(cannot(Phrase::new(PhraseCode::ActionNotNode)));
    }
    let value = closed.then_some(json!(true));
    let field = (FieldPath::of(["spec", "unschedulable"]), value);
    let mut step = ground.set(&found.address, vec![field]);
    let verb = if closed { "cordon" } else { "uncordon" };
    step.kubectl = ground.kubectl.of_node(verb, &found.address, "");
    Ok(vec![step])
}
