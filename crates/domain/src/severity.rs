//! How bad a thing is.

use serde::{Deserialize, Serialize};

/// How bad a thing is; the order is from best to worst.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing to say.
    #[default]
    Ok,
    /// Stopped on purpose: scaled to zero, suspended.
    Paused,
    /// Cannot be told from here.
    Unknown,
    /// Worth knowing, nothing is hurt.
    Notice,
    /// Something is hurt, or will be soon.
    Warning,
    /// Something does not work.
    Critical,
}

impl Severity {
    /// Whether it belongs into the attention list.
    pub fn is_fault(self) -> bool {
        self >= Self::Notice
    }
}
