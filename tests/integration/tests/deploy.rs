//! Recipes and releases on the demo cluster, through the whole engine.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use strata_app::{Engine, Simulation};
use strata_integration_tests::{demo, send};

/// A demo cluster whose time stands still, and an engine that deploys to it.
struct Demo {
    simulation: Simulation,
    engine: Engine,
}

impl Demo {
    async fn start(scenario: &str) -> Self {
        let (simulation, engine) = demo(scenario).await.unwrap();
        Self { simulation, engine }
    }

    async fn call(&self, operation: &str, request: Value) -> Value {
        self.engine.call(operation, request).await.unwrap()
    }

    async fn deploy(&self, recipe: &str, values: Value, intent: &str) -> Value {
        let recipe = json!({
            "recipe": recipe, "cluster": "demo", "namespace": "default", "values": values,
        });
        let request = json!({ "recipe": recipe, "intent": intent });
        self.call("deploy_recipe", request).await
    }

    async fn release(&self, operation: &str, more: Value) -> Value {
        let mut request = json!({ "cluster": "demo", "namespace": "default", "name": "web" });
        let fields = request.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        self.call(operation, request).await
    }

    /// The names of everything of these kinds in the namespace.
    async fn everything(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for path in [
            "api/v1/namespaces/default/configmaps",
            "api/v1/namespaces/default/services",
            "api/v1/namespaces/default/persistentvolumeclaims",
            "apis/apps/v1/namespaces/default/deployments",
            "apis/apps/v1/namespaces/default/replicasets",
        ] {
            let items = self.get(path).await["items"].take();
            let names = items.as_array().unwrap().iter();
            found.extend(names.map(|item| format!("{path} {}", item["metadata"]["name"])));
        }
        found
    }

    async fn get(&self, path: &str) -> Value {
        let path = format!("/{path}");
        let answer = send(&self.simulation, "another/1", "GET", &path, None).await;
        answer.unwrap().1
    }

    /// Scales the Deployment, as an autoscaler does.
    async fn send_scale(&self, scale: Value) {
        let path = "/apis/apps/v1/namespaces/default/deployments/web/scale";
        let sent = send(
            &self.simulation,
            "autoscaler/1",
            "PATCH",
            path,
            Some(&scale),
        );
        assert_eq!(sent.await.unwrap().0, 200);
    }

    async fn image(&self) -> Value {
        let found = self
            .get("apis/apps/v1/namespaces/default/deployments/web")
            .await;
        found["spec"]["template"]["spec"]["containers"][0]["image"].clone()
    }
}

