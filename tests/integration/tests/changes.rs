//! Changing the demo cluster through the whole engine.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use serde_json::{Value, json};
use strata_app::{Engine, Simulation};
use strata_integration_tests::{demo, send};

/// A demo cluster whose time stands still, and an engine that changes it.
struct Demo {
    simulation: Simulation,
    engine: Engine,
}

impl Demo {
    async fn start() -> Self {
        Self::of("workstation").await
    }

    async fn of(scenario: &str) -> Self {
        let (simulation, engine) = demo(scenario).await.unwrap();
        Self { simulation, engine }
    }

    async fn change(&self, manifests: &str, intent: &str, choices: Value) -> Value {
        let request = json!({
            "cluster": "demo", "manifests": manifests, "namespace": "", "intent": intent,
            "choices": choices,
        });
        self.engine.call("change_objects", request).await.unwrap()
    }

    async fn delete(&self, objects: Value, intent: &str) -> Value {
        let request = json!({
            "cluster": "demo", "objects": objects, "propagation": "background", "intent": intent,
        });
        self.engine.call("delete_objects", request).await.unwrap()
    }

    /// What another client sends.
    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let sent = send(&self.simulation, "another/1", method, path, Some(&body));
        sent.await.unwrap()
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, Value::Null).await
    }
}

const SHOP: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
      - { name: main, image: 'nginx:1.29' }
---
apiVersion: v1
kind: Secret
metadata: { name: keys, namespace: shop }
stringData: { token: hunter2 }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
";

