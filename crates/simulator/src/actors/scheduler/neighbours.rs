//! What the pods that run already mean for one that does not: host ports, pod affinity and
//! anti-affinity, topology spread.
//!
//! Only a pod that asks for any of this costs a walk over the pods of its namespaces.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use strata_domain::text::Text;

use super::{Obstacle, affinity};
use crate::{
    actors::capacity::{self, NodeRoom},
    json,
    label_selector::LabelSelector,
    store::Stored,
    world::{World, pod_kind},
};

/// Where a pod says which others must be where it is.
const REQUIRED_TOGETHER: &str =
    "/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution";

/// What neighbours mean for a pod.
#[derive(Default)]
pub(super) struct Neighbours {
    /// Nodes on which a host port that the pod wants is taken.
    port_conflicts: BTreeSet<Text>,
    /// For each term of affinity: the topology's key, and the values with a matching pod.
    together: Vec<(String, BTreeSet<String>, bool)>,
    /// The same for anti-affinity.
    apart: Vec<(String, BTreeSet<String>)>,
    /// The topologies in which a pod that runs keeps this one away.
    kept_out: BTreeSet<(String, String)>,
    spreads: Vec<Spread>,
}

struct Spread {
    key: String,
    most_skew: u64,
    counts: BTreeMap<String, u64>,
    least: u64,
    counts_itself: bool,
}

impl Neighbours {
    /// What they mean if the pods `gone` were gone.
    pub(super) fn without(
        world: &World,
        stored: &Stored,
        pod: &Value,
        gone: &HashSet<Text>,
    ) -> Self {
        let mut neighbours = Self {
            port_conflicts: port_conflicts(world, pod, gone),
            kept_out: kept_out(world, stored, gone),
            ..Self::default()
        };
        for term in json::items(pod, REQUIRED_TOGETHER) {
            let (key, values) = domains(world, stored, term, gone);
            let selector = term.get("labelSelector").and_then(LabelSelector::read);
            // The first of a group that wants to be together has nobody to be with.
            let is_first = values.is_empty() && selector.is_some_and(|it| it.matches(stored));
            neighbours.together.push((key, values, is_first));
        }
        for term in json::items(pod, capacity::REQUIRED_APART) {
            neighbours.apart.push(domains(world, stored, term, gone));
        }
        for constraint in json::items(pod, "/spec/topologySpreadConstraints") {
            if json::text(constraint, "/whenUnsatisfiable") != "ScheduleAnyway" {
                neighbours
                    .spreads
                    .push(Spread::of(world, stored, pod, constraint, gone));
            }
        }
        neighbours
    }

    /// Whether the pods that run already matter to `pod`, of which these are the neighbours.
    pub(super) fn matter_to(&self, pod: &Value) -> bool {
        let fields = [
            "/spec/affinity/podAffinity",
            "/spec/affinity/podAntiAffinity",
        ];
        fields.iter().any(|field| pod.pointer(field).is_some())
            || !json::items(pod, "/spec/topologySpreadConstraints").is_empty()
            || !host_ports(pod).is_empty()
            || !self.kept_out.is_empty()
    }

    pub(super) fn has_port_conflict(&self, node: &str) -> bool {
        self.port_conflicts.contains(node)
    }

    pub(super) fn obstacle(&self, room: &NodeRoom) -> Option<Obstacle> {
        for spread in &self.spreads {
            let Some(value) = room.labels.get(&spread.key) else {
                let reason =
                    "node(s) didn't match pod topology spread constraints (missing required label)";
                return Some(Obstacle::for_good(reason));
            };
            let count = spread.counts.get(value).copied().unwrap_or(0);
            if count + u64::from(spread.counts_itself) > spread.least + spread.most_skew {
                let reason = "node(s) didn't match pod topology spread constraints";
                return Some(Obstacle::for_now(vec![reason.to_owned()]));
            }
        }
        for (key, values, is_first) in &self.together {
            let value = room.labels.get(key);
            if !value.is_some_and(|value| *is_first || values.contains(value)) {
                return Some(Obstacle::for_good(
                    "node(s) didn't match pod affinity rules",
                ));
            }
        }
        let is_apart = |(key, values): &(String, BTreeSet<String>)| {
            room.labels
                .get(key)
                .is_none_or(|value| !values.contains(value))
        };
        if !self.apart.iter().all(is_apart) {
            let reason = "node(s) didn't match pod anti-affinity rules";
            return Some(Obstacle::for_now(vec![reason.to_owned()]));
        }
        let is_kept_out = |(key, value): &(String, String)| room.labels.get(key) == Some(value);
        if self.kept_out.iter().any(is_kept_out) {
            let reason = "node(s) didn't satisfy existing pods anti-affinity rules";
            return Some(Obstacle::for_now(vec![reason.to_owned()]));
        }
        None
    }
}

