//! The attempts of a job: each run of each of its workers' containers, as far as pods tell of them.

use std::collections::BTreeMap;

use strata_api::rows::job::JobAttempt;
use strata_domain::pod::{Container, ContainerEnd, ContainerState, Pod};

use super::ranks::rank;
use crate::logs::exits;

/// How many attempts are shown.
const MOST: usize = 60;

/// The attempts of workers that were begun more than once, or ended badly; the latest of each first.
pub(super) fn of(pods: &[&Pod]) -> Vec<JobAttempt> {
    let mut by_worker: BTreeMap<(String, String), Vec<&Pod>> = BTreeMap::new();
    for pod in pods {
        for container in pod.containers.iter().filter(|container| !container.init) {
            // Pods without ranks are each a worker of their own.
            let mut worker = rank(&pod.metadata.labels);
            if worker.is_empty() {
                worker = pod.metadata.key.name.to_string();
            }
            let key = (worker, container.name.to_string());
            by_worker.entry(key).or_default().push(pod);
        }
    }
    let mut attempts = Vec::new();
    for ((worker, name), mut pods) in by_worker {
        pods.sort_by_key(|pod| pod.metadata.created);
        let mut runs = Vec::new();
        let mut number = 0;
        for pod in pods {
            let Some(container) = pod.containers.iter().find(|one| one.name == *name) else {
                continue;
            };
            runs.extend(runs_of(pod, container, number));
            number += container.restarts + 1;
        }
        let is_worth_telling = runs.len() > 1
            || runs
                .iter()
                .any(|run| run.exit_code.is_some_and(|code| code != 0));
        if is_worth_telling {
            for run in &mut runs {
                run.worker.clone_from(&worker);
            }
            attempts.extend(runs.into_iter().rev());
        }
    }
    attempts.truncate(MOST);
    attempts
}

/// The last two runs of a container, the kubelet tells of no others; `before` were made by pods that
/// came before.
fn runs_of(pod: &Pod, container: &Container, before: u32) -> Vec<JobAttempt> {
    let attempt = |number: u32, end: Option<&ContainerEnd>| JobAttempt {
        worker: String::new(),
        pod: pod.metadata.key.name.to_string(),
        container: container.name.to_string(),
        number: before + number,
        started_at: None,
        ended_at: end.and_then(|end| end.at).map(|at| at.to_string()),
        exit_code: end.map(|end| end.exit_code),
        said: end.map(|end| exits::explain(end.exit_code, &end.reason)),
    };
    let mut runs = Vec::new();
    if let Some(end) = container
        .last_end
        .as_deref()
        .filter(|_| container.restarts > 0)
    {
        runs.push(attempt(container.restarts, Some(end)));
    }
    match &container.state {
        ContainerState::Running { since } => runs.push(JobAttempt {
            started_at: since.map(|at| at.to_string()),
            ..attempt(container.restarts + 1, None)
        }),
        // A container that waits for its next run after a back-off ended as `last_end` says.
        ContainerState::Ended(end) => runs.push(attempt(container.restarts + 1, Some(end))),
        ContainerState::Waiting { .. } | ContainerState::Unknown => {}
    }
    runs
}

#[cfg(test)]
mod tests {
    use strata_domain::object::Object;
    use strata_test_support::objects::pod;

    use super::*;

    fn attempts(objects: &[Object]) -> Vec<(String, u32, Option<i32>)> {
        let pods: Vec<&Pod> = objects
            .iter()
            .filter_map(|object| match object {
                Object::Pod(pod) => Some(pod.as_ref()),
                _ => None,
            })
            .collect();
        let told = of(&pods).into_iter();
        told.map(|one| (one.worker, one.number, one.exit_code))
            .collect()
    }

    #[test]
    fn a_worker_that_runs_for_the_first_time_is_not_worth_telling() {
        assert!(attempts(&[pod("team", "ft-0").on("gpu-1").object()]).is_empty());
    }

    #[test]
    fn a_pod_that_took_the_place_of_another_is_the_next_attempt() {
        let worker = |name: &str| {
            pod("team", name)
                .on("gpu-1")
                .label("training.kubeflow.org/replica-type", "worker")
                .label("training.kubeflow.org/replica-index", "0")
        };
        let told = attempts(&[
            worker("ft-a")
                .crashing(137, 2)
                .created("2026-03-01T01:00:00Z")
                .object(),
            worker("ft-b").created("2026-03-01T02:00:00Z").object(),
        ]);
        assert_eq!(
            told,
            [
                ("worker 0".to_owned(), 4, None),
                ("worker 0".to_owned(), 2, Some(137)),
            ]
        );
    }
}
