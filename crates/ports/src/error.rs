//! What went wrong outside, in a few kinds that the engine acts on.

use std::error::Error as StdError;

/// A failure of an adapter.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct PortError {
    /// What the engine does about it.
    pub kind: PortErrorKind,
    /// What happened to which object, for people: no trailing full stop.
    pub message: String,
    /// What caused it.
    #[source]
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl PortError {
    /// A failure of the kind `kind` with the sentence `message`.
    pub fn new(kind: PortErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// The same failure, with what caused it.
    #[must_use]
    pub fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The sentences of the causes, outermost first, the error's own left out.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next: Option<&dyn StdError> =
            self.source.as_deref().map(|source| source as &dyn StdError);
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }
}

/// The kinds of failure that something is done about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortErrorKind {
    /// Credentials are missing, wrong or expired: retrying alone will not help.
    Unauthorized,
    /// Known, but not allowed.
    Forbidden,
    /// What was asked for is not there.
    NotFound,
    /// It changed meanwhile.
    Conflict,
    /// Nothing answers, or it answers that it cannot now.
    Unavailable,
    /// It took too long.
    Timeout,
    /// What was asked makes no sense.
    InvalidInput,
    /// The other side cannot do this.
    Unsupported,
    /// A fault of ours.
    Internal,
}

impl PortErrorKind {
    /// Whether the same call may succeed later without anybody's doing.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Unavailable | Self::Timeout | Self::Conflict)
    }
}
