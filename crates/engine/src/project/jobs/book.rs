//! The lists of jobs that are shown: put in order when one is first asked for and when a job is
//! another one than before; a window on one is a slice.

use std::sync::Arc;

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        job::{JobGroupRow, JobRoomRow},
    },
    topics::Window,
};
use strata_domain::text::Text;
use tokio::time::{Duration, Instant};

use super::{
    Rows,
    groups::{Lanes, grouped},
    order::compare,
    query::JobQuery,
    row,
};
use crate::derive::jobs::{Job, Jobs};

/// How long an order that no window shows is kept.
const KEPT: Duration = Duration::from_secs(30);

/// The orders that are shown of a cluster's jobs.
#[derive(Debug, Default)]
pub struct JobBook {
    orders: Vec<Order>,
    /// The lanes that were asked for last.
    lanes: Option<Lanes>,
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
pub(super) enum Line {
    Head(JobGroupRow),
    Job(Arc<Job>),
    /// None, where another list beside this one has a job.
    Room {
        group: Text,
        at: usize,
    },
}

impl JobBook {
    /// The rows of `window`, and how many there are around them.
    pub fn rows(&mut self, jobs: &Jobs, query: &JobQuery, window: Window, moment: Instant) -> Rows {
        let Self { orders, lanes } = self;
        orders.retain(|order| {
            if order.query == *query {
                order.revision == jobs.revision()
            } else {
                moment < order.used + KEPT
            }
        });
        if !orders.iter().any(|order| order.query == *query) {
            let lanes = Lanes::kept(lanes, jobs, query);
            orders.push(Order::of(jobs, query.clone(), lanes, moment));
        }
        let Some(order) = orders.iter_mut().find(|order| order.query == *query) else {
            return Rows::default();
        };
        order.used = moment;
        let window = order
            .lines
            .iter()
            .skip(window.first as usize)
            .take(window.count.min(Window::MOST) as usize)
            .map(|line| line.row(jobs))
            .collect();
        Rows {
            total: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
            unfiltered: order.unfiltered,
            window,
        }
    }
}

impl Order {
    fn of(jobs: &Jobs, query: JobQuery, lanes: Option<&Lanes>, used: Instant) -> Self {
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
            Some(group) => grouped(group, &asked, lanes),
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

impl Line {
    fn row(&self, jobs: &Jobs) -> KeyedRow {
        match self {
            Self::Head(head) => KeyedRow {
                id: format!("group/{}", head.name),
                row: Row::JobGroup(head.clone()),
            },
            Self::Job(job) => KeyedRow {
                id: row::id(job),
                row: Row::Job(row::of(jobs, job)),
            },
            Self::Room { group, at } => KeyedRow {
                id: format!("room/{group}/{at}"),
                row: Row::JobRoom(JobRoomRow {
                    group: group.to_string(),
                }),
            },
        }
    }
}
