//! `strata conformance` over the demo cluster, in all its forms.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use serde_json::Value;
use strata_integration_tests::{Ended, strata};

fn conformance(arguments: &[&str]) -> Ended {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let config = home.path().join("config");
    std::fs::write(&config, "").unwrap();
    let start = ["--data", data.to_str().unwrap(), "conformance", "--demo"];
    strata(&[&start, arguments].concat(), config.to_str().unwrap()).unwrap()
}

#[test]
fn every_requirement_of_the_servers_version_is_answered_with_its_evidence() {
    let ended = conformance(&["-o", "json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let answered: Value = serde_json::from_str(&ended.said).unwrap();
    assert_eq!(answered["checklist"], "1.36");
    let requirements = answered["requirements"].as_array().unwrap();
    assert_eq!(requirements.len(), 14);
    for requirement in requirements {
        let id = &requirement["id"];
        assert!(!requirement["reason"].as_str().unwrap().is_empty(), "{id}");
        let has_test = requirement["test"].is_object();
        assert_ne!(has_test, requirement["untested"].is_object(), "{id}");
        if ["met", "partly"].contains(&requirement["answer"].as_str().unwrap()) {
            let first = &requirement["evidence"][0];
            assert!(!first["kind"].as_str().unwrap().is_empty(), "{id}");
            assert!(!first["field"].as_str().unwrap().is_empty(), "{id}");
        }
    }
    let answer = |id: &str| {
        let found = requirements.iter().find(|one| one["id"] == id).unwrap();
        found["answer"].clone()
    };
    // Kueue and Prometheus are well, one of DCGM's exporters is not; what only a test tells is open.
    assert_eq!(answer("gang_scheduling"), "met");
    assert_eq!(answer("ai_service_metrics"), "met");
    assert_eq!(answer("accelerator_metrics"), "partly");
    assert_eq!(answer("secure_accelerator_access"), "unknown");
}

#[test]
fn the_table_keeps_must_and_should_apart() {
    let ended = conformance(&[]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    let must = ended.said.find("\nMUST  ").unwrap();
    let should = ended.said.find("\nSHOULD  ").unwrap();
    let gangs = ended.said.find("gang_scheduling").unwrap();
    let sharing = ended.said.find("gpu_sharing").unwrap();
    assert!(
        must < gangs && gangs < should && should < sharing,
        "{}",
        ended.said
    );
}

#[test]
fn the_yaml_is_the_checklists_own_form() {
    let ended = conformance(&["-o", "yaml"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    for line in [
        "  kubernetesVersion: \"v1.36\"",
        "spec:",
        "  accelerators:",
        "  schedulingOrchestration:",
        "    - id: gang_scheduling",
        "      level: MUST",
        "      status: \"Implemented\"",
    ] {
        assert!(
            ended.said.lines().any(|said| said == line),
            "{line}\n{}",
            ended.said
        );
    }
}

#[test]
fn a_test_workload_is_previewed_object_by_object_and_nothing_is_made() {
    let ended = conformance(&["--run-test", "gang_scheduling", "--dry-run"]);
    assert_eq!(ended.code, Some(0), "{}", ended.remarked);
    for name in ["strata-gang-fits", "strata-gang-too-large"] {
        assert!(ended.said.contains(name), "{}", ended.said);
    }
    assert!(ended.said.contains("Leaves open:"), "{}", ended.said);
}

#[test]
fn a_gang_is_started_whole_or_not_at_all_and_nothing_is_left_behind() {
    let ended = conformance(&["--run-test", "gang_scheduling"]);
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.said, ended.remarked);
    assert!(ended.said.contains("Passed: Three pods"), "{}", ended.said);
    assert!(
        ended.said.contains("nothing is left behind"),
        "{}",
        ended.said
    );
}

#[test]
fn what_no_workload_can_test_says_why() {
    let ended = conformance(&["--run-test", "pod_autoscaling"]);
    assert_ne!(ended.code, Some(0));
    assert!(
        ended
            .remarked
            .contains("has no test workload: Which metric"),
        "{}",
        ended.remarked
    );
}
