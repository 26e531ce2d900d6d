//! Values that mean harm, in every parameter of every recipe, through the operations themselves: an error
//! beside the field, and nothing is sent.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures::{FutureExt as _, future::BoxFuture};
use serde_json::{Map, json};
use strata_catalog::Catalog;
use strata_ports::{
    control::{Control, Permission, Permit, Refusal, Write, Written},
    error::PortError,
};
use strata_test_support::{
    clock::ManualClock, clusters::ScriptedClusters, containers::NoContainers,
    contexts::ScriptedContexts, control::NoControl, journal::NoJournal, logs::ScriptedLogs,
    prometheus::PrometheusByTls, reading::ScriptedObjects, recipes::NoRecipes,
    series::MemorySeries, settings::MemorySettings, tunnels::LoopbackTunnels,
    workstation::ScriptedWorkstation,
};
use tokio::sync::mpsc;

use super::*;
use crate::{
    change::Gate,
    machine::trials::Trials,
    operations::{Beginnings, KeptSchemas, Recipes, call},
    supervise::TaskScope,
};

/// Counts what would be sent to a cluster: dry runs too.
#[derive(Clone, Default)]
struct Counted(std::sync::Arc<AtomicUsize>);

impl Control for Counted {
    fn write(
        &self,
        cluster: &ClusterId,
        write: Write,
    ) -> BoxFuture<'static, Result<Written, Refusal>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        NoControl.write(cluster, write)
    }

    fn is_permitted(
        &self,
        cluster: &ClusterId,
        permission: Permission,
    ) -> BoxFuture<'static, Result<Permit, PortError>> {
        NoControl.is_permitted(cluster, permission)
    }

    fn user(&self, _: &ClusterId) -> BoxFuture<'static, Result<String, PortError>> {
        async { Ok("ada".to_owned()) }.boxed()
    }
}

fn operations(control: &Counted) -> Operations {
    let (commands, _) = mpsc::unbounded_channel();
    Operations {
        clock: std::sync::Arc::new(ManualClock::at("2026-03-01T12:00:00Z")),
        clusters: std::sync::Arc::new(ScriptedClusters::default()),
        objects: std::sync::Arc::new(ScriptedObjects::default()),
        logs: std::sync::Arc::new(ScriptedLogs::default()),
        tunnels: std::sync::Arc::new(LoopbackTunnels::default()),
        gate: Gate::new(std::sync::Arc::new(control.clone())),
        journal: std::sync::Arc::new(NoJournal),
        contexts: std::sync::Arc::new(ScriptedContexts::of(&["west"])),
        settings: std::sync::Arc::new(MemorySettings::default()),
        series: std::sync::Arc::new(MemorySeries::default()),
        prometheus: std::sync::Arc::new(PrometheusByTls),
        workstation: std::sync::Arc::new(ScriptedWorkstation::default()),
        trials: Trials::default(),
        schemas: KeptSchemas::default(),
        recipes: Recipes::of(std::sync::Arc::new(NoRecipes)),
        containers: std::sync::Arc::new(NoContainers),
        beginnings: Beginnings::default(),
        catalog: std::sync::Arc::new(Catalog::load().unwrap()),
        commands,
        scope: TaskScope::default(),
    }
}

/// What no parameter of this type takes, by what is wrong with it: a wrong type, something huge, and
/// something hostile.
fn wrong(kind: &Value) -> Vec<(&'static str, Value)> {
    let huge = json!("a".repeat(100_000));
    let hostile = json!("a\nkind: Pod\n\u{202e}");
    let typed = |wrong: Value, huge: Value, hostile: Value| {
        vec![("type", wrong), ("huge", huge), ("hostile", hostile)]
    };
    match kind["type"].as_str().unwrap() {
        "integer" | "number" => typed(json!("two"), json!(1e99), json!("1; reboot")),
        "quantity" => typed(json!(true), json!("999Ei"), json!("1Gi\nkind: Pod")),
        "boolean" => typed(json!(1), huge, json!("true || reboot")),
        "secret" => typed(
            json!("token"),
            json!({ "name": huge, "key": "a" }),
            json!({ "name": "a/../b", "key": "../c" }),
        ),
        "environment" => typed(
            json!({ "A": "b" }),
            json!(vec![json!({ "name": "A", "value": "b" }); 1_000]),
            json!([{ "name": "A=B\nC", "value": "d" }]),
        ),
        "list" => typed(
            json!({ "a": 1 }),
            json!(vec!["a"; 100_000]),
            json!(["a\u{0}b"]),
        ),
        "labels" => typed(
            json!(["a=b"]),
            (0..1_000)
                .map(|at| (format!("l{at}"), json!("b")))
                .collect::<Map<_, _>>()
                .into(),
            json!({ "a b\nc": "d" }),
        ),
        _ => typed(json!({ "a": [1] }), json!("a".repeat(2 << 20)), hostile),
    }
}

