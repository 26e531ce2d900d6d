//! Nodes as the kubelet, NVIDIA's device plugin, GPU feature discovery and Node Feature Discovery
//! leave them.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::Node as CoreNode;
use kube::api::PostParams;
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::binaries::KUBERNETES;

/// A model of GPU and the machine it comes in.
#[derive(Debug, Clone, Copy)]
pub struct Gpus {
    /// `nvidia.com/gpu.product`.
    pub product: &'static str,
    /// `nvidia.com/gpu.family`.
    pub family: &'static str,
    /// `nvidia.com/gpu.machine`.
    pub machine: &'static str,
    /// How many the machine has.
    pub count: u32,
    /// Framebuffer memory of one, in MiB.
    pub memory_mib: u32,
    /// Compute capability, major and minor.
    pub compute: (u32, u32),
    /// Whether it can be partitioned.
    pub mig_capable: bool,
}

/// Eight H100 SXM with 80 GB.
pub const H100: Gpus = Gpus {
    product: "NVIDIA-H100-80GB-HBM3",
    family: "hopper",
    machine: "PowerEdge-XE9680",
    count: 8,
    memory_mib: 81_559,
    compute: (9, 0),
    mig_capable: true,
};

/// Eight A100 SXM with 80 GB.
pub const A100: Gpus = Gpus {
    product: "NVIDIA-A100-SXM4-80GB",
    family: "ampere",
    machine: "DGXA100-920-23687-2530-000",
    count: 8,
    memory_mib: 81_920,
    compute: (8, 0),
    mig_capable: true,
};

/// Four L40S with 48 GB.
pub const L40S: Gpus = Gpus {
    product: "NVIDIA-L40S",
    family: "ada-lovelace",
    machine: "ThinkSystem-SR650a-V4",
    count: 4,
    memory_mib: 46_068,
    compute: (8, 9),
    mig_capable: false,
};

/// A node to be made.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// `topology.kubernetes.io/zone`; the region is the zone without its last letter.
    pub zone: String,
    /// The GPUs, if any.
    pub gpus: Option<Gpus>,
    /// How many of the GPUs the device plugin has marked unhealthy: they stay in the capacity and
    /// leave what is allocatable.
    pub unhealthy_gpus: u32,
    /// Runs the control plane, and no workloads.
    pub control_plane: bool,
    /// Further labels.
    pub labels: BTreeMap<String, String>,
}

