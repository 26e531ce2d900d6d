//! Pods and pod templates.

use super::{Value, each, has, json, or, or_if_empty, within};
use crate::json as read;

const HANDLERS: [&str; 2] = ["postStart", "preStop"];
const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

/// A pod: its specification, and requests that follow limits.
pub(super) fn pod(pod: &mut Value) {
    let spec = read::object_at(pod, "spec");
    or(spec, "enableServiceLinks", true);
    within(pod, "spec", |spec| {
        specification(spec);
        for field in ["containers", "initContainers"] {
            each(spec, field, requests_follow_limits);
        }
        if read::flag(spec, "/hostNetwork") {
            for field in ["containers", "initContainers"] {
                each(spec, field, host_ports);
            }
        }
    });
}

/// A template of a workload.
pub(super) fn template(template: &mut Value) {
    within(template, "spec", specification);
}

fn specification(spec: &mut Value) {
    each(spec, "volumes", volume);
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        each(spec, field, container);
    }
    let fields = read::as_object(spec);
    or_if_empty(fields, "dnsPolicy", "ClusterFirst");
    or_if_empty(fields, "restartPolicy", "Always");
    or_if_empty(fields, "schedulerName", "default-scheduler");
    or(fields, "securityContext", json!({}));
    or(fields, "terminationGracePeriodSeconds", 30);
    if fields
        .get("terminationGracePeriodSeconds")
        .and_then(Value::as_i64)
        .is_some_and(|s| s < 0)
    {
        fields.insert("terminationGracePeriodSeconds".to_owned(), 1.into());
    }
    // The older name of the same field.
    let account = read::text(spec, "/serviceAccountName").to_owned();
    let deprecated = read::text(spec, "/serviceAccount").to_owned();
    let account = if account.is_empty() {
        deprecated
    } else {
        account
    };
    if !account.is_empty() {
        let fields = read::as_object(spec);
        fields.insert("serviceAccountName".to_owned(), account.as_str().into());
        fields.insert("serviceAccount".to_owned(), account.into());
    }
}

fn container(container: &mut Value) {
    each(container, "ports", |port| {
        or_if_empty(read::as_object(port), "protocol", "TCP");
    });
    each(container, "env", |variable| {
        within(variable, "valueFrom", |source| {
            within(source, "fieldRef", field_reference);
        });
    });
    for probe in PROBES {
        within(container, probe, |probe| {
            handler(probe);
            let fields = read::as_object(probe);
            or_if_empty(fields, "timeoutSeconds", 1);
            or_if_empty(fields, "periodSeconds", 10);
            or_if_empty(fields, "successThreshold", 1);
            or_if_empty(fields, "failureThreshold", 3);
        });
    }
    within(container, "lifecycle", |lifecycle| {
        for hook in HANDLERS {
            within(lifecycle, hook, handler);
        }
    });
    let policy = if is_latest(read::text(container, "/image")) {
        "Always"
    } else {
        "IfNotPresent"
    };
    let fields = read::as_object(container);
    or_if_empty(fields, "imagePullPolicy", policy);
    or_if_empty(fields, "terminationMessagePath", "/dev/termination-log");
    or_if_empty(fields, "terminationMessagePolicy", "File");
}

/// Whether the tag of an image is `latest`, said or not.
fn is_latest(image: &str) -> bool {
    let (name, digest) = image
        .split_once('@')
        .map_or((image, ""), |(name, digest)| (name, digest));
    let last = name.rsplit('/').next().unwrap_or(name);
    match last.split_once(':') {
        Some((_, tag)) => tag == "latest",
        None => digest.is_empty(),
    }
}

fn handler(handler: &mut Value) {
    within(handler, "httpGet", |get| {
        let fields = read::as_object(get);
        or_if_empty(fields, "path", "/");
        or_if_empty(fields, "scheme", "HTTP");
    });
    within(handler, "grpc", |call| {
        or(read::as_object(call), "service", "");
    });
}

fn field_reference(reference: &mut Value) {
    or_if_empty(read::as_object(reference), "apiVersion", "v1");
}

fn requests_follow_limits(container: &mut Value) {
    let Some(limits) = container
        .pointer("/resources/limits")
        .and_then(Value::as_object)
        .cloned()
    else {
        return;
    };
    within(container, "resources", |resources| {
        let requests = read::object_at(resources, "requests");
        for (name, amount) in limits {
            requests.entry(name).or_insert(amount);
        }
    });
}

fn host_ports(container: &mut Value) {
    each(container, "ports", |port| {
        if let Some(number) = port.get("containerPort").cloned() {
            or_if_empty(read::as_object(port), "hostPort", number);
        }
    });
}

fn volume(volume: &mut Value) {
    let sources = volume.as_object().map_or(0, serde_json::Map::len);
    if sources <= 1 {
        or(read::as_object(volume), "emptyDir", json!({}));
    }
    for source in ["configMap", "secret", "downwardAPI", "projected"] {
        within(volume, source, |source| {
            or(read::as_object(source), "defaultMode", 420);
            each(source, "items", |item| {
                within(item, "fieldRef", field_reference);
            });
            each(source, "sources", |source| {
                within(source, "serviceAccountToken", |token| {
                    or(read::as_object(token), "expirationSeconds", 3600);
                });
                within(source, "downwardAPI", |api| {
                    each(api, "items", |item| {
                        within(item, "fieldRef", field_reference);
                    });
                });
            });
        });
    }
    within(volume, "hostPath", |path| {
        or(read::as_object(path), "type", "");
    });
    within(volume, "ephemeral", |ephemeral| {
        within(ephemeral, "volumeClaimTemplate", |claim| {
            within(claim, "spec", super::storage::claim_specification);
        });
    });
    within(volume, "image", |image| {
        let policy = if is_latest(read::text(image, "/reference")) {
            "Always"
        } else {
            "IfNotPresent"
        };
        or_if_empty(read::as_object(image), "pullPolicy", policy);
    });
}

/// The class that a pod's requests and limits of CPU and memory put it into.
pub(in crate::admission) fn quality_of_service(spec: &Value) -> &'static str {
    let mut is_guaranteed = true;
    let mut has_any = false;
    for pointer in ["/containers", "/initContainers"] {
        for container in read::items(spec, pointer) {
            for resource in ["cpu", "memory"] {
                let amount = |of: &str| {
                    container
                        .pointer(&format!("/resources/{of}/{resource}"))
                        .filter(|amount| *amount != "0")
                };
                let (request, limit) = (amount("requests"), amount("limits"));
                has_any |= request.is_some() || limit.is_some();
                is_guaranteed &= limit.is_some() && (request.is_none() || request == limit);
            }
        }
    }
    match (has_any, is_guaranteed && has(spec, "containers")) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}
