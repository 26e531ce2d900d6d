//! One job with all that is known of it: the tree down to its pods, conditions, its place in the
//! line, how its containers ended.

use strata_api::{
    frames::KeyedRow,
    rows::{
        Ready, Row,
        job::{ContainerEnd, JobCondition, JobDetailRow, JobPart, JobRole, Waiting},
    },
};
use strata_domain::{
    condition::{Condition, Status},
    ids::{GroupKind, Uid},
    job::JobObject,
    metadata::{Labels, Metadata},
    pod::{Container, ContainerState, Pod},
    severity::Severity,
};

use super::{row, waiting};
use crate::{
    derive::{
        jobs::Job,
        pods::{PodFault, judge},
    },
    fleet::cluster::ObjectRef,
    project::{Rows, pods::Picture},
};

/// How many objects of a tree are shown.
const MOST_PARTS: usize = 400;
/// How deep a tree may be; a loop of references would be endless.
const DEEPEST: u32 = 12;
/// How many of the line are shown before and behind.
const AROUND: usize = 6;
/// How many ends of containers are shown.
const MOST_ENDS: usize = 30;

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

/// The job of `kind` called `name` in `namespace`; no row while it is not there.
pub fn rows(picture: Picture<'_>, kind: &GroupKind, namespace: &str, name: &str) -> Rows {
    let jobs = &picture.derived.jobs;
    let Some(job) = jobs.named(kind, namespace, name) else {
        return Rows::default();
    };
    let mut tree = Tree {
        picture,
        parts: Vec::new(),
        more: 0,
        conditions: Vec::new(),
        ends: Vec::new(),
    };
    tree.grow_from(job);
    tree.ends.sort_by(|left, right| right.at.cmp(&left.at));
    tree.ends.truncate(MOST_ENDS);
    let said = said(picture, job);
    Rows::all(vec![KeyedRow {
        id: row::id(job),
        row: Row::JobDetail(Box::new(JobDetailRow {
            job: row::of(jobs, job),
            tree: tree.parts,
            more: tree.more,
            roles: said.map(roles).unwrap_or_default(),
            conditions: tree.conditions,
            line: line(picture, job),
            said_by_queue: job.said_by_queue.to_string(),
            ends: tree.ends,
        })),
    }])
}

fn said<'a>(picture: Picture<'a>, job: &Job) -> Option<&'a JobObject> {
    match picture.cluster.object(&job.kind, &job.uid)? {
        ObjectRef::Custom(custom) => custom.job.as_deref(),
        ObjectRef::Workload(workload) => workload.job.as_deref(),
        _ => None,
    }
}

fn roles(said: &JobObject) -> Vec<JobRole> {
    said.roles
        .iter()
        .map(|role| JobRole {
            name: role.name.to_string(),
            wanted: role.wanted,
            active: role.active,
            succeeded: role.succeeded,
            failed: role.failed,
        })
        .collect()
}

fn line(picture: Picture<'_>, job: &Job) -> Vec<Waiting> {
    let lines = picture.derived.jobs.lines();
    let Some(position) = lines.position(&job.uid) else {
        return Vec::new();
    };
    let first = (position.at as usize).saturating_sub(1 + AROUND);
    lines
        .before(&job.queue)
        .iter()
        .zip(1_u32..)
        .skip(first)
        .take(2 * AROUND + 1)
        .map(|(waits, at)| waiting(waits, at))
        .collect()
}

struct Tree<'a> {
    picture: Picture<'a>,
    parts: Vec<JobPart>,
    more: u32,
    conditions: Vec<JobCondition>,
    ends: Vec<ContainerEnd>,
}

impl<'a> Tree<'a> {
    fn grow_from(&mut self, job: &Job) {
        let cluster = self.picture.cluster;
        if let Some(object) = cluster.object(&job.kind, &job.uid) {
            self.add(object, 0);
            return;
        }
        // Of a kind that is not followed: its pods alone are known.
        self.parts.push(JobPart {
            status: strata_api::rows::job::JobState::from(job.state)
                .word()
                .to_owned(),
            severity: job.severity.into(),
            ..part(0, &job.kind.kind, &job.key.name)
        });
        self.add_below(&job.uid, 1);
    }

