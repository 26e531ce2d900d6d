//! Pods.

use strata_domain::{
    model,
    object::Object,
    pod::{Container, ContainerEnd, ContainerState, ModelMention, Phase, Pod},
    text::{Interner, Text},
};

use super::{Mapping, Slim, amounts::requested_by, metadata::metadata};
use crate::slim::{
    pod as slim,
    values::{ProbedCondition, moment},
};

impl Slim for slim::Pod {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let Self {
            metadata: meta,
            spec,
            status,
        } = self;
        let scheduler = match spec.scheduler_name.as_str() {
            "default-scheduler" => "",
            other => other,
        };
        let volume_claims = volume_claims(&meta.name, &spec);
        Object::Pod(Box::new(Pod {
            metadata: metadata(meta, names),
            node: names.intern(&spec.node_name),
            phase: Phase::parse(&status.phase),
            reason: names.intern(&status.reason),
            ready: find(&status.conditions, "Ready").is_some_and(|ready| ready.status == "True"),
            unscheduled: find(&status.conditions, "PodScheduled")
                .filter(|scheduled| scheduled.status == "False")
                .map_or_else(Text::default, |scheduled| names.intern(&scheduled.message)),
            scheduler: names.intern(scheduler),
            requests: requested_by(&spec).into_resources(names),
            claims: claims(&spec, &status),
            volume_claims,
            model: model_of(&spec, names),
            containers: containers(&spec, &status, names),
            started: moment(status.start_time),
        }))
    }
}

fn find<'a>(conditions: &'a [ProbedCondition], kind: &str) -> Option<&'a ProbedCondition> {
    conditions.iter().find(|condition| condition.kind == kind)
}

/// The names of the claims that exist for the pod: named by the spec, or made from a template and
/// named by the status.
fn claims(spec: &slim::PodSpec, status: &slim::PodStatus) -> Box<[Text]> {
    spec.resource_claims
        .iter()
        .filter_map(|claim| {
            if !claim.resource_claim_name.is_empty() {
                return Some(claim.resource_claim_name.as_str());
            }
            let made = status
                .resource_claim_statuses
                .iter()
                .find(|made| made.name == claim.name)?;
            Some(made.resource_claim_name.as_str()).filter(|name| !name.is_empty())
        })
        .map(Text::from)
        .collect()
}

/// The names of the volume claims that the pod mounts: named by it, or made for it and called after
/// it and the volume.
fn volume_claims(pod: &str, spec: &slim::PodSpec) -> Box<[Text]> {
    spec.volumes
        .iter()
        .filter_map(|volume| match &volume.source {
            slim::VolumeSource {
                persistent_volume_claim: Some(claim),
                ..
            } => Some(Text::from(claim.claim_name.as_str())),
            slim::VolumeSource {
                ephemeral: Some(_), ..
            } => Some(Text::from(format!("{pod}-{}", volume.name))),
            slim::VolumeSource { .. } => None,
        })
        .collect()
}

/// What the pod says of the model that it runs, if anything.
fn model_of(spec: &slim::PodSpec, names: &mut Interner) -> Option<Box<ModelMention>> {
    let mention = ModelMention {
        argument: argument(spec, names),
        images: image_volumes(spec, names),
    };
    (!mention.argument.is_empty() || !mention.images.is_empty()).then(|| Box::new(mention))
}

/// The references of the images that the pod mounts as volumes.
fn image_volumes(spec: &slim::PodSpec, names: &mut Interner) -> Box<[Text]> {
    spec.volumes
        .iter()
        .filter_map(|volume| volume.source.image.as_ref())
        .filter(|image| !image.reference.is_empty())
        .map(|image| names.intern(&image.reference))
        .collect()
}

/// The model that the first container names that names one.
fn argument(spec: &slim::PodSpec, names: &mut Interner) -> Text {
    let named = |container: &slim::Container| {
        let words = container.command.iter().chain(&container.args);
        model::of_arguments(words.map(String::as_str)).map(|model| names.intern(model))
    };
    spec.containers.iter().find_map(named).unwrap_or_default()
}

/// The containers with what their statuses say, init containers last.
fn containers(
    spec: &slim::PodSpec,
    status: &slim::PodStatus,
    names: &mut Interner,
) -> Box<[Container]> {
    let own = spec.containers.iter().map(|container| (container, false));
    let init = spec
        .init_containers
        .iter()
        .map(|container| (container, true));
    own.chain(init)
        .map(|(container, is_init)| {
            let statuses = if is_init {
                &status.init_container_statuses
            } else {
                &status.container_statuses
            };
            let status = statuses.iter().find(|status| status.name == container.name);
            Container {
                name: names.intern(&container.name),
                image: names.intern(&container.image),
                init: is_init,
                ready: status.is_some_and(|status| status.ready),
                restarts: status
                    .and_then(|status| u32::try_from(status.restart_count).ok())
                    .unwrap_or_default(),
                state: status.map_or(ContainerState::Unknown, |status| {
                    state(&status.state, names)
                }),
                last_end: status
                    .and_then(|status| status.last_state.terminated.as_ref())
                    .map(|terminated| Box::new(end(terminated, names))),
            }
        })
        .collect()
}

fn state(state: &slim::ContainerState, names: &mut Interner) -> ContainerState {
    if let Some(terminated) = &state.terminated {
        ContainerState::Ended(Box::new(end(terminated, names)))
    } else if let Some(running) = &state.running {
        ContainerState::Running {
            since: moment(running.started_at),
        }
    } else if let Some(waiting) = &state.waiting {
        ContainerState::Waiting {
            reason: names.intern(&waiting.reason),
            message: Text::from(waiting.message.as_str()),
        }
    } else {
        ContainerState::Unknown
    }
}

fn end(terminated: &slim::Terminated, names: &mut Interner) -> ContainerEnd {
    let killed_by = (terminated.exit_code == 0 && terminated.signal != 0)
        .then(|| terminated.signal.saturating_add(128));
    ContainerEnd {
        exit_code: killed_by.unwrap_or(terminated.exit_code),
        reason: names.intern(&terminated.reason),
        at: moment(terminated.finished_at),
    }
}
