//! Having a job wait in another queue.

use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::field_path::FieldPath;

use super::{Found, Ground, Steps, cannot, kueue};
use crate::why::read::{self, kind_called};

pub(super) async fn set_queue(ground: &Ground<'_>, found: &Found, queue: &str) -> Steps {
    if found.has_ended() {
        return Err(cannot(Phrase::new(PhraseCode::JobFinished)));
    }
    let label = FieldPath::of(["metadata", "labels"]).field(kueue::QUEUE);
    let workload = kueue::workload(ground, found).await;
    if workload.is_none() && label.get(&found.object).is_none() {
        let kind = kind_called(&found.address.kind);
        return Err(cannot(
            Phrase::new(PhraseCode::QueueNotOfKind).with("kind", kind),
        ));
    }
    // Kueue's webhook refuses another queue while a job runs.
    let runs = workload.as_ref().is_some_and(kueue::is_admitted)
        || (workload.is_none() && !is_held(found));
    if runs {
        return Err(cannot(Phrase::new(PhraseCode::QueueNeedsSuspension)));
    }
    Ok(vec![
        ground.set(&found.address, vec![(label, Some(queue.into()))]),
    ])
}

/// Whether the job's own field says that it is suspended.
fn is_held(found: &Found) -> bool {
    read::flag(&found.object, "/spec/suspend")
        || read::flag(&found.object, "/spec/runPolicy/suspend")
}
