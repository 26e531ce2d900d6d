//! How the GPUs of a cluster were at a moment of the past, as the map shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    history::HistoryKeeping,
    pictures::PictureLook,
    rows::gpu::{GpuBlockRow, GpuColour, GpuMapRow},
    topics::GpuGrouping,
};

/// How all GPUs were at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GpuMomentQuestion {
    /// The cluster.
    pub cluster: String,
    /// What stands together.
    pub by: GpuGrouping,
    /// What the cells are coloured by. What had a GPU, and what was wrong with it, is not kept for each:
    /// by state all are unknown.
    pub colour: GpuColour,
    /// Those that the filter lets through now.
    pub filter: String,
    /// When, in RFC 3339.
    pub at: String,
    /// How long the step is whose mean is told, in seconds; never shorter than what is kept.
    pub step_seconds: u32,
}

/// A picture of the map of GPUs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GpuMapPictureQuestion {
    /// The cluster.
    pub cluster: String,
    /// What stands together.
    pub by: GpuGrouping,
    /// What the cells are coloured by.
    pub colour: GpuColour,
    /// Those that the filter lets through now.
    pub filter: String,
    /// When, in RFC 3339; empty for a moment of the last hour.
    pub at: String,
    /// How long the step is whose mean is told at that time, in seconds.
    pub step_seconds: u32,
    /// How long ago the moment of the last hour is, in seconds; 0 for now.
    pub seconds_ago: u32,
    /// How it is drawn.
    pub look: PictureLook,
}

/// How all GPUs were at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuMoment {
    /// What the map's colours mean, and how much is known.
    pub head: GpuMapRow,
    /// The GPUs that the cluster has now, by what they did then.
    pub blocks: Vec<GpuBlockRow>,
    /// When the step began, in RFC 3339.
    pub begins: String,
    /// How long it is, in seconds.
    pub step_seconds: u32,
    /// How history is kept.
    pub keeping: HistoryKeeping,
}
