//! Trying the demo cluster's models: through a forwarded port of its API server, in its own time.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use strata_api::{
    rows::{
        Row,
        playground::{AnswerRow, ModelServerRow, TrialState},
    },
    topics::{Topic, Window},
};
use strata_app::{Engine, Simulation};
use strata_integration_tests::{demo, follow, strata};
use strata_test_support::frames::View;

fn servers(view: &View) -> Vec<&ModelServerRow> {
    let rows = view.window().filter_map(|row| match row {
        Row::ModelServer(row) => Some(row),
        _ => None,
    });
    rows.collect()
}

fn answer(view: &View) -> Option<&AnswerRow> {
    view.window().find_map(|row| match row {
        Row::Answer(row) => Some(row.as_ref()),
        _ => None,
    })
}

/// An engine over the demo cluster, whose time stands still.
async fn start() -> Result<(Simulation, Engine)> {
    let (simulation, engine) = demo("atlas").await?;
    engine
        .call("connect_cluster", json!({ "cluster": "demo" }))
        .await?;
    Ok((simulation, engine))
}

/// A server of the demo that is ready, and its model.
async fn found(engine: &Engine) -> Result<(Value, Value)> {
    let window = Window {
        first: 0,
        count: 100,
    };
    let listed = follow(
        engine,
        Topic::ModelServers {
            cluster: "demo".to_owned(),
            namespaces: vec!["llm-prod".to_owned()],
            filter: String::new(),
            window,
        },
    )
    .await?;
    let view = listed
        .wait_for(|view| {
            servers(view)
                .iter()
                .any(|row| row.name == "chat-assist" && row.pods.ready > 0)
        })
        .await;
    let rows = servers(&view);
    let row = rows.iter().find(|row| row.name == "chat-assist");
    let row = row.context("it was there")?;
    let server = json!({ "cluster": "demo", "group": row.group, "kind": row.kind,
        "namespace": row.namespace, "name": row.name });
    let request = json!({ "server": server, "key": { "from": "nobody" } });
    let told = engine.call("read_models", request).await?;
    // A cluster in the same process has no connection that could become a WebSocket.
    assert_eq!(told.pointer("/way"), Some(&json!("proxied")));
    let model = told.pointer("/models/0/id").cloned().unwrap_or_default();
    Ok((server, model))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_of_the_demo_answers_as_its_clusters_time_passes() -> Result<()> {
    let (simulation, engine) = start().await?;
    let (server, model) = found(&engine).await?;
    let asked = json!({
        "server": server, "key": { "from": "nobody" }, "model": model, "is_streamed": true,
        "sampling": { "max_tokens": 40 },
        "prompt": { "api": "chat", "messages": [{ "role": "user", "content": "Why is it slow?" }] },
    });
    let started: Value = engine.call("ask_model", asked).await?;
    let trial = started["trial"].as_str().unwrap().to_owned();
    let answered = follow(&engine, Topic::Answer { trial }).await?;
    answered
        .wait_for(|view| answer(view).is_some_and(|row| row.state == TrialState::Waiting))
        .await;
    simulation.steer("step 1s")?;
    answered
        .wait_for(|view| answer(view).is_some_and(|row| row.state == TrialState::Running))
        .await;
    simulation.steer("step 60s")?;
    let view = answered
        .wait_for(|view| answer(view).is_some_and(|row| row.state.is_over()))
        .await;
    let row = answer(&view).unwrap();
    assert_eq!(row.state, TrialState::Done, "{:?}", row.fault);
    assert_eq!(row.tokens.output, Some(40));
    assert!(row.tokens.is_told);
    engine.shutdown().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_test_is_in_the_journal_with_what_was_asked_and_what_came_of_it() -> Result<()> {
    let (_simulation, engine) = start().await?;
    let (server, model) = found(&engine).await?;
    let load = json!({
        "model": model, "requests": 4, "concurrency": 2, "prompt": "", "prompt_tokens": 32,
        "max_tokens": 8,
    });
    let asked = json!({ "server": server, "key": { "from": "nobody" }, "load": load });
    let started = engine.call("start_load_test", asked).await?;
    let read = json!({ "words": "chat-assist", "most": 10 });
    let page = engine.call("read_journal", read.clone()).await?;
    let entry = page["entries"][0].clone();
    assert_eq!(entry["state"], "running", "{entry:#}");
    assert_eq!(entry["steps"][0]["action"], "load");
    let fields = entry["steps"][0]["fields"].as_array().unwrap();
    assert!(
        fields
            .iter()
            .any(|field| field["path"] == ".requests" && field["after"] == "4")
    );

    // Time stands still, so nothing was answered when it is stopped.
    engine.call("stop_trial", started).await?;
    let ended = loop {
        let page = engine.call("read_journal", read.clone()).await?;
        if page["entries"][0]["state"] != "running" {
            break page["entries"][0].clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(ended["state"], "failed", "{ended:#}");
    let message = ended["steps"][0]["message"].as_str().unwrap();
    assert_eq!(message, "0 of 4 requests answered; it was stopped");
    engine.shutdown().await;
    Ok(())
}

#[test]
fn the_command_line_asks_a_model_and_loads_it() -> Result<()> {
    let listed = strata(&["try", "--list", "--demo", "-o", "json"], "")?;
    assert_eq!(listed.code, Some(0), "{}", listed.remarked);
    let listed: Value = serde_json::from_str(&listed.said)?;
    let mut names = listed["servers"].as_array().unwrap().iter();
    assert!(names.any(|row| row["name"] == "chat-assist"));

    let line = [
        "try",
        "chat-assist",
        "--demo",
        "--prompt",
        "Why?",
        "--max-tokens",
        "8",
    ];
    let told = strata(&line, "")?;
    assert_eq!(told.code, Some(0), "{}", told.remarked);
    assert!(told.said.split_whitespace().count() >= 6, "{}", told.said);
    assert!(told.remarked.contains("TTFT"), "{}", told.remarked);

    let curl = strata(
        &["try", "chat-assist", "--demo", "--prompt", "Why?", "--curl"],
        "",
    )?;
    assert!(curl.said.contains("port-forward"), "{}", curl.said);

    let load = [
        "load-test",
        "chat-assist",
        "--demo",
        "--requests",
        "6",
        "--concurrency",
        "3",
        "--prompt-tokens",
        "32",
        "--max-tokens",
        "8",
        "-o",
        "json",
    ];
    let load = strata(&load, "")?;
    assert_eq!(load.code, Some(0), "{}", load.remarked);
    let load: Value = serde_json::from_str(&load.said)?;
    assert_eq!(load["result"]["answered"], 6);
    assert_eq!(load["result"]["output_tokens"], 48);
    Ok(())
}
