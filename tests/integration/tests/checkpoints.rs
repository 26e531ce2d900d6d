//! What ending a training job loses, over the demo cluster: told from the logs that its ranks write.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use serde_json::{Value, json};
use strata_app::Engine;
use strata_integration_tests::{demo, send};

async fn preview(engine: &Engine, object: Value, action: Value) -> Value {
    let request = json!({
        "cluster": "demo", "objects": [object], "action": action, "intent": "preview",
    });
    engine.call("act_on_objects", request).await.unwrap()
}

/// What is said of checkpoints in the step `at` of a report: the code, and the GPU-hours.
fn at_stake(report: &Value, at: usize) -> Vec<(String, f64)> {
    let said = report["steps"][at]["consequences"].as_array().unwrap();
    said.iter()
        .filter_map(|phrase| {
            let code = phrase["code"].as_str()?;
            let hours = phrase["values"]["hours"]["number"].as_f64()?;
            code.starts_with("checkpoint_")
                .then(|| (code.to_owned(), hours))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_a_training_job_loses_the_work_since_its_last_checkpoint() {
    let (_simulation, engine) = demo("atlas").await.unwrap();
    let job = json!({
        "kind": "TrainJob.trainer.kubeflow.org", "namespace": "training", "name": "llama-ft-0417",
    });
    for action in [
        json!({ "do": "cancel" }),
        json!({ "do": "suspend" }),
        json!({ "do": "restart" }),
    ] {
        let report = preview(&engine, job.clone(), action.clone()).await;
        let told = at_stake(&report, 0);
        // It has 16 GPUs, has run for six hours, and saves every few minutes.
        assert!(
            matches!(told.as_slice(), [(code, hours)]
                if code == "checkpoint_saved" && *hours > 0.0 && *hours < 16.0),
            "{action}: {told:?} {report:#}"
        );
    }
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn draining_a_node_loses_the_work_of_the_whole_gang_and_a_server_loses_none() {
    let (simulation, engine) = demo("atlas").await.unwrap();
    let path = "/api/v1/namespaces/training/pods";
    let (_, pods) = send(&simulation, "another/1", "GET", path, None)
        .await
        .unwrap();
    let pod = pods["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|pod| {
            pod["metadata"]["name"]
                .as_str()
                .unwrap()
                .starts_with("llama-ft-0417")
                && pod["spec"]["nodeName"].is_string()
        })
        .unwrap();
    let node = json!({ "kind": "Node", "namespace": "", "name": pod["spec"]["nodeName"] });
    let drain = json!({
        "do": "drain", "force": true, "delete_local_data": true, "wait_seconds": 0,
    });
    let report = preview(&engine, node, drain).await;
    let told = at_stake(&report, 0);
    assert!(
        matches!(told.as_slice(), [(code, _)] if code == "checkpoint_saved"),
        "{told:?} {report:#}"
    );

    let server = json!({ "kind": "Deployment", "namespace": "rag", "name": "rag-search" });
    let report = preview(&engine, server, json!({ "do": "restart" })).await;
    assert!(at_stake(&report, 0).is_empty(), "{report:#}");
    engine.shutdown().await;
}
