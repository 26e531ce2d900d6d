//! Series that are gone with the test.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    ids::ClusterId,
    series::{SeriesKind, SeriesName, SeriesOf},
};
use strata_ports::{
    error::PortError,
    holdings::{HeldPast, PastHolding},
    objects::ObjectAddress,
    past_jobs::{LivingNow, PastJob},
    series::{
        Incident, Keeping, Moment, MomentQuestion, Point, Record, SeriesPoints, SeriesQuestion,
        SeriesStore,
    },
};

/// Series in memory, as they were handed over.
#[derive(Debug, Default)]
pub struct MemorySeries {
    records: Mutex<Vec<(ClusterId, Record)>>,
    keeping: Mutex<Keeping>,
}

impl MemorySeries {
    /// What was handed over, in order.
    pub fn records(&self) -> MutexGuard<'_, Vec<(ClusterId, Record)>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on says of itself that it does so.
    pub fn keep_as(&self, keeping: Keeping) {
        *self.kept() = keeping;
    }

    fn kept(&self) -> MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SeriesStore for MemorySeries {
    fn record(&self, cluster: &ClusterId, record: Record) {
        self.records().push((cluster.clone(), record));
    }

    fn names(
        &self,
        cluster: &ClusterId,
        kinds: &[SeriesKind],
        name: Option<&str>,
    ) -> Result<Vec<SeriesName>, PortError> {
        let is_asked = |of: &SeriesOf| {
            let stored = of.code().1;
            let is_called = name.is_none_or(|name| {
                let (from, until) = of.kind().names_of(name);
                (from.as_str()..until.as_str()).contains(&&*stored)
            });
            kinds.contains(&of.kind()) && is_called
        };
        let records = self.records();
        let of_cluster = records.iter().filter(|(of, _)| of == cluster);
        let mut names: Vec<SeriesName> = of_cluster
            .flat_map(|(_, record)| &record.samples)
            .map(|sample| (*sample.series).clone())
            .filter(|name| is_asked(&name.of))
            .collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn read(&self, question: &SeriesQuestion) -> Result<Vec<SeriesPoints>, PortError> {
        let records = self.records();
        let step = question.step.max(SignedDuration::from_secs(30));
        let place = |at: Timestamp| at.as_second().div_euclid(step.as_secs());
        let steps = place(question.from)..=place(question.until);
        let begins = Timestamp::from_second(steps.start() * step.as_secs());
        let answer = |name: &SeriesName| {
            let value_in = |wanted: i64| {
                let of_cluster = records.iter().filter(|(of, _)| *of == question.cluster);
                of_cluster
                    .flat_map(|(_, record)| &record.samples)
                    .filter(|sample| *sample.series == *name && place(sample.at) == wanted)
                    .map(|sample| sample.value)
                    .next_back()
            };
            let point = |value| Point {
                mean: value,
                least: value,
                most: value,
                samples: 1,
            };
            SeriesPoints {
                begins: begins.clone().unwrap_or(question.from),
                step,
                points: steps
                    .clone()
                    .map(|step| value_in(step).map(point))
                    .collect(),
            }
        };
        Ok(question.names.iter().map(answer).collect())
    }

    fn moment(&self, question: &MomentQuestion) -> Result<Moment, PortError> {
        let mut names = self.names(&question.cluster, &[SeriesKind::Gpu], None)?;
        names.retain(|name| name.measure == question.measure);
        let points = self.read(&SeriesQuestion {
            cluster: question.cluster.clone(),
            names: names.clone(),
            from: question.at,
            until: question.at,
            step: question.step,
        })?;
        let first = points.first();
        let begins = first.map_or(question.at, |points| points.begins);
        let step = first.map_or(question.step, |points| points.step);
        let values = names.into_iter().zip(points).filter_map(|(name, points)| {
            let SeriesOf::Gpu(gpu) = name.of else {
                return None;
            };
            Some((gpu, points.points.first().copied().flatten()?))
        });
        Ok(Moment {
            begins,
            step,
            values: values.collect(),
        })
    }

    fn incidents(
        &self,
        cluster: &ClusterId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Incident>, PortError> {
        let records = self.records();
        let of_cluster = records.iter().filter(|(of, _)| of == cluster);
        let incidents = of_cluster.flat_map(|(_, record)| &record.incidents);
        Ok(incidents
            .filter(|incident| incident.began < until && incident.seen >= from)
            .cloned()
            .collect())
    }

    fn held_by(&self, cluster: &ClusterId, owner: &ObjectAddress) -> Result<HeldPast, PortError> {
        let records = self.records();
        let of_cluster = records.iter().filter(|(of, _)| of == cluster);
        let told: Vec<_> = of_cluster
            .filter_map(|(_, record)| record.held.as_ref())
            .collect();
        let mut holdings: Vec<PastHolding> = Vec::new();
        for held in &told {
            for past in &mut holdings {
                if !held.holdings.contains(&past.holding) {
                    past.ended.get_or_insert(held.at);
                }
            }
            let of_owner = held.holdings.iter().filter(|one| one.owner == *owner);
            for holding in of_owner {
                if !holdings.iter().any(|past| past.holding == *holding) {
                    holdings.push(PastHolding {
                        holding: holding.clone(),
                        ended: None,
                    });
                }
            }
        }
        Ok(HeldPast {
            since: told.first().map(|held| held.at),
            holdings,
        })
    }

    fn past_jobs(&self, cluster: &ClusterId) -> Result<Vec<PastJob>, PortError> {
        let records = self.records();
        let of_cluster = records.iter().filter(|(of, _)| of == cluster);
        let mut jobs: Vec<PastJob> = Vec::new();
        let mut living: Vec<PastJob> = Vec::new();
        for (_, record) in of_cluster {
            for job in &record.jobs {
                jobs.retain(|known| known.uid != job.uid);
                living.retain(|known| known.uid != job.uid);
                jobs.push(job.clone());
            }
            if let Some(now) = &record.living {
                look_again(now, &mut living, &mut jobs);
            }
        }
        jobs.retain(|job| living.iter().all(|known| known.uid != job.uid));
        jobs.append(&mut living);
        jobs.sort_by_key(|job| std::cmp::Reverse(job.ended));
        Ok(jobs)
    }

    fn keeping(&self, _: &ClusterId) -> Keeping {
        self.kept().clone()
    }
}

/// Takes in which jobs are not over `now`; those that are missing at a first look are of the past.
fn look_again(now: &LivingNow, living: &mut Vec<PastJob>, past: &mut Vec<PastJob>) {
    if let Some(jobs) = &now.jobs {
        let before = std::mem::take(living);
        if now.is_first {
            let is_missing = |known: &PastJob| jobs.iter().all(|job| job.uid != known.uid);
            past.extend(before.into_iter().filter(is_missing));
        }
        living.extend(jobs.iter().map(|job| PastJob {
            uid: job.uid.clone(),
            ended: now.at,
            what: job.what.to_string(),
        }));
    }
    for job in living {
        job.ended = now.at;
    }
}
