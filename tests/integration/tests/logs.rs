//! The logs of jobs over the demo cluster: of all their pods, merged by time, followed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::json;
use strata_api::{
    rows::{Row, log::LogSourceState},
    topics::{JobLog, Topic, Window},
};
use strata_app::{Engine, Launch, Simulation, SinkClosed};
use strata_test_support::frames::{FrameCollector, View};

async fn subscribe(engine: &Engine, topic: Topic) -> FrameCollector {
    let collector = FrameCollector::default();
    let (answering, taken) = (engine.clone(), collector.clone());
    let (number, subscribed) = tokio::sync::watch::channel(None);
    let sink = move |frame: strata_api::frames::Frame| {
        let seq = frame.seq();
        taken.take(frame);
        // Frames that come before the number is known are answered by the next one.
        if let Some(subscription) = *subscribed.borrow() {
            answering.acknowledge(subscription, seq);
        }
        Ok::<(), SinkClosed>(())
    };
    let subscription = engine.subscribe(topic, Box::new(sink)).await.unwrap();
    number.send(Some(subscription)).unwrap();
    if let Some(last) = collector.last() {
        engine.acknowledge(subscription, last.seq());
    }
    collector
}

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
    let simulation = Simulation::start("atlas", 1)?;
    simulation.steer("pause")?;
    let launch = Launch {
        simulation: Some(simulation.clone()),
        ..Launch::isolated()
    };
    let engine = strata_app::start(launch).await?;
    engine
        .call("connect_cluster", json!({ "cluster": "demo" }))
        .await?;
    let summed = subscribe(&engine, Topic::JobLogSummary { of: train_job() }).await;
    let shown = subscribe(
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
    .await;
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
