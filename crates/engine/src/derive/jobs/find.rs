//! Which topmost objects are jobs, and what each says of itself.
//!
//! A kind that is read as a job is one. Of the rest, these are: what the catalogue calls an
//! application that trains, serves, steps or is someone's workbench; a Deployment or StatefulSet
//! that is such an application; and whatever asks for accelerators or waits in a queue, a lone pod
//! or an object of a kind that nobody described alike.

use strata_catalog::{ApplicationRule, Phase, Purpose};
use strata_domain::{
    custom::Custom,
    ids::GroupKind,
    job::{JobObject, JobState, by_conditions},
    metadata::Metadata,
};

use super::Setting;
use crate::{
    derive::owners::{Root, RootId, is_current},
    fleet::cluster::ObjectRef,
};

/// A job's object and what it says.
pub(super) struct Found<'a> {
    /// What carries its labels: the object, or its first pod where it is not held.
    pub(super) metadata: Option<&'a Metadata>,
    pub(super) said: JobObject,
}

/// What `root` says as a job; `None` where it is none.
pub(super) fn job<'a>(setting: Setting<'a>, id: RootId, root: &Root) -> Option<Found<'a>> {
    let held = setting.cluster.object(&root.kind, &root.uid);
    match held {
        Some(ObjectRef::Custom(custom)) => of_custom(setting, id, root, custom),
        Some(ObjectRef::Workload(workload)) => {
            let said = workload.job.as_deref()?;
            let is_one = root.kind.kind == "Job" || serves(setting, id);
            is_one.then(|| Found {
                metadata: Some(&workload.metadata),
                said: said.clone(),
            })
        }
        Some(ObjectRef::Pod(pod)) => {
            let is_one =
                asks(setting, root) || setting.queues.of_labels(&pod.metadata.labels).is_some();
            is_one.then(|| Found {
                metadata: Some(&pod.metadata),
                said: by_phase(pod.phase),
            })
        }
        Some(_) => None,
        None => {
            let is_one = asks(setting, root) || setting.queues.admission(id).is_some();
            let first = root
                .pods
                .first()
                .and_then(|slot| setting.cluster.pod_table().at(*slot));
            is_one.then(|| Found {
                metadata: first.map(|pod| &pod.metadata),
                said: JobObject::default(),
            })
        }
    }
}

fn of_custom<'a>(
    setting: Setting<'a>,
    id: RootId,
    root: &Root,
    custom: &'a Custom,
) -> Option<Found<'a>> {
    if custom.kind.kind == "PodGroup" {
        return None;
    }
    let found = |said| Found {
        metadata: Some(&custom.metadata),
        said,
    };
    if let Some(said) = &custom.job {
        return Some(found((**said).clone()));
    }
    let rule = setting
        .catalog
        .kind_rule(&custom.kind)
        .and_then(|rule| rule.application());
    let is_described = rule.is_some_and(|rule| rule.purpose != Purpose::Data);
    let is_one = is_described
        || (setting.components.of_root(id).is_none() && asks(setting, root))
        || setting.queues.admission(id).is_some();
    is_one.then(|| found(by_rule(rule, custom)))
}

/// Whether a Deployment or StatefulSet is there for a model: it is an application of its own, and
/// serves, holds accelerators or is in a queue.
fn serves(setting: Setting<'_>, id: RootId) -> bool {
    setting.applications.of_root(id).is_some_and(|application| {
        application.purpose == Some(Purpose::Serving)
            || application.gpus > 0
            || application.admission.is_some()
    })
}

fn asks(setting: Setting<'_>, root: &Root) -> bool {
    let table = setting.cluster.pod_table();
    let mut pods = root.pods.iter().filter_map(|slot| table.at(*slot));
    pods.any(|pod| {
        (is_current(pod) || root.kind.kind != "Pod") && setting.accelerators.are_asked_by(pod)
    })
}

/// By the words that the catalogue knows of the kind, else by those that most projects write.
fn by_rule(rule: Option<&ApplicationRule>, custom: &Custom) -> JobObject {
    let phase = custom
        .field("status.phase")
        .or_else(|| custom.field("status.state"))
        .unwrap_or_default();
    let said = by_conditions(&custom.conditions, phase);
    let Some(rule) = rule else { return said };
    let reading = rule.phase_of(custom);
    let state = match reading.verdict {
        Phase::Queued => JobState::Queued,
        Phase::Admitted => JobState::Admitted,
        Phase::Pending | Phase::Restarting => JobState::Starting,
        Phase::Running | Phase::Degraded | Phase::Stopping => JobState::Running,
        Phase::Suspended => JobState::Suspended,
        Phase::Succeeded => JobState::Succeeded,
        Phase::Failed => JobState::Failed,
        Phase::Unknown => said.state,
    };
    let told = reading.condition.map_or_else(
        || JobObject::of(state, reading.word),
        |found| JobObject::by(state, found),
    );
    let replicas = rule.replicas_of(custom);
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    JobObject {
        is_lasting: matches!(rule.purpose, Purpose::Serving | Purpose::Notebook),
        wanted: replicas.map(|replicas| count(replicas.desired)),
        ready: replicas.map(|replicas| count(replicas.ready)),
        ..if told.reason.is_empty() {
            JobObject { state, ..said }
        } else {
            told
        }
    }
}

fn by_phase(phase: strata_domain::pod::Phase) -> JobObject {
    use strata_domain::pod::Phase;
    let state = match phase {
        Phase::Pending => JobState::Starting,
        Phase::Running => JobState::Running,
        Phase::Succeeded => JobState::Succeeded,
        Phase::Failed => JobState::Failed,
        Phase::Unknown => JobState::Unknown,
    };
    JobObject {
        wanted: Some(1),
        ..JobObject::of(state, "")
    }
}

/// What waits in a queue for `root`: Kueue's Workload, which stays when the job is over, or a
/// PodGroup.
pub(super) fn admission<'a>(setting: Setting<'a>, id: RootId, root: &Root) -> Option<&'a Custom> {
    let kind = GroupKind::new("kueue.x-k8s.io", "Workload");
    let own = || setting.cluster.custom_owned_by(&kind, &root.uid);
    let newest = own().max_by_key(|custom| custom.metadata.created);
    if newest.is_some() {
        return newest;
    }
    let (kind, key) = &setting.queues.admission(id)?.object;
    let found = setting
        .cluster
        .custom_named(kind, &key.namespace, &key.name)?;
    // Where it stands for itself there is nothing else to ask.
    (found.metadata.uid != root.uid).then_some(found)
}
