//! From the head to chunks: an hour's samples of a series, then a day's, then what they sum up to.
//!
//! Whatever is sealed is written in one commit with the removal of what it is made of. What comes
//! late is joined with its hour for as long as the day is open.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::{
    chunk::{Chunk, Sum},
    file::SeriesError,
    head::{self, Entry},
};

/// What the chunks of a tier are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tier {
    /// Its number in the table.
    pub(super) number: i64,
    /// How many steps a chunk spans.
    pub(super) span: i64,
    /// How many steps one entry of it sums up; 1 for samples.
    pub(super) width: i64,
}

/// Samples over an hour, until the day is over.
pub(super) const HOUR: Tier = Tier {
    number: 0,
    span: 120,
    width: 1,
};
/// Samples over a day.
pub(super) const DAY: Tier = Tier {
    number: 1,
    span: 2_880,
    width: 1,
};
/// Sums of five minutes over a day.
pub(super) const MINUTES: Tier = Tier {
    number: 2,
    span: 2_880,
    width: 10,
};
/// Sums of an hour over 32 days.
pub(super) const HOURS: Tier = Tier {
    number: 3,
    span: 92_160,
    width: 120,
};

/// How many steps an hour stays open after its end: exporters may answer late.
const HOUR_GRACE: i64 = 10;
/// How many steps a day stays open after its end.
const DAY_GRACE: i64 = 240;

/// Seals what is over in the cluster `cluster`. True where a day was.
pub(super) fn seal(connection: &Connection, cluster: i64) -> Result<bool, SeriesError> {
    let (newest, hours, days, spans): (i64, i64, i64, i64) = connection.query_row(
        "SELECT newest, hours, days, spans FROM cluster WHERE id = ?1",
        [cluster],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let over = |tier: Tier, grace: i64| (newest - grace).div_euclid(tier.span) * tier.span;
    let hour = over(HOUR, HOUR_GRACE);
    if hour > hours {
        seal_hours(connection, cluster, hour)?;
        mark(connection, cluster, "hours", hour)?;
    }
    let day = over(DAY, DAY_GRACE);
    if day > days {
        seal_days(connection, cluster, day)?;
        mark(connection, cluster, "days", day)?;
    }
    let span = over(HOURS, DAY_GRACE).min(day);
    if span > spans {
        seal_spans(connection, cluster, spans, span)?;
        mark(connection, cluster, "spans", span)?;
    }
    Ok(day > days)
}

fn mark(connection: &Connection, cluster: i64, what: &str, step: i64) -> Result<(), SeriesError> {
    connection.execute(
        &format!("UPDATE cluster SET {what} = ?2 WHERE id = ?1"),
        (cluster, step),
    )?;
    Ok(())
}

fn seal_hours(connection: &Connection, cluster: i64, until: i64) -> Result<(), SeriesError> {
    for block in head::blocks(connection, cluster, until)? {
        let entries = head::entries(connection, cluster, block, i64::MIN, until)?;
        head::remove(connection, cluster, block, until)?;
        let (over, open): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| entry.step < until);
        head::add(connection, cluster, open)?;
        let mut hours: BTreeMap<(i64, i64), Vec<(i64, i64)>> = BTreeMap::new();
        for entry in over {
            let begins = entry.step.div_euclid(HOUR.span) * HOUR.span;
            hours
                .entry((entry.series, begins))
                .or_default()
                .push((entry.step - begins, entry.value));
        }
        for ((series, begins), mut samples) in hours {
            if let Some(before) = one(connection, HOUR, series, begins)? {
                samples.splice(0..0, before.samples());
            }
            write(
                connection,
                HOUR,
                series,
                begins,
                &Chunk::of_samples(samples),
            )?;
        }
    }
    Ok(())
}

