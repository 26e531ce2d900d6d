//! Why something that should run does not, why it failed, why it was put out.
//!
//! An [`Explanation`] has one dominant [`Reason`], then the lesser ones; on what does well it has
//! none. A reason is a code for scripts, a sentence for people, the evidence it rests on and the
//! next thing to do.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::phrases::Phrase;

mod reasons;

pub use reasons::ReasonCode;

/// The answer to "why does it not run".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Explanation {
    /// What was asked about.
    pub object: ObjectName,
    /// How it does.
    pub standing: RunState,
    /// The same in a line: "3 of 4 pods are ready".
    pub summary: Phrase,
    /// The dominant reason; absent where nothing is wrong.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The lesser reasons, the weightiest first.
    pub others: Vec<Reason>,
    /// What could not be read and would have been looked at: "the permission is missing: list nodes".
    pub unread: Vec<String>,
}

/// Which object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct ObjectName {
    /// Its kind, with its group where it is not a built-in one: `Pod`, `RayJob.ray.io`.
    pub kind: String,
    /// Its namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// `Pod team-a/train-0`.
impl std::fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.namespace.is_empty() {
            write!(formatter, "{} {}", self.kind, self.name)
        } else {
            write!(formatter, "{} {}/{}", self.kind, self.namespace, self.name)
        }
    }
}

/// How something does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It runs, all of it.
    Healthy,
    /// It is on its way, and not for longer than that takes.
    Starting,
    /// It does not run, or not all of it.
    NotRunning,
    /// Somebody holds it, on purpose.
    Paused,
    /// It ended well.
    Finished,
    /// It ended badly.
    Failed,
    /// It is being deleted.
    Ending,
}

/// A reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Reason {
    /// Which reason, for scripts.
    pub code: ReasonCode,
    /// Where on the way from the object to a running container it stands.
    pub stage: Stage,
    /// What it is, for people.
    pub sentence: Phrase,
    /// What it rests on.
    pub evidence: Vec<Finding>,
    /// The next thing to do.
    pub action: Phrase,
    /// Whether waiting can never help.
    pub waiting_is_futile: bool,
    /// How many pods it concerns; 0 where there are none yet.
    pub pods: u32,
}

/// A piece of evidence: what some object says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Which object.
    pub object: ObjectName,
    /// The field that says it: `status.conditions[PodScheduled]`, `event FailedCreate`, `log`.
    pub field: String,
    /// What it says, in the cluster's own words.
    pub message: String,
    /// Since when, in RFC 3339, where that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// How long ago that was, in seconds.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<f64>,
}

/// The way from an object to a running container, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The object itself.
    Object,
    /// The controller that makes its pods.
    Controller,
    /// The queue or quota that lets it in.
    Quota,
    /// The rest of its gang.
    Gang,
    /// The scheduler.
    Scheduling,
    /// The node.
    Node,
    /// The volumes.
    Volume,
    /// The image.
    Image,
    /// The making of the container.
    Startup,
    /// The probes.
    Probes,
    /// The running program, or how it ended.
    Run,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_with_its_namespace_where_it_has_one() {
        let mut name = ObjectName {
            kind: "Pod".to_owned(),
            namespace: "team-a".to_owned(),
            name: "train-0".to_owned(),
        };
        assert_eq!(name.to_string(), "Pod team-a/train-0");
        name.namespace.clear();
        assert_eq!(name.to_string(), "Pod train-0");
    }
}
