//! What recipes come to, and what the checks say of it.

use serde_json::{Value, json};

use crate::demo::Demo;

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
