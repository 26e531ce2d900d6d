//! Recipes on a real control plane: each passes a strict dry run, and the plain ones are applied,
//! placed, rolled forward and back, and deleted with nothing left behind.
#![expect(clippy::indexing_slicing, reason = "what is not there ends the test")]

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, Result};
use k8s_openapi::api::apps::v1::Deployment;
use kube::{
    Client,
    api::{Api, DynamicObject, ListParams},
    discovery::{Discovery, Scope, verbs},
};
use serde_json::{Value, json};
use strata_control_plane_tests::{ControlPlane, definitions, load, wait};

use super::{Connected, ONE_AT_A_TIME};

const NAMESPACE: &str = "recipes";

/// Gives up on what never comes. Never what a test measures.
const PATIENCE: Duration = Duration::from_mins(2);

#[tokio::test(flavor = "multi_thread")]
async fn every_recipe_passes_a_strict_dry_run_and_plain_ones_come_and_go() -> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    let control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    definitions::install(&client, &definitions::catalogue_kinds()).await?;
    load::nodes::create(&client, &load::stack::nodes()).await?;
    load::namespace(&client, NAMESPACE).await?;
    let strata = Connected::to(&control_plane).await?;
    let read = strata
        .call("read_recipes", json!({ "cluster": strata.cluster }))
        .await?;
    for recipe in read["recipes"].as_array().context("recipes")? {
        let id = recipe["id"].as_str().unwrap();
        for kind in recipe["kinds"].as_array().unwrap() {
            assert_eq!(kind["served"], true, "{id} needs {kind}");
        }
        let mut all = vec![least(recipe), most(recipe)];
        all.extend(scaled(recipe));
        for values in all {
            let report = deploy(&strata, id, values, "preview").await?;
            assert_eq!(report["outcome"], "ready", "{id}: {report:#}");
        }
    }
    let before = everything(&client).await?;
    for (recipe, first, second) in plain() {
        round_trip(&strata, &client, recipe, (first, second)).await?;
        let after = until_as_before(&client, &before).await;
        after.with_context(|| format!("after {recipe}"))?;
    }
    strata.engine.shutdown().await;
    Ok(())
}

/// Everything that a recipe asks for, with each way in which it can be scaled.
fn scaled(recipe: &Value) -> Vec<Value> {
    let parameters = recipe["parameters"].as_array().unwrap();
    let scaling = parameters.iter().find(|one| one["id"] == "scale_by");
    let ways = scaling.and_then(|one| one["kind"]["options"].as_array());
    let ways = ways.into_iter().flatten();
    ways.map(|way| {
        let mut values = most(recipe);
        values["scale_by"] = way["value"].clone();
        values
    })
    .collect()
}

/// Recipes of Kubernetes' own kinds, with values and others.
fn plain() -> Vec<(&'static str, Value, Value)> {
    let model = json!({ "name": "sample", "model": "Qwen/Qwen3-8B", "cache_size": null });
    let with = |base: &Value, more: Value| {
        let mut values = base.clone();
        let fields = values.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        values
    };
    let image = json!({ "name": "sample", "image": "nginx:1.28", "port": 80 });
    let triton = json!({ "name": "sample", "repository": "s3://models/repository" });
    vec![
        (
            "image",
            image.clone(),
            with(&image, json!({ "image": "nginx:1.29" })),
        ),
        (
            "vllm",
            model.clone(),
            with(&model, json!({ "context": 4096 })),
        ),
        (
            "sglang",
            model.clone(),
            with(&model, json!({ "context": 4096 })),
        ),
        (
            "triton",
            triton.clone(),
            with(&triton, json!({ "cpu": "2" })),
        ),
        (
            "predictive-triton",
            triton.clone(),
            with(&triton, json!({ "cpu": "1" })),
        ),
    ]
}

async fn round_trip(
    strata: &Connected,
    client: &Client,
    recipe: &str,
    (first, second): (Value, Value),
) -> Result<()> {
    for (values, revision) in [(&first, 1), (&second, 2)] {
        let report = deploy(strata, recipe, values.clone(), "apply").await?;
        assert_eq!(
            report["outcome"], "applied",
            "{recipe} {revision}: {report:#}"
        );
        until_placed(client)
            .await
            .with_context(|| recipe.to_owned())?;
    }
    let release = |more: Value| {
        let mut request =
            json!({ "cluster": strata.cluster, "namespace": NAMESPACE, "name": "sample" });
        let fields = request.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        request
    };
    let back = strata
        .call("roll_back_release", release(json!({ "intent": "apply" })))
        .await?;
    assert_eq!(back["outcome"], "applied", "{recipe}: {back:#}");
    until_placed(client).await?;
    let detail = strata.call("read_release", release(json!({}))).await?;
    assert_eq!(detail["release"]["revision"], 3, "{recipe}");
    assert_eq!(
        detail["revisions"][0]["manifests"], detail["revisions"][2]["manifests"],
        "{recipe}: the third is as the first was"
    );
    let deleted = strata
        .call("delete_release", release(json!({ "intent": "apply" })))
        .await?;
    assert_eq!(deleted["outcome"], "applied", "{recipe}: {deleted:#}");
    Ok(())
}

