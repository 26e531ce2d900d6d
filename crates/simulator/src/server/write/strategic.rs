//! Strategic merge patch: lists are merged by the keys that the kind's schema names, and
//! directives in the patch say what goes
//! (after the rules of `k8s.io/apimachinery/pkg/util/strategicpatch`).

use serde_json::{Map, Value};

use crate::schema::{Merge, Schema};

/// Says what becomes of the object that it stands in, or of the list.
const DIRECTIVE: &str = "$patch";
/// Lists the fields that an object keeps.
const RETAIN_KEYS: &str = "$retainKeys";
/// Precedes the name of a list of plain values and lists what goes from it.
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";
/// Precedes the name of a list and gives its order.
const ORDER: &str = "$setElementOrder/";

/// Why a patch cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unmergeable {
    /// It is no strategic merge patch.
    Malformed(&'static str),
    /// What the server reports as its own error.
    Internal(String),
}

type Merged<T> = Result<T, Unmergeable>;

/// Merges `patch` into `object`, whose schema is `schema`.
pub(super) fn merge(
    object: &mut Map<String, Value>,
    patch: &Map<String, Value>,
    schema: Option<&Schema>,
) -> Merged<()> {
    if let Some(directive) = patch.get(DIRECTIVE) {
        match directive.as_str() {
            Some("replace") => {
                object.clone_from(patch);
                object.remove(DIRECTIVE);
            }
            Some("delete") => object.clear(),
            _ => return Err(unknown_directive(directive, patch)),
        }
        return Ok(());
    }
    let mut patch = patch.clone();
    if let Some(kept) = patch.remove(RETAIN_KEYS) {
        retain(object, &patch, &kept)?;
    }
    order_lists(object, &mut patch, schema)?;
    for (name, change) in patch {
        match name.strip_prefix(DELETE_FROM) {
            Some(list) => delete_from(object, list, &change),
            None => merge_field(object, &name, change, schema)?,
        }
    }
    Ok(())
}

/// Keeps of `object` the fields in `kept`, which has to name all that the patch sets.
fn retain(object: &mut Map<String, Value>, patch: &Map<String, Value>, kept: &Value) -> Merged<()> {
    const MALFORMED: Unmergeable = Unmergeable::Malformed("invalid patch format of retainKeys");
    let kept = kept.as_array().ok_or(MALFORMED)?;
    let is_kept = |name: &str| kept.iter().any(|known| known == name);
    let is_wrong = |(name, value): (&String, &Value)| {
        let is_directive = name.starts_with(DELETE_FROM) || name.starts_with(ORDER);
        !value.is_null() && !is_directive && !is_kept(name)
    };
    if patch.iter().any(is_wrong) {
        return Err(MALFORMED);
    }
    object.retain(|name, _| is_kept(name));
    Ok(())
}

fn merge_field(
    object: &mut Map<String, Value>,
    name: &str,
    change: Value,
    schema: Option<&Schema>,
) -> Merged<()> {
    if change.is_null() {
        object.remove(name);
        return Ok(());
    }
    let field = schema.and_then(|schema| schema.field(name).or_else(|| schema.values()));
    let rule = field.as_ref().map(Schema::merge).unwrap_or_default();
    match (object.get_mut(name), &change) {
        (Some(Value::Object(there)), Value::Object(fields)) => {
            merge(there, fields, field.as_ref())?;
        }
        (Some(Value::Array(there)), Value::Array(items)) if rule.merges => {
            let items_of = field.as_ref().and_then(Schema::items);
            let before = std::mem::take(there);
            *there = merge_lists(before, items, rule, items_of.as_ref())?;
        }
        // A list that is replaced is taken as it is, another value without its directives.
        (Some(Value::Array(there)), Value::Array(items)) => there.clone_from(items),
        _ => match without_directives(change) {
            Some(value) => {
                object.insert(name.to_owned(), value);
            }
            None => {
                object.remove(name);
            }
        },
    }
    Ok(())
}

