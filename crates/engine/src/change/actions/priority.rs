//! Giving a job another priority.

use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::field_path::FieldPath;

use super::{Found, Ground, Steps, cannot, kueue, not_of_kind};

pub(super) async fn set_priority(ground: &Ground<'_>, found: &Found, class: &str) -> Steps {
    if found.has_ended() {
        return Err(cannot(Phrase::new(PhraseCode::JobFinished)));
    }
    if let Some(workload) = kueue::workload(ground, found).await {
        let label = FieldPath::of(["metadata", "labels"]).field(kueue::PRIORITY);
        // It may be changed at any time, but not be added to what runs.
        if kueue::is_admitted(&workload) && label.get(&found.object).is_none() {
            return Err(cannot(Phrase::new(PhraseCode::PriorityNotAddable)));
        }
        return Ok(vec![
            ground.set(&found.address, vec![(label, Some(class.into()))]),
        ]);
    }
    if found.is_a("batch.volcano.sh", "Job") {
        let path = FieldPath::of(["spec", "priorityClassName"]);
        return Ok(vec![
            ground.set(&found.address, vec![(path, Some(class.into()))]),
        ]);
    }
    // Elsewhere the priority stands in the pods' template, which cannot be changed.
    Err(not_of_kind(found))
}
