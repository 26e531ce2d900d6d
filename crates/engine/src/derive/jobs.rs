//! Jobs of every kind: what should run, each once, whatever kinds lie below it.
//!
//! A job is a topmost object, and no part of one that is still to come ([`owners::is_part`]): one whose
//! kind says so of itself ([`find`]), joined with what its pods and its queue say ([`judge`]), for one
//! reason ([`reason`]). Where it stands in its queue is told for all together ([`line`]).
//!
//! What ends or is missed is kept, and what is on its way as it was seen last, so that it can be told
//! of when it is gone ([`past`]).
//!
//! There may be twenty thousand of them, most of them over. [`Jobs::follow`] builds those anew of
//! which something changed, and takes the others over as they were.

use std::{collections::HashSet, sync::Arc};

use hashbrown::HashMap;
use jiff::Timestamp;
use strata_api::{phrases::Phrase, rows::Ready};
use strata_catalog::Catalog;
use strata_domain::{
    ids::{GroupKind, ObjectKey, Uid},
    job::{JobState, Progress},
    severity::Severity,
    text::Text,
};

use super::{
    accelerators::Accelerators,
    applications::Applications,
    components::Components,
    owners::{self, Owners},
    queues::Queues,
};
use crate::{
    fleet::cluster::Cluster,
    fold::{Changed, Dirty},
};

mod build;
mod find;
mod judge;
pub mod line;
pub mod past;
mod reason;
mod stale;
#[cfg(test)]
mod tests;
mod traced;

use line::Lines;
use past::{Gone, Past, Reach};
use traced::Traces;

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The identity of its object.
    pub uid: Uid,
    /// Its kind.
    pub kind: GroupKind,
    /// Its namespace and name.
    pub key: ObjectKey,
    /// Where it is in its life, by its object, its queue and its pods together.
    pub state: JobState,
    /// How bad that is.
    pub severity: Severity,
    /// Why, where something is to be said.
    pub reason: Option<Phrase>,
    /// Whether it lasts until someone stops it.
    pub is_lasting: bool,
    /// How far it came, where that is told.
    pub progress: Option<Progress>,
    /// Pods ready of wanted, where that is known.
    pub ready: Option<Ready>,
    /// Accelerators that it asks for, where that is known.
    pub gpus_asked: Option<u32>,
    /// Accelerators that its pods hold.
    pub gpus_held: u32,
    /// Its queue; empty where it is in none.
    pub queue: Text,
    /// What its queue says of it, as it wrote it; may be empty.
    pub said_by_queue: Text,
    /// Its priority class; may be empty.
    pub priority: Text,
    /// Its priority in its queue; 0 where none is written.
    pub priority_value: i64,
    /// Who it belongs to, by its labels; may be empty.
    pub owner: Text,
    /// When it came, or was put out of its queue's favour last.
    pub queued: Option<Timestamp>,
    /// When it began to run.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// How often it was begun anew after a failure.
    pub retries: u32,
    /// How often a queue took back what it had let in.
    pub evictions: u32,
    /// That it is no longer in the cluster, where it is not.
    pub gone: Option<Gone>,
    /// What it is found by, in lower case.
    pub words: Box<str>,
}

/// Every job of a cluster.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    by_uid: HashMap<Uid, Arc<Job>>,
    /// What is no job because the object above it is still to come.
    parts: HashSet<Uid>,
    lines: Lines,
    traces: Traces,
    past: Past,
    reach: Reach,
    /// What ended or was missed with the last change.
    news: Vec<Arc<Job>>,
    /// When those that are not over were looked at last.
    looked_at: Option<Timestamp>,
    /// Counts the changes, so that what is made of the jobs knows when to be made anew.
    revision: u64,
}

/// What jobs are built from.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) catalog: &'a Catalog,
    pub(super) owners: &'a Arc<Owners>,
    pub(super) components: &'a Components,
    pub(super) accelerators: &'a Accelerators,
    pub(super) queues: &'a Queues,
    pub(super) applications: &'a Applications,
    pub(super) now: Timestamp,
}

/// What was known before.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    pub(super) jobs: &'a Arc<Jobs>,
    pub(super) owners: &'a Arc<Owners>,
}

