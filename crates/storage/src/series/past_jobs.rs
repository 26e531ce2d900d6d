//! Jobs that are over, or went while nobody looked: each once, as it was told last.

use jiff::Timestamp;
use rusqlite::Connection;
use strata_domain::{ids::Uid, text::Text};
use strata_ports::past_jobs::{MOST, PastJob};

use super::{file::SeriesError, names};

/// The step from the tables before to those with past jobs.
pub(super) const CREATE: &str = "
    CREATE TABLE past_job (
        cluster INTEGER NOT NULL,
        uid TEXT NOT NULL,
        -- In seconds.
        ended INTEGER NOT NULL,
        what TEXT NOT NULL,
        PRIMARY KEY (cluster, uid)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX past_job_by_end ON past_job (cluster, ended);
";

/// Notes `jobs` of the cluster `cluster`; of too many those that ended first are removed.
pub(super) fn note(
    connection: &Connection,
    cluster: i64,
    jobs: &[PastJob],
) -> Result<(), SeriesError> {
    if jobs.is_empty() {
        return Ok(());
    }
    let mut put = connection.prepare_cached(
        "INSERT INTO past_job (cluster, uid, ended, what) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (cluster, uid) DO UPDATE SET ended = excluded.ended, what = excluded.what",
    )?;
    for job in jobs {
        put.execute((
            cluster,
            job.uid.0.as_str(),
            job.ended.as_second(),
            job.what.as_str(),
        ))?;
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "DELETE FROM past_job WHERE cluster = ?1 AND uid IN (
                 SELECT uid FROM past_job WHERE cluster = ?1
                 ORDER BY ended DESC, uid LIMIT -1 OFFSET ?2)",
        )?
        .execute((cluster, most))?;
    Ok(())
}

/// Those of the cluster `name`, and those that were not over when they were seen last, the latest
/// first.
pub(super) fn of_cluster(connection: &Connection, name: &str) -> Result<Vec<PastJob>, SeriesError> {
    let Some(cluster) = names::cluster(connection, name)? else {
        return Ok(Vec::new());
    };
    let mut find = connection.prepare_cached(
        "SELECT uid, ended, what FROM past_job WHERE cluster = ?1
             AND uid NOT IN (SELECT uid FROM living_job WHERE cluster = ?1)
         UNION ALL
         SELECT uid, jobs_seen, what FROM living_job JOIN cluster ON cluster.id = living_job.cluster
             WHERE living_job.cluster = ?1
         ORDER BY 2 DESC, 1",
    )?;
    let mut rows = find.query([cluster])?;
    let mut jobs = Vec::new();
    while let Some(row) = rows.next()? {
        let ended = Timestamp::from_second(row.get(1)?)
            .map_err(|_| SeriesError::Unreadable("a time that is none".to_owned()))?;
        jobs.push(PastJob {
            uid: Uid(Text::from(row.get::<_, String>(0)?)),
            ended,
            what: row.get(2)?,
        });
    }
    Ok(jobs)
}

/// Removes what ended before `second` in the cluster `cluster`; in every one where none is named.
pub(super) fn remove(
    connection: &Connection,
    cluster: Option<i64>,
    second: i64,
) -> Result<(), SeriesError> {
    connection.execute(
        "DELETE FROM past_job WHERE (?1 IS NULL OR cluster = ?1) AND ended < ?2",
        (cluster, second),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
