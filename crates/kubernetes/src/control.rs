//! Changing clusters: one request to the API server for each verb, and what came of it.
//!
//! A verb is a file: `apply` (server-side apply, and what is done about conflicts), `create`, `set`
//! (a few fields), `scale`, `evict`, `delete`. Before a change the object is read, so that what
//! changes can be told field by field (`difference`); which lists are told item by item is learnt
//! from what the server wrote down of their owners (`keys`). `send` is the one place where a request
//! that changes something leaves, `permission` asks whether one may.

mod apply;
mod conflict;
mod create;
mod delete;
mod difference;
mod evict;
mod keys;
mod permission;
mod refused;
mod scale;
mod send;
mod set;

use std::sync::Arc;

use futures::future::BoxFuture;
use http::Method;
use serde_json::Value;
use strata_domain::ids::ClusterId;
use strata_ports::{
    cluster::ServedKind,
    control::{Control, Effect, Permission, Permit, Refusal, Verb, Write, Written},
    error::{PortError, PortErrorKind},
    objects::ObjectAddress,
};

use crate::{
    objects::{line::Line, prune},
    source::KubernetesSource,
    watch::endpoint::escaped,
};
use refused::Refused;
use send::{Answer, Request, send};

/// Under this name the API server writes down which fields are ours.
const FIELD_MANAGER: &str = "strata";

/// How often a change is tried that another one overtakes.
const ATTEMPTS: usize = 5;

impl Control for KubernetesSource {
    fn write(
        &self,
        cluster: &ClusterId,
        write: Write,
    ) -> BoxFuture<'static, Result<Written, Refusal>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let line = reading.line_for(&cluster, &write.object.kind).await?;
            let target = Target::of(&line, &write)?;
            let written = match write.verb {
                Verb::Apply { object, choices } => apply::apply(&target, &object, &choices).await,
                Verb::Create { object } => create::create(&target, &object).await,
                Verb::Set { fields } => set::set(&target, &fields).await,
                Verb::Scale { replicas } => scale::scale(&target, replicas).await,
                Verb::Evict { uid } => evict::evict(&target, &uid).await,
                Verb::Delete { propagation, uid } => {
                    delete::delete(&target, propagation, &uid).await
                }
            };
            written.map_err(|refused| {
                if let Refused::Unheard(failure) = &refused {
                    reading.forget_if_refused(&cluster, failure);
                }
                refused.into_refusal(&target)
            })
        })
    }

    fn is_permitted(
        &self,
        cluster: &ClusterId,
        permission: Permission,
    ) -> BoxFuture<'static, Result<Permit, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let line = reading.line_for(&cluster, &permission.object.kind).await?;
            permission::ask(&line, &permission).await
        })
    }

    fn user(&self, cluster: &ClusterId) -> BoxFuture<'static, Result<String, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let line = reading.line(&cluster).await?;
            permission::user(&line).await
        })
    }
}

/// One object of one cluster, and whether it is only asked about.
struct Target<'a> {
    line: &'a Line,
    served: &'a ServedKind,
    object: ObjectAddress,
    version: String,
    is_dry_run: bool,
}

impl<'a> Target<'a> {
    fn of(line: &'a Line, write: &Write) -> Result<Self, PortError> {
        let served = line.kind(&write.object.kind)?;
        let version = if write.version.is_empty() {
            served.versions.first().cloned().unwrap_or_default()
        } else {
            write.version.clone()
        };
        if !served.versions.contains(&version) {
            let message = format!(
                "the cluster serves {} in the versions {}, not in {version}",
                served.kind,
                served.versions.join(", ")
            );
            return Err(PortError::new(PortErrorKind::Unsupported, message));
        }
        Ok(Self {
            line,
            served,
            object: write.object.clone(),
            version,
            is_dry_run: write.is_dry_run,
        })
    }

    /// The path of all objects of the kind, in the object's namespace.
    fn collection(&self) -> String {
        let group = &self.served.kind.group;
        let root = if group.is_empty() {
            format!("/api/{}", self.version)
        } else {
            format!("/apis/{group}/{}", self.version)
        };
        let resource = &self.served.resource;
        if self.served.is_namespaced {
            let namespace = escaped(&self.object.key.namespace);
            format!("{root}/namespaces/{namespace}/{resource}")
        } else {
            format!("{root}/{resource}")
        }
    }

    /// The path of the object, or of a part of it (`/scale`).
    fn path(&self, part: &str) -> String {
        let name = escaped(&self.object.key.name);
        format!("{}/{name}{part}", self.collection())
    }

    async fn send(&self, request: Request<'_>) -> Result<Answer, Refused> {
        send(self.line.client(), request).await
    }

    /// The whole object; none where it is not there.
    async fn read(&self) -> Result<Option<Value>, Refused> {
        let path = self.path("");
        match self.send(Request::of(Method::GET, &path)).await {
            Ok(answer) => Ok(Some(answer.body)),
            Err(refused) if refused.is_not_found() => Ok(None),
            Err(refused) => Err(refused),
        }
    }

    /// The whole object, which must be there.
    async fn read_existing(&self) -> Result<Value, Refused> {
        let path = self.path("");
        Ok(self.send(Request::of(Method::GET, &path)).await?.body)
    }
}

/// What every request that changes something says.
fn query(is_dry_run: bool) -> String {
    let dry_run = if is_dry_run { "&dryRun=All" } else { "" };
    format!("?fieldManager={FIELD_MANAGER}&fieldValidation=Strict{dry_run}")
}

/// What came of a change, told from the object before and after.
fn told(before: Option<Value>, answer: Answer) -> Written {
    let fields = difference::between(before.as_ref(), &answer.body);
    let effect = match &before {
        None => Effect::Created,
        Some(_) if fields.is_empty() => Effect::Unchanged,
        Some(_) => Effect::Changed,
    };
    Written {
        effect,
        fields,
        conflicts: Vec::new(),
        is_forced: false,
        before: before.map(pruned),
        after: Some(pruned(answer.body)),
        warnings: answer.warnings,
    }
}

/// An object as it may leave the adapter.
fn pruned(mut object: Value) -> Value {
    prune::object(&mut object);
    object
}
