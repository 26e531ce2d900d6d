//! Which pods tell metrics, by the catalogue, and which kubelets tell of volumes.
//!
//! Kept up pod by pod: with a hundred thousand pods, one that changes must not cost a walk over all.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hashbrown::HashMap;
use strata_catalog::{Catalog, Metrics};
use strata_domain::{
    ids::{ObjectKey, Uid},
    pod::{ContainerState, Phase, Pod},
    text::Text,
};
use strata_ports::{
    prometheus::PrometheusAddress,
    telemetry::{Dialect, Exporter},
};

use crate::{
    fleet::{cluster::Cluster, table::Slot},
    fold::{Changed, Dirty},
};

/// The exporters of a cluster.
#[derive(Debug, Default)]
pub struct Exporters {
    by_slot: BTreeMap<Slot, (Uid, Exporter)>,
    /// The pods that mount claims, with their nodes: the kubelets there measure the volumes.
    mounting: BTreeMap<Slot, Text>,
    /// What is known of a container's name and image.
    images: HashMap<(Text, Text), Option<Shape>>,
}

/// How the pods of an image tell metrics.
#[derive(Clone, Debug)]
struct Shape {
    dialect: Dialect,
    ports: Arc<[u16]>,
    is_tls: bool,
}

impl Exporters {
    /// Takes note of what changed. True where the list is another one.
    pub fn note(&mut self, dirty: &Dirty, cluster: &Cluster, catalog: &Catalog) -> bool {
        match &dirty.pods.slots {
            Changed::All => {
                let before = std::mem::take(&mut self.by_slot);
                let mounting = std::mem::take(&mut self.mounting);
                for (slot, pod) in cluster.pod_table().slots() {
                    self.look_at(slot, pod, catalog);
                }
                before != self.by_slot || mounting != self.mounting
            }
            Changed::Some(slots) => {
                let mut is_news = false;
                for slot in slots {
                    let before = self.by_slot.remove(slot);
                    let mounted = self.mounting.remove(slot);
                    if let Some(pod) = cluster.pod_table().at(*slot) {
                        self.look_at(*slot, pod, catalog);
                    }
                    is_news |= before.as_ref() != self.by_slot.get(slot)
                        || mounted.as_ref() != self.mounting.get(slot);
                }
                is_news
            }
        }
    }

    /// The list as it is now; with the kubelets of the nodes on which claims are mounted, if
    /// `with_kubelets`. The Prometheus that was `given` stands in the place of those that were found.
    pub fn list(
        &self,
        with_kubelets: bool,
        given: Option<&Arc<PrometheusAddress>>,
    ) -> Arc<[Exporter]> {
        let programs = self.by_slot.values().map(|(_, exporter)| exporter.clone());
        let programs = programs
            .filter(|found| given.is_none() || found.dialect != Dialect::Prometheus)
            .chain(given.map(at_address));
        let nodes: BTreeSet<&Text> = self.mounting.values().filter(|_| with_kubelets).collect();
        let kubelets = nodes.into_iter().map(|node| Exporter {
            pod: ObjectKey {
                namespace: Text::default(),
                name: node.clone(),
            },
            node: node.clone(),
            dialect: Dialect::Kubelet,
            ports: Arc::from([]),
            is_tls: true,
            address: None,
        });
        programs.chain(kubelets).collect()
    }

    fn look_at(&mut self, slot: Slot, pod: &Pod, catalog: &Catalog) {
        if pod.phase != Phase::Running || pod.node.is_empty() {
            return;
        }
        if !pod.volume_claims.is_empty() {
            self.mounting.insert(slot, pod.node.clone());
        }
        let running = pod.containers.iter().filter(|container| {
            !container.init && matches!(container.state, ContainerState::Running { .. })
        });
        for container in running {
            let shape = self
                .images
                .entry((container.name.clone(), container.image.clone()))
                .or_insert_with(|| {
                    shape(catalog.metrics_of_container(&container.name, &container.image)?)
                });
            if let Some(shape) = shape {
                let exporter = Exporter {
                    pod: pod.metadata.key.clone(),
                    node: pod.node.clone(),
                    dialect: shape.dialect,
                    ports: Arc::clone(&shape.ports),
                    is_tls: shape.is_tls,
                    address: None,
                };
                self.by_slot
                    .insert(slot, (pod.metadata.uid.clone(), exporter));
                return;
            }
        }
    }
}

/// The Prometheus at `address`, which goes by it.
fn at_address(address: &Arc<PrometheusAddress>) -> Exporter {
    Exporter {
        pod: ObjectKey::new("", address.url.as_str()),
        node: Text::default(),
        dialect: Dialect::Prometheus,
        ports: Arc::from([]),
        is_tls: false,
        address: Some(Arc::clone(address)),
    }
}

/// What the catalogue's entry means; none for a dialect that Strata does not speak.
fn shape(metrics: &Metrics) -> Option<Shape> {
    let dialect = match metrics.dialect.as_str() {
        "dcgm" => Dialect::Dcgm,
        "amd" => Dialect::Amd,
        "ascend" => Dialect::Ascend,
        "hami" => Dialect::Hami,
        "vllm" => Dialect::Vllm,
        "sglang" => Dialect::Sglang,
        "text_generation" => Dialect::TextGeneration,
        "triton" => Dialect::Triton,
        "ray" => Dialect::Ray,
        "prometheus" => Dialect::Prometheus,
        _ => return None,
    };
    Some(Shape {
        dialect,
        ports: metrics.ports.as_slice().into(),
        is_tls: metrics.tls,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_of_the_catalogue_is_spoken() {
        let catalog = Catalog::load().unwrap();
        let mut told = 0;
        for component in catalog.components() {
            if let Some(metrics) = &component.metrics {
                assert!(shape(metrics).is_some(), "{}", component.id);
                assert!(!metrics.ports.is_empty(), "{}", component.id);
                told += 1;
            }
        }
        assert!(told >= 9, "{told}");
    }
}
