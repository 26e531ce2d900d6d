//! What everything has in common that listens on this computer: a token of this start, its own
//! names, an end.

use std::fmt;

use anyhow::Context;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The secret of one start: 32 random bytes.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn random() -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).context("no random bytes for a token")?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Compares in a time that does not tell how much was right.
    pub(crate) fn matches(&self, offered: &str) -> bool {
        let differences = self
            .0
            .bytes()
            .zip(offered.bytes())
            .fold(0, |differences, (left, right)| differences | (left ^ right));
        self.0.len() == offered.len() && differences == 0
    }
}

/// For what lets the user in (a link, a kubeconfig file), and nowhere else.
impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The names by which this server may be called.
pub(crate) fn names(port: u16) -> [String; 2] {
    [format!("127.0.0.1:{port}"), format!("localhost:{port}")]
}

/// Comes back when the program is asked to stop.
pub(crate) async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if let Err(error) = interrupt.await {
        tracing::error!(%error, "cannot wait for an interrupt");
    }
}
