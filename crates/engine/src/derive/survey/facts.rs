//! What a claim rests on: the objects and fields behind it.

use jiff::Timestamp;
use strata_api::rows::survey::Evidence;
use strata_domain::{
    accelerator::classify,
    condition::{Condition, Status, find},
    custom::Custom,
    ids::GroupKind,
    metadata::Metadata,
    node::Node,
    plain::Plain,
    subject::Subject,
    workload::{Workload, WorkloadKind},
};
use strata_ports::cluster::ServedKind;

use super::Ground;

/// As much evidence as one claim shows: more proves nothing more.
pub(super) const MOST: usize = 8;

/// A field of an object.
pub(super) fn of_object(
    kind: &GroupKind,
    metadata: &Metadata,
    field: impl Into<String>,
    value: impl Into<String>,
    since: Option<Timestamp>,
) -> Evidence {
    Evidence {
        group: kind.group.to_string(),
        kind: kind.kind.to_string(),
        namespace: metadata.key.namespace.to_string(),
        name: metadata.key.name.to_string(),
        field: field.into(),
        value: value.into(),
        since: since.or(metadata.created).map(|at| at.to_string()),
        subject: None,
    }
}

/// The same, with what it belongs to on the stack.
pub(super) fn belonging(mut evidence: Evidence, subject: Subject) -> Evidence {
    evidence.subject = Some(subject);
    evidence
}

/// How many pods of a workload are ready.
pub(super) fn of_workload(workload: &Workload) -> Evidence {
    let kind = GroupKind::new(workload.kind.group(), workload.kind.as_str());
    let field = match workload.kind {
        WorkloadKind::DaemonSet => "status.numberReady",
        WorkloadKind::Job => "status.ready",
        _ => "status.readyReplicas",
    };
    let value = format!("{} / {}", workload.ready, workload.desired);
    of_object(&kind, &workload.metadata, field, value, None)
}

/// That a kind is served, and in which versions; since when, where a definition of the cluster's tells.
pub(super) fn of_served(ground: Ground<'_>, served: &ServedKind) -> Evidence {
    let kind = GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition");
    let name = format!("{}.{}", served.resource, served.kind.group);
    let mut definitions = ground.cluster.plain_of(&kind);
    let definition = definitions.find(|plain| plain.metadata.key.name == *name);
    let since = definition.and_then(|plain| plain.metadata.created);
    Evidence {
        value: served.versions.join(", "),
        since: since.map(|at| at.to_string()),
        ..of_kind(&served.kind, "versions")
    }
}

/// That a kind is not served.
pub(super) fn of_unserved(group: &str, kind: &str) -> Evidence {
    Evidence {
        value: "not served".to_owned(),
        ..of_kind(&GroupKind::new(group, kind), "versions")
    }
}

/// That a list was read and has nothing of what was looked for; how current the list is, to the minute.
pub(super) fn of_list(kind: &GroupKind, heard: Option<Timestamp>) -> Evidence {
    let to_the_minute = |at: Timestamp| {
        let second = at.as_second();
        Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(at)
    };
    Evidence {
        value: "none of these".to_owned(),
        since: heard.map(|at| to_the_minute(at).to_string()),
        ..of_kind(kind, "items[]")
    }
}

fn of_kind(kind: &GroupKind, field: &str) -> Evidence {
    Evidence {
        group: kind.group.to_string(),
        kind: kind.kind.to_string(),
        namespace: String::new(),
        name: String::new(),
        field: field.to_owned(),
        value: String::new(),
        since: None,
        subject: None,
    }
}

/// A condition of an object.
pub(super) fn of_condition_of(
    kind: &GroupKind,
    metadata: &Metadata,
    condition: &Condition,
) -> Evidence {
    let field = format!("status.conditions[{}]", condition.kind);
    of_object(
        kind,
        metadata,
        field,
        status(condition.status),
        condition.since,
    )
}

/// What a custom object without conditions says of its state; else that it is there.
pub(super) fn of_first_field(custom: &Custom) -> Evidence {
    let told = custom
        .fields
        .iter()
        .find(|(path, _)| path.starts_with("status."));
    let (path, value) = told.map_or(
        ("metadata.name", custom.metadata.key.name.as_str()),
        |(path, value)| (path.as_str(), value.as_str()),
    );
    of_object(&custom.kind, &custom.metadata, path, value, None)
}

/// A condition of a custom object; that it is there, where it has none such.
pub(super) fn of_condition(custom: &Custom, condition: &str) -> Evidence {
    let found = find(&custom.conditions, condition);
    let value = found.map_or("", |found| status(found.status));
    let since = found.and_then(|found| found.since);
    let field = format!("status.conditions[{condition}]");
    of_object(&custom.kind, &custom.metadata, field, value, since)
}

/// Whether an aggregated API answers.
pub(super) fn of_api_service(plain: &Plain) -> Evidence {
    let kind = GroupKind::new("apiregistration.k8s.io", "APIService");
    let found = find(&plain.conditions, "Available");
    let value = found.map_or("", |found| status(found.status));
    let since = found.and_then(|found| found.since);
    of_object(
        &kind,
        &plain.metadata,
        "status.conditions[Available]",
        value,
        since,
    )
}

/// A label of a node.
pub(super) fn of_node_label(node: &Node, key: &str) -> Evidence {
    let value = node.metadata.labels.get(key).unwrap_or_default();
    of_node(node, format!("metadata.labels[{key}]"), value)
}

/// An amount of a node.
pub(super) fn of_node_resource(node: &Node, resource: &str, amount: u64) -> Evidence {
    of_node(
        node,
        format!("status.allocatable[{resource}]"),
        amount.to_string(),
    )
}

/// The accelerators that a node offers as extended resources.
pub(super) fn of_node_accelerators(node: &Node) -> impl Iterator<Item = Evidence> {
    let offered = node.allocatable.extended.iter();
    offered
        .filter(|(resource, _)| classify(resource).is_some())
        .map(|(resource, amount)| of_node_resource(node, resource, *amount))
}

/// Whether a node is ready.
pub(super) fn of_node_ready(node: &Node) -> Evidence {
    let since = find(&node.conditions, "Ready").and_then(|found| found.since);
    let mut evidence = of_node(node, "status.conditions[Ready]", status(node.ready()));
    evidence.since = since.map(|at| at.to_string()).or(evidence.since);
    evidence
}

/// Any field of a node.
pub(super) fn of_node(node: &Node, field: impl Into<String>, value: impl Into<String>) -> Evidence {
    let kind = GroupKind::new("", "Node");
    let subject = Subject::Node(node.metadata.key.name.clone());
    belonging(
        of_object(&kind, &node.metadata, field, value, None),
        subject,
    )
}

fn status(status: Status) -> &'static str {
    match status {
        Status::True => "True",
        Status::False => "False",
        Status::Unknown => "Unknown",
    }
}
