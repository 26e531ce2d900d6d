//! Applications that fail or wait, and failing pods that belong to nothing we show.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use strata_api::phrases::{Phrase, PhraseCode};
use strata_catalog::Phase;
use strata_domain::{
    ids::GroupKind, layer::Layer, severity::Severity, subject::Subject, text::Text,
};

use super::{Attention, kubectl_describe, remedy, resource};
use crate::{
    derive::{
        Derived,
        applications::Application,
        pods::{brief, seconds},
        trouble::PodsHealth,
    },
    fleet::cluster::Cluster,
};

/// A shorter wait in a queue is what queues are for.
const WAIT_TOLD: SignedDuration = SignedDuration::from_mins(5);

/// The lines about applications and pods.
pub(super) fn lines(derived: &Derived, cluster: &Cluster, now: Timestamp) -> Vec<Attention> {
    let all = || derived.applications.list.iter();
    let is_fault = |application: &&Application| {
        application.severity >= Severity::Notice && application.reason.is_some()
    };
    let mut lines: Vec<Attention> = all()
        .filter(is_fault)
        .filter(|application| application.phase != Phase::Queued && !application.is_by_nodes)
        .filter_map(failing)
        .collect();
    let mut queues: BTreeMap<&Text, Vec<&Application>> = BTreeMap::new();
    for application in all().filter(|application| application.phase == Phase::Queued) {
        let waited = application.since.map(|since| now.duration_since(since));
        if waited.is_some_and(|waited| waited >= WAIT_TOLD) {
            queues
                .entry(&application.queue)
                .or_default()
                .push(application);
        }
    }
    for (queue, mut waiting) in queues {
        waiting.sort_by_key(|application| (application.since, &application.key));
        if queue.is_empty() || waiting.len() == 1 {
            lines.extend(
                waiting
                    .into_iter()
                    .filter_map(|application| waits(queue, application)),
            );
        } else {
            lines.extend(wait_together(queue, &waiting, now));
        }
    }
    lines.extend(strays(derived, cluster, now));
    lines
}

fn failing(application: &Application) -> Option<Attention> {
    let ready = application
        .ready
        .filter(|ready| ready.ready < ready.desired);
    let name = application.name.as_str();
    let title = match (application.phase, ready) {
        (Phase::Failed, _) => Phrase::new(PhraseCode::ApplicationFailedTitle)
            .with("kind", application.kind.kind.as_str()),
        (_, Some(ready)) if ready.ready == 0 => Phrase::new(PhraseCode::ApplicationDownTitle),
        (_, Some(ready)) => Phrase::new(PhraseCode::ApplicationShortTitle)
            .with("ready", ready.ready)
            .with("desired", ready.desired),
        (_, None) => Phrase::new(PhraseCode::ApplicationUnwellTitle),
    };
    let key = &application.key;
    let (action, command) = application.trouble.as_ref().map_or_else(
        || {
            let object = format!("{} {}", application.kind.kind, key.name);
            let resource = resource(&application.kind);
            let command = kubectl_describe(&resource, Some(&key.namespace), &key.name);
            (
                Phrase::new(PhraseCode::ActObject).with("object", object),
                command,
            )
        },
        remedy,
    );
    let missing = ready.map_or(1, |ready| ready.desired - ready.ready);
    Some(Attention {
        id: application.subject.to_string(),
        severity: application.severity,
        title: title.with("name", name),
        reason: application.reason.clone()?,
        action,
        command,
        layer: Layer::Workloads,
        subject: application.subject.clone(),
        since: application.since,
        breadth: u64::from(application.gpus) + u64::from(missing),
        namespace: Some(key.namespace.clone()),
    })
}

/// The kind and name of what waits, as kubectl describes it: its admission object says why.
fn waiting_object(application: &Application) -> (GroupKind, &str, &str) {
    match &application.admission {
        Some(admission) => {
            let (kind, key) = &admission.object;
            (kind.clone(), &key.namespace, &key.name)
        }
        None => (
            application.kind.clone(),
            &application.key.namespace,
            &application.key.name,
        ),
    }
}

