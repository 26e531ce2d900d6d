//! One job with all that is known of it: the tree down to its pods, conditions, its place in the
//! line, its attempts, its GPUs.

use std::collections::{BTreeSet, HashSet};

use strata_api::{
    frames::KeyedRow,
    rows::{
        Ready, Row,
        gpu::GpuRow,
        job::{JobCondition, JobDetailRow, JobPart, JobRole, Waiting},
    },
};
use strata_domain::{
    condition::{Condition, Status},
    ids::{GroupKind, ObjectKey, Uid},
    job::JobObject,
    metadata::Metadata,
    pod::Pod,
    severity::Severity,
};

use super::{
    attempts,
    ranks::{number, rank},
    row, waiting,
};
use crate::{
    derive::{
        gpus::Gpus,
        jobs::Job,
        pods::{PodFault, judge},
    },
    fleet::cluster::ObjectRef,
    project::{Rows, gpus as gpu_rows, pods::Picture},
};

/// How many objects of a tree are shown.
const MOST_PARTS: usize = 400;
/// How deep a tree may be; a loop of references would be endless.
const DEEPEST: u32 = 12;
/// How many of the line are shown before and behind.
const AROUND: usize = 6;
/// How many GPUs are shown.
const MOST_GPUS: usize = 64;

/// The job of `kind` called `name` in `namespace`; no row while it is not there.
pub fn rows(
    picture: Picture<'_>,
    gpus: &Gpus,
    kind: &GroupKind,
    namespace: &str,
    name: &str,
) -> Rows {
    let jobs = &picture.derived.jobs;
    let Some(job) = jobs.named(kind, namespace, name) else {
        return Rows::default();
    };
    let mut tree = Tree {
        picture,
        parts: Vec::new(),
        more: 0,
        conditions: Vec::new(),
        pods: Vec::new(),
    };
    tree.grow_from(job);
    let (held, more_gpus) = held(gpus, &tree.pods);
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
            attempts: attempts::of(&tree.pods),
            gpus: held,
            more_gpus,
        })),
    }])
}

/// The job of `kind` with the identity `uid` that is no longer in the cluster: what is kept of it.
pub fn past(picture: Picture<'_>, kind: &GroupKind, uid: &str) -> Rows {
    let jobs = &picture.derived.jobs;
    let found = jobs
        .gone()
        .find(|job| job.uid.0.as_str() == uid && job.kind == *kind);
    let row = found.map(|job| KeyedRow {
        id: row::id(job),
        row: Row::JobDetail(Box::new(JobDetailRow {
            job: row::of(jobs, job),
            tree: Vec::new(),
            more: 0,
            roles: Vec::new(),
            conditions: Vec::new(),
            line: Vec::new(),
            said_by_queue: String::new(),
            attempts: Vec::new(),
            gpus: Vec::new(),
            more_gpus: 0,
        })),
    });
    Rows::all(row.into_iter().collect())
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

/// The GPUs that `pods` hold, and how many more than are shown.
fn held(gpus: &Gpus, pods: &[&Pod]) -> (Vec<GpuRow>, u32) {
    let nodes: BTreeSet<&str> = pods
        .iter()
        .filter(|pod| pod.holds_resources())
        .map(|pod| pod.node.as_str())
        .collect();
    let keys: HashSet<&ObjectKey> = pods.iter().map(|pod| &pod.metadata.key).collect();
    let mut held: Vec<GpuRow> = nodes
        .into_iter()
        .flat_map(|node| gpus.on(node))
        .filter(|gpu| gpu.holders.iter().any(|holder| keys.contains(&holder.pod)))
        .map(gpu_rows::row)
        .collect();
    let more = held.len().saturating_sub(MOST_GPUS);
    held.truncate(MOST_GPUS);
    (held, u32::try_from(more).unwrap_or(u32::MAX))
}

struct Tree<'a> {
    picture: Picture<'a>,
    parts: Vec<JobPart>,
    more: u32,
    conditions: Vec<JobCondition>,
    pods: Vec<&'a Pod>,
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

    fn add_pod(&mut self, pod: &'a Pod, depth: u32) {
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
        self.pods.push(pod);
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
