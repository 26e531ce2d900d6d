//! Nodes as a scheduler sees them: what they have, what is free, what keeps a pod away.

use std::collections::HashMap;

use serde_json::Value;
use strata_domain::pod::Pod;

use super::{amounts::Amounts, case::Case, read};

/// The taint of a node whose kubelet is not ready.
const NOT_READY: &str = "node.kubernetes.io/not-ready";
/// The taint of a node that does not answer.
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
/// The taint of a cordoned node.
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// A node.
pub(super) struct Machine<'a> {
    pub(super) node: &'a Value,
    pub(super) name: &'a str,
    pub(super) capacity: Amounts,
    pub(super) allocatable: Amounts,
    pub(super) used: Amounts,
    /// The pods on it.
    pub(super) pods: Vec<&'a Pod>,
}

/// What keeps every pod away that does not tolerate it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Barred {
    /// It is cordoned.
    Cordoned,
    /// Its kubelet is not ready, or does not answer.
    NotReady,
    /// A taint, as `key=value:effect`.
    Taint(String),
}

impl<'a> Machine<'a> {
    /// Every node of the case, with what the pods on it hold.
    pub(super) fn all(case: &'a Case) -> Vec<Self> {
        let mut on: HashMap<&str, Vec<&Pod>> = HashMap::new();
        for pod in case.placed.iter().filter(|pod| pod.holds_resources()) {
            on.entry(pod.node.as_str()).or_default().push(pod);
        }
        let nodes = case.nodes().unwrap_or_default();
        nodes
            .iter()
            .map(|node| {
                let name = read::name(node);
                let pods = on.remove(name).unwrap_or_default();
                let mut used = Amounts::default();
                for pod in &pods {
                    used.add(&Amounts::held(&pod.requests));
                }
                Self {
                    node,
                    name,
                    capacity: Amounts::read(node, "/status/capacity"),
                    allocatable: Amounts::read(node, "/status/allocatable"),
                    used,
                    pods,
                }
            })
            .collect()
    }

    /// What is free of `resource`.
    pub(super) fn free(&self, resource: &str) -> u64 {
        let allocatable = self.allocatable.get(resource);
        allocatable.saturating_sub(self.used.get(resource))
    }

    /// A label of the node.
    pub(super) fn label(&self, key: &str) -> Option<String> {
        let labels = self.node.pointer("/metadata/labels")?;
        Some(labels.get(key)?.as_str()?.to_owned())
    }

    /// What bars the pod with this spec from the node.
    pub(super) fn bars(&self, spec: &Value) -> Option<Barred> {
        let tolerations = read::list(spec, "/tolerations");
        let mut bars: Vec<Barred> = read::list(self.node, "/spec/taints")
            .iter()
            .filter(|taint| read::text(taint, "/effect") != "PreferNoSchedule")
            .filter(|taint| !tolerations.iter().any(|known| tolerates(known, taint)))
            .map(|taint| match read::text(taint, "/key") {
                UNSCHEDULABLE => Barred::Cordoned,
                NOT_READY | UNREACHABLE => Barred::NotReady,
                key => {
                    let value = read::text(taint, "/value");
                    let equals = if value.is_empty() { "" } else { "=" };
                    let effect = read::text(taint, "/effect");
                    Barred::Taint(format!("{key}{equals}{value}:{effect}"))
                }
            })
            .collect();
        let tolerates_cordon = tolerations.iter().any(|known| {
            tolerates(
                known,
                &serde_json::json!({ "key": UNSCHEDULABLE, "effect": "NoSchedule" }),
            )
        });
        if read::flag(self.node, "/spec/unschedulable") && !tolerates_cordon {
            bars.push(Barred::Cordoned);
        }
        // What somebody must do first: bring the node back, then uncordon it, then a taint.
        bars.into_iter().min_by_key(|bar| match bar {
            Barred::NotReady => 0,
            Barred::Cordoned => 1,
            Barred::Taint(_) => 2,
        })
    }
}

/// Whether a toleration tolerates a taint.
///
/// Source: `ToleratesTaint` in `k8s.io/component-helpers/scheduling/corev1` of Kubernetes 1.36.
fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let effect = read::text(toleration, "/effect");
    let key = read::text(toleration, "/key");
    (effect.is_empty() || effect == read::text(taint, "/effect"))
        && (key.is_empty() || key == read::text(taint, "/key"))
        && match read::text(toleration, "/operator") {
            "Exists" => true,
            "" | "Equal" => read::text(toleration, "/value") == read::text(taint, "/value"),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_toleration_without_a_key_tolerates_everything() {
        let taint = json!({ "key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule" });
        assert!(tolerates(&json!({ "operator": "Exists" }), &taint));
        assert!(tolerates(
            &json!({ "key": "nvidia.com/gpu", "operator": "Exists" }),
            &taint
        ));
        assert!(!tolerates(
            &json!({ "key": "nvidia.com/gpu", "value": "no" }),
            &taint
        ));
        assert!(!tolerates(
            &json!({ "key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoExecute" }),
            &taint
        ));
    }
}
