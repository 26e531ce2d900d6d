//! The line between the clients and the server, which a test or a story can cut.

use tokio::sync::watch;

/// Why a connection or a stream broke: the server does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineCut {
    /// A new connection was refused.
    #[error("connection refused: the demo cluster's API server is stopped")]
    Refused,
    /// An open stream was cut.
    #[error("connection reset: the demo cluster's API server was stopped")]
    Reset,
}

/// Whether the server answers.
#[derive(Debug)]
pub(crate) struct Line {
    /// How often the line was cut; odd while it is.
    cuts: watch::Sender<u64>,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self {
            cuts: watch::Sender::new(0),
        }
    }

    /// Cuts every connection, and refuses new ones until [`Line::mend`].
    pub(crate) fn cut(&self) {
        self.cuts.send_if_modified(|cuts| {
            let is_new = *cuts % 2 == 0;
            *cuts += u64::from(is_new);
            is_new
        });
    }

    /// Accepts connections again.
    pub(crate) fn mend(&self) {
        self.cuts.send_if_modified(|cuts| {
            let is_new = *cuts % 2 == 1;
            *cuts += u64::from(is_new);
            is_new
        });
    }

    /// Connects: what comes back waits for the next cut.
    pub(crate) fn connect(&self) -> Result<watch::Receiver<u64>, LineCut> {
        let receiver = self.cuts.subscribe();
        if *receiver.borrow() % 2 == 1 {
            Err(LineCut::Refused)
        } else {
            Ok(receiver)
        }
    }
}
