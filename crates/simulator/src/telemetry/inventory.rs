//! What telemetry knows of the cluster: the GPUs of each node, who has and had each of them, and
//! which pods are exporters.
//!
//! Kept while the world changes, as device plugins and kubelets keep their checkpoints: which GPU a
//! pod got stays with it as long as it runs, and what was is remembered as long as Prometheus would.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use super::{
    curve,
    exporters::Exporter,
    facts::PodFacts,
    gpu::{Gpu, Holding},
    product::Product,
    work::{Holder, Load},
};
use crate::{
    json, random,
    store::{Reference, Store, Stored},
    world::pod_kind,
};

/// How long ended holdings are remembered, in seconds: Prometheus's own default retention.
pub(crate) const RETENTION: f64 = 15.0 * 86_400.0;

/// The GPUs of all nodes, and the exporters.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    nodes: BTreeMap<Text, Vec<Arc<Gpu>>>,
    /// The node on which a pod has GPUs, by its UID.
    held: HashMap<Text, Text>,
    exporters: BTreeMap<ObjectKey, Exporter>,
    /// The pods on each node, and the node of each.
    placed: BTreeMap<Text, BTreeSet<ObjectKey>>,
    place_of: HashMap<Text, Text>,
}

impl Inventory {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The GPUs of `node`, in the order of their indices.
    pub(crate) fn gpus(&self, node: &str) -> Vec<Arc<Gpu>> {
        self.read().nodes.get(node).cloned().unwrap_or_default()
    }

    /// The GPUs that the pod with `uid` has now.
    pub(crate) fn gpus_of(&self, uid: &str) -> Vec<Arc<Gpu>> {
        let inner = self.read();
        let Some(gpus) = inner.held.get(uid).and_then(|node| inner.nodes.get(node)) else {
            return Vec::new();
        };
        gpus.iter()
            .filter(|gpu| {
                gpu.current()
                    .is_some_and(|holding| holding.holder.uid == uid)
            })
            .cloned()
            .collect()
    }

    /// The pods on `node`, by namespace and name.
    pub(crate) fn pods_on(&self, node: &str) -> Vec<ObjectKey> {
        self.read()
            .placed
            .get(node)
            .map_or_else(Vec::new, |pods| pods.iter().cloned().collect())
    }

    /// Every exporter, by namespace and name of its pod.
    pub(crate) fn exporters(&self) -> Vec<(ObjectKey, Exporter)> {
        self.read()
            .exporters
            .iter()
            .map(|(key, exporter)| (key.clone(), *exporter))
            .collect()
    }

    /// Takes note of an object as it is at `at`.
    pub(crate) fn observe(&self, store: &Store, kind: &GroupKind, stored: &Stored, at: Timestamp) {
        let now = super::seconds(at);
        match (kind.group.as_str(), kind.kind.as_str()) {
            ("", "Node") => self.put_node(stored),
            ("", "Pod") => self.put_pod(store, stored, now),
            ("resource.k8s.io", "ResourceSlice") => self.put_slice(stored),
            ("resource.k8s.io", "ResourceClaim") => self.put_claim(store, stored, now),
            _ => {}
        }
    }

    /// Forgets an object that is gone at `at`.
    pub(crate) fn forget(&self, gone: &Reference, at: Timestamp) {
        match (gone.kind.group.as_str(), gone.kind.kind.as_str()) {
            ("", "Node") => self.remove_node(&gone.key.name),
            ("", "Pod") => self.remove_pod(&gone.key, &gone.uid, super::seconds(at)),
            _ => {}
        }
    }

