//! Kueue's workload of a job: where one is, Kueue owns the job's suspension.

use serde_json::Value;
use strata_ports::objects::Selection;

use super::{Found, Ground};
use crate::why::read;

const GROUP: &str = "kueue.x-k8s.io";

/// The label that names a job's queue.
pub(super) const QUEUE: &str = "kueue.x-k8s.io/queue-name";
/// The label that names a job's priority.
pub(super) const PRIORITY: &str = "kueue.x-k8s.io/priority-class";

/// The workload that stands for the object; none where Kueue does not manage it.
pub(super) async fn workload(ground: &Ground<'_>, found: &Found) -> Option<Value> {
    if found.is_a(GROUP, "Workload") {
        return Some(found.object.clone());
    }
    let is_served = ground
        .served
        .iter()
        .any(|served| served.kind.group == GROUP && served.kind.kind == "Workload");
    if !is_served {
        return None;
    }
    let selection = Selection::all(GROUP, "Workload", &found.address.key.namespace);
    let listed = ground
        .objects
        .list(&ground.context.id, selection)
        .await
        .ok()?;
    let uid = read::uid(&found.object);
    listed.into_iter().find(|workload| {
        !read::is_ending(workload)
            && read::list(workload, "/metadata/ownerReferences")
                .iter()
                .any(|owner| read::text(owner, "/uid") == uid)
    })
}

/// Whether Kueue lets a workload run now.
pub(super) fn is_admitted(workload: &Value) -> bool {
    read::condition_is(workload, "Admitted", "True").is_some()
}
