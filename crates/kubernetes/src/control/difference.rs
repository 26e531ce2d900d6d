//! What a change does to an object, field by field.
//!
//! What the server keeps for itself is left out, and so is the status: it is what becomes of a change,
//! not the change. What a Secret holds is told to be another, and not what it is.

use serde_json::{Map, Value};
use strata_domain::field_path::{FieldPath, PathStep};
use strata_ports::control::FieldChange;

use super::keys::Keys;
use crate::objects::prune::{LAST_APPLIED, is_secret};

/// Fields of the metadata that the server keeps for itself.
const KEPT_BY_THE_SERVER: [&str; 6] = [
    "creationTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The fields that are others in `after` than in `before`, in their order. Of an object that was not
/// there before there is no difference to tell.
pub(super) fn between(before: Option<&Value>, after: &Value) -> Vec<FieldChange> {
    let Some(before) = before else {
        return Vec::new();
    };
    let keys = Keys::of([before, after]);
    let mut told = Told {
        changes: Vec::new(),
        is_secret: is_secret(after),
    };
    told.compare(
        Some(&stripped(before)),
        Some(&stripped(after)),
        Some(&keys),
        &FieldPath::default(),
    );
    told.changes
}

/// The object without what is left out.
fn stripped(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
        if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
            metadata.retain(|name, _| !KEPT_BY_THE_SERVER.contains(&name.as_str()));
        }
    }
    object
}

/// Whether the field at `path` of a Secret is one that must not be shown.
pub(super) fn is_hidden(path: &FieldPath) -> bool {
    path.starts_with(&["data"])
        || path.starts_with(&["stringData"])
        || path.starts_with(&["metadata", "annotations", LAST_APPLIED])
}

struct Told {
    changes: Vec<FieldChange>,
    is_secret: bool,
}

