//! RayJob: a cluster, and what is submitted to it.

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{API_VERSION, child_cluster, cluster_kind, refuse, short_hash, validation};
use crate::{
    actors::{
        Subject,
        events::Event,
        pods::{self, Phase},
        queueing,
    },
    json,
    store::{Stored, removal::Removal},
    world::World,
};

/// Where users say what is run to submit.
const SUBMITTER_COMMAND: &str = "/spec/submitterPodTemplate/spec/containers/0/command";

/// How it goes with what was submitted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Initializing,
    Running,
    Succeeded,
    /// The entry point has failed; what submitted it has not given up yet.
    Failing,
    Failed,
    /// What submits gave up before anything was submitted.
    NotSubmitted,
}

pub(in crate::actors::operators) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    queueing::manage(world, subject);
    let job = subject.object;
    if ["Complete", "Failed"].contains(&json::text(job, "/status/jobDeploymentStatus")) {
        return;
    }
    let spec = job.get("spec").cloned().unwrap_or_default();
    if let Some(why) = validation::of_job(&spec) {
        let status = json!({ "jobDeploymentStatus": "ValidationFailed", "reason": "ValidationFailed",
            "message": why, "failed": 0, "succeeded": 0 });
        world.set_status(subject.kind, &subject.stored.key, status);
        let message = format!("{}: {why}", subject.stored.key);
        return refuse(world, subject, "InvalidRayJobSpec", message);
    }
    if json::flag(job, "/spec/suspend") {
        for cluster in world.store.dependents(&subject.stored.uid, &cluster_kind()) {
            world.remove(&cluster_kind(), &cluster.key, &Removal::background());
        }
        let status = json!({ "jobDeploymentStatus": "Suspended", "jobStatus": "", "failed": 0,
            "succeeded": 0 });
        world.set_status(subject.kind, &subject.stored.key, status);
        return;
    }
    let mut spec = job
        .pointer("/spec/rayClusterSpec")
        .cloned()
        .unwrap_or_default();
    for group in ["/headGroupSpec/template", "/workerGroupSpecs/0/template"] {
        if let Some(template) = spec.pointer_mut(group) {
            *template = queueing::injected(world, subject, template);
        }
    }
    let is_first = json::text(job, "/status/rayClusterName").is_empty();
    let Some(cluster) = child_cluster(world, subject, &spec) else {
        return;
    };
    if is_first {
        let message = format!("Created RayCluster {}", cluster.key);
        Event::normal("CreatedRayCluster", message)
            .by("rayjob-controller")
            .record(world, subject.kind, subject.stored);
    }
    // Without a mode a Kubernetes Job submits; with the others the operator or a person does, and
    // what runs then are the workers.
    let course = match json::text(job, "/spec/submissionMode") {
        "" | "K8sJobMode" => submitted(world, subject, &cluster),
        _ => worked(world, &cluster),
    };
    write_status(world, subject, &cluster, course);
}

/// Makes the job that submits, once the cluster is ready, and reads from its pods how it goes.
fn submitted(world: &mut World, subject: &Subject<'_>, cluster: &Stored) -> Course {
    let kind = GroupKind::new("batch", "Job");
    let key = &subject.stored.key;
    let key = ObjectKey::new(key.namespace.clone(), key.name.clone());
    if json::text(&cluster.value(), "/status/state") != "ready"
        && world.store.get(&kind, &key).is_none()
    {
        return Course::Initializing;
    }
    let is_first = world.store.get(&kind, &key).is_none();
    let child = submitter(subject, cluster);
    let Some(submitter) = pods::ensure(world, subject, API_VERSION, &kind, child) else {
        return Course::Initializing;
    };
    if is_first {
        let message = format!("Created Kubernetes Job {key}");
        Event::normal("CreatedRayJobSubmitter", message)
            .by("rayjob-controller")
            .record(world, subject.kind, subject.stored);
    }
    let owned = pods::owned_by(world, &submitter.uid);
    let has = |phase: Phase| owned.iter().any(|pod| pod.phase == phase);
    // A command of the user's own need not submit anything.
    let submits = json::items(subject.object, SUBMITTER_COMMAND).is_empty();
    let gave_up = json::items(&submitter.value(), "/status/conditions")
        .iter()
        .any(|known| json::text(known, "/type") == "Failed");
    match (gave_up, submits) {
        (true, true) => Course::Failed,
        (true, false) => Course::NotSubmitted,
        _ if has(Phase::Succeeded) => Course::Succeeded,
        (false, true) if has(Phase::Failed) => Course::Failing,
        _ => Course::Running,
    }
}

