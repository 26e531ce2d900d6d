//! Requests that write an object: create, update, patch.
//!
//! Each goes the way of the real server: the body is read, a patch is applied to what is there, who
//! owns which fields is written down, and what comes of it is stored, unless it is a dry run.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;

use self::{changed::Change, names::late_finalizers, options::Way, patch::Patch, request::Write};
use super::{
    ResponseBody, Server, Target, accept::Form, failure::Failure, json_response, query::Query,
};
use crate::{
    admission::Written,
    json,
    store::{Refused, Stored, removal},
};

mod changed;
mod decode;
pub(super) mod json_patch;
mod names;
mod options;
mod patch;
mod pod_parts;
mod request;
mod strategic;

pub(super) use self::pod_parts::PARTS;

/// What the server itself writes into a new object, and takes from nobody.
const SERVER_OWNED: [&str; 6] = [
    "uid",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
];

/// How often a name is made up before the server gives in.
const NAME_ATTEMPTS: usize = 8;

/// How often a patch is applied anew because others write the object at the same time.
const PATCH_ATTEMPTS: usize = 5;

/// An object as it is stored now, and what its writer should know of it.
struct Outcome {
    stored: Arc<Stored>,
    warnings: Vec<String>,
}

impl Server {
    pub(super) fn create(
        &self,
        target: &Target<'_>,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let is_yaml = decode::is_yaml(request)?;
        let body = decode::within_limit(request.body())?;
        let mut write = self.write_of(target, query, request, Way::Create)?;
        let Written { object, duplicates } = decode::object(target, self.kinds(), body, is_yaml)?;
        write.duplicates = duplicates;
        let outcome = self.add(&write, object)?;
        Ok(answer(target, StatusCode::CREATED, &outcome))
    }

    pub(super) fn replace(
        &self,
        target: &Target<'_>,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let is_yaml = decode::is_yaml(request)?;
        let body = decode::within_limit(request.body())?;
        let mut write = self.write_of(target, query, request, Way::Update)?;
        let Written { object, duplicates } = decode::object(target, self.kinds(), body, is_yaml)?;
        write.duplicates = duplicates;
        changed::check_name(target, &object)?;
        let Some(current) = self.store.get(&target.kind(), &target.path.key()) else {
            if changed::may_create_by_update(target) {
                let outcome = self.add(&write, object)?;
                return Ok(answer(target, StatusCode::CREATED, &outcome));
            }
            return Err(Failure::not_found(target.path));
        };
        changed::check_preconditions(target, &current, &object)?;
        let outcome = self.put(&write, &current, object, Way::Update)?;
        Ok(answer(target, StatusCode::OK, &outcome))
    }

    pub(super) fn patch(
        &self,
        target: &Target<'_>,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let patch = Patch::of(target, request)?;
        let way = patch.way();
        let mut write = self.write_of(target, query, request, way)?;
        let mut attempts = PATCH_ATTEMPTS;
        loop {
            attempts -= 1;
            let Some(current) = self.store.get(&target.kind(), &target.path.key()) else {
                if way != Way::Apply || target.path.subresource.is_some() {
                    return Err(Failure::not_found(target.path));
                }
                let outcome = self.add_by_apply(&write, &patch)?;
                return Ok(answer(target, StatusCode::CREATED, &outcome));
            };
            let live = target.whole(&current);
            let object = patch.applied(&write, Some(&live))?;
            write.patched = patch.told_with(&object);
            changed::check_name(target, &object)?;
            let names_version = json::text(&object, "/metadata/resourceVersion")
                != json::text(&live, "/metadata/resourceVersion");
            match self.put(&write, &current, object, way) {
                Err(failure) if failure.is_conflict() && !names_version && attempts > 0 => {}
                outcome => return outcome.map(|it| answer(target, StatusCode::OK, &it)),
            }
        }
    }

    /// Creates what an apply describes.
    fn add_by_apply(&self, write: &Write<'_>, patch: &Patch<'_>) -> Result<Outcome, Failure> {
        let target = write.target;
        self.authorize("create", target.path)?;
        let mut object = patch.applied(write, None)?;
        let warnings = write.decode(&mut object)?;
        let uid = json::text(&object, "/metadata/uid");
        if !uid.is_empty() {
            return Err(Failure::conflict_because(
                &target.path.group,
                &target.path.plural,
                target.path.name.as_deref().unwrap_or_default(),
                &format!(
                    "uid mismatch: the provided object specified uid {uid}, and no existing object \
                     was found"
                ),
            ));
        }
        changed::check_name(target, &object)?;
        self.add_owned(write, object, warnings)
    }

    /// Creates `object`, and writes down that its writer owns it.
    fn add(&self, write: &Write<'_>, mut object: Value) -> Result<Outcome, Failure> {
        if !json::text(&object, "/metadata/resourceVersion").is_empty() {
            return Err(Failure::unforeseen(
                "resourceVersion should not be set on objects to be created",
            ));
        }
        let warnings = write.decode(&mut object)?;
        write.own(None, &mut object);
        self.add_owned(write, object, warnings)
    }

