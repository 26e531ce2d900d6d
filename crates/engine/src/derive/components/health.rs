//! What speaks against a component: pods that are missing, an API that does not answer, objects
//! that say so.

use jiff::Timestamp;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_catalog::{Catalog, Component};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    pod::Pod,
    severity::Severity,
    text::Text,
    workload::{Workload, WorkloadKind},
};

use super::{ComponentFault, evidence::Evidence, fault, is_of};
use crate::{
    derive::{pods::brief, trouble::PodsHealth},
    fleet::cluster::Cluster,
};

pub(super) type Verdict = Option<(Severity, ComponentFault)>;

/// Fewer pods are ready than are wanted.
pub(super) fn short_of_pods(evidence: &Evidence<'_>, cluster: &Cluster, now: Timestamp) -> Verdict {
    let of_lone = PodsHealth::of(evidence.pods.iter().copied(), cluster, now);
    if let Some(trouble) = of_lone
        .worst
        .filter(|worst| worst.severity >= Severity::Warning)
    {
        let is_by_nodes = of_lone.lost == of_lone.faulty;
        return Some((
            trouble.severity.min(Severity::Warning),
            ComponentFault {
                since: trouble.since,
                object: Some((GroupKind::new("", "Pod"), trouble.pod.clone())),
                pod: Some(trouble.clone()),
                is_by_nodes,
                ..fault(trouble.reason)
            },
        ));
    }
    let short = evidence
        .workloads
        .iter()
        .filter(|member| member.ready < member.desired);
    let worst = short.max_by_key(|member| {
        (
            member.ready == 0,
            member.desired - member.ready,
            std::cmp::Reverse(&member.metadata.key),
        )
    });
    let Some(member) = worst else {
        let is_stopped = !evidence.workloads.is_empty()
            && evidence
                .workloads
                .iter()
                .all(|member| member.desired == 0 && member.kind != WorkloadKind::DaemonSet);
        let reason = Phrase::new(PhraseCode::ComponentStopped);
        return is_stopped.then(|| (Severity::Paused, fault(reason)));
    };
    let health = PodsHealth::of(pods_of(cluster, member), cluster, now);
    let object = GroupKind::new(member.kind.group(), member.kind.as_str());
    let key = member.metadata.key.clone();
    let severity = match &health.worst {
        // Everything that is missing is merely on its way.
        None if health.current >= member.desired => Severity::Notice,
        _ if member.ready == 0 => Severity::Critical,
        _ => Severity::Warning,
    };
    let reason = health.worst.as_ref().map_or_else(
        || {
            let code = if severity == Severity::Notice {
                PhraseCode::ComponentStarting
            } else {
                PhraseCode::ComponentShort
            };
            Phrase::new(code)
                .with("workload", key.name.as_str())
                .with("ready", member.ready)
                .with("desired", member.desired)
        },
        |trouble| trouble.reason.clone(),
    );
    let since = health.worst.as_ref().and_then(|trouble| trouble.since);
    let is_by_nodes = health.faulty > 0 && health.lost == health.faulty;
    Some((
        severity,
        ComponentFault {
            since,
            object: Some((object, key)),
            pod: health.worst,
            is_by_nodes,
            ..fault(reason)
        },
    ))
}

/// The pods that `workload` keeps, through its ReplicaSets where it has them.
fn pods_of<'a>(cluster: &'a Cluster, workload: &'a Workload) -> impl Iterator<Item = &'a Pod> {
    let uid = &workload.metadata.uid;
    let own = cluster.pods_of_owner(uid);
    let below = cluster
        .workloads_owned_by(uid)
        .flat_map(|below| cluster.pods_of_owner(&below.metadata.uid));
    own.chain(below)
}

/// An aggregated API of it does not answer.
pub(super) fn unanswered(evidence: &Evidence<'_>) -> Verdict {
    let (name, message) = evidence.unavailable.iter().min()?;
    let reason = Phrase::new(PhraseCode::ApiServiceUnavailable)
        .with("name", name.as_str())
        .with("message", brief(message));
    let kind = GroupKind::new("apiregistration.k8s.io", "APIService");
    let object = Some((kind, ObjectKey::new("", (*name).clone())));
    Some((
        Severity::Critical,
        ComponentFault {
            object,
            ..fault(reason)
        },
    ))
}

/// What its own objects say of its health.
pub(super) fn said_by_objects(
    component: &Component,
    cluster: &Cluster,
    catalog: &Catalog,
) -> Verdict {
    let rules = component
        .kinds
        .iter()
        .filter(|rule| !rule.health.is_empty());
    let said = rules.flat_map(|rule| {
        let mine = cluster
            .custom(&rule.kind)
            .filter(|custom| is_of(custom, rule, catalog));
        mine.filter_map(move |custom| Some((custom, rule.health_of(custom)?)))
    });
    let (custom, reading) = said
        .filter(|(_, reading)| reading.verdict != Severity::Ok)
        .max_by_key(|(custom, reading)| {
            (
                reading.verdict,
                std::cmp::Reverse(custom.metadata.key.clone()),
            )
        })?;
    let message = reading
        .condition
        .map(|found| brief(&found.message))
        .unwrap_or_default();
    let code = if message.is_empty() {
        PhraseCode::ObjectSays
    } else {
        PhraseCode::ObjectSaysWhy
    };
    let word = if reading.word.is_empty() {
        reading.condition.map_or("", |found| found.kind.as_str())
    } else {
        reading.word
    };
    let mut reason = Phrase::new(code)
        .with("kind", custom.kind.kind.as_str())
        .with("name", custom.metadata.key.name.as_str())
        .with("word", word);
    if !message.is_empty() {
        reason = reason.with("message", message);
    }
    Some((
        reading.verdict,
        ComponentFault {
            since: reading.condition.and_then(|found| found.since),
            object: Some((custom.kind.clone(), custom.metadata.key.clone())),
            word: Text::from(word),
            ..fault(reason)
        },
    ))
}