fn web(image: &str, port: &Value) -> Value {
    json!({ "name": "web", "image": image, "port": port, "replicas": 2 })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_deployed_changed_rolled_back_and_deleted_with_nothing_left() {
    let demo = Demo::start("workstation").await;
    let before = demo.everything().await;

    let preview = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "preview")
        .await;
    assert_eq!(preview["outcome"], "ready", "{preview}");
    assert_eq!(demo.everything().await, before, "a preview changes nothing");

    let first = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "apply")
        .await;
    assert_eq!(first["outcome"], "applied", "{first}");
    assert_eq!(demo.image().await, "nginx:1.28");

    // The same again is no new revision.
    let again = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "apply")
        .await;
    assert_eq!(again["outcome"], "unchanged", "{again}");

    // Without a port there is no Service any more.
    let second = demo
        .deploy("image", web("nginx:1.29", &Value::Null), "apply")
        .await;
    assert_eq!(second["outcome"], "applied", "{second}");
    assert_eq!(demo.image().await, "nginx:1.29");
    let services = demo.get("api/v1/namespaces/default/services/web").await;
    assert_eq!(
        services["code"], 404,
        "what went out of the release is deleted"
    );

    let listed = demo
        .call(
            "read_releases",
            json!({ "cluster": "demo", "namespace": "" }),
        )
        .await;
    assert_eq!(listed["releases"][0]["name"], "web");
    assert_eq!(listed["releases"][0]["revision"], 2);
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(detail["revisions"][0]["values"]["image"], "nginx:1.29");
    assert_eq!(detail["revisions"][1]["values"]["port"], 80);
    let compared = demo
        .release("compare_revisions", json!({ "from": 1, "to": 2 }))
        .await;
    let actions: Vec<(&str, &str)> = compared["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["object"]["kind"].as_str().unwrap(),
                one["action"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(actions, [("Deployment", "change"), ("Service", "delete")]);
    let gone = &compared["objects"][1];
    assert!(
        gone["before"].as_str().unwrap().contains("kind: Service"),
        "what goes is told as it was: {gone:#}"
    );
    assert_eq!(gone["after"], "");

    let back = demo
        .release("roll_back_release", json!({ "intent": "apply" }))
        .await;
    assert_eq!(back["outcome"], "applied", "{back}");
    assert_eq!(demo.image().await, "nginx:1.28");
    let services = demo.get("api/v1/namespaces/default/services/web").await;
    assert_eq!(
        services["spec"]["ports"][0]["port"], 80,
        "the Service is back"
    );
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(
        detail["release"]["revision"], 3,
        "going back is a revision of its own"
    );

    let deleted = demo
        .release("delete_release", json!({ "intent": "apply" }))
        .await;
    assert_eq!(deleted["outcome"], "applied", "{deleted}");
    // The garbage collector takes what the Deployment owned.
    demo.simulation.steer("step 60s").unwrap();
    assert_eq!(demo.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_described_by_the_cluster_itself() {
    let demo = Demo::start("atlas").await;
    let describe = async |api_version: &str, kind: &str, path: Value| {
        let request = json!({
            "cluster": "demo", "api_version": api_version, "kind": kind, "path": path,
        });
        demo.call("describe_field", request).await
    };
    let spec = describe("apps/v1", "Deployment", json!(["spec"])).await;
    let fields = spec["fields"].as_array().unwrap();
    let template = fields.iter().find(|field| field["name"] == "template");
    assert_eq!(template.unwrap()["is_required"], true, "{spec:#}");
    let path = json!(["spec", "template", "spec", "containers", "imagePullPolicy"]);
    let policy = describe("apps/v1", "Deployment", path).await;
    assert_eq!(policy["about"]["type_name"], "string", "{policy:#}");
    for (api_version, kind, path) in [
        ("apps/v1", "Deployment", json!(["spec", "replica"])),
        ("apps/v1", "Deploy", json!([])),
        ("no.such.group/v1", "Thing", json!([])),
    ] {
        let unknown = describe(api_version, kind, path).await;
        assert_eq!(unknown["is_known"], false, "{kind}: {unknown:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recipe_is_previewed_on_the_demo_cluster_or_says_what_is_missing() {
    let demo = Demo::start("atlas").await;
    let read = demo
        .call("read_recipes", json!({ "cluster": "demo" }))
        .await;
    let mut previewed = 0;
    for recipe in read["recipes"].as_array().unwrap() {
        let id = recipe["id"].as_str().unwrap();
        let kinds = recipe["kinds"].as_array().unwrap();
        if kinds.iter().any(|kind| kind["served"] == false) {
            assert!(
                kinds
                    .iter()
                    .any(|kind| kind["component"] != "" && kind["served"] == false),
                "{id} names what brings the missing kind: {kinds:?}"
            );
            continue;
        }
        let values = values(recipe);
        let report = demo.deploy(id, values, "preview").await;
        assert_eq!(report["outcome"], "ready", "{id}: {report:#}");
        previewed += 1;
    }
    assert!(previewed > 15, "only {previewed} recipes could be tried");
}

/// The least that a recipe asks for.
fn values(recipe: &Value) -> Value {
    let needed = recipe["parameters"].as_array().unwrap().iter();
    let needed = needed.filter(|one| one["required"] == true && one["default"].is_null());
    let value = |parameter: &Value| match parameter["kind"]["type"].as_str().unwrap() {
        "name" | "object" => json!("web"),
        "model" => parameter["kind"]["examples"][0].clone(),
        "image" => json!("nginx:1.29"),
        "secret" => json!({ "name": "web", "key": "token" }),
        "manifests" => {
            json!("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n")
        }
        _ => json!("team/data"),
    };
    needed
        .map(|one| (one["id"].as_str().unwrap().to_owned(), value(one)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checks_say_what_stands_in_the_way() {
    let demo = Demo::start("atlas").await;
    let checks = async |namespace: &str, values: Value| {
        let request = json!({
            "recipe": "vllm", "cluster": "demo", "namespace": namespace, "values": values,
        });
        let checks = demo.call("check_deployment", request).await["checks"].take();
        let checks: Vec<(String, String)> = checks
            .as_array()
            .unwrap()
            .iter()
            .map(|check| {
                let text = |name: &str| check[name].as_str().unwrap().to_owned();
                (text("subject"), text("state"))
            })
            .collect();
        checks
    };
    let state = |checks: &[(String, String)], subject: &str| {
        let found = checks.iter().find(|(known, _)| known == subject);
        found.map_or_else(String::new, |(_, state)| state.clone())
    };
    let values = json!({
        "name": "qwen", "model": "Qwen/Qwen3-8B", "gpus": 16, "queue": "no-such-queue",
        "token": { "name": "no-such-secret", "key": "token" }, "storage_class": "no-such-class",
        "priority": "no-such-priority",
    });
    let found = checks("no-such-namespace", values).await;
    for subject in [
        "namespace",
        "queue",
        "fit",
        "storage",
        "secret",
        "reference",
    ] {
        assert_eq!(state(&found, subject), "failed", "{subject}: {found:?}");
    }
    for subject in ["kinds", "image", "permission"] {
        assert_eq!(state(&found, subject), "ok", "{subject}: {found:?}");
    }
    let values = json!({ "name": "qwen", "model": "Qwen/Qwen3-8B" });
    let found = checks("default", values).await;
    assert_eq!(state(&found, "namespace"), "ok");
    assert_ne!(state(&found, "fit"), "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_autoscaler_comes_and_goes_without_a_pod_less() {
    let demo = Demo::start("workstation").await;
    let replicas = async || {
        let found = demo
            .get("apis/apps/v1/namespaces/default/deployments/web")
            .await;
        found["spec"]["replicas"].clone()
    };
    let first = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "apply")
        .await;
    assert_eq!(first["outcome"], "applied", "{first:#}");
    let change = async |values: Value| {
        let request = json!({ "values": values, "intent": "apply" });
        let report = demo.release("change_release", request).await;
        assert_eq!(report["outcome"], "applied", "{report:#}");
    };
    change(json!({ "most_replicas": 5 })).await;
    assert_eq!(replicas().await, 2, "the autoscaler begins with what runs");
    let scaler = "apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web";
    let found = demo.get(scaler).await;
    assert_eq!(found["spec"]["minReplicas"], 2, "{found:#}");
    assert_eq!(found["spec"]["maxReplicas"], 5);

    // Another value leaves what the autoscaler has made of it.
    let scaled = json!({ "spec": { "replicas": 4 } });
    demo.send_scale(scaled).await;
    change(json!({ "image": "nginx:1.29" })).await;
    assert_eq!(replicas().await, 4);
    assert_eq!(demo.image().await, "nginx:1.29");

    // Back without an autoscaler: the number is its own until one takes it.
    let back = async |choices: Value| {
        let request = json!({ "to": 1, "intent": "apply", "choices": choices });
        demo.release("roll_back_release", request).await
    };
    let asked = back(json!([])).await;
    assert_eq!(asked["outcome"], "blocked", "{asked:#}");
    let mut steps = asked["steps"].as_array().unwrap().iter();
    let step = steps.find(|step| step["conflicts"] != json!([])).unwrap();
    let conflict = &step["conflicts"][0];
    assert_eq!(conflict["path"], ".spec.replicas", "{conflict:#}");
    let choice = json!([{ "object": step["object"], "path": conflict["path"], "choice": "take" }]);
    let done = back(choice).await;
    assert_eq!(done["outcome"], "applied", "{done:#}");
    assert_eq!(replicas().await, 2);
    assert_eq!(
        demo.get(scaler).await["code"],
        404,
        "the autoscaler is gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn edited_manifests_are_a_revision_too() {
    let demo = Demo::start("workstation").await;
    let recipe = json!({
        "recipe": "image", "cluster": "demo", "namespace": "default",
        "values": web("nginx:1.28", &Value::Null),
    });
    let rendered = demo.call("render_recipe", recipe.clone()).await;
    let yaml = rendered["yaml"].as_str().unwrap();
    let deploy = async |manifests: &str| {
        let request = json!({ "recipe": recipe, "manifests": manifests, "intent": "apply" });
        demo.call("deploy_recipe", request).await
    };
    // What the recipe says anyway is no edit.
    let same = deploy(yaml).await;
    assert_eq!(same["outcome"], "applied", "{same:#}");
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(detail["revisions"][0]["is_edited"], false);

    let broken = deploy(&yaml.replace("replicas: 2", "replicas: [2")).await;
    assert_eq!(broken["outcome"], "blocked", "{broken:#}");
    assert!(
        broken["obstacles"][0]["line"]
            .as_u64()
            .is_some_and(|line| line > 1)
    );

    let edited = yaml.replace("replicas: 2", "replicas: 3\n  minReadySeconds: 7");
    let refused = deploy(&edited.replace("minReadySeconds: 7", "minReadySeconds: -7")).await;
    assert_eq!(refused["outcome"], "blocked", "{refused:#}");
    let step = refused["steps"].as_array().unwrap().iter();
    let mut obstacles = step.filter_map(|step| step["obstacle"]["line"].as_u64());
    let line = 1 + edited
        .lines()
        .position(|line| line.contains("minReady"))
        .unwrap();
    assert_eq!(obstacles.next(), Some(line as u64), "{refused:#}");

    let second = deploy(&edited).await;
    assert_eq!(second["outcome"], "applied", "{second:#}");
    let found = demo
        .get("apis/apps/v1/namespaces/default/deployments/web")
        .await;
    assert_eq!(found["spec"]["minReadySeconds"], 7);
    assert_eq!(found["metadata"]["labels"]["strata.dev/release"], "web");
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(detail["release"]["revision"], 2);
    assert_eq!(detail["revisions"][0]["is_edited"], true);
    assert_eq!(detail["revisions"][0]["values"]["image"], "nginx:1.28");

    // A value that is changed afterwards says that the edits go.
    let change = json!({ "values": { "replicas": 4 }, "intent": "preview" });
    let change = demo.release("change_release", change).await;
    assert_eq!(
        change["consequences"][0]["code"], "release_edits_go",
        "{change:#}"
    );
}
