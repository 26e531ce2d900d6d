//! The journal: what was changed by whom, and what came of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{ChangeAction, FieldDifference, Intent},
    explanation::ObjectName,
};

/// Reads the journal, the newest entries first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadJournal {
    /// Words that an entry contains, all of them; empty: every entry.
    pub words: String,
    /// The id of the cluster that was changed; empty: all of them.
    #[serde(default)]
    pub cluster: String,
    /// How the entries stand; empty: however they do.
    #[serde(default)]
    pub states: Vec<JournalState>,
    /// Entries before this one alone; absent: from the newest on.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// How many at most; up to 1000.
    pub most: u32,
}

/// Entries of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JournalPage {
    /// The entries.
    pub entries: Vec<JournalEntry>,
}

/// A change, as it was noted down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JournalEntry {
    /// Its number.
    pub number: u32,
    /// When it began, in RFC 3339.
    pub at: String,
    /// How it stands.
    pub state: JournalState,
    /// The cluster's id; `this-machine` for a change of the machine that Strata runs on.
    pub cluster: String,
    /// The context's name; of this machine, its own.
    pub context: String,
    /// The user entry of the kubeconfig, or the user of this machine; may be empty.
    pub user: String,
    /// As whom the API server knew the user; may be empty.
    pub known_as: String,
    /// The program that made it, with its version.
    pub program: String,
    /// The release that it belongs to; absent where it belongs to none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The entry that it finishes or undoes; absent where it does neither.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settles: Option<u32>,
    /// What it does, object by object.
    pub steps: Vec<JournalStep>,
    /// The hash of its last line.
    pub hash: String,
}

/// How a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JournalState {
    /// It is being made.
    Running,
    /// The program that made it ended on the way: the steps say how far it came.
    Interrupted,
    /// All of it was done.
    Applied,
    /// Some of it was done.
    Partial,
    /// None of it was done.
    Failed,
    /// It was interrupted, and then finished, undone or left as it was.
    Settled,
    /// What was noted down cannot be read.
    Unreadable,
}

/// What a change does to one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JournalStep {
    /// The object.
    pub object: ObjectName,
    /// What is done to it.
    pub action: ChangeAction,
    /// How far that came.
    pub state: JournalStepState,
    /// The fields that become others, without secret values.
    pub fields: Vec<FieldDifference>,
    /// The same with kubectl; on this machine, with the system's own commands.
    pub kubectl: String,
    /// What the API server or the system said against it, and how a trial ended; empty where nothing.
    pub message: String,
}

/// How far a step came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JournalStepState {
    /// It was not begun.
    NotBegun,
    /// It was begun, and what came of it was never noted down.
    InDoubt,
    /// It was done.
    Done,
    /// It was refused.
    Failed,
}

/// Whether the journal is as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JournalVerdict {
    /// How many lines there are.
    pub lines: u32,
    /// The hash of the last one: who keeps it elsewhere can tell later that nothing before it changed.
    pub head: String,
    /// The first line that is not as it was written; absent where all are.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<JournalFault>,
}

/// A line of the journal that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JournalFault {
    /// The line's number.
    pub line: u32,
    /// What is wrong with it.
    pub message: String,
}

/// Finishes or undoes a change that the journal knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettleChange {
    /// The entry's number.
    pub entry: u32,
    /// What is to be done.
    pub settlement: Settlement,
    /// Whether it is to be done.
    pub intent: Intent,
}

/// What is done about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// Do what is not done yet.
    Finish,
    /// Take back what was done, as far as nobody changed it since.
    Undo,
    /// Leave it as it is, and ask no more.
    Leave,
}
