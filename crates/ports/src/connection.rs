//! The steps of a connection, and how far it came.

use std::time::Duration;

use jiff::Timestamp;

/// The steps from a context to a cluster that answers, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The context's entries, files and certificates are read.
    Configuration,
    /// A credential plugin is run, where the context has one.
    Credentials,
    /// The server's (or proxy's) name is resolved.
    Name,
    /// A TCP connection is made.
    Tcp,
    /// TLS is negotiated and the certificate verified.
    Tls,
    /// The server accepts the credentials.
    Authentication,
    /// The user may list what Strata needs first (nodes).
    Permission,
    /// The server tells its version.
    Version,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 8] = [
        Self::Configuration,
        Self::Credentials,
        Self::Name,
        Self::Tcp,
        Self::Tls,
        Self::Authentication,
        Self::Permission,
        Self::Version,
    ];
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    /// Which step.
    pub step: Step,
    /// How it went.
    pub outcome: StepOutcome,
    /// How long it took.
    pub took: Duration,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// Well; the text says what was found (an address, a certificate's subject, a version).
    Passed(String),
    /// It does not apply to this context (no TLS on `http:`, no plugin); the text says why.
    NotNeeded(String),
    /// Not well, but one can go on (no permission to list nodes).
    Limited(String),
    /// Not well: what happened, and what to do next.
    Failed {
        /// What happened.
        message: String,
        /// The next thing to do, for people.
        advice: String,
    },
    /// Not tried, since an earlier step failed.
    Skipped,
}

/// Where a connection stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// On its way.
    Connecting {
        /// The step it is at.
        step: Step,
    },
    /// The server answers.
    Live {
        /// The server's `gitVersion`.
        version: String,
    },
    /// It answered before, and does not now; what it said last is still shown.
    Stale {
        /// The last time anything was heard.
        since: Timestamp,
        /// Why, for people.
        reason: String,
        /// When it is tried again.
        retry_at: Option<Timestamp>,
    },
    /// It never came so far.
    Failed {
        /// The step that failed.
        step: Step,
        /// What happened.
        message: String,
        /// The next thing to do, for people.
        advice: String,
        /// When it is tried again; none where only the user can help.
        retry_at: Option<Timestamp>,
    },
    /// A credential plugin must be approved before it is run.
    NeedsApproval {
        /// The command line, as it would be run.
        command: String,
        /// The digest to approve.
        digest: String,
    },
}
