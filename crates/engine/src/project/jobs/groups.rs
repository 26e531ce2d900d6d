//! Jobs in groups, and groups that are lanes across several lists.
//!
//! On a board each state has a list of its own, and a group stands in all of them. So that it begins
//! at the same line everywhere, each list leaves room for the longest of them.

use std::{collections::BTreeMap, sync::Arc};

use hashbrown::HashMap;
use strata_api::{
    rows::job::{JobGroupRow, JobState as Shown},
    topics::JobGroup,
};
use strata_domain::{job::JobState, text::Text};

use super::{book::Line, query::JobQuery};
use crate::derive::jobs::{Job, Jobs};

/// How many lines each lane has, by the name of its group.
#[derive(Debug)]
pub(super) struct Lanes {
    query: JobQuery,
    revision: u64,
    longest: HashMap<Text, usize>,
}

impl Lanes {
    /// The lanes that `query` asks for, if it does; from `kept` where they are those already: the lists
    /// of one board ask one after the other.
    pub(super) fn kept<'a>(
        kept: &'a mut Option<Self>,
        jobs: &Jobs,
        query: &JobQuery,
    ) -> Option<&'a Self> {
        let group = query.group.filter(|_| !query.lanes.is_empty())?;
        if kept.as_ref().is_none_or(|kept| !kept.are_of(jobs, query)) {
            *kept = Some(Self::of(jobs, query, group));
        }
        kept.as_ref()
    }

    fn are_of(&self, jobs: &Jobs, query: &JobQuery) -> bool {
        self.revision == jobs.revision()
            && self.query.group == query.group
            && self.query.lanes == query.lanes
            && self.query.namespaces == query.namespaces
            && self.query.filter == query.filter
    }

    fn of(jobs: &Jobs, query: &JobQuery, group: JobGroup) -> Self {
        let mut counts: HashMap<&Text, Vec<usize>> = HashMap::new();
        for job in jobs.iter() {
            let state = Shown::from(job.state);
            let lane = query.lanes.iter().position(|asked| *asked == state);
            let asked = lane.filter(|_| query.is_of_namespace(job) && query.is_found(job));
            let Some(lane) = asked else {
                continue;
            };
            let of_group = counts
                .entry(group_of(group, job))
                .or_insert_with(|| vec![0; query.lanes.len()]);
            if let Some(count) = of_group.get_mut(lane) {
                *count += 1;
            }
        }
        let longest = counts.into_iter().map(|(name, counts)| {
            let longest = counts.into_iter().max().unwrap_or_default();
            (name.clone(), longest)
        });
        Self {
            query: query.clone(),
            revision: jobs.revision(),
            longest: longest.collect(),
        }
    }
}

/// The lines of `jobs`, group by group: a head, its jobs in the order that they have, and the room that
/// its lane leaves.
pub(super) fn grouped(by: JobGroup, jobs: &[&Arc<Job>], lanes: Option<&Lanes>) -> Vec<Line> {
    let mut groups: BTreeMap<&Text, Vec<&Arc<Job>>> = BTreeMap::new();
    for job in jobs {
        groups.entry(group_of(by, job)).or_default().push(job);
    }
    for name in lanes.iter().flat_map(|lanes| lanes.longest.keys()) {
        groups.entry(name).or_default();
    }
    // What is in no group stands last.
    let (without, named): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|(name, _)| name.is_empty());
    let mut lines = Vec::with_capacity(jobs.len() + named.len() + 1);
    for (name, members) in named.into_iter().chain(without) {
        let longest = lanes.and_then(|lanes| lanes.longest.get(name)).copied();
        let room = members.len()..longest.unwrap_or_default();
        lines.push(Line::Head(head(name, &members)));
        lines.extend(members.into_iter().map(Arc::clone).map(Line::Job));
        lines.extend(room.map(|at| Line::Room {
            group: name.clone(),
            at,
        }));
    }
    lines
}

fn group_of(by: JobGroup, job: &Job) -> &Text {
    match by {
        JobGroup::Queue => &job.queue,
        JobGroup::Namespace => &job.key.namespace,
        JobGroup::Owner => &job.owner,
        JobGroup::Kind => &job.kind.kind,
    }
}

fn head(name: &Text, members: &[&Arc<Job>]) -> JobGroupRow {
    let count = |some: usize| u32::try_from(some).unwrap_or(u32::MAX);
    let in_state =
        |test: fn(JobState) -> bool| count(members.iter().filter(|job| test(job.state)).count());
    JobGroupRow {
        name: name.to_string(),
        jobs: count(members.len()),
        running: in_state(|state| state == JobState::Running),
        waiting: in_state(JobState::is_waiting),
        gpus_held: members.iter().map(|job| job.gpus_held).sum(),
    }
}
