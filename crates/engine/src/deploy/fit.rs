//! Whether nodes can take pods: now, after something ends, or never.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};
use strata_api::{
    phrases::{Phrase, PhraseCode as P, PhraseValue},
    recipes::{Check, CheckState, CheckSubject},
};
use strata_domain::{pod::Pod, quantity};
use strata_recipes::demand::PodDemand;

/// The most nodes, and pods of a node, that are named.
const NAMED: usize = 5;

/// A node, as a scheduler sees it.
struct Machine<'a> {
    name: &'a str,
    node: &'a Value,
    allocatable: BTreeMap<String, u64>,
    free: BTreeMap<String, u64>,
    pods: Vec<&'a Pod>,
}

/// Judges whether the nodes can take what is asked, in this order.
pub(crate) fn check(demands: &[PodDemand], nodes: &[Value], pods: &[Pod]) -> Check {
    let mut machines = machines(nodes, pods);
    let mut placed: BTreeSet<String> = BTreeSet::new();
    let mut waiting: Option<(u64, &PodDemand, Vec<String>)> = None;
    for demand in demands {
        let suits: Vec<usize> = (0..machines.len())
            .filter(|at| {
                machines
                    .get(*at)
                    .is_some_and(|machine| machine.suits(demand))
            })
            .collect();
        let could = |machine: &Machine<'_>| times(&machine.allocatable, &demand.requests);
        let total: u64 = suits
            .iter()
            .filter_map(|at| machines.get(*at))
            .map(could)
            .sum();
        if total < demand.count {
            return never(demand, &machines, &suits, total);
        }
        let mut left = demand.count;
        for at in &suits {
            let Some(machine) = machines.get_mut(*at) else {
                continue;
            };
            let taken = times(&machine.free, &demand.requests).min(left);
            if taken > 0 {
                machine.take(demand, taken);
                placed.insert(machine.name.to_owned());
                left -= taken;
            }
        }
        if left > 0 && waiting.is_none() {
            waiting = Some((left, demand, holders(demand, &machines, &suits)));
        }
    }
    let count: u64 = demands.iter().map(|demand| demand.count).sum();
    if let Some((left, demand, details)) = waiting {
        let sentence = Phrase::new(P::CheckFitLater)
            .with("count", left)
            .with("pods", count)
            .with("owner", demand.owner.as_str());
        let remedy = Some(Phrase::new(P::CheckFitLaterRemedy));
        return Check {
            subject: CheckSubject::Fit,
            state: CheckState::Warning,
            sentence,
            remedy,
            details,
        };
    }
    let sentence = if count == 0 {
        Phrase::new(P::CheckFitNothing)
    } else {
        Phrase::new(P::CheckFitNow)
            .with("count", count)
            .with("nodes", placed.len())
    };
    Check {
        subject: CheckSubject::Fit,
        state: CheckState::Ok,
        sentence,
        remedy: None,
        details: placed.into_iter().take(NAMED).collect(),
    }
}

/// The nodes that the pods of `demand` may go to, whether there is room or not.
pub(super) fn suited<'a>(
    demand: &PodDemand,
    nodes: &'a [Value],
) -> impl Iterator<Item = &'a Value> {
    let machines = machines(nodes, &[]);
    machines
        .into_iter()
        .filter(move |machine| machine.suits(demand))
        .map(|machine| machine.node)
}

