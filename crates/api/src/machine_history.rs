//! What the machine that Strata runs on did in the past: questions and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    history::{HistoryChart, HistoryKeeping, Span, Steps},
    pictures::PictureLook,
};

/// This machine, or one of its accelerators, over some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MachineHistoryQuestion {
    /// The accelerator, by its id; empty for the machine itself.
    pub device: String,
    /// Which time.
    pub span: Span,
}

/// This machine, or one of its accelerators, over some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MachineHistory {
    /// The steps of every chart.
    pub steps: Steps,
    /// The figures of which something was measured.
    pub charts: Vec<HistoryChart>,
    /// What the accelerator drew in this time, in joules, by its own counter, which goes on while Strata
    /// is not open; absent where it has none, or where nothing can be told of it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy: Option<f64>,
    /// The accelerators of which anything is kept, whether they are there now or not, by their ids; for
    /// the machine itself alone.
    pub devices: Vec<String>,
    /// How history is kept.
    pub keeping: HistoryKeeping,
}

/// A picture of this machine over some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MachinePictureQuestion {
    /// What the machine is called.
    pub title: String,
    /// The accelerators that are drawn: one with the least and the most of each step, several beside each
    /// other; at most [`MachinePictureQuestion::MOST`].
    pub devices: Vec<NamedDevice>,
    /// Whether the machine's own figures are drawn, below.
    pub with_machine: bool,
    /// Which time.
    pub span: Span,
    /// How it is drawn.
    pub look: PictureLook,
}

impl MachinePictureQuestion {
    /// How many accelerators can be told apart in one picture.
    pub const MOST: usize = 8;
}

/// An accelerator, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NamedDevice {
    /// The accelerator, by its id.
    pub device: String,
    /// What it is called.
    pub name: String,
}
