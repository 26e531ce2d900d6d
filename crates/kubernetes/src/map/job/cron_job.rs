//! `batch/v1 CronJob`: a schedule that starts Jobs. Each run is a job of its own; the schedule's
//! state is whether it runs now, and how its last run ended.

use serde::Deserialize;
use serde::de::IgnoredAny;
use strata_domain::{
    job::{JobObject, JobState},
    text::{Interner, Text},
};

use super::{
    Kind,
    parts::{Asks, Template, count},
};
use crate::slim::values::{Time, moment, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CronJob {
    spec: Spec,
    status: CronStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    schedule: String,
    suspend: bool,
    job_template: JobTemplate,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JobTemplate {
    spec: JobSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JobSpec {
    parallelism: Option<i64>,
    template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CronStatus {
    #[serde(deserialize_with = "nullable")]
    active: Vec<IgnoredAny>,
    last_schedule_time: Option<Time>,
    last_successful_time: Option<Time>,
}

impl Kind for CronJob {
    fn job(self, names: &mut Interner) -> JobObject {
        let scheduled = moment(self.status.last_schedule_time);
        let succeeded = moment(self.status.last_successful_time);
        let pods = self.spec.job_template.spec.parallelism.map_or(1, count);
        let template = &self.spec.job_template.spec.template;
        let is_active = !self.status.active.is_empty();
        let state = if self.spec.suspend {
            JobState::Suspended
        } else if is_active {
            JobState::Running
        } else {
            match (scheduled, succeeded) {
                (None, _) => JobState::Queued,
                (Some(last), Some(success)) if success >= last => JobState::Succeeded,
                (Some(_), _) => JobState::Failed,
            }
        };
        let mut asks = Asks::default();
        asks.pods(pods, &template.spec);
        JobObject {
            is_lasting: true,
            is_suspended: self.spec.suspend,
            message: Text::from(self.spec.schedule.as_str()),
            since: scheduled,
            started: scheduled.filter(|_| is_active),
            priority: names.intern(&template.spec.priority_class_name),
            asks: asks.sum(names),
            ..JobObject::of(state, "Schedule")
        }
    }
}
