//! Builds pods.

use strata_domain::{
    node::Resources,
    object::Object,
    pod::{Container, ContainerEnd, ContainerState, Phase, Pod},
    text::Text,
};

use super::{MADE, metadata, metadata_methods, node::set_amount};
use crate::clock::time;

/// Builds a pod.
#[derive(Clone, Debug)]
pub struct PodBuilder {
    object: Pod,
}

/// A running pod on no node yet, with one container `main` that is ready.
pub fn pod(namespace: &str, name: &str) -> PodBuilder {
    PodBuilder {
        object: Pod {
            metadata: metadata("Pod", namespace, name),
            phase: Phase::Running,
            ready: true,
            requests: Resources {
                cpu_millicores: 1000,
                memory_bytes: 1 << 30,
                ..Resources::default()
            },
            containers: Box::new([Container {
                name: Text::from("main"),
                image: Text::from("registry.example/app:1.0.0"),
                ready: true,
                state: ContainerState::Running {
                    since: Some(time(MADE)),
                },
                ..Container::default()
            }]),
            started: Some(time(MADE)),
            ..Pod::default()
        },
    }
}

impl PodBuilder {
    metadata_methods!();

    /// Binds it to `node`.
    #[must_use]
    pub fn on(mut self, node: &str) -> Self {
        self.object.node = Text::from(node);
        self
    }

    /// Has it ask for `count` NVIDIA GPUs.
    #[must_use]
    pub fn gpus(self, count: u64) -> Self {
        self.request("nvidia.com/gpu", count)
    }

    /// Has it ask for an extended resource.
    #[must_use]
    pub fn request(mut self, resource: &str, amount: u64) -> Self {
        set_amount(&mut self.object.requests, resource, amount);
        self
    }

    /// Sets the image of its container.
    #[must_use]
    pub fn image(mut self, image: &str) -> Self {
        self.each(|container| container.image = Text::from(image));
        self
    }

    /// Sets its phase; only a running pod's container is ready.
    #[must_use]
    pub fn phase(mut self, phase: Phase) -> Self {
        self.object.phase = phase;
        self.object.ready = phase == Phase::Running;
        self.each(|container| {
            container.ready = phase == Phase::Running;
            container.state = match phase {
                Phase::Running => ContainerState::Running {
                    since: Some(time(MADE)),
                },
                Phase::Succeeded => ended(0, "Completed"),
                Phase::Failed => ended(1, "Error"),
                Phase::Pending | Phase::Unknown => ContainerState::Unknown,
            };
        });
        self
    }

    /// Leaves it unplaced, for the reason that the scheduler gives.
    #[must_use]
    pub fn unschedulable(mut self, message: &str) -> Self {
        self = self.phase(Phase::Pending);
        self.object.unscheduled = Text::from(message);
        self.object.started = None;
        self
    }

    /// Has its container wait for `reason`, such as `ImagePullBackOff`.
    #[must_use]
    pub fn waiting(mut self, reason: &str, message: &str) -> Self {
        self.object.ready = false;
        self.each(|container| {
            container.ready = false;
            container.state = ContainerState::Waiting {
                reason: Text::from(reason),
                message: Text::from(message),
            };
        });
        self
    }

    /// Has its container crash again and again.
    #[must_use]
    pub fn crashing(mut self, exit_code: i32, restarts: u32) -> Self {
        self = self.waiting("CrashLoopBackOff", "back-off restarting failed container");
        self.each(|container| {
            container.restarts = restarts;
            container.last_end = Some(Box::new(ContainerEnd {
                exit_code,
                reason: Text::from("Error"),
                at: Some(time(MADE)),
            }));
        });
        self
    }

    /// Has its container run, but not be ready.
    #[must_use]
    pub fn not_ready(mut self) -> Self {
        self.object.ready = false;
        self.each(|container| container.ready = false);
        self
    }

    /// Sets how often its container was restarted.
    #[must_use]
    pub fn restarts(mut self, restarts: u32) -> Self {
        self.each(|container| container.restarts = restarts);
        self
    }

    /// Has it mount the volume claim `name`.
    #[must_use]
    pub fn mounts(mut self, name: &str) -> Self {
        let claims = self.object.volume_claims.iter().cloned();
        self.object.volume_claims = claims.chain([Text::from(name)]).collect();
        self
    }

    /// The pod.
    pub fn build(self) -> Pod {
        self.object
    }

    /// The pod as an object.
    pub fn object(self) -> Object {
        Object::Pod(Box::new(self.object))
    }

    fn each(&mut self, change: impl Fn(&mut Container)) {
        self.object.containers.iter_mut().for_each(change);
    }
}

fn ended(exit_code: i32, reason: &str) -> ContainerState {
    ContainerState::Ended(Box::new(ContainerEnd {
        exit_code,
        reason: Text::from(reason),
        at: Some(time(MADE)),
    }))
}
