//! Who waits in which queue, in the order in which the queue looks at them.
//!
//! Kueue sorts by priority, then by when a workload came or was put out
//! (`pkg/cache/queue/cluster_queue.go`); Volcano and KAI by priority, then by age. What their
//! fairness adds is not known from outside, so a position is where one stands, not when one's turn
//! is.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use hashbrown::HashMap;
use strata_domain::{ids::Uid, job::JobState, text::Text};

use super::Job;

/// A place in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub at: u32,
    /// How many wait.
    pub of: u32,
}

/// The lines before all queues.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    by_queue: BTreeMap<Text, Vec<Arc<Job>>>,
    positions: HashMap<Uid, Position>,
}

impl Lines {
    /// Lines up those of `jobs` that wait.
    pub(super) fn of<'a>(jobs: impl Iterator<Item = &'a Arc<Job>>) -> Self {
        let mut by_queue: BTreeMap<Text, Vec<Arc<Job>>> = BTreeMap::new();
        for job in jobs.filter(|job| job.state == JobState::Queued && !job.queue.is_empty()) {
            by_queue
                .entry(job.queue.clone())
                .or_default()
                .push(Arc::clone(job));
        }
        let mut positions = HashMap::new();
        for line in by_queue.values_mut() {
            line.sort_by(|left, right| {
                let key = |job: &Job| (Reverse(job.priority_value), job.queued);
                key(left)
                    .cmp(&key(right))
                    .then_with(|| left.uid.cmp(&right.uid))
            });
            let of = u32::try_from(line.len()).unwrap_or(u32::MAX);
            for (job, at) in line.iter().zip(1..) {
                positions.insert(job.uid.clone(), Position { at, of });
            }
        }
        Self {
            by_queue,
            positions,
        }
    }

    /// Those that wait in `queue`, the next first.
    pub fn before(&self, queue: &str) -> &[Arc<Job>] {
        self.by_queue.get(queue).map_or(&[], Vec::as_slice)
    }

    /// Where the job `uid` stands.
    pub fn position(&self, uid: &Uid) -> Option<Position> {
        self.positions.get(uid).copied()
    }
}
