//! Clusters and series by number: what a row names instead of a text.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};
use strata_domain::series::{Measure, SeriesName, SeriesOf};

use super::file::SeriesError;

/// The number of the cluster `name`, if anything was ever kept of it.
pub(super) fn cluster(connection: &Connection, name: &str) -> Result<Option<i64>, SeriesError> {
    let mut find = connection.prepare_cached("SELECT id FROM cluster WHERE name = ?1")?;
    Ok(find.query_row([name], |row| row.get(0)).optional()?)
}

/// The number of the cluster `name`, made where there is none.
pub(super) fn number_cluster(connection: &Connection, name: &str) -> Result<i64, SeriesError> {
    if let Some(known) = cluster(connection, name)? {
        return Ok(known);
    }
    connection.execute("INSERT INTO cluster (name) VALUES (?1)", [name])?;
    Ok(connection.last_insert_rowid())
}

/// The number and grain of the series `name` of the cluster `cluster`, if it is kept.
pub(super) fn series(
    connection: &Connection,
    cluster: i64,
    name: &SeriesName,
) -> Result<Option<(i64, f64)>, SeriesError> {
    let Some(measure) = name.measure.code() else {
        return Ok(None);
    };
    let (kind, of) = name.of.code();
    let mut find = connection.prepare_cached(
        "SELECT id, grain FROM series
         WHERE cluster = ?1 AND kind = ?2 AND name = ?3 AND measure = ?4",
    )?;
    let found = find.query_row((cluster, kind, &*of, measure), |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    Ok(found.optional()?)
}

/// The series of the cluster `name`.
pub(super) fn of_cluster(
    connection: &Connection,
    name: &str,
) -> Result<Vec<SeriesName>, SeriesError> {
    let Some(cluster) = cluster(connection, name)? else {
        return Ok(Vec::new());
    };
    let mut list = connection
        .prepare_cached("SELECT kind, name, measure FROM series WHERE cluster = ?1 ORDER BY id")?;
    let rows = list.query_map([cluster], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    })?;
    let mut names = Vec::new();
    for row in rows {
        let (kind, name, measure) = row?;
        // A newer Strata may keep what this one does not know.
        if let (Some(of), Some(measure)) =
            (SeriesOf::of_code(&kind, &name), Measure::of_code(&measure))
        {
            names.push(SeriesName { of, measure });
        }
    }
    Ok(names)
}

/// The numbers of series, each looked up once.
#[derive(Default)]
pub(super) struct Numbers {
    known: HashMap<(i64, SeriesName), (i64, f64)>,
}

impl Numbers {
    /// The number and grain of the series `name` of the cluster `cluster`, made where there is none;
    /// `None` for what is not kept.
    pub(super) fn of(
        &mut self,
        connection: &Connection,
        cluster: i64,
        name: &SeriesName,
    ) -> Result<Option<(i64, f64)>, SeriesError> {
        let key = (cluster, name.clone());
        if let Some(known) = self.known.get(&key) {
            return Ok(Some(*known));
        }
        let found = if let Some(found) = series(connection, cluster, name)? {
            found
        } else {
            let Some(measure) = name.measure.code() else {
                return Ok(None);
            };
            let (kind, of) = name.of.code();
            let grain = name.measure.grain();
            connection.execute(
                "INSERT INTO series (cluster, kind, name, measure, grain)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                (cluster, kind, &*of, measure, grain),
            )?;
            (connection.last_insert_rowid(), grain)
        };
        self.known.insert(key, found);
        Ok(Some(found))
    }

    /// Forgets what was looked up: the numbers may be others now.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}
