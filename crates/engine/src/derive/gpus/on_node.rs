//! The GPUs of one node: its devices, who holds which, what each does.

use std::{collections::BTreeMap, sync::Arc};

use hashbrown::HashSet;
use jiff::{SignedDuration, Timestamp};
use strata_domain::{ids::ObjectKey, pod::Pod, reading::Figure, severity::Severity, text::Text};

use super::{Fault, Gpu, GpuState, Holder, claims::Claimed, fault, holder};
use crate::{
    derive::{Derived, accelerators::NodeAccelerators, nodes::NodeState},
    fleet::{
        cluster::Cluster,
        telemetry::{Device, STEP_SECONDS, Series},
    },
};

/// Nothing ran on a device for this long: what holds it holds it idle.
pub const IDLE_SPAN: SignedDuration = SignedDuration::from_mins(10);

/// Below this share of time a device does nothing: what monitors cause by themselves.
const IDLE_ACTIVITY: f64 = 0.01;

/// More memory than this is held by somebody: contexts of monitors and drivers take less.
const HELD_MEMORY_BYTES: f64 = 256.0 * 1_048_576.0;

/// A node, and what is known of its devices.
pub(super) struct OnNode<'a> {
    pub(super) name: &'a Text,
    pub(super) known: &'a NodeAccelerators,
    pub(super) state: &'a NodeState,
    pub(super) devices: Option<&'a BTreeMap<u32, Device>>,
    pub(super) claimed: &'a Claimed<'a>,
    pub(super) are_pods_known: bool,
    pub(super) now: Timestamp,
}

