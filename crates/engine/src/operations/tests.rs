use serde_json::json;
use strata_api::operations::OPERATIONS;
use strata_ports::series::{Keeping, NotKept};
use strata_test_support::{
    clock::ManualClock,
    clusters::ScriptedClusters,
    containers::NoContainers,
    contexts::ScriptedContexts,
    control::NoControl,
    journal::NoJournal,
    logs::ScriptedLogs,
    prometheus::PrometheusByTls,
    reading::ScriptedObjects,
    recipes::{NoRecipes, ScriptedRecipes},
    series::MemorySeries,
    settings::MemorySettings,
    tunnels::LoopbackTunnels,
    workstation::ScriptedWorkstation,
};

use super::*;

fn operations() -> Operations {
    let (commands, _) = mpsc::unbounded_channel();
    Operations {
        clock: Arc::new(ManualClock::at("2026-03-01T12:00:00Z")),
        clusters: Arc::new(ScriptedClusters::default()),
        objects: Arc::new(ScriptedObjects::default()),
        logs: Arc::new(ScriptedLogs::default()),
        tunnels: Arc::new(LoopbackTunnels::default()),
        gate: Gate::new(Arc::new(NoControl)),
        journal: Arc::new(NoJournal),
        contexts: Arc::new(ScriptedContexts::of(&["west"])),
        settings: Arc::new(MemorySettings::default()),
        series: Arc::new(MemorySeries::default()),
        prometheus: Arc::new(PrometheusByTls),
        workstation: Arc::new(ScriptedWorkstation::default()),
        trials: Trials::default(),
        recipes: Recipes::of(Arc::new(NoRecipes)),
        schemas: KeptSchemas::default(),
        containers: Arc::new(NoContainers),
        beginnings: Beginnings::default(),
        catalog: Arc::new(Catalog::load().unwrap()),
        commands,
        scope: TaskScope::default(),
    }
}

#[tokio::test]
async fn a_field_that_no_request_has_is_named_with_the_operation() {
    let request = json!({ "cluster": "west", "namespace": "prod" });
    let error = call(&operations(), "connect_cluster", request)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let said = error.to_string();
    assert!(
        said.contains("`connect_cluster`") && said.contains("`namespace`"),
        "{said}"
    );
}

#[tokio::test]
async fn a_field_of_another_type_is_named() {
    let error = call(&operations(), "add_kubeconfig", json!({ "path": 7 }))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
    assert!(error.message.contains("`path`"), "{error}");
}

#[tokio::test]
async fn an_operation_that_is_not_in_the_table_is_refused() {
    let error = call(&operations(), "drop_database", json!({}))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn every_operation_of_the_table_checks_its_request() {
    for operation in OPERATIONS {
        let request = json!({ "no_such_field": true });
        let error = call(&operations(), operation.name, request)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidInput, "{}", operation.name);
    }
}

#[tokio::test]
async fn preferences_are_kept() {
    let operations = operations();
    let defaults = call(&operations, "read_preferences", Value::Null)
        .await
        .unwrap();
    assert_eq!(defaults["theme"], "system");
    let chosen = json!({ "theme": "light", "language": "zh", "open_clusters": ["west"] });
    let saved = call(&operations, "save_preferences", chosen).await.unwrap();
    assert_eq!(saved["address"], "");
    let read = call(&operations, "read_preferences", json!({}))
        .await
        .unwrap();
    assert_eq!(read, saved);
}

#[tokio::test]
async fn preferences_that_cannot_be_read_are_the_defaults() {
    let operations = operations();
    operations
        .settings
        .write("preferences", "{\"theme\": \"sepia\"}")
        .unwrap();
    let read = call(&operations, "read_preferences", json!({}))
        .await
        .unwrap();
    assert_eq!(read["theme"], "system");
}

#[tokio::test]
async fn a_full_disk_is_told_until_there_is_room_again() {
    let series = Arc::new(MemorySeries::default());
    let shared = Arc::clone(&series);
    let operations = Operations {
        series: shared,
        ..operations()
    };
    series.keep_as(Keeping {
        file: Some("/data/history.db".into()),
        problem: Some(NotKept {
            is_full: true,
            since: None,
            message: "database or disk is full".to_owned(),
        }),
        ..Keeping::default()
    });
    let told = call(&operations, "read_keeping", json!({})).await.unwrap();
    assert_eq!(told["problem"]["code"], "history_full");
    series.keep_as(Keeping::default());
    let told = call(&operations, "read_keeping", json!({})).await.unwrap();
    assert_eq!(told.get("problem"), None);
}

