//! The rows of the map and of its sub-views.

use strata_api::{frames::KeyedRow, rows::Row, topics::Topic};

use super::Rows;
use crate::derive::survey::{
    Ground, capabilities::capabilities, conformance::conformance, lifecycle::lifecycle,
    needs::needs, relations::relations, storage::storage,
};

/// The rows of `topic`, where it is one of the survey; else none.
pub fn topic_rows(ground: Ground<'_>, topic: &Topic) -> Rows {
    match topic {
        Topic::Map { .. } => Rows::all(map(ground)),
        Topic::Needs { .. } => Rows::all(need_rows(ground)),
        Topic::Lifecycle { .. } => Rows::all(stage_rows(ground)),
        Topic::Storage { .. } => Rows::all(storage_rows(ground)),
        Topic::Conformance { .. } => Rows::all(conformance_rows(ground)),
        _ => Rows::default(),
    }
}

/// The capabilities, then the relations.
pub fn map(ground: Ground<'_>) -> Vec<KeyedRow> {
    let capabilities = capabilities(ground);
    let relations = relations(ground, &capabilities);
    let mut rows: Vec<KeyedRow> = capabilities
        .into_iter()
        .map(|row| KeyedRow {
            id: format!("capability:{}", row.capability),
            row: Row::Capability(row),
        })
        .collect();
    rows.extend(relations.into_iter().map(|row| KeyedRow {
        id: format!("relation:{}", row.number),
        row: Row::Relation(row),
    }));
    rows
}

/// The six needs.
pub fn need_rows(ground: Ground<'_>) -> Vec<KeyedRow> {
    let rows = needs(ground).into_iter().map(|row| KeyedRow {
        id: format!("need:{}", row.need),
        row: Row::Need(row),
    });
    rows.collect()
}

/// The stages of a model's life.
pub fn stage_rows(ground: Ground<'_>) -> Vec<KeyedRow> {
    let rows = lifecycle(ground).into_iter().map(|row| KeyedRow {
        id: format!("stage:{}", row.stage),
        row: Row::Stage(row),
    });
    rows.collect()
}

/// The checklist, then its requirements.
pub fn conformance_rows(ground: Ground<'_>) -> Vec<KeyedRow> {
    let (checklist, requirements) = conformance(ground);
    let mut rows = vec![KeyedRow {
        id: "checklist".to_owned(),
        row: Row::Checklist(checklist),
    }];
    rows.extend(requirements.into_iter().map(|row| KeyedRow {
        id: format!("requirement:{}", row.requirement),
        row: Row::Requirement(row),
    }));
    rows
}

/// The classes, what is amiss, the caches, then who claims how much.
pub fn storage_rows(ground: Ground<'_>) -> Vec<KeyedRow> {
    let storage = storage(ground);
    let mut rows: Vec<KeyedRow> = Vec::new();
    rows.extend(storage.classes.into_iter().map(|row| KeyedRow {
        id: format!("class:{}", row.name),
        row: Row::StorageClass(row),
    }));
    rows.extend(storage.findings.into_iter().map(|row| {
        let object = &row.evidence;
        KeyedRow {
            id: format!("{}:{}/{}", object.kind, object.namespace, object.name),
            row: Row::StorageFinding(row),
        }
    }));
    rows.extend(storage.caches.into_iter().map(|row| KeyedRow {
        id: format!("{}:{}/{}", row.kind, row.namespace, row.name),
        row: Row::StorageCache(row),
    }));
    rows.extend(storage.users.into_iter().map(|row| KeyedRow {
        id: format!("user:{}/{}/{}", row.namespace, row.kind, row.name),
        row: Row::StorageUser(row),
    }));
    rows
}
