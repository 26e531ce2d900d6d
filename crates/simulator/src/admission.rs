//! What happens to an object between a request and the store: it is read as its kind
//! ([`Subject::decode`]), filled in and judged ([`Subject::admit`]).
//!
//! Only what clients write passes here. What the actors and a scenario write goes to the store
//! directly: they are the cluster's own, and a hundred thousand pods must not wait for it.

use jiff::Timestamp;
use serde_json::{Value, json};

use self::causes::Causes;
use crate::{
    clock, json,
    kinds::{Resource, Scope},
    schema::Schema,
    server::{failure::Failure, path::ResourcePath},
    store::Store,
};

mod addresses;
mod causes;
mod custom;
mod decode;
mod defaults;
mod definitions;
mod plugins;
pub(crate) mod quantity;
pub(crate) mod quota;
#[cfg(test)]
mod tests;
mod totals;
mod validation;
mod written;

pub(crate) use self::{plugins::admit_made, written::Written};

/// Fills in what `object` of a built-in kind does not say, as if a client had written it: a later
/// write of the same then changes nothing.
pub(crate) fn default_fields(group: &str, kind: &str, object: &mut Value) {
    defaults::apply(group, kind, object);
}

/// Does to a job that a controller makes what is done to a client's: defaults, identity, and the
/// labels by which it finds its pods, which repeat the identity. `uid` is that of the job, if it is
/// there already.
pub(crate) fn complete_job(store: &Store, job: &mut Value, uid: Option<&str>) {
    let uid = uid.map_or_else(|| store.uid(), str::to_owned);
    json::object_at(job, "metadata").insert("uid".to_owned(), uid.into());
    default_fields("batch", "Job", job);
    plugins::label_job(job);
}

/// Gives a new service of a controller the address that it needs.
pub(crate) fn assign_address(store: &Store, service: &mut Value) {
    addresses::assign(store, service);
}

/// What a client writes, and where.
pub(crate) struct Subject<'a> {
    pub(crate) path: &'a ResourcePath,
    pub(crate) resource: &'a Resource,
    /// The schema of its kind; none where a definition gives none.
    pub(crate) schema: Option<Schema>,
    pub(crate) store: &'a Store,
    pub(crate) now: Timestamp,
    /// Whether nothing comes of it.
    pub(crate) is_dry_run: bool,
}

/// What decoding found that is no error unless a client wants it to be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Oddities {
    pub(crate) duplicates: Vec<String>,
    pub(crate) unknown: Vec<String>,
}

impl Oddities {
    /// One line for each, as a `Warning` header has them.
    pub(crate) fn lines(&self) -> Vec<String> {
        let duplicates = self
            .duplicates
            .iter()
            .map(|field| format!("duplicate field \"{field}\""));
        let unknown = self
            .unknown
            .iter()
            .map(|field| format!("unknown field \"{field}\""));
        duplicates.chain(unknown).collect()
    }

    /// What a strict decoder says, if there is anything.
    pub(crate) fn strict_error(&self) -> Option<String> {
        let lines = self.lines();
        (!lines.is_empty()).then(|| format!("strict decoding error: {}", lines.join(", ")))
    }
}

