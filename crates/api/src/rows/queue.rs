//! Queues: what is theirs, what they hold, who waits in them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Severity, job::Waiting};

/// A queue of the whole cluster, or a cohort of such.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QueueRow {
    /// Its kind: `ClusterQueue`, `Queue`.
    pub kind: String,
    /// The kind's API group.
    pub group: String,
    /// Its name.
    pub name: String,
    /// The cohort or the queue above it; empty for none.
    pub parent: String,
    /// In which order it lets in; may be empty.
    pub strategy: String,
    /// Why it lets nothing in; empty while it does.
    pub stopped: String,
    /// What its share is weighed by; may be empty.
    pub weight: String,
    /// How it does by its own words, or by who waits in it.
    pub severity: Severity,
    /// Jobs that wait in it.
    pub waiting: u32,
    /// Whether its own quota is lent out while a job waits that it would hold.
    pub starves: bool,
    /// Jobs that it has let in and that are not over.
    pub admitted: u32,
    /// When the one that has waited longest came, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_at: Option<String>,
    /// The first that wait in it, in order.
    pub line: Vec<Waiting>,
    /// Its quotas, accelerators first.
    pub quotas: Vec<QuotaRow>,
}

/// How much a queue may hold of one resource of one flavor. Amounts are numbers: devices, cores, or
/// bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QuotaRow {
    /// The flavor; empty where the kind has none.
    pub flavor: String,
    /// The resource.
    pub resource: String,
    /// What its amounts are.
    pub unit: QuotaUnit,
    /// What is its own; absent where it is not limited.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nominal: Option<f64>,
    /// What it holds.
    pub used: f64,
    /// How much of that is others'.
    pub borrowed: f64,
    /// Its share of what its cohort has lent out, by what it leaves idle.
    pub lent: f64,
    /// How much more it may take from others; absent where that is not limited.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub borrowing_limit: Option<f64>,
    /// How much of its own others may take; absent where that is not limited.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lending_limit: Option<f64>,
}

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QuotaUnit {
    /// Accelerators.
    Devices,
    /// Cores of CPU.
    Cores,
    /// Bytes of memory.
    Bytes,
    /// Whole things of another kind.
    Units,
}