fn merge_lists(
    there: Vec<Value>,
    patch: &[Value],
    rule: Merge<'_>,
    schema: Option<&Schema>,
) -> Merged<Vec<Value>> {
    let is_of_objects = there
        .first()
        .or(patch.first())
        .is_some_and(Value::is_object);
    if !is_of_objects {
        let mut merged = there.clone();
        for item in patch {
            if !merged.contains(item) {
                merged.push(item.clone());
            }
        }
        return Ok(in_order(merged, patch, &there, None));
    }
    let key = rule.key.ok_or_else(|| {
        Unmergeable::Internal("cannot merge lists without merge key for the field".to_owned())
    })?;
    let mut merged = there;
    let mut is_replaced = false;
    let mut changes = Vec::new();
    for item in patch {
        let fields = item.as_object().ok_or_else(|| {
            Unmergeable::Internal(
                "expected a map[string]interface {}, but received another type".to_owned(),
            )
        })?;
        match fields.get(DIRECTIVE).map(Value::as_str) {
            None => changes.push(item),
            Some(Some("delete")) => {
                let wanted = fields.get(key).ok_or_else(|| no_key(fields, key))?;
                merged.retain(|known| known.get(key) != Some(wanted));
            }
            Some(Some("replace")) => is_replaced = true,
            Some(Some("merge")) => {
                return Err(Unmergeable::Internal(
                    "merging lists cannot yet be specified in the patch".to_owned(),
                ));
            }
            Some(_) => {
                let directive = fields.get(DIRECTIVE).cloned().unwrap_or_default();
                return Err(unknown_directive(&directive, fields));
            }
        }
    }
    if is_replaced {
        return Ok(changes.into_iter().cloned().collect());
    }
    let before = merged.clone();
    for change in &changes {
        let fields = change.as_object().cloned().unwrap_or_default();
        let wanted = fields.get(key).ok_or_else(|| no_key(&fields, key))?;
        match merged
            .iter_mut()
            .find(|known| known.get(key) == Some(wanted))
        {
            Some(Value::Object(known)) => merge(known, &fields, schema)?,
            Some(_) => {}
            None => merged.extend(without_directives((*change).clone())),
        }
    }
    let order: Vec<Value> = changes.into_iter().cloned().collect();
    Ok(in_order(merged, &order, &before, Some(key)))
}

/// Takes the directives that give orders out of the patch, with the lists they are about, and
/// merges these.
fn order_lists(
    object: &mut Map<String, Value>,
    patch: &mut Map<String, Value>,
    schema: Option<&Schema>,
) -> Merged<()> {
    let names: Vec<String> = patch
        .keys()
        .filter_map(|name| name.strip_prefix(ORDER).map(str::to_owned))
        .collect();
    for name in names {
        let Some(Value::Array(order)) = patch.remove(&format!("{ORDER}{name}")) else {
            return Err(Unmergeable::Malformed(
                "invalid patch format of setElementOrder list",
            ));
        };
        let field = schema.and_then(|schema| schema.field(&name));
        let rule = field.as_ref().map(Schema::merge).unwrap_or_default();
        let changes = match patch.remove(&name) {
            Some(Value::Array(changes)) => Some(changes),
            None => None,
            Some(other) => {
                patch.insert(name, other);
                continue;
            }
        };
        if let Some(changes) = &changes {
            check_order(changes, &order, rule.key)?;
        }
        let there = object.get(&name).and_then(Value::as_array).cloned();
        let merged = match (there.clone(), changes) {
            (Some(there), None) => there,
            (None, Some(changes)) => match without_directives(Value::Array(changes)) {
                Some(Value::Array(items)) => items,
                _ => continue,
            },
            (Some(there), Some(changes)) if rule.merges => {
                let items_of = field.as_ref().and_then(Schema::items);
                merge_lists(there, &changes, rule, items_of.as_ref())?
            }
            (Some(_), Some(changes)) => changes,
            (None, None) => continue,
        };
        let before = there.unwrap_or_default();
        object.insert(name, in_order(merged, &order, &before, rule.key).into());
    }
    Ok(())
}

