//! Queues that hold jobs back until there is room: Kueue's ClusterQueue and Cohort, Volcano's and
//! KAI's Queue.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// What a queue's own object says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueObject {
    /// The cohort or the queue above it; may be empty.
    pub parent: Text,
    /// In which order it lets in: `StrictFIFO`, `BestEffortFIFO`, or empty where the kind has no
    /// such word.
    pub strategy: Text,
    /// Why it lets nothing in: `Hold`, `HoldAndDrain`, `Closed`, `Closing`; empty while it does.
    pub stopped: Text,
    /// What its share is weighed by, as the spec writes it; may be empty.
    pub weight: Text,
    /// How many wait in it, by its own count.
    pub pending: Option<u64>,
    /// How many it has let in, by its own count.
    pub admitted: Option<u64>,
    /// Its quotas, in the order of the spec.
    pub quotas: Box<[Quota]>,
}

/// How much a queue may hold of one resource of one flavor. Amounts are whole units of the resource
/// (devices), thousandths of a core, or bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// The flavor; empty where the kind has none (Volcano, KAI).
    pub flavor: Text,
    /// The resource: `nvidia.com/gpu`, `cpu`, `memory`.
    pub resource: Text,
    /// What is its own: `nominalQuota`, `deserved`, `quota`. Absent where it is not limited.
    pub nominal: Option<u64>,
    /// How much more it may take from others; absent where that is not limited.
    pub borrowing_limit: Option<u64>,
    /// How much of its own others may take; absent where that is not limited.
    pub lending_limit: Option<u64>,
    /// What it holds.
    pub used: u64,
    /// How much of that is borrowed, where the queue tells.
    pub borrowed: Option<u64>,
}

impl Quota {
    /// What it holds beyond its own.
    pub fn borrowed(&self) -> u64 {
        let beyond = || {
            self.nominal
                .map_or(0, |nominal| self.used.saturating_sub(nominal))
        };
        self.borrowed.unwrap_or_else(beyond)
    }

    /// What it has of its own and does not hold.
    pub fn idle(&self) -> u64 {
        self.nominal
            .map_or(0, |nominal| nominal.saturating_sub(self.used))
    }
}
