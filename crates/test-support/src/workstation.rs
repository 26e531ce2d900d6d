//! A workstation that tells what a test has it tell.

use std::sync::{Mutex, PoisonError};

use futures::{
    FutureExt, StreamExt,
    future::{BoxFuture, ready},
    stream::BoxStream,
};
use strata_domain::workstation::{DeviceChange, Setting};
use strata_ports::{
    error::PortError,
    workstation::{Ending, ProcessIdentity, WorkstationEvent, WorkstationProbe},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;

/// A workstation that tells what a test has it tell, and lets everything be done to it.
#[derive(Debug, Default)]
pub struct ScriptedWorkstation {
    listener: Mutex<Option<mpsc::UnboundedSender<WorkstationEvent>>>,
    ended: Mutex<Vec<(ProcessIdentity, Ending)>>,
}

impl ScriptedWorkstation {
    /// Has it tell `event`. True where somebody listens.
    pub fn tell(&self, event: WorkstationEvent) -> bool {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        listener
            .as_ref()
            .is_some_and(|listener| listener.send(event).is_ok())
    }

    /// Whether it is sampled.
    pub fn is_sampled(&self) -> bool {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        listener.as_ref().is_some_and(|one| !one.is_closed())
    }

    /// The processes that were ended, and how.
    pub fn ended(&self) -> Vec<(ProcessIdentity, Ending)> {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.clone()
    }
}

impl WorkstationProbe for ScriptedWorkstation {
    fn follow(&self) -> BoxStream<'static, WorkstationEvent> {
        let (sender, received) = mpsc::unbounded_channel();
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        UnboundedReceiverStream::new(received).boxed()
    }

    fn end_process(
        &self,
        process: ProcessIdentity,
        how: Ending,
    ) -> BoxFuture<'static, Result<(), PortError>> {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.push((process, how));
        ready(Ok(())).boxed()
    }

    fn check(&self, _: DeviceChange) -> BoxFuture<'static, Result<(), PortError>> {
        ready(Ok(())).boxed()
    }

    fn change(&self, change: DeviceChange) -> BoxFuture<'static, Result<Setting, PortError>> {
        ready(Ok(change.setting)).boxed()
    }
}
