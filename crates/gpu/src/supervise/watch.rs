//! Watching the sampler: one run after the other, for as long as somebody listens.

use std::{process::ExitStatus, time::Duration};

use strata_domain::workstation::{PendingCall, Trouble};
use strata_ports::workstation::{Pace, WorkstationEvent};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{Patience, SamplerCommand, child::Running};
use crate::wire::FromSampler;

/// The longest wait before a new start.
const LONGEST: Duration = Duration::from_mins(1);
/// A run that went well for this long begins the waits anew.
const WELL: Duration = Duration::from_mins(1);
/// How long a sampler may take to end after it was asked or made to.
const FAREWELL: Duration = Duration::from_secs(3);

/// The sampler as it is watched.
pub(super) struct Watched {
    pub(super) command: SamplerCommand,
    pub(super) patience: Patience,
    pub(super) pace: watch::Receiver<Pace>,
    pub(super) events: mpsc::Sender<WorkstationEvent>,
}

/// How a run of the sampler came to its end.
enum Ended {
    /// Nobody listens any more.
    Unheard,
    /// It ended by itself.
    ByItself(Option<ExitStatus>),
    /// It hung and was ended.
    Hung,
}

impl Watched {
    /// Runs the sampler again and again, until nobody listens.
    pub(super) async fn run(self) {
        if self.command.program.as_os_str().is_empty() {
            return self.events.closed().await;
        }
        let mut wait = self.patience.back_off;
        loop {
            let began = Instant::now();
            let how = match Running::start(&self.command) {
                Ok(mut running) => match self.follow(&mut running).await {
                    Ended::Unheard => return farewell(&mut running).await,
                    Ended::ByItself(status) => status.map_or_else(
                        || "its end was not told".to_owned(),
                        |status| status.to_string(),
                    ),
                    Ended::Hung => {
                        if !self.bury(&mut running).await {
                            return;
                        }
                        "it hung and was ended".to_owned()
                    }
                },
                Err(error) => format!("it could not be started: {error}"),
            };
            if began.elapsed() >= WELL {
                wait = self.patience.back_off;
            }
            let again_seconds = u32::try_from(wait.as_secs().max(1)).unwrap_or(u32::MAX);
            self.tell(Some(Trouble::Ended { how, again_seconds })).await;
            tokio::select! {
                () = sleep(wait) => {}
                () = self.events.closed() => return,
            }
            wait = (wait * 2).min(LONGEST);
        }
    }

    async fn tell(&self, trouble: Option<Trouble>) {
        // That nobody listens is noticed by who waits for it.
        if self
            .events
            .send(WorkstationEvent::Sampler(trouble))
            .await
            .is_err()
        {
            tracing::debug!("nobody listens to the workstation any more");
        }
    }

    /// Hands on what the sampler says until one of the two ends, or it hangs.
    async fn follow(&self, running: &mut Running) -> Ended {
        let mut heard = Instant::now();
        let mut pending: Option<PendingCall> = None;
        let mut hangs = false;
        let mut paces = self.pace.clone();
        let mut pace = *paces.borrow_and_update();
        if pace != Pace::default() {
            running.sample_every(pace.seconds()).await;
        }
        let mut look_at = heard + silence(pace, self.patience.grace);
        loop {
            tokio::select! {
                biased;
                () = self.events.closed() => return Ended::Unheard,
                // Whoever set the pace may be gone; it stays then.
                Ok(()) = paces.changed() => {
                    pace = *paces.borrow_and_update();
                    running.sample_every(pace.seconds()).await;
                    // It is asked to say something now: until then nothing was due.
                    if !hangs {
                        heard = Instant::now();
                        look_at = heard + silence(pace, self.patience.grace);
                    }
                }
                said = running.next() => match said {
                    None => {
                        let status = timeout(FAREWELL, running.process.wait()).await;
                        return Ended::ByItself(status.ok().and_then(Result::ok));
                    }
                    Some(FromSampler::Sample(sample)) => {
                        heard = Instant::now();
                        look_at = heard + silence(pace, self.patience.grace);
                        pending = None;
                        if hangs {
                            hangs = false;
                            self.tell(None).await;
                        }
                        let event = WorkstationEvent::Accelerators(sample);
                        if self.events.send(event).await.is_err() {
                            return Ended::Unheard;
                        }
                    }
                    Some(FromSampler::Waits(call)) => pending = Some(call),
                },
                () = sleep_until(look_at) => {
                    if heard.elapsed() >= silence(pace, self.patience.end_after) {
                        return Ended::Hung;
                    }
                    hangs = true;
                    let seconds = u32::try_from(heard.elapsed().as_secs()).unwrap_or(u32::MAX);
                    let (device, call) = pending
                        .as_ref()
                        .map(|call| (call.device.clone(), call.call.clone()))
                        .unwrap_or_default();
                    self.tell(Some(Trouble::Hung { device, call, seconds })).await;
                    look_at = (Instant::now() + Duration::from_secs(1))
                        .min(heard + silence(pace, self.patience.end_after));
                }
            }
        }
    }

    /// Ends a sampler that hangs. False where nobody listens any more before it is gone.
    async fn bury(&self, running: &mut Running) -> bool {
        // A call that is on its way may come back after all, and a driver whose user is killed within one
        // has been seen to hang for good.
        running.ask_to_end();
        if timeout(FAREWELL, running.process.wait()).await.is_ok() {
            return true;
        }
        if let Err(error) = running.process.start_kill() {
            tracing::debug!(%error, "the sampler was gone before it was ended");
        }
        if timeout(FAREWELL, running.process.wait()).await.is_ok() {
            return true;
        }
        // It hangs in the kernel: another one would come to hang beside it.
        let pid = running.pid();
        self.tell(Some(Trouble::Stuck { pid })).await;
        tokio::select! {
            _ = running.process.wait() => true,
            () = self.events.closed() => false,
        }
    }
}

/// Ends a sampler that nobody needs any more: gently, so that the driver's state stays whole.
async fn farewell(running: &mut Running) {
    running.ask_to_end();
    if timeout(FAREWELL, running.process.wait()).await.is_err()
        && let Err(error) = running.process.start_kill()
    {
        tracing::debug!(%error, "the sampler was gone before it was ended");
    }
}

/// How long the sampler may say nothing at `pace`, of a patience that is meant for every second.
fn silence(pace: Pace, patience: Duration) -> Duration {
    patience + Duration::from_secs(u64::from(pace.seconds().saturating_sub(1)))
}
