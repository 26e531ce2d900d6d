//! Which of a job's workers a pod is, by its labels.

use strata_domain::metadata::Labels;

/// The labels that tell which of a job's pods one is, and what they call it.
const RANK_LABELS: [(&str, &str); 12] = [
    (
        "training.kubeflow.org/replica-index",
        "training.kubeflow.org/replica-type",
    ),
    (
        "jobset.sigs.k8s.io/job-index",
        "jobset.sigs.k8s.io/replicatedjob-name",
    ),
    ("leaderworkerset.sigs.k8s.io/worker-index", ""),
    ("volcano.sh/task-index", "volcano.sh/task-spec"),
    ("ray.io/worker-group-replica-index", "ray.io/group"),
    ("batch.kubernetes.io/job-completion-index", ""),
    ("spark-exec-id", "spark-role"),
    ("apps.kubernetes.io/pod-index", ""),
    ("", "ray.io/node-type"),
    ("", "spark-role"),
    ("", "component"),
    ("", "training.kubeflow.org/replica-type"),
];

/// The place of a pod in its Job; in a JobSet there may be several Jobs of a role.
const IN_JOB: &str = "batch.kubernetes.io/job-completion-index";

/// Jobs of a role of a JobSet.
const JOBS: &str = "jobset.sigs.k8s.io/replicatedjob-replicas";

/// Which of a job's workers a pod with `labels` is: `worker 3`; empty where they do not tell.
pub(crate) fn rank(labels: &Labels) -> String {
    if let Some((role, job, pod)) = in_job_set(labels) {
        return if labels.get(JOBS) == Some("1") {
            format!("{role} {pod}")
        } else {
            format!("{role} {job}-{pod}")
        };
    }
    let told = RANK_LABELS.iter().find_map(|(index, role)| {
        let index = if index.is_empty() {
            Some("")
        } else {
            labels.get(index)
        };
        let role = if role.is_empty() {
            Some("")
        } else {
            labels.get(role)
        };
        Some((role?, index?))
    });
    match told {
        None => String::new(),
        // A number alone tells nobody what it counts.
        Some(("", index)) => format!("index {index}"),
        Some((role, index)) => format!("{role} {index}").trim().to_owned(),
    }
}

/// The same as a number, to order by; 0 where they do not tell.
pub(crate) fn number(labels: &Labels) -> u64 {
    if let Some((_, job, pod)) = in_job_set(labels) {
        let number = |text: &str| text.parse::<u32>().unwrap_or(0);
        return u64::from(number(job)) << 32 | u64::from(number(pod));
    }
    RANK_LABELS
        .iter()
        .find_map(|(index, _)| labels.get(index)?.parse().ok())
        .unwrap_or(0)
}

/// The role, the Job and the place in it of a pod of a JobSet.
fn in_job_set(labels: &Labels) -> Option<(&str, &str, &str)> {
    Some((
        labels.get("jobset.sigs.k8s.io/replicatedjob-name")?,
        labels.get("jobset.sigs.k8s.io/job-index")?,
        labels.get(IN_JOB)?,
    ))
}

#[cfg(test)]
mod tests {
    use strata_domain::object::Object;
    use strata_test_support::objects::pod;

    use super::*;

    fn told(labels: &[(&str, &str)]) -> (String, u64) {
        let built = labels
            .iter()
            .fold(pod("team", "p"), |pod, (key, value)| pod.label(key, value));
        let Object::Pod(pod) = built.object() else {
            panic!("a pod");
        };
        let labels = &pod.metadata.labels;
        (rank(labels), number(labels))
    }

    #[test]
    fn pods_of_one_job_of_a_job_set_are_told_apart() {
        let of = |jobs: &'static str, job: &'static str, pod: &'static str| {
            told(&[
                ("jobset.sigs.k8s.io/replicatedjob-name", "node"),
                ("jobset.sigs.k8s.io/replicatedjob-replicas", jobs),
                ("jobset.sigs.k8s.io/job-index", job),
                ("batch.kubernetes.io/job-completion-index", pod),
            ])
        };
        assert_eq!(of("1", "0", "3").0, "node 3");
        let (second, last) = (of("2", "1", "0"), of("2", "0", "7"));
        assert_eq!(
            (second.0.as_str(), last.0.as_str()),
            ("node 1-0", "node 0-7")
        );
        assert!(second.1 > last.1);
    }

    #[test]
    fn a_pod_without_such_labels_has_no_rank() {
        assert_eq!(told(&[]), (String::new(), 0));
        let indexed = told(&[("batch.kubernetes.io/job-completion-index", "4")]);
        assert_eq!(indexed, ("index 4".to_owned(), 4));
    }
}
