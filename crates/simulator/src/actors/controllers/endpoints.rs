//! Endpoints and endpoint slices: where the pods are that a service selects.
//!
//! Source: `pkg/controller/endpoint`, `pkg/controller/endpointslice` and `k8s.io/endpointslice` of
//! Kubernetes 1.36. Both are written from one account of the pods that each service selects. It is
//! kept by pod: a change of one is held against the services of its namespace, by their labels, and
//! nothing lists pods but a new selector.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use self::member::Member;
use crate::{
    clock, json,
    label_selector::LabelSelector,
    store::Stored,
    world::{World, pod_kind},
};

mod member;
mod slices;
mod subsets;

/// When what led to a write happened, for those who measure how long it took.
const TRIGGER: &str = "endpoints.kubernetes.io/last-change-trigger-time";
/// The label of what belongs to a service without an address of its own.
const HEADLESS: &str = "service.kubernetes.io/headless";

/// The services that select pods, and the pods that they select.
#[derive(Debug, Default)]
pub(crate) struct Published {
    services: BTreeMap<ObjectKey, Account>,
    /// Services whose endpoints are to be written.
    stale: BTreeSet<ObjectKey>,
}

/// One service's pods.
#[derive(Debug)]
struct Account {
    uid: Text,
    selector: LabelSelector,
    /// By name.
    members: BTreeMap<Text, Member>,
    /// When each pod that was there at the last write became ready or unready.
    told: Option<BTreeMap<Text, Timestamp>>,
}

impl Published {
    /// Whether nothing is to be written.
    pub(crate) fn is_settled(&self) -> bool {
        self.stale.is_empty()
    }

    /// The services of a namespace.
    fn of_namespace(
        &mut self,
        namespace: &Text,
    ) -> impl Iterator<Item = (&ObjectKey, &mut Account)> {
        let first = ObjectKey::new(namespace.clone(), "");
        let namespace = namespace.clone();
        self.services
            .range_mut(first..)
            .take_while(move |(key, _)| key.namespace == namespace)
    }
}

/// Takes note of a service or a pod that is new or has changed.
pub(in crate::actors) fn observe(world: &mut World, kind: &GroupKind, stored: &Stored) {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Service") => observe_service(world, stored),
        ("", "Pod") => observe_pod(world, stored),
        _ => {}
    }
}

fn observe_service(world: &mut World, stored: &Stored) {
    let service = stored.value();
    let selector = service.pointer("/spec/selector");
    let Some(selector) = selector.filter(|_| json::text(&service, "/spec/type") != "ExternalName")
    else {
        // Its endpoints, if it has any, are somebody else's now.
        world.controllers.published.services.remove(&stored.key);
        return;
    };
    let selector = LabelSelector::of_map(selector);
    let services = &mut world.controllers.published.services;
    let known = services
        .remove(&stored.key)
        .filter(|known| known.uid == stored.uid);
    let account = match known {
        Some(known) if known.selector == selector => known,
        known => Account {
            uid: stored.uid.clone(),
            members: members(world, &stored.key, &selector),
            selector,
            told: known.and_then(|known| known.told),
        },
    };
    let published = &mut world.controllers.published;
    published.services.insert(stored.key.clone(), account);
    published.stale.insert(stored.key.clone());
}

/// The pods in the service's namespace that `selector` selects.
fn members(world: &World, key: &ObjectKey, selector: &LabelSelector) -> BTreeMap<Text, Member> {
    world
        .store
        .list(&pod_kind(), &key.namespace)
        .iter()
        .filter(|pod| selector.matches(pod))
        .map(|pod| (pod.key.name.clone(), Member::read(pod)))
        .collect()
}

/// Takes note of a pod. It is parsed only where a service selects it.
pub(crate) fn observe_pod(world: &mut World, pod: &Stored) {
    let published = &mut world.controllers.published;
    let mut read: Option<Member> = None;
    let mut stale = Vec::new();
    for (key, account) in published.of_namespace(&pod.key.namespace) {
        let name = &pod.key.name;
        let is_stale = if account.selector.matches(pod) {
            let member = read.get_or_insert_with(|| Member::read(pod)).clone();
            let before = account.members.insert(name.clone(), member.clone());
            before.as_ref() != Some(&member)
        } else {
            account.members.remove(name).is_some()
        };
        if is_stale {
            stale.push(key.clone());
        }
    }
    published.stale.extend(stale);
}

