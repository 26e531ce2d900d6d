//! What Strata and the processes that talk to drivers say to each other: one JSON object a line.

use serde::{Deserialize, Serialize};
use strata_domain::workstation::{AcceleratorSample, DeviceChange, PendingCall, Setting, Standing};
use strata_ports::error::{PortError, PortErrorKind};

/// What is said to the sampler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToSampler {
    /// Sample every so many seconds from now on. Until this is said, it is every second.
    Every {
        /// The seconds.
        seconds: u32,
    },
}

/// What the sampler says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromSampler {
    /// How the accelerators are.
    Sample(Box<AcceleratorSample>),
    /// A call that should have come back by now has not.
    Waits(PendingCall),
}

/// What is said to the process that holds a setting: first what is wanted of it, then a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToHolder {
    /// Say how the device stands with regard to this change.
    Examine(DeviceChange),
    /// Make it.
    Make {
        /// The change.
        change: DeviceChange,
        /// For how many seconds, unless it is kept; none: for good.
        trial_seconds: Option<u32>,
    },
    /// Leave it as it is, and end.
    Keep,
    /// Take it back, and end.
    TakeBack,
}

/// What the process that holds a setting says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromHolder {
    /// How the device stands, or why the change cannot be made.
    Examined(Result<Standing, Refusal>),
    /// What came of the change.
    Made(Result<Made, Refusal>),
    /// How the trial ended.
    Ended(Ended),
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// What the device had; none where its driver does not tell that.
    pub before: Option<Setting>,
    /// What it has, by its own account.
    pub now: Setting,
}

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The change stays.
    Kept,
    /// It was taken back: what the device has now.
    TakenBack(Setting),
    /// It was to be taken back, and was not.
    Stuck(String),
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
