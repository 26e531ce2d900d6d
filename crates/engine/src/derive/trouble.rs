//! How a set of pods does, and the worst that is wrong in it.

use jiff::Timestamp;
use strata_api::phrases::Phrase;
use strata_domain::{ids::ObjectKey, pod::Pod, severity::Severity, text::Text};

use super::{
    owners::is_current,
    pods::{Remedy, judge},
};
use crate::fleet::cluster::Cluster;

/// The worst that is wrong in a set of pods, and how many fare so.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// The worst severity.
    pub severity: Severity,
    /// A pod that has it.
    pub pod: ObjectKey,
    /// The container that it is about; empty where it is about none.
    pub container: Text,
    /// Why.
    pub reason: Phrase,
    /// What it calls for.
    pub remedy: Remedy,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
}

/// How a set of pods does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodsHealth {
    /// Pods that are neither done nor failed.
    pub current: u32,
    /// Of these, the ones that are ready.
    pub ready: u32,
    /// Pods with a fault.
    pub faulty: u32,
    /// Of these, the ones whose node does not answer.
    pub lost: u32,
    /// The worst of the faults.
    pub worst: Option<Trouble>,
}

impl PodsHealth {
    /// Sums up `pods`. Of equal faults the one of the pod with the first name is told, so that the
    /// words do not change from one look to the next.
    pub fn of<'a>(pods: impl Iterator<Item = &'a Pod>, cluster: &Cluster, now: Timestamp) -> Self {
        let mut sum = Self::default();
        for pod in pods {
            sum.current += u32::from(is_current(pod));
            sum.ready += u32::from(is_current(pod) && pod.ready);
            let node = if pod.node.is_empty() {
                None
            } else {
                cluster.node(&pod.node)
            };
            let health = judge(pod, node, now);
            let Some(fault) = &health.fault else { continue };
            sum.faulty += 1;
            let remedy = fault.remedy();
            sum.lost += u32::from(remedy == Remedy::Node);
            let key = &pod.metadata.key;
            let is_worse = sum
                .worst
                .as_ref()
                .is_none_or(|worst| (health.severity, &worst.pod) > (worst.severity, key));
            if is_worse {
                sum.worst = Some(Trouble {
                    severity: health.severity,
                    pod: key.clone(),
                    container: fault.container().map(Text::from).unwrap_or_default(),
                    reason: fault.phrase(),
                    remedy,
                    since: health.since,
                });
            }
        }
        sum
    }
}