fn seal_days(connection: &Connection, cluster: i64, until: i64) -> Result<(), SeriesError> {
    for series in series_of(connection, cluster)? {
        let mut days: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
        for (begins, hour) in between(connection, HOUR, series, i64::MIN, until)? {
            let day = begins.div_euclid(DAY.span) * DAY.span;
            let samples = hour
                .samples()
                .map(|(step, value)| (begins - day + step, value));
            days.entry(day).or_default().extend(samples);
        }
        for (begins, samples) in days {
            let day = Chunk::of_samples(samples);
            let parts = day.samples().map(|(step, value)| (step, Sum::of(value)));
            write(
                connection,
                MINUTES,
                series,
                begins,
                &Chunk::sums(parts, MINUTES.width),
            )?;
            write(connection, DAY, series, begins, &day)?;
        }
        remove(connection, HOUR, series, until)?;
    }
    Ok(())
}

fn seal_spans(
    connection: &Connection,
    cluster: i64,
    from: i64,
    until: i64,
) -> Result<(), SeriesError> {
    for series in series_of(connection, cluster)? {
        let mut spans: BTreeMap<i64, Vec<(i64, Sum)>> = BTreeMap::new();
        for (begins, day) in between(connection, MINUTES, series, from, until)? {
            let span = begins.div_euclid(HOURS.span) * HOURS.span;
            // In steps of five minutes, as the day's sums are.
            let offset = (begins - span) / MINUTES.width;
            let sums = day.each_sum().map(|(step, sum)| (offset + step, sum));
            spans.entry(span).or_default().extend(sums);
        }
        for (begins, sums) in spans {
            let width = HOURS.width / MINUTES.width;
            let span = Chunk::sums(sums.into_iter(), width);
            write(connection, HOURS, series, begins, &span)?;
        }
    }
    Ok(())
}

/// The numbers of the series of the cluster `cluster`.
pub(super) fn series_of(connection: &Connection, cluster: i64) -> Result<Vec<i64>, SeriesError> {
    let mut list = connection.prepare_cached("SELECT id FROM series WHERE cluster = ?1")?;
    let numbers = list.query_map([cluster], |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// The chunks of `series` that begin in `from..until`, in the order of time.
pub(super) fn between(
    connection: &Connection,
    tier: Tier,
    series: i64,
    from: i64,
    until: i64,
) -> Result<Vec<(i64, Chunk)>, SeriesError> {
    let mut find = connection.prepare_cached(
        "SELECT begins, body FROM chunk
         WHERE tier = ?1 AND series = ?2 AND begins >= ?3 AND begins < ?4 ORDER BY begins",
    )?;
    let mut rows = find.query((tier.number, series, from, until))?;
    let mut chunks = Vec::new();
    while let Some(row) = rows.next()? {
        let body: Vec<u8> = row.get(1)?;
        chunks.push((row.get(0)?, Chunk::read(&body)?));
    }
    Ok(chunks)
}

/// Removes the chunks of `series` that begin before `until`; tells how many.
pub(super) fn remove(
    connection: &Connection,
    tier: Tier,
    series: i64,
    until: i64,
) -> Result<usize, SeriesError> {
    let mut delete = connection
        .prepare_cached("DELETE FROM chunk WHERE tier = ?1 AND series = ?2 AND begins < ?3")?;
    Ok(delete.execute((tier.number, series, until))?)
}

fn one(
    connection: &Connection,
    tier: Tier,
    series: i64,
    begins: i64,
) -> Result<Option<Chunk>, SeriesError> {
    let mut find = connection
        .prepare_cached("SELECT body FROM chunk WHERE tier = ?1 AND series = ?2 AND begins = ?3")?;
    let body: Option<Vec<u8>> = find
        .query_row((tier.number, series, begins), |row| row.get(0))
        .optional()?;
    body.map(|body| Chunk::read(&body)).transpose()
}

fn write(
    connection: &Connection,
    tier: Tier,
    series: i64,
    begins: i64,
    chunk: &Chunk,
) -> Result<(), SeriesError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO chunk (tier, series, begins, body) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((tier.number, series, begins, chunk.write()?))?;
    Ok(())
}
