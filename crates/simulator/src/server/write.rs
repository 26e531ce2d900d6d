//! Create, update, patch, in their simplest right form.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{
    ResponseBody, Server, Target,
    accept::Form,
    failure::{Cause, Failure},
    json_response,
    query::Query,
};
use crate::{
    json, kinds,
    store::{Refused, Stored, removal},
};

/// What the server itself writes, and takes from nobody.
const SERVER_OWNED: [&str; 6] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

impl Server {
    pub(super) fn create(
        &self,
        target: &Target<'_>,
        query: &Query,
        body: &Bytes,
    ) -> Result<Response<ResponseBody>, Failure> {
        refuse_dry_run(query)?;
        let mut object = parse(body)?;
        check_kind(target, &object)?;
        let namespace = target.path.namespace.as_str();
        if target.resource.scope == kinds::Scope::Namespaced {
            let key = ObjectKey::new("", namespace);
            let place = self.store.get(&GroupKind::new("", "Namespace"), &key);
            let place = place.ok_or_else(|| Failure::no_such_namespace(namespace))?;
            if place.is_ending {
                let name = json::text(&object, "/metadata/name");
                return Err(Failure::namespace_is_terminating(target.path, name));
            }
        }
        let metadata = json::object_at(&mut object, "metadata");
        for field in SERVER_OWNED {
            metadata.remove(field);
        }
        if !namespace.is_empty() {
            metadata.insert("namespace".to_owned(), namespace.into());
        }
        let name = self.name_of(target, &mut object)?;
        let stored =
            self.store
                .create(&target.kind(), object)
                .map_err(|refused| match refused {
                    Refused::AlreadyExists => Failure::already_exists(target.path, &name),
                    Refused::NotFound | Refused::Conflict => Failure::conflict(target.path),
                })?;
        Ok(json_response(
            StatusCode::CREATED,
            target.bytes(&stored, Form::Object),
        ))
    }

    pub(super) fn replace(
        &self,
        target: &Target<'_>,
        query: &Query,
        body: &Bytes,
    ) -> Result<Response<ResponseBody>, Failure> {
        refuse_dry_run(query)?;
        let object = parse(body)?;
        check_kind(target, &object)?;
        self.put(target, object)
    }

    pub(super) fn patch(
        &self,
        target: &Target<'_>,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        refuse_dry_run(query)?;
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if content_type.split(';').next() != Some("application/merge-patch+json") {
            return Err(Failure::unsupported_media_type());
        }
        let patch = parse(request.body())?;
        let mut object = self.current(target)?.value();
        // Only a version that the patch itself names has to be the latest.
        json::object_at(&mut object, "metadata").remove("resourceVersion");
        json::merge(&mut object, &patch);
        self.put(target, object)
    }

