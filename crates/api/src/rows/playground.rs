//! Servers of models that can be tried, and what comes of trying them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Ready, Severity};
use crate::{
    phrases::Phrase,
    playground::{Load, Way},
};

/// An application that serves models by OpenAI's interface, as far as can be told from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelServerRow {
    /// The API group of its kind; empty for the core group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What its pods run: the component's name.
    pub engine: String,
    /// Whether the engine speaks OpenAI's interface always; else it depends on how it was started.
    pub is_certain: bool,
    /// The models that it serves, as its metrics or its arguments name them; may be empty.
    pub models: Vec<String>,
    /// So many pods are ready of so many that there are.
    pub pods: Ready,
    /// How bad it is.
    pub severity: Severity,
    /// Why, where something is wrong.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// What it does now, together over its pods; absent where its engines do not tell.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<ServerTraffic>,
}

/// What a server does, as its own metrics tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ServerTraffic {
    /// Requests in work.
    pub running: f64,
    /// Requests that wait.
    pub waiting: f64,
    /// Tokens generated in a second; absent where that is not known yet.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens_per_second: Option<f64>,
    /// How old that is, in seconds.
    pub age_seconds: f64,
}

/// How far a trial has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrialState {
    /// A way to the server is made.
    #[default]
    Connecting,
    /// It was asked, and has not begun to answer.
    Waiting,
    /// The answer comes; a load test runs.
    Running,
    /// It came to its end.
    Done,
    /// It was stopped.
    Stopped,
    /// It failed.
    Failed,
}

impl TrialState {
    /// Whether nothing more will come.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Stopped | Self::Failed)
    }
}

/// An answer, as far as it has come. Its text is in [`AnswerPieceRow`]s.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AnswerRow {
    /// How far it has come.
    pub state: TrialState,
    /// What went wrong, where it failed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<TrialFault>,
    /// The pod that was asked; empty until one is.
    pub pod: String,
    /// The way there.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// The model, as the server names it.
    pub model: String,
    /// Why the server stopped, in its word: `stop`, `length`; empty until it did.
    pub finish_reason: String,
    /// Whether more text came than is kept.
    pub is_cut: bool,
    /// How long it took.
    pub times: AnswerTimes,
    /// What was used.
    pub tokens: AnswerTokens,
}

/// How long an answer took, by the clock of this computer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AnswerTimes {
    /// Until there was a way to the server, in seconds. It is in none of the others.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_seconds: Option<f64>,
    /// TTFT: from sending the question to the first piece of the answer that is not empty, in seconds.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_token_seconds: Option<f64>,
    /// From sending the question to the last piece of the answer, or to now, in seconds.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_seconds: Option<f64>,
    /// TPOT: what a token after the first took on the mean, in seconds.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_token_seconds: Option<f64>,
    /// Tokens in a second from the first token on: 1 / TPOT.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens_per_second: Option<f64>,
}

/// The tokens of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerTokens {
    /// Of the question, as the server counts them; absent where it does not tell.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<u32>,
    /// Of the answer; absent where nothing is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<u32>,
    /// Whether the server counted those of the answer; else they are the pieces that came, of which
    /// each holds a token or more.
    pub is_told: bool,
}

/// Some text of an answer, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerPieceRow {
    /// The text.
    pub text: String,
    /// Whether it is what the model thinks before it answers.
    pub is_reasoning: bool,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrialFault {
    /// Which kind of fault it is.
    pub kind: TrialFaultKind,
    /// The words of the server, or of what lies between; may be empty.
    pub said: String,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrialFaultKind {
    /// A permission of Kubernetes is missing.
    Forbidden,
    /// There is no way to the server, or nothing listens there.
    Unreachable,
    /// The server wants a key, or another one (401, 403).
    Unauthorized,
    /// It does not have the model, or not this interface (404).
    NotFound,
    /// It asks for patience (429).
    Throttled,
    /// It does not take the question (another 4xx).
    Refused,
    /// It failed (5xx).
    ServerFailed,
    /// It told of an error in the middle of its answer.
    FailedInAnswer,
    /// The answer broke off.
    BrokenOff,
    /// It took too long.
    Timeout,
    /// What it answered is not what OpenAI's interface answers.
    Unreadable,
}

/// A load test, as far as it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LoadTestRow {
    /// How far it has come.
    pub state: TrialState,
    /// What it failed with as a whole, where it did.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<TrialFault>,
    /// What the server is loaded with.
    pub load: Load,
    /// When it began, in RFC 3339.
    pub began: String,
    /// The pods that are asked, in turn.
    pub pods: u32,
    /// The way there.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// Requests that were answered to the end.
    pub answered: u32,
    /// Requests that failed.
    pub failed: u32,
    /// Requests that are under way.
    pub in_flight: u32,
    /// From the first question to the last answer, or to now, in seconds.
    pub elapsed_seconds: f64,
    /// Answered requests in a second of that.
    pub requests_per_second: f64,
    /// Tokens that the answers have together.
    pub output_tokens: u32,
    /// Tokens of answers in a second.
    pub output_tokens_per_second: f64,
    /// Tokens that the questions have together, as the server counts them.
    pub prompt_tokens: u32,
    /// Whether the server counted the tokens; else they are the pieces that came.
    pub are_tokens_told: bool,
    /// What requests took.
    pub figures: Vec<LoadFigure>,
    /// What went wrong, by kind, the most frequent first.
    pub faults: Vec<LoadFault>,
}

/// What requests of a load test took, by the clock of this computer.
///
/// The definitions are those of `vllm bench serve` (vllm-project/vllm, `vllm/benchmarks/serve.py`,
/// `calculate_metrics`), which NVIDIA's "LLM inference benchmarking" guide defines alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LoadFigure {
    /// Which.
    pub measure: LoadMeasure,
    /// How many values there are.
    pub count: u32,
    /// Their mean, in seconds.
    pub mean: f64,
    /// The least, in seconds.
    pub least: f64,
    /// Half of them are not more, in seconds.
    pub p50: f64,
    /// Nine of ten are not more, in seconds.
    pub p90: f64,
    /// 99 of 100 are not more, in seconds.
    pub p99: f64,
    /// The most, in seconds.
    pub most: f64,
    /// How they are spread, for a chart.
    pub buckets: Vec<LoadBucket>,
}

/// What is measured of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LoadMeasure {
    /// TTFT: from sending the question to the first piece of the answer that is not empty.
    FirstToken,
    /// TPOT: (whole answer − TTFT) / (tokens of the answer − 1), of each request with two tokens or
    /// more.
    PerToken,
    /// ITL: from each piece of an answer to the next; a server may put several tokens into one.
    BetweenPieces,
    /// The whole answer: from sending the question to its last piece.
    Whole,
}

/// Values from one bound to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LoadBucket {
    /// The lower bound, in seconds.
    pub from: f64,
    /// The upper bound, in seconds.
    pub to: f64,
    /// How many.
    pub count: u32,
}

/// A kind of fault, and how often it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoadFault {
    /// The first of them.
    pub fault: TrialFault,
    /// How many there were.
    pub count: u32,
}
