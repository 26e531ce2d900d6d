//! Delete and deletecollection: their options, and how they answer.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::{
    ResponseBody, Server, Target,
    accept::{Form, Representation},
    failure::{Cause, Failure},
    json_response,
    query::Query,
    selector::Selector,
};
use crate::{
    json, kinds,
    store::{
        Stored,
        removal::{Propagation, Removal, Removed, Unremovable},
    },
    world::namespace_kind,
};

/// The namespaces that nobody deletes (the admission plugin `NamespaceLifecycle`).
const IMMORTAL: [&str; 3] = ["default", "kube-public", "kube-system"];

impl Server {
    /// Deletes one object: answers with it where it stays for now, else with its status, or for
    /// some kinds with its last form.
    pub(super) fn remove(
        &self,
        target: &Target<'_>,
        query: &Query,
        body: &Bytes,
    ) -> Result<Response<ResponseBody>, Failure> {
        let options = Options::read(query, body)?;
        let kind = target.kind();
        let removed = self.delete(target, &options)?;
        Ok(match removed {
            Removed::Waiting(stored) => {
                let status = if options.is_cascading {
                    StatusCode::ACCEPTED
                } else {
                    StatusCode::OK
                };
                json_response(status, target.bytes(&stored, Form::Object))
            }
            Removed::Gone(stored) if answers_with_the_object(&kind) => {
                json_response(StatusCode::OK, target.bytes(&stored, Form::Object))
            }
            Removed::Gone(stored) => {
                json_response(StatusCode::OK, success(target, &stored).to_string())
            }
        })
    }

    /// Deletes one object, if it may be.
    pub(super) fn delete(
        &self,
        target: &Target<'_>,
        options: &Options,
    ) -> Result<Removed, Failure> {
        let key = target.path.key();
        let kind = target.kind();
        if kind == namespace_kind() && IMMORTAL.contains(&key.name.as_str()) {
            let why = "this namespace may not be deleted";
            return Err(Failure::forbidden_because(target.path, &key.name, why));
        }
        self.store
            .remove(&kind, &key, &options.removal)
            .map_err(|refused| unremovable(target, &refused))
    }

    /// Deletes what the query selects of a collection, and answers with the list of it as it was.
    pub(super) fn remove_collection(
        &self,
        target: &Target<'_>,
        query: &Query,
        body: &Bytes,
        representation: Representation,
    ) -> Result<Response<ResponseBody>, Failure> {
        let is_everywhere = target.path.namespace.is_empty();
        if is_everywhere && target.resource.scope == kinds::Scope::Namespaced {
            return Err(Failure::method_not_allowed());
        }
        let options = Options::read(query, body)?;
        let kind = target.kind();
        let selector = Selector::read(query, target.selected(&kind))?;
        let answer = self.list(target, query, representation)?;
        let limit = match query.number("limit") {
            None | Some(0) => usize::MAX,
            Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
        };
        let selected = self.store.list(&kind, &target.path.namespace);
        for stored in selected
            .iter()
            .filter(|stored| selector.matches(stored))
            .take(limit)
        {
            match self.store.remove(&kind, &stored.key, &options.removal) {
                Ok(_) | Err(Unremovable::NotFound) => {}
                Err(refused) => return Err(unremovable(target, &refused)),
            }
        }
        Ok(answer)
    }
}

/// What a client says about a deletion: in the body, or where there is none in the query.
pub(super) struct Options {
    pub(super) removal: Removal,
    /// Whether the client asked in the old way (`orphanDependents: false`) that dependents go too.
    is_cascading: bool,
}

impl Options {
    fn read(query: &Query, body: &Bytes) -> Result<Self, Failure> {
        let options = if body.is_empty() {
            from_query(query)?
        } else {
            from_body(body)?
        };
        Self::check(&options)
    }

