//! Who has which GPU: told when it becomes otherwise, and now and then all the same.

use jiff::{SignedDuration, Timestamp};
use strata_domain::ids::{GroupKind, ObjectKey};
use strata_ports::{
    holdings::{HeldNow, Holding},
    objects::ObjectAddress,
};

use super::gpu_name;
use crate::derive::gpus::{Gpu, Gpus, Holder};

/// After this long all of it is told again: what was told may not have been written.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Held {
    told: Option<HeldNow>,
}

impl Held {
    /// What is to be kept; `None` where that was told already.
    pub(super) fn tell(&mut self, gpus: &Gpus, now: Timestamp) -> Option<HeldNow> {
        let holdings: Vec<Holding> = gpus
            .iter()
            .flat_map(|gpu| gpu.holders.iter().map(|holder| holding(gpu, holder, now)))
            .collect();
        let is_told = self
            .told
            .as_ref()
            .is_some_and(|told| told.holdings == holdings && now.duration_since(told.at) < AGAIN);
        if is_told {
            return None;
        }
        let held = HeldNow { at: now, holdings };
        self.told = Some(held.clone());
        Some(held)
    }
}

fn holding(gpu: &Gpu, holder: &Holder, now: Timestamp) -> Holding {
    Holding {
        gpu: gpu_name(&gpu.uuid, &gpu.node, gpu.index),
        node: gpu.node.clone(),
        index: gpu.index,
        pod: holder.pod.name.clone(),
        uid: holder.uid.clone(),
        owner: ObjectAddress {
            kind: GroupKind::new(holder.workload_group.clone(), holder.workload_kind.clone()),
            key: ObjectKey::new(holder.pod.namespace.clone(), holder.workload.clone()),
        },
        began: holder.since.unwrap_or(now).min(now),
        is_counted: gpu.is_by_count,
        is_shared: gpu.is_shared || gpu.holders.len() > 1,
    }
}
