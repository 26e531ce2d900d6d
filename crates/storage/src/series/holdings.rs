//! Which pod had which GPU, from when until when.
//!
//! What is handed over is everything that is held at a moment; a row is written when a pod gets a GPU,
//! and once more when it has it no more. A pod has its devices for as long as it lives, so what was
//! told of one is not taken back by a guess.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::Connection;
use strata_domain::{ids::Uid, text::Text};
use strata_ports::{
    holdings::{HeldNow, HeldPast, Holding, PastHolding},
    objects::ObjectAddress,
};

use super::{STEP_SECONDS, file::SeriesError, names};

/// The step from the tables before to those with holdings.
pub(super) const CREATE: &str = "
    -- Since when it is kept who holds what, in seconds.
    ALTER TABLE cluster ADD COLUMN holdings INTEGER;
    CREATE TABLE holding (
        cluster INTEGER NOT NULL,
        owner TEXT NOT NULL,
        uid TEXT NOT NULL,
        gpu TEXT NOT NULL,
        pod TEXT NOT NULL,
        node TEXT NOT NULL,
        number INTEGER NOT NULL,
        flags INTEGER NOT NULL,
        began INTEGER NOT NULL,
        ended INTEGER,
        PRIMARY KEY (cluster, owner, uid, gpu)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX holding_now ON holding (cluster) WHERE ended IS NULL;
";

/// Which GPU it is was counted.
const COUNTED: i64 = 1;
/// Several have the GPU at once.
const SHARED: i64 = 2;

/// A pod: the topmost object that it is a part of, and its identity.
type Holder = (String, String);

/// Notes what is held in the cluster `cluster`, of which samples were kept up to the step `newest`
/// before: what is held no more was seen until then.
pub(super) fn note(
    connection: &Connection,
    cluster: i64,
    newest: i64,
    held: &HeldNow,
) -> Result<(), SeriesError> {
    let at = held.at.as_second();
    connection
        .prepare_cached("UPDATE cluster SET holdings = ?2 WHERE id = ?1 AND holdings IS NULL")?
        .execute((cluster, at))?;
    let ended = match newest {
        0 => at,
        newest => at.min((newest + 1) * STEP_SECONDS),
    };
    let before = open(connection, cluster)?;
    let mut now: BTreeMap<Holder, Vec<&Holding>> = BTreeMap::new();
    for holding in &held.holdings {
        let holder = (code(&holding.owner), holding.uid.0.to_string());
        now.entry(holder).or_default().push(holding);
    }
    let nothing = BTreeMap::new();
    for (holder, had) in &before {
        let Some(has) = now.get(holder) else {
            close(connection, cluster, holder, had.keys(), ended)?;
            continue;
        };
        if is_guess_of_what_was_told(had, has) {
            continue;
        }
        let kept: BTreeSet<&str> = has.iter().map(|one| one.gpu.as_str()).collect();
        let gone = || had.iter().filter(|(gpu, _)| !kept.contains(gpu.as_str()));
        if has.iter().any(|one| !one.is_counted) {
            // Now that it is told which it has, what was counted never was so.
            let counted = gone().filter(|(_, flags)| *flags & COUNTED != 0);
            forget(connection, cluster, holder, counted.map(|(gpu, _)| gpu))?;
        }
        close(
            connection,
            cluster,
            holder,
            gone().map(|(gpu, _)| gpu),
            ended,
        )?;
    }
    for (holder, has) in &now {
        let had = before.get(holder).unwrap_or(&nothing);
        if is_guess_of_what_was_told(had, has) {
            continue;
        }
        let news = has
            .iter()
            .filter(|one| had.get(one.gpu.as_str()) != Some(&flags(one)));
        for holding in news {
            put(connection, cluster, holder, holding)?;
        }
    }
    Ok(())
}

fn is_guess_of_what_was_told(had: &BTreeMap<String, i64>, has: &[&Holding]) -> bool {
    has.iter().all(|one| one.is_counted) && had.values().any(|flags| flags & COUNTED == 0)
}

/// What is held by the rows: GPUs and their flags, by holder.
fn open(
    connection: &Connection,
    cluster: i64,
) -> Result<BTreeMap<Holder, BTreeMap<String, i64>>, SeriesError> {
    let mut find = connection.prepare_cached(
        "SELECT owner, uid, gpu, flags FROM holding WHERE cluster = ?1 AND ended IS NULL",
    )?;
    let mut rows = find.query([cluster])?;
    let mut open: BTreeMap<Holder, BTreeMap<String, i64>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let gpus = open.entry((row.get(0)?, row.get(1)?)).or_default();
        gpus.insert(row.get(2)?, row.get(3)?);
    }
    Ok(open)
}

