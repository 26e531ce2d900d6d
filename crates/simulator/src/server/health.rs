//! `/version` and the health checks.

use http::{Response, StatusCode};
use serde_json::json;

use super::{ResponseBody, json_response, response};

/// The checks that `?verbose` lists, as a real kube-apiserver names its own.
const CHECKS: [&str; 12] = [
    "ping",
    "log",
    "etcd",
    "etcd-readiness",
    "informer-sync",
    "poststarthook/start-apiextensions-informers",
    "poststarthook/start-apiextensions-controllers",
    "poststarthook/crd-informer-synced",
    "poststarthook/rbac/bootstrap-roles",
    "poststarthook/scheduling/bootstrap-system-priority-classes",
    "poststarthook/apiservice-discovery-controller",
    "shutdown",
];

/// The answer to `/version` for `git_version`, such as `v1.36.2`.
pub(super) fn version(git_version: &str) -> Response<ResponseBody> {
    let mut numbers = git_version.trim_start_matches('v').split('.');
    let major = numbers.next().unwrap_or_default();
    let minor = numbers.next().unwrap_or_default();
    let previous = minor
        .parse::<u32>()
        .map_or(String::new(), |minor| (minor - 1).to_string());
    let version = json!({
        "major": major,
        "minor": minor,
        "emulationMajor": major,
        "emulationMinor": minor,
        "minCompatibilityMajor": major,
        "minCompatibilityMinor": previous,
        "gitVersion": git_version,
        "gitCommit": "98b35193b2ac7a23a673325f5e9b830ecd5ba406",
        "gitTreeState": "clean",
        "buildDate": "2026-08-21T00:00:00Z",
        "goVersion": "go1.26.6",
        "compiler": "gc",
        "platform": "linux/amd64",
    });
    json_response(StatusCode::OK, version.to_string())
}

/// The answer to a health check: `readyz`, `livez` or `healthz`.
pub(super) fn check(name: &str, is_verbose: bool) -> Response<ResponseBody> {
    if !is_verbose {
        return response(StatusCode::OK, "text/plain; charset=utf-8", "ok");
    }
    let checks = CHECKS
        .iter()
        .filter(|check| name == "readyz" || **check != "shutdown");
    let lines: Vec<String> = checks.map(|check| format!("[+]{check} ok\n")).collect();
    let text = format!("{}{name} check passed\n", lines.concat());
    response(StatusCode::OK, "text/plain; charset=utf-8", text)
}
