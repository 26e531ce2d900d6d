//! Kubeflow Trainer and the Training Operator.

use serde_json::{Map, Value, json};
use strata_domain::ids::GroupKind;

use super::{
    Conditions, ensure_pod, inherited_labels,
    services::{self, Reach, Wanted},
    write_status,
};
use crate::{
    actors::{
        Subject,
        pods::{self, Phase, Tally},
        queueing,
    },
    json,
    world::World,
};

const REPLICA_TYPE: &str = "training.kubeflow.org/replica-type";

/// The pod template that the `torch-distributed` runtime makes of a TrainJob's trainer.
pub(in crate::actors) fn trainer_template(subject: &Subject<'_>) -> Value {
    let trainer = subject
        .object
        .pointer("/spec/trainer")
        .cloned()
        .unwrap_or_default();
    let mut labels = inherited_labels(subject);
    labels.insert(
        "trainer.kubeflow.org/trainjob-ancestor-step".to_owned(),
        "trainer".into(),
    );
    // What the `torch-distributed` runtime has where the job says nothing.
    let image = match json::text(&trainer, "/image") {
        "" => "pytorch/pytorch:2.9.1-cuda12.8-cudnn9-runtime",
        image => image,
    };
    let command = trainer
        .get("command")
        .cloned()
        .unwrap_or_else(|| json!(["torchrun"]));
    let mut container = json!({
        "name": "node",
        "image": image,
        "command": command,
        "args": trainer.get("args").cloned().unwrap_or_default(),
        "resources": trainer.get("resourcesPerNode").cloned().unwrap_or_default(),
    });
    let (volumes, mounts) = patched_volumes(subject.object);
    if !mounts.is_empty() {
        json::as_object(&mut container).insert("volumeMounts".to_owned(), mounts.into());
    }
    let mut spec = json!({
        "containers": [container],
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 30,
        "tolerations": [{ "key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule" }],
    });
    if !volumes.is_empty() {
        json::as_object(&mut spec).insert("volumes".to_owned(), volumes.into());
    }
    json!({ "metadata": { "labels": labels }, "spec": spec })
}

/// The volumes, and the mounts of the trainer's container, that a job patches into its runtime.
fn patched_volumes(job: &Value) -> (Vec<Value>, Vec<Value>) {
    let of_trainer = |part: &&Value| json::text(part, "/name") == "node";
    let pods: Vec<&Value> = json::items(job, "/spec/runtimePatches")
        .iter()
        .flat_map(|patch| json::items(patch, "/trainingRuntimeSpec/template/spec/replicatedJobs"))
        .filter(of_trainer)
        .filter_map(|jobs| jobs.pointer("/template/spec/template/spec"))
        .collect();
    let volumes = pods.iter().flat_map(|pod| json::items(pod, "/volumes"));
    let containers = pods.iter().flat_map(|pod| json::items(pod, "/containers"));
    let mounts = containers
        .filter(of_trainer)
        .flat_map(|container| json::items(container, "/volumeMounts"));
    (volumes.cloned().collect(), mounts.cloned().collect())
}

/// A TrainJob: a JobSet of the same name.
pub(super) fn train_job(world: &mut World, subject: &Subject<'_>) {
    queueing::manage(world, subject);
    let job = subject.object;
    let is_suspended = json::flag(job, "/spec/suspend");
    let nodes = json::count(job, "/spec/trainer/numNodes").max(1);
    let template = queueing::injected(world, subject, &trainer_template(subject));
    let child = json!({
        "metadata": { "name": subject.stored.key.name.as_str(), "labels": inherited_labels(subject) },
        "spec": {
            "suspend": is_suspended,
            "replicatedJobs": [{ "name": "node", "replicas": 1, "template": { "spec": {
                "parallelism": nodes, "completions": nodes, "completionMode": "Indexed",
                "backoffLimit": 0, "template": template,
            } } }],
        },
        "status": {},
    });
    let kind = GroupKind::new("jobset.x-k8s.io", "JobSet");
    let api_version = "trainer.kubeflow.org/v1alpha1";
    let Some(set) = pods::ensure(world, subject, api_version, &kind, child) else {
        return;
    };
    let set = set.value();
    let state = json::text(&set, "/status/terminalState");
    let (reason, message) = if is_suspended {
        ("Suspended", "TrainJob is suspended")
    } else {
        ("Resumed", "TrainJob is resumed")
    };
    let mut conditions = Conditions::new().and("Suspended", is_suspended, reason, message);
    match state {
        "Completed" => {
            conditions = conditions.and(
                "Complete",
                true,
                "AllJobsCompleted",
                "jobset completed successfully",
            );
        }
        "Failed" => conditions = conditions.and("Failed", true, "FailedJobs", "jobset failed"),
        _ => {}
    }
    let jobs = set
        .pointer("/status/replicatedJobsStatus")
        .cloned()
        .unwrap_or_else(|| json!([]));
    write_status(world, subject, &json!({ "jobsStatus": jobs }), conditions);
}

