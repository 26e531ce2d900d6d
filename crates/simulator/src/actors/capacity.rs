//! What nodes have, and what of it is taken.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use serde_json::Value;
use strata_domain::{quantity, text::Text};

use crate::{json, store::Stored};

/// Amounts of resources: CPU in millicores, everything else in whole units.
pub(crate) type Amounts = BTreeMap<String, u64>;

/// What nodes have, and what of it is taken.
#[derive(Debug, Default)]
pub(crate) struct Capacity {
    nodes: BTreeMap<Text, NodeRoom>,
    /// Where each pod runs and what it takes, by UID.
    placed: HashMap<Text, Placement>,
}

/// A node, and what is left of it.
#[derive(Debug, Default)]
pub(crate) struct NodeRoom {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) taints: Vec<Taint>,
    allocatable: Amounts,
    taken: Amounts,
    /// The devices that a DRA driver publishes, and which pod has each.
    devices: BTreeMap<String, Option<Text>>,
}

/// A taint that keeps pods away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taint {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) effect: String,
}

#[derive(Debug)]
struct Placement {
    node: Text,
    amounts: Amounts,
}

impl Capacity {
    /// Every node by name.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (&Text, &NodeRoom)> {
        self.nodes.iter()
    }

    /// The nodes of these names, as far as they are there; every node without names.
    pub(super) fn among<'a>(
        &'a self,
        names: Option<&'a BTreeSet<&str>>,
    ) -> impl Iterator<Item = (&'a Text, &'a NodeRoom)> {
        let named = names
            .into_iter()
            .flatten()
            .filter_map(|name| self.nodes.get_key_value(*name));
        let every = names.is_none().then(|| self.nodes.iter());
        named.chain(every.into_iter().flatten())
    }

    /// How many nodes there are.
    pub(super) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// The node `name`.
    pub(super) fn room(&self, name: &str) -> Option<&NodeRoom> {
        self.nodes.get(name)
    }

    /// Every node by name, from the one after `last` round to it.
    pub(crate) fn nodes_after(
        &self,
        last: Option<&Text>,
    ) -> impl Iterator<Item = (&Text, &NodeRoom)> {
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        let to = last.map_or(Bound::Unbounded, Bound::Included);
        let after = self.nodes.range::<Text, _>((from, Bound::Unbounded));
        let before = last
            .map(|_| self.nodes.range::<Text, _>((Bound::Unbounded, to)))
            .into_iter()
            .flatten();
        after.chain(before)
    }

    /// Whether a pod has its place on `node`.
    pub(super) fn is_on(&self, uid: &Text, node: &str) -> bool {
        self.placed
            .get(uid)
            .is_some_and(|placement| placement.node == node)
    }

    /// The node that a pod has its place on.
    pub(super) fn room_of(&self, uid: &Text) -> Option<&NodeRoom> {
        self.nodes.get(&self.placed.get(uid)?.node)
    }

    /// Whether the node's kubelet does not answer.
    pub(super) fn is_silent(&self, node: &str) -> bool {
        self.nodes.get(node).is_some_and(|room| {
            room.taints
                .iter()
                .any(|taint| taint.key == "node.kubernetes.io/unreachable")
        })
    }

    pub(super) fn put_node(&mut self, stored: &Stored) {
        let node = stored.value();
        let room = self.nodes.entry(stored.key.name.clone()).or_default();
        room.labels = stored
            .labels
            .iter()
            .map(|(label, value)| (label.to_string(), value.to_string()))
            .collect();
        room.taints = json::items(&node, "/spec/taints")
            .iter()
            .map(Taint::read)
            .collect();
        room.allocatable = node
            .pointer("/status/allocatable")
            .map(amounts)
            .unwrap_or_default();
    }

    pub(super) fn put_slice(&mut self, stored: &Stored) {
        let slice = stored.value();
        let room = self
            .nodes
            .entry(Text::from(json::text(&slice, "/spec/nodeName")))
            .or_default();
        for device in json::items(&slice, "/spec/devices") {
            room.devices
                .entry(json::text(device, "/name").to_owned())
                .or_default();
        }
    }

    pub(super) fn remove_node(&mut self, name: &str) {
        self.nodes.remove(name);
    }

    /// Takes note of where a pod runs; true when it gave something back.
    pub(crate) fn put_pod(&mut self, stored: &Stored) -> bool {
        let pod = stored.value();
        if ["Succeeded", "Failed"].contains(&json::text(&pod, "/status/phase")) {
            return self.remove_pod(&stored.uid);
        }
        let node = json::text(&pod, "/spec/nodeName");
        if !node.is_empty() && !self.placed.contains_key(&stored.uid) {
            self.place(stored.uid.clone(), node, requests(&pod));
        }
        false
    }

    /// Gives `amounts` of `node` to the pod with `uid`.
    pub(crate) fn place(&mut self, uid: Text, node: &str, amounts: Amounts) {
        let node = Text::from(node);
        let room = self.nodes.entry(node.clone()).or_default();
        for (resource, amount) in &amounts {
            *room.taken.entry(resource.clone()).or_default() += amount;
        }
        self.placed.insert(uid, Placement { node, amounts });
    }

    /// The pod with `uid` takes `amounts` of its node from now on.
    pub(super) fn resize(&mut self, uid: &Text, amounts: Amounts) {
        let Some(placement) = self.placed.get_mut(uid) else {
            return;
        };
        if let Some(room) = self.nodes.get_mut(&placement.node) {
            for (resource, amount) in &placement.amounts {
                let taken = room.taken.entry(resource.clone()).or_default();
                *taken = taken.saturating_sub(*amount);
            }
            for (resource, amount) in &amounts {
                *room.taken.entry(resource.clone()).or_default() += amount;
            }
        }
        placement.amounts = amounts;
    }

    /// Takes back what the pod with `uid` has; true when that is anything.
    pub(super) fn remove_pod(&mut self, uid: &Text) -> bool {
        let Some(placement) = self.placed.remove(uid) else {
            return false;
        };
        if let Some(room) = self.nodes.get_mut(&placement.node) {
            for (resource, amount) in &placement.amounts {
                if let Some(taken) = room.taken.get_mut(resource) {
                    *taken = taken.saturating_sub(*amount);
                }
            }
            for holder in room.devices.values_mut() {
                if holder.as_ref() == Some(uid) {
                    *holder = None;
                }
            }
        }
        true
    }

    /// Gives `count` free devices of `node` to the pod with `uid`, and names them.
    pub(super) fn take_devices(&mut self, node: &str, uid: &Text, count: usize) -> Vec<String> {
        let Some(room) = self.nodes.get_mut(node) else {
            return Vec::new();
        };
        room.devices
            .iter_mut()
            .filter(|(_, holder)| holder.is_none())
            .take(count)
            .map(|(name, holder)| {
                *holder = Some(uid.clone());
                name.clone()
            })
            .collect()
    }
}

