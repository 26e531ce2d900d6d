//! The addresses and ports that the server gives to services.

use std::collections::HashSet;

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use crate::{json, random, store::Store};

/// The addresses of services: `10.96.0.0/16`.
const ADDRESSES: u64 = 1 << 16;
/// The first node port, and how many there are.
const NODE_PORTS: (u64, u64) = (30_000, 2_768);

/// Gives a new service what it needs and does not have: the place for each is by its name, the next
/// free one where that is taken.
pub(super) fn assign(store: &Store, service: &mut Value) {
    let kind = json::text(service, "/spec/type").to_owned();
    if kind == "ExternalName" || json::text(service, "/spec/clusterIP") == "None" {
        return;
    }
    let services: Vec<Value> = store
        .list(&GroupKind::new("", "Service"), "")
        .iter()
        .map(|stored| stored.value())
        .collect();
    let start = random::hash(&format!(
        "{}/{}",
        json::text(service, "/metadata/namespace"),
        json::text(service, "/metadata/name")
    ));
    let taken: HashSet<&str> = services
        .iter()
        .map(|service| json::text(service, "/spec/clusterIP"))
        .collect();
    if json::text(service, "/spec/clusterIP").is_empty() {
        let address = (0..ADDRESSES)
            .map(|step| (start.wrapping_add(step)) % ADDRESSES)
            .filter(|at| *at > 10)
            .map(|at| format!("10.96.{}.{}", at >> 8, at & 0xff))
            .find(|address| !taken.contains(address.as_str()));
        if let Some(address) = address {
            let spec = json::object_at(service, "spec");
            spec.insert("clusterIP".to_owned(), address.as_str().into());
            spec.insert("clusterIPs".to_owned(), json!([address]));
        }
    }
    if !["NodePort", "LoadBalancer"].contains(&kind.as_str()) {
        return;
    }
    let mut taken: HashSet<u64> = services
        .iter()
        .flat_map(|service| json::items(service, "/spec/ports"))
        .filter_map(|port| port.get("nodePort")?.as_u64())
        .collect();
    let ports = service
        .pointer_mut("/spec/ports")
        .and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten() {
        if json::count(port, "/nodePort") > 0 {
            continue;
        }
        let free = (0..NODE_PORTS.1)
            .map(|step| NODE_PORTS.0 + start.wrapping_add(step) % NODE_PORTS.1)
            .find(|number| !taken.contains(number));
        if let Some(number) = free {
            taken.insert(number);
            json::as_object(port).insert("nodePort".to_owned(), number.into());
        }
    }
}
