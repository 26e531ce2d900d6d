//! How full volumes are, as the kubelets told that mount them.

use hashbrown::{HashMap, HashSet};
use jiff::{SignedDuration, Timestamp};
use strata_domain::{ids::ObjectKey, text::Text};
use strata_ports::telemetry::{Exporter, Failure, VolumeReport};

/// What was measured longer ago than this is not how it is now: kubelets measure about once a minute,
/// and are asked once a minute.
const STALE_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How full the volumes of a cluster are.
#[derive(Debug, Default)]
pub struct Volumes {
    by_claim: HashMap<ObjectKey, Fill>,
    /// The kubelets that are asked, and how that went.
    kubelets: HashMap<Text, Kubelet>,
}

/// How full the volume of a claim is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// When that was measured.
    pub at: Timestamp,
    /// The node whose kubelet measured.
    pub node: Text,
    /// What its file system holds in all, in bytes.
    pub capacity_bytes: u64,
    /// What of that is used, in bytes.
    pub used_bytes: u64,
    /// What may still be written, in bytes.
    pub available_bytes: u64,
}

/// How asking a kubelet went.
#[derive(Clone, Debug, Default)]
struct Kubelet {
    told_at: Option<Timestamp>,
    failure: Option<Failure>,
}

/// How asking kubelets went, all together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How many are asked.
    pub kubelets: u32,
    /// How many told something the last time.
    pub told: u32,
    /// What one of the others said instead.
    pub failure: Option<Failure>,
    /// When the first of those that told did so last.
    pub oldest: Option<Timestamp>,
}

impl Fill {
    /// How much of it is available, from 0 to 1. Kubernetes' own alerts go by this, not by what is
    /// used, since some may be reserved.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share needs no more than 52 bits"
    )]
    pub fn available(&self) -> f64 {
        self.available_bytes as f64 / (self.capacity_bytes as f64).max(1.0)
    }
}

impl Volumes {
    /// Keeps to the kubelets among `exporters`, and to what they told.
    pub(super) fn keep(&mut self, exporters: &[Exporter]) {
        let mut before = std::mem::take(&mut self.kubelets);
        self.kubelets = exporters
            .iter()
            .filter(|exporter| exporter.dialect == strata_ports::telemetry::Dialect::Kubelet)
            .map(|exporter| {
                let known = before.remove(&exporter.node).unwrap_or_default();
                (exporter.node.clone(), known)
            })
            .collect();
    }

    /// Takes in what the kubelet of `node` told at `at`: what it told before and tells no more is
    /// mounted there no more.
    pub(super) fn take(&mut self, node: &Text, at: Timestamp, reports: Vec<VolumeReport>) {
        let told: HashSet<&ObjectKey> = reports.iter().map(|report| &report.claim).collect();
        self.by_claim
            .retain(|claim, fill| fill.node != *node || told.contains(claim));
        drop(told);
        for report in reports {
            let fill = Fill {
                at: report.at.unwrap_or(at),
                node: node.clone(),
                capacity_bytes: report.capacity_bytes,
                used_bytes: report.used_bytes,
                available_bytes: report.available_bytes,
            };
            // Several nodes may mount it: the newest measurement counts.
            match self.by_claim.get(&report.claim) {
                Some(known) if known.at > fill.at => {}
                _ => {
                    self.by_claim.insert(report.claim, fill);
                }
            }
        }
        self.kubelets.insert(
            node.clone(),
            Kubelet {
                told_at: Some(at),
                failure: None,
            },
        );
    }

    /// Takes note that the kubelet of `node` told nothing.
    pub(super) fn fail(&mut self, node: &Text, failure: Failure) {
        self.kubelets.entry(node.clone()).or_default().failure = Some(failure);
    }

    /// How full the volume of `claim` is, if that was measured not too long before `now`.
    pub fn of(&self, claim: &ObjectKey, now: Timestamp) -> Option<&Fill> {
        self.by_claim
            .get(claim)
            .filter(|fill| now.duration_since(fill.at) <= STALE_AFTER)
    }

    /// How many volumes were measured not too long before `now`, and what of all of them is used, in
    /// bytes.
    #[expect(
        clippy::cast_precision_loss,
        reason = "what volumes hold is below 2^53 bytes by far"
    )]
    pub fn used(&self, now: Timestamp) -> (usize, f64) {
        let fresh = self
            .by_claim
            .values()
            .filter(|fill| now.duration_since(fill.at) <= STALE_AFTER);
        fresh.fold((0, 0.0), |(count, used), fill| {
            (count + 1, used + fill.used_bytes as f64)
        })
    }

    /// How asking went.
    pub fn asked(&self) -> Asked {
        let told = |kubelet: &&Kubelet| kubelet.failure.is_none() && kubelet.told_at.is_some();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let all = || self.kubelets.values();
        Asked {
            kubelets: count(self.kubelets.len()),
            told: count(all().filter(told).count()),
            failure: all().find_map(|kubelet| kubelet.failure.clone()),
            oldest: all()
                .filter(told)
                .filter_map(|kubelet| kubelet.told_at)
                .min(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(claim: &str, used: u64) -> VolumeReport {
        VolumeReport {
            claim: ObjectKey::new("llm", claim),
            at: None,
            capacity_bytes: 100,
            used_bytes: used,
            available_bytes: 100 - used,
        }
    }

    #[test]
    fn what_a_node_mounts_no_more_is_not_known_any_more() {
        let mut volumes = Volumes::default();
        let at: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let (a, b) = (Text::from("a"), Text::from("b"));
        let models = ObjectKey::new("llm", "models");
        volumes.take(&a, at, vec![report("models", 40), report("logs", 2)]);
        volumes.take(&b, at, vec![report("models", 41)]);
        assert_eq!(volumes.of(&models, at).unwrap().used_bytes, 41);
        volumes.take(&b, at, Vec::new());
        assert_eq!(volumes.of(&models, at), None);
        assert!(volumes.of(&ObjectKey::new("llm", "logs"), at).is_some());
    }

    #[test]
    fn what_was_measured_long_ago_is_not_said_to_be_so_now() {
        let mut volumes = Volumes::default();
        let at: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        volumes.take(&Text::from("a"), at, vec![report("models", 40)]);
        let later = at + SignedDuration::from_mins(6);
        assert_eq!(volumes.of(&ObjectKey::new("llm", "models"), later), None);
    }
}
