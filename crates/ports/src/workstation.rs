//! The machine that Strata runs on: samples of it, and what may be done to it.

use std::time::Duration;

use futures::{future::BoxFuture, stream::BoxStream};
use strata_domain::workstation::{
    AcceleratorSample, DeviceChange, MachineSample, Setting, Standing, Trouble,
};

use tokio::sync::watch;

use crate::error::PortError;

/// Samples this machine and its accelerators, and changes what may be changed of them.
///
/// A driver that hangs holds up nobody: what comes then is a [`WorkstationEvent::Sampler`] that says
/// so, while the machine's own figures go on.
pub trait WorkstationProbe: Send + Sync {
    /// Samples as often as `pace` has it last, for as long as the stream is held. Nothing is asked of any
    /// driver before or after, and at no pace of a device that sleeps.
    fn follow(&self, pace: watch::Receiver<Pace>) -> BoxStream<'static, WorkstationEvent>;

    /// The user as whom Strata runs on this machine: the name, or the number where it has none.
    fn user(&self) -> String;

    /// Ends a process, and waits for `patience` whether it goes. Fails with `NotFound` where it is
    /// gone, or where its number belongs to another one by now, and with `Forbidden` where this user
    /// may not or nobody should.
    fn end_process(
        &self,
        process: ProcessIdentity,
        how: Ending,
        patience: Duration,
    ) -> BoxFuture<'static, Result<ProcessEnd, PortError>>;

    /// How the device stands with regard to `change`, without making it: `Forbidden` where it takes an
    /// administrator, `InvalidInput` where the device does not allow the value.
    fn examine(&self, change: DeviceChange) -> BoxFuture<'static, Result<Standing, PortError>>;

    /// Makes a change. With `trial` it is made for that long, and taken back then unless somebody
    /// says to keep it: also where Strata ends before.
    fn change(
        &self,
        change: DeviceChange,
        trial: Option<Duration>,
    ) -> BoxFuture<'static, Result<Changed, PortError>>;
}

/// How often a machine is sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Once a second: somebody looks.
    #[default]
    Quick,
    /// Once in half a minute: it is kept.
    Slow,
}

impl Pace {
    /// How many seconds lie between two samples.
    pub fn seconds(self) -> u32 {
        match self {
            Self::Quick => 1,
            Self::Slow => 30,
        }
    }
}

/// What came of a change to a device.
pub struct Changed {
    /// What the device had; none where its driver does not tell that.
    pub before: Option<Setting>,
    /// What it has, by its own account, which may be another value than the one asked for.
    pub now: Setting,
    /// The change as it is tried; none where it is made for good.
    pub trial: Option<Trial>,
}

/// A change that is taken back unless somebody says to keep it.
pub struct Trial {
    /// Ends it before its time. Where this is dropped the change is taken back.
    pub decide: Box<dyn FnOnce(Decision) + Send>,
    /// How it ended, once it has.
    pub ended: BoxFuture<'static, TrialEnd>,
}

/// What is decided about a change on trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It stays.
    Keep,
    /// It is taken back at once.
    TakeBack,
}

/// How a trial ended.
#[derive(Clone, Debug, PartialEq)]
pub enum TrialEnd {
    /// The change stays.
    Kept,
    /// It was taken back: what the device has now.
    TakenBack(Setting),
    /// It was to be taken back, and was not.
    Stuck {
        /// Why, in the driver's words or ours.
        message: String,
    },
}

/// What comes of following a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkstationEvent {
    /// How the machine is.
    Machine(Box<MachineSample>),
    /// How its accelerators are.
    Accelerators(Box<AcceleratorSample>),
    /// What is wrong with the process that asks the drivers; nothing any more where there is none.
    Sampler(Option<Trouble>),
}

/// A process, told from one that gets its number later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessIdentity {
    /// Its number.
    pub pid: u32,
    /// When it started, in clock ticks since the machine did.
    pub started_ticks: u64,
}

/// How a process is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is asked to (SIGTERM), and may finish what it does.
    Ask,
    /// It is ended at once (SIGKILL).
    Force,
}

/// What became of a process that was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessEnd {
    /// It is gone.
    Gone,
    /// It was asked to go, and has not yet.
    Lingers,
}
