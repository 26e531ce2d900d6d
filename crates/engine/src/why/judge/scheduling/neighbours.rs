//! Rules about other pods: affinity, anti-affinity, topology spread.
//!
//! Source: the plugins `interpodaffinity` and `podtopologyspread` of the scheduler of Kubernetes 1.36.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};
use strata_domain::pod::Pod;

use super::{
    super::super::words::{finding, say},
    Found, Machine, Obstacle, Waiting, read,
};

const AFFINITY: &str = "/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution";
const ANTI: &str = "/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution";

/// The rules of one pod, with the domains that they allow or forbid.
pub(super) struct Rules<'a> {
    waiting: &'a Waiting<'a>,
    /// For each affinity term its topology key and the domains that have such pods; none where the
    /// pod is the first of its kind and may go anywhere.
    beside: Vec<(&'a str, Option<BTreeSet<String>>)>,
    /// For each anti-affinity term its topology key and the domains that have such pods.
    apart: Vec<(&'a str, BTreeSet<String>)>,
    /// For each spread constraint its topology key and the domains that have too many.
    spread: Vec<(&'a str, BTreeSet<String>)>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(waiting: &'a Waiting<'a>, eligible: &[&Machine<'_>]) -> Self {
        let pod = waiting.pod;
        let own = |key: &str| {
            let labels = pod.pointer("/metadata/labels")?;
            Some(labels.get(key)?.as_str()?.to_owned())
        };
        let domains = |term: &Value| -> BTreeSet<String> {
            let key = read::text(term, "/topologyKey");
            eligible
                .iter()
                .filter(|machine| machine.pods.iter().any(|other| is_meant(pod, term, other)))
                .filter_map(|machine| machine.label(key))
                .collect()
        };
        let beside = read::list(pod, AFFINITY)
            .iter()
            .map(|term| {
                let there = domains(term);
                let is_first = there.is_empty()
                    && read::selects(term.get("labelSelector"), &own)
                    && is_own_namespace(pod, term);
                let key = read::text(term, "/topologyKey");
                (key, (!is_first).then_some(there))
            })
            .collect();
        let apart = read::list(pod, ANTI)
            .iter()
            .map(|term| (read::text(term, "/topologyKey"), domains(term)))
            .collect();
        let spread = read::list(pod, "/spec/topologySpreadConstraints")
            .iter()
            .filter(|rule| read::text(rule, "/whenUnsatisfiable") == "DoNotSchedule")
            .map(|rule| {
                let key = read::text(rule, "/topologyKey");
                (key, crowded(pod, rule, eligible, &own))
            })
            .collect();
        Self {
            waiting,
            beside,
            apart,
            spread,
        }
    }

    /// The rules that forbid the node.
    pub(super) fn obstacles(&self, machine: &Machine<'_>) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        let has = |key: &str, domains: &BTreeSet<String>| {
            machine
                .label(key)
                .is_some_and(|domain| domains.contains(&domain))
        };
        if self.beside.iter().any(|(key, domains)| match domains {
            Some(domains) => !has(key, domains),
            None => machine.label(key).is_none(),
        }) {
            obstacles.push(Obstacle::Affinity);
        }
        if self.apart.iter().any(|(key, domains)| has(key, domains)) {
            obstacles.push(Obstacle::AntiAffinity);
        }
        let is_crowded = |(key, domains): &(&str, BTreeSet<String>)| {
            machine
                .label(key)
                .is_none_or(|domain| domains.contains(&domain))
        };
        if self.spread.iter().any(is_crowded) {
            obstacles.push(Obstacle::Spread);
        }
        obstacles
    }

    /// The reason that an obstacle is.
    pub(super) fn found(&self, obstacle: Obstacle, nodes: usize) -> Found {
        let pod = self.waiting.pod;
        let (code, phrase, rules, field) = match obstacle {
            Obstacle::Affinity => (
                ReasonCode::PodAffinity,
                PhraseCode::WhyPodAffinity,
                read::list(pod, AFFINITY),
                "spec.affinity.podAffinity",
            ),
            Obstacle::AntiAffinity => (
                ReasonCode::PodAntiAffinity,
                PhraseCode::WhyPodAntiAffinity,
                read::list(pod, ANTI),
                "spec.affinity.podAntiAffinity",
            ),
            Obstacle::Spread | Obstacle::Room => (
                ReasonCode::TopologySpread,
                PhraseCode::WhySpread,
                read::list(pod, "/spec/topologySpreadConstraints"),
                "spec.topologySpreadConstraints",
            ),
        };
        let rule = rules.first().unwrap_or(&Value::Null);
        let key = read::text(rule, "/topologyKey");
        let labels = selector_said(rule);
        let sentence = say(phrase)
            .with("labels", labels.as_str())
            .with("key", key)
            .with("skew", read::count(rule, "/maxSkew"))
            .with("nodes", nodes);
        Found::new(code, sentence, say(PhraseCode::ActNeighbours))
            .because(finding(pod, field, &format!("{labels} / {key}")))
            .because(self.waiting.said.clone())
    }
}

