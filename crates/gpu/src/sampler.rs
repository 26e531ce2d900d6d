//! The process of its own in which drivers are asked.
//!
//! One thread asks, since calls to NVIDIA's driver wait for each other anyway and more of them would
//! only hold up what runs on the devices; it asks once a second, and leaves a second out rather than
//! catch up; where it is told to, less often. Another thread says which call has not come back. The
//! process ends when its input does.

use std::{
    io::{BufRead as _, Write},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use strata_domain::workstation::AcceleratorSample;
use strata_ports::clock::Clock;

use crate::{
    nvml::{self, calls::Pending},
    wire::{FromSampler, ToSampler},
};

/// How often the accelerators are asked.
const BEAT: Duration = Duration::from_secs(1);
/// A call that takes longer is told of.
const LONG: Duration = Duration::from_secs(2);
/// How long the thread that asks may take to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// Where the sampler looks.
#[derive(Clone, Debug)]
pub struct Places {
    /// The machine's file system: `/`, or a tree of fixtures.
    pub root: PathBuf,
    /// NVIDIA's library, where it is not to be looked for.
    pub library: Option<PathBuf>,
}

impl Places {
    /// This machine, and the library that the variable `STRATA_NVML_LIBRARY` names, if it does.
    pub fn of_environment() -> Self {
        Self {
            root: PathBuf::from("/"),
            library: std::env::var_os("STRATA_NVML_LIBRARY")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
        }
    }
}

/// Samples until standard input ends or nobody reads standard output.
pub fn run(places: Places, clock: Arc<dyn Clock>) {
    let output: Output = Arc::new(Mutex::new(std::io::stdout()));
    let pending = Arc::new(Pending::new(clock));
    remind(Arc::clone(&pending), Arc::clone(&output));
    let (tells, told) = mpsc::channel();
    let (ends, ended) = mpsc::channel();
    thread::spawn(move || {
        let mut beat = Beat {
            output,
            told,
            every: BEAT,
            due: Instant::now(),
        };
        nvml::watch::run(&places, &pending, &mut beat);
        if ends.send(()).is_err() {
            tracing::debug!("nobody waits for the end of the sampler");
        }
    });
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else {
            tracing::debug!("standard input failed, which is its end as well");
            break;
        };
        match serde_json::from_str(&line) {
            Ok(ToSampler::Every { seconds }) => {
                let every = Duration::from_secs(u64::from(seconds)).max(BEAT);
                if tells.send(every).is_err() {
                    tracing::debug!("the sampler has ended before it was told how often to sample");
                }
            }
            Err(error) => tracing::warn!(%error, "the sampler was told what cannot be read"),
        }
    }
    drop(tells);
    // A driver that hangs holds up the thread, not the end of the process.
    if ended.recv_timeout(FAREWELL).is_err() {
        tracing::debug!("a call to a driver has not come back; the sampler ends without it");
    }
}

type Output = Arc<Mutex<std::io::Stdout>>;

/// Writes a line. False where nobody reads it any more.
fn say(output: &Output, said: &FromSampler) -> bool {
    let Ok(mut line) = serde_json::to_vec(said) else {
        return true;
    };
    line.push(b'\n');
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output
        .write_all(&line)
        .and_then(|()| output.flush())
        .is_ok()
}

/// Says which call has not come back, once a second while one has not.
fn remind(pending: Arc<Pending>, output: Output) {
    thread::spawn(move || {
        loop {
            thread::sleep(BEAT);
            if let Some(call) = pending.longer_than(LONG)
                && !say(&output, &FromSampler::Waits(call))
            {
                return;
            }
        }
    });
}

/// The pace of the thread that asks, and its way to whoever listens.
#[derive(Debug)]
pub struct Beat {
    output: Output,
    /// How often it is to be from now on; hung up on when nobody listens any more.
    told: Receiver<Duration>,
    every: Duration,
    /// When the sample was due that was told last.
    due: Instant,
}

impl Beat {
    /// Says `sample` and waits until the next is due. False where it is time to end.
    pub(crate) fn tell(&mut self, sample: AcceleratorSample) -> bool {
        if !say(&self.output, &FromSampler::Sample(Box::new(sample))) {
            return false;
        }
        loop {
            // What was missed is left out.
            let next = (self.due + self.every).max(Instant::now());
            let left = next.saturating_duration_since(Instant::now());
            match self.told.recv_timeout(left) {
                // One that becomes quicker may be due at once.
                Ok(every) => self.every = every,
                Err(RecvTimeoutError::Timeout) => {
                    self.due = next;
                    return true;
                }
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// For how many seconds a sample stands.
    pub(crate) fn seconds(&self) -> u32 {
        u32::try_from(self.every.as_secs())
            .unwrap_or(u32::MAX)
            .max(1)
    }
}
