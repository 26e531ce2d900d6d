//! Status conditions, as Kubernetes writes them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// What a condition says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// The controller cannot tell.
    #[default]
    Unknown,
}

impl Status {
    /// Reads the API's word; anything else is [`Status::Unknown`].
    pub fn parse(word: &str) -> Self {
        match word {
            "True" => Self::True,
            "False" => Self::False,
            _ => Self::Unknown,
        }
    }
}

/// One entry of `status.conditions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The condition's type, such as `Ready`.
    pub kind: Text,
    /// Whether it holds.
    pub status: Status,
    /// The machine's word for why; may be empty.
    pub reason: Text,
    /// The sentence for people; may be empty.
    pub message: Text,
    /// When the status last changed.
    pub since: Option<Timestamp>,
}

/// The condition of type `kind`, if it is there.
pub fn find<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.kind == kind)
}

/// Whether the condition of type `kind` is there and holds.
pub fn holds(conditions: &[Condition], kind: &str) -> bool {
    find(conditions, kind).is_some_and(|condition| condition.status == Status::True)
}
