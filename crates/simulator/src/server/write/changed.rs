//! What a write may change of an object that is there: the rules of the registry and of the
//! strategies of the kinds.

use serde_json::Value;

use super::pod_parts::{self, PARTS};
use crate::{
    fields::{self, FieldSet},
    json,
    server::{
        Target,
        failure::{Cause, Failure},
    },
    store::Stored,
};

/// Kinds that an update creates where they are not there.
const CREATED_BY_UPDATE: [&str; 11] = [
    "Lease",
    "LeaseCandidate",
    "Endpoints",
    "Event",
    "LimitRange",
    "Service",
    "RuntimeClass",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
];

/// Built-in kinds that are updated by those alone who know the latest version.
const VERSION_REQUIRED: [&str; 18] = [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "CustomResourceDefinition",
    "APIService",
    "StorageVersion",
    "Lease",
    "LeaseCandidate",
    "RuntimeClass",
    "PodDisruptionBudget",
    "CSIDriver",
    "CSINode",
    "CSIStorageCapacity",
    "VolumeAttachment",
    "StorageVersionMigration",
];

/// Whether an update of what is not there creates it.
pub(super) fn may_create_by_update(target: &Target<'_>) -> bool {
    let kind = target.resource.response_kind.kind.as_str();
    !target.is_custom() && target.path.subresource.is_none() && CREATED_BY_UPDATE.contains(&kind)
}

/// The fields that the path of `target` does not write.
pub(super) fn not_written(target: &Target<'_>) -> FieldSet {
    match target.path.subresource.as_deref() {
        Some("status") if target.is_custom() => FieldSet::of(&[&["spec"], &["metadata"]]),
        Some("status") if is_deployment(target) => {
            FieldSet::of(&[&["spec"], &["metadata", "labels"]])
        }
        Some("status") => FieldSet::of(&[
            &["spec"],
            &["metadata", "deletionTimestamp"],
            &["metadata", "ownerReferences"],
        ]),
        Some(part) if PARTS.contains(&part) => FieldSet::of(&[&["status"], &["metadata"]]),
        None if target.has_status_path() => FieldSet::of(&[&["status"]]),
        _ => FieldSet::default(),
    }
}

fn is_deployment(target: &Target<'_>) -> bool {
    target.path.group == "apps" && target.path.plural == "deployments"
}

/// Refuses an object of another name than the path's.
pub(super) fn check_name(target: &Target<'_>, object: &Value) -> Result<(), Failure> {
    let expected = target.path.name.as_deref().unwrap_or_default();
    let name = json::text(object, "/metadata/name");
    if name == expected {
        Ok(())
    } else if name.is_empty() {
        Err(Failure::bad_request(format!(
            "the name of the object ({expected} based on URL) was undeterminable: name must be \
             provided"
        )))
    } else {
        Err(Failure::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({expected})"
        )))
    }
}

/// Puts `object` where the path is; refuses it where it says another namespace.
pub(super) fn put_in_namespace(target: &Target<'_>, object: &mut Value) -> Result<(), Failure> {
    let expected = target.path.namespace.as_str();
    let metadata = json::object_at(object, "metadata");
    let said = metadata
        .get("namespace")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if expected.is_empty() {
        metadata.remove("namespace");
    } else if said.is_empty() {
        metadata.insert("namespace".to_owned(), expected.into());
    } else if said != expected {
        return Err(Failure::bad_request(
            "the namespace of the provided object does not match the namespace sent on the \
             request",
        ));
    }
    Ok(())
}

/// Refuses an update that names another object than the one that is there, or no version where
/// the kind asks for one.
pub(super) fn check_preconditions(
    target: &Target<'_>,
    current: &Stored,
    object: &Value,
) -> Result<(), Failure> {
    let path = target.path;
    let uid = json::text(object, "/metadata/uid");
    if !uid.is_empty() && uid != current.uid.as_str() {
        let why = format!(
            "StorageError: invalid object, Code: 4, Key: {}, ResourceVersion: 0, \
             AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object \
             meta: {}",
            storage_key(target, current),
            current.uid
        );
        let name = current.key.name.as_str();
        return Err(Failure::conflict_because(
            &path.group,
            &path.plural,
            name,
            &why,
        ));
    }
    let kind = target.resource.response_kind.kind.as_str();
    let requires_version = target.is_custom() || VERSION_REQUIRED.contains(&kind);
    let version = json::text(object, "/metadata/resourceVersion");
    if requires_version && version.is_empty() {
        let cause = Cause::invalid(
            "metadata.resourceVersion",
            "0",
            "must be specified for an update",
        );
        let name = current.key.name.as_str();
        return Err(Failure::invalid_because(
            &path.group,
            &path.plural,
            name,
            &[cause],
        ));
    }
    Ok(())
}