/// The domains to which one more such pod would be one too many.
fn crowded(
    pod: &Value,
    rule: &Value,
    eligible: &[&Machine<'_>],
    own: &dyn Fn(&str) -> Option<String>,
) -> BTreeSet<String> {
    let key = read::text(rule, "/topologyKey");
    let selector = rule.get("labelSelector");
    let same: Vec<(&str, Option<String>)> = read::list(rule, "/matchLabelKeys")
        .iter()
        .filter_map(Value::as_str)
        .map(|key| (key, own(key)))
        .collect();
    let counts = |other: &&&Pod| {
        let label = |key: &str| other.metadata.labels.get(key).map(str::to_owned);
        other.metadata.key.namespace == read::namespace(pod)
            && other.metadata.deleting.is_none()
            && read::selects(selector, &label)
            && same.iter().all(|(key, value)| label(key) == *value)
    };
    let mut domains: BTreeMap<String, i64> = BTreeMap::new();
    for machine in eligible {
        if let Some(domain) = machine.label(key) {
            let there = machine.pods.iter().filter(counts).count();
            *domains.entry(domain).or_default() += i64::try_from(there).unwrap_or(i64::MAX);
        }
    }
    let wanted_domains = read::number(rule, "/minDomains").unwrap_or(1);
    let is_short_of_domains = i64::try_from(domains.len()).unwrap_or(i64::MAX) < wanted_domains;
    let least = if is_short_of_domains {
        0
    } else {
        domains.values().copied().min().unwrap_or(0)
    };
    let itself = i64::from(read::selects(selector, own));
    let skew = read::number(rule, "/maxSkew").unwrap_or(1);
    domains
        .into_iter()
        .filter(|(_, there)| there + itself - least > skew)
        .map(|(domain, _)| domain)
        .collect()
}

/// Whether a term of the pod means `other`.
fn is_meant(pod: &Value, term: &Value, other: &Pod) -> bool {
    let label = |key: &str| other.metadata.labels.get(key).map(str::to_owned);
    let namespace = other.metadata.key.namespace.as_str();
    let named: Vec<&str> = read::list(term, "/namespaces")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    // A selector of namespaces is taken for all of them: their labels are not at hand.
    let is_there = term.get("namespaceSelector").is_some()
        || named.contains(&namespace)
        || named.is_empty() && namespace == read::namespace(pod);
    is_there && read::selects(term.get("labelSelector"), &label)
}

fn is_own_namespace(pod: &Value, term: &Value) -> bool {
    let named = read::list(term, "/namespaces");
    term.get("namespaceSelector").is_some()
        || named.is_empty()
        || named
            .iter()
            .any(|name| name.as_str() == Some(read::namespace(pod)))
}

/// A rule's label selector as people read it.
fn selector_said(rule: &Value) -> String {
    let labels = read::texts(rule, "/labelSelector/matchLabels")
        .map(|(key, value)| format!("{key}={value}"));
    let expressions = read::list(rule, "/labelSelector/matchExpressions")
        .iter()
        .map(|expression| {
            let values: Vec<&str> = read::list(expression, "/values")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let operator = read::text(expression, "/operator");
            format!(
                "{} {operator} {}",
                read::text(expression, "/key"),
                values.join(", ")
            )
        });
    labels.chain(expressions).collect::<Vec<_>>().join(", ")
}
