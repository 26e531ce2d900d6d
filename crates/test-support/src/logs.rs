//! Logs that containers write as a test has them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::{StreamExt, stream::BoxStream};
use jiff::Timestamp;
use strata_domain::ids::ClusterId;
use strata_ports::{
    error::PortError,
    logs::{LogLine, LogRequest, LogSource},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;

/// Logs that containers write as a test has them. Nothing comes by itself: a test looks at what was
/// asked, and answers it.
#[derive(Debug, Default)]
pub struct ScriptedLogs {
    asked: Mutex<Vec<AskedLog>>,
}

/// A log that was asked for.
#[derive(Clone, Debug)]
pub struct AskedLog {
    /// What was asked.
    pub request: LogRequest,
    answers: mpsc::UnboundedSender<Result<Vec<LogLine>, PortError>>,
}

impl AskedLog {
    /// Writes lines, each with its time.
    pub fn write(&self, lines: &[(Timestamp, &str)]) {
        let lines = lines.iter().map(|(at, text)| LogLine {
            at: Some(*at),
            text: (*text).to_owned(),
        });
        // Whoever asked may not listen any more.
        self.answers.send(Ok(lines.collect())).ok();
    }

    /// Fails.
    pub fn fail(&self, error: PortError) {
        self.answers.send(Err(error)).ok();
    }

    /// Whether whoever asked still listens.
    pub fn is_open(&self) -> bool {
        !self.answers.is_closed()
    }
}

impl ScriptedLogs {
    /// The logs that were asked for, in order.
    pub fn asked(&self) -> Vec<AskedLog> {
        self.lock().clone()
    }

    /// Ends every log: the connection is gone.
    pub fn cut(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<AskedLog>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogSource for ScriptedLogs {
    fn read(
        &self,
        _: &ClusterId,
        request: LogRequest,
    ) -> BoxStream<'static, Result<Vec<LogLine>, PortError>> {
        let (answers, answered) = mpsc::unbounded_channel();
        self.lock().push(AskedLog { request, answers });
        UnboundedReceiverStream::new(answered).boxed()
    }
}