const WEB: &str = "/apis/apps/v1/namespaces/shop/deployments/web";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_changes_nothing_and_an_apply_all_in_the_order_of_their_needs() {
    let demo = Demo::start().await;
    let preview = demo.change(SHOP, "preview", json!([])).await;
    assert_eq!(preview["outcome"], "ready", "{preview:#}");
    let kinds: Vec<&str> = preview["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["object"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Namespace", "Secret", "Deployment"]);
    assert_eq!(
        preview["steps"][1]["is_assumed"], true,
        "its namespace is not there"
    );
    assert_eq!(preview["steps"][2]["line"], 1);
    assert!(!preview.to_string().contains("hunter2"), "{preview:#}");
    assert_eq!(demo.get("/api/v1/namespaces/shop").await.0, 404);

    let applied = demo.change(SHOP, "apply", json!([])).await;
    assert_eq!(applied["outcome"], "applied", "{applied:#}");
    assert!(!applied.to_string().contains("hunter2"), "{applied:#}");
    let (code, web) = demo.get(WEB).await;
    assert_eq!((code, &web["spec"]["replicas"]), (200, &json!(2)));
    let again = demo.change(SHOP, "preview", json!([])).await;
    assert_eq!(again["outcome"], "unchanged", "{again:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_is_told_field_by_field_and_a_secret_only_that_it_does() {
    let demo = Demo::start().await;
    demo.change(SHOP, "apply", json!([])).await;
    let other = SHOP
        .replace("nginx:1.29", "nginx:1.30")
        .replace("hunter2", "hunter3");
    let preview = demo.change(&other, "preview", json!([])).await;
    assert_eq!(
        preview["steps"][2]["fields"],
        json!([{
            "path": ".spec.template.spec.containers[name=\"main\"].image",
            "before": "\"nginx:1.29\"", "after": "\"nginx:1.30\"", "is_secret": false,
        }]),
        "{preview:#}"
    );
    let secret = &preview["steps"][1]["fields"];
    assert_eq!(
        secret,
        &json!([{ "path": ".data.token", "is_secret": true }])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_of_another_stays_theirs_unless_it_is_chosen() {
    let demo = Demo::start().await;
    demo.change(SHOP, "apply", json!([])).await;
    let scaled = json!({ "spec": { "replicas": 5 } });
    let (code, _) = demo
        .send("PATCH", &format!("{WEB}?fieldManager=hpa"), scaled)
        .await;
    assert_eq!(code, 200);
    let other = SHOP.replace("nginx:1.29", "nginx:1.30");

    let open = demo.change(&other, "apply", json!([])).await;
    assert_eq!(open["outcome"], "blocked", "{open:#}");
    let conflict = &open["steps"][2]["conflicts"][0];
    assert_eq!(conflict["path"], ".spec.replicas");
    assert_eq!(conflict["manager"], "hpa");
    assert_eq!(
        (&conflict["theirs"], &conflict["ours"]),
        (&json!("5"), &json!("2"))
    );
    assert_eq!(
        demo.get(WEB).await.1["spec"]["template"]["spec"]["containers"][0]["image"],
        "nginx:1.29"
    );

    let choice = |choice: &str| {
        let object = json!({ "kind": "Deployment", "namespace": "shop", "name": "web" });
        json!([{ "object": object, "path": ".spec.replicas", "choice": choice }])
    };
    let kept = demo.change(&other, "apply", choice("keep")).await;
    assert_eq!(kept["outcome"], "applied", "{kept:#}");
    let web = demo.get(WEB).await.1;
    assert_eq!(web["spec"]["replicas"], 5);
    assert_eq!(
        web["spec"]["template"]["spec"]["containers"][0]["image"],
        "nginx:1.30"
    );

    let taken = demo.change(&other, "apply", choice("take")).await;
    assert_eq!(taken["outcome"], "applied", "{taken:#}");
    assert_eq!(demo.get(WEB).await.1["spec"]["replicas"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistake_is_told_with_its_line_and_nothing_is_sent() {
    let demo = Demo::start().await;
    let broken = SHOP.replace("  replicas: 2", "  replicass: 2");
    demo.change(
        "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n",
        "apply",
        json!([]),
    )
    .await;
    let answer = demo.change(&broken, "apply", json!([])).await;
    assert_eq!(answer["outcome"], "blocked", "{answer:#}");
    let obstacle = &answer["steps"][2]["obstacle"];
    assert_eq!(obstacle["line"], 7, "{obstacle:#}");
    assert!(
        obstacle["details"][0]
            .as_str()
            .unwrap()
            .contains("replicass")
    );
    assert_eq!(
        demo.get("/api/v1/namespaces/shop/secrets/keys").await.0,
        404
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_says_what_goes_along() {
    let demo = Demo::start().await;
    demo.change(SHOP, "apply", json!([])).await;
    demo.simulation.steer("step 30s").unwrap();
    let web = json!([{ "kind": "Deployment", "namespace": "shop", "name": "web" }]);
    let preview = demo.delete(web.clone(), "preview").await;
    assert_eq!(preview["outcome"], "ready", "{preview:#}");
    let along: Vec<(Value, Value)> = preview["steps"][0]["consequences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|phrase| {
            (
                phrase["values"]["kind"].clone(),
                phrase["values"]["count"].clone(),
            )
        })
        .collect();
    let count = |number: f64| json!({ "number": number });
    assert!(
        along.contains(&(json!({ "text": "ReplicaSet" }), count(1.0))),
        "{along:?}"
    );
    assert!(
        along.contains(&(json!({ "text": "Pod" }), count(2.0))),
        "{along:?}"
    );
    assert_eq!(demo.get(WEB).await.0, 200);
    let gone = demo.delete(web.clone(), "apply").await;
    assert_eq!(gone["outcome"], "applied", "{gone:#}");
    assert_eq!(demo.get(WEB).await.0, 404);
    let again = demo.delete(web, "apply").await;
    assert_eq!(again["steps"][0]["obstacle"]["kind"], "stale", "{again:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_permission_is_named_and_nothing_is_sent() {
    // Its user may not read secrets.
    let demo = Demo::of("edge").await;
    let answer = demo.change(SHOP, "apply", json!([])).await;
    assert_eq!(answer["outcome"], "blocked", "{answer:#}");
    let obstacle = &answer["steps"][1]["obstacle"];
    assert_eq!(obstacle["kind"], "permission");
    assert_eq!(
        obstacle["sentence"]["values"]["permission"]["text"],
        "get secrets in namespace shop"
    );
    assert_eq!(demo.get("/api/v1/namespaces/shop").await.0, 404);
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

impl Demo {
    async fn act(&self, object: &str, action: Value, intent: &str) -> Value {
        let mut parts = object.split('/');
        let [kind, namespace, name] = std::array::from_fn(|_| parts.next().unwrap());
        let objects = json!([{ "kind": kind, "namespace": namespace, "name": name }]);
        let request =
            json!({ "cluster": "demo", "objects": objects, "action": action, "intent": intent });
        self.engine.call("act_on_objects", request).await.unwrap()
    }

    async fn call(&self, operation: &str, request: Value) -> Value {
        self.engine.call(operation, request).await.unwrap()
    }

    /// The journal, the newest entry first.
    async fn journal(&self) -> Vec<Value> {
        let page = self
            .call("read_journal", json!({ "words": "", "most": 100 }))
            .await;
        page["entries"].as_array().unwrap().clone()
    }
}

/// The sentences of a report's first step, by their codes.
fn codes(report: &Value) -> Vec<String> {
    let told = report["steps"][0]["consequences"]
        .as_array()
        .unwrap()
        .iter();
    told.map(|phrase| phrase["code"].as_str().unwrap().to_owned())
        .collect()
}

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
