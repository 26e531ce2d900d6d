//! Why a pod fits nowhere, in the scheduler's sentence.
//!
//! Source: `FitError` in `pkg/scheduler/framework/types.go` of Kubernetes 1.36.

use std::collections::BTreeMap;

use serde_json::Value;
use strata_domain::text::Text;

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
    reasons: Reasons,
    /// The nodes that might do if other pods left them.
    pub(super) hopeful: Vec<Text>,
}

/// Reasons, and for how many nodes each is one.
#[derive(Default)]
pub(super) struct Reasons {
    counts: BTreeMap<String, usize>,
}

impl Reasons {
    pub(super) fn add(&mut self, reasons: &[String]) {
        for reason in reasons {
            *self.counts.entry(reason.clone()).or_default() += 1;
        }
    }

    /// The sentence about `nodes` nodes: the reasons with their counts, in the order of their text.
    pub(super) fn sentence(&self, nodes: usize) -> String {
        let mut parts: Vec<String> = self
            .counts
            .iter()
            .map(|(reason, count)| format!("{count} {reason}"))
            .collect();
        parts.sort();
        format!("0/{nodes} nodes are available: {}.", parts.join(", "))
    }
}

impl Misfit {
    pub(super) fn of(nodes: usize) -> Self {
        Self {
            nodes,
            whole: None,
            reasons: Reasons::default(),
            hopeful: Vec::new(),
        }
    }

    pub(super) fn whole(nodes: usize, reason: String) -> Self {
        Self {
            whole: Some(reason),
            ..Self::of(nodes)
        }
    }

    pub(super) fn add(&mut self, node: &Text, obstacle: &Obstacle) {
        self.reasons.add(&obstacle.reasons);
        if !obstacle.is_for_good {
            self.hopeful.push(node.clone());
        }
    }

    /// Takes note of nodes that were not looked at, since the pod's affinity names others.
    pub(super) fn leave_out(&mut self, nodes: usize) {
        if nodes > 0 {
            let reason = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
            self.reasons.counts.insert(reason.to_owned(), nodes);
        }
    }

    pub(super) fn nodes(&self) -> usize {
        self.nodes
    }

    /// The sentence about the nodes alone, as it reads where other pods make room.
    pub(super) fn sentence(&self) -> String {
        match &self.whole {
            _ if self.nodes == 0 => "no nodes available to schedule pods".to_owned(),
            Some(why) => format!("0/{} nodes are available: {why}.", self.nodes),
            None => self.reasons.sentence(self.nodes),
        }
    }

    /// The whole sentence about `pod`, with what came of looking for claims to take back and, in
    /// `preemption`, of looking for pods to preempt.
    pub(super) fn with(&self, pod: &Value, preemption: &str) -> String {
        let sentence = self.sentence();
        if self.nodes == 0 {
            return sentence;
        }
        // Its volumes are looked at first; nothing is known of other claims then.
        if self.whole.is_some() {
            return format!("{sentence} not found");
        }
        let claims = if json::items(pod, "/spec/resourceClaims").is_empty() {
            "no new claims to deallocate"
        } else {
            "still not schedulable"
        };
        format!("{sentence} {claims}, preemption: {preemption}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reasons_are_counted_and_sorted_as_text() {
        let mut misfit = Misfit::of(24);
        let node = Text::from("node");
        for _ in 0..3 {
            misfit.add(
                &node,
                &Obstacle::for_good("node(s) had untolerated taint(s)"),
            );
        }
        let lacking = Obstacle::for_now(vec!["Insufficient nvidia.com/gpu".to_owned()]);
        for _ in 0..21 {
            misfit.add(&node, &lacking);
        }
        assert_eq!(misfit.hopeful.len(), 21);
        assert_eq!(
            misfit.with(&json!({}), "not eligible due to preemptionPolicy=Never."),
            "0/24 nodes are available: 21 Insufficient nvidia.com/gpu, 3 node(s) had untolerated \
             taint(s). no new claims to deallocate, preemption: not eligible due to \
             preemptionPolicy=Never."
        );
    }
}