/// The values that a recipe needs, with `choices` among them.
fn least(recipe: &Value, choices: &Map<String, Value>) -> Map<String, Value> {
    let parameters = recipe["parameters"].as_array().unwrap().iter();
    let value = |parameter: &Value| match parameter["kind"]["type"].as_str().unwrap() {
        "name" | "object" => json!("web"),
        "model" => parameter["kind"]["examples"][0].clone(),
        "image" => json!("nginx:1.29"),
        "secret" => json!({ "name": "web", "key": "token" }),
        "integer" => parameter["kind"]["min"].clone(),
        "manifests" => {
            json!("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n")
        }
        _ => match parameter["id"].as_str().unwrap() {
            "scale_metric" => json!("waiting"),
            _ => json!("team/data"),
        },
    };
    let mut values: Map<String, Value> = parameters
        .filter(|one| one["required"] == true && one["default"].is_null())
        .map(|one| (one["id"].as_str().unwrap().to_owned(), value(one)))
        .collect();
    values.extend(choices.clone());
    values
}

/// Values under which `id` applies: one other parameter is given, or chosen otherwise.
async fn applying(operations: &Operations, recipe: &Value, id: &str) -> Map<String, Value> {
    let parameters = recipe["parameters"].as_array().unwrap();
    let mut tried = vec![Map::new()];
    for parameter in parameters {
        let name = parameter["id"].as_str().unwrap();
        let kind = &parameter["kind"];
        let mut with = |value: Value| {
            let more: Vec<Map<String, Value>> = tried
                .iter()
                .filter(|values| values.len() < 2)
                .map(|values| {
                    let mut values = values.clone();
                    values.insert(name.to_owned(), value.clone());
                    values
                })
                .collect();
            tried.extend(more);
        };
        match kind["type"].as_str().unwrap() {
            "choice" => {
                for option in kind["options"].as_array().unwrap() {
                    with(option["value"].clone());
                }
            }
            "integer" if parameter["default"] == json!(0) || parameter["default"].is_null() => {
                with(json!(kind["min"].as_i64().unwrap().max(1)));
            }
            "boolean" => with(json!(parameter["default"] != json!(true))),
            _ => {}
        }
    }
    for choices in tried {
        let values = least(recipe, &choices);
        let request = json!({ "recipe": recipe["id"], "namespace": "team-a", "values": values });
        let rendered = call(operations, "render_recipe", request).await.unwrap();
        let mut fields = rendered["fields"].as_array().unwrap().iter();
        let is_right = rendered["errors"] == json!([]);
        if is_right && fields.any(|field| field["parameter"] == id && field["applies"] == true) {
            return values;
        }
    }
    panic!("{}.{id} never applies", recipe["id"]);
}

#[tokio::test]
async fn a_wrong_value_of_any_parameter_is_told_beside_it_and_nothing_is_sent() {
    let control = Counted::default();
    let operations = operations(&control);
    let read = call(&operations, "read_recipes", json!({})).await.unwrap();
    let recipes = read["recipes"].as_array().unwrap();
    assert!(recipes.len() >= 22, "{} recipes", recipes.len());
    for recipe in recipes {
        for parameter in recipe["parameters"].as_array().unwrap() {
            let id = parameter["id"].as_str().unwrap();
            let values = applying(&operations, recipe, id).await;
            let mut wrong = wrong(&parameter["kind"]);
            if parameter["required"] == true && parameter["default"].is_null() {
                wrong.push(("empty", json!("")));
                wrong.push(("nothing", Value::Null));
            }
            for (what, value) in wrong {
                let at = format!("{}.{id}, {what}: {value:.60}", recipe["id"]);
                let mut values = values.clone();
                values.insert(id.to_owned(), value);
                let filled = json!({
                    "recipe": recipe["id"], "cluster": "west", "namespace": "team-a", "values": values,
                });
                let rendered = call(&operations, "render_recipe", filled.clone()).await;
                let rendered = rendered.unwrap();
                let errors = rendered["errors"].as_array().unwrap();
                let named: Vec<&Value> = errors.iter().map(|error| &error["parameter"]).collect();
                assert_eq!(named, [&json!(id)], "{at}");
                assert_eq!(rendered["manifests"], json!([]), "{at}");
                let checks = call(&operations, "check_deployment", filled.clone())
                    .await
                    .unwrap();
                assert_eq!(checks["checks"], json!([]), "{at}");
                let request = json!({ "recipe": filled, "intent": "apply" });
                let refused = call(&operations, "deploy_recipe", request)
                    .await
                    .unwrap_err();
                assert_eq!(refused.code, ErrorCode::InvalidInput, "{at}");
                assert!(
                    refused.message.contains(&format!("`{id}`")),
                    "{at}: {refused}"
                );
            }
        }
    }
    assert_eq!(control.0.load(Ordering::Relaxed), 0, "nothing was sent");
}
