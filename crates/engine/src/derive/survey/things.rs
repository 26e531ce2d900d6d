//! What runs, is done or is kept: each thing with how it does, its figure, and the field that tells.

use strata_api::rows::{lifecycle::StageThing, storage::StorageCacheRow, survey::Evidence};
use strata_catalog::Phase;
use strata_domain::{
    condition::{Condition, Status, find},
    ids::{GroupKind, ObjectKey},
};

use super::{Ground, facts, figures};
use crate::{
    derive::applications::Application,
    fleet::cluster::{ObjectRef, Place, place_of},
};

/// The conditions that most kinds tell their state by, those that end a life first.
const TELLING: [&str; 7] = [
    "Failed",
    "Complete",
    "Succeeded",
    "Suspended",
    "Ready",
    "Available",
    "Running",
];

impl<'a> Ground<'a> {
    /// `application` as a thing.
    pub(super) fn thing(self, application: &Application) -> StageThing {
        StageThing {
            name: application.name.to_string(),
            severity: application.severity.into(),
            phase: word(application.phase).to_owned(),
            reason: application.reason.clone(),
            since: application.since.map(|at| at.to_string()),
            figure: figures::of_engines(self, application),
            is_job: self.is_job(&application.kind, &application.key),
            evidence: self.told_by(application),
        }
    }

    /// The object that `application` is known by, and the field that tells how it does.
    pub(super) fn told_by(self, application: &Application) -> Evidence {
        let kind = &application.kind;
        let line = match self.object(kind, &application.key) {
            Some(object) => Self::object_told(kind, object),
            // Its object went while its pods still end.
            None => Evidence {
                group: kind.group.to_string(),
                kind: kind.kind.to_string(),
                namespace: application.key.namespace.to_string(),
                name: application.key.name.to_string(),
                field: "metadata.name".to_owned(),
                value: application.key.name.to_string(),
                since: application.since.map(|at| at.to_string()),
                subject: None,
            },
        };
        facts::belonging(line, application.subject.clone())
    }

    /// The field by which `object` tells how it does.
    pub(super) fn object_told(kind: &GroupKind, object: ObjectRef<'_>) -> Evidence {
        match object {
            ObjectRef::Workload(workload) => match telling(&workload.conditions) {
                // Its ready pods say more than that it is available.
                Some(condition) if condition.kind != "Available" => {
                    facts::of_condition_of(kind, &workload.metadata, condition)
                }
                _ => facts::of_workload(workload),
            },
            ObjectRef::Custom(custom) => match telling(&custom.conditions) {
                Some(condition) => facts::of_condition_of(kind, &custom.metadata, condition),
                None => facts::of_first_field(custom),
            },
            ObjectRef::Pod(pod) => {
                let phase = format!("{:?}", pod.phase);
                facts::of_object(kind, &pod.metadata, "status.phase", phase, pod.started)
            }
            other => {
                let metadata = other.metadata();
                let name = metadata.key.name.as_str();
                facts::of_object(kind, metadata, "metadata.name", name, None)
            }
        }
    }

    /// Whether the object is a job.
    pub(super) fn is_job(self, kind: &GroupKind, key: &ObjectKey) -> bool {
        let object = self.object(kind, key);
        object.is_some_and(|object| self.derived.jobs.get(&object.metadata().uid).is_some())
    }

    /// The object of `kind` called `key`.
    pub(super) fn object(self, kind: &GroupKind, key: &ObjectKey) -> Option<ObjectRef<'a>> {
        let (namespace, name) = (key.namespace.as_str(), key.name.as_str());
        match place_of(kind) {
            Place::Pods => self.cluster.pod_named(namespace, name).map(ObjectRef::Pod),
            Place::Workloads(workload) => self
                .cluster
                .workload_named(workload, namespace, name)
                .map(ObjectRef::Workload),
            Place::ByKind => self
                .cluster
                .custom_named(kind, namespace, name)
                .map(ObjectRef::Custom),
            Place::Nodes | Place::Slices => None,
        }
    }
}

/// A cache as a thing: how full it is says where it is in its life.
pub(super) fn cached(row: StorageCacheRow) -> StageThing {
    StageThing {
        name: row.name,
        severity: row.severity,
        phase: row.fill,
        reason: None,
        since: row.evidence.since.clone(),
        figure: None,
        is_job: false,
        evidence: row.evidence,
    }
}

/// The condition that says how an object does: one that holds, else that it is not ready.
fn telling(conditions: &[Condition]) -> Option<&Condition> {
    let told = || TELLING.iter().filter_map(|kind| find(conditions, kind));
    told()
        .find(|condition| condition.status == Status::True)
        .or_else(|| find(conditions, "Ready"))
        .or_else(|| told().next())
}

/// A phase's word on the wire.
pub(super) fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Queued => "queued",
        Phase::Admitted => "admitted",
        Phase::Pending => "pending",
        Phase::Running => "running",
        Phase::Degraded => "degraded",
        Phase::Restarting => "restarting",
        Phase::Stopping => "stopping",
        Phase::Suspended => "suspended",
        Phase::Succeeded => "succeeded",
        Phase::Failed => "failed",
        Phase::Unknown => "unknown",
    }
}
