//! Large deployments at set-up: the actors bring the first pod to life, the others are its copies.
//!
//! A hundred thousand pods are set up in seconds this way: each is written once, as it will be,
//! instead of five times while scheduler, kubelet and controllers take it through its life.

use serde_json::{Value, json};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use super::{World, pod_kind};
use crate::{
    actors::{
        capacity::{Amounts, NodeRoom, requests},
        controllers::endpoints,
        kubelet::pod_address,
    },
    json, manifest, random,
    scenario::Workload,
};

/// Below this many replicas the actors do it all.
const WORTH_COPYING: u64 = 16;

/// Where the search for room goes on.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// The node that took the last copy.
    last: Option<Text>,
}

/// A pod to be copied, and what it needs of a node.
struct Original<'a> {
    pod: &'a Value,
    wanted: Amounts,
    selector: Vec<(&'a str, &'a str)>,
}

impl<'a> Original<'a> {
    fn of(pod: &'a Value) -> Self {
        let selector = pod.pointer("/spec/nodeSelector").and_then(Value::as_object);
        Self {
            pod,
            wanted: requests(pod),
            selector: selector
                .into_iter()
                .flatten()
                .filter_map(|(label, value)| Some((label.as_str(), value.as_str()?)))
                .collect(),
        }
    }

    fn fits(&self, room: &NodeRoom) -> bool {
        let has = |label: &str, value: &str| room.labels.get(label).is_some_and(|is| is == value);
        room.lacks(&self.wanted).is_empty()
            && room.taints.iter().all(|taint| taint.is_tolerated(self.pod))
            && self.selector.iter().all(|(label, value)| has(label, value))
    }
}

impl World {
    /// Submits `workload`, by copies where it is a large deployment whose pods just run.
    pub(super) fn submit_large(&mut self, workload: &Workload, search: &mut Search) {
        let is_plain = workload.kind == "Deployment"
            && workload.replicas >= WORTH_COPYING
            && workload.queue.is_none()
            && workload.trouble.is_none()
            && workload.run_for.is_none()
            && !workload.claims;
        if !is_plain {
            self.submit(workload);
            self.settle();
            return;
        }
        let mut first = workload.clone();
        first.replicas = 1;
        self.submit(&first);
        self.settle();
        if let Some((set, pod)) = self.first_pod(workload) {
            let original = Original::of(&pod);
            for _ in 1..workload.replicas {
                self.copy(&original, search);
            }
            // Of a copy only its services have to know: its place is taken, and its set is looked at
            // below.
            for copied in self.store.take_unseen() {
                endpoints::observe_pod(self, &copied.last);
            }
            self.set_replicas("ReplicaSet", &set, workload.replicas);
        }
        // Where there was no room for all, the deployment's controller makes the rest, and they wait.
        let key = ObjectKey::new(workload.namespace.as_str(), workload.name.as_str());
        self.set_replicas("Deployment", &key, workload.replicas);
        self.settle();
    }

    /// The replica set of a deployment with one pod, and that pod, if it runs.
    fn first_pod(&self, workload: &Workload) -> Option<(ObjectKey, Value)> {
        let deployment = self.store.get(
            &GroupKind::new("apps", "Deployment"),
            &ObjectKey::new(workload.namespace.as_str(), workload.name.as_str()),
        )?;
        let set_kind = GroupKind::new("apps", "ReplicaSet");
        let sets = self.store.dependents(&deployment.uid, &set_kind);
        let set = sets.first()?;
        let pods = self.store.dependents(&set.uid, &pod_kind());
        let pod = pods.first()?.value();
        (json::text(&pod, "/status/phase") == "Running").then(|| (set.key.clone(), pod))
    }

    /// Makes a pod like the original on the next node that has room for it.
    fn copy(&mut self, original: &Original<'_>, search: &mut Search) {
        let Some(node) = self.next_node(original, search) else {
            return;
        };
        let pod = original.pod;
        let name = format!(
            "{}{}",
            json::text(pod, "/metadata/generateName"),
            random::suffix(&mut self.random, 5)
        );
        let identity = format!("{}/{name}", json::text(pod, "/metadata/namespace"));
        let mut copy = pod.clone();
        rehouse(&mut copy, &identity, &node);
        json::object_at(&mut copy, "metadata").insert("name".to_owned(), name.into());
        json::object_at(&mut copy, "spec").insert("nodeName".to_owned(), node.as_str().into());
        if let Some(stored) = self.create(&pod_kind(), copy) {
            let amounts = original.wanted.clone();
            self.capacity.place(&stored, pod, &node, amounts);
        }
    }

    /// The first node after the last one chosen, going round, that the pod may and can run on.
    fn next_node(&self, original: &Original<'_>, search: &mut Search) -> Option<Text> {
        let found = self
            .capacity
            .nodes_after(search.last.as_ref())
            .find(|(_, room)| original.fits(room))
            .map(|(name, _)| name.clone());
        if found.is_some() {
            search.last.clone_from(&found);
        }
        found
    }

    fn set_replicas(&mut self, kind: &str, key: &ObjectKey, replicas: u64) {
        let kind = GroupKind::new("apps", kind);
        self.store.update(&kind, key, |object| {
            json::object_at(object, "spec").insert("replicas".to_owned(), replicas.into());
        });
    }
}

/// Gives a copied pod addresses and containers of its own.
fn rehouse(pod: &mut Value, identity: &str, node: &str) {
    let host = manifest::node::address(node);
    let address = if json::flag(pod, "/spec/hostNetwork") {
        host.clone()
    } else {
        pod_address(identity)
    };
    let status = json::object_at(pod, "status");
    status.insert("hostIPs".to_owned(), json!([{ "ip": host }]));
    status.insert("hostIP".to_owned(), host.into());
    status.insert("podIPs".to_owned(), json!([{ "ip": address }]));
    status.insert("podIP".to_owned(), address.into());
    let containers = status
        .get_mut("containerStatuses")
        .and_then(Value::as_array_mut);
    for (at, container) in containers.into_iter().flatten().enumerate() {
        // Sixty-four digits, as a container's id has.
        let part = |part: u8| random::hash(&format!("{identity}/{at}/{part}"));
        let (a, b, c, d) = (part(0), part(1), part(2), part(3));
        let id = format!("containerd://{a:016x}{b:016x}{c:016x}{d:016x}");
        json::as_object(container).insert("containerID".to_owned(), id.into());
    }
}
