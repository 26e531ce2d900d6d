//! The SQLite file of the series: its tables, opening it, and setting a damaged one aside.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{holdings, living_jobs, past_jobs};

/// The steps from an empty file to the newest tables, as in [`crate::database`].
const STEPS: &[&str] = &[
    FIRST,
    holdings::CREATE,
    past_jobs::CREATE,
    living_jobs::CREATE,
];

const FIRST: &str = "
    CREATE TABLE cluster (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        -- The step of the newest sample.
        newest INTEGER NOT NULL DEFAULT 0,
        -- The steps up to which hours, days and long spans are sealed.
        hours INTEGER NOT NULL DEFAULT 0,
        days INTEGER NOT NULL DEFAULT 0,
        spans INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE series (
        -- Never given twice: another Strata may hold the number of one that was removed.
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        cluster INTEGER NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        measure TEXT NOT NULL,
        grain REAL NOT NULL,
        UNIQUE (cluster, kind, name, measure)
    ) STRICT;
    -- Whole steps of some series of a cluster, as they came.
    CREATE TABLE head (
        cluster INTEGER NOT NULL,
        block INTEGER NOT NULL,
        number INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (cluster, block, number)
    ) STRICT, WITHOUT ROWID;
    -- One series over an hour, a day, or a long span.
    CREATE TABLE chunk (
        tier INTEGER NOT NULL,
        series INTEGER NOT NULL,
        begins INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (tier, series, begins)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE incident (
        cluster INTEGER NOT NULL,
        began INTEGER NOT NULL,
        id TEXT NOT NULL,
        seen INTEGER NOT NULL,
        severity INTEGER NOT NULL,
        what TEXT NOT NULL,
        PRIMARY KEY (cluster, began, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX incident_of_id ON incident (cluster, id, began);
";

/// Something does not work with the file of the series.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// The folder could not be made, or the file not moved.
    #[error("cannot make, or move, {place}")]
    Place {
        /// The folder or the file.
        place: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite refuses.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A row is not as it was written.
    #[error("what is stored cannot be read: {0}")]
    Unreadable(String),
    /// The thread that writes could not be started.
    #[error("the thread that writes could not be started")]
    Thread(#[source] std::io::Error),
}

impl SeriesError {
    /// Whether the file is damaged, so that a new one must be begun.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            Self::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ),
            Self::Unreadable(_) => true,
            Self::Place { .. } | Self::Thread(_) => false,
        }
    }

    /// Whether there is no room left for the file.
    pub(super) fn is_full(&self) -> bool {
        matches!(self, Self::Sqlite(error)
            if error.sqlite_error_code() == Some(ErrorCode::DiskFull))
    }
}

/// The open file: one connection that writes, one that reads.
pub(super) struct SeriesFile {
    pub(super) path: Option<PathBuf>,
    pub(super) writer: Arc<Mutex<Connection>>,
    pub(super) reader: Arc<Mutex<Connection>>,
    pub(super) set_aside: Option<PathBuf>,
}

impl SeriesFile {
    pub(super) fn open(path: &Path) -> Result<Self, SeriesError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| SeriesError::Place {
                place: folder.to_owned(),
                source,
            })?;
        }
        let (connections, set_aside) = match connect(path) {
            Err(error) if error.is_damage() => {
                let aside = set_aside(path)?;
                (connect(path)?, Some(aside))
            }
            opened => (opened?, None),
        };
        let (writer, reader) = connections;
        Ok(Self {
            path: Some(path.to_owned()),
            writer: Arc::new(Mutex::new(writer)),
            reader: Arc::new(Mutex::new(reader)),
            set_aside,
        })
    }

    pub(super) fn in_memory() -> Result<Self, SeriesError> {
        let connection = Arc::new(Mutex::new(prepare(Connection::open_in_memory()?)?));
        Ok(Self {
            path: None,
            writer: Arc::clone(&connection),
            reader: connection,
            set_aside: None,
        })
    }
}

/// Opens the file at `path` twice: to write, and to read.
pub(super) fn connect(path: &Path) -> Result<(Connection, Connection), SeriesError> {
    let writer = prepare(Connection::open(path)?)?;
    let reader = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    reader.busy_timeout(BUSY)?;
    Ok((writer, reader))
}

/// How long one waits for another Strata that writes to the same file.
const BUSY: Duration = Duration::from_secs(5);

fn prepare(mut connection: Connection) -> Result<Connection, SeriesError> {
    connection.busy_timeout(BUSY)?;
    // Before the first table: room that retention frees is given back to the disk.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let change = connection.transaction()?;
    let done: u32 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (step, next) in STEPS.iter().zip(1u32..).skip(done as usize) {
        change.execute_batch(step)?;
        change.pragma_update(None, "user_version", next)?;
    }
    // Reads every page that leads to a row: what is damaged there shows now.
    change.query_row("SELECT count(*) FROM cluster", [], |_| Ok(()))?;
    change.query_row("SELECT count(*) FROM series", [], |_| Ok(()))?;
    change.commit()?;
    Ok(connection)
}

/// Moves the file at `path` and what belongs to it to a name that is free, and tells that.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, SeriesError> {
    let with = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let aside = (1..=u16::MAX)
        .map(|number| with(&format!(".damaged-{number}")))
        .find(|free| !free.exists())
        .unwrap_or_else(|| with(".damaged"));
    for end in ["", "-wal", "-shm"] {
        let from = with(end);
        let mut to: OsString = aside.as_os_str().to_owned();
        to.push(end);
        match std::fs::rename(&from, &to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(SeriesError::Place {
                    place: from,
                    source: error,
                });
            }
            _ => {}
        }
    }
    Ok(aside)
}