    fn add(&mut self, object: ObjectRef<'a>, depth: u32) {
        if self.parts.len() >= MOST_PARTS {
            self.more = self.more.saturating_add(1);
            return;
        }
        match object {
            ObjectRef::Pod(pod) => self.add_pod(pod, depth),
            ObjectRef::Workload(workload) => {
                let ready = Ready {
                    ready: workload.ready,
                    desired: workload.desired,
                };
                let metadata = &workload.metadata;
                self.add_object(
                    depth,
                    workload.kind.as_str(),
                    metadata,
                    workload.job.as_deref(),
                    Some(ready),
                );
                self.note(workload.kind.as_str(), metadata, &workload.conditions);
            }
            ObjectRef::Custom(custom) => {
                let metadata = &custom.metadata;
                self.add_object(
                    depth,
                    &custom.kind.kind,
                    metadata,
                    custom.job.as_deref(),
                    None,
                );
                self.note(&custom.kind.kind, metadata, &custom.conditions);
            }
            ObjectRef::Node(_) | ObjectRef::ResourceSlice(_) | ObjectRef::Plain(_) => return,
        }
        if depth < DEEPEST {
            self.add_below(&object.metadata().uid, depth + 1);
        }
    }

    fn add_below(&mut self, uid: &Uid, depth: u32) {
        let mut below: Vec<ObjectRef<'a>> = self.picture.cluster.objects_owned_by(uid).collect();
        // ReplicaSets of old revisions keep no pod and tell nothing.
        below.retain(|object| {
            !matches!(object, ObjectRef::Workload(workload)
                if workload.kind.as_str() == "ReplicaSet" && workload.desired == 0)
        });
        below.sort_by_cached_key(|object| {
            let metadata = object.metadata();
            (
                matches!(object, ObjectRef::Pod(_)),
                number(&metadata.labels),
                metadata.key.name.clone(),
            )
        });
        for object in below {
            self.add(object, depth);
        }
    }

    fn add_object(
        &mut self,
        depth: u32,
        kind: &str,
        metadata: &Metadata,
        said: Option<&JobObject>,
        ready: Option<Ready>,
    ) {
        let status = said.map_or_else(String::new, |said| {
            strata_api::rows::job::JobState::from(said.state)
                .word()
                .to_owned()
        });
        self.parts.push(JobPart {
            status,
            ready,
            ..part(depth, kind, &metadata.key.name)
        });
    }

    fn add_pod(&mut self, pod: &Pod, depth: u32) {
        let Picture {
            cluster,
            derived,
            now,
            ..
        } = self.picture;
        let node = cluster.node(&pod.node);
        let health = judge(pod, node, now);
        self.parts.push(JobPart {
            rank: rank(&pod.metadata.labels),
            status: health.status.to_owned(),
            severity: health.severity.into(),
            reason: health.fault.as_ref().map(PodFault::phrase),
            node: pod.node.to_string(),
            gpus: derived.accelerators.asked_by(std::iter::once(pod)),
            restarts: pod.restarts(),
            ..part(depth, "Pod", &pod.metadata.key.name)
        });
        for container in &pod.containers {
            self.ends.extend(end(pod, container));
        }
    }

    fn note(&mut self, kind: &str, metadata: &Metadata, conditions: &[Condition]) {
        self.conditions.extend(conditions.iter().map(|condition| {
            JobCondition {
                kind: kind.to_owned(),
                name: metadata.key.name.to_string(),
                condition: condition.kind.to_string(),
                status: match condition.status {
                    Status::True => "True",
                    Status::False => "False",
                    Status::Unknown => "Unknown",
                }
                .to_owned(),
                reason: condition.reason.to_string(),
                message: condition.message.to_string(),
                since: condition.since.map(|at| at.to_string()),
            }
        }));
    }
}

fn part(depth: u32, kind: &str, name: &str) -> JobPart {
    JobPart {
        depth,
        kind: kind.to_owned(),
        name: name.to_owned(),
        rank: String::new(),
        status: String::new(),
        severity: Severity::Ok.into(),
        reason: None,
        node: String::new(),
        gpus: 0,
        restarts: 0,
        ready: None,
    }
}

/// How the last run of `container` ended, if it ended badly or was followed by another.
fn end(pod: &Pod, container: &Container) -> Option<ContainerEnd> {
    let end = match &container.state {
        ContainerState::Ended(end) if end.exit_code != 0 => end,
        _ => container.last_end.as_ref()?,
    };
    Some(ContainerEnd {
        pod: pod.metadata.key.name.to_string(),
        container: container.name.to_string(),
        exit_code: end.exit_code,
        reason: end.reason.to_string(),
        at: end.at.map(|at| at.to_string()),
        restarts: container.restarts,
    })
}

fn rank(labels: &Labels) -> String {
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
    let (role, index) = told.unwrap_or_default();
    format!("{role} {index}").trim().to_owned()
}

fn number(labels: &Labels) -> u64 {
    RANK_LABELS
        .iter()
        .find_map(|(index, _)| labels.get(index)?.parse().ok())
        .unwrap_or(0)
}
