//! Jobs: filter, sort, group, window; how many are in which state; one with all that is known of it.
//!
//! A list is put in order when it is first asked for and when a job is another one than before; a
//! window on it is a slice.

use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        job::{JobCount, JobGroupRow, JobState, JobSummaryRow},
    },
    topics::{JobColumn, JobGroup, JobSort, Topic, Window},
};
use strata_catalog::Role;
use strata_domain::{ids::GroupKind, job::Progress, text::Text};
use strata_ports::cluster::WatchState;
use tokio::time::{Duration, Instant};

use super::{Rows, pods::Picture, queues};
use crate::{
    derive::{
        gpus::Gpus,
        jobs::{Job, Jobs},
    },
    fleet::cluster::Watch,
};

mod attempts;
pub mod detail;
mod query;
pub(crate) mod ranks;
mod row;

pub use query::{JobQuery, Span};
pub use row::{id, waiting};

/// How long an order that no window shows is kept.
const KEPT: Duration = Duration::from_secs(30);
/// Of which jobs the waits are summed up: those that began to run in this time.
const LATELY: SignedDuration = SignedDuration::from_hours(24);

/// The rows of `topic`, where it is one about jobs or queues; else none.
pub fn topic_rows(
    picture: Picture<'_>,
    gpus: &Gpus,
    book: &mut JobBook,
    topic: &Topic,
    moment: Instant,
) -> Rows {
    let jobs = &picture.derived.jobs;
    match topic {
        Topic::Jobs {
            namespaces,
            states,
            filter,
            group,
            sort,
            past,
            window,
            ..
        } => {
            let query = JobQuery {
                namespaces: namespaces.clone(),
                states: states.clone(),
                filter: filter.to_lowercase(),
                group: *group,
                sort: *sort,
                past: past.as_ref().map(Span::of),
            };
            book.rows(jobs, &query, *window, moment)
        }
        Topic::JobSummary {
            namespaces, filter, ..
        } => {
            let query = JobQuery {
                namespaces: namespaces.clone(),
                states: Vec::new(),
                filter: filter.to_lowercase(),
                group: None,
                sort: JobSort::default(),
                past: None,
            };
            summary(picture, &query)
        }
        Topic::Job {
            kind,
            group,
            namespace,
            name,
            past,
            ..
        } => {
            let kind = GroupKind::new(group.as_str(), kind.as_str());
            match past {
                Some(uid) => detail::past(picture, &kind, uid),
                None => detail::rows(picture, gpus, &kind, namespace, name),
            }
        }
        Topic::Queues { .. } => queues::rows(picture),
        _ => Rows::default(),
    }
}

/// The orders that are shown of a cluster's jobs.
#[derive(Debug, Default)]
pub struct JobBook {
    orders: Vec<Order>,
}

#[derive(Debug)]
struct Order {
    query: JobQuery,
    revision: u64,
    used: Instant,
    unfiltered: u32,
    lines: Vec<Line>,
}

/// A line of a list.
#[derive(Debug)]
enum Line {
    Head(JobGroupRow),
    Job(Arc<Job>),
}

impl JobBook {
    /// The rows of `window`, and how many there are around them.
    pub fn rows(&mut self, jobs: &Jobs, query: &JobQuery, window: Window, moment: Instant) -> Rows {
        self.orders
            .retain(|order| order.query == *query || moment < order.used + KEPT);
        if !self.orders.iter().any(|order| order.query == *query) {
            self.orders.push(Order::of(jobs, query.clone(), moment));
        }
        let shared = self.orders.iter_mut().find(|order| order.query == *query);
        let Some(order) = shared else {
            return Rows::default();
        };
        if order.revision != jobs.revision() {
            *order = Order::of(jobs, query.clone(), moment);
        }
        order.used = moment;
        let window = order
            .lines
            .iter()
            .skip(window.first as usize)
            .take(window.count.min(Window::MOST) as usize)
            .map(|line| match line {
                Line::Head(head) => KeyedRow {
                    id: format!("group/{}", head.name),
                    row: Row::JobGroup(head.clone()),
                },
                Line::Job(job) => KeyedRow {
                    id: id(job),
                    row: Row::Job(row::of(jobs, job)),
                },
            })
            .collect();
        Rows {
            total: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
            unfiltered: order.unfiltered,
            window,
        }
    }
}

