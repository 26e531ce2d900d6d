//! Jobs that are not over, as they were seen last: what is missing at the next start went meanwhile.
//!
//! What is handed over is all of them; a row is written when one comes or is otherwise, and when they
//! were seen is one number of their cluster.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::Connection;
use strata_domain::{ids::Uid, text::Text};
use strata_ports::past_jobs::{LivingJob, LivingNow, PastJob};

use super::{file::SeriesError, past_jobs};

/// The step from the tables before to those with living jobs.
pub(super) const CREATE: &str = "
    -- When the jobs of the cluster were seen last, in seconds.
    ALTER TABLE cluster ADD COLUMN jobs_seen INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE living_job (
        cluster INTEGER NOT NULL,
        uid TEXT NOT NULL,
        what TEXT NOT NULL,
        PRIMARY KEY (cluster, uid)
    ) STRICT, WITHOUT ROWID;
";

/// Notes the jobs of the cluster `cluster` that are not over. What is told for the first time since the
/// cluster is followed makes those that are missing jobs of the past.
pub(super) fn note(
    connection: &Connection,
    cluster: i64,
    living: &LivingNow,
) -> Result<(), SeriesError> {
    if let Some(jobs) = &living.jobs {
        let mut before = of_cluster(connection, cluster)?;
        for job in jobs {
            let known = before.remove(job.uid.0.as_str());
            if known.as_deref() != Some(&*job.what) {
                put(connection, cluster, job)?;
            }
        }
        let mut remove =
            connection.prepare_cached("DELETE FROM living_job WHERE cluster = ?1 AND uid = ?2")?;
        for uid in before.keys() {
            remove.execute((cluster, uid.as_str()))?;
        }
        if living.is_first {
            let seen = seen(connection, cluster)?;
            let gone: Vec<PastJob> = before
                .into_iter()
                .map(|(uid, what)| PastJob {
                    uid: Uid(Text::from(uid)),
                    ended: seen,
                    what,
                })
                .collect();
            past_jobs::note(connection, cluster, &gone)?;
        }
    }
    connection
        .prepare_cached("UPDATE cluster SET jobs_seen = ?2 WHERE id = ?1")?
        .execute((cluster, living.at.as_second()))?;
    Ok(())
}

/// Forgets `over`, which are jobs of the past by now.
pub(super) fn forget(
    connection: &Connection,
    cluster: i64,
    over: &[PastJob],
) -> Result<(), SeriesError> {
    let mut remove =
        connection.prepare_cached("DELETE FROM living_job WHERE cluster = ?1 AND uid = ?2")?;
    for job in over {
        remove.execute((cluster, job.uid.0.as_str()))?;
    }
    Ok(())
}

/// Removes what was seen last before `second` in the cluster `cluster`; in every one where none is
/// named.
pub(super) fn remove(
    connection: &Connection,
    cluster: Option<i64>,
    second: i64,
) -> Result<(), SeriesError> {
    connection.execute(
        "DELETE FROM living_job WHERE (?1 IS NULL OR cluster = ?1)
         AND cluster IN (SELECT id FROM cluster WHERE jobs_seen < ?2)",
        (cluster, second),
    )?;
    Ok(())
}

fn put(connection: &Connection, cluster: i64, job: &LivingJob) -> Result<(), SeriesError> {
    connection
        .prepare_cached(
            "INSERT INTO living_job (cluster, uid, what) VALUES (?1, ?2, ?3)
             ON CONFLICT (cluster, uid) DO UPDATE SET what = excluded.what",
        )?
        .execute((cluster, job.uid.0.as_str(), &*job.what))?;
    Ok(())
}

/// What is kept of the cluster's, by identity.
fn of_cluster(
    connection: &Connection,
    cluster: i64,
) -> Result<BTreeMap<String, String>, SeriesError> {
    let mut find =
        connection.prepare_cached("SELECT uid, what FROM living_job WHERE cluster = ?1")?;
    let rows = find.query_map([cluster], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn seen(connection: &Connection, cluster: i64) -> Result<Timestamp, SeriesError> {
    let mut find = connection.prepare_cached("SELECT jobs_seen FROM cluster WHERE id = ?1")?;
    let second = find.query_row([cluster], |row| row.get(0))?;
    Timestamp::from_second(second)
        .map_err(|_| SeriesError::Unreadable("a time that is none".to_owned()))
}

#[cfg(test)]
mod tests;
