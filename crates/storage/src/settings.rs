//! Named settings: what the user chose.

use rusqlite::OptionalExtension;
use strata_ports::{
    error::{PortError, PortErrorKind},
    settings::SettingsStore,
};

use crate::database::Database;

pub(crate) const CREATE: &str =
    "CREATE TABLE setting (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;";

impl SettingsStore for Database {
    fn read(&self, name: &str) -> Result<Option<String>, PortError> {
        self.connection()
            .query_row("SELECT json FROM setting WHERE name = ?1", [name], |row| {
                row.get(0)
            })
            .optional()
            .map_err(|cause| failure("read", name, cause))
    }

    fn write(&self, name: &str, json: &str) -> Result<(), PortError> {
        self.connection()
            .execute(
                "INSERT INTO setting (name, json) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET json = excluded.json",
                [name, json],
            )
            .map(drop)
            .map_err(|cause| failure("write", name, cause))
    }
}

fn failure(verb: &str, name: &str, cause: rusqlite::Error) -> PortError {
    PortError::new(
        PortErrorKind::Unavailable,
        format!("cannot {verb} the setting `{name}`"),
    )
    .because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_write_is_what_is_read_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("strata.db");
        let database = Database::open(&path).unwrap();
        assert_eq!(database.read("theme").unwrap(), None);
        database.write("theme", "\"dark\"").unwrap();
        database.write("theme", "\"light\"").unwrap();
        drop(database);
        let database = Database::open(&path).unwrap();
        assert_eq!(
            database.read("theme").unwrap().as_deref(),
            Some("\"light\"")
        );
    }
}
