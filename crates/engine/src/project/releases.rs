//! What runs of the releases of a cluster.
//!
//! A release's objects carry its name as a label, so that what runs of it is known without reading
//! what is kept of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use strata_api::{
    frames::KeyedRow,
    phrases::Phrase,
    rows::{
        Ready, Row,
        release::{ReleaseRow, ReleaseState},
    },
};
use strata_domain::{job::JobState, metadata::Metadata, severity::Severity};
use strata_recipes::release::RELEASE_LABEL;

use super::jobs;
use crate::{
    derive::{
        Derived,
        owners::{Root, RootId, is_current},
        trouble::PodsHealth,
    },
    fleet::cluster::{Cluster, ObjectRef},
};

/// A topmost object of a release, and what hangs on it.
struct Part {
    state: ReleaseState,
    severity: Severity,
    reason: Option<Phrase>,
    ready: Option<Ready>,
    gpus: u32,
    job: Option<String>,
    subject: Option<String>,
}

/// A row for each release of which something runs, by namespace and name.
pub fn rows(
    cluster: &Cluster,
    derived: &Derived,
    namespaces: &[String],
    now: Timestamp,
) -> Vec<KeyedRow> {
    let is_shown =
        |namespace: &str| namespaces.is_empty() || namespaces.iter().any(|one| one == namespace);
    let mut releases: BTreeMap<(&str, &str), BTreeSet<RootId>> = BTreeMap::new();
    for metadata in labelled(cluster) {
        let namespace = metadata.key.namespace.as_str();
        let root = derived.owners.of_object(&metadata.uid);
        if let Some((release, root)) = metadata.labels.get(RELEASE_LABEL).zip(root)
            && is_shown(namespace)
        {
            releases
                .entry((namespace, release))
                .or_default()
                .insert(root);
        }
    }
    releases
        .into_iter()
        .map(|((namespace, name), roots)| {
            let parts = roots.into_iter().filter_map(|id| {
                let root = derived.owners.root(id)?;
                Some(part(cluster, derived, id, root, now))
            });
            KeyedRow {
                id: format!("{namespace}/{name}"),
                row: Row::Release(row(namespace, name, parts.collect())),
            }
        })
        .collect()
}

/// What every object of a kind that may run something carries.
fn labelled(cluster: &Cluster) -> impl Iterator<Item = &Metadata> {
    let workloads = cluster.workloads().map(|workload| &workload.metadata);
    let custom = cluster
        .custom_kinds()
        .flat_map(move |kind| cluster.custom(kind))
        .map(|custom| &custom.metadata);
    workloads.chain(custom)
}

fn part(cluster: &Cluster, derived: &Derived, id: RootId, root: &Root, now: Timestamp) -> Part {
    let table = cluster.pod_table();
    let pods = || root.pods.iter().filter_map(|slot| table.at(*slot));
    let health = PodsHealth::of(pods().filter(|pod| is_current(pod)), cluster, now);
    let application = derived.applications.of_root(id);
    let job = derived.jobs.get(&root.uid);
    let worst = health.worst.as_ref();
    let ready = job
        .and_then(|job| job.ready)
        .or_else(|| application.and_then(|application| application.ready))
        .or_else(|| by_object(cluster, root))
        .or_else(|| {
            (health.current > 0).then_some(Ready {
                ready: health.ready,
                desired: health.current,
            })
        });
    let (severity, reason) = match (job, application) {
        (Some(job), _) => (job.severity, job.reason.clone()),
        (None, Some(application)) => (application.severity, application.reason.clone()),
        (None, None) => (
            worst.map_or(Severity::Ok, |worst| worst.severity),
            worst.map(|worst| worst.reason.clone()),
        ),
    };
    let asked = derived
        .accelerators
        .asked_by(pods().filter(|pod| is_current(pod)));
    Part {
        state: state(job.map(|job| job.state), severity, ready),
        severity,
        reason,
        ready,
        gpus: match job.and_then(|job| job.gpus_asked) {
            Some(told) if asked == 0 => told,
            _ => asked,
        },
        job: job.map(|job| jobs::id(job)),
        subject: application.map(|application| application.subject.to_string()),
    }
}

/// As a workload's own status has it.
fn by_object(cluster: &Cluster, root: &Root) -> Option<Ready> {
    match cluster.object(&root.kind, &root.uid)? {
        ObjectRef::Workload(workload) => Some(Ready {
            ready: workload.ready,
            desired: workload.desired,
        }),
        _ => None,
    }
}

fn state(job: Option<JobState>, severity: Severity, ready: Option<Ready>) -> ReleaseState {
    match job {
        Some(JobState::Queued) => return ReleaseState::Queued,
        Some(JobState::Suspended) => return ReleaseState::Stopped,
        Some(JobState::Succeeded) => return ReleaseState::Finished,
        Some(JobState::Failed) => return ReleaseState::Failing,
        _ => {}
    }
    match ready {
        _ if severity == Severity::Critical => ReleaseState::Failing,
        Some(ready) if ready.desired == 0 => ReleaseState::Stopped,
        Some(ready) if ready.ready >= ready.desired => ReleaseState::Up,
        _ => ReleaseState::Starting,
    }
}

