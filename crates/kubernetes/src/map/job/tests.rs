//! Every kind in every state that it has, from objects as their controllers write them: each file of
//! `tests/fixtures/jobs` is an object and, by name, what a controller changes in it (JSON merge
//! patches).

use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::{Value, json};
use strata_domain::{
    ids::GroupKind,
    job::{JobObject, Progress},
    object::Object,
    text::Text,
};
use strata_ports::cluster::PlannedKind;

use crate::{
    map::{BuiltIn, CustomKind, Decode, Mapping},
    slim::{Encoding, workloads},
};

macro_rules! kinds {
    ($($test:ident: $file:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                let cases = include_str!(concat!("../../../tests/fixtures/jobs/", $file, ".json"));
                insta::assert_snapshot!($file, told_by(cases));
            }
        )*
    };
}

kinds! {
    a_batch_job_in_every_state: "batch-job",
    a_cron_job_in_every_state: "cron-job",
    a_job_set_in_every_state: "job-set",
    a_pytorch_job_in_every_state: "pytorch-job",
    a_tf_job_counts_its_servers: "tf-job",
    an_xgboost_job_is_read_alike: "xgboost-job",
    a_paddle_job_is_read_alike: "paddle-job",
    a_jax_job_is_read_alike: "jax-job",
    an_mpi_job_of_the_training_operator: "mpi-job-v1",
    an_mpi_job_of_the_mpi_operator: "mpi-job-v2beta1",
    a_train_job_in_every_state: "train-job",
    a_ray_cluster_in_every_state: "ray-cluster",
    a_ray_job_in_every_state: "ray-job",
    a_ray_service_in_every_state: "ray-service",
    a_volcano_job_in_every_state: "volcano-job",
    a_kueue_workload_in_every_state: "kueue-workload",
    a_volcano_pod_group_in_every_state: "pod-group-volcano",
    a_kai_pod_group_in_every_state: "pod-group-kai",
    a_workflow_in_every_state: "workflow",
    a_pipeline_run_in_every_state: "pipeline-run",
    a_spark_application_in_every_state: "spark-application",
    a_leader_worker_set_in_every_state: "leader-worker-set",
    an_inference_service_in_every_state: "inference-service",
    an_llm_inference_service_in_every_state: "llm-inference-service",
    a_notebook_in_every_state: "notebook",
    a_nim_service_in_every_state: "nim-service",
    a_deployment_in_every_state: "deployment",
    a_stateful_set_in_every_state: "stateful-set",
}

#[test]
fn an_object_that_is_not_as_its_kind_says_is_kept_without_what_it_says() {
    let kind = GroupKind::new("ray.io", "RayJob");
    let planned = PlannedKind {
        kind,
        fields: vec!["status.jobStatus".to_owned()],
    };
    let body = r#"{"metadata":{"name":"j"},"status":{"jobStatus":"RUNNING","startTime":7}}"#;
    let decoded = CustomKind::new(&planned, "v1")
        .object(
            Encoding::Json,
            &Bytes::from_static(body.as_bytes()),
            &mut Mapping::default(),
        )
        .unwrap();
    let Object::Custom(custom) = decoded.object else {
        panic!("not a custom object");
    };
    assert_eq!(custom.field("status.jobStatus"), Some("RUNNING"));
    assert_eq!(custom.job, None);
}

#[test]
fn a_train_job_says_which_claims_it_mounts_before_there_is_a_pod() {
    let pods = json!({ "spec": { "volumes": [
        { "name": "data", "persistentVolumeClaim": { "claimName": "corpus" } },
        { "name": "memory", "emptyDir": { "medium": "Memory" } },
    ] } });
    let job = |spec: Value| {
        let object = json!({
            "apiVersion": "trainer.kubeflow.org/v1alpha1",
            "kind": "TrainJob",
            "metadata": { "name": "ft", "uid": "1" },
            "spec": spec,
        });
        decoded(&object).volume_claims
    };
    let template = json!({ "spec": { "replicatedJobs": [
        { "name": "node", "template": { "spec": { "template": pods } } },
    ] } });
    let patched = json!({ "runtimePatches": [
        { "manager": "me", "trainingRuntimeSpec": { "template": template } },
        { "manager": "kueue.x-k8s.io/manager" },
    ] });
    assert_eq!(*job(patched), [Text::from("corpus")]);
    // Before Trainer 2.2.
    assert_eq!(
        *job(json!({ "podTemplateOverrides": [pods] })),
        [Text::from("corpus")]
    );
    assert!(job(json!({})).is_empty());
}

