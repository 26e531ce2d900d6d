//! Builds nodes.

use strata_domain::{
    condition::Status,
    node::{Node, Resources, Software, Taint},
    object::Object,
    text::Text,
};

use super::{condition, condition_method, metadata, metadata_methods};

/// Builds a node.
#[derive(Clone, Debug)]
pub struct NodeBuilder {
    object: Node,
}

/// A ready node with 64 cores and 512 GiB.
pub fn node(name: &str) -> NodeBuilder {
    let resources = Resources {
        cpu_millicores: 64_000,
        memory_bytes: 512 << 30,
        pods: 110,
        extended: Box::default(),
    };
    NodeBuilder {
        object: Node {
            metadata: metadata("Node", "", name),
            cordoned: false,
            taints: Vec::new(),
            provider_id: Text::default(),
            capacity: resources.clone(),
            allocatable: resources,
            conditions: vec![condition("Ready", Status::True, "KubeletReady", "")],
            software: Software {
                kubelet: Text::from("v1.36.2"),
                container_runtime: Text::from("containerd://2.1.4"),
                kernel: Text::from("6.8.0-90-generic"),
                os_image: Text::from("Ubuntu 24.04.2 LTS"),
                architecture: Text::from("amd64"),
            },
        },
    }
}

impl NodeBuilder {
    metadata_methods!();
    condition_method!();

    /// Gives it `count` NVIDIA GPUs.
    #[must_use]
    pub fn gpus(self, count: u64) -> Self {
        self.resource("nvidia.com/gpu", count, count)
    }

    /// Gives it `capacity` of an extended resource, of which `allocatable` may be taken.
    #[must_use]
    pub fn resource(mut self, name: &str, capacity: u64, allocatable: u64) -> Self {
        set_amount(&mut self.object.capacity, name, capacity);
        set_amount(&mut self.object.allocatable, name, allocatable);
        self
    }

    /// Has its feature discovery name the GPUs, such as `NVIDIA-H100-80GB-HBM3`.
    #[must_use]
    pub fn gpu_product(self, product: &str) -> Self {
        self.label("nvidia.com/gpu.product", product)
    }

    /// Has its kubelet say nothing any more.
    #[must_use]
    pub fn not_ready(self) -> Self {
        self.condition(
            "Ready",
            Status::Unknown,
            "NodeStatusUnknown",
            "Kubelet stopped posting node status.",
        )
    }

    /// Cordons it.
    #[must_use]
    pub fn cordoned(mut self) -> Self {
        self.object.cordoned = true;
        self
    }

    /// Taints it.
    #[must_use]
    pub fn taint(mut self, key: &str, value: &str, effect: &str) -> Self {
        self.object.taints.push(Taint {
            key: Text::from(key),
            value: Text::from(value),
            effect: Text::from(effect),
        });
        self
    }

    /// Sets the container runtime, such as `cri-o://1.34.0`.
    #[must_use]
    pub fn runtime(mut self, runtime: &str) -> Self {
        self.object.software.container_runtime = Text::from(runtime);
        self
    }

    /// Sets the provider's id, such as `aws:///eu-west-1a/i-0a1b`.
    #[must_use]
    pub fn provider(mut self, id: &str) -> Self {
        self.object.provider_id = Text::from(id);
        self
    }

    /// The node.
    pub fn build(self) -> Node {
        self.object
    }

    /// The node as an object.
    pub fn object(self) -> Object {
        Object::Node(Box::new(self.object))
    }
}

/// Sets the amount of the extended resource `name`.
pub(super) fn set_amount(resources: &mut Resources, name: &str, amount: u64) {
    let others = resources
        .extended
        .iter()
        .filter(|(known, _)| known != name)
        .cloned();
    resources.extended = others.chain([(Text::from(name), amount)]).collect();
}