/// What of several parts is told of the whole: the later, the sooner.
const fn weight(state: ReleaseState) -> u8 {
    match state {
        ReleaseState::Finished => 0,
        ReleaseState::Stopped => 1,
        ReleaseState::Up => 2,
        ReleaseState::Starting => 3,
        ReleaseState::Queued => 4,
        ReleaseState::Failing => 5,
    }
}

fn row(namespace: &str, name: &str, parts: Vec<Part>) -> ReleaseRow {
    let state = parts
        .iter()
        .map(|part| part.state)
        .max_by_key(|state| weight(*state));
    let severity = parts.iter().map(|part| part.severity).max();
    let worst = parts
        .iter()
        .filter(|part| part.reason.is_some())
        .max_by_key(|part| part.severity);
    let ready = parts
        .iter()
        .filter_map(|part| part.ready)
        .reduce(|sum, ready| Ready {
            ready: sum.ready + ready.ready,
            desired: sum.desired + ready.desired,
        });
    ReleaseRow {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        state: state.unwrap_or(ReleaseState::Stopped),
        severity: severity.unwrap_or_default().into(),
        reason: worst.and_then(|part| part.reason.clone()),
        ready,
        gpus: parts.iter().map(|part| part.gpus).sum(),
        subject: parts
            .iter()
            .find_map(|part| part.subject.clone())
            .unwrap_or_default(),
        jobs: parts.into_iter().filter_map(|part| part.job).collect(),
    }
}

#[cfg(test)]
mod tests {
    use strata_domain::{job::JobObject, object::Object};
    use strata_test_support::objects::{WorkloadBuilder, deployment, job, pod, replica_set};

    use super::*;
    use crate::derive::fixture;

    fn releases(objects: Vec<Object>, namespaces: &[&str]) -> Vec<ReleaseRow> {
        let cluster = fixture::cluster(objects);
        let derived = fixture::derived(&cluster, &fixture::catalog());
        let namespaces: Vec<String> = namespaces.iter().map(|&one| one.to_owned()).collect();
        rows(&cluster, &derived, &namespaces, fixture::now())
            .into_iter()
            .filter_map(|keyed| match keyed.row {
                Row::Release(row) => Some(row),
                _ => None,
            })
            .collect()
    }

    fn web(namespace: &str, name: &str) -> WorkloadBuilder {
        deployment(namespace, name).label(RELEASE_LABEL, name)
    }

    #[test]
    fn objects_of_one_release_are_one_row_and_others_are_none() {
        let found = releases(
            vec![
                web("team", "web").ready(2, 2).object(),
                deployment("team", "web-worker")
                    .label(RELEASE_LABEL, "web")
                    .ready(0, 1)
                    .object(),
                deployment("team", "not-ours").object(),
            ],
            &[],
        );
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].name, "web");
        assert_eq!(found[0].state, ReleaseState::Starting);
        assert_eq!(
            found[0].ready,
            Some(Ready {
                ready: 2,
                desired: 3
            })
        );
    }

    #[test]
    fn only_the_namespaces_that_are_asked_for_are_told() {
        let objects = || {
            vec![
                web("a", "one").ready(1, 1).object(),
                web("b", "two").ready(1, 1).object(),
            ]
        };
        assert_eq!(releases(objects(), &[]).len(), 2);
        let found = releases(objects(), &["b"]);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].name.as_str(), found[0].state),
            ("two", ReleaseState::Up)
        );
    }

    #[test]
    fn what_is_scaled_to_none_has_stopped() {
        let found = releases(vec![web("a", "web").ready(0, 0).object()], &[]);
        assert_eq!(found[0].state, ReleaseState::Stopped);
    }

    #[test]
    fn gpus_of_a_release_are_those_of_its_pods_and_its_job_is_named() {
        let serving = web("a", "chat")
            .image("vllm/vllm-openai:v0.14.0")
            .ready(1, 1)
            .says(JobObject {
                is_lasting: true,
                ..JobObject::default()
            })
            .object();
        let set = replica_set("a", "chat-1").owned_by(&serving).object();
        let member = pod("a", "chat-1-x").on("n").gpus(2).owned_by(&set).object();
        let found = releases(vec![serving, set, member], &[]);
        assert_eq!(found[0].gpus, 2);
        assert_eq!(found[0].jobs, ["a/Deployment.apps/chat"]);
        assert_eq!(found[0].subject, "application/a/Deployment/chat");
    }

    #[test]
    fn a_job_of_a_release_tells_where_that_is_in_its_life() {
        let done = JobObject {
            state: JobState::Succeeded,
            ..JobObject::default()
        };
        let train = job("a", "train").label(RELEASE_LABEL, "train").says(done);
        let found = releases(vec![train.object()], &[]);
        assert_eq!(found[0].jobs, ["a/Job.batch/train"]);
        assert_eq!(found[0].state, ReleaseState::Finished);
    }
}
