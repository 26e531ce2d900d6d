//! Horizontal pod autoscaling: as many replicas as metrics ask for.
//!
//! Source: `pkg/controller/podautoscaler` of Kubernetes 1.36 (`horizontal.go`), with the flags'
//! defaults. Each autoscaler is looked at every 15 seconds, the first time 15 seconds after it came.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::text::Text;

use self::{
    behavior::{Bounds, History, Limits},
    target::Target,
};
use crate::{
    actors::{Subject, events::Event, kubelet::set_condition},
    clock, json, kinds,
    world::{World, agenda::Deed},
};

mod behavior;
mod calculator;
mod metrics;
mod target;

/// How often each is looked at (`--horizontal-pod-autoscaler-sync-period`).
const SYNC_PERIOD: Duration = Duration::from_secs(15);

/// What is remembered of the autoscalers.
#[derive(Debug, Default)]
pub(super) struct Autoscalers {
    /// By UID.
    known: HashMap<Text, Memory>,
    served: kinds::ServedCache,
}

#[derive(Debug, Default)]
struct Memory {
    /// When it is looked at next.
    next: Option<Timestamp>,
    history: History,
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let now = world.now();
    let known = &mut world.controllers.autoscalers.known;
    let memory = known.entry(subject.stored.uid.clone()).or_default();
    let before = memory.next;
    if before.is_some_and(|next| next > now) {
        return;
    }
    let next = clock::later(now, SYNC_PERIOD);
    memory.next = Some(next);
    let mut history = std::mem::take(&mut memory.history);
    let deed = Deed::look(subject.kind, &subject.stored.key);
    world.agenda.plan(next, deed);
    if before.is_some() {
        sync(world, subject, &mut history);
    }
    let known = &mut world.controllers.autoscalers.known;
    if let Some(memory) = known.get_mut(&subject.stored.uid) {
        memory.history = history;
    }
}

/// Forgets an autoscaler that is gone.
pub(super) fn forget(world: &mut World, uid: &Text) {
    world.controllers.autoscalers.known.remove(uid);
}

/// An autoscaler as it is being looked at.
struct Autoscaler<'a> {
    subject: &'a Subject<'a>,
    /// The object with the conditions that it is to have.
    object: Value,
    stamp: String,
}

impl Autoscaler<'_> {
    fn say(&self, world: &mut World, event: Event<'_>) {
        event
            .by("horizontal-pod-autoscaler")
            .record(world, self.subject.kind, self.subject.stored);
    }

    fn set(&mut self, kind: &str, holds: bool, reason: &str, message: &str) {
        let status = if holds { "True" } else { "False" };
        let why = Some((reason, message));
        set_condition(&mut self.object, kind, status, why, &self.stamp);
    }

    fn count(&self, field: &str) -> u64 {
        json::count(&self.object, field)
    }

    /// Writes the status; a count that is 0 is left out.
    fn write(mut self, world: &mut World, current: u64, desired: u64, metrics: Value) {
        let status = json::object_at(&mut self.object, "status");
        if current > 0 {
            status.insert("currentReplicas".to_owned(), current.into());
        } else {
            status.remove("currentReplicas");
        }
        status.insert("desiredReplicas".to_owned(), desired.into());
        status.insert("currentMetrics".to_owned(), metrics);
        let status = self.object.get("status").cloned().unwrap_or_default();
        world.set_status(self.subject.kind, &self.subject.stored.key, status);
    }
}