/// No node, or not enough of them, could take it even if nothing else ran.
fn never(demand: &PodDemand, machines: &[Machine<'_>], suits: &[usize], total: u64) -> Check {
    let suited = || suits.iter().filter_map(|at| machines.get(*at));
    // The resource of which even the largest node has too little says most.
    let short = demand.requests.iter().find_map(|(resource, wanted)| {
        let most = suited()
            .map(|machine| machine.allocatable.get(resource).copied().unwrap_or(0))
            .max()
            .unwrap_or(0);
        (most < *wanted).then_some((resource.as_str(), *wanted, most))
    });
    let (sentence, remedy) = match short {
        _ if suits.is_empty() => (
            Phrase::new(P::CheckFitNoNode).with("owner", demand.owner.as_str()),
            P::CheckFitNoNodeRemedy,
        ),
        Some((resource, wanted, most)) => (
            Phrase::new(P::CheckFitTooLarge)
                .with("resource", resource)
                .with("wanted", amount(resource, wanted))
                .with("most", amount(resource, most)),
            P::CheckFitTooLargeRemedy,
        ),
        None => (
            Phrase::new(P::CheckFitTooMany)
                .with("owner", demand.owner.as_str())
                .with("wanted", demand.count)
                .with("most", total),
            P::CheckFitTooManyRemedy,
        ),
    };
    Check {
        subject: CheckSubject::Fit,
        state: CheckState::Failed,
        sentence,
        remedy: Some(Phrase::new(remedy)),
        details: Vec::new(),
    }
}

/// Who holds what is asked for, on the nodes where least is missing.
fn holders(demand: &PodDemand, machines: &[Machine<'_>], suits: &[usize]) -> Vec<String> {
    let missing = |machine: &Machine<'_>| -> u64 {
        let short = demand.requests.iter().map(|(resource, wanted)| {
            let free = machine.free.get(resource).copied().unwrap_or(0);
            // Bytes and devices are not of one size: what part of the request is missing counts.
            wanted.saturating_sub(free).saturating_mul(1000) / wanted.max(&1)
        });
        short.sum()
    };
    let mut close: Vec<&Machine<'_>> = suits
        .iter()
        .filter_map(|at| machines.get(*at))
        .filter(|machine| times(&machine.allocatable, &demand.requests) > 0)
        .collect();
    close.sort_by_key(|machine| missing(machine));
    close
        .into_iter()
        .take(NAMED)
        .map(|machine| machine.told(demand))
        .collect()
}

impl Machine<'_> {
    /// Whether a pod may go there at all.
    fn suits(&self, demand: &PodDemand) -> bool {
        let label = |key: &str| {
            let labels = self.node.pointer("/metadata/labels")?;
            labels.get(key)?.as_str()
        };
        let has_labels = demand
            .node_selector
            .iter()
            .all(|(key, value)| label(key) == Some(value.as_str()));
        has_labels
            && self.is_open()
            && self
                .taints()
                .all(|taint| tolerated(taint, &demand.tolerations))
    }

    /// Ready and not cordoned.
    fn is_open(&self) -> bool {
        let cordoned = self.node.pointer("/spec/unschedulable") == Some(&Value::Bool(true));
        let conditions = self
            .node
            .pointer("/status/conditions")
            .and_then(Value::as_array);
        let is_ready = conditions.into_iter().flatten().any(|condition| {
            condition.get("type") == Some(&json!("Ready"))
                && condition.get("status") == Some(&json!("True"))
        });
        is_ready && !cordoned
    }

    fn taints(&self) -> impl Iterator<Item = &Value> {
        let taints = self.node.pointer("/spec/taints").and_then(Value::as_array);
        taints
            .into_iter()
            .flatten()
            .filter(|taint| taint.get("effect") != Some(&json!("PreferNoSchedule")))
    }

    fn take(&mut self, demand: &PodDemand, pods: u64) {
        for (resource, wanted) in &demand.requests {
            if let Some(free) = self.free.get_mut(resource) {
                *free = free.saturating_sub(wanted.saturating_mul(pods));
            }
        }
    }

    /// What of it is free, and who holds the rest.
    fn told(&self, demand: &PodDemand) -> String {
        let scarce = demand
            .requests
            .iter()
            .find(|(resource, wanted)| self.free.get(*resource).copied().unwrap_or(0) < **wanted);
        let Some((resource, _)) = scarce else {
            return self.name.to_owned();
        };
        let get = |amounts: &BTreeMap<String, u64>| amounts.get(resource).copied().unwrap_or(0);
        let mut holders: Vec<String> = self
            .pods
            .iter()
            .filter(|pod| held(pod).get(resource).is_some_and(|amount| *amount > 0))
            .map(|pod| pod.metadata.key.to_string())
            .collect();
        holders.sort();
        let more = holders.len().saturating_sub(NAMED);
        holders.truncate(NAMED);
        if more > 0 {
            holders.push(format!("+{more}"));
        }
        format!(
            "{}: {} / {} {resource} free; {}",
            self.name,
            amount(resource, get(&self.free)),
            amount(resource, get(&self.allocatable)),
            holders.join(", ")
        )
    }
}

