//! Queues: what is theirs, what they hold, what is lent to whom, who waits.

use std::collections::BTreeMap;

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        queue::{QueueRow, QuotaRow, QuotaUnit},
    },
};
use strata_catalog::Role;
use strata_domain::{
    accelerator::classify,
    custom::Custom,
    job::JobState,
    queue::{QueueObject, Quota},
    severity::Severity,
    text::Text,
};

use super::{Rows, jobs::waiting, pods::Picture};
use crate::derive::jobs::Job;

/// How many of those that wait are told with their queue.
const MOST_WAITING: usize = 50;

/// What lends and borrows among itself: a cohort, with one resource of one flavor.
type Pool<'a> = (&'a str, &'a str, &'a str);

/// A pool's sums.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    borrowed: u64,
    idle: u64,
}

/// Every queue of the cluster, by kind, cohort and name.
pub fn rows(picture: Picture<'_>) -> Rows {
    let mut queues: Vec<(&Custom, &QueueObject)> = picture
        .catalog
        .watch_kinds()
        .into_iter()
        .filter(|rule| matches!(rule.role, Role::Queue(_)))
        .flat_map(|rule| picture.cluster.custom(&rule.kind))
        .filter_map(|custom| Some((custom, custom.queue.as_deref()?)))
        .collect();
    queues.sort_by(|left, right| {
        let key = |(custom, queue): &(&Custom, &QueueObject)| {
            (
                custom.kind.clone(),
                queue.parent.clone(),
                custom.metadata.key.name.clone(),
            )
        };
        key(left).cmp(&key(right))
    });
    let pools = pools(&queues);
    let held = held(picture);
    let rows = queues
        .iter()
        .map(|(custom, queue)| row(picture, custom, queue, &pools, &held));
    Rows::all(rows.collect())
}

fn pools<'a>(queues: &[(&Custom, &'a QueueObject)]) -> BTreeMap<Pool<'a>, Shared> {
    let mut pools: BTreeMap<Pool<'a>, Shared> = BTreeMap::new();
    for (_, queue) in queues {
        for quota in &queue.quotas {
            let shared = pools.entry(pool(queue, quota)).or_default();
            shared.borrowed += quota.borrowed();
            shared.idle += lendable(queue, quota);
        }
    }
    pools
}

fn pool<'a>(queue: &'a QueueObject, quota: &'a Quota) -> Pool<'a> {
    (&queue.parent, &quota.flavor, &quota.resource)
}

/// What others may take of a quota now. A queue that stands alone lends nothing.
fn lendable(queue: &QueueObject, quota: &Quota) -> u64 {
    if queue.parent.is_empty() {
        return 0;
    }
    quota
        .lending_limit
        .map_or(quota.idle(), |limit| quota.idle().min(limit))
}

/// What is lent of a quota: the pool lends as a whole, and each queue has a part in that by what it
/// leaves idle. What is borrowed is not idle any more in the sum of all quotas, so that no more is
/// lent than is there.
fn lent(queue: &QueueObject, quota: &Quota, shared: Shared) -> u64 {
    let mine = lendable(queue, quota);
    if shared.idle == 0 || mine == 0 {
        return 0;
    }
    let borrowed = shared.borrowed.min(shared.idle);
    u64::try_from(u128::from(borrowed) * u128::from(mine) / u128::from(shared.idle)).unwrap_or(0)
}

/// How many jobs each queue has let in.
fn held(picture: Picture<'_>) -> BTreeMap<&Text, u32> {
    let mut held = BTreeMap::new();
    let inside = |job: &Job| {
        matches!(
            job.state,
            JobState::Admitted | JobState::Starting | JobState::Running
        )
    };
    for job in picture.derived.jobs.iter() {
        if !job.queue.is_empty() && inside(job) {
            *held.entry(&job.queue).or_default() += 1;
        }
    }
    held
}

fn row(
    picture: Picture<'_>,
    custom: &Custom,
    queue: &QueueObject,
    pools: &BTreeMap<Pool<'_>, Shared>,
    held: &BTreeMap<&Text, u32>,
) -> KeyedRow {
    let name = &custom.metadata.key.name;
    let line = picture.derived.jobs.lines().before(name);
    let oldest = line.iter().filter_map(|job| job.queued).min();
    let worst = line.iter().map(|job| job.severity).max();
    let own = picture
        .derived
        .queues
        .queues
        .get(name)
        .map(|known| known.severity)
        .unwrap_or_default();
    let mut quotas: Vec<QuotaRow> = queue
        .quotas
        .iter()
        .map(|quota| {
            let shared = pools.get(&pool(queue, quota)).copied().unwrap_or_default();
            quota_row(quota, lent(queue, quota, shared))
        })
        .collect();
    quotas.sort_by_key(|quota| quota.unit);
    let starves = starves(line.first().map(|job| &**job), &quotas);
    let severity = own
        .max(worst.unwrap_or_default())
        .max(if starves {
            Severity::Warning
        } else {
            Severity::Ok
        })
        .max(if queue.stopped.is_empty() {
            Severity::Ok
        } else {
            Severity::Notice
        });
    KeyedRow {
        id: format!("{}/{name}", custom.kind),
        row: Row::Queue(QueueRow {
            kind: custom.kind.kind.to_string(),
            group: custom.kind.group.to_string(),
            name: name.to_string(),
            parent: queue.parent.to_string(),
            strategy: queue.strategy.to_string(),
            stopped: queue.stopped.to_string(),
            weight: queue.weight.to_string(),
            severity: severity.into(),
            waiting: u32::try_from(line.len()).unwrap_or(u32::MAX),
            starves,
            admitted: held.get(name).copied().unwrap_or(0),
            oldest_at: oldest.map(|at| at.to_string()),
            line: line
                .iter()
                .zip(1..)
                .take(MOST_WAITING)
                .map(|(job, at)| waiting(job, at))
                .collect(),
            quotas,
        }),
    }
}

/// Whether the first in line would fit into what is the queue's own, were it not lent out.
fn starves(first: Option<&Job>, quotas: &[QuotaRow]) -> bool {
    let Some(asked) = first
        .and_then(|job| job.gpus_asked)
        .filter(|asked| *asked > 0)
    else {
        return false;
    };
    quotas
        .iter()
        .filter(|quota| quota.unit == QuotaUnit::Devices && quota.lent > 0.0)
        .any(|quota| {
            let own = quota.nominal.unwrap_or(0.0) - quota.used;
            let asked = f64::from(asked);
            own >= asked && own - quota.lent < asked
        })
}

fn quota_row(quota: &Quota, lent: u64) -> QuotaRow {
    let unit = match quota.resource.as_str() {
        "cpu" => QuotaUnit::Cores,
        "memory" => QuotaUnit::Bytes,
        device if classify(device).is_some() => QuotaUnit::Devices,
        _ => QuotaUnit::Units,
    };
    let amount = |value: u64| {
        let value = approximate(value);
        if unit == QuotaUnit::Cores {
            value / 1000.0
        } else {
            value
        }
    };
    QuotaRow {
        flavor: quota.flavor.to_string(),
        resource: quota.resource.to_string(),
        unit,
        nominal: quota.nominal.map(amount),
        used: amount(quota.used),
        borrowed: amount(quota.borrowed()),
        lent: amount(lent),
        borrowing_limit: quota.borrowing_limit.map(amount),
        lending_limit: quota.lending_limit.map(amount),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an amount is shown to three digits"
)]
fn approximate(value: u64) -> f64 {
    value as f64
}