impl Jobs {
    /// Every job, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.by_uid.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_uid.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_uid.is_empty()
    }

    /// The job whose object is `uid`.
    pub fn get(&self, uid: &Uid) -> Option<&Arc<Job>> {
        self.by_uid.get(uid)
    }

    /// The job of `kind` called `name` in `namespace`.
    pub fn named(&self, kind: &GroupKind, namespace: &str, name: &str) -> Option<&Arc<Job>> {
        self.by_uid
            .values()
            .find(|job| job.key.name == name && job.key.namespace == namespace && job.kind == *kind)
    }

    /// Those that are no longer in the cluster, as far as that is known, in no order.
    pub fn gone(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.past.iter().filter(|job| {
            self.reach.covers(&job.kind, &job.key.namespace) && !self.by_uid.contains_key(&job.uid)
        })
    }

    /// What ended or was missed when they became what they are.
    pub(crate) fn news(&self) -> &[Arc<Job>] {
        &self.news
    }

    /// Takes in what was kept of jobs of the past.
    pub(crate) fn remember(&mut self, kept: Vec<Arc<Job>>) {
        let news: Vec<Arc<Job>> = self.past.iter().map(Arc::clone).collect();
        self.past = self.past.with(kept).with(news);
        self.revision += 1;
    }

    /// Who waits in which queue, in order.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// A number that is another one whenever a job is.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Keeps the reason that a trace of `job` found; none where it found nothing. It is shown once the
    /// job is built anew.
    pub fn note_trace(&mut self, job: &Job, found: Option<Phrase>, now: Timestamp) {
        self.traces.note(job, found, now);
    }

    /// The jobs as they are now. Those of which nothing in `dirty` tells are as they were.
    pub(super) fn follow(
        setting: Setting<'_>,
        before: Option<Before<'_>>,
        dirty: &Dirty,
    ) -> Arc<Self> {
        let reach = Reach::of(setting.cluster);
        let Some(before) = before else {
            let first = Self::anew(setting, Traces::default(), 1);
            return Arc::new(Self { reach, ..first });
        };
        let stale = stale::among(setting, before, dirty);
        let is_same_tree = Arc::ptr_eq(before.owners, setting.owners);
        if is_same_tree && stale.is_none() && reach == before.jobs.reach {
            return Arc::clone(before.jobs);
        }
        let next = match stale {
            Changed::Some(stale) => before.jobs.moved_on(setting, &stale),
            Changed::All => {
                let traces = before.jobs.traces.clone();
                Self::anew(setting, traces, before.jobs.revision + 1)
            }
        };
        Arc::new(next.after(before.jobs, reach, setting))
    }

    /// The same, with what is past since `before`.
    fn after(mut self, before: &Self, reach: Reach, setting: Setting<'_>) -> Self {
        self.past = before.past.clone();
        if self.revision != before.revision {
            let is_missed = |job: &&Arc<Job>| {
                !self.by_uid.contains_key(&job.uid) && past::is_missed(setting.cluster, job)
            };
            let missed: Vec<Arc<Job>> = before
                .by_uid
                .values()
                .filter(is_missed)
                .map(|job| Arc::new(past::missed(job, setting.now)))
                .collect();
            let has_ended = |job: &&Arc<Job>| {
                let known = before.by_uid.get(&job.uid);
                job.state.is_over()
                    && known.is_none_or(|known| !known.state.is_over())
                    && !before.past.has(job)
            };
            let ended = self.by_uid.values().filter(has_ended).map(Arc::clone);
            let news = missed.iter().map(Arc::clone).chain(ended).collect();
            if !missed.is_empty() {
                self.past = before.past.with(missed);
            }
            self.news = news;
        }
        self.revision += u64::from(reach != before.reach);
        self.reach = reach;
        self
    }

    fn anew(setting: Setting<'_>, traces: Traces, revision: u64) -> Self {
        let mut parts = HashSet::new();
        let mut by_uid = HashMap::new();
        for (id, root) in setting.owners.roots() {
            if owners::is_part(setting.cluster, root) {
                parts.insert(root.uid.clone());
            } else if let Some(job) = build::build(setting, id, root) {
                let job = traces.apply(job, setting.now);
                by_uid.insert(root.uid.clone(), Arc::new(job));
            }
        }
        Self {
            lines: Lines::of(by_uid.values()),
            by_uid,
            parts,
            traces,
            past: Past::default(),
            reach: Reach::default(),
            news: Vec::new(),
            looked_at: Some(setting.now),
            revision,
        }
    }

    fn moved_on(&self, setting: Setting<'_>, stale: &HashSet<Uid>) -> Self {
        let mut by_uid = HashMap::with_capacity(self.by_uid.len());
        let mut parts = HashSet::new();
        let mut changed = false;
        for (id, root) in setting.owners.roots() {
            let known = self.by_uid.get(&root.uid);
            let is_stale =
                stale.contains(&root.uid) || (known.is_none() && stale::may_become(setting, id));
            let is_inner = if is_stale {
                owners::is_part(setting.cluster, root)
            } else {
                self.parts.contains(&root.uid)
            };
            if is_inner {
                parts.insert(root.uid.clone());
            }
            let next = match known {
                _ if is_inner => None,
                Some(known) if !is_stale => Some(Arc::clone(known)),
                _ if !is_stale => None,
                _ => build::build(setting, id, root).map(|job| {
                    let job = self.traces.apply(job, setting.now);
                    match known {
                        Some(known) if **known == job => Arc::clone(known),
                        _ => Arc::new(job),
                    }
                }),
            };
            changed |= match (known, &next) {
                (Some(known), Some(next)) => !Arc::ptr_eq(known, next),
                (None, None) => false,
                _ => true,
            };
            if let Some(next) = next {
                by_uid.insert(root.uid.clone(), next);
            }
        }
        changed |= by_uid.len() != self.by_uid.len();
        let is_look = stale::is_due(self, setting.now);
        Self {
            lines: if changed {
                Lines::of(by_uid.values())
            } else {
                self.lines.clone()
            },
            by_uid,
            parts,
            traces: self.traces.clone(),
            past: Past::default(),
            reach: Reach::default(),
            news: Vec::new(),
            looked_at: if is_look {
                Some(setting.now)
            } else {
                self.looked_at
            },
            revision: self.revision + u64::from(changed),
        }
    }
}