    /// Takes note of a node: its GPUs are what feature discovery says.
    fn put_node(&self, stored: &Stored) {
        let label = |name: &str| stored.label(name).unwrap_or_default();
        let count: usize = label("nvidia.com/gpu.count").parse().unwrap_or(0);
        let mut inner = self.write();
        let known = inner.nodes.entry(stored.key.name.clone()).or_default();
        let seed = curve::mix(random::hash(&stored.uid));
        let since = stored
            .value()
            .pointer("/metadata/creationTimestamp")
            .and_then(serde_json::Value::as_str)
            .and_then(|text| text.parse().ok())
            .map_or(0.0, super::seconds);
        let product = Product::of_label(label("nvidia.com/gpu.product"));
        for index in known.len()..count {
            known.push(Arc::new(Gpu {
                node: stored.key.name.clone(),
                index,
                uuid: uuid(seed, index),
                product,
                memory_mib: label("nvidia.com/gpu.memory").parse().unwrap_or(0.0),
                driver: label("nvidia.com/cuda.driver-version.full").to_owned(),
                seed: curve::mix(seed ^ u64::try_from(index).unwrap_or(0)),
                since,
                holdings: Vec::new(),
                lost_at: None,
            }));
        }
    }

    /// Takes note of the devices that a DRA driver publishes: they say their own UUIDs.
    fn put_slice(&self, stored: &Stored) {
        let slice = stored.value();
        let mut inner = self.write();
        let Some(gpus) = inner.nodes.get_mut(json::text(&slice, "/spec/nodeName")) else {
            return;
        };
        for device in json::items(&slice, "/spec/devices") {
            let uuid = json::text(device, "/attributes/uuid/string");
            if let Some(gpu) = index_of(json::text(device, "/name")).and_then(|at| gpus.get_mut(at))
                && !uuid.is_empty()
                && gpu.uuid != uuid
            {
                uuid.clone_into(&mut Arc::make_mut(gpu).uuid);
            }
        }
    }

    /// Forgets a node.
    fn remove_node(&self, name: &str) {
        self.write().nodes.remove(name);
    }

    /// Takes note of a pod at `now`: gives it the GPUs that it asks for as its node's device plugin
    /// would, and follows when its container runs.
    fn put_pod(&self, store: &Store, stored: &Stored, now: f64) {
        let facts = PodFacts::read(stored);
        let exporter = Exporter::of(&facts);
        let wanted: usize = facts
            .spec
            .containers
            .iter()
            .filter_map(|container| container.resources.limits.get("nvidia.com/gpu"))
            .filter_map(|count| count.parse::<usize>().ok())
            .sum();
        let mut inner = self.write();
        if !facts.spec.node_name.is_empty() && !inner.place_of.contains_key(&stored.uid) {
            let node = Text::from(facts.spec.node_name.as_str());
            let pods = inner.placed.entry(node.clone()).or_default();
            pods.insert(stored.key.clone());
            inner.place_of.insert(stored.uid.clone(), node);
        }
        if let Some(exporter) = exporter {
            inner.exporters.insert(stored.key.clone(), exporter);
        }
        if inner.held.contains_key(&stored.uid) {
            if facts.is_over() {
                inner.release(&stored.uid, now);
            } else {
                inner.follow(&stored.uid, facts.running_since(0));
            }
            return;
        }
        if wanted == 0 || facts.spec.node_name.is_empty() || facts.is_over() {
            return;
        }
        let node = Text::from(facts.spec.node_name.as_str());
        let free: Vec<usize> = inner
            .nodes
            .get(&node)
            .into_iter()
            .flatten()
            .filter(|gpu| gpu.current().is_none() && gpu.lost_at.is_none())
            .map(|gpu| gpu.index)
            .take(wanted)
            .collect();
        let holder = Arc::new(Holder::of(store, stored, &facts, None));
        inner.give(&node, &free, &holder, now, facts.running_since(0));
    }

    /// Takes note of a resource claim at `now`: its devices are its pod's.
    fn put_claim(&self, store: &Store, stored: &Stored, now: f64) {
        let claim = stored.value();
        let pod = json::text(&claim, "/status/reservedFor/0/name");
        let key = ObjectKey::new(stored.key.namespace.clone(), pod);
        let Some(pod) = store.get(&pod_kind(), &key) else {
            return;
        };
        let results = json::items(&claim, "/status/allocation/devices/results");
        let Some(node) = results.first().map(|result| json::text(result, "/pool")) else {
            return;
        };
        let mut inner = self.write();
        if inner.held.contains_key(&pod.uid) {
            return;
        }
        let indices: Vec<usize> = results
            .iter()
            .filter_map(|result| index_of(json::text(result, "/device")))
            .collect();
        let facts = PodFacts::read(&pod);
        let holder = Arc::new(Holder::of(
            store,
            &pod,
            &facts,
            Some(stored.key.name.clone()),
        ));
        inner.give(
            &Text::from(node),
            &indices,
            &holder,
            now,
            facts.running_since(0),
        );
    }

