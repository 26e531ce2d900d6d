//! What a job asks of a queue: its pods, by sets that are alike, and how it stands.

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::flavors::quantity;
use crate::{
    actors::{Subject, capacity, operators},
    admission, json,
    world::World,
};

/// Pods that are alike.
pub(super) struct PodSet {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) template: Value,
}

impl PodSet {
    fn new(name: &str, count: u64, template: Option<&Value>) -> Self {
        Self {
            name: name.to_owned(),
            count,
            template: template.cloned().unwrap_or_default(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "name": self.name, "count": self.count, "template": self.template })
    }

    pub(super) fn read(set: &Value) -> Self {
        Self::new(
            json::text(set, "/name"),
            json::count(set, "/count"),
            set.get("template"),
        )
    }

    /// What all of its pods take together, pods not counted.
    pub(super) fn amounts(&self) -> capacity::Amounts {
        // What a container may use at most is what it asks for, where it does not say that.
        let mut pod = self.template.clone();
        admission::default_fields("", "Pod", &mut pod);
        let mut amounts = capacity::requests(&pod);
        amounts.remove("pods");
        for amount in amounts.values_mut() {
            *amount = amount.saturating_mul(self.count);
        }
        amounts
    }
}

/// What the pod sets of a workload ask for, as its status tells while it waits.
pub(super) fn asked(workload: &Value) -> Value {
    let sets = json::items(workload, "/spec/podSets").iter();
    sets.map(PodSet::read)
        .map(|set| {
            let amounts = set.amounts();
            let resources: serde_json::Map<String, Value> = amounts
                .iter()
                .map(|(resource, amount)| (resource.clone(), quantity(resource, *amount).into()))
                .collect();
            let mut asked = json!({ "name": set.name });
            if !resources.is_empty() {
                json::as_object(&mut asked).insert("resources".to_owned(), resources.into());
            }
            asked
        })
        .collect()
}

/// The pod sets of a job.
pub(super) fn of(subject: &Subject<'_>) -> Vec<PodSet> {
    let job = subject.object;
    match subject.kind.kind.as_str() {
        "Job" => {
            let count = json::count(job, "/spec/parallelism").max(1);
            vec![PodSet::new("main", count, job.pointer("/spec/template"))]
        }
        "JobSet" => json::items(job, "/spec/replicatedJobs")
            .iter()
            .map(|replicated| {
                let spec = replicated
                    .pointer("/template/spec")
                    .cloned()
                    .unwrap_or_default();
                let count = json::count(replicated, "/replicas").max(1)
                    * json::count(&spec, "/parallelism").max(1);
                PodSet::new(json::text(replicated, "/name"), count, spec.get("template"))
            })
            .collect(),
        "TrainJob" => {
            let template = operators::trainer_template(subject);
            let count = json::count(job, "/spec/trainer/numNodes").max(1);
            vec![PodSet::new("node", count, Some(&template))]
        }
        "PyTorchJob" => ["Master", "Worker"]
            .into_iter()
            .filter_map(|role| {
                let replicas = job.pointer(&format!("/spec/pytorchReplicaSpecs/{role}"))?;
                let count = json::count(replicas, "/replicas");
                Some(PodSet::new(
                    &role.to_lowercase(),
                    count,
                    replicas.get("template"),
                ))
            })
            .collect(),
        "RayJob" | "RayCluster" => {
            let at = if subject.kind.kind == "RayJob" {
                "/spec/rayClusterSpec"
            } else {
                "/spec"
            };
            let cluster = job.pointer(at).cloned().unwrap_or_default();
            let mut sets = vec![PodSet::new(
                "head",
                1,
                cluster.pointer("/headGroupSpec/template"),
            )];
            for group in json::items(&cluster, "/workerGroupSpecs") {
                let count = json::count(group, "/replicas");
                sets.push(PodSet::new(
                    json::text(group, "/groupName"),
                    count,
                    group.get("template"),
                ));
            }
            sets
        }
        "Pod" => {
            let template = json!({ "metadata": {}, "spec": job.get("spec") });
            vec![PodSet::new("main", 1, Some(&template))]
        }
        _ => Vec::new(),
    }
}

/// Where the kind says that it is held back.
pub(super) fn suspend_pointer(kind: &GroupKind) -> &'static str {
    match kind.kind.as_str() {
        "PyTorchJob" => "/spec/runPolicy/suspend",
        _ => "/spec/suspend",
    }
}

/// The API version that owner references to the kind carry.
pub(super) fn api_version(kind: &GroupKind) -> String {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", _) => "v1".to_owned(),
        (group, "JobSet") => format!("{group}/v1alpha2"),
        (group, "TrainJob") => format!("{group}/v1alpha1"),
        (group, _) => format!("{group}/v1"),
    }
}

/// Whether the job has ended, and well.
pub(super) fn outcome(subject: &Subject<'_>) -> Option<bool> {
    let job = subject.object;
    match json::text(job, "/status/jobDeploymentStatus") {
        "Complete" => return Some(true),
        "Failed" => return Some(false),
        _ => {}
    }
    if ["Complete", "Completed", "Succeeded"]
        .into_iter()
        .any(|kind| super::holds(job, kind))
    {
        return Some(true);
    }
    super::holds(job, "Failed").then_some(false)
}

/// Whether all of its pods run.
pub(super) fn is_running(world: &World, subject: &Subject<'_>) -> bool {
    let wanted: u64 = of(subject).iter().map(|set| set.count).sum();
    operators::running_pods(world, &subject.stored.uid) >= wanted
}