fn machines<'a>(nodes: &'a [Value], pods: &'a [Pod]) -> Vec<Machine<'a>> {
    let mut on: HashMap<&str, Vec<&Pod>> = HashMap::new();
    for pod in pods.iter().filter(|pod| pod.holds_resources()) {
        on.entry(pod.node.as_str()).or_default().push(pod);
    }
    nodes
        .iter()
        .map(|node| {
            let name = node.pointer("/metadata/name").and_then(Value::as_str);
            let name = name.unwrap_or_default();
            let pods = on.remove(name).unwrap_or_default();
            let allocatable = allocatable(node);
            let mut free = allocatable.clone();
            for pod in &pods {
                for (resource, amount) in held(pod) {
                    if let Some(free) = free.get_mut(&resource) {
                        *free = free.saturating_sub(amount);
                    }
                }
                if let Some(free) = free.get_mut("pods") {
                    *free = free.saturating_sub(1);
                }
            }
            Machine {
                name,
                node,
                allocatable,
                free,
                pods,
            }
        })
        .collect()
}

fn allocatable(node: &Value) -> BTreeMap<String, u64> {
    let amounts = node
        .pointer("/status/allocatable")
        .and_then(Value::as_object);
    let amounts = amounts.into_iter().flatten();
    amounts
        .filter_map(|(resource, amount)| {
            let amount = amount.as_str()?;
            let number = if resource == "cpu" {
                quantity::parse_millicores(amount)
            } else {
                quantity::parse_count(amount)
            };
            Some((resource.clone(), number?))
        })
        .collect()
}

/// What a pod holds.
fn held(pod: &Pod) -> BTreeMap<String, u64> {
    let extended = pod.requests.extended.iter();
    let mut held: BTreeMap<String, u64> = extended
        .map(|(resource, amount)| (resource.to_string(), *amount))
        .collect();
    held.insert("cpu".to_owned(), pod.requests.cpu_millicores);
    held.insert("memory".to_owned(), pod.requests.memory_bytes);
    held
}

/// How often `wanted` fits into `there`.
fn times(there: &BTreeMap<String, u64>, wanted: &BTreeMap<String, u64>) -> u64 {
    let most = there.get("pods").copied().unwrap_or(u64::from(u32::MAX));
    wanted
        .iter()
        .filter_map(|(resource, wanted)| {
            there
                .get(resource)
                .copied()
                .unwrap_or(0)
                .checked_div(*wanted)
        })
        .fold(most, u64::min)
}

/// Whether a taint is tolerated.
///
/// Source: `ToleratesTaint` in `k8s.io/component-helpers/scheduling/corev1` of Kubernetes 1.36.
fn tolerated(taint: &Value, tolerations: &[Value]) -> bool {
    let text = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    tolerations.iter().any(|known| {
        let effect = text(known, "effect");
        let key = text(known, "key");
        (effect.is_empty() || effect == text(taint, "effect"))
            && (key.is_empty() || key == text(taint, "key"))
            && match text(known, "operator").as_str() {
                "Exists" => true,
                "" | "Equal" => text(known, "value") == text(taint, "value"),
                _ => false,
            }
    })
}

/// An amount as people say it.
#[expect(
    clippy::cast_precision_loss,
    reason = "bytes and cores are far below 2^53"
)]
fn amount(resource: &str, number: u64) -> String {
    match resource {
        "cpu" => PhraseValue::Number(number as f64 / 1000.0).to_string(),
        "memory" | "ephemeral-storage" => PhraseValue::Bytes(number as f64).to_string(),
        _ => number.to_string(),
    }
}