impl Told {
    fn compare(
        &mut self,
        before: Option<&Value>,
        after: Option<&Value>,
        keys: Option<&Keys>,
        path: &FieldPath,
    ) {
        if before == after {
            return;
        }
        match (before, after) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                self.compare_fields(before, after, keys, path);
            }
            // A map that comes or goes is told by what is in it, so that a secret in it stays one.
            (Some(Value::Object(before)), None) if !before.is_empty() => {
                self.compare_fields(before, &Map::new(), keys, path);
            }
            (None, Some(Value::Object(after))) if !after.is_empty() => {
                self.compare_fields(&Map::new(), after, keys, path);
            }
            (Some(Value::Array(before)), Some(Value::Array(after))) => {
                self.compare_items(before, after, keys, path);
            }
            _ => self.note(path, before, after),
        }
    }

    fn compare_fields(
        &mut self,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
        keys: Option<&Keys>,
        path: &FieldPath,
    ) {
        let gone = before.keys().filter(|name| !after.contains_key(*name));
        let mut names: Vec<&String> = after.keys().chain(gone).collect();
        names.sort();
        for name in names {
            let below = keys.and_then(|keys| keys.field(name));
            self.compare(before.get(name), after.get(name), below, &path.field(name));
        }
    }

    fn compare_items(
        &mut self,
        before: &[Value],
        after: &[Value],
        keys: Option<&Keys>,
        path: &FieldPath,
    ) {
        let steps = |items: &[Value]| -> Option<Vec<PathStep>> {
            let keys = keys?;
            let step = |item: &Value| {
                let member = || keys.is_set.then(|| PathStep::Member(item.clone()));
                keys.step(item).or_else(member)
            };
            items.iter().map(step).collect()
        };
        let (Some(steps_before), Some(steps_after)) = (steps(before), steps(after)) else {
            // The list is one value.
            self.note(
                path,
                Some(&Value::Array(before.to_vec())),
                Some(&Value::Array(after.to_vec())),
            );
            return;
        };
        let below = keys.and_then(Keys::items);
        for (step, item) in steps_after.iter().zip(after) {
            let was = steps_before.iter().position(|before| before == step);
            let was = was.and_then(|at| before.get(at));
            self.compare_item(was, Some(item), below, &path.then(step.clone()));
        }
        for (step, item) in steps_before.iter().zip(before) {
            if !steps_after.contains(step) {
                self.compare_item(Some(item), None, below, &path.then(step.clone()));
            }
        }
    }

    /// An item that comes or goes is told whole: half of it means nothing.
    fn compare_item(
        &mut self,
        before: Option<&Value>,
        after: Option<&Value>,
        keys: Option<&Keys>,
        path: &FieldPath,
    ) {
        if before.is_some() && after.is_some() {
            self.compare(before, after, keys, path);
        } else {
            self.note(path, before, after);
        }
    }

    fn note(&mut self, path: &FieldPath, before: Option<&Value>, after: Option<&Value>) {
        let is_secret = self.is_secret && is_hidden(path);
        let shown = |value: Option<&Value>| value.filter(|_| !is_secret).cloned();
        self.changes.push(FieldChange {
            path: path.clone(),
            before: shown(before),
            after: shown(after),
            is_secret,
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: &Value, after: &Value) -> Vec<String> {
        between(Some(before), after)
            .into_iter()
            .map(|change| {
                let text = |value: Option<Value>| value.map_or("-".to_owned(), |v| v.to_string());
                format!(
                    "{} {} -> {}",
                    change.path,
                    text(change.before),
                    text(change.after)
                )
            })
            .collect()
    }

    fn web(image: &str, args: &[&str]) -> Value {
        json!({
            "kind": "Deployment", "apiVersion": "apps/v1",
            "metadata": { "name": "web", "resourceVersion": image, "generation": 2, "managedFields": [
                { "manager": "strata", "fieldsV1": { "f:spec": { "f:containers": {
                    "k:{\"name\":\"main\"}": { "f:image": {} } } } } }] },
            "spec": { "containers": [{ "name": "main", "image": image, "args": args }] },
            "status": { "seen": image },
        })
    }

    #[test]
    fn the_items_of_lists_are_told_by_their_keys_and_other_lists_whole() {
        assert_eq!(
            told(&web("a", &["x"]), &web("b", &["x", "y"])),
            [
                ".spec.containers[name=\"main\"].args [\"x\"] -> [\"x\",\"y\"]",
                ".spec.containers[name=\"main\"].image \"a\" -> \"b\"",
            ]
        );
        assert!(told(&web("a", &[]), &web("a", &[])).is_empty());
    }

    #[test]
    fn items_that_come_and_go_are_told_whole() {
        let mut after = web("a", &[]);
        after["spec"]["containers"] = json!([{ "name": "other", "image": "c" }]);
        assert_eq!(
            told(&web("a", &[]), &after),
            [
                ".spec.containers[name=\"other\"] - -> {\"image\":\"c\",\"name\":\"other\"}",
                ".spec.containers[name=\"main\"] {\"args\":[],\"image\":\"a\",\"name\":\"main\"} -> -",
            ]
        );
    }

    #[test]
    fn a_secret_tells_which_keys_change_and_never_their_values() {
        let secret = |value: &str| {
            json!({ "kind": "Secret", "apiVersion": "v1", "type": "Opaque",
                "metadata": { "annotations": { LAST_APPLIED: value } },
                "data": { "token": value } })
        };
        let changes = between(Some(&secret("b2xk")), &secret("bmV3"));
        assert_eq!(changes.len(), 2);
        for change in changes {
            assert!(change.is_secret, "{}", change.path);
            assert_eq!((change.before, change.after), (None, None));
        }
        let gone =
            json!({ "kind": "Secret", "apiVersion": "v1", "type": "Opaque", "metadata": {} });
        let changes = between(Some(&secret("b2xk")), &gone);
        assert!(changes.iter().all(|change| change.is_secret), "{changes:?}");
    }
}
