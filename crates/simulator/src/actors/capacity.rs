//! What nodes have, and what of it is taken.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use serde_json::Value;
use strata_domain::{ids::ObjectKey, text::Text};

pub(super) use self::wants::priority;
pub(crate) use self::{
    taint::Taint,
    wants::{amounts, requests},
};
use crate::{json, store::Stored};

mod taint;
mod wants;

/// Where a pod says which others must not be where it is.
pub(super) const REQUIRED_APART: &str =
    "/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution";

/// Amounts of resources: CPU in millicores, everything else in whole units.
pub(crate) type Amounts = BTreeMap<String, u64>;

/// What nodes have, and what of it is taken.
#[derive(Debug, Default)]
pub(crate) struct Capacity {
    nodes: BTreeMap<Text, NodeRoom>,
    /// Where each pod runs and what it takes, by UID.
    placed: HashMap<Text, Placement>,
    /// How many pods of each priority have a place.
    priorities: BTreeMap<i64, usize>,
    /// What is kept on each node for pods that others make room for, by their UID.
    nominated: BTreeMap<Text, BTreeMap<Text, (i64, Amounts)>>,
    /// The pods with a place that keep others away, by UID: their namespace and the terms of their
    /// anti-affinity.
    apart: BTreeMap<Text, (Text, Vec<Value>)>,
}

/// A node, and what is left of it.
#[derive(Debug, Default)]
pub(crate) struct NodeRoom {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) taints: Vec<Taint>,
    allocatable: Amounts,
    taken: Amounts,
    /// The pods that have their place here.
    pods: BTreeSet<Text>,
    /// The devices that a DRA driver publishes, and which pod has each.
    devices: BTreeMap<String, Option<Text>>,
}

#[derive(Debug)]
struct Placement {
    node: Text,
    key: ObjectKey,
    priority: i64,
    amounts: Amounts,
}

/// A pod, and what it takes of its node.
pub(super) struct Held<'a> {
    pub(super) key: &'a ObjectKey,
    pub(super) priority: i64,
    pub(super) amounts: &'a Amounts,
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

    /// The name of the node that a pod has its place on.
    pub(super) fn node_of(&self, uid: &Text) -> Option<&Text> {
        self.placed.get(uid).map(|placement| &placement.node)
    }

    /// The node `name`.
    pub(super) fn node(&self, name: &str) -> Option<&NodeRoom> {
        self.nodes.get(name)
    }

    /// Whether any pod of less than `priority` has a place.
    pub(super) fn has_below(&self, priority: i64) -> bool {
        self.priorities
            .first_key_value()
            .is_some_and(|(lowest, _)| *lowest < priority)
    }

    /// The pods of less than `priority` on a node.
    pub(super) fn pods_below(&self, node: &str, priority: i64) -> impl Iterator<Item = Held<'_>> {
        let pods = self.nodes.get(node).map(|room| &room.pods);
        pods.into_iter()
            .flatten()
            .filter_map(|uid| self.placed.get(uid))
            .filter(move |placement| placement.priority < priority)
            .map(|placement| Held {
                key: &placement.key,
                priority: placement.priority,
                amounts: &placement.amounts,
            })
    }

    /// Keeps `amounts` of `node` for the pod with `uid`, against those of lower priority.
    pub(super) fn nominate(&mut self, uid: &Text, node: &Text, priority: i64, amounts: Amounts) {
        self.forget_nomination(uid);
        let of_node = self.nominated.entry(node.clone()).or_default();
        of_node.insert(uid.clone(), (priority, amounts));
    }

    /// Keeps nothing any more for the pod with `uid`.
    pub(super) fn forget_nomination(&mut self, uid: &Text) {
        self.nominated.retain(|_, of_node| {
            of_node.remove(uid);
            !of_node.is_empty()
        });
    }

    /// What is kept on `node` for others than the pod with `uid`, of its `priority` or more.
    pub(super) fn kept_from(&self, uid: &Text, priority: i64, node: &str) -> Amounts {
        let mut kept = Amounts::new();
        let of_node = self.nominated.get(node).into_iter().flatten();
        for (_, (_, amounts)) in
            of_node.filter(|(other, (theirs, _))| *other != uid && *theirs >= priority)
        {
            for (resource, amount) in amounts {
                *kept.entry(resource.clone()).or_default() += amount;
            }
        }
        kept
    }

    /// The node that a pod has its place on.
    pub(super) fn room_of(&self, uid: &Text) -> Option<&NodeRoom> {
        self.nodes.get(&self.placed.get(uid)?.node)
    }

    /// The pods with a place that keep others away: UID, namespace, terms.
    pub(super) fn apart(&self) -> impl Iterator<Item = (&Text, &Text, &[Value])> {
        self.apart
            .iter()
            .map(|(uid, (namespace, terms))| (uid, namespace, terms.as_slice()))
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
            self.place(stored, &pod, node, requests(&pod));
        }
        false
    }

    /// Gives `amounts` of `node` to a pod.
    pub(crate) fn place(&mut self, stored: &Stored, pod: &Value, node: &str, amounts: Amounts) {
        let node = Text::from(node);
        self.forget_nomination(&stored.uid);
        let room = self.nodes.entry(node.clone()).or_default();
        for (resource, amount) in &amounts {
            *room.taken.entry(resource.clone()).or_default() += amount;
        }
        room.pods.insert(stored.uid.clone());
        let placement = Placement {
            node,
            key: stored.key.clone(),
            priority: priority(pod),
            amounts,
        };
        let terms = json::items(pod, REQUIRED_APART);
        if !terms.is_empty() {
            let kept = (stored.key.namespace.clone(), terms.to_vec());
            self.apart.insert(stored.uid.clone(), kept);
        }
        *self.priorities.entry(placement.priority).or_default() += 1;
        self.placed.insert(stored.uid.clone(), placement);
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
        self.forget_nomination(uid);
        self.apart.remove(uid);
        let Some(placement) = self.placed.remove(uid) else {
            return false;
        };
        if let Some(count) = self.priorities.get_mut(&placement.priority) {
            *count -= 1;
            if *count == 0 {
                self.priorities.remove(&placement.priority);
            }
        }
        if let Some(room) = self.nodes.get_mut(&placement.node) {
            room.pods.remove(uid);
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
    /// A taint that keeps `pod` away, if there is one.
    pub(super) fn untolerated(&self, pod: &Value) -> Option<&Taint> {
        self.taints
            .iter()
            .filter(|taint| taint.effect != "PreferNoSchedule")
            .find(|taint| !taint.is_tolerated(pod))
    }

    /// The resources of which less than `amounts` is left.
    pub(crate) fn lacks<'a>(&self, amounts: &'a Amounts) -> Vec<&'a str> {
        let nothing = Amounts::new();
        self.lacks_after(amounts, &nothing, &nothing)
    }

    /// The resources of which less than `amounts` would be left if `freed` were given back and
    /// `kept` taken.
    pub(super) fn lacks_after<'a>(
        &self,
        amounts: &'a Amounts,
        freed: &Amounts,
        kept: &Amounts,
    ) -> Vec<&'a str> {
        let of = |amounts: &Amounts, resource: &str| amounts.get(resource).copied().unwrap_or(0);
        amounts
            .iter()
            .filter(|(resource, amount)| {
                let taken = of(&self.taken, resource).saturating_sub(of(freed, resource));
                let taken = taken + of(kept, resource);
                **amount > of(&self.allocatable, resource).saturating_sub(taken)
            })
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
