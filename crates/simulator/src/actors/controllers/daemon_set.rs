//! Daemon sets: a pod on every node that its template may run on.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use strata_domain::text::Text;

use super::generation;
use crate::{
    actors::{
        Subject,
        pods::{self, NewPod, Tally},
    },
    json,
    world::{World, owner_reference},
};

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let template = subject
        .object
        .pointer("/spec/template")
        .cloned()
        .unwrap_or_default();
    let eligible = eligible_nodes(world, &template);
    let mut covered = BTreeSet::new();
    for pod in pods::owned_by(world, &subject.stored.uid) {
        let object = pod.stored.value();
        let node = Text::from(json::text(&object, "/spec/nodeName"));
        if !eligible.contains(&node) || !pod.is_active() {
            world.delete_pod(&pod.key);
        } else {
            covered.insert(node);
        }
    }
    for node in eligible.difference(&covered) {
        create(world, subject, &template, node);
    }
    let tally = Tally::of(&pods::owned_by(world, &subject.stored.uid));
    let desired = u64::try_from(eligible.len()).unwrap_or(u64::MAX);
    let mut status = json!({
        "observedGeneration": generation(subject),
        "currentNumberScheduled": tally.active,
        "desiredNumberScheduled": desired,
        "numberMisscheduled": 0,
        "numberReady": tally.ready,
        "updatedNumberScheduled": tally.active,
        "numberAvailable": tally.ready,
    });
    let unavailable = desired.saturating_sub(tally.ready);
    if unavailable > 0 {
        json::as_object(&mut status).insert("numberUnavailable".to_owned(), unavailable.into());
    }
    world.set_status(subject.kind, &subject.stored.key, status);
}

/// The nodes that the template selects and whose taints its pods tolerate, those that every daemon
/// pod tolerates left out.
fn eligible_nodes(world: &World, template: &Value) -> BTreeSet<Text> {
    let selector = template
        .pointer("/spec/nodeSelector")
        .and_then(Value::as_object);
    world
        .capacity
        .nodes()
        .filter(|(_, room)| {
            let is_selected = selector
                .into_iter()
                .flatten()
                .all(|(label, value)| room.labels.get(label).map(String::as_str) == value.as_str());
            let is_tolerated = room.taints.iter().all(|taint| {
                taint.key.starts_with("node.kubernetes.io/") || taint.is_tolerated(template)
            });
            is_selected && is_tolerated
        })
        .map(|(name, _)| name.clone())
        .collect()
}

/// The tolerations that every pod of a daemon set gets.
fn tolerate_node_trouble(spec: &mut serde_json::Map<String, Value>) {
    const TROUBLE: [(&str, &str); 6] = [
        ("not-ready", "NoExecute"),
        ("unreachable", "NoExecute"),
        ("disk-pressure", "NoSchedule"),
        ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"),
        ("unschedulable", "NoSchedule"),
    ];
    let tolerations = spec.entry("tolerations").or_insert_with(|| json!([]));
    if let Some(tolerations) = tolerations.as_array_mut() {
        for (key, effect) in TROUBLE {
            tolerations.push(json!({ "key": format!("node.kubernetes.io/{key}"),
                "operator": "Exists", "effect": effect }));
        }
    }
}

fn create(world: &mut World, subject: &Subject<'_>, template: &Value, node: &str) {
    let mut template = template.clone();
    let spec = json::object_at(&mut template, "spec");
    let terms = json!([{ "matchFields": [{ "key": "metadata.name", "operator": "In",
        "values": [node] }] }]);
    spec.insert(
        "affinity".to_owned(),
        json!({ "nodeAffinity": { "requiredDuringSchedulingIgnoredDuringExecution":
            { "nodeSelectorTerms": terms } } }),
    );
    tolerate_node_trouble(spec);
    // The scheduler would bind it there and nowhere else.
    spec.insert("nodeName".to_owned(), node.into());
    let hash = pods::template_hash(
        subject
            .object
            .pointer("/spec/template")
            .unwrap_or(&Value::Null),
    );
    let new = NewPod {
        name: format!("{}-", subject.stored.key.name),
        namespace: &subject.stored.key.namespace,
        template: &template,
        labels: vec![
            ("controller-revision-hash", hash),
            ("pod-template-generation", generation(subject).to_string()),
        ],
        annotations: Vec::new(),
        owner: owner_reference("apps/v1", "DaemonSet", subject.stored),
    };
    pods::make(world, new);
}
