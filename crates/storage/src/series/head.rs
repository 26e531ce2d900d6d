//! The head: what was handed over lately, as it came.
//!
//! What is handed over at once becomes one row for each block of neighbouring series, so that a
//! commit writes few rows, and reading one series reads few of them.

use rusqlite::Connection;

use super::{column, file::SeriesError};

/// How many series, by number, lie in one block.
pub(super) const BLOCK: i64 = 256;

/// A sample by numbers: its series, step and value in grains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) series: i64,
    pub(super) step: i64,
    pub(super) value: i64,
}

/// Adds `entries` of the cluster `cluster`, in the order in which they came.
pub(super) fn add(
    connection: &Connection,
    cluster: i64,
    mut entries: Vec<Entry>,
) -> Result<(), SeriesError> {
    // Stable: of two samples in one step the later stays the later.
    entries.sort_by_key(|entry| (entry.series, entry.step));
    let mut insert = connection.prepare_cached(
        "INSERT INTO head (cluster, block, number, first, last, body)
         VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM head
                          WHERE cluster = ?1 AND block = ?2), ?3, ?4, ?5)",
    )?;
    for block in entries.chunk_by(|left, right| left.series / BLOCK == right.series / BLOCK) {
        let steps = || block.iter().map(|entry| entry.step);
        let (Some(first), Some(last), Some(any)) = (steps().min(), steps().max(), block.first())
        else {
            continue;
        };
        let body = write(block, first)?;
        insert.execute((cluster, any.series / BLOCK, first, last, body))?;
    }
    Ok(())
}

/// The entries of `block` that have steps in `from..until`, in the order in which they came.
pub(super) fn entries(
    connection: &Connection,
    cluster: i64,
    block: i64,
    from: i64,
    until: i64,
) -> Result<Vec<Entry>, SeriesError> {
    let mut find = connection.prepare_cached(
        "SELECT first, body FROM head
         WHERE cluster = ?1 AND block = ?2 AND first < ?4 AND last >= ?3 ORDER BY number",
    )?;
    let mut rows = find.query((cluster, block, from, until))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let first: i64 = row.get(0)?;
        let body: Vec<u8> = row.get(1)?;
        entries.extend(read(&body, first)?);
    }
    Ok(entries)
}

/// The blocks of the cluster `cluster` that have steps before `until`.
pub(super) fn blocks(
    connection: &Connection,
    cluster: i64,
    until: i64,
) -> Result<Vec<i64>, SeriesError> {
    let mut find = connection.prepare_cached(
        "SELECT DISTINCT block FROM head WHERE cluster = ?1 AND first < ?2 ORDER BY block",
    )?;
    let blocks = find.query_map((cluster, until), |row| row.get(0))?;
    Ok(blocks.collect::<Result<_, _>>()?)
}

/// Removes the rows of `block` that have steps before `until`.
pub(super) fn remove(
    connection: &Connection,
    cluster: i64,
    block: i64,
    until: i64,
) -> Result<(), SeriesError> {
    connection
        .prepare_cached("DELETE FROM head WHERE cluster = ?1 AND block = ?2 AND first < ?3")?
        .execute((cluster, block, until))?;
    Ok(())
}

fn write(block: &[Entry], first: i64) -> Result<Vec<u8>, SeriesError> {
    let numbers = |pick: &dyn Fn(&Entry) -> i64| block.iter().map(pick).collect::<Vec<_>>();
    let mut body = Vec::new();
    column::put(&mut body, &numbers(&|entry| entry.series))?;
    column::put(&mut body, &numbers(&|entry| entry.step - first))?;
    column::put(&mut body, &numbers(&|entry| entry.value))?;
    Ok(body)
}

fn read(mut body: &[u8], first: i64) -> Result<Vec<Entry>, SeriesError> {
    let series = column::take(&mut body)?;
    let steps = column::take(&mut body)?;
    let values = column::take(&mut body)?;
    let numbers = series.into_iter().zip(steps).zip(values);
    Ok(numbers
        .map(|((series, step), value)| Entry {
            series,
            step: first + step,
            value,
        })
        .collect())
}
