//! What an object counts for (`pkg/quota/v1/evaluator/core` of Kubernetes 1.36).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::ids::GroupKind;

use super::scopes;
use crate::{
    admission::{
        quantity::{self, Quantities, Quantity},
        totals,
    },
    clock, json,
};

/// What can be limited of pods beside the resources that nodes offer.
const OF_PODS: [&str; 11] = [
    "count/pods",
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
];
/// What every container has to say where a quota limits it.
const NECESSARY: [&str; 6] = [
    "cpu",
    "memory",
    "requests.cpu",
    "requests.memory",
    "limits.cpu",
    "limits.memory",
];
const OF_SERVICES: [&str; 4] = [
    "count/services",
    "services",
    "services.nodeports",
    "services.loadbalancers",
];
const OF_CLAIMS: [&str; 2] = ["persistentvolumeclaims", "requests.storage"];
const BY_CLASS: &str = ".storageclass.storage.k8s.io/";
/// Kinds that are counted under their bare plural as well.
const ALIASES: [&str; 4] = [
    "configmaps",
    "resourcequotas",
    "replicationcontrollers",
    "secrets",
];

/// A kind that is counted, with the name that its collection has in paths.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    pub(crate) kind: GroupKind,
    pub(crate) plural: String,
}

impl Counted {
    pub(crate) fn new(kind: GroupKind, plural: &str) -> Self {
        Self {
            kind,
            plural: plural.to_owned(),
        }
    }

    pub(crate) fn pods() -> Self {
        Self::new(GroupKind::new("", "Pod"), "pods")
    }

    /// The core kinds that a limit can be about under another name than `count/...`.
    pub(crate) fn core() -> impl Iterator<Item = Self> {
        let kinds = [
            ("Pod", "pods"),
            ("Service", "services"),
            ("PersistentVolumeClaim", "persistentvolumeclaims"),
            ("ConfigMap", "configmaps"),
            ("Secret", "secrets"),
            ("ReplicationController", "replicationcontrollers"),
            ("ResourceQuota", "resourcequotas"),
        ];
        kinds
            .into_iter()
            .map(|(kind, plural)| Self::new(GroupKind::new("", kind), plural))
    }

    fn is_core(&self, plural: &str) -> bool {
        self.kind.group.is_empty() && self.plural == plural
    }

    pub(super) fn is_pod(&self) -> bool {
        self.is_core("pods")
    }

    pub(super) fn is_claim(&self) -> bool {
        self.is_core("persistentvolumeclaims")
    }

    /// The name under which objects of the kind are counted.
    fn count_name(&self) -> String {
        match self.kind.group.as_str() {
            "" => format!("count/{}", self.plural),
            group => format!("count/{}.{group}", self.plural),
        }
    }

    /// Whether a limit called `name` is about objects of the kind.
    pub(super) fn touches(&self, name: &str) -> bool {
        if self.is_pod() {
            let is_prefixed =
                name.starts_with("hugepages-") || name.starts_with("requests.hugepages-");
            return OF_PODS.contains(&name) || is_prefixed || is_extended(name);
        }
        if self.is_core("services") {
            return OF_SERVICES.contains(&name);
        }
        if self.is_claim() {
            let of_class = name.split_once(BY_CLASS).map(|(_, of_class)| of_class);
            return name == "count/persistentvolumeclaims"
                || OF_CLAIMS.contains(&of_class.unwrap_or(name));
        }
        name == self.count_name() || self.is_core(name) && ALIASES.contains(&name)
    }

    /// Whether a write of `object` over `before` is counted at all.
    pub(super) fn handles(&self, before: Option<&Value>, object: &Value) -> bool {
        match before {
            None => true,
            Some(before) if self.is_pod() => {
                scopes::is_terminating(before) != scopes::is_terminating(object)
            }
            Some(_) => self.is_claim() || self.is_core("services"),
        }
    }

