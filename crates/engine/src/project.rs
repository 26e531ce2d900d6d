//! From the fleet to rows, topic by topic: pure functions of what is known and of what was asked.

use strata_api::frames::KeyedRow;

pub mod clusters;
pub mod gpus;
pub mod jobs;
pub mod namespaces;
pub mod pods;
pub mod queues;
pub mod releases;
pub mod stack;
pub mod survey;
pub mod trace;
pub mod watches;
pub(crate) mod workstation;

/// The rows of a topic as they are now: those in its window, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// How many there are, inside the window and outside.
    pub total: u32,
    /// How many there would be without the filter.
    pub unfiltered: u32,
    /// Those in the window, in order; no two with the same id.
    pub window: Vec<KeyedRow>,
}

impl Rows {
    /// All rows of a topic that has no window.
    pub fn all(rows: Vec<KeyedRow>) -> Self {
        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        Self {
            total,
            unfiltered: total,
            window: rows,
        }
    }
}
