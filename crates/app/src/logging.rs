//! Where log lines go.

use tracing_subscriber::EnvFilter;

/// The client's own complaints about a connection are left out: Strata says them in its words.
const QUIET: &str = "warn,kube_client=off";

/// Starts writing log lines to standard error: warnings and worse, or what `STRATA_LOG` says, such
/// as `strata_kubernetes=debug`. A second call changes nothing.
pub fn start_logging() {
    let filter = EnvFilter::try_from_env("STRATA_LOG").unwrap_or_else(|_| EnvFilter::new(QUIET));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
    if let Err(error) = started {
        tracing::debug!(%error, "log lines already go somewhere");
    }
}
