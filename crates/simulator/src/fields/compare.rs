//! What differs between two values, by field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    set::{FieldSet, Step},
    shape::{Shape, Unkeyed, field_of, items_of, names_of},
};

/// The fields in which two values differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) added: FieldSet,
    pub(super) modified: FieldSet,
    pub(super) removed: FieldSet,
}

impl Comparison {
    /// What was written: added or modified.
    pub(super) fn written(&self) -> FieldSet {
        self.added.union(&self.modified)
    }

    /// The comparison without `ignored` and what lies below.
    pub(super) fn without(&self, ignored: &FieldSet) -> Self {
        Self {
            added: self.added.without(ignored),
            modified: self.modified.without(ignored),
            removed: self.removed.without(ignored),
        }
    }
}

/// Compares `before` and `after`.
pub(super) fn compare(shape: &Shape, before: &Value, after: &Value) -> Result<Comparison, Unkeyed> {
    let mut walk = Walk::default();
    walk.visit(shape, Some(before), Some(after))?;
    Ok(walk.found)
}

#[derive(Default)]
struct Walk {
    path: Vec<Step>,
    found: Comparison,
}

impl Walk {
    fn visit(
        &mut self,
        shape: &Shape,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> Result<(), Unkeyed> {
        let is = |test: fn(&Value) -> bool| before.is_some_and(test) || after.is_some_and(test);
        if is(Value::is_object) {
            self.visit_maps(shape, before, after)
        } else if is(Value::is_array) {
            self.visit_lists(shape, before, after)
        } else {
            self.leaf(before, after);
            Ok(())
        }
    }

    fn leaf(&mut self, before: Option<&Value>, after: Option<&Value>) {
        let set = match (before, after) {
            (None, _) => &mut self.found.added,
            (_, None) => &mut self.found.removed,
            (before, after) if before != after => &mut self.found.modified,
            _ => return,
        };
        set.insert(&self.path);
    }

    fn visit_maps(
        &mut self,
        shape: &Shape,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> Result<(), Unkeyed> {
        let names: BTreeSet<&String> = names_of(before).chain(names_of(after)).collect();
        if shape.is_atomic_map() || names.is_empty() {
            self.leaf(before, after);
            return Ok(());
        }
        for name in names {
            self.path.push(Step::Field(name.clone()));
            let (old, changed) = (field_of(before, name), field_of(after, name));
            self.visit(&shape.field(name), old, changed)?;
            self.path.pop();
        }
        self.whole(before, after);
        Ok(())
    }

    fn visit_lists(
        &mut self,
        shape: &Shape,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> Result<(), Unkeyed> {
        let (old, changed) = (items_of(before), items_of(after));
        if shape.is_atomic_list() || (old.is_empty() && changed.is_empty()) {
            self.leaf(before, after);
            return Ok(());
        }
        let old = by_step(shape, old)?;
        let changed = by_step(shape, changed)?;
        let steps: BTreeSet<&Step> = old.keys().chain(changed.keys()).collect();
        let shape = shape.items();
        for step in steps {
            let was = old.get(step).map_or(&[] as &[_], Vec::as_slice);
            let is = changed.get(step).map_or(&[] as &[_], Vec::as_slice);
            self.path.push(step.clone());
            self.visit_items(&shape, was, is)?;
            self.path.pop();
        }
        self.whole(before, after);
        Ok(())
    }

    /// Items of one step; more than one where they cannot be told apart.
    fn visit_items(&mut self, shape: &Shape, was: &[&Value], is: &[&Value]) -> Result<(), Unkeyed> {
        match (was, is) {
            ([] | [_], [] | [_]) => self.visit(shape, was.first().copied(), is.first().copied()),
            ([_, _, ..], [_, _, ..]) => {
                if was != is {
                    self.found.modified.insert(&self.path);
                }
                Ok(())
            }
            ([_, _, ..], _) => {
                if let Some(only) = is.first() {
                    self.visit(shape, None, Some(only))?;
                }
                self.found.removed.insert(&self.path);
                Ok(())
            }
            (_, _) => {
                if let Some(only) = was.first() {
                    self.visit(shape, Some(only), None)?;
                }
                self.found.added.insert(&self.path);
                Ok(())
            }
        }
    }

    /// An object or a list that is new or gone counts as a field itself.
    fn whole(&mut self, before: Option<&Value>, after: Option<&Value>) {
        if before.is_none() {
            self.found.added.insert(&self.path);
        } else if after.is_none() {
            self.found.removed.insert(&self.path);
        }
    }
}

fn by_step<'a>(
    shape: &Shape,
    items: &'a [Value],
) -> Result<BTreeMap<Step, Vec<&'a Value>>, Unkeyed> {
    let mut by_step: BTreeMap<Step, Vec<&Value>> = BTreeMap::new();
    for (step, item) in shape.steps(items)?.into_iter().zip(items) {
        by_step.entry(step).or_default().push(item);
    }
    Ok(by_step)
}
