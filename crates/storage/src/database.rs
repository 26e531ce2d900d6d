//! The SQLite file: opening, and bringing its tables up to date.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

use crate::{
    journal::{self, Writers},
    settings,
};

/// The steps from an empty file to the newest tables. Step `n` brings `user_version` from `n` to
/// `n + 1`; a step that was ever released is never changed.
const STEPS: &[&str] = &[settings::CREATE, journal::CREATE];

/// The open file. Cheap to clone; calls take turns.
#[derive(Clone, Debug)]
pub struct Database {
    connection: Arc<Mutex<Connection>>,
    pub(crate) writers: Writers,
}

/// The file could not be opened or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder could not be made.
    #[error("cannot make the folder {folder}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite refuses the file.
    #[error("cannot use {file} as Strata's database; move it away to start with an empty one")]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

impl Database {
    /// Opens the file at `path`, and makes it (and its folder) where there is none.
    ///
    /// A file that a newer Strata wrote is used as it is: steps only ever add.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder {
                folder: folder.to_owned(),
                source,
            })?;
        }
        let writers = path.parent().map(|folder| folder.join("running"));
        Connection::open(path)
            .and_then(|connection| Self::prepare(connection, writers))
            .map_err(|source| OpenError::File {
                file: path.to_owned(),
                source,
            })
    }

    /// A database in memory, gone when it is dropped.
    pub fn in_memory() -> Result<Self, OpenError> {
        Connection::open_in_memory()
            .and_then(|connection| Self::prepare(connection, None))
            .map_err(|source| OpenError::File {
                file: PathBuf::from(":memory:"),
                source,
            })
    }

    fn prepare(mut connection: Connection, writers: Option<PathBuf>) -> rusqlite::Result<Self> {
        // Two windows may share the file for a moment, while one hands over to the other.
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let change = connection.transaction()?;
        let done: u32 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
        for (step, next) in STEPS.iter().zip(1u32..).skip(done as usize) {
            change.execute_batch(step)?;
            change.pragma_update(None, "user_version", next)?;
        }
        change.commit()?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            writers: Writers::beside(writers),
        })
    }

    /// The connection, for one statement at a time. A panic elsewhere leaves SQLite itself whole.
    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_with_its_folder_and_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/strata.db");
        drop(Database::open(&path).unwrap());
        Database::open(&path).unwrap();
    }

    #[test]
    fn a_file_of_a_newer_strata_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("strata.db");
        let database = Database::open(&path).unwrap();
        database
            .connection()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        drop(database);
        let database = Database::open(&path).unwrap();
        let version: u32 = database
            .connection()
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, 99, "the newer one's mark stays");
    }

    #[test]
    fn what_is_no_database_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("strata.db");
        std::fs::write(&path, "not a database, and somebody's only copy").unwrap();
        let error = Database::open(&path).unwrap_err().to_string();
        assert!(error.contains("strata.db"), "{error}");
        assert!(
            std::fs::read_to_string(&path)
                .unwrap()
                .starts_with("not a database")
        );
    }
}
