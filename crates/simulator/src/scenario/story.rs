//! What happens in a scenario, and when.

use std::time::Duration;

use serde::Deserialize;

use super::{Workload, duration};

/// Something that happens once, or again and again.
#[derive(Clone, Debug, Deserialize)]
pub struct Story {
    /// How long after the start it happens first.
    #[serde(deserialize_with = "duration::read")]
    pub after: Duration,
    /// How long after that it happens again; without it, it happens once.
    #[serde(default, deserialize_with = "duration::read_optional")]
    pub every: Option<Duration>,
    /// By how much each time may be later, by chance.
    #[serde(default, deserialize_with = "duration::read")]
    pub spread: Duration,
    /// What happens.
    #[serde(flatten)]
    pub happening: Happening,
}

/// What can happen.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// A node's kubelet stops posting its status, and comes back.
    Flap(Flap),
    /// A rack loses power: its nodes fall silent one after the other, and come back.
    PowerLoss(PowerLoss),
    /// A GPU falls off the bus.
    GpuLost {
        /// The node.
        node: String,
        /// The namespace of the workload whose pod there fails.
        namespace: String,
        /// The beginning of that pod's name.
        workload: String,
    },
    /// A workload arrives, under its name and a suffix.
    Submit(Box<Workload>),
    /// A pod of a workload is deleted, by whomever.
    Restart(Named),
    /// A deployment gets the next image of the list.
    Rollout {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The images that it goes through, again and again.
        images: Vec<String>,
    },
    /// A deployment is scaled, up and down between two sizes.
    Scale {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The sizes that it goes through, again and again.
        replicas: Vec<u64>,
    },
}

/// A node that comes and goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flap {
    /// The node.
    pub node: String,
    /// How long it is away.
    #[serde(deserialize_with = "duration::read")]
    pub lasts: Duration,
}

/// A rack without power.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerLoss {
    /// The rack.
    pub rack: String,
    /// How long it is without.
    #[serde(deserialize_with = "duration::read")]
    pub lasts: Duration,
}

/// A workload by namespace and name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
}
