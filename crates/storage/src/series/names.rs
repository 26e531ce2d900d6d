//! Clusters and series by number: what a row names instead of a text.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Params};
use strata_domain::series::{Measure, SeriesKind, SeriesName, SeriesOf};

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

/// The series of things of a kind.
pub(super) const OF_KIND: &str =
    "SELECT name, measure FROM series WHERE cluster = ?1 AND kind = ?2";
/// The same, of those with a name.
pub(super) const OF_NAME: &str = "SELECT name, measure FROM series
     WHERE cluster = ?1 AND kind = ?2 AND name >= ?3 AND name < ?4";

/// The series of things of these `kinds` of the cluster `cluster_name`; with `name`, of those called so.
///
/// The names of series are an index that begins with cluster and kind: the GPUs of a fleet, which are
/// most of them, are not walked for what is known of its namespaces.
pub(super) fn of_kinds(
    connection: &Connection,
    cluster_name: &str,
    kinds: &[SeriesKind],
    name: Option<&str>,
) -> Result<Vec<SeriesName>, SeriesError> {
    let Some(cluster) = cluster(connection, cluster_name)? else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for kind in kinds {
        match name {
            None => take(
                connection,
                OF_KIND,
                (cluster, kind.code()),
                *kind,
                &mut names,
            )?,
            Some(name) => {
                let (from, until) = kind.names_of(name);
                take(
                    connection,
                    OF_NAME,
                    (cluster, kind.code(), from, until),
                    *kind,
                    &mut names,
                )?;
            }
        }
    }
    Ok(names)
}

/// Takes what `question` finds of one kind into `names`.
fn take(
    connection: &Connection,
    question: &str,
    values: impl Params,
    kind: SeriesKind,
    names: &mut Vec<SeriesName>,
) -> Result<(), SeriesError> {
    let mut list = connection.prepare_cached(question)?;
    let mut rows = list.query(values)?;
    while let Some(row) = rows.next()? {
        let (name, measure): (String, String) = (row.get(0)?, row.get(1)?);
        // A newer Strata may keep what this one does not know.
        if let (Some(of), Some(measure)) = (
            SeriesOf::of_code(kind.code(), &name),
            Measure::of_code(&measure),
        ) {
            names.push(SeriesName { of, measure });
        }
    }
    Ok(())
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
