//! Series of nodes.

use std::cell::OnceCell;

use serde_json::Value;

use super::{
    super::exposition::{Labels, Page, Series, labels},
    GAUGE, amount, created, resource, states,
};
use crate::{json, server::Server, world::node_kind};

struct Node {
    name: String,
    object: Value,
    since: f64,
}

type Tell = fn(&Node) -> Vec<Series>;

#[rustfmt::skip]
const FAMILIES: &[(&str, &str, Tell)] = &[
    ("kube_node_created", "Unix creation timestamp", |node| vec![Series::constant(base(node), node.since, node.since)]),
    ("kube_node_info", "Information about a cluster node.", info),
    ("kube_node_role", "The role of a cluster node.", roles),
    ("kube_node_spec_taint", "The taint of a cluster node.", taints),
    ("kube_node_spec_unschedulable", "Whether a node can schedule new pods.", |node| {
        let is_cordoned = json::flag(&node.object, "/spec/unschedulable");
        vec![Series::constant(base(node), if is_cordoned { 1.0 } else { 0.0 }, node.since)]
    }),
    ("kube_node_status_allocatable", "The allocatable for different resources of a node that are available for scheduling.", |node| resources(node, "/status/allocatable")),
    ("kube_node_status_capacity", "The capacity for different resources of a node.", |node| resources(node, "/status/capacity")),
    ("kube_node_status_condition", "The condition of a cluster node.", conditions),
];

/// Tells of every node that is wanted.
pub(super) fn tell(page: &mut Page<'_>, server: &Server) {
    let only = page.only("node").map(str::to_owned);
    let known = OnceCell::new();
    let nodes = || {
        known.get_or_init(|| -> Vec<Node> {
            server
                .store
                .list(&node_kind(), "")
                .into_iter()
                .filter(|stored| only.as_deref().is_none_or(|name| stored.key.name == name))
                .map(|stored| {
                    let object = stored.value();
                    let since = created(&object);
                    Node {
                        name: stored.key.name.to_string(),
                        object,
                        since,
                    }
                })
                .collect()
        })
    };
    for (name, help, of) in FAMILIES {
        page.tell(GAUGE, *name, help, || nodes().iter().flat_map(of).collect());
    }
}

fn base(node: &Node) -> Labels {
    labels([("node", &node.name)])
}

fn with<const N: usize>(node: &Node, more: [(&'static str, &str); N]) -> Series {
    let mut all = base(node);
    all.extend(labels(more));
    Series::constant(all, 1.0, node.since)
}

fn info(node: &Node) -> Vec<Series> {
    let about = |field: &str| json::text(&node.object, &format!("/status/nodeInfo/{field}"));
    let address = json::items(&node.object, "/status/addresses")
        .iter()
        .find(|address| json::text(address, "/type") == "InternalIP")
        .map_or("", |address| json::text(address, "/address"));
    vec![with(
        node,
        [
            ("kernel_version", about("kernelVersion")),
            ("os_image", about("osImage")),
            (
                "container_runtime_version",
                about("containerRuntimeVersion"),
            ),
            ("kubelet_version", about("kubeletVersion")),
            ("kubeproxy_version", "deprecated"),
            ("provider_id", json::text(&node.object, "/spec/providerID")),
            ("pod_cidr", json::text(&node.object, "/spec/podCIDR")),
            ("system_uuid", about("systemUUID")),
            ("internal_ip", address),
        ],
    )]
}

fn roles(node: &Node) -> Vec<Series> {
    let labels = node
        .object
        .pointer("/metadata/labels")
        .and_then(Value::as_object);
    labels
        .into_iter()
        .flatten()
        .filter_map(|(label, _)| label.strip_prefix("node-role.kubernetes.io/"))
        .map(|role| with(node, [("role", role)]))
        .collect()
}

fn taints(node: &Node) -> Vec<Series> {
    json::items(&node.object, "/spec/taints")
        .iter()
        .map(|taint| {
            with(
                node,
                [
                    ("key", json::text(taint, "/key")),
                    ("value", json::text(taint, "/value")),
                    ("effect", json::text(taint, "/effect")),
                ],
            )
        })
        .collect()
}

fn resources(node: &Node, pointer: &str) -> Vec<Series> {
    let amounts = node.object.pointer(pointer).and_then(Value::as_object);
    amounts
        .into_iter()
        .flatten()
        .filter_map(|(name, quantity)| {
            let value = amount(name, quantity.as_str()?)?;
            let (name, unit) = resource(name);
            let mut all = base(node);
            all.extend(labels([("resource", name.as_str()), ("unit", unit)]));
            Some(Series::constant(all, value, node.since))
        })
        .collect()
}

fn conditions(node: &Node) -> Vec<Series> {
    json::items(&node.object, "/status/conditions")
        .iter()
        .flat_map(|condition| {
            let mut all = base(node);
            all.extend(labels([("condition", json::text(condition, "/type"))]));
            let status = json::text(condition, "/status").to_lowercase();
            states(
                &all,
                "status",
                &["true", "false", "unknown"],
                |state| state == status,
                node.since,
            )
        })
        .collect()
}
