//! Builds deployments, jobs and what else keeps pods.

use strata_domain::{
    condition::Status,
    job::JobObject,
    object::Object,
    text::Text,
    workload::{Workload, WorkloadKind},
};

use super::{condition_method, metadata, metadata_methods};

/// Builds a workload.
#[derive(Clone, Debug)]
pub struct WorkloadBuilder {
    object: Workload,
}

/// A workload that wants one pod and has it.
pub fn workload(kind: WorkloadKind, namespace: &str, name: &str) -> WorkloadBuilder {
    WorkloadBuilder {
        object: Workload {
            kind,
            metadata: metadata(kind.as_str(), namespace, name),
            images: Box::default(),
            desired: 1,
            ready: 1,
            succeeded: 0,
            failed: 0,
            suspended: false,
            conditions: Vec::new(),
            job: None,
        },
    }
}

/// A Deployment that wants one pod and has it.
pub fn deployment(namespace: &str, name: &str) -> WorkloadBuilder {
    workload(WorkloadKind::Deployment, namespace, name)
}

/// A `StatefulSet` that wants one pod and has it.
pub fn stateful_set(namespace: &str, name: &str) -> WorkloadBuilder {
    workload(WorkloadKind::StatefulSet, namespace, name)
}

/// A `DaemonSet` that wants one pod and has it.
pub fn daemon_set(namespace: &str, name: &str) -> WorkloadBuilder {
    workload(WorkloadKind::DaemonSet, namespace, name)
}

/// A `ReplicaSet` that wants one pod and has it.
pub fn replica_set(namespace: &str, name: &str) -> WorkloadBuilder {
    workload(WorkloadKind::ReplicaSet, namespace, name)
}

/// A Job that wants one pod and has it.
pub fn job(namespace: &str, name: &str) -> WorkloadBuilder {
    workload(WorkloadKind::Job, namespace, name)
}

impl WorkloadBuilder {
    metadata_methods!();
    condition_method!();

    /// Adds the image of a container.
    #[must_use]
    pub fn image(mut self, image: &str) -> Self {
        let images = self.object.images.iter().cloned();
        self.object.images = images.chain([Text::from(image)]).collect();
        self
    }

    /// Has `ready` of `desired` pods be ready.
    #[must_use]
    pub fn ready(mut self, ready: u32, desired: u32) -> Self {
        self.object.ready = ready;
        self.object.desired = desired;
        self
    }

    /// Suspends a Job.
    #[must_use]
    pub fn suspended(mut self) -> Self {
        self.object.suspended = true;
        self
    }

    /// Has a Job end: so many pods succeeded, so many failed.
    #[must_use]
    pub fn ended(mut self, succeeded: u32, failed: u32) -> Self {
        self.object.desired = 0;
        self.object.ready = 0;
        self.object.succeeded = succeeded;
        self.object.failed = failed;
        let kind = if failed == 0 { "Complete" } else { "Failed" };
        self.condition(kind, Status::True, "", "")
    }

    /// Sets what it says as a job.
    #[must_use]
    pub fn says(mut self, job: JobObject) -> Self {
        self.object.job = Some(Box::new(job));
        self
    }

    /// The workload.
    pub fn build(self) -> Workload {
        self.object
    }

    /// The workload as an object.
    pub fn object(self) -> Object {
        Object::Workload(Box::new(self.object))
    }
}
