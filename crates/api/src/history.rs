//! What was measured in the past: questions and answers.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    phrases::Phrase,
    pictures::PictureLook,
    rows::{
        Severity,
        gpu::{Figure, FigureUnit, GpuShareOf},
    },
};

/// Which time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// When it ends, in RFC 3339; empty for now.
    pub until: String,
    /// How long it is, in seconds.
    pub seconds: u32,
    /// At most about how many points are wanted; never closer than what was measured.
    pub points: u32,
}

/// One GPU over some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GpuHistoryQuestion {
    /// The cluster.
    pub cluster: String,
    /// The node.
    pub node: String,
    /// The GPU's number there.
    pub index: u32,
    /// The GPU's own name; empty where it has none.
    pub uuid: String,
    /// Which time.
    pub span: Span,
}

/// A GPU over some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuHistory {
    /// The steps of every chart.
    pub steps: Steps,
    /// The figures of which something was measured.
    pub charts: Vec<HistoryChart>,
    /// How history is kept.
    pub keeping: HistoryKeeping,
}

/// Steps of time, all of the same length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Steps {
    /// When the first begins, in RFC 3339.
    pub begins: String,
    /// Seconds of each.
    pub seconds: u32,
    /// How many there are.
    pub count: u32,
}

impl Steps {
    /// When the first begins, and how long each is. What begins at no time begins in 1970.
    pub fn times(&self) -> (Timestamp, SignedDuration) {
        (
            self.begins.parse().unwrap_or(Timestamp::UNIX_EPOCH),
            SignedDuration::from_secs(i64::from(self.seconds)),
        )
    }
}

/// A figure over some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryChart {
    /// Which figure, which also says its definition.
    pub figure: Figure,
    /// Its unit.
    pub unit: FigureUnit,
    /// The mean of each step; `null` where nothing was measured.
    pub means: Vec<Option<f64>>,
    /// The least in each step.
    pub least: Vec<Option<f64>>,
    /// The most in each step.
    pub most: Vec<Option<f64>>,
}

/// One GPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneGpu {
    /// The node.
    pub node: String,
    /// The GPU's number there.
    pub index: u32,
    /// The GPU's own name; empty where it has none.
    pub uuid: String,
}

/// A GPU beside others, or beside what it did itself before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GpuComparisonQuestion {
    /// The cluster.
    pub cluster: String,
    /// The GPUs, the one that is looked at first; at most [`GpuComparisonQuestion::MOST`].
    pub gpus: Vec<OneGpu>,
    /// Whether the time of the same length before is told of the first.
    pub with_earlier: bool,
    /// Which time.
    pub span: Span,
}

impl GpuComparisonQuestion {
    /// How many GPUs can be told apart in one chart.
    pub const MOST: usize = 8;
}

/// GPUs beside each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuComparison {
    /// The steps of every line; what is told of an earlier time stands under them too.
    pub steps: Steps,
    /// The figures of which something was measured, each by one definition.
    pub charts: Vec<ComparisonChart>,
    /// How history is kept.
    pub keeping: HistoryKeeping,
}

/// A figure of several GPUs over some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ComparisonChart {
    /// Which figure, which also says its definition.
    pub figure: Figure,
    /// Its unit.
    pub unit: FigureUnit,
    /// The means of each GPU in the order of the question, then those of the earlier time where that
    /// was asked for; `null` where nothing was measured.
    pub lines: Vec<Vec<Option<f64>>>,
}

/// Who held GPUs over some time, and what those did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UsageQuestion {
    /// The cluster.
    pub cluster: String,
    /// By what it is parted beside the whole; absent for the whole alone. Workloads come and go, and
    /// are not kept.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<GpuShareOf>,
    /// Of these parts the one with this name alone; absent for all.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which time.
    pub span: Span,
}

/// Who held GPUs over some time, and what those did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct UsageHistory {
    /// The steps of every list.
    pub steps: Steps,
    /// The whole cluster, then the parts, by what they held.
    pub parts: Vec<UsagePart>,
    /// Of how much of the time something is kept, in seconds.
    pub known_seconds: u32,
    /// What needed attention, the oldest first.
    pub incidents: Vec<IncidentRow>,
    /// How history is kept.
    pub keeping: HistoryKeeping,
}

