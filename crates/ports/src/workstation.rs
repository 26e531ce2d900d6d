//! The machine that Strata runs on: samples of it, and what may be done to it.

use futures::{future::BoxFuture, stream::BoxStream};
use strata_domain::workstation::{
    AcceleratorSample, DeviceChange, MachineSample, Setting, Trouble,
};

use crate::error::PortError;

/// Samples this machine and its accelerators, and changes what may be changed of them.
///
/// A driver that hangs holds up nobody: what comes then is a [`WorkstationEvent::Sampler`] that says
/// so, while the machine's own figures go on.
pub trait WorkstationProbe: Send + Sync {
    /// Samples about once a second for as long as the stream is held. Nothing is asked of any driver
    /// before or after, so that a device that sleeps goes on sleeping.
    fn follow(&self) -> BoxStream<'static, WorkstationEvent>;

    /// Ends a process. Fails with `NotFound` where it is gone, or where its number belongs to another
    /// one by now, and with `Forbidden` where this user may not.
    fn end_process(
        &self,
        process: ProcessIdentity,
        how: Ending,
    ) -> BoxFuture<'static, Result<(), PortError>>;

    /// Whether `change` could be made, without making it: `Forbidden` where it takes an
    /// administrator, `InvalidInput` where the device does not allow the value.
    fn check(&self, change: DeviceChange) -> BoxFuture<'static, Result<(), PortError>>;

    /// Makes a change and tells what the device has then, which may be another value than the one
    /// asked for.
    fn change(&self, change: DeviceChange) -> BoxFuture<'static, Result<Setting, PortError>>;
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
