//! What keeps one from a change, and what is noted down about one.

use serde_json::{Value, json};

use crate::demo::{Demo, SHOP};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_protected_context_is_changed_only_while_it_is_unlocked() {
    let demo = Demo::start().await;
    let name = demo
        .call("read_protection", json!({ "cluster": "demo" }))
        .await;
    assert_eq!(name["is_protected"], false);
    demo.call(
        "protect_cluster",
        json!({ "cluster": "demo", "is_protected": true, "typed": "" }),
    )
    .await;
    let refused = demo.change(SHOP, "apply", json!([])).await;
    assert_eq!(refused["outcome"], "blocked", "{refused:#}");
    assert_eq!(refused["obstacles"][0]["kind"], "protected");
    assert_eq!(demo.get("/api/v1/namespaces/shop").await.0, 404);

    let wrong = json!({ "cluster": "demo", "typed": "dem", "minutes": 10 });
    assert!(demo.engine.call("unlock_cluster", wrong).await.is_err());
    let right = json!({ "cluster": "demo", "typed": "demo", "minutes": 10 });
    demo.call("unlock_cluster", right).await;
    assert_eq!(
        demo.change(SHOP, "apply", json!([])).await["outcome"],
        "applied"
    );
    demo.simulation.steer("step 11m").unwrap();
    let late = demo
        .change(&SHOP.replace("1.29", "1.30"), "apply", json!([]))
        .await;
    assert_eq!(late["obstacles"][0]["kind"], "protected", "{late:#}");
    let off = json!({ "cluster": "demo", "is_protected": false, "typed": "no" });
    assert!(demo.engine.call("protect_cluster", off).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_is_in_the_journal_and_nothing_secret() {
    let demo = Demo::start().await;
    demo.change(SHOP, "preview", json!([])).await;
    assert!(demo.journal().await.is_empty(), "a preview is no change");
    let filtered = async |more: Value| {
        let mut request = json!({ "words": "", "most": 100 });
        let fields = request.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        let page = demo.call("read_journal", request).await;
        page["entries"].as_array().unwrap().len()
    };
    demo.change(SHOP, "apply", json!([])).await;
    let other = SHOP.replace("1.29", "1.30").replace("hunter2", "hunter3");
    demo.change(&other, "apply", json!([])).await;
    let entries = demo.journal().await;
    assert_eq!(entries.len(), 2);
    assert_eq!(filtered(json!({ "states": ["applied"] })).await, 2);
    assert_eq!(filtered(json!({ "states": ["failed"] })).await, 0);
    assert_eq!(filtered(json!({ "cluster": "demo", "most": 1 })).await, 1);
    assert_eq!(filtered(json!({ "cluster": "elsewhere" })).await, 0);
    let last = &entries[0];
    assert_eq!(
        (&last["state"], &last["known_as"]),
        (&json!("applied"), &json!("owner"))
    );
    assert_eq!(
        last["steps"][2]["fields"][0]["path"],
        ".spec.template.spec.containers[name=\"main\"].image"
    );
    let whole = serde_json::to_string(&entries).unwrap();
    for secret in ["hunter", "aHVudGVyM"] {
        assert!(!whole.contains(secret), "{secret} is in the journal");
    }
    let verdict = demo.call("verify_journal", json!({})).await;
    assert_eq!(verdict.get("fault"), None, "{verdict:#}");

    let undo = json!({ "entry": 10, "settlement": "undo", "intent": "apply" });
    let entry = last["number"].clone();
    let mut undo_last = undo.clone();
    undo_last["entry"] = entry;
    let blocked = demo.call("settle_change", undo_last).await;
    assert_eq!(
        blocked["outcome"], "blocked",
        "its Secret's old value is nowhere: {blocked:#}"
    );
    assert!(demo.engine.call("settle_change", undo).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_done_to_a_job_is_told_before_anybody_tries() {
    // Its user may not delete jobs.
    let demo = Demo::of("edge").await;
    let object =
        json!({ "kind": "Job", "namespace": "default", "name": "asks-for-a-million-gpus" });
    let deeds =
        ["suspend", "cancel", "restart"].map(|deed| json!({ "deed": deed, "objects": [object] }));
    let request = json!({ "cluster": "demo", "deeds": deeds });
    let answer = demo.call("read_permissions", request).await;
    let permission = "delete jobs.batch in namespace default";
    assert_eq!(
        answer["missing"],
        json!([[], [permission], [permission]]),
        "{answer:#}"
    );
}

/// A scenario of these tests.
fn scenario(name: &str) -> String {
    format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_lacks_the_evictions_of_the_very_pods_that_would_go() {
    let demo = Demo::of(&scenario("team")).await;
    let drained = async |name: &str| {
        let node = json!({ "kind": "Node", "namespace": "", "name": name });
        let deeds = json!([{ "deed": "drain", "objects": [node] }]);
        let request = json!({ "cluster": "demo", "deeds": deeds });
        demo.call("read_permissions", request).await["missing"][0].clone()
    };
    // Its user may evict the pods of their own team, and those of a DaemonSet stay.
    assert_eq!(drained("own-01").await, json!([]));
    let lacking = "create pods/eviction in namespace team-b";
    assert_eq!(drained("shared-01").await, json!([lacking]));
    // Of any node it is not known which pods it has: the preview tells.
    assert_eq!(drained("").await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_that_lacks_evictions_is_blocked_by_its_preview_too() {
    let demo = Demo::of(&scenario("team")).await;
    let careless = json!({
        "do": "drain", "force": true, "delete_local_data": true, "wait_seconds": 0,
    });
    let report = demo.act("Node//shared-01", careless, "preview").await;
    assert_eq!(report["outcome"], "blocked", "{report:#}");
    let lacking = json!({ "text": "create pods/eviction in namespace team-b" });
    let steps = report["steps"].as_array().unwrap();
    let found = steps
        .iter()
        .any(|step| step["obstacle"]["sentence"]["values"]["permission"] == lacking);
    assert!(found, "{report:#}");
}
