//! `strata` as a script uses it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use serde_json::Value;
use strata_integration_tests::{Ended, strata};
use tempfile::TempDir;

const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
current-context: away
clusters:
- name: away
  cluster: { server: 'https://127.0.0.1:1' }
contexts:
- name: away
  context: { cluster: away, user: me, namespace: team-a }
users:
- name: me
  user: { token: not-shown-anywhere }
";

/// A folder with settings of its own and a kubeconfig.
struct Home {
    folder: TempDir,
}

impl Home {
    fn with(kubeconfig: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config"), kubeconfig).unwrap();
        Self { folder }
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let data = self.folder.path().join("data");
        let line = [&["--data", data.to_str().unwrap()], arguments].concat();
        strata(&line, self.folder.path().join("config").to_str().unwrap()).unwrap()
    }
}

fn layers(json: &str) -> Vec<Value> {
    let stack: Value = serde_json::from_str(json).unwrap();
    stack["layers"].as_array().unwrap().clone()
}

#[test]
fn the_demo_has_five_layers_with_components_in_each() {
    let ended = Home::with("").run(&["stack", "--demo", "-o", "json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let layers = layers(&ended.said);
    let names: Vec<&str> = layers
        .iter()
        .map(|layer| layer["layer"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "workloads",
            "lifecycle",
            "platform",
            "infrastructure",
            "hardware"
        ]
    );
    for layer in &layers {
        let components = layer["components"].as_array().unwrap();
        assert!(
            components.len() >= 3,
            "{} has {}",
            layer["layer"],
            components.len()
        );
    }
    let stack: Value = serde_json::from_str(&ended.said).unwrap();
    let gpus: u64 = stack["gpu_nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["total"].as_u64().unwrap())
        .sum();
    assert_eq!(gpus, 160, "every GPU once, whoever publishes it");
}

#[test]
fn the_table_names_every_layer_and_what_needs_attention() {
    let ended = Home::with("").run(&["stack", "--demo"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    for word in [
        "Workloads",
        "Lifecycle",
        "Platform",
        "Infrastructure",
        "Hardware",
        "Kueue",
    ] {
        assert!(
            ended.said.contains(word),
            "{word} is missing in\n{}",
            ended.said
        );
    }
    assert!(ended.said.contains("Needs attention"), "{}", ended.said);
}

#[test]
fn contexts_are_listed_without_connecting_and_without_secrets() {
    let ended = Home::with(KUBECONFIG).run(&["contexts", "-o", "json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let listed: Value = serde_json::from_str(&ended.said).unwrap();
    let names: Vec<&str> = listed["contexts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"away"), "{names:?}");
    assert!(!ended.said.contains("not-shown-anywhere"));
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_rest_is_listed() {
    let home = Home::with(KUBECONFIG);
    let broken = home.folder.path().join("broken");
    std::fs::write(&broken, "contexts: [").unwrap();
    let both = std::env::join_paths([home.folder.path().join("config"), broken]).unwrap();
    let data = home.folder.path().join("data");
    let line = ["--data", data.to_str().unwrap(), "contexts"];
    let ended = strata(&line, both.to_str().unwrap()).unwrap();
    assert_eq!(
        ended.code,
        Some(4),
        "a script can tell that the list is not whole"
    );
    assert!(ended.said.contains("away"), "{}", ended.said);
    assert!(ended.remarked.contains("broken"), "{}", ended.remarked);
}

#[test]
fn a_cluster_that_does_not_answer_ends_with_3_and_says_the_step() {
    let home = Home::with(KUBECONFIG);
    let stack = home.run(&["stack", "--context", "away"]);
    assert_eq!(stack.code, Some(3), "{}", stack.remarked);
    assert!(stack.said.is_empty(), "{}", stack.said);
    let doctor = home.run(&["doctor", "--context", "away"]);
    assert_eq!(doctor.code, Some(3), "{}", doctor.remarked);
    assert!(doctor.said.contains("FAILED"), "{}", doctor.said);
    assert!(doctor.said.contains("TCP"), "{}", doctor.said);
    assert!(!doctor.said.contains("not-shown-anywhere"));
}

#[test]
fn the_doctor_passes_every_step_of_the_demo() {
    let ended = Home::with("").run(&["doctor", "--demo", "-o", "json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let report: Value = serde_json::from_str(&ended.said).unwrap();
    let outcomes: Vec<&str> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes.len(), 8);
    assert!(
        !outcomes.contains(&"failed") && !outcomes.contains(&"skipped"),
        "{outcomes:?}"
    );
}

#[test]
fn a_context_that_is_not_there_is_named() {
    let ended = Home::with(KUBECONFIG).run(&["stack", "--context", "nowhere"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.remarked.contains("`nowhere`"), "{}", ended.remarked);
}

#[test]
fn a_small_cluster_is_shown_whole_as_well() {
    // Its lists are there at once, before anything is derived from them.
    let line = ["stack", "--demo", "--scenario", "workstation", "-o", "json"];
    let ended = Home::with("").run(&line);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let layers = layers(&ended.said);
    let hardware = layers
        .iter()
        .find(|layer| layer["layer"] == "hardware")
        .unwrap();
    let components = hardware["components"].to_string();
    assert!(components.contains("RTX 4090"), "{components}");
}

/// A published model's configuration.
fn configuration(name: &str) -> String {
    format!(
        "{}/../../assets/models/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    )
}

#[test]
fn a_model_is_sized_from_its_configuration() {
    let home = Home::with("");
    let config = configuration("meta-llama-Meta-Llama-3.1-8B");
    let ended = home.run(&[
        "fit",
        &config,
        "--gpu-memory",
        "80GiB",
        "--concurrency",
        "4",
        "-o",
        "json",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let plan: Value = serde_json::from_str(&ended.said).unwrap();
    assert_eq!(plan["parameters"], 8_030_261_248_u64);
    assert_eq!(plan["weights_bytes"], 16_060_522_496_u64);
    assert_eq!(plan["kv_bytes_per_token"], 131_072);
    assert_eq!(plan["kv_bytes"], 131_072_u64 * 8_192 * 4);
    assert_eq!(plan["fits"], true);
    // (80 · 0.92 − 14.957 − 0.6875 − 3.5) GiB over four requests of 128 KiB a token.
    assert_eq!(plan["max_context"], 111_523);
    let ended = home.run(&["fit", &config, "--train", "lora"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    assert!(ended.said.contains("41.9 M parameters"), "{}", ended.said);
}

#[test]
fn a_plan_has_every_field_served_or_trained() {
    let home = Home::with("");
    let config = configuration("Qwen-Qwen3-8B");
    let served = [
        "fit",
        &config,
        "--weights",
        "fp8",
        "--kv",
        "fp8",
        "--tensor-parallel",
        "2",
        "--pipeline-parallel",
        "2",
        "--context",
        "4096",
        "--gpu-memory",
        "24GiB",
        "-o",
        "json",
    ];
    let trained = [
        "fit",
        &config,
        "--train",
        "full",
        "--zero",
        "3",
        "--gpus",
        "8",
        "--gpu-memory",
        "80GiB",
        "-o",
        "json",
    ];
    for line in [&served[..], &trained[..]] {
        let ended = home.run(line);
        assert_eq!(ended.code, Some(0), "{line:?}: {}", ended.remarked);
        let plan: Value = serde_json::from_str(&ended.said).unwrap();
        for field in [
            "parameters",
            "active_parameters",
            "weights_bytes",
            "kv_bytes_per_token",
            "kv_bytes",
            "activation_bytes",
            "runtime_bytes",
            "per_rank",
            "total",
            "max_context",
            "warnings",
        ] {
            assert!(
                plan.get(field).is_some(),
                "{line:?} has no {field}: {plan:#}"
            );
        }
        assert!(plan["max_context"].as_u64().unwrap() > 0, "{plan:#}");
    }
}

#[test]
fn a_model_that_is_not_understood_is_not_guessed_at() {
    let home = Home::with("");
    let ended = home.run(&["fit", &configuration("no-such-model")]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.remarked.contains("config.json"), "{}", ended.remarked);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), r#"{"model_type":"zamba9","hidden_size":4096}"#).unwrap();
    let path = file.path().to_str().unwrap();
    let ended = home.run(&["fit", path, "-o", "json"]);
    assert_eq!(ended.code, Some(4));
    let plan: Value = serde_json::from_str(&ended.said).unwrap();
    assert!(plan["parameters"].is_null() && plan["kv_bytes"].is_null());
    let warning = plan["warnings"][0].as_str().unwrap();
    assert!(warning.contains("zamba9"), "{warning}");
}

#[test]
fn why_names_one_reason_with_its_evidence_and_the_next_action() {
    let line = [
        "why",
        "job/asks-for-a-million-gpus",
        "-n",
        "default",
        "--demo",
        "--scenario",
        "edge",
        "-o",
        "json",
    ];
    let ended = Home::with("").run(&line);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let told: Value = serde_json::from_str(&ended.said).unwrap();
    assert_eq!(told["standing"], "not_running");
    let reason = &told["reason"];
    assert_eq!(reason["code"], "resource_unknown");
    assert_eq!(reason["waiting_is_futile"], true);
    let sentence = reason["sentence"].as_str().unwrap();
    assert!(sentence.contains("nvidia.com/gpu"), "{sentence}");
    assert!(!reason["action"].as_str().unwrap().is_empty());
    assert_eq!(reason["evidence"][0]["object"]["kind"], "Pod");
}

#[test]
fn why_says_what_it_does_not_find() {
    let ask = |object: &str| Home::with("").run(&["why", object, "--demo", "--scenario", "edge"]);
    let ended = ask("job/nowhere");
    assert_eq!(ended.code, Some(1));
    let said = &ended.remarked;
    assert!(said.contains("default/nowhere is not there"), "{said}");
    let ended = ask("cow/nowhere");
    let said = &ended.remarked;
    assert!(said.contains("serves no kind `cow`"), "{said}");
}

#[test]
fn a_recipe_is_filled_in_without_a_cluster_and_a_wrong_value_is_named() {
    let home = Home::with("");
    let set = ["--set", "name=qwen", "--set", "model=Qwen/Qwen3-8B"];
    let ended = home.run(&[&["deploy", "vllm", "-o", "yaml"], &set[..]].concat());
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    assert!(ended.said.contains("kind: Deployment"), "{}", ended.said);
    assert!(
        ended.said.contains("--model=Qwen/Qwen3-8B"),
        "{}",
        ended.said
    );
    let wrong = ["--set", "gpus=two", "--set", "replicas=-1"];
    let ended = home.run(&[&["deploy", "vllm", "-o", "yaml"], &set[..], &wrong[..]].concat());
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.said, "", "nothing is rendered");
    for part in [
        "--set gpus: Write a whole number",
        "--set replicas: At least 0",
    ] {
        assert!(ended.remarked.contains(part), "{}", ended.remarked);
    }
}

#[test]
fn recipes_of_ones_own_are_listed_and_a_broken_one_is_named_with_its_line() {
    let home = Home::with("");
    let folder = home.folder.path().join("data/recipes");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("broken.yaml"), "id: broken\nname: [\n").unwrap();
    let ended = home.run(&["recipes", "--demo"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    assert!(ended.said.contains("vllm-multi-node"), "{}", ended.said);
    assert!(
        ended.remarked.contains("broken.yaml, line"),
        "{}",
        ended.remarked
    );
}
