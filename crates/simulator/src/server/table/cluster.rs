//! Nodes, namespaces, events and what else belongs to the cluster itself.

use serde_json::Value;

use super::cells::{NONE, Row};
use crate::json;

pub(super) fn node(row: Row<'_>) -> Vec<Value> {
    let mut status = match row.condition("Ready") {
        Some(ready) if json::text(ready, "/status") == "True" => "Ready".to_owned(),
        Some(_) => "NotReady".to_owned(),
        None => "Unknown".to_owned(),
    };
    if json::flag(row.object, "/spec/unschedulable") {
        status.push_str(",SchedulingDisabled");
    }
    let roles = roles(row);
    let address = |kind: &str| -> Value {
        row.items("/status/addresses")
            .iter()
            .find(|address| json::text(address, "/type") == kind)
            .map_or(NONE, |address| json::text(address, "/address"))
            .into()
    };
    let system = |field: &str| row.text_or(&format!("/status/nodeInfo/{field}"), "<unknown>");
    let mut kernel = system("kernelVersion");
    let architecture = row.text("/status/nodeInfo/architecture");
    if !architecture.is_empty() {
        let version = kernel.as_str().unwrap_or_default();
        kernel = format!("{version} ({architecture})").into();
    }
    vec![
        row.name(),
        status.into(),
        if roles.is_empty() {
            NONE.into()
        } else {
            roles.into()
        },
        row.age(),
        row.text_cell("/status/nodeInfo/kubeletVersion"),
        address("InternalIP"),
        address("ExternalIP"),
        system("osImage"),
        kernel,
        system("containerRuntimeVersion"),
    ]
}

/// The roles that the labels of a node give it.
fn roles(row: Row<'_>) -> String {
    let labels = row
        .object
        .pointer("/metadata/labels")
        .and_then(Value::as_object);
    let mut roles: Vec<&str> = labels
        .into_iter()
        .flatten()
        .filter_map(|(label, value)| match label.as_str() {
            "kubernetes.io/role" => value.as_str(),
            label => label.strip_prefix("node-role.kubernetes.io/"),
        })
        .filter(|role| !role.is_empty())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles.join(",")
}

pub(super) fn namespace(row: Row<'_>) -> Vec<Value> {
    vec![row.name(), row.text_cell("/status/phase"), row.age()]
}

pub(super) fn event(row: Row<'_>) -> Vec<Value> {
    let first = match row.text("/firstTimestamp") {
        "" => row.since("/eventTime"),
        _ => row.since("/firstTimestamp"),
    };
    let mut last = match row.text("/lastTimestamp") {
        "" => first.clone(),
        _ => row.since("/lastTimestamp"),
    };
    let mut count = row.count("/count");
    if row.has("/series") {
        last = row.since("/series/lastObservedTime");
        count = row.count("/series/count");
    } else if count == 0 {
        // Events of the newer kind that happened once have no count.
        count = 1;
    }
    let kind = row.text("/involvedObject/kind").to_lowercase();
    let target = match row.text("/involvedObject/name") {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    let one_of = |first: &str, second: &str| match row.text(first) {
        "" => row.text(second).to_owned(),
        text => text.to_owned(),
    };
    let mut source = one_of("/source/component", "/reportingComponent");
    let instance = one_of("/source/host", "/reportingInstance");
    if !instance.is_empty() {
        source = format!("{source}, {instance}");
    }
    vec![
        last.into(),
        row.text_cell("/type"),
        row.text_cell("/reason"),
        target.into(),
        row.text_cell("/involvedObject/fieldPath"),
        source.into(),
        row.text("/message").trim().into(),
        first.into(),
        count.into(),
        row.name(),
    ]
}

pub(super) fn config_map(row: Row<'_>) -> Vec<Value> {
    let entries = entries(row, "/data") + entries(row, "/binaryData");
    vec![row.name(), entries.into(), row.age()]
}

pub(super) fn secret(row: Row<'_>) -> Vec<Value> {
    vec![
        row.name(),
        row.text_cell("/type"),
        entries(row, "/data").into(),
        row.age(),
    ]
}

fn entries(row: Row<'_>, pointer: &str) -> usize {
    row.object
        .pointer(pointer)
        .and_then(Value::as_object)
        .map_or(0, serde_json::Map::len)
}

pub(super) fn resource_quota(row: Row<'_>) -> Vec<Value> {
    let hard = row
        .object
        .pointer("/status/hard")
        .and_then(Value::as_object);
    let mut resources: Vec<(&str, &str)> = hard
        .into_iter()
        .flatten()
        .map(|(resource, hard)| (resource.as_str(), hard.as_str().unwrap_or("0")))
        .collect();
    resources.sort_unstable();
    let used = row.object.pointer("/status/used");
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (resource, hard) in resources {
        let used = used
            .and_then(|used| used.get(resource)?.as_str())
            .unwrap_or("0");
        let text = format!("{resource}: {used}/{hard}");
        if resource.starts_with("limits.") {
            limits.push(text);
        } else {
            requests.push(text);
        }
    }
    vec![
        row.name(),
        requests.join(", ").into(),
        limits.join(", ").into(),
        row.age(),
    ]
}

pub(super) fn component_status(row: Row<'_>) -> Vec<Value> {
    let healthy = row
        .items("/conditions")
        .iter()
        .find(|condition| json::text(condition, "/type") == "Healthy");
    let status = match healthy.map(|condition| json::text(condition, "/status")) {
        None => "Unknown",
        Some("True") => "Healthy",
        Some(_) => "Unhealthy",
    };
    let text = |pointer: &str| healthy.map_or("", |condition| json::text(condition, pointer));
    vec![
        row.name(),
        status.into(),
        text("/message").into(),
        text("/error").into(),
    ]
}

pub(super) fn lease(row: Row<'_>) -> Vec<Value> {
    vec![row.name(), row.text_cell("/spec/holderIdentity"), row.age()]
}

pub(super) fn priority_class(row: Row<'_>) -> Vec<Value> {
    vec![
        row.name(),
        row.count("/value").into(),
        json::flag(row.object, "/globalDefault").into(),
        row.age(),
        row.text_cell("/preemptionPolicy"),
    ]
}

pub(super) fn runtime_class(row: Row<'_>) -> Vec<Value> {
    vec![row.name(), row.text_cell("/handler"), row.age()]
}

pub(super) fn api_service(row: Row<'_>) -> Vec<Value> {
    let service = if row.has("/spec/service") {
        let (namespace, name) = (
            row.text("/spec/service/namespace"),
            row.text("/spec/service/name"),
        );
        format!("{namespace}/{name}")
    } else {
        "Local".to_owned()
    };
    let available = row.condition("Available");
    let status = available.map_or("Unknown", |available| json::text(available, "/status"));
    let available = match available.map(|available| json::text(available, "/reason")) {
        Some(reason) if status != "True" && !reason.is_empty() => format!("{status} ({reason})"),
        _ => status.to_owned(),
    };
    vec![row.name(), service.into(), available.into(), row.age()]
}
