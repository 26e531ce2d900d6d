//! Objects and fields, in the form in which they are shown.

use serde_json::Value;
use strata_api::{
    change::{Choice, FieldConflict, FieldDifference},
    explanation::ObjectName,
};
use strata_ports::{
    control::{Conflict, FieldChange},
    objects::ObjectAddress,
};

use crate::why::read::{self, kind_called};

/// What the server keeps for itself in an object's metadata.
const KEPT_BY_THE_SERVER: [&str; 6] = [
    "creationTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The object as people call it.
pub(crate) fn named(object: &ObjectAddress) -> ObjectName {
    ObjectName {
        kind: kind_called(&object.kind),
        namespace: object.key.namespace.to_string(),
        name: object.key.name.to_string(),
    }
}

/// An object as one would write it: without its status, what the server keeps for itself, and what a
/// Secret holds.
pub(crate) fn essence(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
        if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
            metadata.retain(|name, _| !KEPT_BY_THE_SERVER.contains(&name.as_str()));
        }
    }
    if read::is_a(&object, "", "Secret") {
        for part in ["data", "stringData"] {
            if let Some(Value::Object(values)) = object.get_mut(part) {
                values.values_mut().for_each(|value| *value = Value::Null);
            }
        }
    }
    object
}

/// The same as YAML; empty for none.
pub(super) fn yaml(object: Option<&Value>) -> String {
    object
        .and_then(|object| serde_saphyr::to_string(&essence(object)).ok())
        .unwrap_or_default()
}

/// A field that becomes another.
pub(super) fn difference(change: &FieldChange) -> FieldDifference {
    FieldDifference {
        path: change.path.to_string(),
        before: change.before.as_ref().map(Value::to_string),
        after: change.after.as_ref().map(Value::to_string),
        is_secret: change.is_secret,
    }
}

/// A field that another owns.
pub(super) fn conflict(conflict: &Conflict) -> FieldConflict {
    FieldConflict {
        path: conflict.path.clone(),
        manager: conflict.manager.clone(),
        message: conflict.message.clone(),
        theirs: conflict.theirs.as_ref().map(Value::to_string),
        ours: conflict.ours.as_ref().map(Value::to_string),
        is_secret: conflict.is_secret,
        choice: conflict
            .taken
            .map(|taken| if taken { Choice::Take } else { Choice::Keep }),
    }
}

/// A kind's version as objects write it.
pub(super) fn api_version(object: &ObjectAddress, version: &str) -> String {
    let group = &object.kind.group;
    if group.is_empty() {
        version.to_owned()
    } else if version.is_empty() {
        group.to_string()
    } else {
        format!("{group}/{version}")
    }
}