    /// Forgets a pod that is gone at `now`.
    fn remove_pod(&self, key: &ObjectKey, uid: &Text, now: f64) {
        let mut inner = self.write();
        inner.exporters.remove(key);
        if let Some(node) = inner.place_of.remove(uid)
            && let Some(pods) = inner.placed.get_mut(&node)
        {
            pods.remove(key);
        }
        inner.release(uid, now);
    }

    /// A GPU of `node` falls off the bus at `at`: one of those that the pod with `uid` has, else the
    /// last one. Its PCI address as the kernel's driver writes it, such as `0000:9b:00`.
    pub(crate) fn lose(&self, node: &str, uid: Option<&Text>, at: Timestamp) -> Option<String> {
        let mut inner = self.write();
        let gpus = inner.nodes.get_mut(node)?;
        let position = gpus
            .iter()
            .position(|gpu| uid.is_some() && gpu.current().map(|held| &held.holder.uid) == uid)
            .or_else(|| gpus.len().checked_sub(1))?;
        let gpu = Arc::make_mut(gpus.get_mut(position)?);
        gpu.lost_at = Some(super::seconds(at));
        let address = gpu.product.pci_bus_id(gpu.index).to_lowercase();
        let short = address
            .strip_prefix("0000")
            .and_then(|rest| rest.strip_suffix(".0"));
        short.map(str::to_owned)
    }
}

impl Inner {
    fn give(
        &mut self,
        node: &Text,
        indices: &[usize],
        holder: &Arc<Holder>,
        now: f64,
        running_since: Option<f64>,
    ) {
        let Some(gpus) = self.nodes.get_mut(node) else {
            return;
        };
        for gpu in indices
            .iter()
            .filter_map(|at| gpus.get(*at).cloned())
            .collect::<Vec<_>>()
        {
            let at = gpu.index;
            let load = Arc::new(Load::new(holder, gpu.seed, at));
            if let Some(gpu) = gpus.get_mut(at) {
                let gpu = Arc::make_mut(gpu);
                gpu.holdings
                    .retain(|held| held.until.is_none_or(|until| until > now - RETENTION));
                gpu.holdings.push(Holding {
                    holder: Arc::clone(holder),
                    load,
                    since: now,
                    running_since,
                    until: None,
                });
            }
        }
        self.held.insert(holder.uid.clone(), node.clone());
    }

    fn follow(&mut self, uid: &Text, running_since: Option<f64>) {
        let Some(gpus) = self.held.get(uid).and_then(|node| self.nodes.get_mut(node)) else {
            return;
        };
        for gpu in gpus {
            let is_news = gpu
                .current()
                .is_some_and(|held| held.holder.uid == *uid && held.running_since != running_since);
            if is_news && let Some(held) = Arc::make_mut(gpu).holdings.last_mut() {
                held.running_since = running_since;
            }
        }
    }

    fn release(&mut self, uid: &Text, now: f64) {
        let Some(gpus) = self
            .held
            .remove(uid)
            .and_then(|node| self.nodes.get_mut(&node))
        else {
            return;
        };
        for gpu in gpus {
            if gpu.current().is_some_and(|held| held.holder.uid == *uid)
                && let Some(held) = Arc::make_mut(gpu).holdings.last_mut()
            {
                held.until = Some(now);
            }
        }
    }
}

/// The number at the end of a DRA device's name: `gpu-3`.
fn index_of(device: &str) -> Option<usize> {
    device.strip_prefix("gpu-")?.parse().ok()
}

/// The UUID of the GPU `index` of the node with `seed`.
fn uuid(seed: u64, index: usize) -> String {
    let high = curve::mix(seed ^ 0x55 ^ u64::try_from(index).unwrap_or(0));
    let bits = (u128::from(high) << 64) | u128::from(curve::mix(high));
    let hex = format!("{bits:032x}");
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    format!(
        "GPU-{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}
