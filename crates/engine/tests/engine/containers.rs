//! What runs on this machine, and what is on its way there: told of, called off, stopped, removed,
//! loaded, and in the journal.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use serde_json::{Value, json};
use strata_api::{
    error::ErrorCode,
    rows::{Row, playground::TrialState},
    topics::Topic,
};
use strata_test_support::{
    containers::{OneContainer, StalledPull},
    model_server::{MODEL, ModelServer, Scripted},
};

use crate::world::World;

/// Asks until the answer is as it has to become.
async fn until(world: &World, ask: (&str, Value), is_so: impl Fn(&Value) -> bool) -> Value {
    let (operation, request) = ask;
    loop {
        let answer = world.engine.call(operation, request.clone()).await;
        let answer = answer.unwrap();
        if is_so(&answer) {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

fn beginnings() -> (&'static str, Value) {
    ("read_local_containers", json!({ "runtime": "ollama" }))
}

fn journal() -> (&'static str, Value) {
    ("read_journal", json!({ "words": "", "most": 10 }))
}

/// A world on a machine with one container, and the server of models in it.
async fn serving() -> (World, ModelServer) {
    let tokens = Scripted::Tokens(vec!["a", "b"]);
    let server = ModelServer::start(tokens).await.unwrap();
    let machine = OneContainer::at(server.address);
    (World::on(Arc::new(machine)), server)
}

async fn begin(world: &World) {
    let request = json!({
        "runtime": "ollama",
        "recipe": {
            "recipe": "ollama", "cluster": null, "namespace": "",
            "values": { "name": "chat", "model": "qwen3:8b" }, "typed": {},
        },
        "intent": "apply",
    });
    let begun = world.engine.call("run_locally", request).await.unwrap();
    assert_eq!(begun.get("is_begun"), Some(&json!(true)), "{begun:#}");
}

#[tokio::test]
async fn a_pull_that_is_called_off_is_listened_to_no_longer_and_says_how_far_it_was() {
    let machine = StalledPull::default();
    let world = World::on(Arc::new(machine.clone()));
    begin(&world).await;
    let (done, all) = StalledPull::BYTES;
    let is_part_here = |told: &Value| told["beginnings"][0]["done_bytes"] == done;
    until(&world, beginnings(), is_part_here).await;

    let one = json!({ "runtime": "ollama", "name": "qwen3:8b" });
    let call_off = async || world.engine.call("cancel_locally", one.clone()).await;
    call_off().await.unwrap();
    machine.unheard().await;
    let is_called_off = |told: &Value| told["beginnings"][0]["stage"] == "called_off";
    let told = until(&world, beginnings(), is_called_off).await;
    let told = &told["beginnings"][0];
    assert_eq!(told["done_bytes"], done);
    assert_eq!(told["total_bytes"], all);
    let again = call_off().await.unwrap_err();
    assert_eq!(again.code, ErrorCode::Conflict);

    let is_over = |page: &Value| page["entries"][0]["state"] == "failed";
    let page = until(&world, journal(), is_over).await;
    let entry = &page["entries"][0];
    assert_eq!(entry["context"], "this machine");
    assert_eq!(
        entry["steps"][0]["message"],
        "called off; 40 of 100 MiB had been fetched"
    );

    // What never came to run leaves no more than that it was told of.
    world.engine.call("remove_locally", one).await.unwrap();
    let is_forgotten = |told: &Value| told["beginnings"] == json!([]);
    until(&world, beginnings(), is_forgotten).await;
    world.engine.shutdown().await;
}

#[tokio::test]
async fn what_was_called_off_is_begun_again() {
    let world = World::on(Arc::new(StalledPull::default()));
    begin(&world).await;
    let one = json!({ "runtime": "ollama", "name": "qwen3:8b" });
    world.engine.call("cancel_locally", one).await.unwrap();
    let is_called_off = |told: &Value| told["beginnings"][0]["stage"] == "called_off";
    until(&world, beginnings(), is_called_off).await;
    begin(&world).await;
    let is_pulling = |told: &Value| told["beginnings"][0]["stage"] == "pulling";
    until(&world, beginnings(), is_pulling).await;
    world.engine.shutdown().await;
}

#[tokio::test]
async fn what_is_stopped_and_removed_here_is_in_the_journal_with_what_came_of_it() {
    let (world, _server) = serving().await;
    let one = json!({ "runtime": "docker", "name": OneContainer::NAME });
    let call = async |operation: &str| world.engine.call(operation, one.clone()).await;
    for (operation, action, command) in [
        ("stop_locally", "end", "docker stop qwen"),
        ("remove_locally", "delete", "docker rm --force qwen"),
    ] {
        call(operation).await.unwrap();
        let is_done = |page: &Value| {
            let newest = &page["entries"][0];
            newest["state"] == "applied" && newest["steps"][0]["action"] == action
        };
        let page = until(&world, journal(), is_done).await;
        let entry = &page["entries"][0];
        assert_eq!(entry["context"], "this machine");
        let step = &entry["steps"][0];
        assert_eq!(step["kubectl"], command);
        let object = json!({ "kind": "Container", "namespace": "docker", "name": "qwen" });
        assert_eq!(step["object"], object);
    }
    // What is gone cannot be stopped, and that somebody tried is noted down too.
    let refused = call("stop_locally").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    let has_failed = |page: &Value| page["entries"][0]["state"] == "failed";
    let page = until(&world, journal(), has_failed).await;
    assert_eq!(page["entries"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        page["entries"][0]["steps"][0]["message"],
        "there is no container qwen"
    );
    world.engine.shutdown().await;
}

#[tokio::test]
async fn a_load_test_on_this_machine_is_in_the_journal_with_how_it_went() {
    let (world, server) = serving().await;
    let asked = json!({
        "server": { "cluster": "", "group": "", "kind": "Container", "namespace": "docker",
            "name": OneContainer::NAME },
        "key": { "from": "nobody" },
        "load": { "model": MODEL, "requests": 4, "concurrency": 2, "prompt": "",
            "prompt_tokens": 32, "max_tokens": 8 },
    });
    let started = world.engine.call("start_load_test", asked).await.unwrap();
    let trial = started["trial"].as_str().unwrap().to_owned();
    let told = world.subscribe(Topic::LoadTest { trial }).await;
    told.wait_for(|view| {
        view.window()
            .any(|row| matches!(row, Row::LoadTest(row) if row.state == TrialState::Done))
    })
    .await;
    let is_applied = |page: &Value| page["entries"][0]["state"] == "applied";
    let page = until(&world, journal(), is_applied).await;
    let entry = &page["entries"][0];
    assert_eq!(entry["context"], "this machine");
    let step = &entry["steps"][0];
    assert_eq!(step["action"], "load");
    assert_eq!(step["object"]["name"], OneContainer::NAME);
    assert_eq!(step["message"], "4 of 4 requests answered");
    let fields = step["fields"].as_array().unwrap();
    assert!(
        fields
            .iter()
            .any(|field| field["path"] == ".concurrency" && field["after"] == "2"),
        "{step:#}"
    );
    assert!(server.asked().len() >= 4);
    world.engine.shutdown().await;
}
