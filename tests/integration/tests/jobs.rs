//! Jobs of every kind over the demo cluster, as `strata jobs` tells them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use serde_json::{Value, json};
use strata_api::{
    rows::{Row, job::JobState},
    topics::{JobPast, JobSort, Topic, Window},
};
use strata_integration_tests::{Ended, demo, follow, strata};
use strata_test_support::frames::View;

fn run(arguments: &[&str]) -> Ended {
    let data = tempfile::tempdir().unwrap();
    let line = [
        &["--data", data.path().to_str().unwrap(), "jobs", "--demo"],
        arguments,
    ]
    .concat();
    strata(&line, "").unwrap()
}

fn jobs(arguments: &[&str]) -> Vec<Value> {
    let ended = run(&[&["-o", "json"], arguments].concat());
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let listed: Value = serde_json::from_str(&ended.said).unwrap();
    listed["jobs"].as_array().unwrap().clone()
}

/// What the scenario `atlas` says of each of its jobs: kind, namespace, name, state, GPUs.
const ATLAS: [(&str, &str, &str, &str, u64); 18] = [
    ("TrainJob", "training", "llama-ft-0417", "running", 16),
    ("JobSet", "training", "qwen-dpo-31", "running", 8),
    ("PyTorchJob", "research", "bert-domain-v7", "running", 4),
    ("Job", "training", "reranker-sft", "running", 2),
    ("LeaderWorkerSet", "llm-prod", "reason-pro", "running", 16),
    ("InferenceService", "llm-prod", "chat-assist", "running", 16),
    ("InferenceService", "llm-prod", "code-pilot", "running", 12),
    (
        "InferenceService",
        "llm-prod",
        "vision-caption",
        "running",
        4,
    ),
    (
        "InferenceService",
        "predict-prod",
        "churn-cluster",
        "running",
        0,
    ),
    (
        "InferenceService",
        "predict-prod",
        "price-elastic",
        "running",
        0,
    ),
    ("NIMService", "speech", "asr-meetings", "running", 2),
    ("Deployment", "rag", "rag-search", "running", 8),
    ("Deployment", "predict-prod", "fraud-score", "running", 12),
    (
        "Deployment",
        "predict-prod",
        "demand-forecast",
        "running",
        4,
    ),
    ("Deployment", "predict-prod", "defect-detect", "running", 2),
    (
        "SparkApplication",
        "predict-prod",
        "clickstream-features",
        "running",
        0,
    ),
    // It lost a GPU and goes on with the rest.
    ("RayJob", "rag", "embed-batch", "running", 8),
    // One replica is out of memory again and again; the others serve.
    ("InferenceService", "llm-prod", "doc-summary", "running", 6),
];

#[test]
fn every_job_of_the_demo_has_the_state_that_its_scenario_says() {
    let jobs = jobs(&[]);
    for (kind, namespace, name, state, gpus) in ATLAS {
        let found: Vec<&Value> = jobs
            .iter()
            .filter(|job| job["namespace"] == namespace && job["name"] == name)
            .collect();
        assert_eq!(found.len(), 1, "{namespace}/{name} is one job: {found:?}");
        let job = found[0];
        assert_eq!(
            (&job["kind"], &job["state"], &job["gpus_asked"]),
            (&Value::from(kind), &Value::from(state), &Value::from(gpus)),
            "{job:#}"
        );
    }
}

#[test]
fn words_find_jobs_and_the_table_names_them() {
    let found = jobs(&["qwen-dpo", "jobset"]);
    assert_eq!(found.len(), 1, "{found:?}");
    let ended = run(&["-n", "training"]);
    assert!(ended.said.starts_with("NAMESPACE"), "{}", ended.said);
    assert!(ended.said.contains("llama-ft-0417"), "{}", ended.said);
    assert!(!ended.said.contains("llm-prod"), "{}", ended.said);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_is_deleted_is_told_of_as_it_was_seen_last() {
    let (_simulation, engine) = demo("atlas").await.unwrap();
    let connect = json!({ "cluster": "demo" });
    engine.call("connect_cluster", connect).await.unwrap();
    let topic = Topic::Jobs {
        cluster: "demo".to_owned(),
        namespaces: Vec::new(),
        states: Vec::new(),
        filter: "reranker-sft".to_owned(),
        group: None,
        lanes: Vec::new(),
        sort: JobSort::default(),
        past: Some(JobPast::default()),
        window: Window {
            first: 0,
            count: 10,
        },
    };
    let followed = follow(&engine, topic).await.unwrap();
    let one = |view: &View| match view.window().next() {
        Some(Row::Job(job)) if view.total == 1 => Some(job.clone()),
        _ => None,
    };
    followed
        .wait_for(|view| one(view).is_some_and(|job| job.state == JobState::Running))
        .await;
    let object =
        json!({ "kind": "Job.batch.volcano.sh", "namespace": "training", "name": "reranker-sft" });
    let deletion = json!({
        "cluster": "demo", "objects": [object], "propagation": "background", "intent": "apply",
    });
    let deleted = engine.call("delete_objects", deletion).await.unwrap();
    assert_eq!(deleted["outcome"], "applied", "{deleted:#}");
    let view = followed
        .wait_for(|view| one(view).is_some_and(|job| job.gone.is_some()))
        .await;
    let job = one(&view).unwrap();
    let gone = job.gone.unwrap();
    assert_eq!(
        (job.state, gone.last),
        (JobState::Unknown, JobState::Running)
    );
    assert_eq!(job.gpus_asked, Some(2));
    assert!(gone.missed_at.is_some());
    engine.shutdown().await;
}

#[test]
fn those_that_wait_are_found_by_the_word_that_people_use() {
    let waiting = jobs(&["waiting"]);
    assert!(waiting.iter().any(|job| job["state"] == "queued"));
    let ended = run(&["no-such-job"]);
    assert!(ended.remarked.contains("queued"), "{}", ended.remarked);
}
