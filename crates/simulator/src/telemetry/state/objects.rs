//! Series of workloads, claims and namespaces: mostly a number that the object says.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{
    super::exposition::{Labels, Page, Series, labels},
    GAUGE, amount, created, states, time_at,
};
use crate::{json, server::Server};

/// What a family tells of an object.
enum Says {
    /// The number at a pointer; 0 where there is none.
    Count(&'static str),
    /// The number at a pointer, where there is one.
    Maybe(&'static str),
    /// The flag at a pointer.
    Flag(&'static str),
    /// The time at a pointer, where there is one.
    Time(&'static str),
    /// That it is there.
    Presence,
    /// Its phase, of those that there are.
    Phase(&'static [&'static str]),
    /// Its conditions, each with whether it is true, false or unknown.
    Conditions,
    /// The condition of a name, where there is one.
    Condition(&'static str),
    /// What controls it.
    Owner,
    /// The quantity of storage at a pointer.
    Storage(&'static str),
    /// Class, volume and mode of a claim.
    ClaimDetails,
}

/// Objects of a kind: its group, the label of their name, and the families.
type OfKind = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str, Says)],
);

#[rustfmt::skip]
const KINDS: &[OfKind] = &[
    ("batch", "CronJob", "cronjob", &[
        ("kube_cronjob_created", "Unix creation timestamp", Says::Time("/metadata/creationTimestamp")),
        ("kube_cronjob_spec_suspend", "Suspend flag tells the controller to suspend subsequent executions.", Says::Flag("/spec/suspend")),
        ("kube_cronjob_status_last_schedule_time", "LastScheduleTime keeps information of when was the last time the job was successfully scheduled.", Says::Time("/status/lastScheduleTime")),
    ]),
    ("apps", "DaemonSet", "daemonset", &[
        ("kube_daemonset_created", "Unix creation timestamp", Says::Time("/metadata/creationTimestamp")),
        ("kube_daemonset_metadata_generation", "Sequence number representing a specific generation of the desired state.", Says::Count("/metadata/generation")),
        ("kube_daemonset_status_current_number_scheduled", "The number of nodes running at least one daemon pod and are supposed to.", Says::Count("/status/currentNumberScheduled")),
        ("kube_daemonset_status_desired_number_scheduled", "The number of nodes that should be running the daemon pod.", Says::Count("/status/desiredNumberScheduled")),
        ("kube_daemonset_status_number_available", "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available", Says::Count("/status/numberAvailable")),
        ("kube_daemonset_status_number_misscheduled", "The number of nodes running a daemon pod but are not supposed to.", Says::Count("/status/numberMisscheduled")),
        ("kube_daemonset_status_number_ready", "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and ready.", Says::Count("/status/numberReady")),
        ("kube_daemonset_status_number_unavailable", "The number of nodes that should be running the daemon pod and have none of the daemon pod running and available", Says::Count("/status/numberUnavailable")),
        ("kube_daemonset_status_updated_number_scheduled", "The total number of nodes that are running updated daemon pod", Says::Count("/status/updatedNumberScheduled")),
    ]),
    ("apps", "Deployment", "deployment", &[
        ("kube_deployment_created", "Unix creation timestamp", Says::Time("/metadata/creationTimestamp")),
        ("kube_deployment_metadata_generation", "Sequence number representing a specific generation of the desired state.", Says::Count("/metadata/generation")),
        ("kube_deployment_spec_paused", "Whether the deployment is paused and will not be processed by the deployment controller.", Says::Flag("/spec/paused")),
        ("kube_deployment_spec_replicas", "Number of desired pods for a deployment.", Says::Count("/spec/replicas")),
        ("kube_deployment_status_condition", "The current status conditions of a deployment.", Says::Conditions),
        ("kube_deployment_status_observed_generation", "The generation observed by the deployment controller.", Says::Count("/status/observedGeneration")),
        ("kube_deployment_status_replicas", "The number of replicas per deployment.", Says::Count("/status/replicas")),
        ("kube_deployment_status_replicas_available", "The number of available replicas per deployment.", Says::Count("/status/availableReplicas")),
        ("kube_deployment_status_replicas_ready", "The number of ready replicas per deployment.", Says::Count("/status/readyReplicas")),
        ("kube_deployment_status_replicas_unavailable", "The number of unavailable replicas per deployment.", Says::Count("/status/unavailableReplicas")),
        ("kube_deployment_status_replicas_updated", "The number of updated replicas per deployment.", Says::Count("/status/updatedReplicas")),
    ]),
    ("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscaler", &[
        ("kube_horizontalpodautoscaler_spec_max_replicas", "Upper limit for the number of pods that can be set by the autoscaler; cannot be smaller than MinReplicas.", Says::Count("/spec/maxReplicas")),
        ("kube_horizontalpodautoscaler_spec_min_replicas", "Lower limit for the number of pods that can be set by the autoscaler, default 1.", Says::Maybe("/spec/minReplicas")),
        ("kube_horizontalpodautoscaler_status_current_replicas", "Current number of replicas of pods managed by this autoscaler.", Says::Count("/status/currentReplicas")),
        ("kube_horizontalpodautoscaler_status_desired_replicas", "Desired number of replicas of pods managed by this autoscaler.", Says::Count("/status/desiredReplicas")),
    ]),
    ("batch", "Job", "job_name", &[
        ("kube_job_complete", "The job has completed its execution.", Says::Condition("Complete")),
        ("kube_job_created", "Unix creation timestamp", Says::Time("/metadata/creationTimestamp")),
        ("kube_job_failed", "The job has failed its execution.", Says::Condition("Failed")),
        ("kube_job_info", "Information about job.", Says::Presence),
        ("kube_job_owner", "Information about the Job's owner.", Says::Owner),
        ("kube_job_spec_active_deadline_seconds", "The duration in seconds relative to the startTime that the job may be active before the system tries to terminate it.", Says::Maybe("/spec/activeDeadlineSeconds")),
        ("kube_job_spec_completions", "The desired number of successfully finished pods the job should be run with.", Says::Maybe("/spec/completions")),
        ("kube_job_spec_parallelism", "The maximum desired number of pods the job should run at any given time.", Says::Maybe("/spec/parallelism")),
        ("kube_job_status_active", "The number of actively running pods.", Says::Count("/status/active")),
        ("kube_job_status_completion_time", "CompletionTime represents time when the job was completed.", Says::Time("/status/completionTime")),
        ("kube_job_status_failed", "The number of pods which reached Phase Failed and the reason for failure.", Says::Count("/status/failed")),
        ("kube_job_status_start_time", "StartTime represents time when the job was acknowledged by the Job Manager.", Says::Time("/status/startTime")),
        ("kube_job_status_succeeded", "The number of pods which reached Phase Succeeded.", Says::Count("/status/succeeded")),
        ("kube_job_status_suspended", "The number of pods which reached Phase Suspended.", Says::Flag("/spec/suspend")),
    ]),
    ("", "Namespace", "namespace", &[
        ("kube_namespace_created", "Unix creation timestamp", Says::Time("/metadata/creationTimestamp")),
        ("kube_namespace_status_phase", "kubernetes namespace status phase.", Says::Phase(&["Active", "Terminating"])),
    ]),
    ("", "PersistentVolumeClaim", "persistentvolumeclaim", &[
        ("kube_persistentvolumeclaim_info", "Information about persistent volume claim.", Says::ClaimDetails),
        ("kube_persistentvolumeclaim_resource_requests_storage_bytes", "The capacity of storage requested by the persistent volume claim.", Says::Storage("/spec/resources/requests/storage")),
        ("kube_persistentvolumeclaim_status_phase", "The phase the persistent volume claim is currently in.", Says::Phase(&["Lost", "Bound", "Pending"])),
    ]),
    ("apps", "ReplicaSet", "replicaset", &[
        ("kube_replicaset_created", "Unix creation timestamp", Says::Time("/metadata/creationTimestamp")),
        ("kube_replicaset_owner", "Information about the ReplicaSet's owner.", Says::Owner),
        ("kube_replicaset_spec_replicas", "Number of desired pods for a ReplicaSet.", Says::Count("/spec/replicas")),
        ("kube_replicaset_status_ready_replicas", "The number of ready replicas per ReplicaSet.", Says::Count("/status/readyReplicas")),
        ("kube_replicaset_status_replicas", "The number of replicas per ReplicaSet.", Says::Count("/status/replicas")),
    ]),
    ("apps", "StatefulSet", "statefulset", &[
        ("kube_statefulset_created", "Unix creation timestamp", Says::Time("/metadata/creationTimestamp")),
        ("kube_statefulset_replicas", "Number of desired pods for a StatefulSet.", Says::Count("/spec/replicas")),
        ("kube_statefulset_status_replicas", "The number of replicas per StatefulSet.", Says::Count("/status/replicas")),
        ("kube_statefulset_status_replicas_available", "The number of available replicas per StatefulSet.", Says::Count("/status/availableReplicas")),
        ("kube_statefulset_status_replicas_current", "The number of current replicas per StatefulSet.", Says::Count("/status/currentReplicas")),
        ("kube_statefulset_status_replicas_ready", "The number of ready replicas per StatefulSet.", Says::Count("/status/readyReplicas")),
        ("kube_statefulset_status_replicas_updated", "The number of updated replicas per StatefulSet.", Says::Count("/status/updatedReplicas")),
    ]),
];

/// Tells of every object that is wanted.
pub(super) fn tell(page: &mut Page<'_>, server: &Server) {
    let namespace = page.only("namespace").unwrap_or_default();
    for (group, kind, label, families) in KINDS {
        let kind = GroupKind::new(*group, *kind);
        let name = page.only(label);
        for (family, help, says) in *families {
            page.tell(GAUGE, *family, help, || {
                let namespace = if *label == "namespace" { "" } else { namespace };
                server
                    .store
                    .list(&kind, namespace)
                    .iter()
                    .filter(|stored| name.is_none_or(|name| stored.key.name == name))
                    .flat_map(|stored| says.series(&base(&stored.key, label), &stored.value()))
                    .collect()
            });
        }
    }
}

fn base(key: &ObjectKey, label: &'static str) -> Labels {
    let mut all = Labels::new();
    if label != "namespace" {
        all.extend(labels([("namespace", &key.namespace)]));
    }
    all.extend(labels([(label, &key.name)]));
    all
}

impl Says {
    /// What the family tells of `object`, whose labels begin with `base`.
    fn series(&self, base: &Labels, object: &Value) -> Vec<Series> {
        let since = created(object);
        let number = |pointer: &str| object.pointer(pointer).and_then(Value::as_f64);
        let value = match self {
            Self::Count(pointer) => Some(number(pointer).unwrap_or(0.0)),
            Self::Maybe(pointer) => number(pointer),
            Self::Flag(pointer) => Some(if json::flag(object, pointer) {
                1.0
            } else {
                0.0
            }),
            Self::Time(pointer) => time_at(object, pointer),
            Self::Storage(pointer) => amount("storage", json::text(object, pointer)),
            Self::Presence => Some(1.0),
            Self::Phase(phases) => {
                let phase = json::text(object, "/status/phase");
                return states(base, "phase", phases, |known| known == phase, since);
            }
            Self::Conditions => return conditions(base, object, since),
            Self::Condition(kind) => return condition(base, object, kind, since),
            Self::Owner => return owner(base, object, since),
            Self::ClaimDetails => {
                let mut all = base.clone();
                all.extend(labels([
                    ("storageclass", json::text(object, "/spec/storageClassName")),
                    ("volumename", json::text(object, "/spec/volumeName")),
                    ("volumemode", json::text(object, "/spec/volumeMode")),
                ]));
                return vec![Series::constant(all, 1.0, since)];
            }
        };
        value.map_or_else(Vec::new, |value| {
            vec![Series::constant(base.clone(), value, since)]
        })
    }
}

fn conditions(base: &Labels, object: &Value, since: f64) -> Vec<Series> {
    json::items(object, "/status/conditions")
        .iter()
        .flat_map(|condition| {
            let mut all = base.clone();
            all.extend(labels([
                ("reason", json::text(condition, "/reason")),
                ("condition", json::text(condition, "/type")),
            ]));
            let status = json::text(condition, "/status").to_lowercase();
            states(
                &all,
                "status",
                &["true", "false", "unknown"],
                |state| state == status,
                since,
            )
        })
        .collect()
}

fn condition(base: &Labels, object: &Value, kind: &str, since: f64) -> Vec<Series> {
    json::items(object, "/status/conditions")
        .iter()
        .filter(|condition| json::text(condition, "/type") == kind)
        .flat_map(|condition| {
            let status = json::text(condition, "/status").to_lowercase();
            states(
                base,
                "condition",
                &["true", "false", "unknown"],
                |state| state == status,
                since,
            )
        })
        .collect()
}

fn owner(base: &Labels, object: &Value, since: f64) -> Vec<Series> {
    let series = |kind: &str, name: &str, is_controller: &str| {
        let mut all = base.clone();
        all.extend(labels([
            ("owner_kind", kind),
            ("owner_name", name),
            ("owner_is_controller", is_controller),
        ]));
        Series::constant(all, 1.0, since)
    };
    let owners = json::items(object, "/metadata/ownerReferences");
    if owners.is_empty() {
        return vec![series("", "", "")];
    }
    owners
        .iter()
        .map(|owner| {
            let is_controller = json::flag(owner, "/controller").to_string();
            series(
                json::text(owner, "/kind"),
                json::text(owner, "/name"),
                &is_controller,
            )
        })
        .collect()
}
