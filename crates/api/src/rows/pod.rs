//! Pods and namespaces.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Severity;
use crate::phrases::Phrase;

/// A pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PodRow {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its node; empty while it is not bound.
    pub node: String,
    /// Accelerators that it asks for.
    pub gpus: u32,
    /// Their model; empty where it asks for none or the node does not tell.
    pub gpu_model: String,
    /// What it does, in one word: the phase, or the reason that outranks it
    /// (`CrashLoopBackOff`, `Unschedulable`, `Terminating`).
    pub status: String,
    /// Containers ready of all, init containers left out.
    pub ready: super::Ready,
    /// Restarts of its containers, together.
    pub restarts: u32,
    /// How bad that is.
    pub severity: Severity,
    /// Why, where it is a fault.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// When it was created, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
}

/// A namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamespaceRow {
    /// Its name.
    pub name: String,
    /// Pods in it.
    pub pods: u32,
    /// The worst of its pods' severities.
    pub severity: Severity,
}