    /// Writes `object` in place of what is there: without its status, or that alone.
    fn put(
        &self,
        target: &Target<'_>,
        mut object: Value,
    ) -> Result<Response<ResponseBody>, Failure> {
        let current = self.current(target)?;
        let mut result = current.value();
        let has_status_path = target
            .resource
            .subresources
            .iter()
            .any(|known| known.name == "status");
        let name = json::text(&object, "/metadata/name");
        if !name.is_empty() && name != current.key.name.as_str() {
            return Err(Failure::bad_request(format!(
                "the name of the object ({name}) does not match the name on the URL ({})",
                current.key.name
            )));
        }
        let version = object.pointer("/metadata/resourceVersion").cloned();
        if target.path.subresource.is_some() {
            let status = object.get("status").cloned().unwrap_or_default();
            json::as_object(&mut result).insert("status".to_owned(), status);
            let metadata = json::object_at(&mut result, "metadata");
            match version {
                Some(version) => metadata.insert("resourceVersion".to_owned(), version),
                None => metadata.remove("resourceVersion"),
            };
        } else {
            if has_status_path {
                let fields = json::as_object(&mut object);
                match result.get("status") {
                    Some(status) => fields.insert("status".to_owned(), status.clone()),
                    None => fields.remove("status"),
                };
            }
            let metadata = json::object_at(&mut object, "metadata");
            metadata.insert("name".to_owned(), current.key.name.as_str().into());
            if !current.key.namespace.is_empty() {
                metadata.insert(
                    "namespace".to_owned(),
                    current.key.namespace.as_str().into(),
                );
            }
            for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
                match result.pointer(&format!("/metadata/{field}")) {
                    Some(value) => metadata.insert(field.to_owned(), value.clone()),
                    None => metadata.remove(field),
                };
            }
            result = object;
        }
        let late = removal::finalizers_added_too_late(&current.value(), &result);
        if !late.is_empty() {
            return Err(late_finalizers(target, &current.key.name, &late));
        }
        let stored =
            self.store
                .replace(&target.kind(), result)
                .map_err(|refused| match refused {
                    Refused::NotFound => Failure::not_found(target.path),
                    Refused::Conflict | Refused::AlreadyExists => Failure::conflict(target.path),
                })?;
        Ok(json_response(
            StatusCode::OK,
            target.bytes(&stored, Form::Object),
        ))
    }

    pub(super) fn current(&self, target: &Target<'_>) -> Result<std::sync::Arc<Stored>, Failure> {
        self.store
            .get(&target.kind(), &target.path.key())
            .ok_or_else(|| Failure::not_found(target.path))
    }

    /// The name of a new object, made from `generateName` where it has none.
    fn name_of(&self, target: &Target<'_>, object: &mut Value) -> Result<String, Failure> {
        let name = json::text(object, "/metadata/name").to_owned();
        if !name.is_empty() {
            return Ok(name);
        }
        let prefix = json::text(object, "/metadata/generateName").to_owned();
        if prefix.is_empty() {
            return Err(Failure::invalid(
                &target.resource.response_kind.kind,
                &target.path.group,
                "",
                "metadata.name",
                "Required value: name or generateName is required",
            ));
        }
        let name = format!("{prefix}{}", self.store.suffix());
        json::object_at(object, "metadata").insert("name".to_owned(), name.as_str().into());
        Ok(name)
    }
}

fn parse(body: &Bytes) -> Result<Value, Failure> {
    let object: Value = serde_json::from_slice(body).map_err(|error| {
        Failure::bad_request(format!("the body of the request is not JSON: {error}"))
    })?;
    if object.is_object() {
        Ok(object)
    } else {
        Err(Failure::bad_request(
            "the body of the request is not a JSON object",
        ))
    }
}

/// Both the registry and the strategies check finalizers, so the cause stands there twice.
fn late_finalizers(target: &Target<'_>, name: &str, late: &[String]) -> Failure {
    let late: Vec<String> = late.iter().map(|one| format!("{one:?}")).collect();
    let cause = Cause::forbidden(
        "metadata.finalizers",
        &format!(
            "no new finalizers can be added if the object is being deleted, found new finalizers \
             []string{{{}}}",
            late.join(", ")
        ),
    );
    let kind = &target.resource.response_kind.kind;
    Failure::invalid_because(&target.path.group, kind, name, &[cause.clone(), cause])
}

/// A dry run that wrote would be worse than none.
fn refuse_dry_run(query: &Query) -> Result<(), Failure> {
    match query.get("dryRun") {
        Some(_) => Err(Failure::not_implemented("dryRun")),
        None => Ok(()),
    }
}

fn check_kind(target: &Target<'_>, object: &Value) -> Result<(), Failure> {
    let expected = &target.resource.response_kind.kind;
    let kind = json::text(object, "/kind");
    let api_version = json::text(object, "/apiVersion");
    if (!kind.is_empty() && kind != expected)
        || (!api_version.is_empty() && api_version != target.api_version())
    {
        return Err(Failure::bad_request(format!(
            "the object provided is unrecognized (must be of type {expected}): {api_version}, \
             Kind={kind}"
        )));
    }
    let namespace = json::text(object, "/metadata/namespace");
    if !namespace.is_empty() && namespace != target.path.namespace {
        return Err(Failure::bad_request(
            "the namespace of the provided object does not match the namespace sent on the \
             request",
        ));
    }
    Ok(())
}
