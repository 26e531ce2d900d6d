//! What one lacks is said beforehand, and any object is edited, over the demo cluster through the whole
//! engine.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use serde_json::{Value, json};
use strata_app::Engine;
use strata_integration_tests::demo;

/// An engine over a demo cluster whose time stands still.
async fn start(scenario: &str) -> Engine {
    demo(scenario).await.unwrap().1
}

async fn apply(engine: &Engine, manifests: &str) -> Value {
    let request = json!({
        "cluster": "demo", "manifests": manifests, "namespace": "default", "intent": "apply",
        "choices": [],
    });
    engine.call("change_objects", request).await.unwrap()
}

fn settings() -> Value {
    json!({ "kind": "ConfigMap", "namespace": "default", "name": "settings" })
}

const SETTINGS: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: default, labels: { team: a } }
data: { color: red, size: '4' }
";

async fn edited(engine: &Engine, before: &str, after: &str, intent: &str) -> Value {
    let request = json!({
        "cluster": "demo", "object": settings(), "before": before, "after": after,
        "intent": intent,
    });
    engine.call("edit_object", request).await.unwrap()
}

async fn manifest(engine: &Engine) -> String {
    let request = json!({
        "cluster": "demo", "kind": "ConfigMap", "namespace": "default", "name": "settings",
    });
    let read = engine.call("read_manifest", request).await.unwrap();
    read["yaml"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_do_all_lacks_nothing_for_what_is_offered() {
    let engine = start("workstation").await;
    let node = json!({ "kind": "Node", "namespace": "", "name": "" });
    let job = json!({ "kind": "Job", "namespace": "default", "name": "any" });
    let deeds = json!([
        { "deed": "drain", "objects": [node] },
        { "deed": "restart", "objects": [job] },
        { "deed": "delete", "objects": [settings()] },
    ]);
    let request = json!({ "cluster": "demo", "deeds": deeds });
    let told = engine.call("read_permissions", request).await.unwrap();
    assert_eq!(told["missing"], json!([[], [], []]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_objects_are_not_asked_about() {
    let engine = start("workstation").await;
    let objects = vec![settings(); 201];
    let deeds = json!([{ "deed": "delete", "objects": objects }]);
    let request = json!({ "cluster": "demo", "deeds": deeds });
    let error = engine.call("read_permissions", request).await.unwrap_err();
    assert!(error.message.contains("200 objects at most"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_sends_what_was_edited_and_is_undone_from_the_journal() {
    let engine = start("workstation").await;
    apply(&engine, SETTINGS).await;
    let before = manifest(&engine).await;
    let after = before.replace("red", "green");
    let preview = edited(&engine, &before, &after, "preview").await;
    assert_eq!(preview["outcome"], "ready", "{preview:#}");
    let fields = preview["steps"][0]["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 1, "{fields:#?}");
    assert_eq!(fields[0]["path"], ".data.color");
    assert_eq!(manifest(&engine).await, before);

    let done = edited(&engine, &before, &after, "apply").await;
    assert_eq!(done["outcome"], "applied", "{done:#}");
    assert!(manifest(&engine).await.contains("green"));
    let undo = json!({
        "entry": done["journal_entry"], "settlement": "undo", "intent": "apply",
    });
    let undone = engine.call("settle_change", undo).await.unwrap();
    assert_eq!(undone["outcome"], "applied", "{undone:#}");
    assert_eq!(manifest(&engine).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_changed_meanwhile_is_not_written_over() {
    let engine = start("workstation").await;
    apply(&engine, SETTINGS).await;
    let before = manifest(&engine).await;
    apply(&engine, &SETTINGS.replace("red", "blue")).await;
    let late = edited(&engine, &before, &before.replace("red", "green"), "apply").await;
    assert_eq!(late["outcome"], "blocked", "{late:#}");
    assert_eq!(late["obstacles"][0]["kind"], "stale");
    // What nobody else changed can be edited all the same.
    let size = before.replace("'4'", "'5'").replace("\"4\"", "\"5\"");
    let other = edited(&engine, &before, &size, "apply").await;
    assert_eq!(other["outcome"], "applied", "{other:#}");
    assert!(manifest(&engine).await.contains("blue"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_makes_another_object_of_it_is_told_with_its_line() {
    let engine = start("workstation").await;
    apply(&engine, SETTINGS).await;
    let before = manifest(&engine).await;
    let renamed = before.replace("name: settings", "name: others");
    let answer = edited(&engine, &before, &renamed, "apply").await;
    assert_eq!(answer["outcome"], "blocked", "{answer:#}");
    let obstacle = &answer["obstacles"][0];
    assert_eq!(obstacle["sentence"]["code"], "edit_keeps_identity");
    let line = renamed
        .lines()
        .position(|line| line.contains("name: others"));
    assert_eq!(obstacle["line"], json!(line.unwrap() + 1));
}
