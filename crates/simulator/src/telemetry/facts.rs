//! The part of a pod that telemetry reads, without the rest of it.

use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};

use crate::store::Stored;

/// What is read of a pod.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PodFacts {
    pub(crate) metadata: Metadata,
    pub(crate) spec: PodSpec,
    pub(crate) status: PodStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) creation_timestamp: Option<jiff::Timestamp>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PodSpec {
    pub(crate) node_name: String,
    pub(crate) host_network: bool,
    pub(crate) containers: Vec<Container>,
    pub(crate) volumes: Vec<Volume>,
}

/// A volume of a pod: what of it the kubelet measures.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Volume {
    pub(crate) name: String,
    pub(crate) persistent_volume_claim: Option<ClaimSource>,
    pub(crate) empty_dir: Option<IgnoredAny>,
    pub(crate) projected: Option<IgnoredAny>,
    pub(crate) config_map: Option<IgnoredAny>,
    pub(crate) secret: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ClaimSource {
    pub(crate) claim_name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) command: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) resources: Resources,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Resources {
    pub(crate) requests: BTreeMap<String, String>,
    pub(crate) limits: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PodStatus {
    pub(crate) phase: String,
    #[serde(rename = "podIP")]
    pub(crate) pod_ip: String,
    pub(crate) container_statuses: Vec<ContainerStatus>,
    pub(crate) conditions: Vec<Condition>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ContainerStatus {
    pub(crate) name: String,
    pub(crate) ready: bool,
    pub(crate) state: ContainerState,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ContainerState {
    pub(crate) running: Option<Running>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Running {
    pub(crate) started_at: Option<jiff::Timestamp>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Condition {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) last_transition_time: Option<jiff::Timestamp>,
}

impl PodFacts {
    /// The facts of a pod as it is stored.
    pub(crate) fn read(stored: &Stored) -> Self {
        serde_json::from_slice(&stored.json).unwrap_or_default()
    }

    /// Whether the pod has ended.
    pub(crate) fn is_over(&self) -> bool {
        ["Succeeded", "Failed"].contains(&self.status.phase.as_str())
    }

    /// When the container at `at` was started, if it runs.
    pub(crate) fn running_since(&self, at: usize) -> Option<f64> {
        let status = self.status.container_statuses.get(at)?;
        let since = status.state.running.as_ref()?.started_at?;
        Some(super::seconds(since))
    }

    /// When the pod became ready, if it is.
    pub(crate) fn ready_since(&self) -> Option<f64> {
        let ready = self
            .status
            .conditions
            .iter()
            .find(|condition| condition.kind == "Ready" && condition.status == "True")?;
        Some(super::seconds(ready.last_transition_time?))
    }

    /// When the pod was created.
    pub(crate) fn created(&self) -> f64 {
        self.metadata.creation_timestamp.map_or(0.0, super::seconds)
    }
}

impl Container {
    /// The value of the option `name` of the command line: `--name=value` or `--name value`.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let mut words = self.command.iter().chain(&self.args);
        while let Some(word) = words.next() {
            if let Some(rest) = word.strip_prefix(name) {
                if let Some(value) = rest.strip_prefix('=') {
                    return Some(value);
                }
                if rest.is_empty() {
                    return words.next().map(String::as_str);
                }
            }
        }
        None
    }
}
