//! The endpoint slices of a service: at most a hundred endpoints each, which have the same ports.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use strata_domain::{ids::GroupKind, text::Text};

use super::{HEADLESS, Service, member::Member};
use crate::{
    json, random,
    store::Stored,
    world::{World, owner_reference},
};

const SERVICE_NAME: &str = "kubernetes.io/service-name";
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const CONTROLLER: &str = "endpointslice-controller.k8s.io";
/// How many endpoints a slice has at most.
const MOST: usize = 100;

fn kind() -> GroupKind {
    GroupKind::new("discovery.k8s.io", "EndpointSlice")
}

/// A slice, as it is or is to be.
#[derive(Clone, Debug)]
struct Slice {
    /// What is there; none for one that is to be made.
    stored: Option<Arc<Stored>>,
    ports: Value,
    endpoints: Vec<Value>,
    is_changed: bool,
}

impl Slice {
    fn read(stored: Arc<Stored>, object: &Value) -> Self {
        Self {
            ports: object.get("ports").cloned().unwrap_or_default(),
            endpoints: json::items(object, "/endpoints").to_vec(),
            is_changed: false,
            stored: Some(stored),
        }
    }

    fn made(ports: Value) -> Self {
        Self {
            stored: None,
            ports,
            endpoints: Vec::new(),
            is_changed: true,
        }
    }

    /// Takes as many of `endpoints` as it has room for.
    fn fill(&mut self, endpoints: &mut Vec<Value>) {
        let room = MOST
            .saturating_sub(self.endpoints.len())
            .min(endpoints.len());
        if room > 0 {
            self.endpoints.extend(endpoints.drain(..room));
            self.is_changed = true;
        }
    }
}

/// Writes the slices of `service` that are not as they are to be.
pub(super) fn write(world: &mut World, service: &Service<'_>, members: &BTreeMap<Text, Member>) {
    let families = service.families();
    let mut known: Vec<(Arc<Stored>, Value)> = world
        .store
        .dependents(&service.stored.uid, &kind())
        .into_iter()
        .filter(|slice| slice.label(MANAGED_BY) == Some(CONTROLLER) && !slice.is_ending)
        .map(|slice| (Arc::clone(&slice), slice.value()))
        .collect();
    for family in &families {
        let (of_family, others) = known
            .into_iter()
            .partition(|(_, slice)| json::text(slice, "/addressType") == *family);
        known = others;
        let slices = of_family
            .into_iter()
            .map(|(stored, object)| Slice::read(stored, &object))
            .collect();
        write_family(world, service, family, members, slices);
    }
    for (stored, _) in known {
        world.store.delete(&kind(), &stored.key);
    }
}

fn write_family(
    world: &mut World,
    service: &Service<'_>,
    family: &str,
    members: &BTreeMap<Text, Member>,
    mut known: Vec<Slice>,
) {
    let mut kept = Vec::new();
    let mut spare = Vec::new();
    for (ports, endpoints) in desired(world, service, family, members) {
        let (same, others) = known.into_iter().partition(|slice| slice.ports == ports);
        known = others;
        let (used, unused) = arrange(&ports, same, endpoints);
        kept.extend(used);
        spare.extend(unused);
    }
    spare.extend(known);
    if kept.is_empty() {
        kept.push(Slice::made(Value::Null));
    }
    // What would be made takes the place of what would go.
    for slice in kept.iter_mut().filter(|slice| slice.stored.is_none()) {
        slice.stored = spare.pop().and_then(|spare| spare.stored);
    }
    for slice in kept {
        put(world, service, family, slice);
    }
    for stored in spare.into_iter().filter_map(|slice| slice.stored) {
        world.store.delete(&kind(), &stored.key);
    }
}

