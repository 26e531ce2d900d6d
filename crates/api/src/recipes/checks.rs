//! What stands in the way of running a recipe: on a cluster, or on this machine.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::phrases::Phrase;

/// What stands in the way of a deployment, before anything is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeploymentChecks {
    /// Each check, in the order of the strip. Empty while values have errors.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Check {
    /// What was looked at.
    pub subject: CheckSubject,
    /// How it stands.
    pub state: CheckState,
    /// What was found.
    pub sentence: Phrase,
    /// What to do; absent where there is nothing to do.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Phrase>,
    /// More about it, a line each: nodes, pods, names of the cluster.
    pub details: Vec<String>,
}

/// What is looked at before a deployment, in the order of the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckSubject {
    /// Whether the kinds are served.
    Kinds,
    /// Whether the namespace is there.
    Namespace,
    /// Whether image references are right and stay what they are.
    Image,
    /// Whether the namespace's quotas leave room.
    Quota,
    /// Whether the queue is there and takes work.
    Queue,
    /// Whether nodes can take the pods.
    Fit,
    /// Whether volumes can be made.
    Storage,
    /// Whether Secrets and their keys are there.
    Secret,
    /// Whether other objects that are referred to are there.
    Reference,
    /// Whether the user may.
    Permission,
    /// Whether the policies of the namespace let its pods through.
    Policy,
    /// What its GPUs cost in an hour.
    Cost,
    /// On this machine: what runs it.
    Runtime,
    /// On this machine: whether its name is free.
    Name,
    /// On this machine: whether its ports are free.
    Port,
    /// On this machine: whether it gets its GPUs.
    Gpu,
    /// On this machine: whether there is room for what is fetched.
    Disk,
}

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Well.
    Ok,
    /// It can be deployed, but.
    Warning,
    /// It would not run.
    Failed,
    /// It could not be looked at.
    Unknown,
}
