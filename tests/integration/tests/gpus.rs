//! The GPUs of the demo clusters: the idle, the fragmented and the faulty ones that the scenarios put
//! there are found and named, and nothing else is.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use strata_integration_tests::{program, strata};
use tempfile::TempDir;

/// The GPUs of `answer` in `state`: node, number, and the pods that hold it.
fn in_state(answer: &Value, state: &str) -> BTreeSet<(String, u64, String)> {
    answer["gpus"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gpu| gpu["state"] == state)
        .map(|gpu| {
            let pods = gpu["holders"].as_array().unwrap().iter();
            let pods: Vec<String> = pods
                .map(|holder| {
                    let text = |key: &str| holder[key].as_str().unwrap().to_owned();
                    format!("{}/{}", text("namespace"), text("pod"))
                })
                .collect();
            (
                gpu["node"].as_str().unwrap().to_owned(),
                gpu["index"].as_u64().unwrap(),
                pods.join(" "),
            )
        })
        .collect()
}

#[test]
fn atlas_has_idle_notebooks_and_one_lost_gpu_and_nothing_else_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let ended = strata(&["--data", data, "gpu", "--demo", "-o", "json"], "").unwrap();
    let answer: Value = serde_json::from_str(&ended.said).unwrap_or_else(|error| {
        panic!("{error}: {} {}", ended.said, ended.remarked);
    });
    assert_eq!(answer["states"]["total"], 160);

    // Two of three GPUs of notebooks never compute; the others do for six minutes in an hour.
    let notebooks = ["ana-attention-0", "jun-longcontext-0", "li-eval-0"];
    let idle = in_state(&answer, "idle_held");
    assert!(!idle.is_empty());
    for (node, index, pod) in &idle {
        let name = pod.strip_prefix("research/").unwrap_or(pod);
        assert!(notebooks.contains(&name), "{node}/{index} {pod}");
    }
    let working: Vec<&Value> = answer["gpus"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gpu| gpu["state"] == "allocated" && gpu["activity"].is_number())
        .collect();
    assert!(working.len() > 60, "{}", working.len());

    let unhealthy = in_state(&answer, "unhealthy");
    assert_eq!(unhealthy.len(), 1, "{unhealthy:?}");
    let (node, ..) = unhealthy.first().unwrap();
    assert_eq!(node, "gpu-a100-05");
    let lost = answer["gpus"]
        .as_array()
        .unwrap()
        .iter()
        .find(|gpu| gpu["state"] == "unhealthy")
        .unwrap();
    assert_eq!(lost["reason"], "XID 79: GPU has fallen off the bus");
    // What it does not tell is absent, and never 0.
    assert!(lost["activity"].is_null() && lost["power"].is_null());
}

/// A demo cluster served by a process of its own, at sixty times the speed of time.
struct Served {
    process: Child,
    folder: TempDir,
}

impl Served {
    fn start(scenario: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config");
        let mut process = Command::new(program().unwrap())
            .args(["simulate", "--scenario", scenario, "--speed", "60x"])
            .args(["--kubeconfig", config.to_str().unwrap()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut first).unwrap();
        assert!(first.contains("https://127.0.0.1"), "{first}");
        Self { process, folder }
    }

    fn gpus(&self) -> Value {
        let data = self.folder.path().join("data");
        let config = self.folder.path().join("config");
        let line = ["--data", data.to_str().unwrap(), "gpu", "-o", "json"];
        let ended = strata(&line, config.to_str().unwrap()).unwrap();
        serde_json::from_str(&ended.said)
            .unwrap_or_else(|error| panic!("{error}: {} {}", ended.said, ended.remarked))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
fn in_the_outage_the_lost_gpu_and_the_dark_rack_are_told_apart() {
    let cluster = Served::start("outage");
    let answer = loop {
        // The rack goes dark after 40 seconds of the cluster's, the GPU is lost after 100.
        let answer = cluster.gpus();
        let states = &answer["states"];
        if states["unhealthy"] != 0 && states["unknown"] != 0 {
            break answer;
        }
    };
    let unhealthy = in_state(&answer, "unhealthy");
    assert_eq!(unhealthy.len(), 1, "{unhealthy:?}");
    let (node, ..) = unhealthy.first().unwrap();
    assert_eq!(node, "gpu-h100-01");

    let dark = in_state(&answer, "unknown");
    assert_eq!(dark.len(), 24);
    let racks: BTreeSet<&str> = answer["gpus"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gpu| gpu["state"] == "unknown")
        .map(|gpu| gpu["rack"].as_str().unwrap())
        .collect();
    assert_eq!(racks, BTreeSet::from(["r02"]));
    assert!(in_state(&answer, "idle_held").is_empty());
}

#[test]
fn a_report_and_a_picture_of_the_demo_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let report = file("report.html");
    let ended = strata(
        &[
            "--data", data, "report", "--demo", "--since", "1h", "-o", &report,
        ],
        "",
    )
    .unwrap();
    assert!(ended.remarked.contains("report.html"), "{}", ended.remarked);
    let html = std::fs::read_to_string(&report).unwrap();
    for said in [
        "Waste by owner",
        "H100 80GB HBM3",
        "What this report does not know",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert!(!html.contains("src=\"http") && !html.contains("<script"));

    // What Prometheus remembers of the hour before is in the picture at once.
    let picture = file("gpu.svg");
    let of_one = [
        "gpu",
        "--demo",
        "--filter",
        "on=gpu-h100-01:0",
        "--plot",
        &picture,
    ];
    let ended = strata(&[&["--data", data], &of_one[..]].concat(), "").unwrap();
    assert!(ended.remarked.contains("gpu.svg"), "{}", ended.remarked);
    let svg = std::fs::read_to_string(&picture).unwrap();
    for said in ["gpu-h100-01 · GPU 0", "SM active", "Power", "polyline"] {
        assert!(svg.contains(said), "{said}");
    }
}
