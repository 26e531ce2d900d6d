//! Jobs of the past: read when a cluster is followed, kept when one ends or is missed, and when the
//! cluster is followed no more.

use std::sync::Arc;

use strata_domain::ids::ClusterId;
use strata_ports::series::Record;

use super::Writer;
use crate::{
    derive::jobs::past,
    followed::Followed,
    inbox::{Remembered, StreamId},
};

impl Writer {
    /// Reads what was kept of the jobs of `cluster`, which is followed as `stream`, and holds nobody up.
    pub(super) fn remember_jobs(&self, cluster: &ClusterId, stream: StreamId) {
        let series = Arc::clone(&self.series);
        let scope = self.scope.clone();
        let inbox = self.remembering.clone();
        let cluster = cluster.clone();
        self.scope.spawn(async move {
            let read = scope.run_blocking(move || series.past_jobs(&cluster).map(past::remembered));
            let jobs = match read.await {
                Some(Ok(jobs)) => jobs,
                Some(Err(error)) => {
                    tracing::warn!(%error, "jobs of the past cannot be read");
                    return;
                }
                None => return,
            };
            if inbox.send(Remembered { stream, jobs }).is_err() {
                tracing::debug!("the engine has ended before jobs of the past were read");
            }
        });
    }

    pub(super) fn take_remembered(&mut self, remembered: Remembered) {
        let followed = self
            .followed
            .iter_mut()
            .find(|(_, followed)| followed.measuring.id == remembered.stream);
        // A cluster that is followed no more, or anew, has no use for it.
        let Some((id, followed)) = followed else {
            return;
        };
        followed.remember(remembered.jobs);
        let id = id.clone();
        self.everything_changed(&id);
    }

    /// Has kept what ended or was missed in the clusters `derived`.
    pub(super) fn keep_ended(&mut self, derived: &[ClusterId]) {
        for id in derived {
            let Some(followed) = self.followed.get_mut(id) else {
                continue;
            };
            let jobs = followed.take_ended();
            if !jobs.is_empty() {
                let record = Record {
                    jobs,
                    ..Record::default()
                };
                self.series.record(id, record);
            }
        }
    }
    /// Has kept which jobs are not over, of every cluster: the engine ends.
    pub(super) fn keep_last_seen(&mut self) {
        for (id, followed) in std::mem::take(&mut self.followed) {
            self.keep_last_seen_of(&id, followed);
        }
    }

    /// Has kept which jobs of the cluster `id` are not over: it is followed no more.
    pub(super) fn keep_last_seen_of(&self, id: &ClusterId, mut followed: Followed) {
        if let Some(record) = followed.last_seen(self.clock.now()) {
            self.series.record(id, record);
        }
    }
}
