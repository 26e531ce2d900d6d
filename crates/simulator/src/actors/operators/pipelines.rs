//! Spark applications and Argo workflows.

use serde_json::{Map, Value, json};

use super::ensure_pod;
use crate::{
    actors::{
        Subject,
        pods::{self, Phase},
    },
    json,
    world::World,
};

/// A Spark application: a driver, and executors that the driver owns.
pub(super) fn spark(world: &mut World, subject: &Subject<'_>) {
    let key = &subject.stored.key;
    let spec = subject.object.get("spec").cloned().unwrap_or_default();
    let api_version = "sparkoperator.k8s.io/v1beta2";
    let is_over = ["COMPLETED", "FAILED"].contains(&json::text(
        subject.object,
        "/status/applicationState/state",
    ));
    let labels = |role: &str| {
        vec![
            ("sparkoperator.k8s.io/app-name", key.name.to_string()),
            (
                "spark-app-selector",
                format!("spark-{}", pods::template_hash(&spec)),
            ),
            ("spark-role", role.to_owned()),
        ]
    };
    if !is_over {
        let driver = spark_pod(&spec, "spark-kubernetes-driver", "/driver");
        let name = format!("{}-driver", key.name);
        ensure_pod(
            world,
            subject,
            api_version,
            &name,
            &driver,
            labels("driver"),
        );
        let executor = spark_pod(&spec, "spark-kubernetes-executor", "/executor");
        for index in 1..=json::count(&spec, "/executor/instances") {
            let name = format!("{}-exec-{index}", key.name);
            ensure_pod(
                world,
                subject,
                api_version,
                &name,
                &executor,
                labels("executor"),
            );
        }
    }
    let mut executors = Map::new();
    let mut driver = Phase::Pending;
    for pod in pods::owned_by(world, &subject.stored.uid) {
        if pod.stored.label("spark-role") == Some("driver") {
            driver = pod.phase;
            continue;
        }
        let state = match pod.phase {
            Phase::Pending => "PENDING",
            Phase::Running => "RUNNING",
            Phase::Succeeded => "COMPLETED",
            Phase::Failed => "FAILED",
        };
        executors.insert(pod.key.name.to_string(), state.into());
    }
    let state = match driver {
        _ if is_over => json::text(subject.object, "/status/applicationState/state"),
        Phase::Pending => "SUBMITTED",
        Phase::Running => "RUNNING",
        Phase::Succeeded => "COMPLETED",
        Phase::Failed => "FAILED",
    };
    let status = json!({
        "applicationState": { "state": state },
        "driverInfo": { "podName": format!("{}-driver", key.name) },
        "executorState": executors,
        "executionAttempts": 1,
        "submissionAttempts": 1,
    });
    world.set_status(subject.kind, key, status);
}

fn spark_pod(spec: &Value, name: &str, part: &str) -> Value {
    let cores = json::count(spec, &format!("{part}/cores")).max(1);
    let memory = json::text(spec, &format!("{part}/memory")).replace('g', "Gi");
    json!({
        "metadata": {},
        "spec": {
            "containers": [{ "name": name, "image": json::text(spec, "/image"),
                "resources": { "requests": { "cpu": cores.to_string(), "memory": memory } } }],
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 30,
        },
    })
}

/// An Argo workflow of one step.
pub(super) fn workflow(world: &mut World, subject: &Subject<'_>) {
    let key = &subject.stored.key;
    let name = key.name.to_string();
    let known = json::text(subject.object, "/status/phase");
    if ["Succeeded", "Failed"].contains(&known) {
        return;
    }
    let container = subject
        .object
        .pointer("/spec/templates/0/container")
        .cloned();
    let template = json!({
        "metadata": {},
        "spec": { "containers": [container.unwrap_or_default()], "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 30 },
    });
    let labels = vec![
        ("workflows.argoproj.io/workflow", name.clone()),
        ("workflows.argoproj.io/completed", "false".to_owned()),
    ];
    ensure_pod(
        world,
        subject,
        "argoproj.io/v1alpha1",
        &name,
        &template,
        labels,
    );
    let pod = pods::owned_by(world, &subject.stored.uid)
        .into_iter()
        .next();
    let (phase, progress) = match pod.map(|pod| pod.phase) {
        Some(Phase::Succeeded) => ("Succeeded", "1/1"),
        Some(Phase::Failed) => ("Failed", "0/1"),
        Some(Phase::Running) => ("Running", "0/1"),
        _ => ("Pending", "0/1"),
    };
    let stamp = world.stamp();
    let started = match json::text(subject.object, "/status/startedAt") {
        "" => stamp.clone(),
        started => started.to_owned(),
    };
    let finished = if ["Succeeded", "Failed"].contains(&phase) {
        Some(stamp)
    } else {
        None
    };
    let status = json!({
        "phase": phase,
        "progress": progress,
        "startedAt": started,
        "finishedAt": finished,
        "nodes": { (name.as_str()): { "id": name, "displayName": name, "type": "Pod",
            "templateName": "main", "phase": phase } },
    });
    world.set_status(subject.kind, key, status);
}
