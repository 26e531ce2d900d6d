//! Of which jobs something may have changed.

use std::{collections::HashSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use strata_domain::ids::{GroupKind, Uid};

use super::{Before, Jobs, Setting};
use crate::{
    derive::owners::RootId,
    fold::{Changed, Dirty},
};

/// How often a job that is not over is looked at though nothing of it changed: what waits for long
/// becomes a fault by time alone.
const LOOK: SignedDuration = SignedDuration::from_secs(10);

/// Whether the topmost object `id` is a job only since something beside it changed: a Deployment is
/// one when it is an application.
pub(super) fn may_become(setting: Setting<'_>, id: RootId) -> bool {
    setting.applications.of_root(id).is_some()
}

pub(super) fn is_due(jobs: &Jobs, now: Timestamp) -> bool {
    jobs.looked_at
        .is_none_or(|looked_at| now.duration_since(looked_at) >= LOOK)
}

/// The topmost objects of which something changed.
pub(super) fn among(setting: Setting<'_>, before: Before<'_>, dirty: &Dirty) -> Changed<Uid> {
    let devices =
        ["ResourceSlice", "DeviceClass"].map(|kind| GroupKind::new("resource.k8s.io", kind));
    let (Changed::Some(pods), Changed::Some(objects), Changed::Some(nodes)) =
        (&dirty.pods.slots, &dirty.objects, &dirty.nodes)
    else {
        return Changed::All;
    };
    if devices.iter().any(|kind| dirty.kinds.contains(kind)) {
        return Changed::All;
    }
    let mut stale = HashSet::new();
    // What is gone hung on what it hung on before.
    for owners in [setting.owners, before.owners] {
        let of_pods = pods.iter().filter_map(|slot| owners.of_pod(*slot));
        let of_objects = objects.iter().filter_map(|uid| owners.of_object(uid));
        let on_nodes = nodes
            .iter()
            .flat_map(|node| setting.cluster.pod_table().slots_on_node(node))
            .filter_map(|slot| owners.of_pod(slot));
        let roots = of_pods.chain(of_objects).chain(on_nodes);
        stale.extend(roots.filter_map(|id| Some(owners.root(id)?.uid.clone())));
        if Arc::ptr_eq(setting.owners, before.owners) {
            break;
        }
    }
    if dirty.watches {
        // What was awaited may turn out not to be read.
        stale.extend(before.jobs.parts.iter().cloned());
    }
    let local_queues = GroupKind::new("kueue.x-k8s.io", "LocalQueue");
    let all = || before.jobs.by_uid.values();
    if is_due(before.jobs, setting.now) {
        let living = all().filter(|job| !job.state.is_over());
        stale.extend(living.map(|job| job.uid.clone()));
    } else if dirty.kinds.contains(&local_queues) {
        // The way from a namespace's queue to the cluster's may lead elsewhere.
        let waiting = all().filter(|job| job.state.is_waiting());
        stale.extend(waiting.map(|job| job.uid.clone()));
    }
    Changed::Some(stale)
}
