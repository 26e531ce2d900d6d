//! How jobs can be grouped and sorted, of which time they are asked for, and whose logs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The logs of one job. Questions about the same ones share what was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JobLog {
    /// The cluster.
    pub cluster: String,
    /// The kind's API group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Whether the runs before the present ones are meant.
    pub previous: bool,
}

/// The time of which jobs are wanted that are no longer in the cluster, in RFC 3339.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobPast {
    /// From when.
    pub from: String,
    /// Until when; empty for now.
    pub until: String,
}

/// The orders of jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobSort {
    /// By what.
    pub by: JobColumn,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// The columns that jobs can be sorted by. Equal ones go by namespace and name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobColumn {
    /// What should run first, then what runs, then what is over; the latest of each first.
    #[default]
    State,
    Name,
    Kind,
    Namespace,
    Queue,
    Owner,
    Gpus,
    Queued,
    Run,
    Progress,
    Priority,
    Retries,
}

/// What jobs are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobGroup {
    Queue,
    Namespace,
    Owner,
    Kind,
}
