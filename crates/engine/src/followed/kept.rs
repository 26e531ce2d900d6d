//! What is kept of a cluster that is followed, and what comes back when it is followed again.

use std::sync::Arc;

use jiff::Timestamp;
use strata_ports::{past_jobs::PastJob, series::Record};

use super::Followed;
use crate::derive::jobs::Job;

impl Followed {
    /// What is to be kept of this step, if it was not told yet. What is heard of a cluster that does
    /// not answer is not kept as if it were so.
    pub(crate) fn record(&mut self, now: Timestamp) -> Option<Record> {
        // Before every exporter was asked once, what is held would seem not to be measured.
        let told = &self.told_by;
        let is_asked = told.live + told.stale + told.failed >= told.asked;
        if !self.is_live() || !self.joined_whole || !is_asked {
            return None;
        }
        let attention = &self.derived.attention;
        let jobs = &self.derived.jobs;
        self.recorder
            .record(&self.gpus, &self.telemetry, attention, jobs, now)
    }

    /// Which jobs are not over, to be kept when the cluster is followed no more.
    pub(crate) fn last_seen(&mut self, now: Timestamp) -> Option<Record> {
        let living = (self.is_live() && self.joined_whole)
            .then(|| self.recorder.living(&self.derived.jobs, now))?;
        Some(Record {
            living: Some(living),
            ..Record::default()
        })
    }

    /// The jobs that ended or were missed since this was asked last.
    pub(crate) fn take_ended(&mut self) -> Vec<PastJob> {
        std::mem::take(&mut self.ended)
    }

    /// Takes in what was kept of jobs of the past.
    pub(crate) fn remember(&mut self, kept: Vec<Arc<Job>>) {
        Arc::make_mut(&mut self.derived.jobs).remember(kept);
    }
}
