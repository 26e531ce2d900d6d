//! How a subscription speaks.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rows::Row;

/// One message of a subscription. `seq` starts at 0 and never skips: a gap means loss, and the
/// shell subscribes anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "frame", rename_all = "snake_case")]
pub enum Frame {
    /// Replaces everything that the subscriber holds.
    Snapshot {
        /// The frame's number.
        seq: u32,
        /// The rows.
        body: Body,
    },
    /// Changes since the frame before.
    Delta {
        /// The frame's number.
        seq: u32,
        /// The changes.
        body: Body,
    },
    /// Nothing changed for a while; sent so that silence means loss.
    Heartbeat {
        /// The frame's number.
        seq: u32,
    },
    /// The last frame.
    End {
        /// The frame's number.
        seq: u32,
        /// Why there are no more.
        reason: EndReason,
    },
}

impl Frame {
    /// The frame's number.
    pub fn seq(&self) -> u32 {
        match self {
            Self::Snapshot { seq, .. }
            | Self::Delta { seq, .. }
            | Self::Heartbeat { seq }
            | Self::End { seq, .. } => *seq,
        }
    }
}

/// Keyed rows: what is new or changed, what is gone, and the order where it changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Body {
    /// How many rows there are in all, inside the window and outside.
    pub total: u32,
    /// How many there would be without the filter.
    pub unfiltered: u32,
    /// The ids of the rows in the window, in order; absent where it did not change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub order: Option<Vec<String>>,
    /// Rows that are new or changed.
    pub upsert: Vec<KeyedRow>,
    /// The ids of rows that left the window.
    pub drop: Vec<String>,
}

/// A row and its id, which is unique and stable within its subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KeyedRow {
    /// The row's id.
    pub id: String,
    /// The row.
    pub row: Row,
}

/// Why a subscription ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Strata is closing.
    Shutdown,
    /// Nothing was acknowledged for a minute.
    Abandoned,
    /// What was subscribed to is gone: its context was removed.
    Gone,
}