/// Waits until the Deployment has all its pods as its newest template says, each ready.
async fn until_placed(client: &Client) -> Result<()> {
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), NAMESPACE);
    wait::until("the newest pods are ready", PATIENCE, async || {
        let found = deployments.get("sample").await?;
        let (spec, status) = (
            found.spec.unwrap_or_default(),
            found.status.unwrap_or_default(),
        );
        let is_so = status.observed_generation == found.metadata.generation
            && [
                status.replicas,
                status.updated_replicas,
                status.ready_replicas,
            ]
            .iter()
            .all(|count| *count == spec.replicas);
        Ok(is_so.then_some(()))
    })
    .await
}

/// Waits until everything in the namespace is as it was.
async fn until_as_before(client: &Client, before: &BTreeSet<String>) -> Result<()> {
    wait::until("nothing is left behind", PATIENCE, async || {
        let now = everything(client).await?;
        Ok((now == *before).then_some(()))
    })
    .await
}

/// Every object of the namespace, but events, which end by themselves.
async fn everything(client: &Client) -> Result<BTreeSet<String>> {
    let discovery = Discovery::new(client.clone()).run().await?;
    let mut found = BTreeSet::new();
    for group in discovery.groups() {
        for (resource, capabilities) in group.recommended_resources() {
            let is_listed = capabilities.scope == Scope::Namespaced
                && capabilities.supports_operation(verbs::LIST)
                && resource.kind != "Event";
            if !is_listed {
                continue;
            }
            let objects: Api<DynamicObject> =
                Api::namespaced_with(client.clone(), NAMESPACE, &resource);
            for object in objects.list(&ListParams::default()).await? {
                let name = object.metadata.name.unwrap_or_default();
                found.insert(format!("{}.{} {name}", resource.kind, resource.group));
            }
        }
    }
    Ok(found)
}

async fn deploy(strata: &Connected, recipe: &str, values: Value, intent: &str) -> Result<Value> {
    let recipe = json!({
        "recipe": recipe, "cluster": strata.cluster, "namespace": NAMESPACE, "values": values,
    });
    strata
        .call(
            "deploy_recipe",
            json!({ "recipe": recipe, "intent": intent }),
        )
        .await
}

/// A value for a parameter.
fn value(parameter: &Value) -> Value {
    let kind = &parameter["kind"];
    match kind["type"].as_str().unwrap() {
        "name" | "object" => json!("sample"),
        "integer" => json!(kind["min"].as_i64().unwrap().max(2)),
        "number" => json!(0.5),
        "quantity" => kind["max"].clone(),
        "boolean" => json!(true),
        "choice" => kind["options"][0]["value"].clone(),
        "image" => json!("nginx:1.29"),
        "model" => kind["examples"][0].clone(),
        "secret" => json!({ "name": "sample", "key": "token" }),
        "environment" => json!([{ "name": "SAMPLE", "value": "a: b" }]),
        "list" => json!(["--sample"]),
        "labels" => json!({ "sample.io/zone": "a" }),
        "manifests" => {
            json!("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sample}\ndata: {a: b}\n")
        }
        _ => match parameter["id"].as_str().unwrap() {
            "gpu_resource" => json!("nvidia.com/gpu"),
            "ray_version" => json!("2.52.0"),
            "health_path" | "path" => json!("/health"),
            "scale_metric" => json!("sample_metric"),
            "prometheus" => json!("http://sample.monitoring:9090"),
            "host" => json!("sample.example"),
            _ => json!("sample/text"),
        },
    }
}

/// What a recipe needs and has no default for.
fn least(recipe: &Value) -> Value {
    let parameters = recipe["parameters"].as_array().unwrap().iter();
    parameters
        .filter(|one| one["required"] == true && one["default"].is_null())
        .map(|one| (one["id"].as_str().unwrap().to_owned(), value(one)))
        .collect()
}

/// Everything that a recipe takes.
fn most(recipe: &Value) -> Value {
    let parameters = recipe["parameters"].as_array().unwrap().iter();
    parameters
        .map(|one| (one["id"].as_str().unwrap().to_owned(), value(one)))
        .collect()
}
