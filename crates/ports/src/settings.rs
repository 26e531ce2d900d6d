//! What the user chose, kept from one start to the next.

use crate::error::PortError;

/// Named settings, each a JSON text. Never secrets.
pub trait SettingsStore: Send + Sync {
    /// The setting `name`, if it was ever written.
    fn read(&self, name: &str) -> Result<Option<String>, PortError>;

    /// Writes the setting `name`.
    fn write(&self, name: &str, json: &str) -> Result<(), PortError>;
}
