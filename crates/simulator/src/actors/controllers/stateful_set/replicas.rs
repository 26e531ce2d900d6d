//! The pods of a stateful set, as they are made: each with its number, its name and its claims.

use std::time::Duration;

use serde_json::{Value, json};

use super::{POD_INDEX, POD_NAME, Plan, REVISION, claims, say};
use crate::{
    actors::{
        Subject,
        controllers::history::Revision,
        events::Event,
        pods::{self, NewPod, Pod},
    },
    json,
    world::{World, agenda::Deed, owner_reference, pod_kind},
};

/// How long until what could not be made is tried again.
const RETRIED_AFTER: Duration = Duration::from_secs(1);

/// Which revision a pod is made of.
pub(super) struct Versions<'a> {
    pub(super) current: &'a Revision,
    pub(super) update: &'a Revision,
    /// The first ordinal that is made of the latest revision.
    first_updated: u64,
}

impl<'a> Versions<'a> {
    pub(super) fn of(
        set: &Value,
        plan: &Plan,
        current: &'a Revision,
        update: &'a Revision,
    ) -> Self {
        let is_told = set.pointer("/spec/updateStrategy/rollingUpdate").is_some();
        let behind = match (plan.is_rolling, is_told) {
            (_, true) => plan.partition,
            (true, false) => json::count(set, "/status/currentReplicas"),
            (false, false) => 0,
        };
        Self {
            current,
            update,
            first_updated: plan.first + behind,
        }
    }

    fn of_pod(&self, ordinal: u64) -> &Revision {
        if ordinal < self.first_updated {
            self.current
        } else {
            self.update
        }
    }
}

/// Makes the pod `ordinal`, after its claims.
pub(super) fn create(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    versions: &Versions<'_>,
    ordinal: u64,
) {
    let key = &subject.stored.key;
    let name = format!("{}-{ordinal}", key.name);
    let again = Deed::look(subject.kind, key);
    if claims::is_stale(world, subject, ordinal) {
        return world.after(RETRIED_AFTER, again);
    }
    if let Err(why) = claims::make(world, subject, ordinal) {
        let message = format!(
            "Create Pod {name} in StatefulSet {} failed error: {why}",
            key.name
        );
        say(world, subject, Event::warning("FailedCreate", message));
        return world.after(RETRIED_AFTER, again);
    }
    let revision = versions.of_pod(ordinal);
    let mut template = revision.template();
    let spec = json::object_at(&mut template, "spec");
    spec.insert("hostname".to_owned(), name.as_str().into());
    let service = json::text(subject.object, "/spec/serviceName");
    if !service.is_empty() {
        spec.insert("subdomain".to_owned(), service.into());
    }
    let mut volumes: Vec<Value> = claims::names(subject, ordinal)
        .map(|(volume, claim)| {
            json!({ "name": volume, "persistentVolumeClaim": { "claimName": claim } })
        })
        .collect();
    let of_template = spec.get("volumes").and_then(Value::as_array);
    for volume in of_template.into_iter().flatten() {
        if volumes
            .iter()
            .all(|it| it.get("name") != volume.get("name"))
        {
            volumes.push(volume.clone());
        }
    }
    if !volumes.is_empty() {
        spec.insert("volumes".to_owned(), volumes.into());
    }
    let new = NewPod {
        name: name.clone(),
        namespace: &key.namespace,
        template: &template,
        labels: vec![
            (POD_NAME, name.clone()),
            (POD_INDEX, ordinal.to_string()),
            (REVISION, revision.name().to_owned()),
        ],
        annotations: Vec::new(),
        owner: owner_reference("apps/v1", "StatefulSet", subject.stored),
    };
    let Ok(pod) = pods::make_named(world, new, &format!("{}-", key.name)) else {
        return;
    };
    claims::own(world, subject, plan, ordinal, &pod);
    let message = format!("Create Pod {name} in StatefulSet {} successful", key.name);
    say(world, subject, Event::normal("SuccessfulCreate", message));
}

/// Gives a pod the labels of its number back, if it lost them.
pub(super) fn identify(world: &mut World, subject: &Subject<'_>, ordinal: u64, pod: &Pod) {
    let name = &pod.key.name;
    let index = ordinal.to_string();
    if pod.stored.label(POD_NAME) == Some(name) && pod.stored.label(POD_INDEX) == Some(&index) {
        return;
    }
    world.store.update(&pod_kind(), &pod.key, |pod| {
        let metadata = json::object_at(pod, "metadata");
        let labels = json::as_object(metadata.entry("labels").or_insert(Value::Null));
        labels.insert(POD_NAME.to_owned(), name.as_str().into());
        labels.insert(POD_INDEX.to_owned(), index.into());
    });
    let set = &subject.stored.key.name;
    let message = format!("Update Pod {name} in StatefulSet {set} successful");
    say(world, subject, Event::normal("SuccessfulUpdate", message));
}