impl Spread {
    fn of(
        world: &World,
        stored: &Stored,
        pod: &Value,
        constraint: &Value,
        gone: &HashSet<Text>,
    ) -> Self {
        let key = json::text(constraint, "/topologyKey").to_owned();
        let keys = json::items(constraint, "/matchLabelKeys");
        let selector = constraint
            .get("labelSelector")
            .and_then(LabelSelector::read)
            .map(|selector| selector.and_labels_of(stored, keys));
        // By default the nodes that the pod selects count, whatever their taints.
        let heeds_affinity = json::text(constraint, "/nodeAffinityPolicy") != "Ignore";
        let heeds_taints = json::text(constraint, "/nodeTaintsPolicy") == "Honor";
        let mut counts: BTreeMap<String, u64> = world
            .capacity
            .nodes()
            .filter(|(name, room)| !heeds_affinity || affinity::matches(pod, name, room))
            .filter(|(_, room)| !heeds_taints || room.untolerated(pod).is_none())
            .filter_map(|(_, room)| Some((room.labels.get(&key)?.clone(), 0)))
            .collect();
        for other in world.store.list(&pod_kind(), &stored.key.namespace) {
            let counted = selector.as_ref().is_some_and(|it| it.matches(&other))
                && !other.is_ending
                && !gone.contains(&other.uid);
            let value = world
                .capacity
                .room_of(&other.uid)
                .and_then(|room| room.labels.get(&key));
            if let Some(count) = value
                .filter(|_| counted)
                .and_then(|value| counts.get_mut(value))
            {
                *count += 1;
            }
        }
        let fewest = json::count(constraint, "/minDomains");
        let is_short = u64::try_from(counts.len()).unwrap_or(u64::MAX) < fewest;
        let least = counts.values().copied().min().unwrap_or(0);
        Self {
            key,
            most_skew: json::count(constraint, "/maxSkew").max(1),
            least: if is_short { 0 } else { least },
            counts,
            counts_itself: selector.is_some_and(|it| it.matches(stored)),
        }
    }
}

/// Where the anti-affinity of pods that run keeps `stored` away.
fn kept_out(world: &World, stored: &Stored, gone: &HashSet<Text>) -> BTreeSet<(String, String)> {
    let mut places = BTreeSet::new();
    for (uid, namespace, terms) in world.capacity.apart() {
        if gone.contains(uid) {
            continue;
        }
        for term in terms {
            let selector = term.get("labelSelector").and_then(LabelSelector::read);
            let of_namespace = &stored.key.namespace;
            let is_meant = namespaces(term, namespace)
                .iter()
                .any(|named| named.is_empty() || *named == of_namespace.as_str());
            if is_meant
                && selector.is_some_and(|selector| selector.matches(stored))
                && let Some(room) = world.capacity.room_of(uid)
            {
                let key = json::text(term, "/topologyKey");
                let value = room.labels.get(key);
                places.extend(value.map(|value| (key.to_owned(), value.clone())));
            }
        }
    }
    places
}

/// The namespaces whose pods a term means, where it is one of a pod in `own`; empty means all.
fn namespaces<'a>(term: &'a Value, own: &'a str) -> Vec<&'a str> {
    let named: Vec<&str> = json::items(term, "/namespaces")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    match (named.is_empty(), term.get("namespaceSelector")) {
        (false, _) => named,
        (true, Some(_)) => vec![""],
        (true, None) => vec![own],
    }
}

/// The topology's key of a term, and its values where a pod runs that the term selects.
fn domains(
    world: &World,
    stored: &Stored,
    term: &Value,
    gone: &HashSet<Text>,
) -> (String, BTreeSet<String>) {
    let key = json::text(term, "/topologyKey").to_owned();
    let selector = term.get("labelSelector").and_then(LabelSelector::read);
    let mut values = BTreeSet::new();
    for other in namespaces(term, &stored.key.namespace)
        .into_iter()
        .flat_map(|namespace| world.store.list(&pod_kind(), namespace))
    {
        if selector.as_ref().is_some_and(|it| it.matches(&other))
            && !gone.contains(&other.uid)
            && let Some(room) = world.capacity.room_of(&other.uid)
            && let Some(value) = room.labels.get(&key)
        {
            values.insert(value.clone());
        }
    }
    (key, values)
}

/// The nodes where a host port of `pod` is taken.
fn port_conflicts(world: &World, pod: &Value, gone: &HashSet<Text>) -> BTreeSet<Text> {
    let wanted = host_ports(pod);
    if wanted.is_empty() {
        return BTreeSet::new();
    }
    world
        .store
        .list(&pod_kind(), "")
        .iter()
        .filter(|other| !gone.contains(&other.uid))
        .filter_map(|other| {
            let object = other.value();
            let is_over = ["Succeeded", "Failed"].contains(&json::text(&object, "/status/phase"));
            let node = json::text(&object, "/spec/nodeName");
            let clashes = host_ports(&object).iter().any(|port| wanted.contains(port));
            (clashes && !is_over && !node.is_empty()).then(|| Text::from(node))
        })
        .collect()
}

fn host_ports(pod: &Value) -> Vec<(u64, String)> {
    json::items(pod, "/spec/containers")
        .iter()
        .flat_map(|container| json::items(container, "/ports"))
        .filter_map(|port| {
            let number = port.get("hostPort")?.as_u64()?;
            let protocol = match json::text(port, "/protocol") {
                "" => "TCP",
                protocol => protocol,
            };
            Some((number, protocol.to_owned()))
        })
        .collect()
}
