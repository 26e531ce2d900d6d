//! `/version`, the health checks, and the list of paths.

use http::{Response, StatusCode, header};
use serde_json::json;

use super::{ResponseBody, failure::Failure, json_response, query::Query, response};
use crate::kinds::Served;

/// The checks of a kube-apiserver 1.36.3 in its order, and the endpoints that each belongs to.
const CHECKS: [(&str, &[&str]); 38] = [
    ("ping", ALL),
    ("log", ALL),
    ("loopback-serving-certificate", &["livez", "healthz"]),
    ("etcd", ALL),
    ("etcd-readiness", &["readyz"]),
    ("informer-sync", &["readyz"]),
    ("poststarthook/start-apiserver-admission-initializer", ALL),
    ("poststarthook/generic-apiserver-start-informers", ALL),
    ("poststarthook/priority-and-fairness-config-consumer", ALL),
    ("poststarthook/priority-and-fairness-filter", ALL),
    ("poststarthook/storage-object-count-tracker-hook", ALL),
    ("poststarthook/start-apiextensions-informers", ALL),
    ("poststarthook/start-apiextensions-controllers", ALL),
    ("poststarthook/crd-informer-synced", ALL),
    ("poststarthook/start-system-namespaces-controller", ALL),
    ("poststarthook/peer-endpoint-reconciler-controller", ALL),
    (
        "poststarthook/start-cluster-authentication-info-controller",
        ALL,
    ),
    (
        "poststarthook/start-kube-apiserver-identity-lease-controller",
        ALL,
    ),
    (
        "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
        ALL,
    ),
    ("poststarthook/storage-readiness", ALL),
    ("poststarthook/start-legacy-token-tracking-controller", ALL),
    ("poststarthook/start-service-ip-repair-controllers", ALL),
    ("poststarthook/rbac/bootstrap-roles", ALL),
    (
        "poststarthook/scheduling/bootstrap-system-priority-classes",
        ALL,
    ),
    ("poststarthook/priority-and-fairness-config-producer", ALL),
    ("poststarthook/bootstrap-controller", ALL),
    (
        "poststarthook/start-kubernetes-service-cidr-controller",
        ALL,
    ),
    ("poststarthook/aggregator-reload-proxy-client-cert", ALL),
    ("poststarthook/start-kube-aggregator-informers", ALL),
    (
        "poststarthook/apiservice-status-local-available-controller",
        ALL,
    ),
    (
        "poststarthook/apiservice-status-remote-available-controller",
        ALL,
    ),
    ("poststarthook/apiservice-registration-controller", ALL),
    ("poststarthook/apiservice-discovery-controller", ALL),
    ("poststarthook/kube-apiserver-autoregistration", ALL),
    ("autoregister-completion", ALL),
    ("poststarthook/apiservice-openapi-controller", ALL),
    ("poststarthook/apiservice-openapiv3-controller", ALL),
    ("shutdown", &["readyz"]),
];

const ALL: &[&str] = &["healthz", "livez", "readyz"];

/// The answer to `/version` for `git_version`, such as `v1.36.2`.
pub(super) fn version(git_version: &str) -> Response<ResponseBody> {
    let mut numbers = git_version.trim_start_matches('v').split('.');
    let major = numbers.next().unwrap_or_default();
    let minor = numbers.next().unwrap_or_default();
    let previous = minor
        .parse::<u32>()
        .map_or(String::new(), |minor| minor.saturating_sub(1).to_string());
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

/// The answer to a health check: all of `readyz`, `livez` or `healthz`, or one `check` of it.
pub(super) fn check(
    endpoint: &str,
    check: &str,
    query: &Query,
) -> Result<Response<ResponseBody>, Failure> {
    let known = || checks_of(endpoint);
    if !check.is_empty() {
        return if known().any(|name| name == check) {
            Ok(response(StatusCode::OK, TEXT, "ok"))
        } else {
            Err(Failure::no_page())
        };
    }
    let mut text = String::new();
    if query.has("verbose") {
        let excluded: Vec<&str> = query.all("exclude").collect();
        for name in known() {
            let result = if excluded.contains(&name) {
                " excluded: ok"
            } else {
                " ok"
            };
            text.push_str("[+]");
            text.push_str(name);
            text.push_str(result);
            text.push('\n');
        }
        let unknown: Vec<String> = excluded
            .iter()
            .filter(|name| !known().any(|check| check == **name))
            .map(|name| format!("\"{name}\""))
            .collect();
        if !unknown.is_empty() {
            text.push_str("warn: some health checks cannot be excluded: no matches for ");
            text.push_str(&unknown.join(", "));
            text.push('\n');
        }
        text.push_str(endpoint);
        text.push_str(" check passed\n");
    } else {
        text.push_str("ok");
    }
    let mut answer = response(StatusCode::OK, TEXT, text);
    answer.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        header::HeaderValue::from_static("nosniff"),
    );
    Ok(answer)
}

/// The answer to `/`: every path that is no resource.
pub(super) fn paths(served: &Served) -> Response<ResponseBody> {
    const FIXED: [&str; 14] = [
        "/.well-known/openid-configuration",
        "/api",
        "/api/v1",
        "/apis",
        "/apis/",
        "/healthz",
        "/livez",
        "/metrics",
        "/openapi/v2",
        "/openapi/v3",
        "/openapi/v3/",
        "/openid/v1/jwks",
        "/readyz",
        "/version",
    ];
    let mut paths: Vec<String> = FIXED.iter().map(|path| (*path).to_owned()).collect();
    for group in &served.groups {
        let name = &group.metadata.name;
        paths.push(format!("/apis/{name}"));
        for version in &group.versions {
            paths.push(format!("/apis/{name}/{}", version.version));
        }
    }
    for endpoint in ALL {
        paths.extend(checks_of(endpoint).map(|check| format!("/{endpoint}/{check}")));
    }
    paths.sort_unstable();
    json_response(StatusCode::OK, json!({ "paths": paths }).to_string())
}

const TEXT: &str = "text/plain; charset=utf-8";

fn checks_of(endpoint: &str) -> impl Iterator<Item = &'static str> {
    CHECKS
        .iter()
        .filter(move |(_, endpoints)| endpoints.contains(&endpoint))
        .map(|(check, _)| *check)
}
