//! This machine as it is now, for whoever asks once.

use std::time::Duration;

use futures::StreamExt as _;
use strata_api::error::ApiError;
use strata_ports::workstation::Pace;
use tokio::{sync::watch, time::timeout};

use crate::{
    engine::ask, fleet::workstation::Workstation, inbox::Command, local::machine::Machine,
    operations::Operations,
};

/// How long the machine may take to tell of itself: a driver that sleeps takes a second or two.
const PATIENCE: Duration = Duration::from_secs(5);

/// The machine as it was sampled last, where somebody looks at it; else it is sampled once.
pub(in crate::operations) async fn machine(operations: &Operations) -> Result<Machine, ApiError> {
    let known = ask(&operations.commands, |reply| Command::ReadMachine { reply }).await?;
    if let Some(machine) = known {
        return Ok(machine);
    }
    let sampled = timeout(PATIENCE, sample(operations)).await;
    Ok(sampled.ok().flatten().unwrap_or_else(Machine::unread))
}

/// Follows the machine until both it and its accelerators were told.
async fn sample(operations: &Operations) -> Option<Machine> {
    let (_pace, paces) = watch::channel(Pace::Quick);
    let mut events = operations.workstation.follow(paces);
    let mut told = Workstation::default();
    while let Some(event) = events.next().await {
        told.take(event, operations.clock.now());
        if told.machine.is_some()
            && let Some(machine) = Machine::of(&told)
        {
            return Some(machine);
        }
    }
    Machine::of(&told)
}
