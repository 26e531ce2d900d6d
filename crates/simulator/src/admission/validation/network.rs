//! Services, ingresses, network policies.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{containers, names, objects, selectors};
use crate::{admission::causes::Causes, json};

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const IP: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

/// What the addresses of services begin with, and their range.
const ADDRESSES: (&str, &str) = ("10.96.", "10.96.0.0/16");

pub(super) fn service(spec: &Value, causes: &mut Causes) {
    let kind = json::text(spec, "/type");
    let is_headless = json::text(spec, "/clusterIP") == "None";
    let ports = json::items(spec, "/ports");
    if ports.is_empty() && !is_headless && kind != "ExternalName" {
        causes.required("spec.ports", "");
    }
    if kind == "ExternalName" {
        match json::text(spec, "/externalName") {
            "" => causes.required("spec.externalName", ""),
            name => causes.each(
                "spec.externalName",
                name,
                names::subdomain(&name.to_lowercase()),
            ),
        }
    }
    let mut seen = HashSet::new();
    for (index, port) in ports.iter().enumerate() {
        service_port(
            port,
            &format!("spec.ports[{index}]"),
            ports.len() > 1,
            &mut seen,
            causes,
        );
    }
    objects::labels(spec.get("selector"), "spec.selector", causes);
    let affinity = json::text(spec, "/sessionAffinity");
    causes.one_of("spec.sessionAffinity", affinity, &["ClientIP", "None"]);
    for (index, address) in json::items(spec, "/clusterIPs").iter().enumerate() {
        let address = address.as_str().unwrap_or_default();
        if address != "None" && address.parse::<std::net::IpAddr>().is_err() {
            causes.invalid(&format!("spec.clusterIPs[{index}]"), address, IP);
        } else if address != "None" && !address.starts_with(ADDRESSES.0) {
            let detail = format!(
                "failed to allocate IP {address}: the provided IP ({address}) is not in the valid \
                 range. The range of valid IPs is {}",
                ADDRESSES.1
            );
            causes.invalid("spec.clusterIPs", json!([address]), &detail);
        }
    }
    let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    causes.one_of("spec.type", kind, &types);
    let mut bound = HashSet::new();
    for (index, port) in ports.iter().enumerate() {
        let path = format!("spec.ports[{index}]");
        let node_port = json::count(port, "/nodePort");
        if kind == "ClusterIP" && node_port > 0 {
            let detail = "may not be used when `type` is 'ClusterIP'";
            causes.forbidden(&format!("{path}.nodePort"), detail);
        }
        let key = (
            json::text(port, "/protocol").to_owned(),
            json::count(port, "/port"),
        );
        if !bound.insert(key.clone()) {
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{},\
                 \"TargetPort\":0,\"NodePort\":0}}",
                json!(key.0),
                key.1
            );
            causes.duplicate_shown(&path, &shown);
        }
    }
}

fn service_port<'a>(
    port: &'a Value,
    path: &str,
    needs_name: bool,
    seen: &mut HashSet<&'a str>,
    causes: &mut Causes,
) {
    let name = json::text(port, "/name");
    let name_path = format!("{path}.name");
    if name.is_empty() && needs_name {
        causes.required(&name_path, "");
    } else if !name.is_empty() {
        causes.each(&name_path, name, names::label(name));
        if !seen.insert(name) {
            causes.duplicate(&name_path, name);
        }
    }
    let number = port.get("port").and_then(Value::as_i64).unwrap_or(0);
    containers::port_number(number, &format!("{path}.port"), causes);
    let protocol = json::text(port, "/protocol");
    causes.one_of(&format!("{path}.protocol"), protocol, &PROTOCOLS);
    // A target that was not said follows the port, which is judged already.
    if let Some(target) = port.get("targetPort").filter(|target| **target != number) {
        containers::port(target, &format!("{path}.targetPort"), causes);
    }
}

pub(super) fn ingress(spec: &Value, causes: &mut Causes) {
    let rules = json::items(spec, "/rules");
    if rules.is_empty() && spec.get("defaultBackend").is_none() {
        let detail = "either `defaultBackend` or `rules` must be specified";
        causes.invalid("spec", Value::Null, detail);
    }
    if let Some(backend) = spec.get("defaultBackend") {
        self::backend(backend, "spec.defaultBackend", causes);
    }
    for (index, rule) in rules.iter().enumerate() {
        let path = format!("spec.rules[{index}]");
        let host = json::text(rule, "/host");
        if !host.is_empty() {
            let host_path = format!("{path}.host");
            causes.each(
                &host_path,
                host,
                names::subdomain(host.trim_start_matches("*.")),
            );
        }
        for (at, one) in json::items(rule, "/http/paths").iter().enumerate() {
            ingress_path(one, &format!("{path}.http.paths[{at}]"), causes);
        }
    }
}

fn ingress_path(rule: &Value, path: &str, causes: &mut Causes) {
    let place = json::text(rule, "/path");
    match json::text(rule, "/pathType") {
        "" => causes.required(&format!("{path}.pathType"), "pathType must be specified"),
        "Exact" | "Prefix" => {
            if !place.starts_with('/') {
                causes.invalid(&format!("{path}.path"), place, "must be an absolute path");
            }
        }
        "ImplementationSpecific" => {}
        kind => causes.unsupported(
            &format!("{path}.pathType"),
            kind,
            &["Exact", "ImplementationSpecific", "Prefix"],
        ),
    }
    if let Some(backend) = rule
        .get("backend")
        .filter(|backend| backend.get("service").is_some())
    {
        self::backend(backend, &format!("{path}.backend"), causes);
    }
}

fn backend(backend: &Value, path: &str, causes: &mut Causes) {
    let Some(service) = backend.get("service") else {
        return;
    };
    match json::text(service, "/name") {
        "" => causes.required(&format!("{path}.service.name"), ""),
        name => causes.each(&format!("{path}.service.name"), name, names::label(name)),
    }
    let has_name = !json::text(service, "/port/name").is_empty();
    let number = service
        .pointer("/port/number")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    if !has_name && number == 0 {
        causes.required(path, "port name or number is required");
    } else if !has_name {
        containers::port_number(number, &format!("{path}.service.port.number"), causes);
    }
}

pub(super) fn policy(spec: &Value, causes: &mut Causes) {
    if let Some(selector) = spec.get("podSelector") {
        selectors::selector(selector, "spec.podSelector", causes);
    }
    for (index, kind) in json::items(spec, "/policyTypes").iter().enumerate() {
        let kind = kind.as_str().unwrap_or_default();
        causes.one_of(
            &format!("spec.policyTypes[{index}]"),
            kind,
            &["Ingress", "Egress"],
        );
    }
}
