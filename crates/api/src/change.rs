//! Changing a cluster: what is asked, what it would come to, how far it came.
//!
//! Every request of this kind has an [`Intent`]. `Preview` asks the API server itself, by a dry run of
//! the very same requests, and changes nothing; `Apply` does it, noted down in the journal before and
//! after. Both answer with a [`ChangeReport`], so that one review shows them all.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{explanation::ObjectName, phrases::Phrase};

/// Whether something is to be done, or only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Say what would come of it.
    Preview,
    /// Do it.
    Apply,
}

/// Has objects as manifests say, by server-side apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeObjects {
    /// The cluster's id.
    pub cluster: String,
    /// YAML documents, as typed or rendered.
    pub manifests: String,
    /// The namespace of those that name none; empty: the context's, else `default`.
    pub namespace: String,
    /// Whether it is to be done.
    pub intent: Intent,
    /// What to do about fields that others own; a conflict without a choice stops all of it.
    pub choices: Vec<FieldChoice>,
    /// The release that the journal is to name.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// What to do about a field that another owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FieldChoice {
    /// The object, as the report of the preview names it.
    pub object: ObjectName,
    /// The field, as the conflict names it.
    pub path: String,
    /// What to do.
    pub choice: Choice,
}

/// What to do about a field that another owns with another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Leave it to its owner, and have no say in it.
    Keep,
    /// Take it over.
    Take,
}

/// Deletes objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeleteObjects {
    /// The cluster's id.
    pub cluster: String,
    /// The objects, in the order in which they go.
    pub objects: Vec<ObjectName>,
    /// What becomes of what they own.
    pub propagation: Propagation,
    /// Whether it is to be done.
    pub intent: Intent,
    /// The release that the journal is to name.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// Does one thing to each of several objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ActOnObjects {
    /// The cluster's id.
    pub cluster: String,
    /// The objects.
    pub objects: Vec<ObjectName>,
    /// What is done to each.
    pub action: Action,
    /// Whether it is to be done.
    pub intent: Intent,
}

/// What can be done to an object that is there, as its kind truly does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// No new pods on a node.
    Cordon {},
    /// New pods on a node again.
    Uncordon {},
    /// No pods on a node: it is cordoned, and its pods are evicted as their disruption budgets let
    /// them go.
    Drain {
        /// Evict pods that nothing makes anew.
        force: bool,
        /// Evict pods whose `emptyDir` volumes are lost with them.
        delete_local_data: bool,
        /// For how many seconds to wait where a budget holds a pod, at most 600.
        wait_seconds: u32,
    },
    /// Gives a node a taint, or takes it away.
    Taint {
        /// Its key.
        key: String,
        /// Its value; may be empty.
        value: String,
        /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
        effect: String,
        /// Whether it is taken away.
        remove: bool,
    },
    /// Has the pods of a workload made anew, or runs a job once more from its beginning.
    Restart {},
    /// Has so many replicas.
    Scale {
        /// How many.
        replicas: u32,
    },
    /// Runs another image in a container.
    SetImage {
        /// The container's name.
        container: String,
        /// The image.
        image: String,
    },
    /// Gives a label, or takes it away.
    Label {
        /// Its key.
        key: String,
        /// Its value; absent: it is taken away.
        #[ts(optional)]
        value: Option<String>,
    },
    /// Stops a job without ending it.
    Suspend {},
    /// Goes on with a suspended job.
    Resume {},
    /// Ends a job.
    Cancel {},
    /// Has a job wait in another queue.
    SetQueue {
        /// The queue's name.
        queue: String,
    },
    /// Gives a job another priority.
    SetPriority {
        /// The priority class's name.
        class: String,
    },
}

/// What becomes of what a deleted object owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Propagation {
    /// It goes, after the object.
    Background,
    /// It goes, before the object.
    Foreground,
    /// It stays.
    Orphan,
}

/// What a change would come to, or came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangeReport {
    /// What was asked.
    pub intent: Intent,
    /// How it stands.
    pub outcome: ChangeOutcome,
    /// What stands in the way of all of it; what stands in the way of one object is with that.
    pub obstacles: Vec<Obstacle>,
    /// What it does to what runs, for all of it.
    pub consequences: Vec<Phrase>,
    /// Object by object, in the order in which they are written.
    pub steps: Vec<ChangeStep>,
    /// The entry of the journal; absent where nothing was written down.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_entry: Option<u32>,
}

