//! GPUs that reported a fault, and GPUs that are held while nothing runs on them: what exporters
//! measure, joined with what Kubernetes knows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_api::phrases::{Phrase, PhraseCode, PhraseValue};
use strata_domain::{
    ids::ObjectKey, layer::Layer, severity::Severity, subject::Subject, text::Text,
};

use super::{Attention, kubectl_describe, order};
use crate::derive::{
    Derived,
    gpus::{Fault, Gpu, GpuState, Gpus, Holder},
    pods::seconds,
};

/// What ids of lines about GPUs begin with.
const PREFIX: &str = "gpu/";

/// Puts what `gpus` says into the attention list of `derived`, in the place of what it said before.
pub(crate) fn attend(derived: &mut Derived, gpus: &Gpus, now: Timestamp) {
    let faulty: Vec<Attention> = gpus.iter().filter_map(broken).collect();
    // A node's line counts devices that Kubernetes withholds; where each of them says what is wrong
    // with it, it says nothing more.
    let explained = |node: &str, withheld: u32| {
        let told = gpus
            .on(node)
            .iter()
            .filter(|gpu| reported(gpu).is_some())
            .count();
        told as u64 >= u64::from(withheld)
    };
    let covered: Vec<String> = derived
        .accelerators
        .nodes()
        .filter(|(node, known)| known.unhealthy > 0 && explained(node, known.unhealthy))
        .map(|(node, _)| format!("devices/{node}"))
        .collect();
    derived
        .attention
        .retain(|line| !line.id.starts_with(PREFIX) && !covered.contains(&line.id));
    derived.attention.extend(faulty);
    derived.attention.extend(idle(gpus, now));
    derived
        .attention
        .sort_by(|left, right| order(left).cmp(&order(right)));
}

/// The fault that `gpu` reported itself and that ends work on it.
fn reported(gpu: &Gpu) -> Option<&Fault> {
    gpu.faults
        .iter()
        .find(|fault| fault.ends_work() && !matches!(fault, Fault::Withdrawn { .. }))
}

fn broken(gpu: &Gpu) -> Option<Attention> {
    // What its node's line says is not said again for each of its GPUs.
    if gpu.state == GpuState::Unknown {
        return None;
    }
    let fault = reported(gpu)?;
    let title = fault
        .title()
        .with("node", gpu.node.as_str())
        .with("index", gpu.index);
    let title = match fault {
        Fault::Xid { .. } => Phrase {
            code: PhraseCode::XidOnNode,
            ..title
        },
        _ => Phrase {
            code: PhraseCode::GpuBroken,
            ..title
        },
    };
    let is_held = gpu.is_held();
    Some(Attention {
        id: format!("{PREFIX}{}/{}", gpu.node, gpu.index),
        severity: fault.severity(is_held),
        title,
        reason: fault.meaning(gpu),
        action: fault.action(gpu),
        command: kubectl_describe("node", None, &gpu.node),
        layer: Layer::Hardware,
        subject: Subject::Node(gpu.node.clone()),
        since: None,
        breadth: 1 + gpu.holders.len() as u64,
        namespace: None,
    })
}

/// A workload's namespace, kind and name.
type Workload<'a> = (&'a Text, &'a Text, &'a Text);

/// One line for each workload that holds GPUs idle.
fn idle(gpus: &Gpus, now: Timestamp) -> impl Iterator<Item = Attention> {
    let mut by_workload: BTreeMap<Workload<'_>, Vec<(&Gpu, &Holder)>> = BTreeMap::new();
    for gpu in gpus.iter().filter(|gpu| gpu.state == GpuState::IdleHeld) {
        if let Some(holder) = gpu.holders.first() {
            let workload = (
                &holder.pod.namespace,
                &holder.workload_kind,
                &holder.workload,
            );
            by_workload.entry(workload).or_default().push((gpu, holder));
        }
    }
    let lines: Vec<Attention> = by_workload
        .into_iter()
        .map(|((namespace, kind, name), held)| {
            let memory: f64 = held
                .iter()
                .filter_map(|(gpu, _)| gpu.memory.map(|(used, _)| used))
                .sum();
            let since = held.iter().filter_map(|(gpu, _)| gpu.idle_since).min();
            let waited = since
                .map(|since| now.duration_since(since))
                .unwrap_or_default();
            let workload = format!("{kind} {name}");
            let subject = match (kind.as_str(), held.first()) {
                ("Pod", Some((_, holder))) => Subject::Pod(holder.pod.clone()),
                _ => Subject::Application {
                    kind: kind.clone(),
                    key: ObjectKey::new(namespace.clone(), name.clone()),
                },
            };
            Attention {
                id: format!("{PREFIX}idle/{namespace}/{kind}/{name}"),
                severity: Severity::Notice,
                title: Phrase::new(PhraseCode::GpusHeldIdle)
                    .with("workload", workload.as_str())
                    .with("count", held.len()),
                reason: Phrase::new(PhraseCode::GpusHeldIdleWhy)
                    .with("memory", PhraseValue::Bytes(memory))
                    .with("waited", seconds(waited)),
                action: Phrase::new(PhraseCode::ActAskHolder).with("workload", workload),
                command: format!("kubectl get pods -n {namespace}"),
                layer: Layer::Hardware,
                subject,
                since,
                breadth: held.len() as u64,
                namespace: Some(namespace.clone()),
            }
        })
        .collect();
    lines.into_iter()
}
