//! Deleting objects, and what they take along.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_api::{
    change::{ChangeReport, DeleteObjects, ObstacleKind, Propagation},
    error::ApiError,
    explanation::ObjectName,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::ids::{ClusterId, GroupKind};
use strata_ports::{
    cluster::ServedKind,
    contexts::Context,
    control::{self, Verb},
    objects::{ObjectAddress, ObjectReader, Selection},
};

use super::{
    carry_out, hurt,
    kubectl::Kubectl,
    obstacle::{obstacle, of_error},
    plan::{Plan, Planned},
};
use crate::{
    error::of_port,
    operations::Operations,
    why::{gather::find, read},
};

/// The kinds that are made by others: where what goes along is looked for.
const MADE: [(&str, &str); 22] = [
    ("", "Pod"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("apps", "Deployment"),
    ("batch", "Job"),
    ("", "Service"),
    ("", "PersistentVolumeClaim"),
    ("", "ConfigMap"),
    ("jobset.x-k8s.io", "JobSet"),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"),
    ("ray.io", "RayCluster"),
    ("kueue.x-k8s.io", "Workload"),
    ("scheduling.volcano.sh", "PodGroup"),
    ("serving.knative.dev", "Service"),
    ("serving.knative.dev", "Configuration"),
    ("serving.knative.dev", "Revision"),
    ("tekton.dev", "TaskRun"),
    ("argoproj.io", "Workflow"),
    ("sparkoperator.k8s.io", "SparkApplication"),
    ("kubeflow.org", "Trial"),
    ("autoscaling", "HorizontalPodAutoscaler"),
    ("resource.k8s.io", "ResourceClaim"),
];

/// Deletes the objects.
pub(crate) async fn delete_objects(
    operations: &Operations,
    context: &Context,
    request: DeleteObjects,
) -> Result<ChangeReport, ApiError> {
    let served = operations.objects.served(&context.id).await;
    let served = served.map_err(|error| of_port(&error))?;
    let kubectl = Kubectl::of(context);
    let propagation = match request.propagation {
        Propagation::Background => control::Propagation::Background,
        Propagation::Foreground => control::Propagation::Foreground,
        Propagation::Orphan => control::Propagation::Orphan,
    };
    let mut plan = Plan {
        release: request.release,
        ..Plan::default()
    };
    for name in request.objects {
        match address(&served, &name) {
            Ok(address) => {
                let step = planned(operations, &context.id, &served, address, propagation);
                let mut step = step.await;
                step.kubectl = kubectl.delete(&step.object, propagation);
                plan.steps.push(step);
            }
            Err(error) => {
                let sentence = Phrase::new(PhraseCode::KindNotServed).with("kind", name.kind);
                let mut missing = obstacle(ObstacleKind::Unsupported, sentence);
                missing.details.push(error.to_string());
                plan.obstacles.push(missing);
            }
        }
    }
    carry_out(operations, context, plan, request.intent).await
}

/// The object that a person calls `name`.
pub(crate) fn address(
    served: &[ServedKind],
    name: &ObjectName,
) -> Result<ObjectAddress, strata_ports::error::PortError> {
    let kind = find(served, &name.kind)?;
    let namespace = if kind.is_namespaced {
        name.namespace.as_str()
    } else {
        ""
    };
    Ok(ObjectAddress::new(
        &kind.kind.group,
        &kind.kind.kind,
        namespace,
        &name.name,
    ))
}

/// The deletion of one object: of the very one that is there now.
async fn planned(
    operations: &Operations,
    cluster: &ClusterId,
    served: &[ServedKind],
    object: ObjectAddress,
    propagation: control::Propagation,
) -> Planned {
    let verb = Verb::Delete {
        propagation,
        uid: String::new(),
    };
    let mut step = Planned::new(object, verb, String::new());
    match operations.objects.get(cluster, step.object.clone()).await {
        Ok(found) => {
            step.verb = Verb::Delete {
                propagation,
                uid: read::uid(&found).to_owned(),
            };
            if propagation != control::Propagation::Orphan {
                let goes = along(operations.objects.as_ref(), cluster, served, &found).await;
                step.consequences = told(&goes);
            }
        }
        Err(error) => step.obstacle = Some(of_error(&error, &step.object)),
    }
    step
}

/// Whatever `object` owns, and what that owns. What may not be listed is left out.
pub(crate) async fn along(
    objects: &dyn ObjectReader,
    cluster: &ClusterId,
    served: &[ServedKind],
    object: &Value,
) -> Vec<Value> {
    let mut candidates = Vec::new();
    for (group, kind) in MADE {
        let kind_is = GroupKind::new(group, kind);
        if served.iter().any(|served| served.kind == kind_is) {
            let selection = Selection::all(group, kind, read::namespace(object));
            if let Ok(listed) = objects.list(cluster, selection).await {
                candidates.extend(listed);
            }
        }
    }
    let mut owners = BTreeSet::from([read::uid(object).to_owned()]);
    let mut owned: Vec<Value> = Vec::new();
    loop {
        let (found, rest): (Vec<Value>, Vec<Value>) = candidates.into_iter().partition(|object| {
            read::list(object, "/metadata/ownerReferences")
                .iter()
                .any(|owner| owners.contains(read::text(owner, "/uid")))
        });
        candidates = rest;
        if found.is_empty() {
            return owned;
        }
        owners.extend(found.iter().map(|object| read::uid(object).to_owned()));
        owned.extend(found);
    }
}

/// What goes along, in words: how many of each kind, and the GPUs of its pods.
pub(crate) fn told(goes: &[Value]) -> Vec<Phrase> {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for object in goes {
        let kind = read::text(object, "/kind");
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind, 1)),
        }
    }
    let mut told: Vec<Phrase> = kinds
        .into_iter()
        .map(|(kind, count)| {
            Phrase::new(PhraseCode::DeletionTakesAlong)
                .with("kind", kind)
                .with("count", count)
        })
        .collect();
    let gpus: u64 = goes
        .iter()
        .filter(|object| read::is_a(object, "", "Pod") && !read::has_ended(object))
        .filter(|pod| !read::text(pod, "/spec/nodeName").is_empty())
        .map(|pod| hurt::gpus_of(pod.pointer("/spec").unwrap_or(&Value::Null)))
        .sum();
    if gpus > 0 {
        told.push(Phrase::new(PhraseCode::ChangeFreesGpus).with("count", gpus));
    }
    told
}