impl OnNode<'_> {
    /// The GPUs of the node: who holds each, what it does, what is wrong with it.
    pub(super) fn gpus(
        &self,
        cluster: &Cluster,
        derived: &Derived,
        holders: &mut holder::Holders<'_>,
    ) -> Vec<Gpu> {
        let mut gpus: Vec<Gpu> = self.indices().map(|index| self.begun(index)).collect();
        let mut named = HashSet::new();
        for gpu in &mut gpus {
            let device = self.device(gpu.index);
            for (told, instance) in device.into_iter().flat_map(Device::told_holders) {
                let pod = cluster.pod_named(&told.pod.namespace, &told.pod.name);
                // An exporter names a pod for a while after it has ended.
                let Some(pod) = pod.filter(|pod| pod.holds_resources()) else {
                    continue;
                };
                named.insert(&pod.metadata.key);
                gpu.holders.push(holders.told(pod, told, instance));
            }
        }
        self.lay_by_claim(cluster, holders, &mut named, &mut gpus);
        self.lay_by_count(cluster, derived, holders, &named, &mut gpus);
        self.judge(cluster, &mut gpus);
        gpus
    }

    /// The numbers of the node's devices: those that exporters tell, and as many more as the node
    /// has.
    fn indices(&self) -> impl Iterator<Item = u32> {
        let mut all: Vec<u32> = self
            .devices
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        let mut next = 0;
        while all.len() < self.known.total as usize {
            if !all.contains(&next) {
                all.push(next);
            }
            next += 1;
        }
        all.sort_unstable();
        all.into_iter()
    }

    fn device(&self, index: u32) -> Option<&Device> {
        self.devices?.get(&index)
    }

    fn begun(&self, index: u32) -> Gpu {
        let device = self.device(index);
        let is_stale = device.is_none_or(|device| device.is_stale(self.now));
        let fresh = device.filter(|_| !is_stale);
        let used = fresh.and_then(|device| device.value(Figure::MemoryUsed));
        let total = fresh.and_then(|device| device.value(Figure::MemoryTotal));
        let xid = device.and_then(|device| device.value(Figure::LastXid));
        Gpu {
            node: self.name.clone(),
            index,
            uuid: device.map(|device| device.uuid.clone()).unwrap_or_default(),
            model: self.known.model.clone(),
            is_model_told: self.known.is_model_told,
            zone: self.state.zone.clone(),
            rack: self.state.rack.clone(),
            is_cordoned: self.state.is_cordoned,
            state: GpuState::Free,
            severity: Severity::Ok,
            faults: Vec::new(),
            holders: Vec::new(),
            is_by_count: false,
            is_shared: self.known.shared || device.is_some_and(|device| device.is_shared),
            activity: fresh.and_then(Device::activity),
            memory: used.zip(total),
            temperature: fresh.and_then(|device| device.value(Figure::Temperature)),
            power: fresh.and_then(|device| device.value(Figure::Power)),
            xid: xid.filter(|xid| *xid > 0.0).map(fault::code),
            idle_since: None,
            measured_at: device.map(|device| device.at),
            is_stale,
        }
    }

    /// Lays the pods that no exporter names on the very devices that their claims were given.
    fn lay_by_claim<'a>(
        &self,
        cluster: &'a Cluster,
        holders: &mut holder::Holders<'_>,
        named: &mut HashSet<&'a ObjectKey>,
        gpus: &mut [Gpu],
    ) {
        for gpu in gpus {
            let pods: Vec<&Pod> = self
                .claimed
                .pods_of(self.name, gpu.index, &gpu.uuid)
                .filter_map(|key| cluster.pod_named(&key.namespace, &key.name))
                .filter(|pod| pod.holds_resources() && pod.node == *self.name)
                .collect();
            for pod in pods {
                let is_known = |holder: &Arc<Holder>| holder.pod == pod.metadata.key;
                if !gpu.holders.iter().any(is_known) {
                    gpu.holders.push(holders.counted(pod));
                }
                named.insert(&pod.metadata.key);
            }
            // Several pods with one claim use the device at once.
            gpu.is_shared |= gpu.holders.len() > 1
                && gpu.holders.iter().all(|holder| holder.instance.is_empty());
        }
    }

    /// Lays the pods that no exporter names on the first devices that are left.
    fn lay_by_count(
        &self,
        cluster: &Cluster,
        derived: &Derived,
        holders: &mut holder::Holders<'_>,
        named: &HashSet<&ObjectKey>,
        gpus: &mut [Gpu],
    ) {
        let mut unnamed: Vec<&Pod> = cluster
            .pods_on(self.name)
            .filter(|pod| pod.holds_resources() && !named.contains(&pod.metadata.key))
            .filter(|pod| derived.accelerators.are_asked_by(pod))
            .collect();
        unnamed.sort_by(|left, right| left.metadata.key.cmp(&right.metadata.key));
        if self.known.shared {
            // Shares of devices cannot be laid on devices: they are only counted.
            let held = self.known.allocated as usize;
            let seen = gpus.iter().filter(|gpu| !gpu.holders.is_empty()).count();
            let left = gpus.iter_mut().filter(|gpu| gpu.holders.is_empty());
            for gpu in left.take(held.saturating_sub(seen)) {
                gpu.state = GpuState::Allocated;
                gpu.is_by_count = true;
            }
            return;
        }
        for pod in unnamed {
            let wanted = derived.accelerators.asked_by(std::iter::once(pod)) as usize;
            let holder = holders.counted(pod);
            let left = gpus
                .iter_mut()
                .filter(|gpu| gpu.holders.is_empty() && !fault::is_lost(self.device(gpu.index)));
            for gpu in left.take(wanted) {
                gpu.holders.push(Arc::clone(&holder));
                gpu.is_by_count = true;
            }
        }
    }

    /// Says of each GPU what it does and what is wrong with it.
    fn judge(&self, cluster: &Cluster, gpus: &mut [Gpu]) {
        let withdrawn = self.known.unhealthy as usize;
        for gpu in gpus.iter_mut() {
            let device = self.device(gpu.index);
            gpu.faults = fault::faults(device, gpu, withdrawn > 0);
        }
        // Kubernetes says how many may not be given out; where no device says that it is one of
        // them, those are taken that nobody holds and nobody measures, from the last on.
        let told = gpus.iter().filter(|gpu| ends_work(gpu)).count();
        let mut rest: Vec<usize> = (0..gpus.len())
            .filter(|at| gpus.get(*at).is_some_and(|gpu| !ends_work(gpu)))
            .collect();
        rest.sort_by_key(|at| {
            let gpu = gpus.get(*at);
            let is_used = gpu.is_some_and(|gpu| !gpu.holders.is_empty());
            let is_measured = gpu.is_some_and(|gpu| gpu.activity.is_some());
            (is_used, is_measured, std::cmp::Reverse(*at))
        });
        for at in rest.into_iter().take(withdrawn.saturating_sub(told)) {
            if let Some(gpu) = gpus.get_mut(at) {
                gpu.faults.push(Fault::Withdrawn {
                    unhealthy: self.known.unhealthy,
                    total: self.known.total,
                });
            }
        }
        for gpu in gpus {
            let idle_since = self.idle_since(cluster, gpu);
            gpu.idle_since = idle_since;
            gpu.state = if !self.state.is_ready || !self.are_pods_known {
                GpuState::Unknown
            } else if ends_work(gpu) {
                GpuState::Unhealthy
            } else if idle_since.is_some() {
                GpuState::IdleHeld
            } else if gpu.is_held() {
                GpuState::Allocated
            } else {
                GpuState::Free
            };
            if gpu.state == GpuState::IdleHeld {
                gpu.faults.push(Fault::IdleHeld {
                    memory_bytes: gpu.memory.map_or(0.0, |(used, _)| used),
                    waited: idle_since
                        .map(|since| self.now.duration_since(since))
                        .unwrap_or_default(),
                });
            }
            let is_held = gpu.is_held();
            let worst = gpu.faults.iter().map(|fault| fault.severity(is_held)).max();
            gpu.severity = match gpu.state {
                GpuState::Unknown => Severity::Unknown,
                _ => worst.unwrap_or(Severity::Ok),
            };
        }
    }

    /// Since when nothing has run on a device whose memory is held, if that is [`IDLE_SPAN`] or more.
    fn idle_since(&self, cluster: &Cluster, gpu: &Gpu) -> Option<Timestamp> {
        let device = self.device(gpu.index)?;
        let (used, _) = gpu.memory?;
        let (_, busy) = gpu.activity?;
        if gpu.holders.is_empty() || gpu.is_shared || busy >= IDLE_ACTIVITY {
            return None;
        }
        if used < HELD_MEMORY_BYTES {
            return None;
        }
        let held_since = gpu
            .holders
            .iter()
            .filter_map(|holder| cluster.pod_named(&holder.pod.namespace, &holder.pod.name))
            .filter_map(|pod| pod.started.or(pod.metadata.created))
            .max();
        let values = device.history.values(Series::Activity, self.now);
        let span = steps(IDLE_SPAN);
        let recent = values.get(values.len().checked_sub(span)?..)?;
        let is_busy = |value: &Option<f64>| value.is_some_and(|value| value >= IDLE_ACTIVITY);
        let known = recent.iter().filter(|value| value.is_some()).count();
        // A quarter of the span may be gaps: an exporter that missed a few rounds hides no work.
        if recent.iter().any(is_busy) || known * 4 < span * 3 {
            return None;
        }
        let quiet = values
            .iter()
            .rev()
            .take_while(|value| !is_busy(value))
            .count();
        let known_quiet = values
            .get(values.len() - quiet..)
            .and_then(|tail| tail.iter().position(Option::is_some))
            .map_or(0, |gaps| quiet - gaps);
        let back = i64::try_from(known_quiet).unwrap_or(0) * i64::from(STEP_SECONDS);
        let since = self
            .now
            .checked_sub(SignedDuration::from_secs(back))
            .ok()?
            .max(held_since.unwrap_or(Timestamp::MIN));
        (self.now.duration_since(since) >= IDLE_SPAN).then_some(since)
    }
}

/// Whether a fault of `gpu` ends what runs on it.
fn ends_work(gpu: &Gpu) -> bool {
    gpu.faults.iter().any(Fault::ends_work)
}

/// How many steps of the history `span` has.
fn steps(span: SignedDuration) -> usize {
    usize::try_from(span.as_secs() / i64::from(STEP_SECONDS)).unwrap_or(1)
}
