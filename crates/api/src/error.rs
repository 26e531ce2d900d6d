//! Errors as they cross the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An operation failed, or a subscription could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// What a shell acts on.
    pub code: ErrorCode,
    /// What happened to which object, for people.
    pub message: String,
    /// Why, outermost first.
    pub causes: Vec<String>,
}

impl ApiError {
    /// An error without causes.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            causes: Vec::new(),
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)?;
        self.causes
            .iter()
            .try_for_each(|cause| write!(formatter, ": {cause}"))
    }
}

impl std::error::Error for ApiError {}

/// The closed set of codes. A variant is added only when a shell branches on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Credentials are missing, wrong or expired.
    Unauthorized,
    /// Known, but not allowed.
    Forbidden,
    /// What was asked for is not there.
    NotFound,
    /// It changed meanwhile.
    Conflict,
    /// Nothing answers.
    Unavailable,
    /// It took too long.
    Timeout,
    /// What was asked makes no sense.
    InvalidInput,
    /// The other side cannot do this.
    Unsupported,
    /// A fault of Strata.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 9] = [
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Unavailable,
        Self::Timeout,
        Self::InvalidInput,
        Self::Unsupported,
        Self::Internal,
    ];
}
