//! Amounts of resources, as pods ask for them and nodes have them.

use std::collections::BTreeMap;

use serde_json::Value;
use strata_domain::{node::Resources, quantity};

use super::read;

/// Amounts by resource, in base units: CPU in thousandths of a core, all else in ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts(BTreeMap<String, u64>);

impl Amounts {
    /// The list of resources at `pointer`.
    pub(super) fn read(value: &Value, pointer: &str) -> Self {
        let Some(list) = value.pointer(pointer).and_then(Value::as_object) else {
            return Self::default();
        };
        let amounts = list.iter().filter_map(|(resource, amount)| {
            let text = match amount {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            Some((resource.clone(), parse(resource, &text)?))
        });
        Self(amounts.collect())
    }

    /// What a pruned pod holds.
    pub(super) fn held(resources: &Resources) -> Self {
        let mut held = Self::default();
        held.put("cpu", resources.cpu_millicores);
        held.put("memory", resources.memory_bytes);
        held.put("pods", 1);
        for (resource, amount) in &resources.extended {
            held.put(resource, *amount);
        }
        held
    }

    /// The amount of `resource`; 0 where there is none.
    pub(super) fn get(&self, resource: &str) -> u64 {
        self.0.get(resource).copied().unwrap_or(0)
    }

    /// Every resource with its amount.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0
            .iter()
            .map(|(resource, amount)| (resource.as_str(), *amount))
    }

    /// Sets an amount.
    pub(super) fn put(&mut self, resource: &str, amount: u64) {
        self.0.insert(resource.to_owned(), amount);
    }

    /// Adds other amounts.
    pub(super) fn add(&mut self, other: &Self) {
        for (resource, amount) in &other.0 {
            let sum = self.0.entry(resource.clone()).or_default();
            *sum = sum.saturating_add(*amount);
        }
    }

    /// Takes the larger of each.
    fn at_least(&mut self, other: &Self) {
        for (resource, amount) in &other.0 {
            let known = self.0.entry(resource.clone()).or_default();
            *known = (*known).max(*amount);
        }
    }
}

/// Reads a quantity of `resource` in base units.
pub(super) fn parse(resource: &str, text: &str) -> Option<u64> {
    let resource = resource
        .trim_start_matches("requests.")
        .trim_start_matches("limits.");
    if resource == "cpu" {
        quantity::parse_millicores(text)
    } else {
        quantity::parse_count(text)
    }
}

/// What a pod with this spec asks a node for.
///
/// Source: `PodRequests` in `k8s.io/component-helpers/resource/helpers.go` of Kubernetes 1.36: the
/// sum of the containers and the init containers that stay (`restartPolicy: Always`), or what the
/// hungriest other init container needs beside those before it, and the overhead.
pub(super) fn requests(spec: &Value) -> Amounts {
    let mut sum = Amounts::default();
    for container in read::list(spec, "/containers") {
        sum.add(&Amounts::read(container, "/resources/requests"));
    }
    let mut staying = Amounts::default();
    let mut hungriest = Amounts::default();
    for container in read::list(spec, "/initContainers") {
        let asked = Amounts::read(container, "/resources/requests");
        let mut at_that_time = staying.clone();
        at_that_time.add(&asked);
        hungriest.at_least(&at_that_time);
        if read::text(container, "/restartPolicy") == "Always" {
            staying.add(&asked);
        }
    }
    sum.add(&staying);
    sum.at_least(&hungriest);
    sum.add(&Amounts::read(spec, "/overhead"));
    sum.put("pods", 1);
    sum
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pod_asks_for_its_containers_or_its_hungriest_init_container() {
        let asks = |cpu: &str| json!({ "resources": { "requests": { "cpu": cpu } } });
        let spec =
            json!({ "containers": [asks("1"), asks("500m")], "initContainers": [asks("4")] });
        assert_eq!(requests(&spec).get("cpu"), 4000);
        let mut staying = asks("1");
        staying["restartPolicy"] = json!("Always");
        let spec = json!({ "containers": [asks("1")], "initContainers": [staying, asks("2")] });
        assert_eq!(requests(&spec).get("cpu"), 3000);
    }
}
