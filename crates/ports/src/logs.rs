//! What containers write, as a stream of lines.

use futures::stream::BoxStream;
use jiff::Timestamp;
use strata_domain::ids::{ClusterId, ObjectKey};

use crate::error::PortError;

/// Yields what containers of clusters write.
pub trait LogSource: Send + Sync {
    /// The lines of one run of one container, oldest first, in batches of a bounded size; the first
    /// batch may be empty, and says that the log is there. The stream
    /// ends with the log: when all of it was read, or, where it is followed, when the container
    /// ends or the connection breaks; whoever still wants lines asks again from the last one's time.
    /// A failure is the last item. Dropping the stream closes it.
    fn read(
        &self,
        cluster: &ClusterId,
        asked: LogRequest,
    ) -> BoxStream<'static, Result<Vec<LogLine>, PortError>>;
}

/// Which lines of which container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRequest {
    /// The pod's namespace and name.
    pub pod: ObjectKey,
    /// The container.
    pub container: String,
    /// Whether the run before the present one is meant.
    pub previous: bool,
    /// Whether lines that are still to be written are meant too.
    pub follow: bool,
    /// How many of the lines that are there, counted from the end; none for all.
    pub tail: Option<u32>,
    /// Those that were written at this time or later alone; none for all.
    pub since: Option<Timestamp>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When it was written, by the clock of its node; none where the server does not tell.
    pub at: Option<Timestamp>,
    /// Its text as it was written, without the line end: escape sequences and all.
    pub text: String,
}
