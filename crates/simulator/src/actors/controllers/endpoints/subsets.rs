//! The `Endpoints` of a service: addresses by the ports that they have in common.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strata_domain::{ids::GroupKind, text::Text};

use super::{HEADLESS, Port, Service, member::Member};
use crate::{json, world::World};

const MANAGED_BY: (&str, &str) = ("endpoints.kubernetes.io/managed-by", "endpoint-controller");
/// Says that not all addresses are told.
const OVER_CAPACITY: &str = "endpoints.kubernetes.io/over-capacity";
/// How many addresses are told at most.
const CAPACITY: usize = 1000;

pub(super) fn kind() -> GroupKind {
    GroupKind::new("", "Endpoints")
}

/// Addresses that have the same ports.
#[derive(Debug, PartialEq)]
struct Subset {
    ready: Vec<Value>,
    unready: Vec<Value>,
    ports: Vec<Value>,
}

impl Subset {
    fn written(self) -> Value {
        let parts = [
            ("addresses", self.ready),
            ("notReadyAddresses", self.unready),
            ("ports", self.ports),
        ];
        parts
            .into_iter()
            .filter(|(_, items)| !items.is_empty())
            .map(|(field, items)| (field.to_owned(), Value::Array(items)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

/// Writes the endpoints of `service`, if they are not so already.
pub(super) fn write(world: &mut World, service: &Service<'_>, members: &BTreeMap<Text, Member>) {
    let mut subsets = subsets(service, members);
    let is_truncated = truncate(&mut subsets);
    let subsets: Vec<Value> = subsets.into_iter().map(Subset::written).collect();
    let labels = service.labels(&[HEADLESS], &[MANAGED_BY]);
    let key = &service.stored.key;
    let known = world.store.get(&kind(), key).map(|known| known.value());
    let is_so = known.as_ref().is_some_and(|known| {
        let is_over = known
            .pointer("/metadata/annotations")
            .is_some_and(|all| all.get(OVER_CAPACITY).is_some());
        json::items(known, "/subsets") == subsets
            && known.pointer("/metadata/labels") == Some(&Value::Object(labels.clone()))
            && is_over == is_truncated
    });
    if is_so {
        return;
    }
    let write = |endpoints: &mut Value| {
        json::object_at(endpoints, "metadata").insert("labels".to_owned(), labels.into());
        service.note_trigger(endpoints);
        if is_truncated {
            let metadata = json::object_at(endpoints, "metadata");
            let annotations = metadata.entry("annotations").or_insert(Value::Null);
            json::as_object(annotations).insert(OVER_CAPACITY.to_owned(), "truncated".into());
        } else if let Some(Value::Object(annotations)) =
            endpoints.pointer_mut("/metadata/annotations")
        {
            annotations.remove(OVER_CAPACITY);
        }
        let fields = json::as_object(endpoints);
        if subsets.is_empty() {
            fields.remove("subsets");
        } else {
            fields.insert("subsets".to_owned(), subsets.into());
        }
    };
    if known.is_some() {
        world.store.update(&kind(), key, write);
    } else if !service.stored.is_ending {
        let mut endpoints = json!({ "metadata": { "name": key.name.as_str(), "namespace": key.namespace.as_str() } });
        write(&mut endpoints);
        world.create(&kind(), endpoints);
    }
}

/// The members that are told of, by the sets of them that have the same ports.
fn subsets(service: &Service<'_>, members: &BTreeMap<Text, Member>) -> Vec<Subset> {
    let family = service
        .families()
        .first()
        .copied()
        .unwrap_or("IPv4")
        .to_owned();
    let mut told: Vec<(&str, &Text, &Member)> = members
        .iter()
        .filter(|(_, member)| member.is_told(service.publishes_unready()))
        .filter_map(|(name, member)| {
            let mut addresses = member.addresses.iter();
            let address = addresses.find(|it| it.contains(':') == (family == "IPv6"))?;
            Some((address.as_str(), name, member))
        })
        .collect();
    told.sort_by_key(|(address, _, member)| (*address, member.uid.as_str()));
    let mut having: Vec<(Option<Port>, Vec<usize>)> = Vec::new();
    for (at, (_, _, member)) in told.iter().enumerate() {
        let ports = service.ports(member);
        let is_bare =
            service.is_headless() && json::items(&service.object, "/spec/ports").is_empty();
        let ports = ports.into_iter().map(Some).chain(is_bare.then_some(None));
        for port in ports {
            match having.iter_mut().find(|(known, _)| *known == port) {
                Some((_, holders)) => holders.push(at),
                None => having.push((port, vec![at])),
            }
        }
    }
    let mut grouped: Vec<(Vec<usize>, Vec<Value>)> = Vec::new();
    for (port, holders) in having {
        let port = port.map(|port| port.of_endpoints());
        match grouped.iter_mut().find(|(known, _)| *known == holders) {
            Some((_, ports)) => ports.extend(port),
            None => grouped.push((holders, port.into_iter().collect())),
        }
    }
    let of_group = |(holders, ports): (Vec<usize>, Vec<Value>)| {
        let (mut ready, mut unready) = (Vec::new(), Vec::new());
        for (ip, name, member) in holders.into_iter().filter_map(|at| told.get(at)) {
            let address = address(service, ip, name, member);
            if member.is_ready || service.publishes_unready() {
                ready.push(address);
            } else {
                unready.push(address);
            }
        }
        Subset {
            ready,
            unready,
            ports,
        }
    };
    grouped.into_iter().map(of_group).collect()
}

fn address(service: &Service<'_>, ip: &str, name: &str, member: &Member) -> Value {
    let key = &service.stored.key;
    let mut address = json!({ "ip": ip, "targetRef": member.reference(&key.namespace, name) });
    let fields = json::as_object(&mut address);
    if let Some(node) = &member.node {
        fields.insert("nodeName".to_owned(), node.as_str().into());
    }
    if let Some(hostname) = member.hostname_in(&key.name) {
        fields.insert("hostname".to_owned(), hostname.into());
    }
    address
}

/// Keeps as many addresses as endpoints hold, ready ones before others, by the share that each
/// subset has; whether there were more.
fn truncate(subsets: &mut [Subset]) -> bool {
    let ready: usize = subsets.iter().map(|subset| subset.ready.len()).sum();
    let unready: usize = subsets.iter().map(|subset| subset.unready.len()).sum();
    if ready + unready <= CAPACITY {
        return false;
    }
    let is_ready_too_many = ready > CAPACITY;
    let (most, all) = if is_ready_too_many {
        (CAPACITY, ready)
    } else {
        (CAPACITY - ready, unready)
    };
    let mut left = most;
    for subset in subsets {
        let kept = if is_ready_too_many {
            subset.unready.clear();
            &mut subset.ready
        } else {
            &mut subset.unready
        };
        kept.truncate((kept.len() * most).div_ceil(all).min(left));
        left -= kept.len();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_addresses_than_endpoints_hold_are_cut_by_each_subsets_share() {
        let subset = |ready: usize, unready: usize| Subset {
            ready: vec![Value::Null; ready],
            unready: vec![Value::Null; unready],
            ports: Vec::new(),
        };
        let mut few = [subset(400, 600)];
        assert!(!truncate(&mut few));
        let mut many_unready = [subset(500, 300), subset(400, 300)];
        assert!(truncate(&mut many_unready));
        assert_eq!(many_unready, [subset(500, 50), subset(400, 50)]);
        let mut many_ready = [subset(1500, 10), subset(500, 0)];
        assert!(truncate(&mut many_ready));
        assert_eq!(many_ready, [subset(750, 0), subset(250, 0)]);
    }
}
