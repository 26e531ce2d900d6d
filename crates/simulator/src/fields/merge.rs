//! Merging a configuration into an object: what it says wins, the rest stays.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    set::Step,
    shape::{Shape, Unkeyed, field_of, items_of, names_of},
};

/// The object `live` with `config` merged into it.
pub(super) fn merge(shape: &Shape, live: &Value, config: &Value) -> Result<Value, Unkeyed> {
    Ok(visit(shape, Some(live), Some(config))?.unwrap_or_else(|| Value::Object(Map::new())))
}

fn visit(
    shape: &Shape,
    live: Option<&Value>,
    config: Option<&Value>,
) -> Result<Option<Value>, Unkeyed> {
    let leaf = || config.or(live).cloned();
    // What the configuration says decides the type, and what is there where it says nothing.
    match config.filter(|value| !value.is_null()).or(live) {
        Some(Value::Object(_)) => {
            let names: BTreeSet<&String> = names_of(live).chain(names_of(config)).collect();
            if shape.is_atomic_map() || names.is_empty() {
                return Ok(leaf());
            }
            let mut merged = Map::new();
            for name in names {
                let (old, said) = (field_of(live, name), field_of(config, name));
                if let Some(value) = visit(&shape.field(name), old, said)? {
                    merged.insert(name.clone(), value);
                }
            }
            Ok((!merged.is_empty()).then_some(Value::Object(merged)))
        }
        Some(Value::Array(_)) => {
            let (old, said) = (items_of(live), items_of(config));
            if shape.is_atomic_list() || (old.is_empty() && said.is_empty()) {
                return Ok(leaf());
            }
            let merged = merge_lists(shape, old, said)?;
            Ok((!merged.is_empty()).then_some(Value::Array(merged)))
        }
        _ => Ok(leaf()),
    }
}

/// Merges two lists by their items' steps. Items of both come in the order of the configuration;
/// those that are only there keep their place between them as far as that goes.
fn merge_lists(shape: &Shape, live: &[Value], config: &[Value]) -> Result<Vec<Value>, Unkeyed> {
    let live_steps = shape.steps(live)?;
    let steps = shape.steps(config)?;
    let mut said: BTreeMap<&Step, &Value> = BTreeMap::new();
    for (step, item) in steps.iter().zip(config) {
        if said.insert(step, item).is_some() {
            return Err(Unkeyed(format!("duplicate entries for key {step}")));
        }
    }
    // Items that are there twice are not merged with what the configuration says.
    let mut there: BTreeMap<&Step, Option<&Value>> = BTreeMap::new();
    for (step, item) in live_steps.iter().zip(live) {
        there
            .entry(step)
            .and_modify(|known| *known = None)
            .or_insert(Some(item));
    }
    let shape = shape.items();
    let mut shared = steps.iter().filter(|step| there.contains_key(step));
    let mut next_shared = shared.next();
    let mut done = BTreeSet::new();
    let mut merged = Vec::new();
    let mut old = live_steps.iter().zip(live).peekable();
    let mut own = steps.iter().peekable();
    while old.peek().is_some() || own.peek().is_some() {
        if let (Some((step, _)), Some(wanted)) = (old.peek(), own.peek()) {
            let is_same = step == wanted;
            if !is_same && said.contains_key(step) && next_shared.is_some_and(|next| next != *step)
            {
                old.next();
                continue;
            }
            if is_same {
                done.insert(*step);
                let both = (there.get(step).copied().flatten(), said.get(step).copied());
                merged.extend(visit(&shape, both.0, both.1)?);
                next_shared = shared.next();
                old.next();
                own.next();
                continue;
            }
        }
        if let Some((step, item)) = old.peek().copied() {
            if !said.contains_key(step) {
                merged.extend(visit(&shape, Some(item), None)?);
                old.next();
                continue;
            }
            if done.contains(step) {
                old.next();
            }
        }
        if let Some(step) = own.next() {
            done.insert(step);
            let both = (there.get(step).copied().flatten(), said.get(step).copied());
            merged.extend(visit(&shape, both.0, both.1)?);
            if next_shared == Some(step) {
                next_shared = shared.next();
            }
        }
    }
    Ok(merged)
}
