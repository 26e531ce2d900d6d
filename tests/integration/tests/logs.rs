//! The logs of jobs over the demo cluster: of all their pods, merged by time, followed.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::json;
use strata_api::{
    rows::{Row, log::LogSourceState},
    topics::{JobLog, Topic, Window},
};
use strata_integration_tests::{demo, follow};
use strata_test_support::frames::View;

fn train_job() -> JobLog {
    JobLog {
        cluster: "demo".to_owned(),
        group: "trainer.kubeflow.org".to_owned(),
        kind: "TrainJob".to_owned(),
        namespace: "training".to_owned(),
        name: "llama-ft-0417".to_owned(),
        previous: false,
    }
}

fn times(view: &View) -> Vec<String> {
    view.window()
        .filter_map(|row| match row {
            Row::LogLine(line) => Some(line.at.clone()),
            _ => None,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ranks_of_a_training_job_are_read_together_and_followed() -> Result<()> {
    let (simulation, engine) = demo("atlas").await?;
    engine
        .call("connect_cluster", json!({ "cluster": "demo" }))
        .await?;
    let summed = follow(&engine, Topic::JobLogSummary { of: train_job() }).await?;
    let shown = follow(
        &engine,
        Topic::JobLogs {
            of: train_job(),
            pod: String::new(),
            filter: String::new(),
            window: Window {
                first: 0,
                count: Window::MOST,
            },
            from_end: true,
        },
    )
    .await?;
    let sources = |view: &View| {
        view.window().find_map(|row| match row {
            Row::LogSummary(row) => Some(row.sources.clone()),
            _ => None,
        })
    };
    let view = summed
        .wait_for(|view| {
            sources(view).is_some_and(|sources| {
                let is_read = |state: &LogSourceState| *state == LogSourceState::Following;
                sources.len() >= 2
                    && sources
                        .iter()
                        .all(|one| is_read(&one.state) && one.lines > 0)
            })
        })
        .await;
    let ranks: BTreeSet<String> = sources(&view)
        .unwrap()
        .into_iter()
        .map(|source| source.pod)
        .collect();
    assert!(ranks.len() >= 2, "{ranks:?}");

    let view = shown.wait_for(|view| times(view).len() > 50).await;
    let told = times(&view);
    assert!(told.is_sorted(), "{told:?}");

    let last = told.last().unwrap().clone();
    simulation.steer("step 60s")?;
    shown
        .wait_for(|view| times(view).last().is_some_and(|newest| *newest > last))
        .await;
    engine.shutdown().await;
    Ok(())
}