/// Refuses a patch whose list comes in another order than the one it gives.
fn check_order(changes: &[Value], order: &[Value], key: Option<&str>) -> Merged<()> {
    if changes.is_empty() || order.is_empty() {
        return Ok(());
    }
    let mut places = order.iter();
    for change in changes {
        if change.get(DIRECTIVE).is_some() {
            continue;
        }
        if !places.any(|known| is_same(known, change, key)) {
            return Err(Unmergeable::Internal(format!(
                "The order in patch list:\n{}\n doesn't match $setElementOrder list:\n{}\n",
                go(&Value::Array(changes.to_vec())),
                go(&Value::Array(order.to_vec()))
            )));
        }
    }
    Ok(())
}

/// The items in `order`, with those that are not in it where they stood among the others before.
fn in_order(items: Vec<Value>, order: &[Value], before: &[Value], key: Option<&str>) -> Vec<Value> {
    let place =
        |list: &[Value], item: &Value| list.iter().position(|known| is_same(known, item, key));
    let (mut ordered, mut others): (Vec<Value>, Vec<Value>) = items
        .into_iter()
        .partition(|item| place(order, item).is_some());
    ordered.sort_by_key(|item| place(order, item));
    others.sort_by_key(|item| place(before, item));
    let mut ordered = ordered.into_iter().peekable();
    let mut others = others.into_iter().peekable();
    let mut all = Vec::new();
    while let (Some(other), Some(next)) = (others.peek(), ordered.peek()) {
        let stood_before = match (place(before, other), place(before, next)) {
            (Some(other), Some(next)) => other < next,
            _ => false,
        };
        all.extend(if stood_before {
            others.next()
        } else {
            ordered.next()
        });
    }
    all.extend(others);
    all.extend(ordered);
    all
}

fn is_same(one: &Value, other: &Value, key: Option<&str>) -> bool {
    match key {
        Some(key) => one.get(key).is_some() && one.get(key) == other.get(key),
        None => one == other,
    }
}

fn delete_from(object: &mut Map<String, Value>, list: &str, gone: &Value) {
    if let (Some(Value::Array(items)), Some(gone)) = (object.get_mut(list), gone.as_array()) {
        items.retain(|item| !gone.contains(item));
    }
}

/// The value without objects that bear a directive, and without nulls in objects; none where it
/// bears one itself.
fn without_directives(value: Value) -> Option<Value> {
    match value {
        Value::Object(fields) if fields.contains_key(DIRECTIVE) => None,
        Value::Object(fields) => Some(
            fields
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .filter_map(|(name, value)| Some((name, without_directives(value)?)))
                .collect::<Map<_, _>>()
                .into(),
        ),
        Value::Array(items) => Some(
            items
                .into_iter()
                .filter_map(without_directives)
                .collect::<Vec<_>>()
                .into(),
        ),
        scalar => Some(scalar),
    }
}

fn unknown_directive(directive: &Value, fields: &Map<String, Value>) -> Unmergeable {
    Unmergeable::Internal(format!(
        "unknown patch type: {} in map: {}",
        go(directive),
        go(&Value::Object(fields.clone()))
    ))
}

fn no_key(fields: &Map<String, Value>, key: &str) -> Unmergeable {
    Unmergeable::Internal(format!(
        "map: {} does not contain declared merge key: {key}",
        go(&Value::Object(fields.clone()))
    ))
}

/// A value as Go prints it.
pub(super) fn go(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(go).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", go(value)))
                .collect();
            format!("map[{}]", fields.join(" "))
        }
        scalar => scalar.to_string(),
    }
}
