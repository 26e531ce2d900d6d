//! Why a pod fits nowhere, in the scheduler's sentence.
//!
//! Source: `FitError` in `pkg/scheduler/framework/types.go` of Kubernetes 1.36.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::json;

/// Why a node will not do.
pub(super) struct Obstacle {
    pub(super) reasons: Vec<String>,
    /// Whether it would not do either if other pods left it.
    pub(super) is_for_good: bool,
}

impl Obstacle {
    pub(super) fn for_good(reason: &str) -> Self {
        Self {
            reasons: vec![reason.to_owned()],
            is_for_good: true,
        }
    }

    pub(super) fn for_now(reasons: Vec<String>) -> Self {
        Self {
            reasons,
            is_for_good: false,
        }
    }
}

/// Why no node will do.
pub(super) struct Misfit {
    nodes: usize,
    /// A reason that is about the pod and no node.
    whole: Option<String>,
    reasons: BTreeMap<String, usize>,
    without_victims: usize,
}

impl Misfit {
    pub(super) fn of(nodes: usize) -> Self {
        Self {
            nodes,
            whole: None,
            reasons: BTreeMap::new(),
            without_victims: 0,
        }
    }

    pub(super) fn whole(nodes: usize, reason: String) -> Self {
        Self {
            whole: Some(reason),
            ..Self::of(nodes)
        }
    }

    pub(super) fn add(&mut self, obstacle: &Obstacle) {
        for reason in &obstacle.reasons {
            *self.reasons.entry(reason.clone()).or_default() += 1;
        }
        self.without_victims += usize::from(!obstacle.is_for_good);
    }

    /// Takes note of nodes that were not looked at, since the pod's affinity names others.
    pub(super) fn leave_out(&mut self, nodes: usize) {
        if nodes > 0 {
            let reason = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
            self.reasons.insert(reason.to_owned(), nodes);
        }
    }

    /// The sentence about `pod`.
    pub(super) fn sentence(&self, pod: &Value) -> String {
        let nodes = self.nodes;
        if nodes == 0 {
            return "no nodes available to schedule pods".to_owned();
        }
        let why = self.whole.clone().unwrap_or_else(|| {
            sorted(
                self.reasons
                    .iter()
                    .map(|(reason, count)| (*count, reason.as_str())),
            )
        });
        let preemption = if json::text(pod, "/spec/preemptionPolicy") == "Never" {
            "not eligible due to preemptionPolicy=Never.".to_owned()
        } else {
            let counts = [
                (
                    self.without_victims,
                    "No preemption victims found for incoming pod",
                ),
                (
                    nodes - self.without_victims,
                    "Preemption is not helpful for scheduling",
                ),
            ];
            let counts = counts.into_iter().filter(|(count, _)| *count > 0);
            format!("0/{nodes} nodes are available: {}.", sorted(counts))
        };
        format!("0/{nodes} nodes are available: {why}. preemption: {preemption}")
    }
}

/// The reasons with their counts, in the order of their text.
fn sorted<'a>(reasons: impl Iterator<Item = (usize, &'a str)>) -> String {
    let mut parts: Vec<String> = reasons
        .map(|(count, reason)| format!("{count} {reason}"))
        .collect();
    parts.sort();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reasons_are_counted_and_sorted_as_text() {
        let mut misfit = Misfit::of(24);
        for _ in 0..3 {
            misfit.add(&Obstacle::for_good("node(s) had untolerated taint(s)"));
        }
        for _ in 0..21 {
            misfit.add(&Obstacle::for_now(vec![
                "Insufficient nvidia.com/gpu".to_owned(),
            ]));
        }
        assert_eq!(
            misfit.sentence(&json!({})),
            "0/24 nodes are available: 21 Insufficient nvidia.com/gpu, 3 node(s) had untolerated \
             taint(s). preemption: 0/24 nodes are available: 21 No preemption victims found for \
             incoming pod, 3 Preemption is not helpful for scheduling."
        );
    }
}
