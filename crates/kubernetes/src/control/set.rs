//! Giving a few fields of an object other values.
//!
//! The fields are set in the object as it is now, and what differs is sent as a merge patch (RFC 7386)
//! that names the version it was made from: where another change comes between, it is made anew. A
//! merge patch is understood for every kind, built-in or custom.

use http::Method;
use serde_json::{Map, Value};
use strata_domain::field_path::FieldPath;
use strata_ports::control::Written;

use super::{
    ATTEMPTS, Target, query,
    refused::Refused,
    send::{Answer, Request},
    told,
};
use crate::watch::ask::Failure;

const FORM: &str = "application/merge-patch+json";

/// Gives `fields` of the object their values.
pub(super) async fn set(
    target: &Target<'_>,
    fields: &[(FieldPath, Option<Value>)],
) -> Result<Written, Refused> {
    let mut attempt = 1;
    loop {
        match once(target, fields).await {
            Err(refused) if refused.is_overtaken() && attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome,
        }
    }
}

async fn once(
    target: &Target<'_>,
    fields: &[(FieldPath, Option<Value>)],
) -> Result<Written, Refused> {
    let before = target.read_existing().await?;
    let mut wanted = before.clone();
    for (path, value) in fields {
        match value {
            Some(value) if path.set(&mut wanted, value.clone()) => {}
            Some(_) => {
                let message = format!("{} has no place for {path}", target.object);
                return Err(Failure::Refused(message).into());
            }
            None => {
                path.remove(&mut wanted);
            }
        }
    }
    let mut patch = merge_patch(&before, &wanted);
    if patch.is_empty() {
        let answer = Answer {
            body: before.clone(),
            warnings: Vec::new(),
        };
        return Ok(told(Some(before), answer));
    }
    let version = before.pointer("/metadata/resourceVersion").cloned();
    let metadata = patch
        .entry("metadata")
        .or_insert_with(|| Value::Object(Map::new()));
    if let (Some(metadata), Some(version)) = (metadata.as_object_mut(), version) {
        metadata.insert("resourceVersion".to_owned(), version);
    }
    let path = format!("{}{}", target.path(""), query(target.is_dry_run));
    let patch = Value::Object(patch);
    let request = Request::of(Method::PATCH, &path).with_form(FORM, &patch);
    let answer = target.send(request).await?;
    Ok(told(Some(before), answer))
}

/// What makes `after` of `before`: fields that differ, and null for those that are gone.
fn merge_patch(before: &Value, after: &Value) -> Map<String, Value> {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else {
        return Map::new();
    };
    let mut patch = Map::new();
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    for (name, value) in after {
        match before.get(name) {
            Some(was) if was == value => {}
            Some(was @ Value::Object(_)) if value.is_object() => {
                patch.insert(name.clone(), Value::Object(merge_patch(was, value)));
            }
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    patch
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_names_what_differs_and_nulls_what_is_gone() {
        let before = json!({ "a": 1, "b": { "c": 1, "d": 2 }, "e": [1], "f": 0 });
        let after = json!({ "a": 1, "b": { "c": 3 }, "e": [1, 2], "g": {} });
        assert_eq!(
            Value::Object(merge_patch(&before, &after)),
            json!({ "b": { "c": 3, "d": null }, "e": [1, 2], "f": null, "g": {} })
        );
    }
}
