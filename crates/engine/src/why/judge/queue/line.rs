//! The line of a queue that keeps its order: nobody passes whom it cannot let in.

use std::cmp::Reverse;

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        super::{
            case::Case,
            read,
            words::{field, of_condition, say},
        },
        Found,
    },
    GROUP, cluster_queue,
};

/// The first in line before `workload`, where its queue keeps its order.
pub(super) fn behind(case: &Case, workload: &Value) -> Option<Found> {
    let queue = cluster_queue(case, workload)?;
    if read::text(queue, "/spec/queueingStrategy") != "StrictFIFO" {
        return None;
    }
    let first = case
        .listed(GROUP, "Workload")?
        .iter()
        .filter(|other| waits(other) && is_before(other, workload))
        .filter(|other| {
            cluster_queue(case, other).is_some_and(|other| read::uid(other) == read::uid(queue))
        })
        .min_by(|a, b| place(a).cmp(&place(b)))?;
    let sentence = say(PhraseCode::WhyQueueBehind)
        .with("first", called(first))
        .with("queue", read::name(queue));
    let said = read::condition(first, "QuotaReserved");
    let found = Found::new(ReasonCode::QueueBehind, sentence, say(PhraseCode::ActQueue))
        .because(field(queue, "spec.queueingStrategy"))
        .also(said.map(|said| of_condition(case, first, said)));
    Some(found)
}

/// Whether a workload stands in line.
fn waits(workload: &Value) -> bool {
    let is_active = workload.pointer("/spec/active").and_then(Value::as_bool) != Some(false);
    is_active
        && ["QuotaReserved", "Finished"]
            .into_iter()
            .all(|kind| read::condition_is(workload, kind, "True").is_none())
}

/// Its place: what matters most, then the oldest.
fn place(workload: &Value) -> (Reverse<i64>, &str) {
    let priority = read::number(workload, "/spec/priority").unwrap_or(0);
    let created = read::text(workload, "/metadata/creationTimestamp");
    (Reverse(priority), created)
}

/// Whether `other` is before `workload`. Of two of the same second the one that the queue has
/// looked at already is.
fn is_before(other: &Value, workload: &Value) -> bool {
    read::uid(other) != read::uid(workload)
        && (place(other) < place(workload)
            || place(other) == place(workload) && read::condition(other, "QuotaReserved").is_some())
}

/// The job that a workload stands for, or the workload itself.
pub(super) fn called(workload: &Value) -> String {
    let owner = read::list(workload, "/metadata/ownerReferences").first();
    let name = owner.map_or_else(|| read::name(workload), |owner| read::text(owner, "/name"));
    format!("{}/{name}", read::namespace(workload))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn priority_comes_before_age_and_a_reservation_is_no_place() {
        let workload = |uid: &str, priority: i64, created: &str| json!({ "metadata": { "uid": uid, "creationTimestamp": created }, "spec": { "priority": priority } });
        let mine = workload("mine", 0, "2026-01-01T00:00:05Z");
        assert!(is_before(
            &workload("old", 0, "2026-01-01T00:00:00Z"),
            &mine
        ));
        assert!(is_before(
            &workload("high", 9, "2026-01-01T00:00:09Z"),
            &mine
        ));
        assert!(!is_before(
            &workload("late", 0, "2026-01-01T00:00:09Z"),
            &mine
        ));
        assert!(!is_before(&mine, &mine));
        let reserved =
            json!({ "status": { "conditions": [{ "type": "QuotaReserved", "status": "True" }] } });
        assert!(!waits(&reserved));
    }
}