    /// What `object` counts for.
    pub(super) fn usage(&self, object: &Value, now: Timestamp) -> Quantities {
        let one = Quantity::whole(1);
        let mut usage = Quantities::from([(self.count_name(), one)]);
        if self.is_pod() {
            if is_charged(object, now) {
                let requests = with_overhead(object, "requests");
                usage.extend(of_containers(&requests, &with_overhead(object, "limits")));
            }
        } else if self.is_core("services") {
            usage.extend(of_service(object));
        } else if self.is_claim() {
            usage.extend(of_claim(object));
        } else if self.kind.group.is_empty() && ALIASES.contains(&self.plural.as_str()) {
            usage.insert(self.plural.clone(), one);
        }
        usage
    }

    /// Whether every container says what a quota limits: why not, if not.
    pub(super) fn constrain(&self, touched: &BTreeSet<&str>, object: &Value) -> Result<(), String> {
        let says_itself = ["requests", "limits"].into_iter().any(|field| {
            let own = object.pointer(&format!("/spec/resources/{field}"));
            own.and_then(Value::as_object)
                .is_some_and(|own| !own.is_empty())
        });
        if !self.is_pod() || says_itself {
            return Ok(());
        }
        let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let containers = json::items(object, "/spec/containers").iter();
        for container in containers.chain(json::items(object, "/spec/initContainers")) {
            let of = |field: &str| quantity::quantities(container.pointer(field));
            let said = of_containers(&of("/resources/requests"), &of("/resources/limits"));
            for name in touched.iter().filter(|name| NECESSARY.contains(*name)) {
                if !said.contains_key(*name) {
                    let names = missing.entry(*name).or_default();
                    names.insert(json::text(container, "/name"));
                }
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<String> = missing
            .into_iter()
            .map(|(name, containers)| {
                let containers: Vec<&str> = containers.into_iter().collect();
                format!("{name} for: {}", containers.join(","))
            })
            .collect();
        Err(format!("must specify {}", missing.join("; ")))
    }
}

/// Whether `name` limits a resource that nodes offer beside those of Kubernetes.
fn is_extended(name: &str) -> bool {
    let is_of_device_class = name.starts_with("requests.deviceclass.resource.kubernetes.io/");
    let is_foreign = name.contains('/') && !name.contains("kubernetes.io/");
    name.starts_with("requests.") && (is_foreign || is_of_device_class)
}

/// Whether a pod counts for more than its existence: it has not ended, and its deletion is not
/// overdue.
fn is_charged(pod: &Value, now: Timestamp) -> bool {
    if ["Succeeded", "Failed"].contains(&json::text(pod, "/status/phase")) {
        return false;
    }
    let deleted: Option<Timestamp> = json::text(pod, "/metadata/deletionTimestamp").parse().ok();
    let grace = json::count(pod, "/metadata/deletionGracePeriodSeconds");
    let is_overdue = |deleted| now > clock::later(deleted, std::time::Duration::from_secs(grace));
    !deleted.is_some_and(is_overdue)
}

fn with_overhead(pod: &Value, field: &str) -> Quantities {
    let mut total = totals::of_pod(pod, field);
    let mut overhead = quantity::quantities(pod.pointer("/spec/overhead"));
    if field == "limits" {
        overhead.retain(|name, _| total.contains_key(name));
    }
    quantity::add(&mut total, &overhead);
    total
}

/// Requests and limits under the names that quotas give them.
fn of_containers(requests: &Quantities, limits: &Quantities) -> Quantities {
    let mut usage = Quantities::from([("pods".to_owned(), Quantity::whole(1))]);
    for (name, amount) in requests {
        let is_plain = ["cpu", "memory", "ephemeral-storage"].contains(&name.as_str())
            || name.starts_with("hugepages-");
        let as_request = format!("requests.{name}");
        if is_plain {
            usage.insert(name.clone(), *amount);
        }
        if is_plain || is_extended(&as_request) {
            usage.insert(as_request, *amount);
        }
    }
    for (name, amount) in limits {
        if ["cpu", "memory", "ephemeral-storage"].contains(&name.as_str()) {
            usage.insert(format!("limits.{name}"), *amount);
        }
    }
    usage
}

fn of_service(service: &Value) -> Quantities {
    let ports = json::items(service, "/spec/ports");
    let with_numbers = ports
        .iter()
        .filter(|port| json::count(port, "/nodePort") > 0)
        .count();
    let is_balanced = json::text(service, "/spec/type") == "LoadBalancer";
    let allocates = service
        .pointer("/spec/allocateLoadBalancerNodePorts")
        .and_then(Value::as_bool)
        .unwrap_or(true);
    let node_ports = match json::text(service, "/spec/type") {
        "LoadBalancer" if !allocates => with_numbers,
        "NodePort" | "LoadBalancer" => ports.len(),
        _ => 0,
    };
    let node_ports = u64::try_from(node_ports).unwrap_or(u64::MAX);
    Quantities::from([
        ("services".to_owned(), Quantity::whole(1)),
        ("services.nodeports".to_owned(), Quantity::whole(node_ports)),
        (
            "services.loadbalancers".to_owned(),
            Quantity::whole(u64::from(is_balanced)),
        ),
    ])
}

fn of_claim(claim: &Value) -> Quantities {
    let read = |pointer: &str| Quantity::parse(json::text(claim, pointer)).ok();
    let asked = read("/spec/resources/requests/storage");
    let allocated = read("/status/allocatedResources/storage");
    let storage = match (asked, allocated) {
        (Some(asked), Some(allocated)) if allocated.compare(asked).is_gt() => Some(allocated),
        (asked, _) => asked,
    };
    let mut usage = Quantities::from([("persistentvolumeclaims".to_owned(), Quantity::whole(1))]);
    if let Some(storage) = storage {
        usage.insert("requests.storage".to_owned(), storage.rounded_up());
    }
    let class = json::text(claim, "/spec/storageClassName");
    if !class.is_empty() {
        let of_class: Quantities = usage
            .iter()
            .map(|(name, amount)| (format!("{class}{BY_CLASS}{name}"), *amount))
            .collect();
        usage.extend(of_class);
    }
    usage
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(usage: &Quantities) -> Vec<String> {
        usage
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(name, amount)| format!("{name}={amount}"))
            .collect()
    }

    #[test]
    fn a_pod_counts_for_what_its_containers_ask_for_until_it_ends() {
        let now: Timestamp = "2026-11-27T08:00:00Z".parse().unwrap();
        let mut pod = json!({ "spec": { "containers": [
            { "resources": { "requests": { "cpu": "500m", "nvidia.com/gpu": "2" },
                "limits": { "memory": "1Gi" } } },
            { "resources": { "requests": { "cpu": "1" } } },
        ], "initContainers": [{ "resources": { "requests": { "cpu": "4" } } }] } });
        assert_eq!(
            shown(&Counted::pods().usage(&pod, now)),
            [
                "count/pods=1",
                "cpu=4",
                "limits.memory=1Gi",
                "pods=1",
                "requests.cpu=4",
                "requests.nvidia.com/gpu=2"
            ]
        );
        pod["status"] = json!({ "phase": "Succeeded" });
        assert_eq!(shown(&Counted::pods().usage(&pod, now)), ["count/pods=1"]);
    }

    #[test]
    fn a_claim_counts_under_its_class_too() {
        let now: Timestamp = "2026-11-27T08:00:00Z".parse().unwrap();
        let claim = json!({ "spec": { "storageClassName": "fast",
            "resources": { "requests": { "storage": "5Gi" } } } });
        let claims = Counted::new(
            GroupKind::new("", "PersistentVolumeClaim"),
            "persistentvolumeclaims",
        );
        assert_eq!(
            shown(&claims.usage(&claim, now)),
            [
                "count/persistentvolumeclaims=1",
                "fast.storageclass.storage.k8s.io/persistentvolumeclaims=1",
                "fast.storageclass.storage.k8s.io/requests.storage=5Gi",
                "persistentvolumeclaims=1",
                "requests.storage=5Gi"
            ]
        );
    }
}