impl NodeRoom {
    /// The resources of which less than `amounts` is left.
    pub(crate) fn lacks<'a>(&self, amounts: &'a Amounts) -> Vec<&'a str> {
        amounts
            .iter()
            .filter(|(resource, amount)| **amount > self.left(resource))
            .map(|(resource, _)| resource.as_str())
            .collect()
    }

    /// Whether the node has as much as `amounts`, taken or not.
    pub(crate) fn could_hold(&self, amounts: &Amounts) -> bool {
        amounts.iter().all(|(resource, amount)| {
            self.allocatable.get(resource).copied().unwrap_or(0) >= *amount
        })
    }

    /// What is left of `resource`.
    pub(crate) fn left(&self, resource: &str) -> u64 {
        let has = self.allocatable.get(resource).copied().unwrap_or(0);
        has.saturating_sub(self.taken.get(resource).copied().unwrap_or(0))
    }

    /// How many devices are free.
    pub(crate) fn free_devices(&self) -> usize {
        self.devices
            .values()
            .filter(|holder| holder.is_none())
            .count()
    }
}

impl Taint {
    pub(super) fn read(taint: &Value) -> Self {
        Self {
            key: json::text(taint, "/key").to_owned(),
            value: json::text(taint, "/value").to_owned(),
            effect: json::text(taint, "/effect").to_owned(),
        }
    }

    /// Whether one of the pod's tolerations allows it.
    pub(crate) fn is_tolerated(&self, pod: &Value) -> bool {
        self.tolerations(pod).next().is_some()
    }

    /// For how many seconds the pod may stay; none where that has no end.
    pub(super) fn tolerated_for(&self, pod: &Value) -> Option<u64> {
        let mut longest = Some(0);
        for toleration in self.tolerations(pod) {
            let seconds = toleration.get("tolerationSeconds").and_then(Value::as_u64);
            longest = longest.zip(seconds).map(|(a, b)| a.max(b));
        }
        longest
    }

    fn tolerations<'a>(&'a self, pod: &'a Value) -> impl Iterator<Item = &'a Value> {
        json::items(pod, "/spec/tolerations")
            .iter()
            .filter(|toleration| {
                let key = json::text(toleration, "/key");
                let effect = json::text(toleration, "/effect");
                let exists = json::text(toleration, "/operator") == "Exists";
                let matches_key = (key.is_empty() && exists) || key == self.key;
                let matches_effect = effect.is_empty() || effect == self.effect;
                let matches_value = exists || json::text(toleration, "/value") == self.value;
                matches_key && matches_effect && matches_value
            })
    }
}

/// Reads a map of quantities.
pub(crate) fn amounts(quantities: &Value) -> Amounts {
    quantities
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(resource, quantity)| {
            let text = quantity.as_str()?;
            let amount = if resource == "cpu" {
                quantity::parse_millicores(text)
            } else {
                quantity::parse_count(text)
            };
            Some((resource.clone(), amount?))
        })
        .collect()
}

/// What a pod (or a pod template) takes of a node: its containers together, or an init container
/// that asks for more.
pub(crate) fn requests(pod: &Value) -> Amounts {
    let of = |container: &Value| container.pointer("/resources/requests").map(amounts);
    let mut total = Amounts::new();
    let mut beside = Amounts::new();
    let mut before = Amounts::new();
    for container in json::items(pod, "/spec/initContainers") {
        let own = of(container).unwrap_or_default();
        let is_sidecar = json::text(container, "/restartPolicy") == "Always";
        for (resource, amount) in &own {
            let others = beside.get(resource).copied().unwrap_or(0);
            let most = before.entry(resource.clone()).or_default();
            *most = (*most).max(others + amount);
            if is_sidecar {
                *beside.entry(resource.clone()).or_default() += amount;
            }
        }
    }
    let containers = json::items(pod, "/spec/containers").iter().filter_map(of);
    let overhead = pod.pointer("/spec/overhead").map(amounts);
    for (resource, amount) in containers.chain([beside]).flatten() {
        *total.entry(resource).or_default() += amount;
    }
    for (resource, amount) in before {
        let all = total.entry(resource).or_default();
        *all = (*all).max(amount);
    }
    for (resource, amount) in overhead.unwrap_or_default() {
        *total.entry(resource).or_default() += amount;
    }
    total.insert("pods".to_owned(), 1);
    total
}
