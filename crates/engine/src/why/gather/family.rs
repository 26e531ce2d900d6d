//! Owners, parts and pods of an object, and the events about them.

use std::collections::BTreeSet;

use futures::{StreamExt as _, future::join_all, stream};
use serde_json::Value;
use strata_ports::objects::Selection;

use super::{
    super::{
        case::{Case, seen},
        judge::{exits::keeps_crashing, nodes::is_lost},
        read,
    },
    reading::Reading,
};

/// How far up and down owners are followed.
const DEPTH: usize = 5;

/// Pods that are looked at closely: those that do badly first.
pub(super) const PODS: usize = 24;

/// Objects whose events are read.
const EVENTFUL: usize = 24;

/// Questions that are asked at once.
pub(super) const AT_ONCE: usize = 8;

/// Kinds that stand between what one asks about and its pods.
const PARTS: [(&str, &str); 11] = [
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("batch", "Job"),
    ("jobset.x-k8s.io", "JobSet"),
    ("ray.io", "RayCluster"),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"),
    ("kubeflow.org", "MPIJob"),
    ("tekton.dev", "TaskRun"),
    ("serving.knative.dev", "Revision"),
];

/// Labels by which the pods of a kind are found, so that not all pods of a namespace are read.
const LABELS: [(&str, &str); 13] = [
    ("JobSet.jobset.x-k8s.io", "jobset.sigs.k8s.io/jobset-name"),
    (
        "TrainJob.trainer.kubeflow.org",
        "jobset.sigs.k8s.io/jobset-name",
    ),
    ("PyTorchJob.kubeflow.org", "training.kubeflow.org/job-name"),
    ("TFJob.kubeflow.org", "training.kubeflow.org/job-name"),
    ("MPIJob.kubeflow.org", "training.kubeflow.org/job-name"),
    ("RayJob.ray.io", "ray.io/originated-from-cr-name"),
    ("RayService.ray.io", "ray.io/originated-from-cr-name"),
    ("RayCluster.ray.io", "ray.io/cluster"),
    ("Job.batch.volcano.sh", "volcano.sh/job-name"),
    ("Workflow.argoproj.io", "workflows.argoproj.io/workflow"),
    ("PipelineRun.tekton.dev", "tekton.dev/pipelineRun"),
    (
        "LeaderWorkerSet.leaderworkerset.x-k8s.io",
        "leaderworkerset.sigs.k8s.io/name",
    ),
    (
        "InferenceService.serving.kserve.io",
        "serving.kserve.io/inferenceservice",
    ),
];

/// Whether a kind is one that runs pods, by itself or through others.
pub(crate) fn runs_pods(object: &Value) -> bool {
    let kind = read::group_kind(object);
    match kind.group.as_str() {
        "" => matches!(kind.kind.as_str(), "Pod" | "ReplicationController"),
        "apps" => kind.kind != "ControllerRevision",
        "batch" => true,
        group
            if !group.contains('.')
                || group.ends_with("k8s.io") && !group.ends_with("x-k8s.io") =>
        {
            false
        }
        _ => true,
    }
}

/// Gathers the family of the case's object.
pub(super) async fn gather(reading: &Reading<'_>, case: &mut Case) {
    let mut next = reading.owner(&case.object).await;
    while let Some(owner) = next {
        next = if case.owners.len() + 1 < DEPTH {
            reading.owner(&owner).await
        } else {
            None
        };
        case.owners.push(owner);
    }
    if read::is_a(&case.object, "", "Pod") {
        case.pods.push(case.object.clone());
    } else if runs_pods(&case.object) {
        case.parts = parts(reading, &case.object).await;
        case.pods = pods(reading, case).await;
    }
    case.events = events(reading, case).await;
}

