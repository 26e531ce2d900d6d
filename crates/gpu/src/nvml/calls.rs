//! Calls to the driver: how long each takes, which one has not come back, what was answered where that
//! is recorded, and what an error means for a figure.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use nvml_wrapper::error::NvmlError;
use serde::{Deserialize, Serialize};
use strata_domain::{
    reading::{Absence, Figure, Said},
    workstation::{Cost, DeviceState, PendingCall},
};
use strata_ports::clock::Clock;

/// What the driver answered to a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The device, by its id; empty for a call that concerns none.
    pub device: String,
    /// The call, as NVIDIA's library names it.
    pub call: String,
    /// The value, in the figure's unit where it is one, or the error that came back.
    pub answer: String,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// The call that is being made, for whoever watches.
pub struct Pending {
    clock: Arc<dyn Clock>,
    call: Mutex<Option<(PendingCall, Instant)>>,
    /// What was answered so far, where that is recorded.
    answers: Option<Mutex<Vec<Answer>>>,
}

impl Debug for Pending {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pending")
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

impl Pending {
    /// None yet; times are `clock`'s.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            call: Mutex::new(None),
            answers: None,
        }
    }

    /// The same, and what is answered is recorded.
    pub fn recording(clock: Arc<dyn Clock>) -> Self {
        Self {
            answers: Some(Mutex::default()),
            ..Self::new(clock)
        }
    }

    /// What was answered since the last time; nothing where it is not recorded.
    pub fn take_answers(&self) -> Vec<Answer> {
        let answers = self.answers.as_ref();
        answers.map_or_else(Vec::new, |answers| {
            std::mem::take(&mut *answers.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }

    /// The clock that times are told by.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The call that has not come back for longer than `long`.
    pub fn longer_than(&self, long: Duration) -> Option<PendingCall> {
        let call = self.call.lock().unwrap_or_else(PoisonError::into_inner);
        call.as_ref()
            .filter(|(_, began)| began.elapsed() > long)
            .map(|(call, _)| call.clone())
    }

    /// Records what was answered, where that is wanted.
    fn record(&self, device: &str, call: &str, answer: &dyn Debug, seconds: f64) {
        if let Some(answers) = &self.answers {
            let answer = Answer {
                device: device.to_owned(),
                call: call.to_owned(),
                answer: format!("{answer:?}"),
                seconds,
            };
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.push(answer);
        }
    }

    fn set(&self, call: Option<(PendingCall, Instant)>) {
        *self.call.lock().unwrap_or_else(PoisonError::into_inner) = call;
    }
}

/// Makes calls, and counts what they cost.
#[derive(Debug)]
pub(super) struct Caller<'a> {
    pending: &'a Pending,
    cost: Cost,
}

impl<'a> Caller<'a> {
    pub(super) fn new(pending: &'a Pending) -> Self {
        Self {
            pending,
            cost: Cost::default(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.pending.now()
    }

    /// Makes the call `name` to `device`.
    pub(super) fn call<T: Debug>(
        &mut self,
        device: &str,
        name: &str,
        call: impl FnOnce() -> Result<T, NvmlError>,
    ) -> Result<T, NvmlError> {
        let began = Instant::now();
        let made = PendingCall {
            device: device.to_owned(),
            call: name.to_owned(),
            since: self.pending.now(),
        };
        self.pending.set(Some((made, began)));
        let outcome = call();
        self.pending.set(None);
        let seconds = began.elapsed().as_secs_f64();
        self.pending.record(device, name, &outcome, seconds);
        self.cost.calls += 1;
        self.cost.seconds += seconds;
        if seconds > self.cost.slowest_seconds {
            self.cost.slowest_seconds = seconds;
            name.clone_into(&mut self.cost.slowest);
        }
        outcome
    }

    /// What the calls since the last time cost.
    pub(super) fn take_cost(&mut self) -> Cost {
        std::mem::take(&mut self.cost)
    }
}

/// What the driver said of a figure; a value is in the figure's unit.
pub(super) fn said(figure: Figure, outcome: Result<f64, NvmlError>) -> Said {
    match outcome {
        Ok(value) => figure.judge(value),
        Err(error) => Said::Absent(absence(&error)),
    }
}

/// Why there is no value.
pub(super) fn absence(error: &NvmlError) -> Absence {
    match error {
        NvmlError::NotSupported
        | NvmlError::FunctionNotFound
        | NvmlError::FailedToLoadSymbol(_)
        // What a newer or older driver does not know by this name or in this version.
        | NvmlError::InvalidArg => Absence::NotSupported,
        NvmlError::NoPermission | NvmlError::OperatingSystem => Absence::NoPermission,
        // A code that came after this was written, too: nobody knows that the device has no such figure.
        _ => Absence::NotTold,
    }
}

/// What an error says of the device as a whole, if it says something.
pub(super) fn fate(error: &NvmlError) -> Option<DeviceState> {
    match error {
        NvmlError::GpuLost => Some(DeviceState::Lost),
        NvmlError::ResetRequired => Some(DeviceState::NeedsReset),
        _ => None,
    }
}

/// Whether the library must be opened anew: the driver's module was unloaded or replaced under it.
pub(super) fn is_stale(error: &NvmlError) -> bool {
    matches!(
        error,
        NvmlError::Uninitialized | NvmlError::DriverNotLoaded | NvmlError::LibRmVersionMismatch
    )
}
