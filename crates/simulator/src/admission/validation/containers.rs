//! Containers: names, images, ports, environment, probes.

use std::collections::HashSet;

use serde_json::Value;

use super::{names, resources};
use crate::{admission::causes::Causes, json};

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
/// What an environment variable may take from its pod.
const FIELDS: [&str; 10] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.phase",
    "status.podIP",
    "status.podIPs",
];
const NUMBERS: [&str; 5] = [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
];

/// Judges the containers of a pod; `volumes` are the names of its volumes.
pub(super) fn all(spec: &Value, path: &str, volumes: &HashSet<String>, causes: &mut Causes) {
    let containers = json::items(spec, "/containers");
    if containers.is_empty() {
        causes.required(&format!("{path}.containers"), "");
    }
    let mut seen = HashSet::new();
    for (field, containers) in [
        ("containers", containers),
        ("initContainers", json::items(spec, "/initContainers")),
    ] {
        for (index, one) in containers.iter().enumerate() {
            let path = format!("{path}.{field}[{index}]");
            container(one, &path, volumes, &mut seen, causes);
        }
    }
}

/// Judges a container at `path`; `seen` are the names of others.
pub(super) fn container<'a>(
    container: &'a Value,
    path: &str,
    volumes: &HashSet<String>,
    seen: &mut HashSet<&'a str>,
    causes: &mut Causes,
) {
    let name = json::text(container, "/name");
    let name_path = format!("{path}.name");
    if name.is_empty() {
        causes.required(&name_path, "");
    } else {
        causes.each(&name_path, name, names::label(name));
        if !seen.insert(name) {
            causes.duplicate(&name_path, name);
        }
    }
    let image = json::text(container, "/image");
    let image_path = format!("{path}.image");
    if image.is_empty() {
        causes.required(&image_path, "");
    } else if image.trim() != image {
        causes.invalid(
            &image_path,
            image,
            "must not have leading or trailing whitespace",
        );
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probed) = container.get(probe).filter(|probe| probe.is_object()) {
            self::probe(probed, &format!("{path}.{probe}"), probe, causes);
        }
    }
    causes.one_of(
        &format!("{path}.imagePullPolicy"),
        json::text(container, "/imagePullPolicy"),
        &["Always", "IfNotPresent", "Never"],
    );
    ports(container, path, causes);
    environment(container, path, causes);
    mounts(container, path, volumes, causes);
    resources::of_container(container, &format!("{path}.resources"), causes);
}

fn probe(probe: &Value, path: &str, kind: &str, causes: &mut Causes) {
    let handlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    let said: Vec<&str> = handlers
        .into_iter()
        .filter(|handler| probe.get(handler).is_some())
        .collect();
    if said.is_empty() {
        causes.required(path, "must specify a handler type");
    }
    for handler in said.iter().skip(1) {
        let detail = "may not specify more than 1 handler type";
        causes.forbidden(&format!("{path}.{handler}"), detail);
    }
    if let Some(handler) = said.first()
        && let Some(port) = probe.pointer(&format!("/{handler}/port"))
    {
        self::port(port, &format!("{path}.{handler}.port"), causes);
    }
    for field in NUMBERS {
        causes.not_negative(&format!("{path}.{field}"), probe.get(field));
    }
    let successes = json::count(probe, "/successThreshold");
    if kind != "readinessProbe" && successes > 1 {
        causes.invalid(&format!("{path}.successThreshold"), successes, "must be 1");
    }
}

/// Judges a port by number or name.
pub(super) fn port(port: &Value, path: &str, causes: &mut Causes) {
    match port {
        Value::String(name) => causes.each(path, name, names::port_name(name)),
        Value::Number(number) => port_number(number.as_i64().unwrap_or(0), path, causes),
        _ => {}
    }
}

/// Judges the number of a port.
pub(super) fn port_number(number: i64, path: &str, causes: &mut Causes) {
    if !(1..=65_535).contains(&number) {
        causes.invalid(path, number, "must be between 1 and 65535, inclusive");
    }
}

