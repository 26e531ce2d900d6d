//! Which pod had which GPU, from when until when.
//!
//! Kept beside the series of GPUs, so that what a job's GPUs did can be told after its pods are gone.

use jiff::Timestamp;
use strata_domain::{ids::Uid, text::Text};

use crate::objects::ObjectAddress;

/// That a pod has a GPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The GPU, by the name that its series have.
    pub gpu: Text,
    /// The GPU's node.
    pub node: Text,
    /// The GPU's number there.
    pub index: u32,
    /// The pod's name.
    pub pod: Text,
    /// The pod's identity: another pod of the same name is another holder.
    pub uid: Uid,
    /// The topmost object that the pod is a part of; the pod itself where nothing owns it.
    pub owner: ObjectAddress,
    /// Since when: a pod has its devices from its start to its end.
    pub began: Timestamp,
    /// Whether nobody tells which GPU the pod has, and it was counted.
    pub is_counted: bool,
    /// Whether several have the GPU at once, so that its readings are those of all of them.
    pub is_shared: bool,
}

/// Everything that is held at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldNow {
    /// The moment.
    pub at: Timestamp,
    /// All of it: what was held before and is not in here is held no more.
    pub holdings: Vec<Holding>,
}

/// What an object's pods held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldPast {
    /// Since when it is kept which pod of the cluster has which GPU; `None` where it never was.
    pub since: Option<Timestamp>,
    /// What was held, the oldest first.
    pub holdings: Vec<PastHolding>,
}

/// That a pod had a GPU for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastHolding {
    /// What was held, by whom.
    pub holding: Holding,
    /// Until when, as far as that was seen; `None` while it lasts.
    pub ended: Option<Timestamp>,
}
