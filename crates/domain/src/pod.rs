//! Pods.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{metadata::Metadata, node::Resources, text::Text};

/// A pod, with the fields that lists, joins and diagnoses need.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pod {
    /// Name, labels, owner, times.
    pub metadata: Metadata,
    /// The node it is bound to; empty while it is not.
    pub node: Text,
    /// `status.phase`.
    pub phase: Phase,
    /// `status.reason`, such as `Evicted` or `NodeLost`; may be empty.
    pub reason: Text,
    /// Whether the condition `Ready` holds.
    pub ready: bool,
    /// Why it could not be placed: the message of `PodScheduled=False`; empty otherwise.
    pub unscheduled: Text,
    /// The scheduler it asks for; empty for the default one.
    pub scheduler: Text,
    /// What it asks for: the larger of its init containers and the sum of the rest.
    pub requests: Resources,
    /// `spec.resourceClaims` by the name of the claim, where `status.resourceClaimStatuses` or the
    /// spec names one.
    pub claims: Box<[Text]>,
    /// The volume claims that it mounts, by name.
    pub volume_claims: Box<[Text]>,
    /// What it says of the model that it runs; most pods say nothing.
    pub model: Option<Box<ModelMention>>,
    /// The containers, init containers last.
    pub containers: Box<[Container]>,
    /// When the kubelet took it on.
    pub started: Option<Timestamp>,
}

impl Pod {
    /// Whether it still holds what it asked for: bound, and neither done nor failed.
    pub fn holds_resources(&self) -> bool {
        !self.node.is_empty() && !matches!(self.phase, Phase::Succeeded | Phase::Failed)
    }

    /// The model that the arguments of its containers name, as they write it; empty where none does.
    pub fn model_argument(&self) -> &str {
        self.model
            .as_ref()
            .map_or("", |mention| mention.argument.as_str())
    }

    /// The images that it mounts as volumes, by reference.
    pub fn image_volumes(&self) -> &[Text] {
        self.model.as_ref().map_or(&[], |mention| &mention.images)
    }

    /// How often its containers were restarted, together.
    pub fn restarts(&self) -> u32 {
        self.containers
            .iter()
            .map(|container| container.restarts)
            .sum()
    }
}

/// What a pod says of the model that it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelMention {
    /// What the arguments of its containers name, as they write it; may be empty.
    pub argument: Text,
    /// The images that it mounts as volumes, by reference.
    pub images: Box<[Text]>,
}

/// `status.phase` of a pod.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Phase {
    /// Not all containers run yet.
    Pending,
    /// At least one container runs or restarts.
    Running,
    /// Every container ended well.
    Succeeded,
    /// At least one container ended badly, and none will restart.
    Failed,
    /// The node does not answer.
    #[default]
    Unknown,
}

impl Phase {
    /// Reads the API's word.
    pub fn parse(word: &str) -> Self {
        match word {
            "Pending" => Self::Pending,
            "Running" => Self::Running,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            _ => Self::Unknown,
        }
    }
}

/// A container of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// Its name.
    pub name: Text,
    /// Its image, as the spec asks for it.
    pub image: Text,
    /// Whether it is an init container.
    pub init: bool,
    /// Whether its probes pass.
    pub ready: bool,
    /// How often it was restarted.
    pub restarts: u32,
    /// What it does now.
    pub state: ContainerState,
    /// How its last run ended, if it had one.
    pub last_end: Option<Box<ContainerEnd>>,
}

/// What a container does now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerState {
    /// Nothing is known of it yet.
    #[default]
    Unknown,
    /// Waiting, with the kubelet's reason (`ImagePullBackOff`, `CrashLoopBackOff` ...).
    Waiting {
        /// The kubelet's word.
        reason: Text,
        /// The kubelet's sentence; may be empty.
        message: Text,
    },
    /// Running since.
    Running {
        /// When it started.
        since: Option<Timestamp>,
    },
    /// Ended.
    Ended(Box<ContainerEnd>),
}

/// How a container ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerEnd {
    /// The process's exit code; 128 plus the signal if one killed it.
    pub exit_code: i32,
    /// The kubelet's word: `Completed`, `Error`, `OOMKilled` ...
    pub reason: Text,
    /// When it ended.
    pub at: Option<Timestamp>,
}
