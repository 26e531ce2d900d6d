//! YAML of one's own that is broken: each file is answered with the line and the reason, and nothing is
//! written.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::{collections::BTreeSet, path::Path};

use serde_json::{Map, Value, json};
use strata_app::{Engine, Simulation};
use strata_integration_tests::demo;

fn folder() -> &'static Path {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../fixtures/broken-manifests"
    ))
}

/// By the name of a file: the line at fault, and a part of what is said.
fn faults() -> Map<String, Value> {
    let text = std::fs::read_to_string(folder().join("faults.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

async fn apply(engine: &Engine, manifests: &str) -> Value {
    let request = json!({
        "cluster": "demo", "manifests": manifests, "namespace": "", "intent": "apply", "choices": [],
    });
    engine.call("change_objects", request).await.unwrap()
}

/// The same, once its kinds are found out to be served: they were defined just now, and the cluster's
/// time stands still.
async fn applied_once_served(simulation: &Simulation, engine: &Engine, manifests: &str) -> Value {
    loop {
        simulation.steer("step 1s").unwrap();
        let report = apply(engine, manifests).await;
        let unserved = Some(&json!("kind_not_served"));
        let mut all = obstacles(&report).into_iter();
        if all.all(|one| one.pointer("/sentence/code") != unserved) {
            return report;
        }
        tokio::task::yield_now().await;
    }
}

/// What stands in the way: of all of it first, then of single objects.
fn obstacles(report: &Value) -> Vec<Value> {
    let steps = report["steps"].as_array().unwrap().iter();
    let of_steps = steps.map(|step| step["obstacle"].clone());
    let all = report["obstacles"].as_array().unwrap().iter().cloned();
    all.chain(of_steps.filter(|obstacle| !obstacle.is_null()))
        .collect()
}

/// The sentence with what fills it, and the server's or the parser's own words.
fn said(obstacle: &Value) -> String {
    let sentence: strata_api::phrases::Phrase =
        serde_json::from_value(obstacle["sentence"].clone()).unwrap();
    let details = obstacle["details"].as_array().unwrap().iter();
    let details = details.filter_map(Value::as_str).map(str::to_owned);
    let all: Vec<String> = std::iter::once(sentence.english()).chain(details).collect();
    all.join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_broken_file_is_answered_with_its_line_and_the_reason() {
    let (_simulation, engine) = demo("workstation").await.unwrap();
    let faults = faults();
    assert!(faults.len() >= 30);
    for (file, fault) in &faults {
        let text = std::fs::read_to_string(folder().join(format!("{file}.yaml"))).unwrap();
        let report = apply(&engine, &text).await;
        assert_eq!(report["outcome"], "blocked", "{file}: {report:#}");
        assert_eq!(report["journal_entry"], Value::Null, "{file}: {report:#}");
        let obstacles = obstacles(&report);
        let first = obstacles
            .first()
            .unwrap_or_else(|| panic!("{file}: {report:#}"));
        assert_eq!(first["line"], fault["line"], "{file}: {first:#}");
        let part = fault["says"].as_str().unwrap();
        assert!(said(first).contains(part), "{file}: {}", said(first));
    }
}

#[test]
fn every_broken_file_has_its_fault_noted_down() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
        .collect();
    let tried: BTreeSet<String> = faults().keys().cloned().collect();
    assert_eq!(files, tried);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_deep_or_too_long_is_not_read() {
    let (_simulation, engine) = demo("workstation").await.unwrap();
    let object = |value: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: {value}\n")
    };
    let deep = object(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)));
    let long = object(&"x".repeat(9 << 20));
    for (text, line) in [(deep, 5), (long, 5)] {
        let report = apply(&engine, &text).await;
        assert_eq!(report["outcome"], "blocked");
        let obstacles = obstacles(&report);
        assert_eq!(obstacles[0]["line"], line, "{}", said(&obstacles[0]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_definition_s_schema_names_the_line_of_what_it_refuses() {
    let (simulation, engine) = demo("workstation").await.unwrap();
    let definition = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: tapes.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: tapes, singular: tape, kind: Tape, listKind: TapeList}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [length]
              properties:
                length: {type: integer, minimum: 1}
                speed: {type: string, enum: [slow, fast]}
";
    let applied = apply(&engine, definition).await;
    assert_eq!(applied["outcome"], "applied", "{applied:#}");
    for (spec, line, part) in [
        ("  length: 0\n", 6, "spec.length"),
        ("  length: long\n", 6, "length"),
        ("  length: 90\n  speed: medium\n", 7, "spec.speed"),
        ("  speed: fast\n", 5, "spec.length"),
        ("  length: 90\n  colour: black\n", 7, "colour"),
    ] {
        let tape = format!(
            "apiVersion: example.com/v1\nkind: Tape\nmetadata:\n  name: one\nspec:\n{spec}"
        );
        let report = applied_once_served(&simulation, &engine, &tape).await;
        assert_eq!(report["outcome"], "blocked", "{spec}: {report:#}");
        let obstacles = obstacles(&report);
        assert!(
            said(&obstacles[0]).contains(part),
            "{spec}: {}",
            said(&obstacles[0])
        );
        assert_eq!(
            obstacles[0]["line"],
            line,
            "{spec}: {}",
            said(&obstacles[0])
        );
    }
}
