//! Where a node stands: its zone and its rack.
//!
//! Kubernetes has a label for the zone and none for the rack. Where Kueue's topologies name the
//! labels of this cluster's own levels, the level above the host is the rack; elsewhere the labels
//! that clouds and fabrics are known to write are tried in turn.

use strata_domain::{custom::Custom, ids::GroupKind, node::Node, text::Text};

/// Labels that name a rack or the nearest thing to it, the plainest first.
const KNOWN_RACKS: [&str; 11] = [
    "topology.kubernetes.io/rack",
    // The name that Kueue's documentation uses.
    "cloud.provider.com/topology-rack",
    "topology.rook.io/rack",
    "accelerator.topograph.run/domain",
    "network.topology.nvidia.com/leaf",
    "cloud.google.com/gce-topology-subblock",
    "topology.k8s.aws/network-node-layer-3",
    "oci.oraclecloud.com/rdma.local_block_id",
    "rack",
    "topology.kubernetes.io/subblock",
    // The NVLink domain, which on rack-scale machines is the rack.
    "nvidia.com/gpu.clique",
];

/// The levels that are no rack.
const NO_RACKS: [&str; 3] = [
    "kubernetes.io/hostname",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
];

/// How this cluster labels its racks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RackLabels {
    of_topologies: Vec<Text>,
}

impl RackLabels {
    /// Kueue's kind that names the levels.
    pub fn topology_kind() -> GroupKind {
        GroupKind::new("kueue.x-k8s.io", "Topology")
    }

    /// Reads the levels of Kueue's topologies (`spec.levels.N.nodeLabel`, top to bottom).
    pub fn read<'a>(topologies: impl Iterator<Item = &'a Custom>) -> Self {
        let mut of_topologies: Vec<Text> = topologies
            .filter_map(|topology| {
                let levels = (0..)
                    .map_while(|level| topology.field(&format!("spec.levels.{level}.nodeLabel")));
                levels
                    .filter(|label| !NO_RACKS.contains(label))
                    .last()
                    .map(Text::from)
            })
            .collect();
        of_topologies.sort();
        of_topologies.dedup();
        Self { of_topologies }
    }

    /// The rack of `node`; empty where no label names one.
    pub fn rack(&self, node: &Node) -> Text {
        let labels = &node.metadata.labels;
        let own = self.of_topologies.iter().map(Text::as_str);
        own.chain(KNOWN_RACKS)
            .find_map(|key| Some((key, labels.get(key).filter(|value| !value.is_empty())?)))
            .map(|(key, value)| match value.split_once('-') {
                // `CLUSTER-UUID.CLIQUE`: the start of the UUID is enough to tell racks apart.
                Some((start, rest)) if key == "nvidia.com/gpu.clique" => {
                    let clique = rest.rsplit_once('.').map_or("", |(_, clique)| clique);
                    Text::from(format!("{start}.{clique}"))
                }
                _ => Text::from(value),
            })
            .unwrap_or_default()
    }
}

/// The zone of `node`; empty where none is labelled.
pub fn zone(node: &Node) -> Text {
    let labels = &node.metadata.labels;
    labels
        .get("topology.kubernetes.io/zone")
        .or_else(|| labels.get("failure-domain.beta.kubernetes.io/zone"))
        .map(Text::from)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use strata_domain::metadata::{Labels, Metadata};

    use super::*;

    fn labelled(labels: &[(&str, &str)]) -> Node {
        let labels: Labels = labels
            .iter()
            .map(|(key, value)| (Text::from(*key), Text::from(*value)))
            .collect();
        Node {
            metadata: Metadata {
                labels,
                ..Metadata::default()
            },
            ..Node::default()
        }
    }

    #[test]
    fn the_level_above_the_host_is_the_rack() {
        let levels = [
            "example.com/block",
            "example.com/rack",
            "kubernetes.io/hostname",
        ];
        let topology = Custom {
            fields: levels
                .iter()
                .enumerate()
                .map(|(at, label)| {
                    (
                        Text::from(format!("spec.levels.{at}.nodeLabel")),
                        Text::from(*label),
                    )
                })
                .collect(),
            ..Custom::default()
        };
        let racks = RackLabels::read([&topology].into_iter());
        let node = labelled(&[
            ("example.com/block", "b1"),
            ("example.com/rack", "a06"),
            ("topology.kubernetes.io/rack", "other"),
        ]);
        assert_eq!(racks.rack(&node), "a06");
    }

    #[test]
    fn without_a_topology_the_known_labels_are_tried() {
        let racks = RackLabels::default();
        assert_eq!(
            racks.rack(&labelled(&[("cloud.provider.com/topology-rack", "r7")])),
            "r7"
        );
        let clique = "7b968a6d-c8aa-45e1-9e07-e1e51be99c31.3";
        assert_eq!(
            racks.rack(&labelled(&[("nvidia.com/gpu.clique", clique)])),
            "7b968a6d.3"
        );
        assert_eq!(racks.rack(&labelled(&[])), "");
    }
}