    /// The options that `options` holds, if they make sense.
    pub(super) fn check(options: &Value) -> Result<Self, Failure> {
        let policy = json::text(options, "/propagationPolicy");
        let orphan = options.get("orphanDependents").and_then(Value::as_bool);
        let mut causes = Vec::new();
        if !policy.is_empty() && orphan.is_some() {
            causes.push(Cause::invalid(
                "propagationPolicy",
                &format!("{policy:?}"),
                "orphanDependents and deletionPropagation cannot be both set",
            ));
        }
        let propagation = match (policy, orphan) {
            ("Foreground", _) => Some(Propagation::Foreground),
            ("Background", _) | ("", Some(false)) => Some(Propagation::Background),
            ("Orphan", _) | ("", Some(true)) => Some(Propagation::Orphan),
            ("", None) => None,
            _ => {
                causes.push(Cause::not_supported(
                    "propagationPolicy",
                    &format!("{policy:?}"),
                    &["Foreground", "Background", "Orphan", "nil"],
                ));
                None
            }
        };
        let dry_run = json::items(options, "/dryRun");
        if dry_run.iter().any(|value| value != "All") {
            causes.push(Cause::not_supported(
                "dryRun",
                &Value::from(dry_run).to_string(),
                &["All"],
            ));
        }
        if !causes.is_empty() {
            return Err(Failure::invalid_because(
                "meta.k8s.io",
                "DeleteOptions",
                "",
                &causes,
            ));
        }
        let precondition = |field: &str| {
            options
                .pointer(&format!("/preconditions/{field}"))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        Ok(Self {
            removal: Removal {
                grace_seconds: options.get("gracePeriodSeconds").and_then(Value::as_i64),
                propagation,
                uid: precondition("uid"),
                version: precondition("resourceVersion"),
                is_dry_run: !dry_run.is_empty(),
            },
            is_cascading: orphan == Some(false),
        })
    }
}

fn from_body(body: &Bytes) -> Result<Value, Failure> {
    let options: Value = serde_json::from_slice(body).map_err(|error| {
        Failure::bad_request(format!(
            "couldn't get version/kind; json parse error: {error}"
        ))
    })?;
    let kind = json::text(&options, "/kind");
    if kind.is_empty() || kind == "DeleteOptions" {
        return Ok(options);
    }
    Err(Failure::bad_request(format!(
        "no kind \"{kind}\" is registered for version \"{}\" in scheme \
         \"pkg/runtime/scheme.go:111\"",
        json::text(&options, "/apiVersion")
    )))
}

fn from_query(query: &Query) -> Result<Value, Failure> {
    let mut options = json!({});
    let fields = json::as_object(&mut options);
    if let Some(policy) = query.get("propagationPolicy") {
        fields.insert("propagationPolicy".to_owned(), policy.into());
    }
    if let Some(value) = query.get("dryRun") {
        fields.insert("dryRun".to_owned(), json!([value]));
    }
    if query.get("orphanDependents").is_some() {
        let orphan = query.flag("orphanDependents");
        fields.insert("orphanDependents".to_owned(), orphan.into());
    }
    if let Some(text) = query.get("gracePeriodSeconds") {
        let seconds: i64 = text.parse().map_err(|_| {
            Failure::bad_request(format!(
                "strconv.ParseInt: parsing \"{text}\": invalid syntax"
            ))
        })?;
        fields.insert("gracePeriodSeconds".to_owned(), seconds.into());
    }
    Ok(options)
}

fn unremovable(target: &Target<'_>, refused: &Unremovable) -> Failure {
    let why = match refused {
        Unremovable::NotFound => return Failure::not_found(target.path),
        Unremovable::OtherUid { asked, found } => format!(
            "the UID in the precondition ({asked}) does not match the UID in record ({found}). \
             The object might have been deleted and then recreated"
        ),
        Unremovable::OtherVersion { asked, found } => format!(
            "the ResourceVersion in the precondition ({asked}) does not match the \
             ResourceVersion in record ({found}). The object might have been modified"
        ),
    };
    // The registry names the kind here, not the resource.
    let name = target.path.name.as_deref().unwrap_or_default();
    let kind = &target.resource.response_kind.kind;
    Failure::conflict_because(&target.path.group, kind, name, &why)
}

/// The kinds whose registry answers with the object that it deleted (`ReturnDeletedObject`).
fn answers_with_the_object(kind: &GroupKind) -> bool {
    const CORE: [&str; 8] = [
        "Namespace",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Pod",
        "PodTemplate",
        "ResourceQuota",
        "Service",
        "ServiceAccount",
    ];
    const STORAGE: [&str; 5] = [
        "CSIDriver",
        "CSINode",
        "StorageClass",
        "VolumeAttachment",
        "VolumeAttributesClass",
    ];
    match kind.group.as_str() {
        "" => CORE.contains(&kind.kind.as_str()),
        "storage.k8s.io" => STORAGE.contains(&kind.kind.as_str()),
        "resource.k8s.io" => true,
        _ => false,
    }
}

fn success(target: &Target<'_>, stored: &Stored) -> Value {
    let mut details = json!({ "name": stored.key.name.as_str(), "kind": target.path.plural,
        "uid": stored.uid.as_str() });
    if !target.path.group.is_empty() {
        json::as_object(&mut details).insert("group".to_owned(), target.path.group.as_str().into());
    }
    json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": details })
}