fn waits(queue: &Text, application: &Application) -> Option<Attention> {
    let (kind, namespace, name) = waiting_object(application);
    let title = if queue.is_empty() {
        Phrase::new(PhraseCode::WaitsTitle)
    } else {
        Phrase::new(PhraseCode::WaitsInTitle).with("queue", queue.as_str())
    };
    Some(Attention {
        id: application.subject.to_string(),
        severity: application.severity,
        title: title
            .with("kind", application.kind.kind.as_str())
            .with("name", application.name.as_str()),
        reason: application.reason.clone()?,
        action: Phrase::new(PhraseCode::ActQueue),
        command: kubectl_describe(&resource(&kind), Some(namespace), name),
        layer: Layer::Platform,
        subject: application.subject.clone(),
        since: application.since,
        breadth: u64::from(application.gpus) + 1,
        namespace: Some(application.key.namespace.clone()),
    })
}

fn wait_together(queue: &Text, waiting: &[&Application], now: Timestamp) -> Option<Attention> {
    let oldest = waiting.first()?;
    let waited = oldest
        .since
        .map(|since| now.duration_since(since))
        .unwrap_or_default();
    let admission = oldest.admission.as_ref();
    let message = admission
        .map(|known| brief(&known.message))
        .unwrap_or_default();
    let reason = match admission.and_then(|known| known.shortage.as_ref()) {
        Some(short) => Phrase::new(PhraseCode::OldestShort)
            .with("amount", short.amount.as_str())
            .with("resource", short.resource.as_str())
            .with("flavor", short.flavor.as_str()),
        None if message.is_empty() => Phrase::new(PhraseCode::OldestFor),
        None => Phrase::new(PhraseCode::OldestMessage).with("message", message),
    };
    let kind = admission
        .map(|known| known.queue_kind.as_str())
        .unwrap_or_default();
    let namespaces: std::collections::BTreeSet<&Text> = waiting
        .iter()
        .map(|application| &application.key.namespace)
        .collect();
    Some(Attention {
        id: format!("queue/{queue}"),
        severity: waiting
            .iter()
            .map(|application| application.severity)
            .max()?,
        title: Phrase::new(PhraseCode::ManyWaitTitle)
            .with("count", waiting.len())
            .with("queue", queue.as_str()),
        reason: reason
            .with("name", oldest.name.as_str())
            .with("waited", seconds(waited)),
        action: Phrase::new(PhraseCode::ActQueue),
        command: if kind.is_empty() {
            String::new()
        } else {
            kubectl_describe(&kind.to_lowercase(), None, queue)
        },
        layer: Layer::Platform,
        subject: Subject::Queue(queue.clone()),
        since: oldest.since,
        breadth: waiting.len() as u64,
        namespace: match namespaces.len() {
            1 => Some(oldest.key.namespace.clone()),
            _ => None,
        },
    })
}

/// Failing pods of what is neither an application nor a component, by their topmost owner.
fn strays(derived: &Derived, cluster: &Cluster, now: Timestamp) -> Vec<Attention> {
    let table = cluster.pod_table();
    let mut lines = Vec::new();
    for (id, root) in derived.owners.roots() {
        let is_shown = derived.applications.of_root(id).is_some()
            || derived.components.of_root(id).is_some()
            || derived.components.of_pod(&root.uid).is_some();
        if is_shown {
            continue;
        }
        let pods = || root.pods.iter().filter_map(|slot| table.at(*slot));
        let health = PodsHealth::of(
            pods().filter(|pod| super::super::owners::is_current(pod)),
            cluster,
            now,
        );
        let Some(trouble) = health.worst.as_ref() else {
            continue;
        };
        if health.lost == health.faulty || trouble.severity < Severity::Warning {
            continue;
        }
        let (action, command) = remedy(trouble);
        let is_pod = root.kind == GroupKind::new("", "Pod");
        lines.push(Attention {
            id: format!(
                "pods/{}/{}/{}",
                root.key.namespace, root.kind.kind, root.key.name
            ),
            severity: if health.ready == 0 {
                trouble.severity
            } else {
                Severity::Warning
            },
            title: Phrase::new(PhraseCode::PodsFailTitle)
                .with("name", root.key.name.as_str())
                .with("faulty", health.faulty)
                .with("pods", health.current),
            reason: trouble.reason.clone(),
            action,
            command,
            layer: Layer::Workloads,
            subject: if is_pod {
                Subject::Pod(root.key.clone())
            } else {
                Subject::Application {
                    kind: root.kind.kind.clone(),
                    key: root.key.clone(),
                }
            },
            since: trouble.since,
            breadth: u64::from(health.faulty),
            namespace: Some(root.key.namespace.clone()),
        });
    }
    lines
}
