//! What a pod wants of its node, and how much it matters.

use serde_json::Value;
use strata_domain::quantity;

use super::Amounts;
use crate::json;

/// The priority of a pod; of a system class also where nobody has filled it in.
pub(in crate::actors) fn priority(pod: &Value) -> i64 {
    let said = pod.pointer("/spec/priority").and_then(Value::as_i64);
    said.unwrap_or_else(|| match json::text(pod, "/spec/priorityClassName") {
        "system-node-critical" => 2_000_001_000,
        "system-cluster-critical" => 2_000_000_000,
        _ => 0,
    })
}

/// Reads a map of quantities.
pub(crate) fn amounts(quantities: &Value) -> Amounts {
    quantities
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(resource, quantity)| {
            let text = quantity.as_str()?;
            let amount = if resource == "cpu" {
                quantity::parse_millicores(text)
            } else {
                quantity::parse_count(text)
            };
            Some((resource.clone(), amount?))
        })
        .collect()
}

/// What a pod (or a pod template) takes of a node: its containers together, or an init container
/// that asks for more.
pub(crate) fn requests(pod: &Value) -> Amounts {
    let of = |container: &Value| container.pointer("/resources/requests").map(amounts);
    let mut total = Amounts::new();
    let mut beside = Amounts::new();
    let mut before = Amounts::new();
    for container in json::items(pod, "/spec/initContainers") {
        let own = of(container).unwrap_or_default();
        let is_sidecar = json::text(container, "/restartPolicy") == "Always";
        for (resource, amount) in &own {
            let others = beside.get(resource).copied().unwrap_or(0);
            let most = before.entry(resource.clone()).or_default();
            *most = (*most).max(others + amount);
            if is_sidecar {
                *beside.entry(resource.clone()).or_default() += amount;
            }
        }
    }
    let containers = json::items(pod, "/spec/containers").iter().filter_map(of);
    let overhead = pod.pointer("/spec/overhead").map(amounts);
    for (resource, amount) in containers.chain([beside]).flatten() {
        *total.entry(resource).or_default() += amount;
    }
    for (resource, amount) in before {
        let all = total.entry(resource).or_default();
        *all = (*all).max(amount);
    }
    for (resource, amount) in overhead.unwrap_or_default() {
        *total.entry(resource).or_default() += amount;
    }
    total.insert("pods".to_owned(), 1);
    total
}