fn sync(world: &mut World, subject: &Subject<'_>, history: &mut History) {
    let mut autoscaler = Autoscaler {
        subject,
        object: subject.object.clone(),
        stamp: world.stamp(),
    };
    let target = match Target::find(world, subject) {
        Ok(target) => target,
        Err(why) => {
            autoscaler.say(world, Event::warning("FailedGetScale", why.as_str()));
            let message =
                format!("the HPA controller was unable to get the target's current scale: {why}");
            autoscaler.set("AbleToScale", false, "FailedGetScale", &message);
            let (current, desired) = (
                autoscaler.count("/status/currentReplicas"),
                autoscaler.count("/status/desiredReplicas"),
            );
            let metrics = subject.object.pointer("/status/currentMetrics").cloned();
            return autoscaler.write(world, current, desired, metrics.unwrap_or_default());
        }
    };
    let message = "the HPA controller was able to get the target's current scale";
    autoscaler.set("AbleToScale", true, "SucceededGetScale", message);
    let now = world.now();
    let current = target.replicas;
    history.begin(current, now);
    let bounds = Bounds {
        least: subject
            .object
            .pointer("/spec/minReplicas")
            .and_then(Value::as_u64)
            .unwrap_or(1),
        most: json::count(subject.object, "/spec/maxReplicas"),
    };
    if current == 0 {
        let message = "scaling is disabled since the replica count of the target is zero";
        autoscaler.set("ScalingActive", false, "ScalingDisabled", message);
        return autoscaler.write(world, 0, 0, Value::Null);
    }
    if let Some((replicas, reason)) = bounds.brought_back(current) {
        let nothing = Value::Null;
        return rescale(
            world, autoscaler, &target, replicas, reason, history, nothing,
        );
    }
    by_metrics(world, autoscaler, &target, bounds, history);
}

/// Scales as the metrics propose, within the bounds and as fast as the behaviour allows.
fn by_metrics(
    world: &mut World,
    mut autoscaler: Autoscaler<'_>,
    target: &Target,
    bounds: Bounds,
    history: &mut History,
) {
    let (now, current) = (world.now(), target.replicas);
    let subject = autoscaler.subject;
    let computed = metrics::compute(world, &mut autoscaler, target);
    let (proposed, metric) = match computed.proposal {
        Ok(proposal) => proposal,
        Err(why) => {
            let desired = autoscaler.count("/status/desiredReplicas");
            let event = Event::warning("FailedComputeMetricsReplicas", why);
            autoscaler.say(world, event);
            return autoscaler.write(world, current, desired, computed.statuses);
        }
    };
    let reason = match proposed.cmp(&current) {
        std::cmp::Ordering::Greater => format!("{metric} above target"),
        std::cmp::Ordering::Less => "All metrics below target".to_owned(),
        std::cmp::Ordering::Equal => String::new(),
    };
    let limits = Limits::of(subject.object);
    let decision = behavior::decide(limits.as_ref(), history, bounds, current, proposed, now);
    let (reason_able, message) = decision.stabilized;
    autoscaler.set("AbleToScale", true, reason_able, message);
    let (is_limited, reason_limited, message) = decision.limited;
    autoscaler.set("ScalingLimited", is_limited, reason_limited, message);
    if decision.replicas == current {
        autoscaler.write(world, current, current, computed.statuses);
    } else {
        let desired = decision.replicas;
        rescale(
            world,
            autoscaler,
            target,
            desired,
            &reason,
            history,
            computed.statuses,
        );
    }
}

/// Gives the target another number of replicas.
fn rescale(
    world: &mut World,
    mut autoscaler: Autoscaler<'_>,
    target: &Target,
    desired: u64,
    reason: &str,
    history: &mut History,
    metrics: Value,
) {
    target.scale_to(world, desired);
    let message = format!("the HPA controller was able to update the target scale to {desired}");
    autoscaler.set("AbleToScale", true, "SucceededRescale", &message);
    let message = format!("New size: {desired}; reason: {reason}");
    autoscaler.say(world, Event::normal("SuccessfulRescale", message));
    if let Some(limits) = Limits::of(autoscaler.subject.object) {
        history.rescaled(&limits, target.replicas, desired, world.now());
    }
    let stamp = autoscaler.stamp.clone();
    let status = json::object_at(&mut autoscaler.object, "status");
    status.insert("lastScaleTime".to_owned(), json!(stamp));
    autoscaler.write(world, target.replicas, desired, metrics);
}
