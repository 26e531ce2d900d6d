//! Jobs: filter, sort, group, window; how many are in which state; one with all that is known of it.
//!
//! [`book`] keeps the lists, in the [`order`] and in the [`groups`] that were asked for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        job::{JobCount, JobState, JobSummaryRow},
    },
    topics::{JobSort, Topic},
};
use strata_catalog::Role;
use strata_domain::{ids::GroupKind, job::Progress, text::Text};
use tokio::time::Instant;

use super::{Rows, pods::Picture, queues};
use crate::{
    derive::{gpus::Gpus, jobs::Job},
    fleet::cluster::Watch,
};

mod attempts;
mod book;
pub mod detail;
mod groups;
mod order;
mod query;
pub(crate) mod ranks;
mod row;

pub use book::JobBook;
pub use query::{JobQuery, Span};
pub use row::{id, waiting};

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
            lanes,
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
                lanes: lanes.clone(),
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
                lanes: Vec::new(),
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
            namespaces: namespaces(picture),
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
        .filter_map(|watch| watch.missing_permission().map(str::to_owned))
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

/// The namespaces in which kinds are seen that may not be listed in the whole cluster.
fn namespaces(picture: Picture<'_>) -> Vec<String> {
    let seen_in: BTreeSet<&Text> = watches(picture).flat_map(Watch::namespaces).collect();
    seen_in.into_iter().map(Text::to_string).collect()
}

#[cfg(test)]
mod tests;