/// Everything that the object owns, and what that owns, but for pods.
async fn parts(reading: &Reading<'_>, object: &Value) -> Vec<Value> {
    let namespace = read::namespace(object);
    let kind = read::group_kind(object);
    // A deployment has replica sets alone, and what stands above pods has none.
    let wanted: Vec<(&str, &str)> = match (kind.group.as_str(), kind.kind.as_str()) {
        ("apps", "Deployment") => vec![("apps", "ReplicaSet")],
        ("apps" | "", _) | ("batch", "Job") => Vec::new(),
        ("batch", _) => vec![("batch", "Job")],
        _ => PARTS.to_vec(),
    };
    let lists = join_all(
        wanted
            .into_iter()
            .map(|(group, kind)| reading.list(Selection::all(group, kind, namespace))),
    );
    let known: Vec<Value> = lists.await.into_iter().flatten().flatten().collect();
    let mut uids = BTreeSet::from([read::uid(object).to_owned()]);
    let mut parts: Vec<Value> = Vec::new();
    for _ in 0..DEPTH {
        let found: Vec<&Value> = known
            .iter()
            .filter(|part| {
                uids.contains(read::controller_uid(part)) && !uids.contains(read::uid(part))
            })
            .collect();
        if found.is_empty() {
            break;
        }
        for part in found {
            uids.insert(read::uid(part).to_owned());
            parts.push(part.clone());
        }
    }
    // Old replica sets of a deployment stand empty.
    parts.retain(|part| {
        !read::is_a(part, "apps", "ReplicaSet") || read::number(part, "/spec/replicas") != Some(0)
    });
    // What is new tells more; a cron job has many old ones.
    parts.sort_by_key(|part| std::cmp::Reverse(read::created(part)));
    if kind.kind == "CronJob" {
        parts.truncate(1);
    }
    parts
}

/// The pods of the object and its parts, those that do badly first.
async fn pods(reading: &Reading<'_>, case: &Case) -> Vec<Value> {
    let object = &case.object;
    let namespace = read::namespace(object);
    let selection = |labels: String| Selection::all("", "Pod", namespace).labelled(labels);
    let label = labelled(object);
    let mut selectors: BTreeSet<String> = std::iter::once(object)
        .chain(&case.parts)
        .filter_map(|object| selector(object).or_else(|| labelled(object)))
        .collect();
    if selectors.is_empty() {
        selectors.insert(String::new());
    }
    let lists = join_all(
        selectors
            .into_iter()
            .map(|labels| reading.list(selection(labels))),
    )
    .await;
    let owners: BTreeSet<&str> = std::iter::once(object)
        .chain(&case.parts)
        .map(read::uid)
        .collect();
    let mut pods: Vec<Value> = Vec::new();
    for pod in lists.into_iter().flatten().flatten() {
        let is_ours = owners.contains(read::controller_uid(&pod)) || label.is_some();
        let is_known = pods.iter().any(|known| read::uid(known) == read::uid(&pod));
        if is_ours && !is_known {
            pods.push(pod);
        }
    }
    pods
}

/// The label by which the pods of an object of a known kind are found, in the API's query form.
fn labelled(object: &Value) -> Option<String> {
    let kind = read::group_kind(object).to_string();
    let (_, label) = LABELS.iter().find(|(known, _)| *known == kind)?;
    Some(format!("{label}={}", read::name(object)))
}

/// The label selector of a built-in controller, in the API's query form.
fn selector(object: &Value) -> Option<String> {
    let group = read::group_kind(object).group;
    if group != "apps" && group != "batch" {
        return None;
    }
    let labels: Vec<String> = read::texts(object, "/spec/selector/matchLabels")
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    (!labels.is_empty()).then(|| labels.join(","))
}

/// Whether a pod is as it should be.
pub(super) fn is_well(case: &Case, pod: &Value) -> bool {
    read::text(pod, "/status/phase") == "Succeeded"
        || read::condition_is(pod, "Ready", "True").is_some()
            && !read::is_ending(pod)
            && !keeps_crashing(case, pod)
            && !is_lost(case, pod)
}

/// The pods that are looked at closely.
pub(super) fn closely(case: &Case) -> Vec<&Value> {
    let unwell = case.pods.iter().filter(|pod| !is_well(case, pod));
    unwell.take(PODS).collect()
}

/// The events about the family, the latest first, and those by which pods that are gone were put
/// out.
async fn events(reading: &Reading<'_>, case: &Case) -> Vec<Value> {
    let about: Vec<&Value> = case.chain().chain(closely(case)).take(EVENTFUL).collect();
    let namespace = read::namespace(&case.object);
    let mut wanted: Vec<Selection> = about
        .into_iter()
        .filter(|object| !read::uid(object).is_empty())
        .map(|object| Selection::events_of(namespace, read::uid(object)))
        .collect();
    wanted.push(Selection {
        fields: "reason=Preempted".to_owned(),
        ..Selection::all("", "Event", namespace)
    });
    let lists: Vec<Option<Vec<Value>>> = stream::iter(wanted)
        .map(|selection| reading.list(selection))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut events: Vec<Value> = Vec::new();
    for event in lists.into_iter().flatten().flatten() {
        if !events
            .iter()
            .any(|known| read::uid(known) == read::uid(&event))
        {
            events.push(event);
        }
    }
    events.sort_by_key(|event| std::cmp::Reverse(seen(event)));
    events
}
