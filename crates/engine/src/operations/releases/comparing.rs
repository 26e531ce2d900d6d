//! What is different between two revisions of a release, object by object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use strata_api::{
    change::{ChangeAction, FieldDifference},
    error::ApiError,
    explanation::ObjectName,
    operations::{CompareRevisions, RevisionDifference},
    releases::ObjectDifference,
};
use strata_recipes::difference::differences;

use super::{
    Operations,
    kept::{numbered, of_release},
    name_of,
};
use crate::operations::{changes::context, recipes::written};

pub(in crate::operations) async fn compare_revisions(
    operations: &Operations,
    request: CompareRevisions,
) -> Result<RevisionDifference, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let release = (request.namespace.as_str(), request.name.as_str());
    let all = of_release(operations, &cluster, release).await?;
    let objects = |number| -> Result<BTreeMap<ObjectName, Value>, ApiError> {
        let objects = numbered(&all, release, number)?.objects().into_iter();
        Ok(objects.map(|object| (name_of(&object), object)).collect())
    };
    let (before, after) = (objects(request.from)?, objects(request.to)?);
    let names: BTreeSet<&ObjectName> = before.keys().chain(after.keys()).collect();
    let mut compared = Vec::new();
    for name in names {
        let (before, after) = (before.get(name), after.get(name));
        let (action, fields) = match (before, after) {
            (None, _) => (ChangeAction::Create, Vec::new()),
            (_, None) => (ChangeAction::Delete, Vec::new()),
            (Some(before), Some(after)) => (ChangeAction::Change, fields(before, after)),
        };
        if action == ChangeAction::Change && fields.is_empty() {
            continue;
        }
        let text = |object: Option<&Value>| match object {
            Some(object) => written(std::slice::from_ref(object)),
            None => Ok(String::new()),
        };
        compared.push(ObjectDifference {
            object: name.clone(),
            action,
            fields,
            before: text(before)?,
            after: text(after)?,
        });
    }
    Ok(RevisionDifference { objects: compared })
}

fn fields(before: &Value, after: &Value) -> Vec<FieldDifference> {
    let json = |value: Option<Value>| value.map(|value| value.to_string());
    differences(before, after)
        .into_iter()
        .map(|found| FieldDifference {
            path: found.path,
            before: json(found.before),
            after: json(found.after),
            is_secret: false,
        })
        .collect()
}
