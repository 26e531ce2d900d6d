//! YAML of one's own that is broken: each file is answered with the line and the reason, and nothing is
//! written.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};
use strata_app::{Engine, Simulation};
use strata_integration_tests::demo;

/// A file of `tests/fixtures/broken-manifests`, the line at fault, and a part of what is said.
const BROKEN: &[(&str, u64, &str)] = &[
    ("alias-bomb", 10, "budget breached"),
    ("bad-label", 6, "a valid label must be"),
    ("bad-name", 4, "lowercase RFC 1123 subdomain"),
    ("bad-port", 18, "must be between 1 and 65535"),
    ("bad-quantity", 23, "quantities must match"),
    ("bad-time", 6, "parsing time"),
    ("control-character", 16, "unexpected character"),
    (
        "definition-without-a-schema",
        10,
        "openAPIV3Schema: Required value",
    ),
    ("duplicate-field", 9, "duplicate mapping key: replicas"),
    (
        "duplicate-variable-field",
        22,
        "duplicate mapping key: value",
    ),
    (
        "fault-in-the-third-document",
        21,
        "did not find expected key",
    ),
    ("item-among-fields", 8, "did not find expected key"),
    ("kind-is-a-list", 2, "kind must be a text"),
    ("list-of-texts", 1, "no object of Kubernetes"),
    ("list-with-a-nameless-item", 9, "metadata.name is missing"),
    ("map-for-a-list", 17, "expected list"),
    (
        "mapping-within-a-value",
        16,
        "mapping values are not allowed",
    ),
    ("name-is-a-number", 4, "metadata.name must be a text"),
    ("namespace-is-a-map", 5, "metadata.namespace must be a text"),
    ("namespace-not-there", 5, "The namespace nowhere"),
    (
        "namespace-of-a-cluster-wide-kind",
        5,
        "lies in no namespace",
    ),
    (
        "no-containers",
        14,
        "spec.template.spec.containers: Required value",
    ),
    ("no-kind", 1, "kind is missing"),
    ("no-name", 3, "metadata.name is missing"),
    ("no-number", 7, "non-finite float"),
    ("no-version", 9, "apiVersion is missing"),
    ("nothing", 1, "There is no object here"),
    ("number-for-a-text", 21, "expected string"),
    (
        "request-above-the-limit",
        23,
        "must be less than or equal to memory limit",
    ),
    ("reserved-character", 16, "unexpected character"),
    ("secret-not-encoded", 8, "illegal base64 data"),
    ("selector-that-finds-nothing", 12, "does not match template"),
    ("tab", 7, "tabs disallowed"),
    ("text", 1, "no object of Kubernetes"),
    ("text-for-a-number", 7, "expected numeric"),
    ("twice", 17, "ConfigMap default/first stands here twice"),
    ("unclosed-list", 18, "illegal placement of ':'"),
    ("unclosed-map", 10, "did not find expected ',' or '}'"),
    ("unclosed-quote", 16, "unclosed quote"),
    ("unknown-alias", 7, "unknown anchor"),
    ("unknown-field", 7, ".spec.replica: field not declared"),
    (
        "unknown-field-of-a-container",
        17,
        "imagePullpolicy: field not declared",
    ),
    ("unknown-kind", 2, "serves no kind Deploymint.apps"),
    ("version-not-served", 1, "not in v1beta1"),
    ("wrong-indentation", 8, "mapping values are not allowed"),
];

fn folder() -> &'static Path {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../fixtures/broken-manifests"
    ))
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
    assert!(BROKEN.len() >= 30);
    for (file, line, part) in BROKEN {
        let text = std::fs::read_to_string(folder().join(format!("{file}.yaml"))).unwrap();
        let report = apply(&engine, &text).await;
        assert_eq!(report["outcome"], "blocked", "{file}: {report:#}");
        assert_eq!(report["journal_entry"], Value::Null, "{file}: {report:#}");
        let obstacles = obstacles(&report);
        let first = obstacles
            .first()
            .unwrap_or_else(|| panic!("{file}: {report:#}"));
        assert_eq!(first["line"], *line, "{file}: {first:#}");
        assert!(said(first).contains(part), "{file}: {}", said(first));
    }
}

#[test]
fn every_broken_file_is_in_the_table() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.trim_end_matches(".yaml").to_owned()
        })
        .collect();
    let tried: BTreeSet<String> = BROKEN.iter().map(|(file, ..)| (*file).to_owned()).collect();
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
