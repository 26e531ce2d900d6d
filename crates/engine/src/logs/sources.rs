//! Which containers' logs a job has, and how each does.

use jiff::Timestamp;
use strata_api::{phrases::Phrase, topics::JobLog};
use strata_domain::{
    ids::{GroupKind, ObjectKey, Uid},
    pod::{Container, ContainerEnd, ContainerState, Phase, Pod},
    severity::Severity,
};

use super::exits;
use crate::{
    derive::pods::{PodFault, judge},
    project::{
        jobs::ranks::{number, rank},
        pods::Picture,
    },
};

/// Containers that are read at once at most.
pub(super) const MOST: usize = 64;

/// A container of a job, as far as its log is concerned.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spec {
    pub(super) uid: Uid,
    pub(super) pod: ObjectKey,
    pub(super) container: String,
    pub(super) rank: String,
    /// How often it was restarted: tells its runs apart.
    pub(super) restarts: u32,
    /// Whether there is something to be read of the run that is asked for.
    pub(super) has_log: bool,
    /// Whether it still writes.
    pub(super) is_running: bool,
    pub(super) severity: Severity,
    /// What is to be said of it.
    pub(super) said: Option<Phrase>,
    /// How the run that is asked for ended, if badly.
    pub(super) end: Option<ContainerEnd>,
    /// When the present run began.
    pub(super) began: Option<Timestamp>,
    /// The image, where it cannot be had.
    pub(super) image_fault: Option<Phrase>,
}

/// The containers of the job that `of` names, by rank, and how many are left out.
pub(super) fn of(picture: Picture<'_>, of: &JobLog) -> (Vec<Spec>, usize) {
    let kind = GroupKind::new(of.group.as_str(), of.kind.as_str());
    let table = picture.cluster.pod_table();
    let root = picture
        .derived
        .jobs
        .named(&kind, &of.namespace, &of.name)
        .and_then(|job| picture.derived.owners.of_object(&job.uid))
        .and_then(|id| picture.derived.owners.root(id));
    let mut pods: Vec<&Pod> = root
        .into_iter()
        .flat_map(|root| &root.pods)
        .filter_map(|slot| table.at(*slot))
        .collect();
    pods.sort_by_cached_key(|pod| {
        let labels = &pod.metadata.labels;
        (
            number(labels),
            pod.metadata.created,
            pod.metadata.key.clone(),
        )
    });
    let mut specs: Vec<Spec> = pods
        .into_iter()
        .flat_map(|pod| {
            let told = pod
                .containers
                .iter()
                .filter(|container| is_of_interest(container));
            told.map(move |container| spec(picture, of.previous, pod, container))
        })
        .filter(|spec| !of.previous || spec.has_log)
        .collect();
    let more = specs.len().saturating_sub(MOST);
    specs.truncate(MOST);
    (specs, more)
}

/// Init containers that are done as they should be tell nothing.
fn is_of_interest(container: &Container) -> bool {
    let is_done = matches!(&container.state, ContainerState::Ended(end) if end.exit_code == 0);
    !container.init || !is_done
}

fn spec(picture: Picture<'_>, previous: bool, pod: &Pod, container: &Container) -> Spec {
    let node = picture.cluster.node(&pod.node);
    let health = judge(pod, node, picture.now);
    let is_running = matches!(container.state, ContainerState::Running { .. });
    let ended = match &container.state {
        ContainerState::Ended(end) => Some(end.as_ref()),
        _ => None,
    };
    let before = container.last_end.as_deref();
    let has_log = if previous {
        before.is_some() && container.restarts > 0
    } else {
        is_running || ended.is_some() || before.is_some()
    };
    let end = if previous { before } else { ended.or(before) };
    let bad = end.filter(|end| end.exit_code != 0 || end.reason == "OOMKilled");
    let explained = bad.map(|end| exits::explain(end.exit_code, &end.reason));
    let image_fault = health
        .fault
        .as_ref()
        .filter(|fault| matches!(fault, PodFault::ImagePull { .. }))
        .map(PodFault::phrase);
    let is_over = matches!(pod.phase, Phase::Succeeded | Phase::Failed);
    Spec {
        uid: pod.metadata.uid.clone(),
        pod: pod.metadata.key.clone(),
        container: container.name.to_string(),
        rank: rank(&pod.metadata.labels),
        restarts: container.restarts,
        has_log,
        is_running: is_running && !previous && !is_over,
        severity: health.severity,
        said: explained.or_else(|| health.fault.as_ref().map(PodFault::phrase)),
        end: bad.cloned(),
        began: match container.state {
            ContainerState::Running { since } => since,
            _ => None,
        },
        image_fault,
    }
}