impl Subject<'_> {
    pub(crate) fn is_custom(&self) -> bool {
        !self.resource.response_kind.group.is_empty()
    }

    fn kind(&self) -> &str {
        &self.resource.response_kind.kind
    }

    fn group(&self) -> &str {
        &self.path.group
    }

    /// Reads `object` as its kind: refuses values of the wrong type with the decoder's message,
    /// removes fields that the kind does not have, brings quantities into their one form, and fills
    /// in the defaults.
    pub(crate) fn decode(&self, object: &mut Value) -> Result<Oddities, String> {
        let mut oddities = Oddities::default();
        let Some(schema) = &self.schema else {
            return Ok(oddities);
        };
        if self.is_custom() {
            oddities.unknown = custom::decode(schema, object)?;
            return Ok(oddities);
        }
        oddities.unknown = decode::Reading::read(schema, object)?.unknown;
        defaults::apply(self.group(), self.kind(), object);
        decode::fill(schema, object);
        Ok(oddities)
    }

    /// What a decoder's complaint is answered with.
    pub(crate) fn undecodable(&self, problem: &str) -> Failure {
        let kind = self.kind();
        Failure::bad_request(format!(
            "{kind} in version \"{}\" cannot be handled as a {kind}: {problem}",
            self.path.version
        ))
    }

    /// Fills in what only the server knows and judges the whole: `before` is the object as it is,
    /// none where this one is new. Returns warnings.
    pub(crate) fn admit(
        &self,
        before: Option<&Value>,
        object: &mut Value,
    ) -> Result<Vec<String>, Failure> {
        let is_whole = self.path.subresource.is_none();
        if is_whole {
            plugins::admit(self, before, object)?;
        }
        if before.is_none() {
            self.prepare(object);
        }
        let mut causes = Causes::default();
        validation::metadata(self, before, object, &mut causes);
        if self.is_custom() {
            if let Some(schema) = &self.schema {
                custom::validate(
                    schema,
                    before,
                    object,
                    self.path.subresource.as_deref(),
                    &mut causes,
                );
            }
        } else if is_whole {
            match before {
                None => validation::create(self, object, &mut causes),
                Some(before) => validation::update(self, before, object, &mut causes),
            }
        } else if let (Some(before), Some(part)) = (before, self.path.subresource.as_deref()) {
            validation::part(part, before, object, &mut causes);
        }
        if causes.all.is_empty() {
            if is_whole {
                plugins::judge(self, before, object)?;
            }
            return Ok(self.warnings(object));
        }
        let name = json::text(object, "/metadata/name");
        Err(Failure::invalid_because(
            self.group(),
            self.kind(),
            name,
            &causes.all,
        ))
    }

    /// What is allowed, and still not right.
    fn warnings(&self, object: &Value) -> Vec<String> {
        if self.kind() != "Pod" || self.is_custom() || self.path.subresource.is_some() {
            return Vec::new();
        }
        let secrets = json::items(object, "/spec/imagePullSecrets");
        secrets
            .iter()
            .enumerate()
            .filter(|(_, secret)| json::text(secret, "/name").is_empty())
            .map(|(at, _)| format!("spec.imagePullSecrets[{at}].name: invalid empty name \"\""))
            .collect()
    }

    /// Brings a new object into its first state: what is its status is not the client's to say.
    fn prepare(&self, object: &mut Value) {
        let uid = self.store.uid();
        let metadata = json::object_at(object, "metadata");
        metadata.insert("uid".to_owned(), uid.into());
        if self.resource.scope == Scope::Namespaced && !self.path.namespace.is_empty() {
            metadata.insert("namespace".to_owned(), self.path.namespace.as_str().into());
        }
        let has_status = self
            .resource
            .subresources
            .iter()
            .any(|subresource| subresource.name == "status");
        if self.is_custom() {
            if has_status {
                json::as_object(object).remove("status");
            }
            return;
        }
        if has_status && self.kind() != "Node" {
            let status = self.first_status(object);
            json::as_object(object).insert("status".to_owned(), status);
        }
        if self.kind() == "Service" {
            addresses::assign(self.store, object);
        }
        if self.kind() == "Job" {
            plugins::label_job(object);
        }
        if let Some(schema) = &self.schema {
            decode::fill(schema, object);
        }
    }

    fn first_status(&self, object: &Value) -> Value {
        match (self.group(), self.kind()) {
            ("", "Pod") => {
                let spec = object.get("spec").cloned().unwrap_or_default();
                let class = defaults::quality_of_service(&spec);
                let mut status = json!({ "phase": "Pending", "qosClass": class });
                if !json::items(&spec, "/schedulingGates").is_empty() {
                    let gated = json!([{ "type": "PodScheduled", "status": "False",
                        "reason": "SchedulingGated", "lastProbeTime": null,
                        "lastTransitionTime": null,
                        "message": "Scheduling is blocked due to non-empty scheduling gates" }]);
                    json::as_object(&mut status).insert("conditions".to_owned(), gated);
                }
                status
            }
            ("", "Namespace") => json!({ "phase": "Active" }),
            ("", "PersistentVolumeClaim") => json!({ "phase": "Pending" }),
            ("", "PersistentVolume") => {
                json!({ "phase": "Pending", "lastPhaseTransitionTime": clock::stamp(self.now) })
            }
            ("apiextensions.k8s.io", _) => definitions::first_status(object, self.now),
            _ => json!({}),
        }
    }
}
