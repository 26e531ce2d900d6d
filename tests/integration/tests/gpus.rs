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
        "By queue",
        "Where this comes from",
        "exporters answered",
        "What this report does not know",
    ] {
        assert!(html.contains(said), "{said}");
    }
    // Some seconds of an hour are known, and no more is added up.
    assert!(!html.contains(">0.0"), "{html}");
    assert!(!html.contains("src=\"http") && !html.contains("<script"));

    // What Prometheus remembers of the hour before is in the picture at once.
    let picture = file("gpu.svg");
    let of_one = [
        "gpu",
        "--demo",
        "--filter",
        "on=gpu-h100-01:0",
        "--language",
        "zh",
        "--plot",
        &picture,
    ];
    let ended = strata(&[&["--data", data], &of_one[..]].concat(), "").unwrap();
    assert!(ended.remarked.contains("gpu.svg"), "{}", ended.remarked);
    let svg = std::fs::read_to_string(&picture).unwrap();
    for said in ["gpu-h100-01 · GPU 0", "SM active", "功率", "polyline"] {
        assert!(svg.contains(said), "{said}");
    }
}

/// What `strata gpu --demo` with `arguments` answers as JSON.
fn told(arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let line = [
        &["--data", data, "gpu", "--demo", "-o", "json"][..],
        arguments,
    ]
    .concat();
    let ended = strata(&line, "").unwrap();
    serde_json::from_str(&ended.said)
        .unwrap_or_else(|error| panic!("{error}: {} {}", ended.said, ended.remarked))
}

/// The sum of `key` over `rows`.
fn sum(rows: &Value, key: &str) -> u64 {
    let rows = rows.as_array().unwrap();
    rows.iter().map(|row| row[key].as_u64().unwrap()).sum()
}

#[test]
fn where_gpus_go_adds_up_by_model_and_by_node_and_is_priced() {
    let price = ["--price", "H100 80GB HBM3=2", "--currency", "€"];
    let models = told(&[&["--by", "model"], &price[..]].concat());
    let shares = &models["shares"];
    assert_eq!(sum(shares, "total"), 160);
    let held = sum(shares, "held");
    let states = &models["states"];
    let in_use = states["allocated"].as_u64().unwrap() + states["idle_held"].as_u64().unwrap();
    assert!(held >= in_use && held < 160, "{held} of {states}");
    for share in shares.as_array().unwrap() {
        let [Some(used), Some(gap)] = ["used", "not_used"].map(|key| share[key].as_f64()) else {
            continue;
        };
        let measured = share["held"].as_f64().unwrap() - share["not_measured"].as_f64().unwrap();
        assert!((used + gap - measured).abs() < 0.001, "{share}");
        let cost = share["cost_per_hour"].as_f64();
        if share["name"] == "H100 80GB HBM3" {
            assert!((cost.unwrap() - 2.0 * gap).abs() < 0.001, "{share}");
        } else {
            assert_eq!(cost, None, "what has no price costs no known sum: {share}");
        }
    }
    let fits = models["fits"].as_array().unwrap();
    assert!(fits.iter().any(|fit| fit["largest_pod"] != 0), "{fits:?}");

    let nodes = told(&["--by", "node"]);
    assert_eq!(sum(&nodes["nodes"], "capacity"), 160);
    let stranded = nodes["nodes"].as_array().unwrap().iter();
    for node in stranded.filter(|node| node["stranded"].as_u64() > Some(0)) {
        assert!(node["reason"].is_string(), "{node}");
    }
}

#[test]
fn a_table_by_owner_names_who_holds_what_and_claims_are_listed_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let ended = strata(&["--data", data, "gpu", "--demo", "--by", "owner"], "").unwrap();
    assert!(ended.said.contains("OWNER"), "{}", ended.said);
    assert!(ended.said.contains("NOT USED"), "{}", ended.said);
    assert!(ended.said.contains("no price"), "{}", ended.said);
    let told_of_claims = told(&["--claims"]);
    let offers = told_of_claims["devices"]["offers"].as_array().unwrap();
    assert_eq!(offers.len(), 1, "{offers:?}");
    let offer = offers.first().unwrap();
    assert_eq!(offer["classes"][0]["name"], "gpu.nvidia.com");
    let [published, allocated] = ["published", "allocated"].map(|key| offer[key].as_u64().unwrap());
    assert!(0 < allocated && allocated <= published, "{offer}");
    let claims = told_of_claims["claims"].as_array().unwrap();
    let given = claims.iter().find(|claim| claim["state"] == "reserved");
    assert_eq!(given.unwrap()["drivers"][0], "gpu.nvidia.com");
    let wrong = ["gpu", "--demo", "--claims", "--by", "node"];
    assert_eq!(strata(&wrong, "").unwrap().code, Some(2));
}
