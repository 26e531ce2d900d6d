//! The port as the engine sees it: the machine is read by a thread, the accelerators by a process of
//! their own that is watched.
//!
//! A driver may hang for minutes when a device falls off its bus, and a call into it cannot be taken
//! back. So it is made in a process that can be ended: one that says nothing for [`GRACE`] is told to
//! hang, after [`PATIENCE`] it is ended and, after a while that grows, started anew. One that hangs in
//! the kernel cannot be ended; no other is started beside it.

use std::{
    ffi::OsString,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::{
    StreamExt,
    future::{BoxFuture, FutureExt},
    stream::BoxStream,
};
use strata_domain::workstation::{DeviceChange, Setting};
use strata_ports::{
    clock::Clock,
    error::{PortError, PortErrorKind},
    workstation::{Ending, ProcessIdentity, WorkstationEvent, WorkstationProbe},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;

use crate::{ending, machine::MachineProbe};

mod child;
mod watch;

use child::Request;

/// How long the sampler may say nothing before it is told to hang.
pub const GRACE: Duration = Duration::from_secs(5);
/// How long a sampler that hangs is left alone before it is ended.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How long a change may take.
const CHANGE: Duration = Duration::from_secs(15);
/// How many events may wait.
const INBOX: usize = 16;

/// How the sampler is started: usually this very program, with an argument that says so. Without a
/// program, none is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SamplerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
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
    /// The way to the sampler that runs, if one does.
    requests: Arc<Mutex<Option<mpsc::Sender<Request>>>>,
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
            requests: Arc::default(),
        }
    }

    fn request(
        &self,
        change: DeviceChange,
        is_made: bool,
    ) -> BoxFuture<'static, Result<Setting, PortError>> {
        let sender = self
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        async move {
            let unavailable = || {
                PortError::new(
                    PortErrorKind::Unavailable,
                    "the accelerators of this machine are not being read",
                )
            };
            let sender = sender.ok_or_else(unavailable)?;
            let (reply, answer) = oneshot::channel();
            let request = Request {
                change,
                is_made,
                reply,
            };
            sender.send(request).await.map_err(|_| unavailable())?;
            match timeout(CHANGE, answer).await {
                Ok(Ok(outcome)) => outcome.map_err(Into::into),
                Ok(Err(_)) => Err(unavailable()),
                Err(_) => Err(PortError::new(
                    PortErrorKind::Timeout,
                    "the driver did not answer in time; whether it made the change is not known",
                )),
            }
        }
        .boxed()
    }
}

impl WorkstationProbe for LocalWorkstation {
    fn follow(&self) -> BoxStream<'static, WorkstationEvent> {
        let (events, received) = mpsc::channel(INBOX);
        read_machine(Arc::clone(&self.clock), events.clone());
        let watched = watch::Watched {
            command: self.command.clone(),
            patience: self.patience,
            requests: Arc::clone(&self.requests),
            events,
        };
        tokio::spawn(watched.run());
        ReceiverStream::new(received).boxed()
    }

    fn end_process(
        &self,
        process: ProcessIdentity,
        how: Ending,
    ) -> BoxFuture<'static, Result<(), PortError>> {
        async move { ending::end(process, how) }.boxed()
    }

    fn check(&self, change: DeviceChange) -> BoxFuture<'static, Result<(), PortError>> {
        self.request(change, false)
            .map(|outcome| outcome.map(drop))
            .boxed()
    }

    fn change(&self, change: DeviceChange) -> BoxFuture<'static, Result<Setting, PortError>> {
        self.request(change, true)
    }
}

/// Reads the machine once a second until nobody listens. In a thread that nobody waits for: asking a
/// disk that is away can take long.
fn read_machine(clock: Arc<dyn Clock>, events: mpsc::Sender<WorkstationEvent>) {
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
            std::thread::sleep(Duration::from_secs(1));
        }
    });
}