impl Order {
    fn of(jobs: &Jobs, query: JobQuery, used: Instant) -> Self {
        let gone = query
            .past
            .into_iter()
            .flat_map(|past| jobs.gone().filter(move |job| past.knew(job)));
        let mut asked: Vec<&Arc<Job>> = jobs
            .iter()
            .chain(gone)
            .filter(|job| query.is_of_namespace(job) && query.is_in_state(job))
            .collect();
        let unfiltered = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        if !query.filter.is_empty() {
            asked.retain(|job| query.is_found(job));
        }
        asked.sort_unstable_by(|left, right| compare(query.sort, left, right));
        let lines = match query.group {
            None => asked.into_iter().map(Arc::clone).map(Line::Job).collect(),
            Some(group) => grouped(group, &asked),
        };
        Self {
            query,
            revision: jobs.revision(),
            used,
            unfiltered,
            lines,
        }
    }
}

fn grouped(by: JobGroup, jobs: &[&Arc<Job>]) -> Vec<Line> {
    let mut groups: BTreeMap<&Text, Vec<&Arc<Job>>> = BTreeMap::new();
    for job in jobs {
        let name = match by {
            JobGroup::Queue => &job.queue,
            JobGroup::Namespace => &job.key.namespace,
            JobGroup::Owner => &job.owner,
            JobGroup::Kind => &job.kind.kind,
        };
        groups.entry(name).or_default().push(job);
    }
    // What is in no group stands last.
    let (without, named): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|(name, _)| name.is_empty());
    let count = |some: usize| u32::try_from(some).unwrap_or(u32::MAX);
    let mut lines = Vec::with_capacity(jobs.len() + named.len() + 1);
    for (name, members) in named.into_iter().chain(without) {
        let in_state = |test: fn(strata_domain::job::JobState) -> bool| {
            count(members.iter().filter(|job| test(job.state)).count())
        };
        lines.push(Line::Head(JobGroupRow {
            name: name.to_string(),
            jobs: count(members.len()),
            running: in_state(|state| state == strata_domain::job::JobState::Running),
            waiting: in_state(strata_domain::job::JobState::is_waiting),
            gpus_held: members.iter().map(|job| job.gpus_held).sum(),
        }));
        lines.extend(members.into_iter().map(Arc::clone).map(Line::Job));
    }
    lines
}

fn compare(sort: JobSort, left: &Job, right: &Job) -> Ordering {
    let by_column = match sort.by {
        JobColumn::State => (
            rank(left),
            left.severity < strata_domain::severity::Severity::Warning,
        )
            .cmp(&(
                rank(right),
                right.severity < strata_domain::severity::Severity::Warning,
            ))
            .then_with(|| recent(right).cmp(&recent(left))),
        JobColumn::Name => left.key.name.cmp(&right.key.name),
        JobColumn::Kind => left.kind.kind.cmp(&right.kind.kind),
        JobColumn::Namespace => left.key.namespace.cmp(&right.key.namespace),
        JobColumn::Queue => left.queue.cmp(&right.queue),
        JobColumn::Owner => left.owner.cmp(&right.owner),
        JobColumn::Gpus => left.gpus_asked.cmp(&right.gpus_asked),
        // Longest first is oldest first.
        JobColumn::Queued => right.queued.cmp(&left.queued),
        JobColumn::Run => run(left).cmp(&run(right)),
        JobColumn::Progress => progress(left)
            .unwrap_or(-1.0)
            .total_cmp(&progress(right).unwrap_or(-1.0)),
        JobColumn::Priority => left.priority_value.cmp(&right.priority_value),
        JobColumn::Retries => {
            (left.retries + left.evictions).cmp(&(right.retries + right.evictions))
        }
    };
    let directed = if sort.descending {
        by_column.reverse()
    } else {
        by_column
    };
    directed
        .then_with(|| left.key.cmp(&right.key))
        .then_with(|| left.kind.cmp(&right.kind))
        .then_with(|| left.uid.cmp(&right.uid))
}