    fn add_owned(
        &self,
        write: &Write<'_>,
        mut object: Value,
        mut warnings: Vec<String>,
    ) -> Result<Outcome, Failure> {
        let target = write.target;
        changed::put_in_namespace(target, &mut object)?;
        self.check_namespace(target, &object)?;
        if target.has_status_path() {
            json::as_object(&mut object).remove("status");
        }
        let metadata = json::object_at(&mut object, "metadata");
        for field in SERVER_OWNED {
            metadata.remove(field);
        }
        metadata.remove("resourceVersion");
        let is_made_up = json::text(&object, "/metadata/name").is_empty();
        let mut attempts = if is_made_up { NAME_ATTEMPTS } else { 1 };
        if is_made_up {
            self.make_up_name(target, &mut object)?;
        }
        warnings.extend(write.subject.admit(None, &mut object)?);
        loop {
            attempts -= 1;
            let kind = target.kind();
            let outcome = if write.options.is_dry_run {
                self.store.create_dry(&kind, object.clone())
            } else {
                self.store.create(&kind, object.clone())
            };
            match outcome {
                Ok(stored) => return Ok(Outcome { stored, warnings }),
                Err(_) if attempts > 0 => self.make_up_name(target, &mut object)?,
                Err(_) => {
                    let name = json::text(&object, "/metadata/name");
                    return Err(if is_made_up {
                        Failure::no_unique_name(target.path, name)
                    } else {
                        Failure::already_exists(target.path, name)
                    });
                }
            }
        }
    }

    /// Writes `proposed` in place of `current`.
    fn put(
        &self,
        write: &Write<'_>,
        current: &Stored,
        mut proposed: Value,
        way: Way,
    ) -> Result<Outcome, Failure> {
        let target = write.target;
        let live = target.whole(current);
        let mut warnings = write.decode(&mut proposed)?;
        if way != Way::Apply {
            write.own(Some(&live), &mut proposed);
        }
        changed::put_in_namespace(target, &mut proposed)?;
        let change = Change {
            target,
            current: &live,
        };
        let mut object = change.kept(proposed)?;
        let late = removal::finalizers_added_too_late(&live, &object);
        if !late.is_empty() {
            return Err(late_finalizers(target, &current.key.name, &late));
        }
        warnings.extend(write.subject.admit(Some(&live), &mut object)?);
        let kind = target.kind();
        let outcome = if write.options.is_dry_run {
            self.store.replace_dry(&kind, object)
        } else {
            self.store.replace(&kind, object)
        };
        let stored = outcome.map_err(|refused| match refused {
            Refused::NotFound => Failure::not_found(target.path),
            Refused::Conflict | Refused::AlreadyExists => Failure::conflict(target.path),
        })?;
        Ok(Outcome { stored, warnings })
    }

    pub(super) fn current(&self, target: &Target<'_>) -> Result<Arc<Stored>, Failure> {
        self.store
            .get(&target.kind(), &target.path.key())
            .ok_or_else(|| Failure::not_found(target.path))
    }

    /// Writes into `object`, a part of which is written by a path of its own, who owns what.
    pub(super) fn own_part(
        &self,
        target: &Target<'_>,
        query: &Query,
        request: &Request<Bytes>,
        live: &Value,
        object: &mut Value,
    ) -> Result<(), Failure> {
        let write = self.write_of(target, query, request, Way::Update)?;
        write.own(Some(live), object);
        Ok(())
    }

    /// Whether a kind of a group and version is known.
    fn kinds(&self) -> impl Fn(&str, &str, &str) -> bool {
        |group, version, kind| self.schemas.of(group, version, kind).is_some()
    }
}

impl Target<'_> {
    /// The object with its kind and version, as patches see it.
    fn whole(&self, stored: &Stored) -> Value {
        let mut object = stored.value();
        let fields = json::as_object(&mut object);
        let kind = self.resource.response_kind.kind.as_str();
        fields.insert("kind".to_owned(), kind.into());
        fields.insert("apiVersion".to_owned(), self.api_version().into());
        object
    }

    /// Whether the status has a path of its own.
    fn has_status_path(&self) -> bool {
        let mut subresources = self.resource.subresources.iter();
        subresources.any(|known| known.name == "status")
    }
}

fn answer(target: &Target<'_>, status: StatusCode, outcome: &Outcome) -> Response<ResponseBody> {
    let mut response = json_response(status, target.bytes(&outcome.stored, Form::Object));
    for warning in &outcome.warnings {
        // The agent of a warning is unnamed, as the real server's is (RFC 7234, 5.5).
        let text = format!("299 - {warning:?}");
        if let Ok(value) = header::HeaderValue::from_str(&text) {
            response.headers_mut().append(header::WARNING, value);
        }
    }
    response
}