/// Where the real server keeps the object.
fn storage_key(target: &Target<'_>, current: &Stored) -> String {
    let path = target.path;
    let plural = match (path.group.as_str(), path.plural.as_str()) {
        ("", "nodes") => "minions".to_owned(),
        ("", "services") => "services/specs".to_owned(),
        ("", "endpoints") => "services/endpoints".to_owned(),
        (group, plural) if target.is_custom() => format!("{group}/{plural}"),
        (_, plural) => plural.to_owned(),
    };
    let mut key = format!("/registry/{plural}");
    if !current.key.namespace.is_empty() {
        key = format!("{key}/{}", current.key.namespace);
    }
    format!("{key}/{}", current.key.name)
}

/// A proposal to change an object that is there.
pub(super) struct Change<'a> {
    pub(super) target: &'a Target<'a>,
    /// The object as it is, with kind and version.
    pub(super) current: &'a Value,
}

impl Change<'_> {
    /// What of `proposed` is kept: without its status, or that alone.
    pub(super) fn kept(&self, proposed: Value) -> Result<Value, Failure> {
        self.check_identity(&proposed)?;
        let mut object = match self.target.path.subresource.as_deref() {
            Some(part) if PARTS.contains(&part) => pod_parts::written(part, self.current, proposed),
            Some(_) => self.with_status_of(proposed),
            None => self.with_own_status(proposed),
        };
        let metadata = json::object_at(&mut object, "metadata");
        for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
            match self.current.pointer(&format!("/metadata/{field}")) {
                Some(value) => metadata.insert(field.to_owned(), value.clone()),
                None => metadata.remove(field),
            };
        }
        // A write that changes nothing but the times in the record of owners is none.
        if fields::differ_in_times_alone(&object, self.current) {
            let entries = self.current.pointer("/metadata/managedFields").cloned();
            if let Some(entries) = entries {
                json::object_at(&mut object, "metadata")
                    .insert("managedFields".to_owned(), entries);
            }
        }
        Ok(object)
    }

    /// A patch may not give the object another UID. Both the registry and the strategies check it,
    /// so the cause stands there twice.
    fn check_identity(&self, proposed: &Value) -> Result<(), Failure> {
        let uid = json::text(proposed, "/metadata/uid");
        if uid.is_empty() || uid == json::text(self.current, "/metadata/uid") {
            return Ok(());
        }
        let cause = Cause::invalid("metadata.uid", &format!("{uid:?}"), "field is immutable");
        let name = json::text(self.current, "/metadata/name");
        let kind = &self.target.resource.response_kind.kind;
        let causes = [cause.clone(), cause];
        Err(Failure::invalid_because(
            &self.target.path.group,
            kind,
            name,
            &causes,
        ))
    }

    fn with_own_status(&self, mut proposed: Value) -> Value {
        if self.target.has_status_path() {
            let fields = json::as_object(&mut proposed);
            match self.current.get("status") {
                Some(status) => fields.insert("status".to_owned(), status.clone()),
                None => fields.remove("status"),
            };
        }
        proposed
    }

    /// The object as it is with the status of `proposed`, and as much of its metadata as the kind
    /// lets a writer of the status write.
    fn with_status_of(&self, mut proposed: Value) -> Value {
        let mut object = self.current.clone();
        let fields = json::as_object(&mut object);
        match proposed.get_mut("status").map(Value::take) {
            Some(status) => fields.insert("status".to_owned(), status),
            None => fields.remove("status"),
        };
        let mut metadata = proposed
            .get_mut("metadata")
            .map(Value::take)
            .unwrap_or_default();
        let own = json::object_at(&mut object, "metadata");
        let said = json::as_object(&mut metadata);
        let written: &[&str] = if self.target.is_custom() {
            &["managedFields", "resourceVersion"]
        } else if is_deployment(self.target) {
            &[
                "managedFields",
                "resourceVersion",
                "annotations",
                "finalizers",
            ]
        } else {
            &[
                "managedFields",
                "resourceVersion",
                "annotations",
                "finalizers",
                "labels",
            ]
        };
        for field in written {
            match said.remove(*field) {
                Some(value) => own.insert((*field).to_owned(), value),
                None => own.remove(*field),
            };
        }
        object
    }
}
