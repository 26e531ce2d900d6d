//! What is on its way to run on this machine: told of, called off, and in the journal.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use serde_json::{Value, json};
use strata_api::error::ErrorCode;
use strata_test_support::containers::StalledPull;

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

    let journal = ("read_journal", json!({ "words": "", "most": 10 }));
    let is_over = |page: &Value| page["entries"][0]["state"] == "failed";
    let page = until(&world, journal, is_over).await;
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
