//! The built-in controllers of pods.

use strata_domain::{
    condition::{Condition, holds},
    object::Object,
    text::{Interner, Text},
    workload::{Workload, WorkloadKind},
};

use super::{
    Mapping, Slim,
    metadata::{conditions, metadata},
};
use crate::slim::{meta::ObjectMeta, values::AnyCondition, workloads as slim};

mod run;

impl Slim for slim::Deployment {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let Self {
            metadata,
            spec,
            status,
        } = self;
        let counts = Counts {
            desired: wanted(spec.replicas),
            ready: count(status.ready_replicas),
        };
        replicated(
            WorkloadKind::Deployment,
            metadata,
            &spec.template,
            counts,
            status.conditions,
            &mut mapping.names,
        )
    }
}

impl Slim for slim::StatefulSet {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let Self {
            metadata,
            spec,
            status,
        } = self;
        let counts = Counts {
            desired: wanted(spec.replicas),
            ready: count(status.ready_replicas),
        };
        replicated(
            WorkloadKind::StatefulSet,
            metadata,
            &spec.template,
            counts,
            status.conditions,
            &mut mapping.names,
        )
    }
}

impl Slim for slim::ReplicaSet {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let Self {
            metadata,
            spec,
            status,
        } = self;
        let counts = Counts {
            desired: wanted(spec.replicas),
            ready: count(status.ready_replicas),
        };
        replicated(
            WorkloadKind::ReplicaSet,
            metadata,
            &spec.template,
            counts,
            status.conditions,
            &mut mapping.names,
        )
    }
}

impl Slim for slim::DaemonSet {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let Self {
            metadata,
            spec,
            status,
        } = self;
        let counts = Counts {
            desired: count(status.desired_number_scheduled),
            ready: count(status.number_ready),
        };
        replicated(
            WorkloadKind::DaemonSet,
            metadata,
            &spec.template,
            counts,
            status.conditions,
            &mut mapping.names,
        )
    }
}

impl Slim for slim::Job {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let Self {
            metadata: meta,
            spec,
            mut status,
        } = self;
        let conditions = conditions(std::mem::take(&mut status.conditions), names);
        let progress = JobProgress {
            parallelism: wanted(spec.parallelism),
            completions: spec.completions.map(count),
            active: count(status.active),
            succeeded: count(status.succeeded),
            suspended: spec.suspend,
        };
        let says = run::of_job(&spec, &status, &conditions, names);
        Object::Workload(Box::new(Workload {
            kind: WorkloadKind::Job,
            metadata: metadata(meta, names),
            images: images(&spec.template, names),
            desired: progress.still_needed(&conditions),
            // Servers before 1.24 do not tell which of the active pods are ready.
            ready: status.ready.map_or(0, count),
            succeeded: progress.succeeded,
            failed: count(status.failed),
            suspended: spec.suspend,
            conditions,
            job: Some(Box::new(says)),
        }))
    }
}

/// How far a job came.
struct JobProgress {
    parallelism: u32,
    completions: Option<u32>,
    active: u32,
    succeeded: u32,
    suspended: bool,
}

impl JobProgress {
    /// The pods that may run at once and are still needed.
    fn still_needed(&self, conditions: &[Condition]) -> u32 {
        let is_over = holds(conditions, "Complete") || holds(conditions, "Failed");
        if is_over || self.suspended {
            return 0;
        }
        match self.completions {
            Some(completions) => self
                .parallelism
                .min(completions.saturating_sub(self.succeeded)),
            // A work queue: after the first success no pod is started any more.
            None if self.succeeded > 0 => self.active,
            None => self.parallelism,
        }
    }
}

/// How many pods a controller should have and has.
#[derive(Clone, Copy)]
struct Counts {
    desired: u32,
    ready: u32,
}

fn replicated<C: Into<AnyCondition>>(
    kind: WorkloadKind,
    meta: ObjectMeta,
    template: &slim::Template,
    counts: Counts,
    all_conditions: Vec<C>,
    names: &mut Interner,
) -> Object {
    let conditions = conditions(all_conditions, names);
    let says = match kind {
        WorkloadKind::Deployment | WorkloadKind::StatefulSet => Some(run::of_replicas(
            counts.desired,
            counts.ready,
            template,
            &conditions,
            names,
        )),
        _ => None,
    };
    Object::Workload(Box::new(Workload {
        kind,
        metadata: metadata(meta, names),
        images: images(template, names),
        desired: counts.desired,
        ready: counts.ready,
        succeeded: 0,
        failed: 0,
        suspended: false,
        conditions,
        job: says.map(Box::new),
    }))
}

fn images(template: &slim::Template, names: &mut Interner) -> Box<[Text]> {
    template
        .spec
        .containers
        .iter()
        .map(|container| names.intern(&container.image))
        .collect()
}

/// A count of the spec: where it is left out, the API means one.
fn wanted(replicas: Option<i32>) -> u32 {
    replicas.map_or(1, count)
}

fn count(value: i32) -> u32 {
    u32::try_from(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(json: &str) -> Workload {
        let slim: slim::Job = serde_json::from_str(json).unwrap();
        match slim.into_object(&mut Mapping::default()) {
            Object::Workload(workload) => *workload,
            other => panic!("not a workload: {other:?}"),
        }
    }

    #[test]
    fn a_job_near_its_end_needs_fewer_pods_than_may_run_at_once() {
        let job = job(
            r#"{"spec":{"parallelism":4,"completions":10},"status":{"active":2,"ready":1,"succeeded":8}}"#,
        );
        assert_eq!((job.desired, job.ready, job.succeeded), (2, 1, 8));
    }

    #[test]
    fn a_suspended_or_finished_job_needs_no_pods() {
        assert_eq!(
            job(r#"{"spec":{"parallelism":4,"suspend":true}}"#).desired,
            0
        );
        let done = r#"{"spec":{"parallelism":4},"status":{"conditions":[{"type":"Complete","status":"True"}]}}"#;
        assert_eq!(job(done).desired, 0);
    }

    #[test]
    fn a_work_queue_that_had_a_success_needs_only_what_still_runs() {
        assert_eq!(
            job(r#"{"spec":{"parallelism":4},"status":{"active":3}}"#).desired,
            4
        );
        assert_eq!(
            job(r#"{"spec":{"parallelism":4},"status":{"active":3,"succeeded":1}}"#).desired,
            3
        );
    }
}
