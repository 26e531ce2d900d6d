//! What was measured, kept on this computer from one start to the next.

use std::{path::PathBuf, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    ids::ClusterId,
    series::{Measure, SeriesKind, SeriesName},
    severity::Severity,
    text::Text,
};

use crate::{
    error::PortError,
    holdings::{HeldNow, HeldPast},
    objects::ObjectAddress,
    past_jobs::{LivingNow, PastJob},
};

/// Keeps series of samples, and what needed attention when.
pub trait SeriesStore: Send + Sync {
    /// Hands over what was measured since the last time. Returns at once: a thread of the store's own
    /// writes it, in one piece. What cannot be written is counted in [`Keeping::lost`].
    fn record(&self, cluster: &ClusterId, record: Record);

    /// The series of `cluster` that are kept of things of these `kinds`: with `name`, of the things
    /// that are called so. Looks at those alone. May take a moment.
    fn names(
        &self,
        cluster: &ClusterId,
        kinds: &[SeriesKind],
        name: Option<&str>,
    ) -> Result<Vec<SeriesName>, PortError>;

    /// What is kept of the series that `question` names, in its order. May take a moment.
    fn read(&self, question: &SeriesQuestion) -> Result<Vec<SeriesPoints>, PortError>;

    /// What is kept of every GPU of a cluster for one moment. Reads rows of that moment alone, so that
    /// ten thousand GPUs are as one question. May take a moment itself.
    fn moment(&self, question: &MomentQuestion) -> Result<Moment, PortError>;

    /// What needed attention in `cluster` between `from` and `until`, the oldest first.
    fn incidents(
        &self,
        cluster: &ClusterId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Incident>, PortError>;

    /// Which GPUs the pods of `owner` had, from when until when. May take a moment.
    fn held_by(&self, cluster: &ClusterId, owner: &ObjectAddress) -> Result<HeldPast, PortError>;

    /// The jobs of `cluster` that ended or were missed, and those that were not over when they were
    /// seen last, the latest first. May take a moment.
    fn past_jobs(&self, cluster: &ClusterId) -> Result<Vec<PastJob>, PortError>;

    /// How the store of what is kept of `cluster` does.
    fn keeping(&self, cluster: &ClusterId) -> Keeping;
}

/// What was measured in one step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The samples.
    pub samples: Vec<Sample>,
    /// What needs attention now.
    pub incidents: Vec<Incident>,
    /// Who has which GPU now; `None` where that is as it was told last.
    pub held: Option<HeldNow>,
    /// Jobs that ended or are missed since the last time.
    pub jobs: Vec<PastJob>,
    /// Jobs that are not over, where they were looked at.
    pub living: Option<LivingNow>,
}

/// A value at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Of which series.
    pub series: Arc<SeriesName>,
    /// When.
    pub at: Timestamp,
    /// The value, in the measure's unit. What is not known has no sample.
    pub value: f64,
}

/// Something that needed attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// What tells it from the others for as long as its cause lasts.
    pub id: Text,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and why: the engine's own, not read by the store.
    pub what: String,
    /// When it was seen first.
    pub began: Timestamp,
    /// When it was seen last.
    pub seen: Timestamp,
}

/// Which series over which time.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesQuestion {
    /// The cluster.
    pub cluster: ClusterId,
    /// The series.
    pub names: Vec<SeriesName>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How far two points are to lie apart. Never closer than the samples were.
    pub step: SignedDuration,
}

/// Every GPU of a cluster at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentQuestion {
    /// The cluster.
    pub cluster: ClusterId,
    /// What was measured.
    pub measure: Measure,
    /// When.
    pub at: Timestamp,
    /// How long the step around it is to be. Never shorter than the samples lay apart.
    pub step: SignedDuration,
}

/// What GPUs did in one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When the step begins.
    pub begins: Timestamp,
    /// How long it is.
    pub step: SignedDuration,
    /// The GPUs of which something was measured then, by the names of their series, in no order.
    pub values: Vec<(Text, Point)>,
}

/// A series over some time, in steps of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesPoints {
    /// When the first step begins.
    pub begins: Timestamp,
    /// How long a step is.
    pub step: SignedDuration,
    /// The steps; `None` where nothing was measured.
    pub points: Vec<Option<Point>>,
}

/// The samples of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Their mean.
    pub mean: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
    /// How many they are: a step of half an hour of which a minute was measured has two.
    pub samples: u32,
}

/// How a store does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Its file; none where it keeps nothing from one start to the next.
    pub file: Option<PathBuf>,
    /// How large that is, in bytes.
    pub bytes: u64,
    /// Why nothing is written now.
    pub problem: Option<NotKept>,
    /// Where a file that was damaged lies now.
    pub set_aside: Option<PathBuf>,
    /// Samples that could not be kept since the start.
    pub lost: u64,
}

/// Why nothing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKept {
    /// Whether no room is left on the file's disk.
    pub is_full: bool,
    /// When the first of what waits was measured; none where it is not told by what waits.
    pub since: Option<Timestamp>,
    /// What the file system or the database says.
    pub message: String,
}