fn ports(container: &Value, path: &str, causes: &mut Causes) {
    let mut seen = HashSet::new();
    for (index, port) in json::items(container, "/ports").iter().enumerate() {
        let path = format!("{path}.ports[{index}]");
        let name = json::text(port, "/name");
        if !name.is_empty() {
            let problems = names::port_name(name);
            let is_right = problems.is_empty();
            causes.each(&format!("{path}.name"), name, problems);
            if is_right && !seen.insert(name) {
                causes.duplicate(&format!("{path}.name"), name);
            }
        }
        match port
            .get("containerPort")
            .and_then(Value::as_i64)
            .unwrap_or(0)
        {
            0 => causes.required(&format!("{path}.containerPort"), ""),
            number => port_number(number, &format!("{path}.containerPort"), causes),
        }
        if let Some(number) = port
            .get("hostPort")
            .and_then(Value::as_i64)
            .filter(|port| *port != 0)
        {
            port_number(number, &format!("{path}.hostPort"), causes);
        }
        let protocol = json::text(port, "/protocol");
        causes.one_of(&format!("{path}.protocol"), protocol, &PROTOCOLS);
    }
}

fn environment(container: &Value, path: &str, causes: &mut Causes) {
    for (index, variable) in json::items(container, "/env").iter().enumerate() {
        let path = format!("{path}.env[{index}]");
        let name = json::text(variable, "/name");
        let is_printable = |letter: u8| (b' '..=b'~').contains(&letter) && letter != b'=';
        if name.is_empty() {
            causes.required(&format!("{path}.name"), "");
        } else if !name.bytes().all(is_printable) {
            let detail = "a valid environment variable name must consist only of printable ASCII \
                          characters other than '='";
            causes.invalid(&format!("{path}.name"), name, detail);
        }
        let Some(source) = variable
            .get("valueFrom")
            .filter(|source| source.is_object())
        else {
            continue;
        };
        let field = json::text(source, "/fieldRef/fieldPath");
        let is_known = FIELDS.contains(&field)
            || field.starts_with("metadata.labels[")
            || field.starts_with("metadata.annotations[");
        if source.get("fieldRef").is_some() && field.is_empty() {
            causes.required(&format!("{path}.valueFrom.fieldRef.fieldPath"), "");
        } else if source.get("fieldRef").is_some() && !is_known {
            let detail = format!("error converting fieldPath: field label not supported: {field}");
            causes.invalid(
                &format!("{path}.valueFrom.fieldRef.fieldPath"),
                field,
                &detail,
            );
        }
        for reference in ["configMapKeyRef", "secretKeyRef"] {
            if source.get(reference).is_some()
                && json::text(source, &format!("/{reference}/key")).is_empty()
            {
                causes.required(&format!("{path}.valueFrom.{reference}.key"), "");
            }
        }
        if !json::text(variable, "/value").is_empty() {
            let detail = "may not be specified when `value` is not empty";
            causes.invalid(&format!("{path}.valueFrom"), "", detail);
        }
    }
}

fn mounts(container: &Value, path: &str, volumes: &HashSet<String>, causes: &mut Causes) {
    let mut seen = HashSet::new();
    for (index, mount) in json::items(container, "/volumeMounts").iter().enumerate() {
        let path = format!("{path}.volumeMounts[{index}]");
        let name = json::text(mount, "/name");
        if name.is_empty() {
            causes.required(&format!("{path}.name"), "");
        }
        if !volumes.contains(name) {
            causes.not_found(&format!("{path}.name"), name);
        }
        let place = json::text(mount, "/mountPath");
        if place.is_empty() {
            causes.required(&format!("{path}.mountPath"), "");
        }
        if !seen.insert(place) {
            causes.invalid(&format!("{path}.mountPath"), place, "must be unique");
        }
    }
}
