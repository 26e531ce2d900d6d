//! Deployments: one replica set for each template, rolled over by availability.

use std::sync::Arc;

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{condition, counts, generation};
use crate::{
    actors::{Subject, events::Event, pods},
    json,
    store::Stored,
    world::World,
};

const REVISION: &str = "deployment.kubernetes.io/revision";

fn replica_set_kind() -> GroupKind {
    GroupKind::new("apps", "ReplicaSet")
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let template = subject
        .object
        .pointer("/spec/template")
        .cloned()
        .unwrap_or_default();
    let name = format!(
        "{}-{}",
        subject.stored.key.name,
        pods::template_hash(&template)
    );
    let sets = world
        .store
        .dependents(&subject.stored.uid, &replica_set_kind());
    if !sets.iter().any(|set| set.key.name == name.as_str()) {
        create_set(world, subject, &template, &name, &sets);
        return;
    }
    roll(world, subject, &name, &sets);
    write_status(world, subject, &name);
}

fn create_set(
    world: &mut World,
    subject: &Subject<'_>,
    template: &Value,
    name: &str,
    others: &[Arc<Stored>],
) {
    let desired = json::count(subject.object, "/spec/replicas");
    let hash = name.rsplit_once('-').map_or("", |(_, hash)| hash);
    let mut template = template.clone();
    let mut labels = template
        .pointer("/metadata/labels")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    labels.insert("pod-template-hash".to_owned(), hash.into());
    json::object_at(&mut template, "metadata").insert("labels".to_owned(), labels.clone().into());
    let mut selector = subject
        .object
        .pointer("/spec/selector")
        .cloned()
        .unwrap_or_default();
    json::object_at(&mut selector, "matchLabels")
        .insert("pod-template-hash".to_owned(), hash.into());
    let revision = others
        .iter()
        .filter_map(|set| {
            let set = set.value();
            let annotations = set.pointer("/metadata/annotations")?;
            annotations.get(REVISION)?.as_str()?.parse::<u64>().ok()
        })
        .max()
        .unwrap_or(0)
        + 1;
    // A first replica set has all pods at once; a later one gets them as the rollout goes on.
    let replicas = if others.is_empty() { desired } else { 0 };
    let set = json!({
        "metadata": { "name": name, "labels": labels, "annotations": {
            REVISION: revision.to_string(),
            "deployment.kubernetes.io/desired-replicas": desired.to_string(),
        } },
        "spec": { "replicas": replicas, "selector": selector, "template": template },
        "status": { "replicas": 0 },
    });
    if pods::ensure(world, subject, "apps/v1", &replica_set_kind(), set).is_some() {
        let message = format!("Scaled up replica set {name} from 0 to {replicas}");
        Event::normal("ScalingReplicaSet", message)
            .by("deployment-controller")
            .record(world, subject.kind, subject.stored);
    }
    world
        .store
        .update(subject.kind, &subject.stored.key, |deployment| {
            let metadata = json::object_at(deployment, "metadata");
            let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
            json::as_object(annotations).insert(REVISION.to_owned(), revision.to_string().into());
        });
}

/// Moves pods from old replica sets to the one of the current template, a quarter at a time.
fn roll(world: &mut World, subject: &Subject<'_>, name: &str, sets: &[Arc<Stored>]) {
    let desired = json::count(subject.object, "/spec/replicas");
    let surge = desired.div_ceil(4);
    let unavailable = desired / 4;
    let of_set = |set: &Arc<Stored>| {
        let set = set.value();
        (
            json::count(&set, "/spec/replicas"),
            json::count(&set, "/status/readyReplicas"),
        )
    };
    let (current, old): (Vec<&Arc<Stored>>, Vec<&Arc<Stored>>) =
        sets.iter().partition(|set| set.key.name == name);
    let ready = current.iter().map(|set| of_set(set).1).sum::<u64>();
    let old_total = old.iter().map(|set| of_set(set).0).sum::<u64>();
    let target = desired.min((desired + surge).saturating_sub(old_total));
    for set in current {
        scale(world, &set.key, of_set(set).0, target);
    }
    let mut excess = old_total.saturating_sub(desired.saturating_sub(unavailable + ready));
    for set in old {
        let replicas = of_set(set).0;
        let removed = replicas.min(excess);
        excess -= removed;
        scale(world, &set.key, replicas, replicas - removed);
    }
}

fn scale(world: &mut World, key: &ObjectKey, from: u64, to: u64) {
    if from != to {
        world.store.update(&replica_set_kind(), key, |set| {
            json::object_at(set, "spec").insert("replicas".to_owned(), to.into());
        });
    }
}

fn write_status(world: &mut World, subject: &Subject<'_>, name: &str) {
    let desired = json::count(subject.object, "/spec/replicas");
    let (mut total, mut ready, mut updated) = (0, 0, 0);
    for set in world
        .store
        .dependents(&subject.stored.uid, &replica_set_kind())
    {
        let object = set.value();
        total += json::count(&object, "/status/replicas");
        ready += json::count(&object, "/status/readyReplicas");
        if set.key.name == name {
            updated = json::count(&object, "/status/replicas");
        }
    }
    let mut status = counts([
        ("observedGeneration", generation(subject)),
        ("replicas", total),
        ("updatedReplicas", updated),
        ("readyReplicas", ready),
        ("availableReplicas", ready),
        ("unavailableReplicas", desired.saturating_sub(ready)),
    ]);
    let stamp = world.stamp();
    let is_available = ready >= desired.saturating_sub(desired / 4);
    let available = if is_available {
        (
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        )
    } else {
        (
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        )
    };
    let progressed = format!("ReplicaSet \"{name}\" has successfully progressed.");
    let progressing = format!("ReplicaSet \"{name}\" is progressing.");
    let progress = if ready == desired && updated == desired {
        ("NewReplicaSetAvailable", progressed.as_str())
    } else {
        ("ReplicaSetUpdated", progressing.as_str())
    };
    status.insert(
        "conditions".to_owned(),
        json!([
            condition(subject, "Available", is_available, available, &stamp),
            condition(subject, "Progressing", true, progress, &stamp),
        ]),
    );
    world.set_status(subject.kind, &subject.stored.key, status.into());
}