/// The endpoints that are to be told, by their ports.
fn desired(
    world: &World,
    service: &Service<'_>,
    family: &str,
    members: &BTreeMap<Text, Member>,
) -> Vec<(Value, Vec<Value>)> {
    let mut desired: Vec<(Value, Vec<Value>)> = Vec::new();
    for (name, member) in members.iter().filter(|(_, member)| member.is_told(true)) {
        let room = member
            .node
            .as_ref()
            .and_then(|node| world.capacity.room(node));
        if room.is_none() && !service.publishes_unready() {
            continue;
        }
        let addresses: Vec<&str> = member
            .addresses
            .iter()
            .map(String::as_str)
            .filter(|address| address.contains(':') == (family == "IPv6"))
            .collect();
        if addresses.is_empty() {
            continue;
        }
        let zone = room.and_then(|room| room.labels.get("topology.kubernetes.io/zone"));
        let endpoint = endpoint(service, name, member, &addresses, zone.map(String::as_str));
        let ports: Vec<Value> = service
            .ports(member)
            .iter()
            .map(super::Port::of_slice)
            .collect();
        let ports = if ports.is_empty() {
            Value::Null
        } else {
            ports.into()
        };
        match desired.iter_mut().find(|(known, _)| *known == ports) {
            Some((_, endpoints)) => endpoints.push(endpoint),
            None => desired.push((ports, vec![endpoint])),
        }
    }
    desired
}

fn endpoint(
    service: &Service<'_>,
    name: &str,
    member: &Member,
    addresses: &[&str],
    zone: Option<&str>,
) -> Value {
    let key = &service.stored.key;
    let is_ready = service.publishes_unready() || (member.is_ready && !member.is_stopping);
    let mut endpoint = json!({
        "addresses": addresses,
        "conditions": {
            "ready": is_ready,
            "serving": member.is_ready,
            "terminating": member.is_stopping,
        },
        "targetRef": member.reference(&key.namespace, name),
    });
    let mut hints = json!({});
    let distribution = json::text(&service.object, "/spec/trafficDistribution");
    let is_near_preferred =
        ["PreferClose", "PreferSameZone", "PreferSameNode"].contains(&distribution) && is_ready;
    let fields = json::as_object(&mut endpoint);
    if let Some(node) = &member.node {
        fields.insert("nodeName".to_owned(), node.as_str().into());
        if is_near_preferred && distribution == "PreferSameNode" {
            let nodes = json!([{ "name": node.as_str() }]);
            json::as_object(&mut hints).insert("forNodes".to_owned(), nodes);
        }
    }
    if let Some(zone) = zone {
        fields.insert("zone".to_owned(), zone.into());
        if is_near_preferred {
            json::as_object(&mut hints).insert("forZones".to_owned(), json!([{ "name": zone }]));
        }
    }
    if let Some(hostname) = member.hostname_in(&key.name) {
        fields.insert("hostname".to_owned(), hostname.into());
    }
    if hints != json!({}) {
        fields.insert("hints".to_owned(), hints);
    }
    endpoint
}

/// Arranges `endpoints` in slices, changing as few as possible: those that are used, and those
/// that nothing is left in.
fn arrange(ports: &Value, known: Vec<Slice>, endpoints: Vec<Value>) -> (Vec<Slice>, Vec<Slice>) {
    let mut wanted: BTreeMap<String, Value> = endpoints
        .into_iter()
        .map(|endpoint| (identity(&endpoint), endpoint))
        .collect();
    let mut used = Vec::new();
    let mut unused = Vec::new();
    for mut slice in known {
        let kept: Vec<Value> = slice
            .endpoints
            .iter()
            .filter_map(|old| wanted.remove(&identity(old)))
            .collect();
        slice.is_changed = kept != slice.endpoints;
        slice.endpoints = kept;
        if slice.is_changed && slice.endpoints.is_empty() {
            unused.push(slice);
        } else {
            used.push(slice);
        }
    }
    let mut endpoints: Vec<Value> = wanted.into_values().collect();
    // The fullest of those that change anyway first, then one that has room for all the rest.
    used.sort_by_key(|slice| std::cmp::Reverse(slice.endpoints.len()));
    for slice in used.iter_mut().filter(|slice| slice.is_changed) {
        slice.fill(&mut endpoints);
    }
    while !endpoints.is_empty() {
        let has_room = |slice: &&mut Slice| {
            !slice.is_changed && slice.endpoints.len() + endpoints.len() <= MOST
        };
        if let Some(slice) = used.iter_mut().find(has_room) {
            slice.fill(&mut endpoints);
        } else {
            let mut slice = Slice::made(ports.clone());
            slice.fill(&mut endpoints);
            used.push(slice);
        }
    }
    (used, unused)
}

