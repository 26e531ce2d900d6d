//! Who may do what, what is admitted, and what is served first.

use serde_json::Value;

use super::{
    age,
    cells::{NONE, Row, UNSET, selector},
};
use crate::json;

pub(super) fn role_binding(row: Row<'_>) -> Vec<Value> {
    let role = format!(
        "{}/{}",
        row.text("/roleRef/kind"),
        row.text("/roleRef/name")
    );
    let subjects = |kind: &str| -> Value {
        let names: Vec<String> = row
            .items("/subjects")
            .iter()
            .filter(|subject| json::text(subject, "/kind") == kind)
            .map(|subject| {
                let name = json::text(subject, "/name");
                match json::text(subject, "/namespace") {
                    namespace if kind == "ServiceAccount" => format!("{namespace}/{name}"),
                    _ => name.to_owned(),
                }
            })
            .collect();
        names.join(", ").into()
    };
    vec![
        row.name(),
        role.into(),
        row.age(),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}

/// Webhooks, admission policies and their bindings.
pub(super) fn admission(kind: &str, row: Row<'_>) -> Vec<Value> {
    let parameter_kind = || {
        if row.has("/spec/paramKind") {
            let part = |field: &str| row.text(&format!("/spec/paramKind/{field}"));
            format!("{}/{}", part("apiVersion"), part("kind"))
        } else {
            UNSET.to_owned()
        }
    };
    match kind {
        "ValidatingAdmissionPolicy" | "MutatingAdmissionPolicy" => {
            let rules = if kind.starts_with("Validating") {
                row.items("/spec/validations")
            } else {
                row.items("/spec/mutations")
            };
            vec![
                row.name(),
                rules.len().into(),
                parameter_kind().into(),
                row.age(),
            ]
        }
        "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding" => vec![
            row.name(),
            row.text_cell("/spec/policyName"),
            parameter(row).into(),
            row.age(),
        ],
        _ => vec![row.name(), row.items("/webhooks").len().into(), row.age()],
    }
}

fn parameter(row: Row<'_>) -> String {
    let part = |field: &str| row.text(&format!("/spec/paramRef/{field}"));
    let name = part("name");
    if name.is_empty() {
        return row
            .object
            .pointer("/spec/paramRef/selector")
            .map_or(UNSET.to_owned(), selector);
    }
    match part("namespace") {
        // Whether parameters lie in namespaces cannot be told from here.
        "" => format!("*/{name}"),
        namespace => format!("{namespace}/{name}"),
    }
}

pub(super) fn certificate_signing_request(row: Row<'_>) -> Vec<Value> {
    let has = |kind: &str| row.condition(kind).is_some();
    let mut status = if has("Denied") {
        "Denied"
    } else if has("Approved") {
        "Approved"
    } else {
        "Pending"
    }
    .to_owned();
    if has("Failed") {
        status.push_str(",Failed");
    }
    if !row.text("/status/certificate").is_empty() {
        status.push_str(",Issued");
    }
    let duration = if row.has("/spec/expirationSeconds") {
        let seconds = row.count("/spec/expirationSeconds");
        age::human(jiff::SignedDuration::from_secs(seconds))
    } else {
        NONE.to_owned()
    };
    vec![
        row.name(),
        row.age(),
        row.text_or("/spec/signerName", NONE),
        row.text_cell("/spec/username"),
        duration.into(),
        status.into(),
    ]
}

pub(super) fn flow_schema(row: Row<'_>) -> Vec<Value> {
    let dangling = row
        .condition("Dangling")
        .map_or("?", |condition| json::text(condition, "/status"));
    vec![
        row.name(),
        row.text_cell("/spec/priorityLevelConfiguration/name"),
        row.count("/spec/matchingPrecedence").into(),
        row.text_or("/spec/distinguisherMethod/type", NONE),
        row.age(),
        dangling.into(),
    ]
}

pub(super) fn priority_level(row: Row<'_>) -> Vec<Value> {
    let number =
        |pointer: &str| -> Value { row.object.pointer(pointer).cloned().unwrap_or(NONE.into()) };
    vec![
        row.name(),
        row.text_cell("/spec/type"),
        number("/spec/limited/nominalConcurrencyShares"),
        number("/spec/limited/limitResponse/queuing/queues"),
        number("/spec/limited/limitResponse/queuing/handSize"),
        number("/spec/limited/limitResponse/queuing/queueLengthLimit"),
        row.age(),
    ]
}
