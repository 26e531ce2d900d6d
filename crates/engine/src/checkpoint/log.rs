//! The end of a container's log, as far as it tells of checkpoints.

use std::time::Duration;

use futures::StreamExt as _;
use jiff::Timestamp;
use strata_domain::ids::ClusterId;
use strata_ports::{
    error::{PortError, PortErrorKind},
    logs::{LogRequest, LogSource},
};

use super::lines::{Told, told};

/// How many lines are read, from the end.
pub(super) const LINES: u32 = 5_000;

/// How long one log may take: somebody waits for the preview.
const PATIENCE: Duration = Duration::from_secs(4);

/// The end of a log.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    /// When a checkpoint was saved last.
    pub(super) finished: Option<Timestamp>,
    /// When one was begun to be saved last.
    pub(super) begun: Option<Timestamp>,
    /// When the first line that was read was written.
    pub(super) first: Option<Timestamp>,
    /// Whether there are lines before that.
    pub(super) is_cut: bool,
}

/// Reads the end of a log.
pub(super) async fn read(
    logs: &dyn LogSource,
    cluster: &ClusterId,
    asked: LogRequest,
) -> Result<Tail, PortError> {
    let late = format!(
        "the log of Pod {} did not come within {} seconds",
        asked.pod,
        PATIENCE.as_secs()
    );
    let mut batches = logs.read(cluster, asked);
    let reading = async {
        let mut tail = Tail::default();
        let mut count = 0_usize;
        while let Some(batch) = batches.next().await {
            let lines = batch?;
            count += lines.len();
            for line in &lines {
                tail.first = tail.first.or(line.at);
                match told(&line.text) {
                    Some(Told::Finished) => tail.finished = line.at.or(tail.finished),
                    Some(Told::Begun) => tail.begun = line.at.or(tail.begun),
                    None => {}
                }
            }
        }
        tail.is_cut = count >= LINES as usize;
        Ok(tail)
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .unwrap_or_else(|_| Err(PortError::new(PortErrorKind::Timeout, late)))
}
