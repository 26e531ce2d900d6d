//! What the pods of a job write, merged by time. Times are in RFC 3339.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Severity;
use crate::{explanation::ReasonCode, phrases::Phrase};

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LogLineRow {
    /// When it was written, by the clock of its node.
    pub at: String,
    /// Which of [`LogSummaryRow::sources`] wrote it.
    pub source: u32,
    /// What it is, as far as its words tell.
    pub level: LogLevel,
    /// Its text, in pieces of one style each. Escape sequences are gone; other control characters
    /// are left for the shell to make visible.
    pub pieces: Vec<LogPiece>,
    /// What happened between the lines: the container began anew. The text is empty then.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Phrase>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Nothing special.
    #[default]
    Plain,
    /// It warns.
    Warning,
    /// It tells of an error.
    Error,
    /// It is the first error of all.
    First,
}

/// A part of a line in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogPiece {
    /// The text.
    pub text: String,
    /// How the program wanted it to look; absent where it did not say.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<LogStyle>,
}

/// How a program wants a text to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogStyle {
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Underlined.
    pub underline: bool,
    /// The colour; absent for the usual one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<LogColour>,
}

/// The colours of terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the colours")]
pub enum LogColour {
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
}

/// Where the lines come from, and the first error in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct LogSummaryRow {
    /// The containers, in the order of their ranks.
    pub sources: Vec<LogSourceRow>,
    /// Containers that are not read, since there are too many.
    pub more: u32,
    /// Lines that are held.
    pub lines: u32,
    /// Older lines that were dropped, since there were too many.
    pub dropped: u32,
    /// The first error of all; absent while none was found.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_error: Option<LogErrorRow>,
}

/// A container whose log is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LogSourceRow {
    /// Its pod.
    pub pod: String,
    /// Its name.
    pub container: String,
    /// Which of the workers its pod is, by its labels; may be empty.
    pub rank: String,
    /// Where the reading of it stands.
    pub state: LogSourceState,
    /// How its container does.
    pub severity: Severity,
    /// What is to be said of that: why nothing is there to be read, how it ended, what its exit code
    /// means.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Phrase>,
    /// Lines of it that are held.
    pub lines: u32,
    /// How often its container was restarted.
    pub restarts: u32,
}

/// Where the reading of a log stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LogSourceState {
    /// Its container has not written anything yet.
    #[default]
    Waiting,
    /// What was written is on its way.
    Loading,
    /// It is followed.
    Following,
    /// All of it was read.
    Ended,
    /// It cannot be read.
    Failed {
        /// Why, for people.
        message: String,
        /// Whether a permission is missing.
        is_forbidden: bool,
    },
}

/// An error that the logs, or how the containers ended, tell of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LogErrorRow {
    /// What it is.
    pub code: ReasonCode,
    /// The same in a sentence.
    pub sentence: Phrase,
    /// The line that tells of it; empty where it is told by how the container ended.
    pub line: String,
    /// Which of the sources.
    pub source: u32,
    /// When.
    pub at: String,
    /// The line's place among all that are held; absent where it is no line, or was dropped.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// How many other sources tell of the same.
    pub others: u32,
}

/// All lines as a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogText {
    /// Each line with its time and the pod and container that wrote it.
    pub text: String,
    /// How many lines.
    pub lines: u32,
}
