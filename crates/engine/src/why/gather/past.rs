//! What a timeline needs beyond a trace: the queue's word on what runs by now, and the events of pods
//! that do well.

use futures::{StreamExt as _, stream};
use serde_json::Value;
use strata_domain::ids::GroupKind;
use strata_ports::objects::Selection;

use super::{
    super::{
        case::{Case, seen},
        judge::queue,
        read,
    },
    family::AT_ONCE,
    reading::Reading,
};

/// Objects whose events are read beyond those of a trace.
const EVENTFUL: usize = 48;

/// Gathers what happened.
pub(super) async fn gather(reading: &Reading<'_>, case: &mut Case) {
    let workload = GroupKind::new(queue::GROUP, "Workload");
    if !case.lists.contains_key(&workload) {
        let namespace = read::namespace(&case.object);
        let listed = reading
            .list(Selection::all(queue::GROUP, "Workload", namespace))
            .await;
        if let Some(listed) = listed {
            case.lists.insert(workload, listed);
        }
    }
    let workloads = case.listed(queue::GROUP, "Workload").unwrap_or_default();
    let ours = workloads
        .iter()
        .filter(|workload| queue::is_of(case, workload));
    let wanted: Vec<Selection> = ours
        .chain(&case.pods)
        .filter(|object| case.events_of(object).next().is_none())
        .take(EVENTFUL)
        .map(|object| Selection::events_of(read::namespace(object), read::uid(object)))
        .collect();
    let lists: Vec<Option<Vec<Value>>> = stream::iter(wanted)
        .map(|selection| reading.list(selection))
        .buffered(AT_ONCE)
        .collect()
        .await;
    case.events.extend(lists.into_iter().flatten().flatten());
    case.events
        .sort_by_key(|event| std::cmp::Reverse(seen(event)));
}
