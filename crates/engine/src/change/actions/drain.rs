//! Draining a node: it is cordoned, and its pods are evicted, as their disruption budgets let them go.
//!
//! Which pods stay or stop it is as kubectl has it (`k8s.io/kubectl/pkg/drain/filters.go`): pods of
//! DaemonSets and mirror pods stay; pods with data on the node, and pods that nothing makes anew, go
//! only where that is allowed.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;
use strata_api::{
    change::ObstacleKind,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::ids::ClusterId;
use strata_ports::{
    control::Verb,
    error::PortError,
    objects::{ObjectAddress, ObjectReader, Selection},
};

use super::{Found, Ground, Steps, cordon};
use crate::{
    change::{
        hurt,
        obstacle::{called, obstacle, of_error},
        plan::Planned,
    },
    why::read,
};

/// The longest time to wait for budgets.
const LONGEST: u64 = 600;

/// Labels that name the gang of a pod: without one of its pods the others wait or start over.
const GANGS: [&str; 7] = [
    "jobset.sigs.k8s.io/jobset-name",
    "training.kubeflow.org/job-name",
    "leaderworkerset.sigs.k8s.io/name",
    "ray.io/cluster",
    "volcano.sh/job-name",
    "kueue.x-k8s.io/pod-group-name",
    "scheduling.x-k8s.io/pod-group",
];

/// What may be lost.
pub(super) struct Leave {
    pub(super) force: bool,
    pub(super) delete_local_data: bool,
    pub(super) wait_seconds: u32,
}

pub(super) async fn drain(ground: &Ground<'_>, found: &Found, leave: &Leave) -> Steps {
    let mut steps = cordon::cordon(ground, found, true)?;
    let node = found.address.key.name.as_str();
    let pods = pods_on(ground.objects, &ground.context.id, node).await;
    let pods = pods.map_err(|error| Box::new(of_error(&error, &found.address)))?;
    let (staying, going): (Vec<Value>, Vec<Value>) = pods.into_iter().partition(stays);
    if let Some(first) = steps.first_mut() {
        first.consequences = told(ground, &staying, &going).await;
    }
    let patience = Duration::from_secs(u64::from(leave.wait_seconds).min(LONGEST));
    for pod in &going {
        let address = ObjectAddress::new("", "Pod", read::namespace(pod), read::name(pod));
        let verb = Verb::Evict {
            uid: read::uid(pod).to_owned(),
        };
        let command = ground
            .kubectl
            .drain(node, leave.force, leave.delete_local_data);
        let mut step = Planned::new(address, verb, command);
        step.patience = patience;
        if gang(pod).is_none() {
            let alone = std::slice::from_ref(pod);
            step.consequences
                .extend(ground.checkpoints.at_stake(alone).await);
        }
        step.obstacle = lost(pod, leave).map(|code| {
            let sentence = Phrase::new(code).with("pod", called(&step.object));
            obstacle(ObstacleKind::Unsupported, sentence)
        });
        steps.push(step);
    }
    Ok(steps)
}

/// The pods of a node, in all namespaces.
async fn pods_on(
    objects: &dyn ObjectReader,
    cluster: &ClusterId,
    node: &str,
) -> Result<Vec<Value>, PortError> {
    let selection = Selection {
        fields: format!("spec.nodeName={node}"),
        ..Selection::all("", "Pod", "")
    };
    objects.list(cluster, selection).await
}

/// The namespaces of the pods that a drain of `node` evicts.
pub(in crate::change) async fn namespaces_evicted(
    objects: &dyn ObjectReader,
    cluster: &ClusterId,
    node: &str,
) -> Result<BTreeSet<String>, PortError> {
    let pods = pods_on(objects, cluster, node).await?;
    let going = pods.iter().filter(|pod| !stays(pod));
    Ok(going.map(|pod| read::namespace(pod).to_owned()).collect())
}

/// Whether a pod stays on a drained node.
fn stays(pod: &Value) -> bool {
    let is_mirror = !read::annotation(pod, "kubernetes.io/config.mirror").is_empty();
    let of_daemon_set =
        read::controller(pod).is_some_and(|owner| read::text(owner, "/kind") == "DaemonSet");
    is_mirror || (of_daemon_set && !read::has_ended(pod))
}

/// What would be lost with a pod, and is not allowed to be.
fn lost(pod: &Value, leave: &Leave) -> Option<PhraseCode> {
    if read::has_ended(pod) {
        return None;
    }
    let has_local_data = read::list(pod, "/spec/volumes")
        .iter()
        .any(|volume| volume.get("emptyDir").is_some());
    if read::controller(pod).is_none() && !leave.force {
        Some(PhraseCode::DrainUnmanaged)
    } else if has_local_data && !leave.delete_local_data {
        Some(PhraseCode::DrainLocalData)
    } else {
        None
    }
}

/// A gang: its namespace, and the label that its pods have in common.
type Gang<'a> = (&'a str, &'static str, &'a str);

