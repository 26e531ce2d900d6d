//! Services, endpoints, ingresses, networks.

use serde_json::Value;

use super::cells::{NONE, Row, UNSET, first_three, join_texts};
use crate::json;

pub(super) fn service(row: Row<'_>) -> Vec<Value> {
    let ports: Vec<String> = row
        .items("/spec/ports")
        .iter()
        .map(|port| {
            let number = json::count(port, "/port");
            let protocol = json::text(port, "/protocol");
            match json::count(port, "/nodePort") {
                0 => format!("{number}/{protocol}"),
                node_port => format!("{number}:{node_port}/{protocol}"),
            }
        })
        .collect();
    let ports = if ports.is_empty() {
        NONE.to_owned()
    } else {
        ports.join(",")
    };
    vec![
        row.name(),
        row.text_cell("/spec/type"),
        row.text_or("/spec/clusterIPs/0", NONE),
        external_address(row).into(),
        ports.into(),
        row.age(),
        row.labels("/spec/selector"),
    ]
}

fn external_address(row: Row<'_>) -> String {
    let external = join_texts(row.items("/spec/externalIPs"), ",");
    let or_none = |text: String| {
        if text.is_empty() {
            NONE.to_owned()
        } else {
            text
        }
    };
    match row.text("/spec/type") {
        "ClusterIP" | "NodePort" => or_none(external),
        "LoadBalancer" => {
            let balancer = balancer_addresses(row);
            match (balancer.is_empty(), external.is_empty()) {
                (true, true) => "<pending>".to_owned(),
                (true, false) => external,
                (false, true) => balancer,
                (false, false) => format!("{balancer},{external}"),
            }
        }
        "ExternalName" => row.text("/spec/externalName").to_owned(),
        _ => "<unknown>".to_owned(),
    }
}

/// The addresses that a load balancer gave, in the order of the alphabet.
fn balancer_addresses(row: Row<'_>) -> String {
    let mut addresses: Vec<&str> = row
        .items("/status/loadBalancer/ingress")
        .iter()
        .map(|ingress| match json::text(ingress, "/ip") {
            "" => json::text(ingress, "/hostname"),
            address => address,
        })
        .filter(|address| !address.is_empty())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.join(",")
}

pub(super) fn endpoints(row: Row<'_>) -> Vec<Value> {
    let subsets = row.items("/subsets");
    let mut all = Vec::new();
    for subset in subsets {
        let addresses = json::items(subset, "/addresses")
            .iter()
            .map(|address| json::text(address, "/ip"));
        let ports = json::items(subset, "/ports");
        // Headless services may have no ports.
        if ports.is_empty() {
            all.extend(addresses.clone().map(str::to_owned));
        }
        for port in ports {
            let port = json::count(port, "/port");
            all.extend(addresses.clone().map(|address| with_port(address, port)));
        }
    }
    let shown = match first_three(&all) {
        Some(shown) => shown,
        None if subsets.is_empty() => NONE.to_owned(),
        None => String::new(),
    };
    vec![row.name(), shown.into(), row.age()]
}

fn with_port(address: &str, port: u64) -> String {
    if address.contains(':') {
        format!("[{address}]:{port}")
    } else {
        format!("{address}:{port}")
    }
}

pub(super) fn endpoint_slice(row: Row<'_>) -> Vec<Value> {
    let ports: Vec<String> = row
        .items("/ports")
        .iter()
        .map(|port| match (port.get("port"), port.get("name")) {
            (Some(number), _) => number.to_string(),
            (None, Some(name)) => name.as_str().unwrap_or_default().to_owned(),
            (None, None) => "*".to_owned(),
        })
        .collect();
    let addresses: Vec<String> = row
        .items("/endpoints")
        .iter()
        .flat_map(|endpoint| json::items(endpoint, "/addresses"))
        .filter_map(|address| address.as_str().map(str::to_owned))
        .collect();
    let shown = |all: &[String]| -> Value {
        first_three(all)
            .filter(|shown| !shown.is_empty())
            .unwrap_or_else(|| UNSET.to_owned())
            .into()
    };
    vec![
        row.name(),
        row.text_cell("/addressType"),
        shown(&ports),
        shown(&addresses),
        row.age(),
    ]
}

pub(super) fn ingress(row: Row<'_>) -> Vec<Value> {
    let rules = row.items("/spec/rules");
    let hosts: Vec<&str> = rules
        .iter()
        .take(3)
        .map(|rule| json::text(rule, "/host"))
        .filter(|host| !host.is_empty())
        .collect();
    let mut shown = hosts.join(",");
    if hosts.is_empty() {
        "*".clone_into(&mut shown);
    } else if hosts.len() == 3 && rules.len() > 3 {
        shown = format!("{shown} + {} more...", rules.len() - 3);
    }
    let ports = if row.items("/spec/tls").is_empty() {
        "80"
    } else {
        "80, 443"
    };
    vec![
        row.name(),
        row.text_or("/spec/ingressClassName", NONE),
        shown.into(),
        balancer_addresses(row).into(),
        ports.into(),
        row.age(),
    ]
}

pub(super) fn ingress_class(row: Row<'_>) -> Vec<Value> {
    const DEFAULT: &str = "/metadata/annotations/ingressclass.kubernetes.io~1is-default-class";
    let mut name = row.text("/metadata/name").to_owned();
    if row.text(DEFAULT) == "true" {
        name.push_str(" (default)");
    }
    let parameters = if row.has("/spec/parameters") {
        let kind = row.text("/spec/parameters/kind");
        let name = row.text("/spec/parameters/name");
        match row.text("/spec/parameters/apiGroup") {
            "" => format!("{kind}/{name}"),
            group => format!("{kind}.{group}/{name}"),
        }
    } else {
        NONE.to_owned()
    };
    vec![
        name.into(),
        row.text_cell("/spec/controller"),
        parameters.into(),
        row.age(),
    ]
}

pub(super) fn network_policy(row: Row<'_>) -> Vec<Value> {
    vec![
        row.name(),
        row.selector_or_none("/spec/podSelector"),
        row.age(),
    ]
}

pub(super) fn service_cidr(row: Row<'_>) -> Vec<Value> {
    let ranges = join_texts(row.items("/spec/cidrs"), ",");
    vec![row.name(), ranges.into(), row.age()]
}

pub(super) fn ip_address(row: Row<'_>) -> Vec<Value> {
    let part = |field: &str| row.text(&format!("/spec/parentRef/{field}"));
    let mut parent = NONE.to_owned();
    if row.has("/spec/parentRef") {
        part("resource").clone_into(&mut parent);
        for (separator, field) in [(".", "group"), ("/", "namespace"), ("/", "name")] {
            if !part(field).is_empty() {
                parent.push_str(separator);
                parent.push_str(part(field));
            }
        }
    }
    vec![row.name(), parent.into(), row.age()]
}
