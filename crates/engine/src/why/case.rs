//! Everything that was gathered about one object.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::{ids::GroupKind, pod::Pod};
use strata_ports::objects::ObjectAddress;

use super::read;

/// Everything that was gathered about one object. What was not asked for, or may not be read, is
/// not in it: judges take that for unknown, never for absent.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// When it was gathered, by the later of our clock and the cluster's.
    pub(crate) now: Timestamp,
    /// What was asked about.
    pub(crate) object: Value,
    /// What controls it, the nearest first.
    pub(crate) owners: Vec<Value>,
    /// What stands between it and its pods: replica sets, child jobs.
    pub(crate) parts: Vec<Value>,
    /// Its pods; the pod itself where that was asked about.
    pub(crate) pods: Vec<Value>,
    /// The events about all of these and their claims, the latest first.
    pub(crate) events: Vec<Value>,
    /// Single objects that were asked for; none where the answer was that it is not there.
    pub(crate) single: BTreeMap<ObjectAddress, Option<Value>>,
    /// Whole lists that were asked for: nodes, quotas, workloads. In one namespace or everywhere, as
    /// the kind's judge needs it.
    pub(crate) lists: BTreeMap<GroupKind, Vec<Value>>,
    /// Every pod of the cluster, pruned; where a pod has no node.
    pub(crate) placed: Vec<Pod>,
    /// The ends of logs.
    pub(crate) logs: Vec<Log>,
    /// What could not be read, for people.
    pub(crate) unread: Vec<String>,
}

/// The end of a log.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    /// The pod's uid.
    pub(crate) pod: String,
    /// The container.
    pub(crate) container: String,
    /// Its last lines.
    pub(crate) text: String,
}

/// What is known of one object.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'a> {
    /// It is there.
    There(&'a Value),
    /// It is not there.
    Absent,
    /// It was not asked for, or may not be read.
    Unknown,
}

impl Case {
    /// A case of `object`, with nothing else gathered yet.
    pub(crate) fn of(object: Value, now: Timestamp) -> Self {
        Self {
            now,
            object,
            owners: Vec::new(),
            parts: Vec::new(),
            pods: Vec::new(),
            events: Vec::new(),
            single: BTreeMap::new(),
            lists: BTreeMap::new(),
            placed: Vec::new(),
            logs: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// What is known of one object.
    pub(crate) fn known(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Known<'_> {
        let address = ObjectAddress::new(group, kind, namespace, name);
        if let Some(found) = self.single.get(&address) {
            return found.as_ref().map_or(Known::Absent, Known::There);
        }
        let listed = self.lists.get(&address.kind);
        let listed = listed.and_then(|objects| {
            objects.iter().find(|object| {
                read::name(object) == name
                    && (namespace.is_empty() || read::namespace(object) == namespace)
            })
        });
        listed.map_or(Known::Unknown, Known::There)
    }

    /// The objects of a list that was asked for; none where it was not, or may not be read.
    pub(crate) fn listed(&self, group: &str, kind: &str) -> Option<&[Value]> {
        let kind = GroupKind::new(group, kind);
        self.lists.get(&kind).map(Vec::as_slice)
    }

    /// The nodes; none where they may not be read.
    pub(crate) fn nodes(&self) -> Option<&[Value]> {
        self.listed("", "Node")
    }

    /// The node `name`, where it is known.
    pub(crate) fn node(&self, name: &str) -> Known<'_> {
        self.known("", "Node", "", name)
    }

    /// The events about `object`, the latest first.
    pub(crate) fn events_of<'a>(&'a self, object: &'a Value) -> impl Iterator<Item = &'a Value> {
        let uid = read::uid(object);
        self.events
            .iter()
            .filter(move |event| read::text(event, "/involvedObject/uid") == uid)
    }

    /// The latest event about `object` with one of these reasons.
    pub(crate) fn event<'a>(&'a self, object: &'a Value, reasons: &[&str]) -> Option<&'a Value> {
        self.events_of(object)
            .find(|event| reasons.contains(&read::text(event, "/reason")))
    }

    /// The object, its owners and its parts: what a controller may speak of.
    pub(crate) fn chain(&self) -> impl Iterator<Item = &Value> {
        let is_pod = read::is_a(&self.object, "", "Pod");
        std::iter::once(&self.object)
            .filter(move |_| !is_pod)
            .chain(&self.parts)
            .chain(&self.owners)
    }

    /// How long ago `moment` was, in seconds; never negative.
    pub(crate) fn age(&self, moment: Timestamp) -> f64 {
        self.now.duration_since(moment).as_secs_f64().max(0.0)
    }

    /// The log of a container of `pod`, where it was read.
    pub(crate) fn log(&self, pod: &Value, container: &str) -> Option<&str> {
        let uid = read::uid(pod);
        self.logs
            .iter()
            .find(|log| log.pod == uid && log.container == container)
            .map(|log| log.text.as_str())
    }
}

/// When an event was last seen.
pub(crate) fn seen(event: &Value) -> Option<Timestamp> {
    [
        "/series/lastObservedTime",
        "/lastTimestamp",
        "/eventTime",
        "/firstTimestamp",
        "/metadata/creationTimestamp",
    ]
    .into_iter()
    .find_map(|pointer| read::time(event, pointer))
}
