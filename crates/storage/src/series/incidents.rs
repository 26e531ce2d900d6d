//! What needed attention, from when until when.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use strata_domain::{severity::Severity, text::Text};
use strata_ports::series::Incident;

use super::{file::SeriesError, names};

/// What was not seen for so many seconds and is seen again has begun anew.
const PAUSE: i64 = 600;

/// The severities, as they are stored.
const SEVERITIES: [(Severity, i64); 6] = [
    (Severity::Ok, 0),
    (Severity::Paused, 1),
    (Severity::Unknown, 2),
    (Severity::Notice, 3),
    (Severity::Warning, 4),
    (Severity::Critical, 5),
];

/// Notes that `incident` is there, in the cluster `cluster`.
pub(super) fn note(
    connection: &Connection,
    cluster: i64,
    incident: &Incident,
) -> Result<(), SeriesError> {
    let severity = SEVERITIES
        .iter()
        .find(|(known, _)| *known == incident.severity)
        .map_or(0, |(_, number)| *number);
    let seen = incident.seen.as_second();
    let open: Option<i64> = connection
        .prepare_cached(
            "SELECT began FROM incident WHERE cluster = ?1 AND id = ?2 AND seen >= ?3
             ORDER BY began DESC LIMIT 1",
        )?
        .query_row((cluster, incident.id.as_str(), seen - PAUSE), |row| {
            row.get(0)
        })
        .optional()?;
    if let Some(began) = open {
        // The worst that it was.
        connection
            .prepare_cached(
                "UPDATE incident SET seen = max(seen, ?4), severity = max(severity, ?5), what = ?6
                 WHERE cluster = ?1 AND began = ?2 AND id = ?3",
            )?
            .execute((
                cluster,
                began,
                incident.id.as_str(),
                seen,
                severity,
                &incident.what,
            ))?;
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO incident (cluster, began, id, seen, severity, what)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            cluster,
            incident.began.as_second(),
            incident.id.as_str(),
            seen,
            severity,
            &incident.what,
        ))?;
    Ok(())
}

/// What needed attention in the cluster `name` between `from` and `until`, the oldest first.
pub(super) fn between(
    connection: &Connection,
    name: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Incident>, SeriesError> {
    let Some(cluster) = names::cluster(connection, name)? else {
        return Ok(Vec::new());
    };
    let mut find = connection.prepare_cached(
        "SELECT id, severity, what, began, seen FROM incident
         WHERE cluster = ?1 AND began < ?3 AND seen >= ?2 ORDER BY began, id",
    )?;
    let rows = find.query_map((cluster, from.as_second(), until.as_second()), |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, i64>(3)?,
            row.get::<_, i64>(4)?,
        ))
    })?;
    let mut incidents = Vec::new();
    for row in rows {
        let (id, number, what, began, seen) = row?;
        let moment = |second| {
            Timestamp::from_second(second)
                .map_err(|_| SeriesError::Unreadable("a time that is none".to_owned()))
        };
        let severity = SEVERITIES
            .iter()
            .find(|(_, known)| *known == number)
            .map_or(Severity::Unknown, |(severity, _)| *severity);
        incidents.push(Incident {
            id: Text::from(id),
            severity,
            what,
            began: moment(began)?,
            seen: moment(seen)?,
        });
    }
    Ok(incidents)
}
