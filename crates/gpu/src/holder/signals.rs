//! The signals by which a session ends: each is a reason to take a change back, none to leave at once.

/// They are heard instead of obeyed for as long as this is there.
pub(super) struct Signals {
    #[cfg(unix)]
    heard: Vec<tokio::signal::unix::Signal>,
}

impl Signals {
    #[cfg(unix)]
    pub(super) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            SignalKind::terminate(),
            SignalKind::interrupt(),
            SignalKind::hangup(),
            SignalKind::quit(),
        ];
        let heard = kinds.into_iter().filter_map(|kind| {
            signal(kind)
                .inspect_err(|error| tracing::warn!(%error, "a signal cannot be heard"))
                .ok()
        });
        Self {
            heard: heard.collect(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn listen() -> Self {
        Self {}
    }

    /// Comes back with the first of them.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        let all = self.heard.iter_mut().map(|one| Box::pin(one.recv()));
        let all: Vec<_> = all.collect();
        if all.is_empty() {
            return std::future::pending().await;
        }
        futures::future::select_all(all).await;
    }

    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