/// A PyTorchJob of the Training Operator: pods by role and number.
pub(super) fn pytorch_job(world: &mut World, subject: &Subject<'_>) {
    queueing::manage(world, subject);
    let job = subject.object;
    let is_suspended = json::flag(job, "/spec/runPolicy/suspend");
    let is_over = ["Succeeded", "Failed"].into_iter().any(|kind| {
        json::items(job, "/status/conditions")
            .iter()
            .any(|condition| {
                json::text(condition, "/type") == kind && json::text(condition, "/status") == "True"
            })
    });
    if is_suspended {
        for pod in pods::owned_by(world, &subject.stored.uid) {
            if pod.is_active() {
                world.delete_pod(&pod.key);
            }
        }
    }
    let mut statuses = Map::new();
    for role in ["Master", "Worker"] {
        let Some(replicas) = job.pointer(&format!("/spec/pytorchReplicaSpecs/{role}")) else {
            continue;
        };
        let lower = role.to_lowercase();
        if !is_suspended && !is_over {
            ensure_role(world, subject, replicas, &lower);
        }
        let owned: Vec<pods::Pod> = pods::owned_by(world, &subject.stored.uid)
            .into_iter()
            .filter(|pod| pod.stored.label(REPLICA_TYPE) == Some(lower.as_str()))
            .collect();
        let tally = Tally::of(&owned);
        let status = json!({ "active": tally.active, "succeeded": tally.succeeded,
            "failed": tally.failed });
        statuses.insert(role.to_owned(), status);
    }
    write_pytorch_status(world, subject, is_suspended, &statuses.into());
}

/// The pods of one role of a PyTorchJob.
fn ensure_role(world: &mut World, subject: &Subject<'_>, replicas: &Value, role: &str) {
    let name = &subject.stored.key.name;
    let template = replicas.get("template").cloned().unwrap_or_default();
    let mut template = queueing::injected(world, subject, &template);
    // The role's policy stands over the template's; the operator itself restarts by exit code.
    let policy = match json::text(replicas, "/restartPolicy") {
        "" | "ExitCode" => "Never",
        policy => policy,
    };
    json::object_at(&mut template, "spec").insert("restartPolicy".to_owned(), policy.into());
    for index in 0..json::count_or(replicas, "/replicas", 1) {
        let labels = vec![
            ("training.kubeflow.org/job-name", name.to_string()),
            (REPLICA_TYPE, role.to_owned()),
            ("training.kubeflow.org/replica-index", index.to_string()),
            (
                "training.kubeflow.org/operator-name",
                "pytorchjob-controller".to_owned(),
            ),
        ];
        let pod = format!("{name}-{role}-{index}");
        let selector = labels
            .iter()
            .map(|(label, value)| ((*label).to_owned(), Value::from(value.as_str())))
            .collect();
        ensure_pod(world, subject, "kubeflow.org/v1", &pod, &template, labels);
        let wanted = Wanted {
            name: &pod,
            selector,
            ports: json!([services::port("pytorchjob-port", 23456, 23456)]),
            reach: Reach::Ready,
        };
        services::ensure(world, subject, "kubeflow.org/v1", &wanted);
    }
}

fn write_pytorch_status(
    world: &mut World,
    subject: &Subject<'_>,
    is_suspended: bool,
    statuses: &Value,
) {
    let job = subject.object;
    let owned = pods::owned_by(world, &subject.stored.uid);
    let is_done = !owned.is_empty() && owned.iter().all(|pod| pod.phase == Phase::Succeeded);
    let failed = owned
        .iter()
        .filter(|pod| pod.phase == Phase::Failed)
        .count();
    let is_running = owned.iter().any(|pod| pod.phase == Phase::Running);
    let sentence = |what: &str| format!("PyTorchJob {} {what}.", subject.stored.key.name);
    let mut conditions = Conditions::new().and(
        "Created",
        true,
        "PyTorchJobCreated",
        &sentence("is created"),
    );
    conditions = if is_suspended {
        conditions.and(
            "Suspended",
            true,
            "PyTorchJobSuspended",
            &sentence("is suspended"),
        )
    } else if is_done {
        let done = sentence("successfully completed");
        conditions
            .and("Running", false, "PyTorchJobSucceeded", &done)
            .and("Succeeded", true, "PyTorchJobSucceeded", &done)
    } else if failed > 0 {
        let lost = format!(
            "PyTorchJob {} is failed because {failed} replica(s) failed.",
            subject.stored.key.name
        );
        conditions
            .and("Running", false, "PyTorchJobFailed", &lost)
            .and("Failed", true, "PyTorchJobFailed", &lost)
    } else if is_running {
        conditions.and(
            "Running",
            true,
            "PyTorchJobRunning",
            &sentence("is running"),
        )
    } else {
        conditions
    };
    let stamp = world.stamp();
    let mut status = json!({ "replicaStatuses": statuses });
    let fields = json::as_object(&mut status);
    if !is_suspended && json::text(job, "/status/startTime").is_empty() {
        fields.insert("startTime".to_owned(), stamp.as_str().into());
    }
    if (is_done || failed > 0) && json::text(job, "/status/completionTime").is_empty() {
        fields.insert("completionTime".to_owned(), stamp.into());
    }
    write_status(world, subject, &status, conditions);
}