#[tokio::test]
async fn the_catalogue_is_told_whole() {
    let operations = operations();
    let about = call(&operations, "about", json!({})).await.unwrap();
    let catalog = call(&operations, "read_catalog", json!({})).await.unwrap();
    assert_eq!(catalog["layers"].as_array().unwrap().len(), 5);
    assert_eq!(
        about["components"],
        catalog["components"].as_array().unwrap().len()
    );
}

#[tokio::test]
async fn a_connection_is_diagnosed_step_by_step() {
    let operations = operations();
    let report = call(
        &operations,
        "diagnose_connection",
        json!({ "cluster": "west" }),
    )
    .await
    .unwrap();
    assert_eq!(report["steps"].as_array().unwrap().len(), 8);
    assert_eq!(report["steps"][0]["step"], "configuration");
    let error = call(
        &operations,
        "diagnose_connection",
        json!({ "cluster": "east" }),
    )
    .await;
    assert_eq!(error.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_kubeconfig_that_is_not_there_is_said_to_be() {
    let error = call(&operations(), "add_kubeconfig", json!({ "path": "no" }))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(
        error.message.contains("the kubeconfig no is not there"),
        "{error}"
    );
}

#[tokio::test]
async fn recipes_say_what_the_cluster_does_not_serve() {
    let operations = operations();
    let read = call(&operations, "read_recipes", json!({ "cluster": "west" }))
        .await
        .unwrap();
    let ray = read["recipes"].as_array().unwrap().iter();
    let ray = ray
        .clone()
        .find(|recipe| recipe["id"] == "ray-cluster")
        .unwrap();
    assert_eq!(ray["kinds"][0]["kind"], "RayCluster.ray.io");
    assert_eq!(ray["kinds"][0]["served"], false);
    assert_eq!(ray["kinds"][0]["component"], "KubeRay");
    let unasked = call(&operations, "read_recipes", json!({})).await.unwrap();
    assert_eq!(unasked["recipes"][0]["kinds"][0]["served"], Value::Null);
}

#[tokio::test]
async fn a_recipe_comes_to_manifests_or_to_an_error_for_each_field() {
    let operations = operations();
    let request = json!({
        "recipe": "vllm",
        "namespace": "team-a",
        "values": { "name": "qwen", "model": "Qwen/Qwen3-8B", "gpus": 2 },
    });
    let rendered = call(&operations, "render_recipe", request).await.unwrap();
    assert_eq!(rendered["errors"], json!([]));
    assert_eq!(rendered["release"], "qwen");
    let kinds: Vec<&Value> = rendered["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["kind"])
        .collect();
    assert_eq!(kinds, ["PersistentVolumeClaim", "Service", "Deployment"]);
    assert_eq!(rendered["sizing"]["tensor_parallel"], 2);
    assert_eq!(rendered["endpoint"]["api"], "openai");
    let request = json!({ "recipe": "vllm", "values": { "name": "Qwen", "gpus": "two" } });
    let refused = call(&operations, "render_recipe", request).await.unwrap();
    let errors: Vec<(&str, &str)> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            let text = |pointer| error.pointer(pointer).and_then(Value::as_str).unwrap();
            (text("/parameter"), text("/sentence/code"))
        })
        .collect();
    assert_eq!(
        errors,
        [
            ("name", "field_not_a_name"),
            ("model", "field_required"),
            ("gpus", "field_not_integer"),
        ]
    );
    assert_eq!(refused["manifests"], json!([]));
    assert_eq!(refused["yaml"], "");
}

#[tokio::test]
async fn a_broken_recipe_of_the_users_own_is_named_with_its_line() {
    let mut operations = operations();
    let file = (
        "mine.yaml".to_owned(),
        "id: mine\nname: {en: Mine}\n".to_owned(),
    );
    operations.recipes = Recipes::of(Arc::new(ScriptedRecipes(vec![file])));
    let read = call(&operations, "read_recipes", json!({})).await.unwrap();
    assert_eq!(read["broken"][0]["file"], "mine.yaml");
    assert_eq!(read["broken"][0]["line"], 2);
    assert!(read["recipes"].as_array().unwrap().len() > 3);
    let request = json!({ "recipe": "mine" });
    let error = call(&operations, "render_recipe", request)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}