fn put(
    connection: &Connection,
    cluster: i64,
    (owner, uid): &Holder,
    holding: &Holding,
) -> Result<(), SeriesError> {
    connection
        .prepare_cached(
            "INSERT INTO holding (cluster, owner, uid, gpu, pod, node, number, flags, began)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (cluster, owner, uid, gpu) DO UPDATE
             SET flags = excluded.flags, began = min(began, excluded.began), ended = NULL",
        )?
        .execute((
            cluster,
            owner,
            uid,
            holding.gpu.as_str(),
            holding.pod.as_str(),
            holding.node.as_str(),
            holding.index,
            flags(holding),
            holding.began.as_second(),
        ))?;
    Ok(())
}

fn close<'a>(
    connection: &Connection,
    cluster: i64,
    (owner, uid): &Holder,
    gpus: impl Iterator<Item = &'a String>,
    ended: i64,
) -> Result<(), SeriesError> {
    let mut close = connection.prepare_cached(
        "UPDATE holding SET ended = max(began, ?5)
         WHERE cluster = ?1 AND owner = ?2 AND uid = ?3 AND gpu = ?4",
    )?;
    for gpu in gpus {
        close.execute((cluster, owner, uid, gpu, ended))?;
    }
    Ok(())
}

fn forget<'a>(
    connection: &Connection,
    cluster: i64,
    (owner, uid): &Holder,
    gpus: impl Iterator<Item = &'a String>,
) -> Result<(), SeriesError> {
    let mut forget = connection.prepare_cached(
        "DELETE FROM holding WHERE cluster = ?1 AND owner = ?2 AND uid = ?3 AND gpu = ?4",
    )?;
    for gpu in gpus {
        forget.execute((cluster, owner, uid, gpu))?;
    }
    Ok(())
}

/// What the pods of `owner` held in the cluster `name`, the oldest first.
pub(super) fn of_owner(
    connection: &Connection,
    name: &str,
    owner: &ObjectAddress,
) -> Result<HeldPast, SeriesError> {
    let Some(cluster) = names::cluster(connection, name)? else {
        return Ok(HeldPast::default());
    };
    let since: Option<i64> = connection
        .prepare_cached("SELECT holdings FROM cluster WHERE id = ?1")?
        .query_row([cluster], |row| row.get(0))?;
    let mut find = connection.prepare_cached(
        "SELECT gpu, node, number, pod, uid, flags, began, ended FROM holding
         WHERE cluster = ?1 AND owner = ?2 ORDER BY began, pod, node, number",
    )?;
    let mut rows = find.query((cluster, code(owner)))?;
    let mut holdings = Vec::new();
    while let Some(row) = rows.next()? {
        let flags: i64 = row.get(5)?;
        let text = |at: usize| row.get::<_, String>(at).map(Text::from);
        let ended: Option<i64> = row.get(7)?;
        holdings.push(PastHolding {
            holding: Holding {
                gpu: text(0)?,
                node: text(1)?,
                index: row.get(2)?,
                pod: text(3)?,
                uid: Uid(text(4)?),
                owner: owner.clone(),
                began: moment(row.get(6)?)?,
                is_counted: flags & COUNTED != 0,
                is_shared: flags & SHARED != 0,
            },
            ended: ended.map(moment).transpose()?,
        });
    }
    Ok(HeldPast {
        since: since.map(moment).transpose()?,
        holdings,
    })
}

/// Removes what ended before `second` in the cluster `cluster`; in every one where none is named.
pub(super) fn remove(
    connection: &Connection,
    cluster: Option<i64>,
    second: i64,
) -> Result<(), SeriesError> {
    connection.execute(
        "DELETE FROM holding WHERE (?1 IS NULL OR cluster = ?1) AND ended < ?2",
        (cluster, second),
    )?;
    Ok(())
}

fn flags(holding: &Holding) -> i64 {
    i64::from(holding.is_counted) * COUNTED + i64::from(holding.is_shared) * SHARED
}

/// An object as one text. None of its parts has a slash.
fn code(owner: &ObjectAddress) -> String {
    let ObjectAddress { kind, key } = owner;
    format!(
        "{}/{}/{}/{}",
        kind.group, kind.kind, key.namespace, key.name
    )
}

fn moment(second: i64) -> Result<Timestamp, SeriesError> {
    Timestamp::from_second(second)
        .map_err(|_| SeriesError::Unreadable("a time that is none".to_owned()))
}

#[cfg(test)]
mod tests;