/// How a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOutcome {
    /// A preview: it can be applied.
    Ready,
    /// Something stands in the way; nothing was changed.
    Blocked,
    /// All of it is so already.
    Unchanged,
    /// All of it was done.
    Applied,
    /// Some of it was done: the steps say which.
    Partial,
    /// None of it could be done.
    Failed,
}

/// What a change does to one object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangeStep {
    /// The object.
    pub object: ObjectName,
    /// Its version, such as `apps/v1`.
    pub api_version: String,
    /// The line of the manifests at which it begins, from 1; absent where it is in none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is done to it.
    pub action: ChangeAction,
    /// How far that is.
    pub progress: StepProgress,
    /// Whether the API server could not be asked yet, as the object needs one that comes before it.
    pub is_assumed: bool,
    /// The fields that become others; none for an object that is created or deleted.
    pub fields: Vec<FieldDifference>,
    /// The fields that others own with another value.
    pub conflicts: Vec<FieldConflict>,
    /// What it does to what runs.
    pub consequences: Vec<Phrase>,
    /// What stands or stood in the way; absent where nothing does.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// What the API server warns of, in its words.
    pub warnings: Vec<String>,
    /// The same with kubectl; on this machine, with the system's own commands.
    pub kubectl: String,
    /// The object as it is, as YAML without what the server keeps for itself; empty where it is not.
    pub before: String,
    /// The object as it becomes, likewise.
    pub after: String,
}

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeAction {
    /// It is made.
    Create,
    /// It becomes another.
    Change,
    /// It is so already.
    Unchanged,
    /// It is deleted.
    Delete,
    /// It is put out, as far as its disruption budgets let it go.
    Evict,
    /// It is ended: a process.
    End,
    /// It is loaded for a while: a served model, by a load test.
    Load,
    /// It cannot be told.
    Unknown,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepProgress {
    /// It can be done.
    Planned,
    /// Something stands in its way.
    Blocked,
    /// It is done.
    Done,
    /// It was tried, and is not done.
    Failed,
    /// It was sent, and whether it was done is not known.
    Unknown,
    /// It was not tried, since an earlier one failed.
    NotReached,
}

/// A field that becomes another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldDifference {
    /// The field, as the API server names it: `.spec.containers[name="main"].image`.
    pub path: String,
    /// Its value, as JSON; absent where it is not there, or secret.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value that it gets, as JSON; absent where it goes, or is secret.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whether it is secret.
    pub is_secret: bool,
}

/// A field that another owns with another value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldConflict {
    /// The field, as the API server names it.
    pub path: String,
    /// The owner, such as `kubectl-edit`.
    pub manager: String,
    /// What the API server says of the owner: `conflict with "kubectl-edit" using apps/v1 at ...`.
    pub message: String,
    /// The owner's value, as JSON; absent where it is secret or not to be found.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theirs: Option<String>,
    /// Our value, likewise.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<String>,
    /// Whether the values are secret.
    pub is_secret: bool,
    /// What was chosen; absent where that is to be done.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

/// What stands in the way of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Obstacle {
    /// What kind of thing.
    pub kind: ObstacleKind,
    /// What it is, and what to do about it.
    pub sentence: Phrase,
    /// The same in the API server's words, or the parser's; may be empty.
    pub details: Vec<String>,
    /// The line of the manifests that is meant, from 1; absent where none is.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What kind of thing stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ObstacleKind {
    /// The context is protected.
    Protected,
    /// A permission is missing; the sentence names it.
    Permission,
    /// The manifests are broken.
    Manifest,
    /// Fields belong to others, and it is not chosen what to do about them.
    Conflict,
    /// The object cannot be changed so: it must be deleted and created again.
    Immutable,
    /// The object is not there, or changed meanwhile.
    Stale,
    /// A disruption budget holds it.
    Budget,
    /// The cluster or the kind cannot do this.
    Unsupported,
    /// A policy of the cluster, a webhook or Pod Security does not let it through; the sentence
    /// names it.
    Policy,
    /// The API server refuses it.
    Refused,
    /// No answer came.
    Unreachable,
}
