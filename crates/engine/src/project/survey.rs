//! The rows of the map and of its sub-views.

use strata_api::{frames::KeyedRow, rows::Row, topics::Topic};

use super::Rows;
use crate::derive::survey::{
    Ground, capabilities::capabilities, conformance::conformance, lifecycle::lifecycle,
    models::models, needs::needs, relations::relations, storage::storage,
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

/// The stages of a model's life, then the way of each model.
pub fn stage_rows(ground: Ground<'_>) -> Vec<KeyedRow> {
    let stages = lifecycle(ground).into_iter().map(|row| KeyedRow {
        id: format!("stage:{}", row.stage),
        row: Row::Stage(row),
    });
    let models = models(ground).into_iter().map(|row| KeyedRow {
        id: format!("model:{}", row.model),
        row: Row::LifecycleModel(row),
    });
    stages.chain(models).collect()
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

/// Who measures, then all of storage, part by part.
pub fn storage_rows(ground: Ground<'_>) -> Vec<KeyedRow> {
    let storage = storage(ground);
    let mut rows = vec![KeyedRow {
        id: "source".to_owned(),
        row: Row::StorageSource(storage.source),
    }];
    let mut tell = |id: String, row: Row| rows.push(KeyedRow { id, row });
    for row in storage.classes {
        tell(format!("class:{}", row.name), Row::StorageClass(row));
    }
    for row in storage.drivers {
        tell(format!("driver:{}", row.name), Row::StorageDriver(row));
    }
    for row in storage.findings {
        // A claim may be amiss in two ways.
        let object = &row.evidence;
        let id = format!(
            "amiss:{}:{}/{}:{}",
            object.kind, object.namespace, object.name, object.field
        );
        tell(id, Row::StorageFinding(row));
    }
    for row in storage.caches {
        let id = format!("cache:{}:{}/{}", row.kind, row.namespace, row.name);
        tell(id, Row::StorageCache(row));
    }
    for row in storage.claims {
        let id = format!("claim:{}/{}", row.namespace, row.name);
        tell(id, Row::StorageClaim(row));
    }
    for row in storage.snapshots {
        let id = format!("snapshot:{}/{}", row.namespace, row.name);
        tell(id, Row::StorageSnapshot(row));
    }
    for row in storage.places {
        tell(format!("place:{}", row.address), Row::StoragePlace(row));
    }
    for row in storage.users {
        let id = format!("user:{}/{}/{}", row.namespace, row.kind, row.name);
        tell(id, Row::StorageUser(row));
    }
    rows
}
