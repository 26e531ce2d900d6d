//! What needs attention: one line for each cause, the worst first.
//!
//! What fails because its node does not answer is folded into the node's line, the pods of one
//! application into the application's, what waits in one queue into the queue's. Lines are ranked by
//! severity, then by how much they hurt, then by how long they have.

use std::cmp::Reverse;

use jiff::Timestamp;
use strata_api::phrases::Phrase;
use strata_catalog::Catalog;
use strata_domain::{layer::Layer, severity::Severity, subject::Subject, text::Text};

use super::{Derived, pods::Remedy, trouble::Trouble};
use crate::fleet::cluster::Cluster;

mod apps;
mod gpus;
mod machines;
mod parts;
#[cfg(test)]
mod tests;

pub(crate) use gpus::attend;

/// A line of the attention list.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    /// What tells it from the others, stable as long as its cause lasts.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub title: Phrase,
    /// Why, and what it hurts.
    pub reason: Phrase,
    /// What to do next.
    pub action: Phrase,
    /// A command that does or shows it; empty where there is none.
    pub command: String,
    /// The layer where it is wrong.
    pub layer: Layer,
    /// What it is wrong with.
    pub subject: Subject,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
    /// How many things it hurts: devices and pods.
    pub breadth: u64,
    /// The namespace that it is about; absent for what is about the whole cluster.
    pub namespace: Option<Text>,
}

/// Everything that needs attention, the worst first.
pub(super) fn rank(
    derived: &Derived,
    cluster: &Cluster,
    catalog: &Catalog,
    now: Timestamp,
) -> Vec<Attention> {
    let mut lines = machines::lines(derived, cluster, now);
    lines.extend(parts::lines(derived, cluster, catalog));
    lines.extend(apps::lines(derived, cluster, now));
    lines.sort_by(|left, right| order(left).cmp(&order(right)));
    lines
}

fn order(
    line: &Attention,
) -> (
    Reverse<Severity>,
    Reverse<u64>,
    bool,
    Option<Timestamp>,
    &str,
) {
    let age = line.since;
    (
        Reverse(line.severity),
        Reverse(line.breadth),
        age.is_none(),
        age,
        &line.id,
    )
}

/// What to do about a pod, and the command that shows more.
fn remedy(trouble: &Trouble) -> (Phrase, String) {
    use strata_api::phrases::PhraseCode;
    let pod = &trouble.pod;
    let describe = || kubectl_describe("pod", Some(&pod.namespace), &pod.name);
    let logs = |previous: &str| {
        let container = if trouble.container.is_empty() {
            String::new()
        } else {
            format!(" -c {}", trouble.container)
        };
        format!(
            "kubectl logs -n {} {}{container}{previous}",
            pod.namespace, pod.name
        )
    };
    let (code, command) = match trouble.remedy {
        Remedy::Node => (PhraseCode::ActNode, describe()),
        Remedy::Logs => (PhraseCode::ActLogs, logs(" --previous")),
        Remedy::Memory => (PhraseCode::ActMemory, describe()),
        Remedy::Image => (PhraseCode::ActImage, describe()),
        Remedy::Start => (PhraseCode::ActEvents, describe()),
        Remedy::Room => (PhraseCode::ActRoom, describe()),
        Remedy::Scheduler => (PhraseCode::ActScheduler, describe()),
        Remedy::Evicted => (PhraseCode::ActEvicted, describe()),
        Remedy::Probe => (PhraseCode::ActProbe, logs("")),
        Remedy::End => (PhraseCode::ActFinalizers, describe()),
    };
    (Phrase::new(code).with("pod", pod.name.as_str()), command)
}

/// The command that shows an object in full.
fn kubectl_describe(resource: &str, namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) if !namespace.is_empty() => {
            format!("kubectl describe {resource} -n {namespace} {name}")
        }
        _ => format!("kubectl describe {resource} {name}"),
    }
}

/// How kubectl calls a kind without doubt: `job.v1.batch` is too much, `job.batch` is enough.
fn resource(kind: &strata_domain::ids::GroupKind) -> String {
    let name = kind.kind.to_lowercase();
    if kind.group.is_empty() {
        name
    } else {
        format!("{name}.{}", kind.group)
    }
}