/// A part over some time. The lists have one entry a step; `null` where nothing was known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct UsagePart {
    /// By what it is a part; absent for the whole cluster.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<GpuShareOf>,
    /// Its name; empty for the whole, and for what has none; `*` for devices that several hold at once.
    pub name: String,
    /// GPUs in all; for the whole and for models alone.
    pub total: Vec<Option<f64>>,
    /// GPUs held.
    pub held: Vec<Option<f64>>,
    /// Of those held, the ones on which nothing ran though memory was held.
    pub idle_held: Vec<Option<f64>>,
    /// GPUs that could not be given out; for the whole alone.
    pub unhealthy: Vec<Option<f64>>,
    /// By which definition the next two are; absent where nothing was measured.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// Of those held, the ones that were measured.
    pub measured: Vec<Option<f64>>,
    /// What these did, added up: 0.4 is a GPU that was busy at 40 %.
    pub used: Vec<Option<f64>>,
    /// What that comes to over the whole time.
    pub hours: UsageHours,
    /// The hours of it by model, as far as that is kept: for namespaces, queues and owners.
    pub by_model: Vec<ModelHours>,
}

/// What a part came to over the whole time, in hours of GPUs: each sample for the time until the next,
/// so that a step of which a minute is known counts for a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[expect(missing_docs, reason = "`UsagePart` says it")]
pub struct UsageHours {
    pub total: f64,
    pub held: f64,
    pub idle_held: f64,
    pub unhealthy: f64,
    pub measured: f64,
    pub used: f64,
}

/// What a part held of one model over the whole time, in hours of GPUs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelHours {
    /// The model; empty where it is not told.
    pub model: String,
    /// GPU-hours held.
    pub held: f64,
    /// GPU-hours of these that were measured.
    pub measured: f64,
    /// What these did, added up in GPU-hours: an hour at 40 % is 0.4.
    pub used: f64,
}

/// Something that needed attention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IncidentRow {
    /// How bad it was at worst.
    pub severity: Severity,
    /// What it was.
    pub title: Phrase,
    /// Why.
    pub reason: Phrase,
    /// What it was about.
    pub subject: String,
    /// When it was seen first, in RFC 3339.
    pub began: String,
    /// When it was seen last, in RFC 3339.
    pub seen: String,
}

/// How history is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryKeeping {
    /// The file; empty where history is gone with the program.
    pub file: String,
    /// How large it is, in bytes, as a decimal number.
    pub bytes: String,
    /// Why nothing is written now, and what to do; absent where all is well.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Phrase>,
    /// Since when what was measured waits to be written, in RFC 3339; absent where nothing does.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_kept_since: Option<String>,
    /// Where a damaged file lies now; empty where none was.
    pub set_aside: String,
    /// Samples that could not be kept since the start, as a decimal number.
    pub lost: String,
}

/// A picture of one GPU over some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GpuPictureQuestion {
    /// The cluster.
    pub cluster: String,
    /// The node.
    pub node: String,
    /// The GPU's number there.
    pub index: u32,
    /// The GPU's own name; empty where it has none.
    pub uuid: String,
    /// Which time.
    pub span: Span,
    /// The GPUs that are drawn beside it; at most one less than [`GpuComparisonQuestion::MOST`].
    #[serde(default)]
    pub beside: Vec<OneGpu>,
    /// Whether its own time of the same length before is drawn beside it.
    #[serde(default)]
    pub with_earlier: bool,
    /// How it is drawn.
    pub look: PictureLook,
}

/// A picture of who held the GPUs of a cluster over some time, and what those did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UsagePictureQuestion {
    /// The cluster.
    pub cluster: String,
    /// By what it is parted below the whole; absent for the whole alone.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<GpuShareOf>,
    /// Which time.
    pub span: Span,
    /// How it is drawn.
    pub look: PictureLook,
}
