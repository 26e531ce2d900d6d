//! What the sampler and the program that started it say to each other: one JSON object a line.

use serde::{Deserialize, Serialize};
use strata_domain::workstation::{AcceleratorSample, DeviceChange, PendingCall, Setting};
use strata_ports::error::{PortError, PortErrorKind};

/// What the sampler says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromSampler {
    /// How the accelerators are.
    Sample(Box<AcceleratorSample>),
    /// A call that should have come back by now has not.
    Waits(PendingCall),
    /// What came of a request.
    Answer {
        /// The request's number.
        id: u64,
        /// What the device has now, or why nothing was done.
        outcome: Result<Setting, Refusal>,
    },
}

/// What is asked of the sampler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToSampler {
    /// The request's number.
    pub id: u64,
    /// The change.
    pub change: DeviceChange,
    /// Whether it is made, or only looked at.
    pub is_made: bool,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What sort of refusal it is.
    pub kind: RefusalKind,
    /// What happened to which device, for people.
    pub message: String,
}

/// The sorts of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// It takes an administrator.
    Forbidden,
    /// The device does not allow the value.
    InvalidInput,
    /// The device cannot do that.
    Unsupported,
    /// There is no such device.
    NotFound,
    /// The driver failed.
    Unavailable,
}

impl From<Refusal> for PortError {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal.kind {
            RefusalKind::Forbidden => PortErrorKind::Forbidden,
            RefusalKind::InvalidInput => PortErrorKind::InvalidInput,
            RefusalKind::Unsupported => PortErrorKind::Unsupported,
            RefusalKind::NotFound => PortErrorKind::NotFound,
            RefusalKind::Unavailable => PortErrorKind::Unavailable,
        };
        Self::new(kind, refusal.message)
    }
}