/// The gang of a pod.
fn gang(pod: &Value) -> Option<Gang<'_>> {
    let named = GANGS.iter().map(|label| (*label, read::label(pod, label)));
    let mut named = named.filter(|(_, name)| !name.is_empty());
    named
        .next()
        .map(|(label, name)| (read::namespace(pod), label, name))
}

/// What a gang loses of its work when one of its pods goes: all of it runs on or none.
async fn at_stake(ground: &Ground<'_>, (namespace, label, name): Gang<'_>) -> Option<Phrase> {
    let selection = Selection::all("", "Pod", namespace).labelled(format!("{label}={name}"));
    let pods = ground.objects.list(&ground.context.id, selection).await;
    ground.checkpoints.at_stake(&pods.ok()?).await
}

/// What the drain does to what runs: pods, GPUs, gangs and their work.
async fn told(ground: &Ground<'_>, staying: &[Value], going: &[Value]) -> Vec<Phrase> {
    let running = going.iter().filter(|pod| !read::has_ended(pod));
    let mut told = vec![Phrase::new(PhraseCode::PodsEnd).with("count", running.clone().count())];
    let gpus: u64 = running
        .clone()
        .map(|pod| hurt::gpus_of(pod.pointer("/spec").unwrap_or(&Value::Null)))
        .sum();
    if gpus > 0 {
        told.push(Phrase::new(PhraseCode::ChangeFreesGpus).with("count", gpus));
    }
    let mut gangs: BTreeMap<Gang<'_>, usize> = BTreeMap::new();
    for gang in running.filter_map(gang) {
        *gangs.entry(gang).or_default() += 1;
    }
    for (gang, count) in gangs {
        let (namespace, _, name) = gang;
        told.push(
            Phrase::new(PhraseCode::DrainGang)
                .with("gang", format!("{namespace}/{name}"))
                .with("count", count),
        );
        told.extend(at_stake(ground, gang).await);
    }
    if !staying.is_empty() {
        told.push(Phrase::new(PhraseCode::DrainLeavesDaemons).with("count", staying.len()));
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(owner: Option<&str>, volumes: &Value) -> Value {
        let owners: Vec<Value> = owner
            .map(|kind| json!({ "kind": kind, "name": "o", "uid": "u", "controller": true }))
            .into_iter()
            .collect();
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": "p", "namespace": "a", "ownerReferences": owners },
            "spec": { "volumes": volumes }, "status": { "phase": "Running" },
        })
    }

    #[test]
    fn pods_that_would_be_lost_go_only_where_that_is_allowed() {
        let careful = Leave {
            force: false,
            delete_local_data: false,
            wait_seconds: 0,
        };
        let bold = Leave {
            force: true,
            delete_local_data: true,
            wait_seconds: 0,
        };
        let local = json!([{ "name": "tmp", "emptyDir": {} }]);
        assert_eq!(lost(&pod(Some("ReplicaSet"), &json!([])), &careful), None);
        assert_eq!(
            lost(&pod(None, &json!([])), &careful),
            Some(PhraseCode::DrainUnmanaged)
        );
        assert_eq!(
            lost(&pod(Some("ReplicaSet"), &local), &careful),
            Some(PhraseCode::DrainLocalData)
        );
        assert_eq!(lost(&pod(None, &local), &bold), None);
    }

    #[test]
    fn pods_of_daemon_sets_stay() {
        assert!(stays(&pod(Some("DaemonSet"), &json!([]))));
        assert!(!stays(&pod(Some("ReplicaSet"), &json!([]))));
    }
}
