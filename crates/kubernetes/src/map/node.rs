//! Nodes.

use strata_domain::{
    node::{Node, Software, Taint},
    object::Object,
    text::Text,
};

use super::{
    Mapping, Slim,
    amounts::Amounts,
    metadata::{conditions, metadata},
};
use crate::slim::node as slim;

impl Slim for slim::Node {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let Self {
            metadata: meta,
            spec,
            status,
        } = self;
        let system = &status.node_info;
        Object::Node(Box::new(Node {
            metadata: metadata(meta, names),
            cordoned: spec.unschedulable,
            taints: spec
                .taints
                .iter()
                .map(|taint| Taint {
                    key: names.intern(&taint.key),
                    value: names.intern(&taint.value),
                    effect: names.intern(&taint.effect),
                })
                .collect(),
            provider_id: Text::from(spec.provider_id),
            capacity: Amounts::of(&status.capacity).into_resources(names),
            allocatable: Amounts::of(&status.allocatable).into_resources(names),
            software: Software {
                kubelet: names.intern(&system.kubelet_version),
                container_runtime: names.intern(&system.container_runtime_version),
                kernel: names.intern(&system.kernel_version),
                os_image: names.intern(&system.os_image),
                architecture: names.intern(&system.architecture),
            },
            conditions: conditions(status.conditions, names),
        }))
    }
}
