//! Settings that are gone with the test.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use strata_ports::{error::PortError, settings::SettingsStore};

/// Settings in memory.
#[derive(Debug, Default)]
pub struct MemorySettings {
    values: Mutex<HashMap<String, String>>,
}

impl SettingsStore for MemorySettings {
    fn read(&self, name: &str) -> Result<Option<String>, PortError> {
        Ok(self
            .values
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned())
    }

    fn write(&self, name: &str, json: &str) -> Result<(), PortError> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(name.to_owned(), json.to_owned());
        Ok(())
    }
}