/// What stays of an endpoint while it is of the same pod.
fn identity(endpoint: &Value) -> String {
    format!(
        "{}/{}/{}",
        json::text(endpoint, "/targetRef/name"),
        json::text(endpoint, "/hostname"),
        endpoint.get("addresses").unwrap_or(&Value::Null)
    )
}

/// Writes one slice, if it is not so already.
fn put(world: &mut World, service: &Service<'_>, family: &str, slice: Slice) {
    let key = &service.stored.key;
    let labels = service.labels(
        &[HEADLESS, SERVICE_NAME, MANAGED_BY],
        &[(SERVICE_NAME, &key.name), (MANAGED_BY, CONTROLLER)],
    );
    let endpoints = match slice.endpoints {
        none if none.is_empty() => Value::Null,
        some => some.into(),
    };
    let ports = slice.ports;
    let write = |object: &mut Value| {
        json::object_at(object, "metadata").insert("labels".to_owned(), labels.clone().into());
        service.note_trigger(object);
        let fields = json::as_object(object);
        fields.insert("addressType".to_owned(), family.into());
        fields.insert("endpoints".to_owned(), endpoints.clone());
        fields.insert("ports".to_owned(), ports.clone());
    };
    if let Some(stored) = slice.stored {
        let object = stored.value();
        let is_so = object.get("endpoints") == Some(&endpoints)
            && object.get("ports") == Some(&ports)
            && object.pointer("/metadata/labels") == Some(&Value::Object(labels.clone()));
        if !is_so {
            world.store.update(&kind(), &stored.key, write);
        }
    } else if !service.stored.is_ending {
        let prefix = format!("{}-", key.name);
        let name = format!("{prefix}{}", random::suffix(&mut world.random, 5));
        let mut object = json!({ "metadata": {
            "name": name,
            "generateName": prefix,
            "namespace": key.namespace.as_str(),
            "ownerReferences": [owner_reference("v1", "Service", service.stored)],
        } });
        write(&mut object);
        world.create(&kind(), object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints(from: usize, to: usize, is_ready: bool) -> Vec<Value> {
        (from..to)
            .map(|at| {
                json!({ "addresses": [format!("10.0.0.{at}")], "conditions": { "ready": is_ready },
                    "targetRef": { "name": format!("pod-{at:03}") } })
            })
            .collect()
    }

    fn lengths(slices: &[Slice]) -> Vec<usize> {
        slices.iter().map(|slice| slice.endpoints.len()).collect()
    }

    #[test]
    fn a_slice_holds_a_hundred_endpoints() {
        let (used, unused) = arrange(&Value::Null, Vec::new(), endpoints(0, 250, true));
        assert_eq!(lengths(&used), [100, 100, 50]);
        assert!(unused.is_empty());
    }

    #[test]
    fn only_the_slices_change_whose_endpoints_do() {
        let (mut used, _) = arrange(&Value::Null, Vec::new(), endpoints(0, 250, true));
        for slice in &mut used {
            slice.is_changed = false;
        }
        let mut later = endpoints(0, 100, true);
        later.extend(endpoints(100, 101, false));
        later.extend(endpoints(101, 260, true));
        let (used, unused) = arrange(&Value::Null, used, later);
        assert_eq!(lengths(&used), [100, 100, 60]);
        let changed: Vec<bool> = used.iter().map(|slice| slice.is_changed).collect();
        assert_eq!(changed, [false, true, true]);
        assert!(unused.is_empty());
        let (used, unused) = arrange(&Value::Null, used, endpoints(100, 110, true));
        assert_eq!(lengths(&used), [10]);
        assert_eq!(unused.len(), 2);
    }
}
