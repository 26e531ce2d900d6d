//! Server-side apply: a configuration says which fields its manager wants, and with which values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    compare::compare,
    conflict::{self, Conflict},
    extract::extract,
    merge::merge,
    owners::{Manager, Operation, Owners, Share},
    remove::remove,
    set::{FieldSet, Step},
    shape::{Shape, Unkeyed},
    typed,
    update::{UNOWNED, Writer, written},
};
use crate::json;

/// The manager that owns what was there before anybody applied.
const BEFORE: &str = "before-first-apply";

/// The one manager that takes over what client-side apply has left.
const KUBECTL: &str = "kubectl";

/// The annotation in which client-side apply keeps what it has applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Why a configuration is not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is not of its schema.
    NotOfSchema(String),
    /// Others own what it sets with other values.
    Conflicts(Vec<Conflict>),
}

/// Applies `config` to `live` (none where the object is to be made) and writes who owns what.
pub(crate) fn apply(
    writer: &Writer<'_>,
    live: Option<&Value>,
    config: &Value,
    force: bool,
) -> Result<Value, Refusal> {
    let problems = typed::problems(writer.shape, config);
    match problems.as_slice() {
        [] => {}
        [only] => return Err(Refusal::NotOfSchema(only.clone())),
        several => {
            let lines: Vec<String> = several.iter().map(|line| format!("\n  {line}")).collect();
            return Err(Refusal::NotOfSchema(format!("errors:{}\n", lines.concat())));
        }
    }
    let empty = Value::Object(Map::new());
    let mut live = live.unwrap_or(&empty).clone();
    let owners = owners_before(writer, &live);
    json::object_at(&mut live, "metadata").remove("managedFields");
    let unkeyed = |unkeyed: Unkeyed| Refusal::NotOfSchema(unkeyed.0);
    let mut outcome = attempt(writer, &live, config, &owners).map_err(unkeyed)?;
    if !force && !outcome.conflicts.is_empty() {
        if writer.manager == KUBECTL {
            let own = left_by_client_side_apply(writer, &live);
            outcome
                .conflicts
                .retain(|conflict| !own.contains(&conflict.path));
        }
        if !outcome.conflicts.is_empty() {
            return Err(Refusal::Conflicts(outcome.conflicts));
        }
    }
    let mut object = outcome.object;
    if writer.manager == KUBECTL {
        keep_last_applied(&mut object, config);
    }
    outcome.owners.write(&mut object);
    Ok(object)
}

struct Outcome {
    object: Value,
    owners: Owners,
    conflicts: Vec<Conflict>,
}

fn attempt(
    writer: &Writer<'_>,
    live: &Value,
    config: &Value,
    owners: &Owners,
) -> Result<Outcome, Unkeyed> {
    let shape = writer.shape;
    let applier = writer.identity(writer.manager, Operation::Apply);
    let mut owners = owners.clone();
    let last = owners.shares.remove(&applier);
    let share = Share {
        api_version: writer.api_version.to_owned(),
        fields: extract(shape, config)?.without(writer.ignored),
        time: last.as_ref().and_then(|last| last.time.clone()),
    };
    owners.shares.insert(applier.clone(), share);
    let merged = merge(shape, live, config)?;
    let object = match &last {
        Some(last) => prune(shape, &merged, &owners, &last.fields)?,
        None => merged,
    };
    let found = compare(shape, live, &object)?.without(writer.ignored);
    let changed = found.written();
    let disputed: BTreeMap<Manager, FieldSet> = owners
        .shares
        .iter()
        .filter(|(manager, _)| **manager != applier)
        .map(|(manager, share)| (manager.clone(), share.fields.intersection(&changed)))
        .filter(|(_, fields)| !fields.is_empty())
        .collect();
    owners.take(&changed, Some(&applier));
    owners.take(&found.removed, Some(&applier));
    if let Some(share) = owners.shares.get_mut(&applier) {
        share.fields = share.fields.difference(&UNOWNED);
        if object != *live {
            share.time = Some(writer.time.to_owned());
        }
    }
    owners.drop_empty();
    Ok(Outcome {
        object,
        owners,
        conflicts: conflict::all(&disputed),
    })
}

/// The owners so far; where there are none, what is there belongs to what was before.
fn owners_before(writer: &Writer<'_>, live: &Value) -> Owners {
    let owners = Owners::of(live);
    if !owners.is_empty() {
        return owners;
    }
    let zero = writer.shape.zero();
    written(writer, BEFORE, owners, &zero, live).unwrap_or_default()
}

/// `merged` without the fields that the applier has given up, unless somebody else owns them.
fn prune(
    shape: &Shape,
    merged: &Value,
    owners: &Owners,
    last: &FieldSet,
) -> Result<Value, Unkeyed> {
    if last.is_empty() {
        return Ok(merged.clone());
    }
    let last = with_named_fields(shape, last);
    let all = with_named_fields(shape, &extract(shape, merged)?);
    let pruned = remove(shape, merged, &last)?;
    // Back comes what lies in what was removed but is owned.
    let owned = owners
        .shares
        .values()
        .fold(FieldSet::default(), |set, share| set.union(&share.fields));
    let kept = with_named_fields(shape, &extract(shape, &pruned)?);
    let kept = kept.union(&with_named_fields(shape, &owned));
    let pruned = remove(shape, merged, &all.difference(&kept))?;
    // And what lies in it and nobody has ever owned.
    let kept = with_named_fields(shape, &extract(shape, &pruned)?);
    remove(shape, merged, &all.difference(&kept).intersection(&last))
}

/// The set with every field that the schema names and that has members below it a member too.
fn with_named_fields(shape: &Shape, set: &FieldSet) -> FieldSet {
    set.with_members(&mut |path| {
        let Some((Step::Field(name), above)) = path.split_last() else {
            return false;
        };
        above
            .iter()
            .fold(shape.clone(), |shape, step| shape.at(step))
            .names(name)
    })
}

/// The fields that client-side apply has written and that are still as it wrote them.
fn left_by_client_side_apply(writer: &Writer<'_>, live: &Value) -> FieldSet {
    let annotation = live
        .pointer("/metadata/annotations")
        .and_then(|annotations| annotations.get(LAST_APPLIED))
        .and_then(Value::as_str);
    let last: Option<Value> = annotation.and_then(|text| serde_json::from_str(text).ok());
    let Some(last) = last.filter(|last| json::text(last, "/apiVersion") == writer.api_version)
    else {
        return FieldSet::default();
    };
    let fields = extract(writer.shape, &last);
    let (Ok(fields), Ok(found)) = (fields, compare(writer.shape, &last, live)) else {
        return FieldSet::default();
    };
    fields
        .difference(&found.modified)
        .difference(&found.added)
        .difference(&found.removed)
}

/// Keeps the annotation of client-side apply, where there is one, in step with what is applied.
fn keep_last_applied(object: &mut Value, config: &Value) {
    let annotation = object
        .pointer_mut("/metadata/annotations")
        .and_then(|annotations| annotations.get_mut(LAST_APPLIED));
    let Some(annotation) = annotation else {
        return;
    };
    let mut config = config.clone();
    if let Some(Value::Object(annotations)) = config.pointer_mut("/metadata/annotations") {
        annotations.remove(LAST_APPLIED);
    }
    *annotation = format!("{config}\n").into();
}
