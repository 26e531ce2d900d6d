//! How long what was measured is kept, and how much of it.

use jiff::SignedDuration;
use rusqlite::Connection;

use super::{
    STEP_SECONDS,
    file::SeriesError,
    head::BLOCK,
    holdings, living_jobs, past_jobs,
    seal::{DAY, HOUR, HOURS, MINUTES, Tier, remove, series_of},
};

/// How long what was measured is kept, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// How long single samples.
    pub samples: SignedDuration,
    /// How long sums of five minutes, who held what, and jobs that are over.
    pub minutes: SignedDuration,
    /// How long sums of hours, and what needed attention.
    pub hours: SignedDuration,
    /// How many bytes the file may have; beyond, the oldest days of samples go first.
    pub most_bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            samples: SignedDuration::from_hours(14 * 24),
            minutes: SignedDuration::from_hours(100 * 24),
            hours: SignedDuration::from_hours(2 * 365 * 24),
            most_bytes: 2 << 30,
        }
    }
}

impl Retention {
    /// Removes what is too old in the cluster `cluster`.
    pub(super) fn by_age(&self, connection: &Connection, cluster: i64) -> Result<(), SeriesError> {
        let newest: i64 = connection.query_row(
            "SELECT newest FROM cluster WHERE id = ?1",
            [cluster],
            |row| row.get(0),
        )?;
        let before = |age: SignedDuration| newest - age.as_secs() / STEP_SECONDS;
        for series in series_of(connection, cluster)? {
            // A chunk goes when its last step is too old.
            for (tier, age) in [
                (DAY, self.samples),
                (MINUTES, self.minutes),
                (HOURS, self.hours),
            ] {
                remove(connection, tier, series, before(age) - tier.span)?;
            }
        }
        connection.execute(
            "DELETE FROM incident WHERE cluster = ?1 AND seen < ?2",
            (cluster, before(self.hours) * STEP_SECONDS),
        )?;
        holdings::remove(
            connection,
            Some(cluster),
            before(self.minutes) * STEP_SECONDS,
        )?;
        past_jobs::remove(
            connection,
            Some(cluster),
            before(self.minutes) * STEP_SECONDS,
        )?;
        living_jobs::remove(
            connection,
            Some(cluster),
            before(self.minutes) * STEP_SECONDS,
        )?;
        forget_empty(connection, cluster)
    }

    /// Removes the oldest until the file is no larger than it may be.
    pub(super) fn by_size(&self, connection: &Connection) -> Result<(), SeriesError> {
        while size(connection)? > self.most_bytes {
            let mut removed = 0;
            for tier in [DAY, MINUTES, HOURS] {
                removed = remove_oldest(connection, tier)?;
                if removed > 0 {
                    break;
                }
            }
            if removed == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// Removes the oldest chunks of `tier`, of every series; tells how many.
fn remove_oldest(connection: &Connection, tier: Tier) -> Result<usize, SeriesError> {
    let oldest: Option<i64> = connection.query_row(
        "SELECT min((SELECT begins FROM chunk WHERE tier = ?1 AND series = series.id
                     ORDER BY begins LIMIT 1)) FROM series",
        [tier.number],
        |row| row.get(0),
    )?;
    let Some(oldest) = oldest else {
        return Ok(0);
    };
    holdings::remove(connection, None, oldest * STEP_SECONDS)?;
    past_jobs::remove(connection, None, oldest * STEP_SECONDS)?;
    living_jobs::remove(connection, None, oldest * STEP_SECONDS)?;
    let removed = connection.execute(
        "DELETE FROM chunk WHERE tier = ?1 AND begins = ?2
         AND series IN (SELECT id FROM series)",
        (tier.number, oldest),
    )?;
    Ok(removed)
}

/// Forgets the series of which nothing is kept any more.
fn forget_empty(connection: &Connection, cluster: i64) -> Result<(), SeriesError> {
    connection.execute(
        "DELETE FROM series WHERE cluster = ?1
         AND NOT EXISTS (SELECT 1 FROM head
                         WHERE head.cluster = ?1 AND head.block = series.id / ?2)
         AND NOT EXISTS (SELECT 1 FROM chunk WHERE tier = ?3 AND chunk.series = series.id)
         AND NOT EXISTS (SELECT 1 FROM chunk WHERE tier = ?4 AND chunk.series = series.id)
         AND NOT EXISTS (SELECT 1 FROM chunk WHERE tier = ?5 AND chunk.series = series.id)
         AND NOT EXISTS (SELECT 1 FROM chunk WHERE tier = ?6 AND chunk.series = series.id)",
        (
            cluster,
            BLOCK,
            HOUR.number,
            DAY.number,
            MINUTES.number,
            HOURS.number,
        ),
    )?;
    Ok(())
}

/// How many bytes of the file are in use.
pub(super) fn size(connection: &Connection) -> Result<u64, SeriesError> {
    let pages = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let used = (pages("page_count")? - pages("freelist_count")?) * pages("page_size")?;
    Ok(u64::try_from(used).unwrap_or(0))
}
