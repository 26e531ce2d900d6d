//! LeaderWorkerSet: groups of one leader and its workers.

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::{
    Conditions,
    services::{self, Reach, Wanted},
    write_status,
};
use crate::{
    actors::{Subject, pods},
    json,
    world::{World, pod_kind},
};

const PREFIX: &str = "leaderworkerset.sigs.k8s.io";

fn set_kind() -> GroupKind {
    GroupKind::new("apps", "StatefulSet")
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let key = &subject.stored.key;
    let spec = subject.object.get("spec").cloned().unwrap_or_default();
    let replicas = json::count_or(&spec, "/replicas", 1);
    let size = json::count(&spec, "/leaderWorkerTemplate/size").max(1);
    let template = spec
        .pointer("/leaderWorkerTemplate/workerTemplate")
        .cloned()
        .unwrap_or_default();
    let leader = leader_of(&spec, &template, &key.name);
    let child = stateful_set(&key.name, replicas, 0, &leader);
    let api_version = "leaderworkerset.x-k8s.io/v1";
    let Some(leaders) = pods::ensure(world, subject, api_version, &set_kind(), child) else {
        return;
    };
    let wanted = Wanted {
        name: &key.name,
        selector: json!({ format!("{PREFIX}/name"): key.name.as_str() }),
        ports: json!([]),
        reach: Reach::Early,
    };
    services::ensure(world, subject, api_version, &wanted);
    let mut ready = 0;
    for leader in pods::owned_by(world, &leaders.uid) {
        let index = leader
            .key
            .name
            .rsplit_once('-')
            .map_or("0", |(_, index)| index)
            .to_owned();
        let mut workers_ready = size - 1;
        if size > 1 {
            let mut workers = template.clone();
            label(&mut workers, "name", &key.name);
            label(&mut workers, "group-index", &index);
            let child = stateful_set(&leader.key.name, size - 1, 1, &workers);
            let object = leader.stored.value();
            let owner = Subject {
                kind: &pod_kind(),
                stored: &leader.stored,
                object: &object,
            };
            let set = pods::ensure(world, &owner, "v1", &set_kind(), child);
            workers_ready = set.map_or(0, |set| json::count(&set.value(), "/status/readyReplicas"));
        }
        ready += u64::from(leader.is_ready && workers_ready >= size - 1);
    }
    let is_available = ready >= replicas;
    let status = json!({
        "replicas": replicas,
        "readyReplicas": ready,
        "updatedReplicas": replicas,
        "hpaPodSelector": format!("{PREFIX}/name={},{PREFIX}/worker-index=0", key.name),
    });
    let conditions = if is_available {
        Conditions::new().and(
            "Available",
            true,
            "AllGroupsReady",
            "All replicas are ready",
        )
    } else {
        Conditions::new()
            .and(
                "Progressing",
                true,
                "GroupsProgressing",
                "Replicas are progressing",
            )
            .and(
                "Available",
                false,
                "AllGroupsReady",
                "All replicas are ready",
            )
    };
    write_status(world, subject, &status, conditions);
}

/// The template of the leaders: the set's own, or that of the workers.
fn leader_of(spec: &Value, workers: &Value, name: &str) -> Value {
    let own = spec.pointer("/leaderWorkerTemplate/leaderTemplate");
    let mut leader = own.unwrap_or(workers).clone();
    label(&mut leader, "worker-index", "0");
    label(&mut leader, "name", name);
    leader
}

fn label(template: &mut Value, name: &str, value: &str) {
    let metadata = json::object_at(template, "metadata");
    let labels = metadata.entry("labels").or_insert_with(|| json!({}));
    json::as_object(labels).insert(format!("{PREFIX}/{name}"), value.into());
}

fn stateful_set(name: &str, replicas: u64, first: u64, template: &Value) -> Value {
    json!({
        "metadata": { "name": name, "labels": template.pointer("/metadata/labels") },
        "spec": {
            "replicas": replicas,
            "ordinals": { "start": first },
            "serviceName": name,
            "podManagementPolicy": "Parallel",
            "selector": { "matchLabels": template.pointer("/metadata/labels") },
            "template": template,
        },
        "status": {},
    })
}
