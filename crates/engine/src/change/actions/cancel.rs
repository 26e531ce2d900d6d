//! Ending a job for good.

use serde_json::json;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::field_path::FieldPath;
use strata_ports::control::{Propagation, Verb};

use super::{Found, Ground, Steps, cannot, volcano};
use crate::{change::plan::Planned, why::read};

pub(super) async fn cancel(ground: &Ground<'_>, found: &Found) -> Steps {
    if found.has_ended() {
        return Err(cannot(Phrase::new(PhraseCode::JobFinished)));
    }
    let consequences = ground.owned(found).await;
    let mut step = if found.is_a("argoproj.io", "Workflow") {
        let field = (
            FieldPath::of(["spec", "shutdown"]),
            Some(json!("Terminate")),
        );
        ground.set(&found.address, vec![field])
    } else if found.is_a("tekton.dev", "PipelineRun") {
        let field = (FieldPath::of(["spec", "status"]), Some(json!("Cancelled")));
        ground.set(&found.address, vec![field])
    } else if found.is_a("batch.volcano.sh", "Job") {
        volcano::command(ground, found, "TerminateJob")
    } else {
        // No other kind has a word for it: a cancelled job is a deleted one.
        let verb = Verb::Delete {
            propagation: Propagation::Background,
            uid: read::uid(&found.object).to_owned(),
        };
        let command = ground
            .kubectl
            .delete(&found.address, Propagation::Background);
        Planned::new(found.address.clone(), verb, command)
    };
    step.consequences.extend(consequences);
    Ok(vec![step])
}