/// The job that submits the entry point and follows it.
fn submitter(subject: &Subject<'_>, cluster: &Stored) -> Value {
    let job = subject.object;
    let address = format!(
        "http://{}-head-svc.{}.svc.cluster.local:8265",
        cluster.key.name, cluster.key.namespace
    );
    let image = json::text(
        job,
        "/spec/rayClusterSpec/headGroupSpec/template/spec/containers/0/image",
    );
    let script = format!(
        "ray job submit --address {address} --submission-id {} -- {}",
        submission(subject),
        json::text(job, "/spec/entrypoint")
    );
    let default = json!({
        "metadata": { "labels": { "app.kubernetes.io/created-by": "kuberay-operator" } },
        "spec": { "restartPolicy": "Never", "containers": [{
            "name": "ray-job-submitter",
            "image": image,
            "command": ["/bin/bash", "-c", script],
            "resources": { "requests": { "cpu": "500m", "memory": "200Mi" },
                "limits": { "cpu": "1", "memory": "1Gi" } },
        }] },
    });
    let own = job.pointer("/spec/submitterPodTemplate");
    let mut template = own.cloned().unwrap_or(default);
    let container = template.pointer_mut("/spec/containers/0");
    if let Some(container) = container.filter(|own| json::items(own, "/command").is_empty()) {
        let command = json!(["/bin/bash", "-c", script]);
        json::as_object(container).insert("command".to_owned(), command);
    }
    json!({
        "metadata": { "name": subject.stored.key.name.as_str(), "labels": {
            "ray.io/originated-from-cr-name": subject.stored.key.name.as_str(),
            "ray.io/originated-from-crd": "RayJob",
            "app.kubernetes.io/created-by": "kuberay-operator",
        } },
        "spec": {
            "backoffLimit": json::count_or(job, "/spec/submitterConfig/backoffLimit", 2),
            "template": template,
        },
        "status": {},
    })
}

fn submission(subject: &Subject<'_>) -> String {
    format!(
        "{}-{}",
        subject.stored.key.name,
        short_hash(&subject.stored.uid)
    )
}

/// How it goes where the workers are what runs.
fn worked(world: &World, cluster: &Stored) -> Course {
    let owned = pods::owned_by(world, &cluster.uid);
    let mut workers = owned
        .iter()
        .filter(|pod| pod.stored.label("ray.io/node-type") == Some("worker"))
        .peekable();
    let is_running = json::count(&cluster.value(), "/status/readyWorkerReplicas") > 0;
    if workers.peek().is_some() && workers.all(|pod| pod.phase == Phase::Succeeded) {
        Course::Succeeded
    } else if is_running {
        Course::Running
    } else {
        Course::Initializing
    }
}

fn write_status(world: &mut World, subject: &Subject<'_>, cluster: &Stored, course: Course) {
    let job = subject.object;
    let (deployment, status) = match course {
        Course::Initializing => ("Initializing", ""),
        Course::Running => ("Running", "RUNNING"),
        Course::Failing => ("Running", "FAILED"),
        Course::Succeeded => ("Complete", "SUCCEEDED"),
        Course::Failed => ("Failed", "FAILED"),
        Course::NotSubmitted => ("Failed", ""),
    };
    let stamp = world.stamp();
    let started = match json::text(job, "/status/startTime") {
        "" => stamp.clone(),
        started => started.to_owned(),
    };
    let object = cluster.value();
    let mut written = json!({
        "jobDeploymentStatus": deployment,
        "jobStatus": status,
        "jobId": submission(subject),
        "rayClusterName": cluster.key.name.as_str(),
        "startTime": started,
        "dashboardURL": format!("{}-head-svc.{}.svc.cluster.local:8265", cluster.key.name, cluster.key.namespace),
        "rayClusterStatus": object.get("status").cloned().unwrap_or_default(),
    });
    let fields = json::as_object(&mut written);
    let failure = match course {
        Course::Failed => Some((
            "AppFailed",
            "Job entrypoint command failed with exit code 1",
        )),
        Course::NotSubmitted => Some((
            "SubmissionFailed",
            "Job submission has failed. Reason: BackoffLimitExceeded. Message: Job has reached the \
             specified backoff limit",
        )),
        _ => None,
    };
    if let Some((reason, message)) = failure {
        fields.insert("reason".to_owned(), reason.into());
        fields.insert("message".to_owned(), message.into());
    }
    let (failed, succeeded) = (failure.is_some(), course == Course::Succeeded);
    fields.insert("failed".to_owned(), u64::from(failed).into());
    fields.insert("succeeded".to_owned(), u64::from(succeeded).into());
    if failed || succeeded {
        fields.insert("endTime".to_owned(), stamp.into());
        if json::flag(job, "/spec/shutdownAfterJobFinishes") {
            world.remove(&cluster_kind(), &cluster.key, &Removal::background());
        }
    }
    world.set_status(subject.kind, &subject.stored.key, written);
}
