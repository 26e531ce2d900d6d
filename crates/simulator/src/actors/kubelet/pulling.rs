//! Images are pulled, or cannot be.

use std::time::Duration;

use super::{
    containers::{Container, SYNC, backoff, in_go, is_troubled, soon, start},
    image,
};
use crate::{
    actors::events::Event,
    json, random,
    scenario::TroubleKind,
    world::{World, agenda::PodStep, pod_kind},
};

/// Sees to the container's image, then starts it.
pub(super) fn begin(world: &mut World, container: &Container<'_>) {
    let Container { stored, pod, slot } = *container;
    if !world.kubelets.take(&stored.uid, slot.number) {
        return;
    }
    let spec = slot.container(pod);
    let reference = json::text(spec, "/image");
    let node = json::text(pod, "/spec/nodeName");
    let is_present = world.kubelets.has_image(node, reference);
    let policy = json::text(spec, "/imagePullPolicy");
    if policy == "Never" && !is_present {
        let message =
            format!("Container image \"{reference}\" is not present with pull policy of Never");
        container.say(world, Event::warning("ErrImageNeverPull", message.clone()));
        container.say(world, Event::warning("Failed", "Error: ErrImageNeverPull"));
        container.show_waiting(world, "ErrImageNeverPull", &message);
        container.plan(world, SYNC, PodStep::Begin(slot.number));
        return;
    }
    let is_troubled = is_troubled(world, stored, slot, TroubleKind::ImagePull);
    if is_present && !image::is_always_pulled(spec) && !is_troubled {
        let message = format!(
            "Container image \"{reference}\" already present on machine and can be accessed by \
             the pod"
        );
        container.say(world, Event::normal("Pulled", message));
        let soon = soon(world);
        container.plan(world, soon, PodStep::Start(slot.number));
        return;
    }
    if let Some(image::Failure::Invalid(message)) = image::obstacle(&world.store, pod, reference) {
        container.say(world, Event::warning("InspectFailed", message.clone()));
        container.say(world, Event::warning("Failed", "Error: InvalidImageName"));
        container.show_waiting(world, "InvalidImageName", &message);
        container.plan(world, SYNC, PodStep::Begin(slot.number));
        return;
    }
    let missing = image::missing_secrets(&world.store, pod);
    if !missing.is_empty() {
        let message = format!(
            "Unable to retrieve some image pull secrets ({}); attempting to pull the image may \
             not succeed.",
            missing.join(", ")
        );
        Event::warning("FailedToRetrieveImagePullSecret", message)
            .by_kubelet(node)
            .record(world, &pod_kind(), stored);
    }
    container.say(
        world,
        Event::normal("Pulling", format!("Pulling image \"{reference}\"")),
    );
    let takes = if is_present || image::obstacle(&world.store, pod, reference).is_some() {
        random::between(
            &mut world.random,
            Duration::from_millis(400),
            Duration::from_millis(1600),
        )
    } else {
        image::pull_time(reference)
    };
    container.plan(world, takes, PodStep::Pulled(slot.number));
}

/// The pull has ended, well or not.
pub(super) fn pulled(world: &mut World, container: &Container<'_>) {
    let Container { stored, pod, slot } = *container;
    let reference = json::text(slot.container(pod), "/image");
    if refuse_image(world, container) {
        container.plan(world, SYNC, PodStep::PullBackOff(slot.number));
        return;
    }
    let took = image::pull_time(reference);
    let node = json::text(pod, "/spec/nodeName");
    world.kubelets.keep_image(node, reference);
    world.kubelets.forget_attempts(&stored.uid, slot.number);
    let took = in_go(took);
    let message = format!(
        "Successfully pulled image \"{reference}\" in {took} ({took} including waiting). Image \
         size: {} bytes.",
        image::bytes(reference)
    );
    container.say(world, Event::normal("Pulled", message));
    start(world, container);
}

/// Says why the image could not be pulled; false where it could.
pub(super) fn refuse_image(world: &mut World, container: &Container<'_>) -> bool {
    let Container { stored, pod, slot } = *container;
    let reference = json::text(slot.container(pod), "/image");
    let message = if is_troubled(world, stored, slot, TroubleKind::ImagePull) {
        image::not_found(reference)
    } else {
        match image::obstacle(&world.store, pod, reference) {
            Some(image::Failure::Pull(message) | image::Failure::Invalid(message)) => message,
            None => return false,
        }
    };
    let told = format!("Failed to pull image \"{reference}\": {message}");
    container.say(world, Event::warning("Failed", told));
    container.say(world, Event::warning("Failed", "Error: ErrImagePull"));
    container.show_waiting(world, "ErrImagePull", &message);
    true
}

/// The image could not be pulled, and the kubelet waits before it tries again.
pub(super) fn pull_back_off(world: &mut World, container: &Container<'_>) {
    let Container { stored, pod, slot } = *container;
    let reference = json::text(slot.container(pod), "/image");
    let message = format!("Back-off pulling image \"{reference}\"");
    let before = json::text(slot.status(pod), "/state/waiting/message");
    let told = if before.is_empty() {
        message.clone()
    } else {
        format!("{message}: ErrImagePull: {before}")
    };
    container.say(world, Event::normal("BackOff", message));
    container.say(world, Event::warning("Failed", "Error: ImagePullBackOff"));
    container.show_waiting(world, "ImagePullBackOff", &told);
    let attempts = world.kubelets.attempt(&stored.uid, slot.number);
    container.plan(world, backoff(attempts), PodStep::Begin(slot.number));
}
