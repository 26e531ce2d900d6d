//! Kubeflow notebooks: a stateful set of one.

use serde_json::json;
use strata_domain::ids::GroupKind;

use super::{
    Conditions, inherited_labels,
    services::{self, Reach, Wanted},
    write_status,
};
use crate::{
    actors::{Subject, pods},
    json,
    world::World,
};

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let name = subject.stored.key.name.as_str();
    let mut labels = inherited_labels(subject);
    labels.insert("notebook-name".to_owned(), name.into());
    labels.insert("statefulset".to_owned(), name.into());
    let is_stopped = subject
        .object
        .pointer("/metadata/annotations")
        .is_some_and(|annotations| annotations.get("kubeflow-resource-stopped").is_some());
    let child = json!({
        "metadata": { "name": name },
        "spec": {
            "replicas": u64::from(!is_stopped),
            "selector": { "matchLabels": { "statefulset": name } },
            "template": {
                "metadata": { "labels": labels },
                "spec": subject.object.pointer("/spec/template/spec"),
            },
        },
        "status": {},
    });
    let kind = GroupKind::new("apps", "StatefulSet");
    let Some(set) = pods::ensure(world, subject, "kubeflow.org/v1", &kind, child) else {
        return;
    };
    let wanted = Wanted {
        name,
        selector: json!({ "statefulset": name }),
        ports: json!([services::port(&format!("http-{name}"), 80, 8888)]),
        reach: Reach::Address,
    };
    services::ensure(world, subject, "kubeflow.org/v1", &wanted);
    let ready = json::count(&set.value(), "/status/readyReplicas");
    let state = pods::owned_by(world, &set.uid).first().and_then(|pod| {
        pod.stored
            .value()
            .pointer("/status/containerStatuses/0/state")
            .cloned()
    });
    let status =
        json!({ "readyReplicas": ready, "containerState": state.unwrap_or_else(|| json!({})) });
    write_status(
        world,
        subject,
        &status,
        Conditions::new().and("Ready", ready > 0, "", ""),
    );
}