/// A line for each case, in the order of the file.
fn told_by(file: &str) -> String {
    let file: Value = serde_json::from_str(file).unwrap();
    let mut lines = String::new();
    for (name, patch) in file["cases"].as_object().unwrap() {
        let mut object = file["base"].clone();
        merge(&mut object, patch);
        writeln!(lines, "{name}\n{}", shown(&decoded(&object))).unwrap();
    }
    lines
}

fn decoded(object: &Value) -> JobObject {
    let (api, kind) = (
        object["apiVersion"].as_str().unwrap(),
        object["kind"].as_str().unwrap(),
    );
    let (group, version) = api.rsplit_once('/').unwrap();
    let decode: Box<dyn Decode> = match (group, kind) {
        ("batch", "Job") => Box::new(BuiltIn::<workloads::Job>::new()),
        ("apps", "Deployment") => Box::new(BuiltIn::<workloads::Deployment>::new()),
        ("apps", "StatefulSet") => Box::new(BuiltIn::<workloads::StatefulSet>::new()),
        _ => Box::new(CustomKind::new(
            &PlannedKind {
                kind: GroupKind::new(group, kind),
                fields: Vec::new(),
            },
            version,
        )),
    };
    let body = Bytes::from(object.to_string());
    let decoded = decode
        .object(Encoding::Json, &body, &mut Mapping::default())
        .unwrap();
    let job = match decoded.object {
        Object::Custom(custom) => custom.job,
        Object::Workload(workload) => workload.job,
        other => panic!("neither custom nor a workload: {other:?}"),
    };
    *job.expect("the object is as its kind says")
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let target = target.as_object_mut().unwrap();
    for (key, value) in fields {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

fn shown(job: &JobObject) -> String {
    let mut line = format!("  {:?}", job.state);
    let mut add = |part: String| {
        line.push_str("  ");
        line.push_str(&part);
    };
    if job.is_lasting {
        add("lasting".to_owned());
    }
    if job.is_suspended {
        add("on hold".to_owned());
    }
    if !job.reason.is_empty() {
        add(format!("because {}", job.reason));
    }
    if let Some(since) = job.since {
        add(format!("since {since}"));
    }
    let number = |count: Option<u32>| count.map_or("?".to_owned(), |count| count.to_string());
    add(format!(
        "{}/{} ready",
        number(job.ready),
        number(job.wanted)
    ));
    match job.progress {
        Some(Progress::Parts { done, of }) => add(format!("{done}/{of} done")),
        Some(Progress::Percent(percent)) => add(format!("{percent} %")),
        None => {}
    }
    if let Some(asks) = &job.asks {
        let extended: Vec<String> = asks
            .extended
            .iter()
            .map(|(name, amount)| format!("{amount} {name}"))
            .collect();
        add(format!(
            "asks for {} pods {} m {} B {}",
            asks.pods,
            asks.cpu_millicores,
            asks.memory_bytes,
            extended.join(" ")
        ));
    }
    for (word, text) in [("queue", &job.queue), ("priority", &job.priority)] {
        if !text.is_empty() {
            add(format!("{word} {text}"));
        }
    }
    if let Some(value) = job.priority_value {
        add(format!("priority value {value}"));
    }
    for (word, time) in [("started", job.started), ("finished", job.finished)] {
        if let Some(time) = time {
            add(format!("{word} {time}"));
        }
    }
    for (word, count) in [("retries", job.retries), ("evictions", job.evictions)] {
        if let Some(count) = count {
            add(format!("{count} {word}"));
        }
    }
    for role in &job.roles {
        add(format!(
            "[{} {} wanted {} active {} succeeded {} failed]",
            role.name, role.wanted, role.active, role.succeeded, role.failed
        ));
    }
    if !job.message.is_empty() {
        write!(line, "\n  “{}”", job.message.replace('\n', " ⏎ ")).unwrap();
    }
    line
}
