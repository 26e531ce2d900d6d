//! Which nodes a daemon set's pods run on.

use serde_json::{Map, Value, json};
use strata_domain::text::Text;

use crate::{
    actors::{capacity::NodeRoom, pods::Pod, scheduler},
    json,
};

/// How a node suits a daemon set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// Whether it gets a pod.
    pub(super) should_run: bool,
    /// Whether a pod that is there stays.
    pub(super) should_stay: bool,
}

impl Fit {
    pub(super) fn of(template: &Value, name: &str, room: &NodeRoom) -> Self {
        let chosen = json::text(template, "/spec/nodeName");
        let is_chosen = chosen.is_empty() || chosen == name;
        if !is_chosen || !scheduler::affinity::matches(template, name, room) {
            return Self {
                should_run: false,
                should_stay: false,
            };
        }
        let is_free_of = |effect: &str| {
            room.taints
                .iter()
                .all(|taint| taint.effect != effect || taint.is_tolerated(template))
        };
        let should_stay = is_free_of("NoExecute");
        Self {
            should_run: should_stay && is_free_of("NoSchedule"),
            should_stay,
        }
    }
}

/// The node that a pod is on, or is for.
pub(super) fn node_of(pod: &Pod) -> Option<Text> {
    if !pod.node.is_empty() {
        return Some(pod.node.clone());
    }
    let object = pod.stored.value();
    let terms = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution\
        /nodeSelectorTerms";
    json::items(&object, terms)
        .iter()
        .flat_map(|term| json::items(term, "/matchFields"))
        .filter(|field| json::text(field, "/key") == "metadata.name")
        .find_map(|field| json::items(field, "/values").first()?.as_str())
        .map(Text::from)
}

/// The set's template with the tolerations that every daemon pod gets.
pub(super) fn daemon_template(set: &Value) -> Value {
    let template = set.pointer("/spec/template").cloned();
    let mut template = template.unwrap_or_default();
    let spec = json::object_at(&mut template, "spec");
    tolerate_trouble_of_nodes(spec);
    template
}

fn tolerate_trouble_of_nodes(spec: &mut Map<String, Value>) {
    const TROUBLE: [(&str, &str); 6] = [
        ("not-ready", "NoExecute"),
        ("unreachable", "NoExecute"),
        ("disk-pressure", "NoSchedule"),
        ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"),
        ("unschedulable", "NoSchedule"),
    ];
    let uses_network_of_node = spec.get("hostNetwork") == Some(&Value::Bool(true));
    let network = uses_network_of_node.then_some(("network-unavailable", "NoSchedule"));
    let tolerations = spec.entry("tolerations").or_insert_with(|| json!([]));
    let Some(tolerations) = tolerations.as_array_mut() else {
        return;
    };
    for (trouble, effect) in TROUBLE.into_iter().chain(network) {
        let toleration = json!({ "key": format!("node.kubernetes.io/{trouble}"),
            "operator": "Exists", "effect": effect });
        if !tolerations.contains(&toleration) {
            tolerations.push(toleration);
        }
    }
}