/// Takes note of a service or a pod that is gone.
pub(in crate::actors) fn forget(world: &mut World, kind: &GroupKind, last: &Stored) {
    let published = &mut world.controllers.published;
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Service") => {
            let known = published.services.get(&last.key);
            if known.is_some_and(|known| known.uid == last.uid) {
                published.services.remove(&last.key);
            }
            published.stale.insert(last.key.clone());
        }
        ("", "Pod") => {
            let mut stale = Vec::new();
            for (key, account) in published.of_namespace(&last.key.namespace) {
                let member = account.members.get(&last.key.name);
                if member.is_some_and(|member| member.uid == last.uid) {
                    account.members.remove(&last.key.name);
                    stale.push(key.clone());
                }
            }
            published.stale.extend(stale);
        }
        _ => {}
    }
}

/// Writes the endpoints of every service that something happened to.
pub(crate) fn settle(world: &mut World) {
    for key in std::mem::take(&mut world.controllers.published.stale) {
        let Some(stored) = world.store.get(&service_kind(), &key) else {
            // Slices go with their owner; endpoints have none.
            world.store.delete(&subsets::kind(), &key);
            continue;
        };
        let Some(mut account) = world.controllers.published.services.remove(&key) else {
            continue;
        };
        let service = Service {
            object: stored.value(),
            stored: &stored,
            trigger: account.trigger(&stored),
        };
        subsets::write(world, &service, &account.members);
        slices::write(world, &service, &account.members);
        world.controllers.published.services.insert(key, account);
    }
}

impl Account {
    /// When what is to be written now began: the earliest of what happened since the last write,
    /// for a new service its creation.
    fn trigger(&mut self, service: &Stored) -> Option<Timestamp> {
        let times: BTreeMap<Text, Timestamp> = self
            .members
            .iter()
            .filter_map(|(name, member)| Some((name.clone(), member.ready_since?)))
            .collect();
        let trigger = match &self.told {
            None => json::text(&service.value(), "/metadata/creationTimestamp")
                .parse()
                .ok(),
            Some(told) => times
                .iter()
                .filter(|(name, at)| told.get(*name).is_none_or(|before| before < *at))
                .map(|(_, at)| *at)
                .min(),
        };
        self.told = Some(times);
        trigger
    }
}

/// A service whose endpoints are written.
struct Service<'a> {
    stored: &'a Stored,
    object: Value,
    trigger: Option<Timestamp>,
}

/// A port of a service, as a pod has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Port {
    name: String,
    number: u64,
    protocol: String,
    application: Option<String>,
}

impl Service<'_> {
    fn publishes_unready(&self) -> bool {
        json::flag(&self.object, "/spec/publishNotReadyAddresses")
    }

    fn is_headless(&self) -> bool {
        json::text(&self.object, "/spec/clusterIP") == "None"
    }

    /// The families of addresses that it is reached by, as the first letters of slices' types.
    fn families(&self) -> Vec<&str> {
        let families: Vec<&str> = json::items(&self.object, "/spec/ipFamilies")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        if families.is_empty() {
            vec!["IPv4"]
        } else {
            families
        }
    }

    /// The service's ports that a pod has.
    fn ports(&self, member: &Member) -> Vec<Port> {
        json::items(&self.object, "/spec/ports")
            .iter()
            .filter_map(|port| {
                let protocol = match json::text(port, "/protocol") {
                    "" => "TCP",
                    protocol => protocol,
                };
                let number = match port.pointer("/targetPort") {
                    Some(Value::String(name)) => member.port_named(name, protocol)?,
                    Some(Value::Number(number)) => number.as_u64()?,
                    _ => json::count(port, "/port"),
                };
                Some(Port {
                    name: json::text(port, "/name").to_owned(),
                    number,
                    protocol: protocol.to_owned(),
                    application: port
                        .pointer("/appProtocol")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                })
            })
            .collect()
    }

    /// The service's labels, with those of its controller.
    fn labels(&self, reserved: &[&str], own: &[(&str, &str)]) -> Map<String, Value> {
        let labels = self.object.pointer("/metadata/labels");
        let mut labels: Map<String, Value> = labels
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(label, _)| !reserved.contains(&label.as_str()))
            .map(|(label, value)| (label.clone(), value.clone()))
            .collect();
        if self.is_headless() {
            labels.insert(HEADLESS.to_owned(), "".into());
        } else {
            labels.remove(HEADLESS);
        }
        labels.extend(
            own.iter()
                .map(|(label, value)| ((*label).to_owned(), (*value).into())),
        );
        labels
    }

    /// Says in `object` what it is written for.
    fn note_trigger(&self, object: &mut Value) {
        let metadata = json::object_at(object, "metadata");
        let annotations = json::as_object(metadata.entry("annotations").or_insert(Value::Null));
        match self.trigger {
            Some(at) => annotations.insert(TRIGGER.to_owned(), clock::stamp(at).into()),
            None => annotations.remove(TRIGGER),
        };
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
}

fn service_kind() -> GroupKind {
    GroupKind::new("", "Service")
}
