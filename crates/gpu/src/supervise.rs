//! The port as the engine sees it: the machine is read by a thread, the accelerators by a process of
//! their own that is watched.
//!
//! A driver may hang for minutes when a device falls off its bus, and a call into it cannot be taken
//! back. So it is made in a process that can be ended: one that says nothing for [`GRACE`] is told to
//! hang, after [`PATIENCE`] it is ended and, after a while that grows, started anew. One that hangs in
//! the kernel cannot be ended; no other is started beside it.

use std::{ffi::OsString, path::PathBuf, sync::Arc, time::Duration};

use futures::{
    StreamExt,
    future::{BoxFuture, FutureExt},
    stream::BoxStream,
};
use strata_domain::workstation::{DeviceChange, Standing};
use strata_ports::{
    clock::Clock,
    error::PortError,
    workstation::{
        Changed, Ending, Pace, ProcessEnd, ProcessIdentity, WorkstationEvent, WorkstationProbe,
    },
};
use tokio::sync::{mpsc, watch::Receiver};
use tokio_stream::wrappers::ReceiverStream;

use crate::{ending, machine::MachineProbe};

mod child;
mod trial;
mod watch;

/// How long the sampler may say nothing before it is told to hang.
pub const GRACE: Duration = Duration::from_secs(5);
/// How long a sampler that hangs is left alone before it is ended.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How many events may wait.
const INBOX: usize = 16;

/// How the processes are started that talk to drivers: usually this very program, with arguments that
/// say which. Without a program, none is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SamplerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments, to sample.
    pub to_sample: Vec<OsString>,
    /// Its arguments, to set a device and hold that.
    pub to_hold: Vec<OsString>,
}

/// How patient one is with the sampler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long it may say nothing before it is told to hang.
    pub grace: Duration,
    /// How long it may say nothing before it is ended.
    pub end_after: Duration,
    /// How long it is waited before the first new start; doubled each time, up to a minute.
    pub back_off: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            grace: GRACE,
            end_after: PATIENCE,
            back_off: Duration::from_secs(1),
        }
    }
}

/// This machine.
pub struct LocalWorkstation {
    clock: Arc<dyn Clock>,
    command: SamplerCommand,
    patience: Patience,
}

impl std::fmt::Debug for LocalWorkstation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("LocalWorkstation")
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

impl LocalWorkstation {
    /// This machine, with a sampler that `command` starts.
    pub fn new(command: SamplerCommand, patience: Patience, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            command,
            patience,
        }
    }
}

impl WorkstationProbe for LocalWorkstation {
    fn follow(&self, pace: Receiver<Pace>) -> BoxStream<'static, WorkstationEvent> {
        let (events, received) = mpsc::channel(INBOX);
        read_machine(Arc::clone(&self.clock), pace.clone(), events.clone());
        let watched = watch::Watched {
            command: self.command.clone(),
            patience: self.patience,
            pace,
            events,
        };
        tokio::spawn(watched.run());
        ReceiverStream::new(received).boxed()
    }

    fn user(&self) -> String {
        ending::user()
    }

    fn end_process(
        &self,
        process: ProcessIdentity,
        how: Ending,
        patience: Duration,
    ) -> BoxFuture<'static, Result<ProcessEnd, PortError>> {
        ending::end(process, how, patience).boxed()
    }

    fn examine(&self, change: DeviceChange) -> BoxFuture<'static, Result<Standing, PortError>> {
        trial::examine(self.command.clone(), change).boxed()
    }

    fn change(
        &self,
        change: DeviceChange,
        trial: Option<Duration>,
    ) -> BoxFuture<'static, Result<Changed, PortError>> {
        trial::make(self.command.clone(), change, trial).boxed()
    }
}

/// Reads the machine as often as `pace` has it, until nobody listens. In a thread that nobody waits for:
/// asking a disk that is away can take long.
fn read_machine(
    clock: Arc<dyn Clock>,
    pace: Receiver<Pace>,
    events: mpsc::Sender<WorkstationEvent>,
) {
    std::thread::spawn(move || {
        let mut probe = match MachineProbe::open() {
            Ok(probe) => probe,
            Err(error) => return tracing::warn!(%error, "this machine cannot be read"),
        };
        while !events.is_closed() {
            let sample = Box::new(probe.sample(clock.as_ref()));
            if events
                .blocking_send(WorkstationEvent::Machine(sample))
                .is_err()
            {
                return;
            }
            // Looks once a second, so that whoever begins to look does not wait for long.
            let mut waited = 0;
            while waited == 0 || (waited < pace.borrow().seconds() && !events.is_closed()) {
                std::thread::sleep(Duration::from_secs(1));
                waited += 1;
            }
        }
    });
}
