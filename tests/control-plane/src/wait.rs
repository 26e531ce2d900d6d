//! Waiting for a state instead of for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Asks `probe` again and again until it answers with a value, and returns that.
///
/// `what` says in a few words what is waited for (`"the node is ready"`); it and the probe's last
/// error make the error's text. The pauses grow from 20 to 500 milliseconds.
///
/// # Errors
///
/// When `limit` has passed. An error of the probe only means "not yet".
pub async fn until<T>(
    what: &str,
    limit: Duration,
    mut probe: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match probe().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if start.elapsed() >= limit {
            let waited = format!("waited {} s until {what}", limit.as_secs());
            return Err(match error {
                Some(error) => error.context(waited),
                None => anyhow!("{waited}, in vain"),
            });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
