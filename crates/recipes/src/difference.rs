//! What is different between two trees, field by field.

use serde_json::Value;

/// A field that is different: its path, and its value before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field, as the API server names it: `.spec.containers[name="main"].image`.
    pub path: String,
    /// Its value before; none where it was not there.
    pub before: Option<Value>,
    /// Its value after; none where it is not there.
    pub after: Option<Value>,
}

/// The fields of `before` that are others in `after`.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let path = if key.contains(['.', '/']) {
                    format!("{path}.{key:?}")
                } else {
                    format!("{path}.{key}")
                };
                compare(&path, one.get(key), other.get(key), found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other)))
            if is_named(one) && is_named(other) =>
        {
            let mut names: Vec<&str> = one.iter().chain(other).filter_map(name).collect();
            names.sort_unstable();
            names.dedup();
            let find = |items: &'_ [Value], wanted: &str| {
                items
                    .iter()
                    .find(|item| name(item) == Some(wanted))
                    .cloned()
            };
            for wanted in names {
                let path = format!("{path}[name={wanted:?}]");
                let (before, after) = (find(one, wanted), find(other, wanted));
                compare(&path, before.as_ref(), after.as_ref(), found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) if one.len() == other.len() => {
            for (at, (before, after)) in one.iter().zip(other).enumerate() {
                compare(&format!("{path}[{at}]"), Some(before), Some(after), found);
            }
        }
        _ => found.push(Difference {
            path: path.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

fn name(item: &Value) -> Option<&str> {
    item.get("name")?.as_str()
}

/// Whether every entry has a name of its own.
fn is_named(items: &[Value]) -> bool {
    let mut names: Vec<&str> = items.iter().filter_map(name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    count == items.len() && names.len() == count
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_named_as_the_api_server_names_them() {
        let before = json!({ "spec": { "replicas": 1, "containers": [
            { "name": "a", "image": "x:1", "args": ["--b"] }, { "name": "side" },
        ] }, "labels": { "a.b/c": "d" } });
        let after = json!({ "spec": { "replicas": 2, "containers": [
            { "name": "a", "image": "x:2", "args": ["--b", "--c"] },
        ] }, "labels": {} });
        let found = differences(&before, &after);
        let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                ".labels.\"a.b/c\"",
                ".spec.containers[name=\"a\"].args",
                ".spec.containers[name=\"a\"].image",
                ".spec.containers[name=\"side\"]",
                ".spec.replicas",
            ]
        );
        assert_eq!(found[4].before, Some(json!(1)));
        assert_eq!(found[3].after, None);
        assert_eq!(differences(&before, &before), []);
    }
}
