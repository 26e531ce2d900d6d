//! What is done to nodes, workloads and jobs.

use serde_json::{Value, json};

use crate::demo::{Demo, codes};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_is_cordoned_tainted_and_drained_as_budgets_let_it() {
    let demo = Demo::start().await;
    let (_, nodes) = demo.get("/api/v1/nodes").await;
    let node = nodes["items"][0]["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/nodes/{node}");
    let object = format!("Node//{node}");

    let cordoned = demo.act(&object, json!({ "do": "cordon" }), "apply").await;
    assert_eq!(cordoned["outcome"], "applied", "{cordoned:#}");
    assert_eq!(demo.get(&path).await.1["spec"]["unschedulable"], true);
    demo.act(&object, json!({ "do": "uncordon" }), "apply")
        .await;
    assert_eq!(demo.get(&path).await.1["spec"].get("unschedulable"), None);

    let taint = |remove: bool| json!({ "do": "taint", "key": "broken", "value": "gpu", "effect": "NoSchedule", "remove": remove });
    demo.act(&object, taint(false), "apply").await;
    let taints = demo.get(&path).await.1["spec"]["taints"].clone();
    assert!(taints.to_string().contains("broken"), "{taints}");
    demo.act(&object, taint(true), "apply").await;
    let taints = demo.get(&path).await.1["spec"]["taints"].clone();
    assert!(!taints.to_string().contains("broken"), "{taints}");

    let budget = json!({ "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": { "name": "ollama" },
        "spec": { "minAvailable": 1, "selector": { "matchLabels": { "app": "ollama" } } } });
    let budgets = "/apis/policy/v1/namespaces/home/poddisruptionbudgets";
    assert_eq!(demo.send("POST", budgets, budget).await.0, 201);
    demo.simulation.steer("step 30s").unwrap();
    let drain =
        json!({ "do": "drain", "force": true, "delete_local_data": true, "wait_seconds": 0 });
    let preview = demo.act(&object, drain, "preview").await;
    assert!(
        codes(&preview).contains(&"change_frees_gpus".to_owned()),
        "{preview:#}"
    );
    let held: Vec<&Value> = preview["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["obstacle"]["kind"] == "budget")
        .collect();
    assert_eq!(held.len(), 1, "{preview:#}");
    assert_eq!(preview["outcome"], "blocked");
    assert_eq!(demo.get(&path).await.1["spec"].get("unschedulable"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workloads_are_scaled_restarted_and_given_other_images() {
    let demo = Demo::start().await;
    let web = "/apis/apps/v1/namespaces/home/deployments/open-webui";
    let object = "Deployment/home/open-webui";
    let scaled = demo
        .act(object, json!({ "do": "scale", "replicas": 3 }), "apply")
        .await;
    assert_eq!(scaled["outcome"], "applied", "{scaled:#}");
    assert_eq!(codes(&scaled), ["change_starts_pods"]);
    assert_eq!(demo.get(web).await.1["spec"]["replicas"], 3);
    let restarted = demo.act(object, json!({ "do": "restart" }), "apply").await;
    assert_eq!(codes(&restarted), ["change_restarts_pods"], "{restarted:#}");

    let container =
        demo.get(web).await.1["spec"]["template"]["spec"]["containers"][0]["name"].clone();
    let image = json!({ "do": "set_image", "container": container, "image": "nginx:2" });
    demo.act(object, image, "apply").await;
    let now = demo.get(web).await.1["spec"]["template"]["spec"]["containers"][0]["image"].clone();
    assert_eq!(now, "nginx:2");
    let wrong = json!({ "do": "set_image", "container": "no", "image": "nginx:2" });
    let refused = demo.act(object, wrong, "apply").await;
    assert_eq!(
        refused["steps"][0]["obstacle"]["sentence"]["code"],
        "container_missing"
    );
    let refused = demo.act(object, json!({ "do": "suspend" }), "apply").await;
    assert_eq!(
        refused["steps"][0]["obstacle"]["sentence"]["code"],
        "suspend_by_scaling"
    );

    let label = json!({ "do": "label", "key": "team.example.com/owner", "value": "ada" });
    demo.act(object, label, "apply").await;
    assert_eq!(
        demo.get(web).await.1["metadata"]["labels"]["team.example.com/owner"],
        "ada"
    );
    let entry = demo.journal().await[0]["number"].clone();
    let undo = json!({ "entry": entry, "settlement": "undo", "intent": "apply" });
    let undone = demo.call("settle_change", undo).await;
    assert_eq!(undone["outcome"], "applied", "{undone:#}");
    assert_eq!(
        demo.get(web).await.1["metadata"]["labels"].get("team.example.com/owner"),
        None
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_suspended_restarted_and_cancelled() {
    let demo = Demo::start().await;
    let job = "/apis/batch/v1/namespaces/home/jobs/lora-notes";
    let object = "Job/home/lora-notes";
    let suspended = demo.act(object, json!({ "do": "suspend" }), "apply").await;
    assert_eq!(suspended["outcome"], "applied", "{suspended:#}");
    assert!(
        codes(&suspended).contains(&"pods_end".to_owned()),
        "{suspended:#}"
    );
    assert_eq!(demo.get(job).await.1["spec"]["suspend"], true);
    demo.act(object, json!({ "do": "resume" }), "apply").await;
    assert_eq!(demo.get(job).await.1["spec"]["suspend"], false);
    let queue = demo
        .act(object, json!({ "do": "set_queue", "queue": "q" }), "apply")
        .await;
    assert_eq!(
        queue["steps"][0]["obstacle"]["sentence"]["code"],
        "queue_not_of_kind"
    );
    let cancelled = demo.act(object, json!({ "do": "cancel" }), "apply").await;
    assert_eq!(cancelled["outcome"], "applied", "{cancelled:#}");
    assert_eq!(demo.get(job).await.0, 404);
}