/// What should run comes before what runs, that before what is over.
fn rank(job: &Job) -> u8 {
    use strata_domain::job::JobState as State;
    match job.state {
        State::Queued => 0,
        State::Admitted => 1,
        State::Starting => 2,
        State::Running => 3,
        State::Unknown => 4,
        State::Suspended => 5,
        State::Failed => 6,
        State::Succeeded => 7,
    }
}

fn recent(job: &Job) -> Option<Timestamp> {
    job.finished.or(job.started).or(job.queued)
}

/// A number that orders as the time in which it ran: what still runs goes by its beginning.
fn run(job: &Job) -> (bool, SignedDuration) {
    match (job.started, job.finished) {
        (Some(started), Some(finished)) => (true, finished.duration_since(started)),
        (Some(started), None) => (true, Timestamp::MAX.duration_since(started)),
        _ => (false, SignedDuration::ZERO),
    }
}

/// How far `job` came, from 0 to 1.
pub(crate) fn progress(job: &Job) -> Option<f64> {
    match job.progress? {
        Progress::Parts { of: 0, .. } => None,
        Progress::Parts { done, of } => Some(f64::from(done.min(of)) / f64::from(of)),
        Progress::Percent(percent) => Some(f64::from(percent) / 100.0),
    }
}

/// How many of the jobs that are asked for are in which state, whatever states are shown.
pub fn summary(picture: Picture<'_>, query: &JobQuery) -> Rows {
    let (jobs, now) = (&picture.derived.jobs, picture.now);
    let mut counts: BTreeMap<JobState, u32> = BTreeMap::new();
    let mut waits = Vec::new();
    for job in jobs.iter() {
        if !query.is_of_namespace(job) || !query.is_found(job) {
            continue;
        }
        *counts.entry(job.state.into()).or_default() += 1;
        let lately = job
            .started
            .filter(|started| !job.is_lasting && now.duration_since(*started) <= LATELY);
        if let Some((started, queued)) = lately.zip(job.queued) {
            waits.push(started.duration_since(queued).as_secs_f64().max(0.0));
        }
    }
    waits.sort_by(f64::total_cmp);
    let quantile = |of_hundred: usize| {
        let last = waits.len().checked_sub(1)?;
        waits.get((last * of_hundred).div_ceil(100)).copied()
    };
    Rows::all(vec![KeyedRow {
        id: "summary".to_owned(),
        row: Row::JobSummary(JobSummaryRow {
            states: counts
                .into_iter()
                .map(|(state, jobs)| JobCount { state, jobs })
                .collect(),
            loading: watches(picture).any(|watch| !watch.is_settled()),
            forbidden: forbidden(picture),
            wait_median_seconds: quantile(50),
            wait_p95_seconds: quantile(95),
        }),
    }])
}

/// The watches of the kinds that may be jobs, or hold them back.
fn watches(picture: Picture<'_>) -> impl Iterator<Item = &Watch> {
    let built_in = [
        ("", "Pod"),
        ("batch", "Job"),
        ("batch", "CronJob"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
    ];
    let custom = picture
        .catalog
        .watch_kinds()
        .into_iter()
        .filter(|rule| !matches!(rule.role, Role::Plain))
        .map(|rule| rule.kind.clone());
    let kinds = built_in.map(|(group, kind)| GroupKind::new(group, kind));
    kinds
        .into_iter()
        .chain(custom)
        .filter_map(|kind| picture.cluster.watch(&kind))
}

fn forbidden(picture: Picture<'_>) -> Vec<String> {
    let mut missing: Vec<String> = watches(picture)
        .filter_map(|watch| match &watch.state {
            WatchState::Forbidden { permission } => Some(permission.clone()),
            _ => None,
        })
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

#[cfg(test)]
mod tests;
