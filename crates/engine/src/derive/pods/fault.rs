//! Why a pod does badly, in words, and what that calls for.

use jiff::SignedDuration;
use strata_api::phrases::{Phrase, PhraseCode, PhraseValue};

/// Why a pod does badly.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are what each sentence names")]
pub enum PodFault<'a> {
    /// Its node does not answer.
    NodeLost { node: &'a str },
    /// A container ends again and again.
    CrashLoop {
        container: &'a str,
        exit_code: Option<i32>,
        restarts: u32,
    },
    /// A container was killed for using more memory than its limit.
    OutOfMemory { container: &'a str, restarts: u32 },
    /// An image cannot be had.
    ImagePull { image: &'a str, message: &'a str },
    /// The kubelet cannot start a container.
    CannotStart {
        container: &'a str,
        reason: &'a str,
        message: &'a str,
    },
    /// No node takes it.
    Unschedulable { message: &'a str },
    /// No scheduler has looked at it.
    NotScheduled {
        scheduler: &'a str,
        waited: SignedDuration,
    },
    /// The kubelet put it out.
    Evicted { node: &'a str },
    /// It ended badly.
    Failed {
        container: &'a str,
        exit_code: i32,
        reason: &'a str,
    },
    /// It failed, and only a word says why.
    FailedFor { reason: &'a str },
    /// Its containers do not come up.
    SlowStart {
        container: &'a str,
        waited: SignedDuration,
    },
    /// A container runs, but its readiness probe fails.
    NotReady {
        container: &'a str,
        waited: SignedDuration,
    },
    /// It should be gone.
    SlowEnd { waited: SignedDuration },
}

impl PodFault<'_> {
    /// The sentence that says it.
    pub fn phrase(&self) -> Phrase {
        match *self {
            Self::NodeLost { node } => Phrase::new(PhraseCode::PodNodeLost).with("node", node),
            Self::CrashLoop {
                container,
                exit_code: Some(code),
                restarts,
            } => Phrase::new(PhraseCode::PodCrashes)
                .with("container", container)
                .with("code", code.to_string())
                .with("restarts", restarts),
            Self::CrashLoop {
                container,
                exit_code: None,
                restarts,
            } => Phrase::new(PhraseCode::PodRestarts)
                .with("container", container)
                .with("restarts", restarts),
            Self::OutOfMemory {
                container,
                restarts,
            } => Phrase::new(PhraseCode::PodOutOfMemory)
                .with("container", container)
                .with("restarts", restarts),
            Self::ImagePull { image, message } => Phrase::new(PhraseCode::PodImagePull)
                .with("image", image)
                .with("message", brief(message)),
            Self::CannotStart {
                container,
                reason,
                message,
            } => Phrase::new(PhraseCode::PodCannotStart)
                .with("container", container)
                .with("reason", reason)
                .with("message", brief(message)),
            Self::Unschedulable { message } => {
                Phrase::new(PhraseCode::PodUnschedulable).with("message", brief(message))
            }
            Self::NotScheduled { scheduler, waited } => Phrase::new(PhraseCode::PodNotScheduled)
                .with("scheduler", scheduler)
                .with("waited", seconds(waited)),
            Self::Evicted { node } => Phrase::new(PhraseCode::PodEvicted).with("node", node),
            Self::Failed {
                container,
                exit_code,
                reason,
            } => Phrase::new(PhraseCode::PodFailed)
                .with("container", container)
                .with("code", exit_code.to_string())
                .with("reason", reason),
            Self::FailedFor { reason } => {
                Phrase::new(PhraseCode::PodFailedFor).with("reason", reason)
            }
            Self::SlowStart { container, waited } => Phrase::new(PhraseCode::PodSlowStart)
                .with("container", container)
                .with("waited", seconds(waited)),
            Self::NotReady { container, waited } => Phrase::new(PhraseCode::PodNotReady)
                .with("container", container)
                .with("waited", seconds(waited)),
            Self::SlowEnd { waited } => {
                Phrase::new(PhraseCode::PodSlowEnd).with("waited", seconds(waited))
            }
        }
    }
}

/// What a fault calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Remedy {
    Node,
    Logs,
    Memory,
    Image,
    Start,
    Room,
    Scheduler,
    Evicted,
    Probe,
    End,
}

impl PodFault<'_> {
    /// What it calls for.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NodeLost { .. } => Remedy::Node,
            Self::CrashLoop { .. } | Self::Failed { .. } => Remedy::Logs,
            Self::OutOfMemory { .. } => Remedy::Memory,
            Self::ImagePull { .. } => Remedy::Image,
            Self::CannotStart { .. } | Self::SlowStart { .. } | Self::FailedFor { .. } => {
                Remedy::Start
            }
            Self::Unschedulable { .. } => Remedy::Room,
            Self::NotScheduled { .. } => Remedy::Scheduler,
            Self::Evicted { .. } => Remedy::Evicted,
            Self::NotReady { .. } => Remedy::Probe,
            Self::SlowEnd { .. } => Remedy::End,
        }
    }

    /// The container that it is about, if it is about one.
    pub fn container(&self) -> Option<&str> {
        match *self {
            Self::CrashLoop { container, .. }
            | Self::OutOfMemory { container, .. }
            | Self::CannotStart { container, .. }
            | Self::Failed { container, .. }
            | Self::SlowStart { container, .. }
            | Self::NotReady { container, .. } => Some(container),
            _ => None,
        }
    }
}

/// A time span as a phrase says it.
pub(crate) fn seconds(span: SignedDuration) -> PhraseValue {
    PhraseValue::Seconds(span.as_secs_f64())
}

/// The first line of a message, and no more of it than one reads at a glance.
pub(crate) fn brief(message: &str) -> String {
    const MOST: usize = 240;
    let line = message
        .trim()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', ' ']);
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}
