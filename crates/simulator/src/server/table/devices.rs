//! Devices that are allocated dynamically.

use serde_json::Value;

use super::cells::Row;

pub(super) fn resource_claim(row: Row<'_>) -> Vec<Value> {
    let mut states = Vec::new();
    let is_deleted = row.has("/metadata/deletionTimestamp");
    if is_deleted {
        states.push("deleted");
    }
    if row.has("/status/allocation") {
        states.push("allocated");
        if !row.items("/status/reservedFor").is_empty() {
            states.push("reserved");
        }
    } else if !is_deleted {
        states.push("pending");
    }
    vec![row.name(), states.join(",").into(), row.age()]
}

pub(super) fn resource_slice(row: Row<'_>) -> Vec<Value> {
    vec![
        row.name(),
        row.text_cell("/spec/nodeName"),
        row.text_cell("/spec/driver"),
        row.text_cell("/spec/pool/name"),
        row.age(),
    ]
}
