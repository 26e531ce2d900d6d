//! Deployments: one replica set for each template, rolled over by availability.
//!
//! Source: `pkg/controller/deployment` of Kubernetes 1.36 (`sync.go`, `rolling.go`, `recreate.go`,
//! `progress.go`).

use std::sync::Arc;

use serde_json::{Map, Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::replicas_of;
use crate::{
    actors::{Subject, events::Event, pods},
    json,
    store::{Stored, removal::Removal},
    world::World,
};

mod progress;
mod rolling;

const REVISION: &str = "deployment.kubernetes.io/revision";
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
const LIMIT: &str = "deployment.kubernetes.io/max-replicas";
const HASH: &str = "pod-template-hash";

fn replica_set_kind() -> GroupKind {
    GroupKind::new("apps", "ReplicaSet")
}

/// A replica set of a deployment, as its controller sees it.
struct Set {
    stored: Arc<Stored>,
    object: Value,
    replicas: u64,
    actual: u64,
    ready: u64,
    available: u64,
    revision: u64,
}

/// What a deployment wants.
struct Plan {
    desired: u64,
    surge: u64,
    unavailable: u64,
    is_recreated: bool,
}

impl Set {
    fn read(stored: Arc<Stored>) -> Self {
        let object = stored.value();
        Self {
            replicas: replicas_of(&object),
            actual: json::count(&object, "/status/replicas"),
            ready: json::count(&object, "/status/readyReplicas"),
            available: json::count(&object, "/status/availableReplicas"),
            revision: annotation(&object, REVISION).parse().unwrap_or(0),
            object,
            stored,
        }
    }

    /// Whether it is the one of `template`.
    fn is_of(&self, template: &Value) -> bool {
        let mut own = self
            .object
            .pointer("/spec/template")
            .cloned()
            .unwrap_or_default();
        if let Some(Value::Object(labels)) = own.pointer_mut("/metadata/labels") {
            labels.remove(HASH);
        }
        without_nothing(own) == without_nothing(template.clone())
    }
}

impl Plan {
    fn of(deployment: &Value) -> Self {
        let desired = replicas_of(deployment);
        let share = |field: &str, round_up: bool| {
            let value = deployment.pointer(&format!("/spec/strategy/rollingUpdate/{field}"));
            super::share(value, "25%", desired, round_up)
        };
        let is_recreated = json::text(deployment, "/spec/strategy/type") == "Recreate";
        let (surge, unavailable) = match (share("maxSurge", true), share("maxUnavailable", false)) {
            _ if is_recreated => (0, 0),
            (0, 0) => (0, 1),
            both => both,
        };
        Self {
            desired,
            surge,
            unavailable: unavailable.min(desired),
            is_recreated,
        }
    }
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    if subject.stored.is_ending {
        return;
    }
    let template = subject
        .object
        .pointer("/spec/template")
        .cloned()
        .unwrap_or_default();
    let mut sets: Vec<Set> = world
        .store
        .dependents(&subject.stored.uid, &replica_set_kind())
        .into_iter()
        .filter(|set| !set.is_ending)
        .map(Set::read)
        .collect();
    sets.sort_by_key(|set| (set.revision, set.stored.key.name.to_string()));
    let current = sets.iter().position(|set| set.is_of(&template));
    let plan = Plan::of(subject.object);
    if json::flag(subject.object, "/spec/paused") {
        rolling::scale(world, subject, &plan, &sets, current);
    } else if current.is_none() {
        return create_set(world, subject, &template, &plan, &sets);
    } else if renumber(world, subject, &sets, current) {
        return;
    } else if !rolling::scale(world, subject, &plan, &sets, current) {
        if plan.is_recreated {
            rolling::recreate(world, subject, &plan, &sets, current);
        } else {
            rolling::roll(world, subject, &plan, &sets, current);
        }
    }
    progress::write_status(world, subject, &plan, current.and_then(|at| sets.get(at)));
    clean_up(world, subject, &plan, &sets, current);
}

fn create_set(
    world: &mut World,
    subject: &Subject<'_>,
    template: &Value,
    plan: &Plan,
    others: &[Set],
) {
    let total: u64 = others.iter().map(|set| set.replicas).sum();
    let running: u64 = others.iter().map(|set| set.actual).sum();
    let replicas = if plan.is_recreated {
        if running > 0 { 0 } else { plan.desired }
    } else {
        plan.desired
            .min((plan.desired + plan.surge).saturating_sub(total))
    };
    let hash = pods::template_hash(template);
    let name = format!("{}-{hash}", subject.stored.key.name);
    let mut template = template.clone();
    let mut labels = template
        .pointer("/metadata/labels")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    labels.insert(HASH.to_owned(), hash.as_str().into());
    json::object_at(&mut template, "metadata").insert("labels".to_owned(), labels.clone().into());
    let mut selector = subject
        .object
        .pointer("/spec/selector")
        .cloned()
        .unwrap_or_default();
    json::object_at(&mut selector, "matchLabels").insert(HASH.to_owned(), hash.into());
    let revision = others.iter().map(|set| set.revision).max().unwrap_or(0) + 1;
    let mut annotations = inherited_annotations(subject.object);
    annotations.insert(REVISION.to_owned(), revision.to_string().into());
    annotations.insert(DESIRED.to_owned(), plan.desired.to_string().into());
    annotations.insert(
        LIMIT.to_owned(),
        (plan.desired + plan.surge).to_string().into(),
    );
    let mut spec = json!({ "replicas": replicas, "selector": selector, "template": template });
    if let Some(seconds) = subject.object.pointer("/spec/minReadySeconds") {
        json::as_object(&mut spec).insert("minReadySeconds".to_owned(), seconds.clone());
    }
    let set = json!({
        "metadata": { "name": name, "labels": labels, "annotations": annotations },
        "spec": spec,
        "status": { "replicas": 0 },
    });
    if pods::ensure(world, subject, "apps/v1", &replica_set_kind(), set).is_some() && replicas > 0 {
        let message = format!("Scaled up replica set {name} from 0 to {replicas}");
        Event::normal("ScalingReplicaSet", message)
            .by("deployment-controller")
            .record(world, subject.kind, subject.stored);
    }
    let stamp = world.stamp();
    let message = format!("Created new replica set \"{name}\"");
    world
        .store
        .update(subject.kind, &subject.stored.key, |deployment| {
            json::annotate(deployment, REVISION, &revision.to_string());
            let why = ("NewReplicaSetCreated", message.as_str());
            progress::set_condition(deployment, "Progressing", "True", why, &stamp);
        });
}

/// A template that comes back (`rollout undo`) is the latest revision again.
fn renumber(
    world: &mut World,
    subject: &Subject<'_>,
    sets: &[Set],
    current: Option<usize>,
) -> bool {
    let Some(set) = current.and_then(|at| sets.get(at)) else {
        return false;
    };
    let highest_other = sets
        .iter()
        .filter(|other| other.stored.uid != set.stored.uid)
        .map(|other| other.revision)
        .max()
        .unwrap_or(0);
    let revision = set.revision.max(highest_other + 1);
    let told = annotation(subject.object, REVISION);
    if revision == set.revision && told == revision.to_string() {
        return false;
    }
    world
        .store
        .update(&replica_set_kind(), &set.stored.key, |object| {
            let history = annotation(object, HISTORY).to_owned();
            if revision != set.revision {
                let history = [history.as_str(), &set.revision.to_string()]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(",");
                json::annotate(object, HISTORY, &history);
            }
            json::annotate(object, REVISION, &revision.to_string());
        });
    let stamp = world.stamp();
    let message = format!("Found new replica set \"{}\"", set.stored.key.name);
    world
        .store
        .update(subject.kind, &subject.stored.key, |deployment| {
            json::annotate(deployment, REVISION, &revision.to_string());
            if revision != set.revision {
                let why = ("FoundNewReplicaSet", message.as_str());
                progress::set_condition(deployment, "Progressing", "True", why, &stamp);
            }
        });
    true
}

/// Removes the oldest replica sets that nothing runs of, beyond the limit of the history.
fn clean_up(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    sets: &[Set],
    current: Option<usize>,
) {
    let limit = subject
        .object
        .pointer("/spec/revisionHistoryLimit")
        .and_then(Value::as_u64)
        .unwrap_or(10);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_complete = current
        .and_then(|at| sets.get(at))
        .is_some_and(|set| set.available >= plan.desired && set.replicas == plan.desired);
    let idle: Vec<&Set> = sets
        .iter()
        .enumerate()
        .filter(|(at, set)| Some(*at) != current && set.replicas == 0 && set.actual == 0)
        .map(|(_, set)| set)
        .collect();
    if is_complete {
        for set in idle.iter().take(idle.len().saturating_sub(limit)) {
            world.remove(&replica_set_kind(), &set.stored.key, &Removal::background());
        }
    }
}

fn scale_set(world: &mut World, subject: &Subject<'_>, plan: &Plan, set: &Set, to: u64) -> bool {
    let desired = plan.desired.to_string();
    let limit = (plan.desired + plan.surge).to_string();
    let from = set.replicas;
    let is_annotated =
        annotation(&set.object, DESIRED) == desired && annotation(&set.object, LIMIT) == limit;
    if from == to && is_annotated {
        return false;
    }
    let key: &ObjectKey = &set.stored.key;
    world.store.update(&replica_set_kind(), key, |object| {
        json::object_at(object, "spec").insert("replicas".to_owned(), to.into());
        json::annotate(object, DESIRED, &desired);
        json::annotate(object, LIMIT, &limit);
    });
    if from != to {
        let way = if to > from { "up" } else { "down" };
        let message = format!("Scaled {way} replica set {} from {from} to {to}", key.name);
        Event::normal("ScalingReplicaSet", message)
            .by("deployment-controller")
            .record(world, subject.kind, subject.stored);
    }
    from != to
}

fn annotation<'a>(object: &'a Value, name: &str) -> &'a str {
    object
        .pointer("/metadata/annotations")
        .and_then(|annotations| annotations.get(name)?.as_str())
        .unwrap_or_default()
}

/// The annotations of a deployment that its replica sets get too.
fn inherited_annotations(deployment: &Value) -> Map<String, Value> {
    deployment
        .pointer("/metadata/annotations")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(name, _)| {
            !name.starts_with("deployment.kubernetes.io/")
                && *name != "kubectl.kubernetes.io/last-applied-configuration"
                && *name != "deprecated.deployment.rollback.to"
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The value without what is null or empty: the same template may be written either way.
fn without_nothing(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, without_nothing(value)))
            .filter(|(_, value)| {
                !value.is_null()
                    && value.as_object().is_none_or(|fields| !fields.is_empty())
                    && value.as_array().is_none_or(|items| !items.is_empty())
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        other => other,
    }
}
