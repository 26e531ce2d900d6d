//! A workstation that tells what a test has it tell, and lets everything be done to it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::{
    FutureExt, StreamExt,
    future::{BoxFuture, ready},
    stream::BoxStream,
};
use strata_domain::workstation::{DeviceChange, Setting, Standing};
use strata_ports::{
    error::{PortError, PortErrorKind},
    workstation::{
        Changed, Decision, Ending, Pace, ProcessEnd, ProcessIdentity, Trial, TrialEnd,
        WorkstationEvent, WorkstationProbe,
    },
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_stream::wrappers::UnboundedReceiverStream;

/// A workstation that tells what a test has it tell. Its one device has a power limit of 700 W, in steps
/// of 5 W.
#[derive(Debug, Default)]
pub struct ScriptedWorkstation {
    listener: Mutex<Option<mpsc::UnboundedSender<WorkstationEvent>>>,
    pace: Mutex<Option<watch::Receiver<Pace>>>,
    ended: Mutex<Vec<(ProcessIdentity, Ending)>>,
    set: Mutex<Vec<Setting>>,
    taken_back: Arc<Mutex<Vec<Setting>>>,
    is_forbidden: Mutex<bool>,
    is_stuck: Mutex<bool>,
    lingers: Mutex<bool>,
}

fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ScriptedWorkstation {
    /// Has it tell `event`. True where somebody listens.
    pub fn tell(&self, event: WorkstationEvent) -> bool {
        lock(&self.listener)
            .as_ref()
            .is_some_and(|listener| listener.send(event).is_ok())
    }

    /// Whether it is sampled.
    pub fn is_sampled(&self) -> bool {
        lock(&self.listener)
            .as_ref()
            .is_some_and(|one| !one.is_closed())
    }

    /// At which pace it is sampled; none while it is not.
    pub fn pace(&self) -> Option<Pace> {
        let pace = lock(&self.pace).as_ref().map(|pace| *pace.borrow());
        pace.filter(|_| self.is_sampled())
    }

    /// The processes that were ended, and how.
    pub fn ended(&self) -> Vec<(ProcessIdentity, Ending)> {
        lock(&self.ended).clone()
    }

    /// What the device was set to, in order.
    pub fn set(&self) -> Vec<Setting> {
        lock(&self.set).clone()
    }

    /// What it was set back to, in order.
    pub fn taken_back(&self) -> Vec<Setting> {
        lock(&self.taken_back).clone()
    }

    /// From now on it takes an administrator to set the device.
    pub fn forbid(&self) {
        *lock(&self.is_forbidden) = true;
    }

    /// From now on nothing can be taken back.
    pub fn get_stuck(&self) {
        *lock(&self.is_stuck) = true;
    }

    /// From now on processes do not go when they are asked to.
    pub fn linger(&self) {
        *lock(&self.lingers) = true;
    }

    fn now(&self) -> Setting {
        lock(&self.set)
            .last()
            .copied()
            .unwrap_or(Setting::PowerLimit(700.0))
    }
}

impl WorkstationProbe for ScriptedWorkstation {
    fn follow(&self, pace: watch::Receiver<Pace>) -> BoxStream<'static, WorkstationEvent> {
        let (sender, received) = mpsc::unbounded_channel();
        *lock(&self.pace) = Some(pace);
        *lock(&self.listener) = Some(sender);
        UnboundedReceiverStream::new(received).boxed()
    }

    fn user(&self) -> String {
        "ada".to_owned()
    }

    fn end_process(
        &self,
        process: ProcessIdentity,
        how: Ending,
        _: Duration,
    ) -> BoxFuture<'static, Result<ProcessEnd, PortError>> {
        lock(&self.ended).push((process, how));
        let lingers = *lock(&self.lingers) && how == Ending::Ask;
        let end = if lingers {
            ProcessEnd::Lingers
        } else {
            ProcessEnd::Gone
        };
        ready(Ok(end)).boxed()
    }

    fn examine(&self, change: DeviceChange) -> BoxFuture<'static, Result<Standing, PortError>> {
        let now = match change.setting {
            Setting::PowerLimit(watts) if !(200.0..=700.0).contains(&watts) => {
                let error = PortError::new(
                    PortErrorKind::InvalidInput,
                    "NVIDIA H100 takes a power limit from 200 to 700 W",
                );
                return ready(Err(error)).boxed();
            }
            Setting::PowerLimit(_) => Some(self.now()),
            Setting::LockedClocks(_) => None,
        };
        ready(Ok(Standing {
            index: 0,
            model: "NVIDIA H100".to_owned(),
            now,
            is_persistent: true,
            may_be_set: !*lock(&self.is_forbidden),
        }))
        .boxed()
    }

    fn change(
        &self,
        change: DeviceChange,
        trial: Option<Duration>,
    ) -> BoxFuture<'static, Result<Changed, PortError>> {
        let before = self.now();
        let now = match change.setting {
            Setting::PowerLimit(watts) => Setting::PowerLimit((watts / 5.0).floor() * 5.0),
            clocks @ Setting::LockedClocks(_) => clocks,
        };
        lock(&self.set).push(now);
        let is_stuck = *lock(&self.is_stuck);
        let trial = trial.map(|trial| {
            let (sender, decided) = oneshot::channel();
            let taken_back = Arc::clone(&self.taken_back);
            let ended = async move {
                let decision = tokio::time::timeout(trial, decided).await;
                match decision {
                    Ok(Ok(Decision::Keep)) => TrialEnd::Kept,
                    _ if is_stuck => TrialEnd::Stuck {
                        message: "the driver is busy".to_owned(),
                    },
                    _ => {
                        lock(&taken_back).push(before);
                        TrialEnd::TakenBack(before)
                    }
                }
            };
            Trial {
                decide: Box::new(move |decision| {
                    // What is over already is decided.
                    let _over = sender.send(decision);
                }),
                ended: ended.boxed(),
            }
        });
        ready(Ok(Changed {
            before: Some(before),
            now,
            trial,
        }))
        .boxed()
    }
}
