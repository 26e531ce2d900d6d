//! `leaderworkerset.x-k8s.io/v1 LeaderWorkerSet`: groups of a leader and its workers.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Role},
    text::Interner,
};

use super::{
    Kind,
    parts::{Asks, Template, conditions, count, denied, held},
};
use crate::slim::values::{ProbedCondition, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LeaderWorkerSet {
    spec: Spec,
    status: SetStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    replicas: Option<i64>,
    leader_worker_template: Group,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Group {
    size: Option<i64>,
    leader_template: Option<Template>,
    worker_template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SetStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    ready_replicas: i64,
}

impl Kind for LeaderWorkerSet {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let groups = spec.replicas.map_or(1, count);
        let size = spec.leader_worker_template.size.map_or(1, count);
        let ready = count(status.ready_replicas);
        let said = if groups == 0 {
            JobObject::of(JobState::Suspended, "ScaledToZero")
        } else if let Some(found) = held(&told, "Available") {
            JobObject::by(JobState::Running, found)
        } else if ready > 0 {
            // It serves with some of its groups.
            let why = held(&told, "Progressing").or_else(|| denied(&told, "Available"));
            why.map_or_else(
                || JobObject::of(JobState::Running, ""),
                |found| JobObject::by(JobState::Running, found),
            )
        } else {
            let why = held(&told, "Progressing");
            why.map_or_else(
                || JobObject::of(JobState::Starting, ""),
                |found| JobObject::by(JobState::Starting, found),
            )
        };
        let workers = &spec.leader_worker_template.worker_template;
        let leader = spec
            .leader_worker_template
            .leader_template
            .as_ref()
            .unwrap_or(workers);
        let others = groups.saturating_mul(size.saturating_sub(1));
        let mut asks = Asks::default();
        asks.pods(groups, &leader.spec);
        asks.pods(others, &workers.spec);
        let role = |name: &str, wanted, names: &mut Interner| Role {
            name: names.intern(name),
            wanted,
            ..Role::default()
        };
        JobObject {
            is_lasting: true,
            wanted: Some(groups.saturating_mul(size)),
            priority: names.intern(&leader.spec.priority_class_name),
            asks: asks.sum(names),
            roles: [role("leader", groups, names), role("worker", others, names)].into(),
            ..said
        }
    }
}
