//! The process of its own in which a device is set to something, and that takes it back.
//!
//! A limit that was chosen badly can slow a machine to a crawl, so a change is made on trial: unless
//! somebody says to keep it, it is taken back. Whoever would have to do that may be gone by then, its
//! window closed or the whole program killed; therefore the process that made the change holds it. It
//! listens to standard input, and the end of that is a reason to take the change back like the end of
//! the time is; so are the signals by which a session ends. It takes no part in the sampling: a watched
//! sampler may be killed at any time, and this one must not be.

use std::{io::BufRead, io::Write, sync::Arc, thread, time::Duration};

use strata_domain::workstation::{DeviceChange, Setting};
use strata_ports::clock::Clock;
use tokio::{sync::mpsc, time::sleep};

use crate::{
    nvml::{
        calls::Pending,
        change::{self, Target},
    },
    sampler::Places,
    wire::{Ended, FromHolder, Made, ToHolder},
};

mod signals;

use signals::Signals;

/// How often it is tried to take a change back: a driver that is busy may refuse once.
const ATTEMPTS: u32 = 3;
/// How long lies between two attempts.
const PAUSE: Duration = Duration::from_secs(1);

/// Does what the first line of standard input says, and holds a change on trial until the next line,
/// the end of standard input, the end of its time, or a signal.
pub fn run(places: &Places, clock: Arc<dyn Clock>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            runtime.block_on(answer(places, &Pending::new(clock)));
            runtime.shutdown_background();
        }
        Err(error) => tracing::error!(%error, "a setting cannot be held"),
    }
}

async fn answer(places: &Places, pending: &Pending) {
    let mut lines = listen();
    match lines.recv().await {
        Some(ToHolder::Examine(change)) => {
            let examined = change::open(places, pending).and_then(|nvml| {
                let target = Target::of(&change, &nvml, pending)?;
                Ok(target.standing().clone())
            });
            say(&FromHolder::Examined(examined));
        }
        Some(ToHolder::Make {
            change,
            trial_seconds,
        }) => {
            let trial = trial_seconds.map(|seconds| Duration::from_secs(u64::from(seconds)));
            make(places, pending, &change, trial, &mut lines).await;
        }
        Some(ToHolder::Keep | ToHolder::TakeBack) | None => {}
    }
}

/// Makes a change, and sees its trial through.
async fn make(
    places: &Places,
    pending: &Pending,
    change: &DeviceChange,
    trial: Option<Duration>,
    lines: &mut mpsc::UnboundedReceiver<ToHolder>,
) {
    // From here on no signal ends the process before the change is taken back.
    let mut signals = Signals::listen();
    let nvml = match change::open(places, pending) {
        Ok(nvml) => nvml,
        Err(refusal) => return say(&FromHolder::Made(Err(refusal))),
    };
    let mut target = match Target::of(change, &nvml, pending) {
        Ok(target) => target,
        Err(refusal) => return say(&FromHolder::Made(Err(refusal))),
    };
    let back = target.way_back();
    let made = target.set(change.setting).map(|now| Made {
        before: target.standing().now,
        now,
    });
    let is_made = made.is_ok();
    say(&FromHolder::Made(made));
    let Some(trial) = trial.filter(|_| is_made) else {
        return;
    };
    let is_kept = tokio::select! {
        biased;
        line = lines.recv() => matches!(line, Some(ToHolder::Keep)),
        () = signals.next() => false,
        () = sleep(trial) => false,
    };
    let ended = if is_kept {
        Ended::Kept
    } else {
        take_back(&mut target, back).await
    };
    say(&FromHolder::Ended(ended));
}

/// Sets `back` again, and looks whether the device has it then.
async fn take_back(target: &mut Target<'_>, back: Setting) -> Ended {
    let mut message = String::new();
    for attempt in 1..=ATTEMPTS {
        match target.set(back) {
            Ok(now) if now.is_as_good_as(back) => return Ended::TakenBack(now),
            Ok(now) => message = format!("the device has {now} instead of {back}"),
            Err(refusal) => message = refusal.message,
        }
        if attempt < ATTEMPTS {
            sleep(PAUSE).await;
        }
    }
    Ended::Stuck(message)
}

/// What is said to this process, line by line. That the other side is gone is the channel's end.
fn listen() -> mpsc::UnboundedReceiver<ToHolder> {
    let (sender, lines) = mpsc::unbounded_channel();
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            match serde_json::from_str(&line) {
                Ok(said) => {
                    if sender.send(said).is_err() {
                        return;
                    }
                }
                Err(error) => tracing::warn!(%error, "what was said cannot be read"),
            }
        }
    });
    lines
}

/// Says something. That nobody hears it changes nothing of what is to be done.
fn say(said: &FromHolder) {
    let written = serde_json::to_vec(said)
        .map_err(std::io::Error::from)
        .and_then(|mut line| {
            line.push(b'\n');
            let mut output = std::io::stdout().lock();
            output.write_all(&line)?;
            output.flush()
        });
    if let Err(error) = written {
        tracing::debug!(%error, "nobody hears what came of a setting");
    }
}
