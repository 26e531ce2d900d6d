//! `kueue.x-k8s.io` `Workload` (`v1beta1` and `v1beta2`): what a job waits by in Kueue's queues. It
//! is a job itself where it stands for pods that no job owns.

use serde::Deserialize;
use strata_domain::{
    condition::{Condition, Status, find},
    job::{JobObject, JobState, Role},
    text::{Interner, Text},
};

use super::{
    Kind,
    parts::{Asks, Template, conditions, count, first_of, held},
};
use crate::slim::values::{ProbedCondition, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Workload {
    spec: Spec,
    status: WorkloadStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    active: Option<bool>,
    queue_name: String,
    priority: Option<i64>,
    /// Of `v1beta1`; the newer versions have the reference.
    priority_class_name: String,
    #[serde(deserialize_with = "nullable")]
    priority_class_ref: PriorityClass,
    #[serde(deserialize_with = "nullable")]
    pod_sets: Vec<PodSet>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PriorityClass {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PodSet {
    name: String,
    count: i64,
    template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WorkloadStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    #[serde(deserialize_with = "nullable")]
    requeue_state: RequeueState,
    #[serde(deserialize_with = "nullable")]
    scheduling_stats: SchedulingStats,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RequeueState {
    count: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SchedulingStats {
    #[serde(deserialize_with = "nullable")]
    evictions: Vec<Eviction>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Eviction {
    count: i64,
}

impl Kind for Workload {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let is_active = spec.active.unwrap_or(true);
        let said = said(&told, is_active);
        let mut asks = Asks::default();
        let mut wanted = 0_u32;
        for set in &spec.pod_sets {
            wanted = wanted.saturating_add(count(set.count));
            asks.pods(count(set.count), &set.template.spec);
        }
        let evictions = status
            .scheduling_stats
            .evictions
            .iter()
            .map(|eviction| count(eviction.count))
            .sum::<u32>()
            // Versions before these counts have the last eviction alone.
            .max(u32::from(find(&told, "Evicted").is_some()));
        JobObject {
            is_suspended: !is_active,
            wanted: Some(wanted),
            asks: asks.sum(names),
            queue: names.intern(&spec.queue_name),
            priority: first_of(&[&spec.priority_class_ref.name, &spec.priority_class_name]),
            priority_value: spec.priority,
            started: held(&told, "Admitted").and_then(|found| found.since),
            retries: status.requeue_state.count.map(count),
            evictions: Some(evictions),
            roles: spec
                .pod_sets
                .iter()
                .map(|set| Role {
                    name: names.intern(&set.name),
                    wanted: count(set.count),
                    ..Role::default()
                })
                .collect(),
            ..said
        }
    }
}

fn said(told: &[Condition], is_active: bool) -> JobObject {
    if let Some(finished) = held(told, "Finished") {
        let state = match finished.reason.as_str() {
            "Failed" | "OutOfSync" | "OwnerNotFound" => JobState::Failed,
            // Before 0.10 one reason stood for both ends, and the message told.
            "JobFinished" if finished.message.to_lowercase().contains("fail") => JobState::Failed,
            _ => JobState::Succeeded,
        };
        return JobObject::by(state, finished);
    }
    if !is_active {
        let why = held(told, "Evicted").or_else(|| held(told, "DeactivationTarget"));
        return why.map_or_else(
            || JobObject::of(JobState::Suspended, "Deactivated"),
            |found| JobObject::by(JobState::Suspended, found),
        );
    }
    if held(told, "Admitted").is_some() {
        let ready = find(told, "PodsReady");
        return match ready {
            Some(ready) if ready.status == Status::True => JobObject::by(JobState::Running, ready),
            Some(ready) => JobObject::by(JobState::Admitted, ready),
            None => JobObject::of(JobState::Admitted, "Admitted"),
        };
    }
    // What was put out says why it waits again, until the queue has looked at it anew.
    let why = find(told, "QuotaReserved")
        .filter(|found| found.status != Status::True)
        .or_else(|| held(told, "Evicted"))
        .or_else(|| find(told, "Admitted"));
    why.map_or_else(
        || JobObject {
            message: Text::default(),
            ..JobObject::of(JobState::Queued, "")
        },
        |found| JobObject::by(JobState::Queued, found),
    )
}