impl Node {
    /// A node without GPUs in zone `region-1a`.
    pub fn plain(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            zone: "region-1a".into(),
            gpus: None,
            unhealthy_gpus: 0,
            control_plane: false,
            labels: BTreeMap::new(),
        }
    }

    /// A node with GPUs, in the same zone.
    pub fn with_gpus(name: impl Into<String>, gpus: Gpus) -> Self {
        Self {
            gpus: Some(gpus),
            ..Self::plain(name)
        }
    }

    /// The same node in another zone, `region-1b` say.
    #[must_use]
    pub fn in_zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = zone.into();
        self
    }

    /// The node as an object; `index` numbers its address.
    fn object(&self, index: usize) -> Value {
        let mut resources = json!({
            "cpu": if self.gpus.is_some() { "128" } else { "32" },
            "memory": if self.gpus.is_some() { "2113397332Ki" } else { "131891772Ki" },
            "ephemeral-storage": "1843269236Ki",
            "hugepages-1Gi": "0",
            "hugepages-2Mi": "0",
            "pods": "250",
        });
        let capacity = with_gpus(&mut resources, self.gpus.map(|gpus| gpus.count));
        let healthy = self
            .gpus
            .map(|gpus| gpus.count.saturating_sub(self.unhealthy_gpus));
        let allocatable = with_gpus(&mut resources, healthy);
        let taints = if self.control_plane {
            json!([{ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" }])
        } else {
            json!([])
        };
        let (high, low) = (index / 250, index % 250 + 1);
        json!({
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": self.name,
                "labels": self.all_labels(),
                "annotations": { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
            },
            "spec": { "taints": taints },
            "status": {
                "capacity": capacity,
                "allocatable": allocatable,
                "addresses": [
                    { "type": "InternalIP", "address": format!("10.64.{high}.{low}") },
                    { "type": "Hostname", "address": self.name },
                ],
                "nodeInfo": {
                    "architecture": "amd64",
                    "bootID": "6f0f3a1c-4f66-4c5e-9f0f-2f7f64f1a001",
                    "containerRuntimeVersion": "containerd://2.1.4",
                    "kernelVersion": "6.8.0-60-generic",
                    "kubeProxyVersion": "",
                    "kubeletVersion": KUBERNETES,
                    "machineID": format!("{index:032x}"),
                    "operatingSystem": "linux",
                    "osImage": "Ubuntu 24.04.3 LTS",
                    "systemUUID": format!("00000000-0000-4000-8000-{index:012x}"),
                },
            },
        })
    }

    fn all_labels(&self) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::new();
        let mut put = |key: &str, value: &str| labels.insert(key.to_owned(), value.to_owned());
        put("kubernetes.io/arch", "amd64");
        put("kubernetes.io/os", "linux");
        put("kubernetes.io/hostname", &self.name);
        put("topology.kubernetes.io/zone", &self.zone);
        put(
            "topology.kubernetes.io/region",
            self.zone.trim_end_matches(char::is_alphabetic),
        );
        put("feature.node.kubernetes.io/cpu-cpuid.AVX512F", "true");
        put(
            "feature.node.kubernetes.io/kernel-version.full",
            "6.8.0-60-generic",
        );
        put("feature.node.kubernetes.io/system-os_release.ID", "ubuntu");
        put(
            "feature.node.kubernetes.io/system-os_release.VERSION_ID",
            "24.04",
        );
        if self.control_plane {
            put("node-role.kubernetes.io/control-plane", "");
        }
        if let Some(gpus) = &self.gpus {
            labels.extend(gpus.labels());
        }
        labels.extend(self.labels.clone());
        labels
    }
}

impl Gpus {
    /// What GPU feature discovery and the GPU operator write, and Node Feature Discovery of the
    /// PCI devices.
    fn labels(&self) -> impl Iterator<Item = (String, String)> {
        let operands = [
            "container-toolkit",
            "dcgm",
            "dcgm-exporter",
            "device-plugin",
            "driver",
            "gpu-feature-discovery",
            "operator-validator",
        ];
        let fixed = [
            ("cuda.driver-version.full", "580.95.05"),
            ("cuda.driver-version.major", "580"),
            ("cuda.driver-version.minor", "95"),
            ("cuda.driver-version.revision", "05"),
            ("cuda.driver.major", "580"),
            ("cuda.driver.minor", "95"),
            ("cuda.driver.rev", "05"),
            ("cuda.runtime-version.full", "13.0"),
            ("cuda.runtime-version.major", "13"),
            ("cuda.runtime-version.minor", "0"),
            ("gfd.timestamp", "1763900000"),
            ("gpu-driver-upgrade-state", "upgrade-done"),
            ("gpu.mode", "compute"),
            ("gpu.present", "true"),
            ("gpu.replicas", "1"),
            ("gpu.sharing-strategy", "none"),
            ("mig.strategy", "single"),
            ("mps.capable", "false"),
            ("vgpu.present", "false"),
        ];
        let own = [
            ("gpu.product", self.product.to_owned()),
            ("gpu.family", self.family.to_owned()),
            ("gpu.machine", self.machine.to_owned()),
            ("gpu.count", self.count.to_string()),
            ("gpu.memory", self.memory_mib.to_string()),
            ("gpu.compute.major", self.compute.0.to_string()),
            ("gpu.compute.minor", self.compute.1.to_string()),
            ("mig.capable", self.mig_capable.to_string()),
        ];
        let features = [
            ("feature.node.kubernetes.io/pci-10de.present", "true"),
            ("feature.node.kubernetes.io/pci-15b3.present", "true"),
        ];
        let ours = fixed
            .into_iter()
            .map(|(key, value)| (key, value.to_owned()))
            .chain(own)
            .map(|(key, value)| (format!("nvidia.com/{key}"), value));
        let deployed =
            operands.map(|name| (format!("nvidia.com/gpu.deploy.{name}"), "true".into()));
        ours.chain(deployed)
            .chain(features.map(|(key, value)| (key.into(), value.into())))
    }
}

/// The resources with this many GPUs, and without any when there are none.
fn with_gpus(resources: &mut Value, count: Option<u32>) -> Value {
    if let (Some(count), Some(fields)) = (count, resources.as_object_mut()) {
        fields.insert("nvidia.com/gpu".into(), count.to_string().into());
    }
    resources.clone()
}

/// Creates the nodes; KWOK makes them ready a moment later.
///
/// # Errors
///
/// When the API server refuses one.
pub async fn create(client: &Client, nodes: &[Node]) -> Result<()> {
    let api = Api::<CoreNode>::all(client.clone());
    stream::iter(nodes.iter().enumerate())
        .map(async |(index, node)| {
            let object = serde_json::from_value(node.object(index))?;
            api.create(&PostParams::default(), &object)
                .await
                .with_context(|| format!("creating the node {}", node.name))?;
            anyhow::Ok(())
        })
        .buffer_unordered(16)
        .try_collect()
        .await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{H100, Node};

    #[test]
    fn an_unhealthy_gpu_leaves_what_is_allocatable_and_stays_in_the_capacity() {
        let node = Node {
            unhealthy_gpus: 1,
            ..Node::with_gpus("a", H100)
        }
        .object(3);
        assert_eq!(node["status"]["capacity"]["nvidia.com/gpu"], json!("8"));
        assert_eq!(node["status"]["allocatable"]["nvidia.com/gpu"], json!("7"));
        assert_eq!(
            node["metadata"]["labels"]["topology.kubernetes.io/region"],
            json!("region-1")
        );
    }

    #[test]
    fn a_node_without_gpus_has_no_word_of_them() {
        let text = Node::plain("a").object(0).to_string();
        assert!(!text.contains("nvidia"), "{text}");
    }
}
