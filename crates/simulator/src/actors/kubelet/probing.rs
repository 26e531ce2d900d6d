//! What follows from what probes find: readiness, and restarts.

use std::time::Duration;

use serde_json::Value;

use super::{
    containers::{Container, program_of},
    probes::{self, Kind},
    program::{End, Program},
};
use crate::{
    actors::events::Event,
    json,
    world::{
        World,
        agenda::{PodStep, Probe},
    },
};

/// A probe asks.
pub(super) fn probe(world: &mut World, container: &Container<'_>, asked: Probe) {
    let Container { pod, slot, .. } = *container;
    let spec = slot.container(pod);
    let (Some(probe), true) = (
        spec.pointer(asked.kind.field()),
        container.is_running(asked.run),
    ) else {
        return;
    };
    let program = program_of(world, container);
    let started = json::text(slot.status(pod), "/state/running/startedAt");
    let age = started
        .parse()
        .map_or(Duration::ZERO, |started: jiff::Timestamp| {
            world.now().duration_since(started).unsigned_abs()
        });
    let Err(output) = probes::ask(pod, spec, probe, &program, age) else {
        return passed(world, container, probe, asked, &program);
    };
    let failures = asked.failures + 1;
    let message = format!("{} probe failed: {output}", asked.kind.word());
    container.say(world, Event::warning("Unhealthy", message));
    if failures < probes::threshold(probe) || asked.kind == Kind::Readiness {
        if asked.kind == Kind::Readiness && failures >= probes::threshold(probe) {
            container.write(world, |pod| slot.mark(pod, true, false));
        }
        let period = probes::period(probe);
        container.plan_probe(world, period, asked.kind, asked.run, failures);
        return;
    }
    let message = format!(
        "Container {} failed {} probe, will be restarted",
        slot.name(pod),
        asked.kind.word().to_lowercase()
    );
    container.say(world, Event::normal("Killing", message));
    let exit_code = if program.heeds_signals { 0 } else { 137 };
    let grace = if program.heeds_signals {
        Duration::from_secs(1)
    } else {
        let grace = pod.pointer("/spec/terminationGracePeriodSeconds");
        Duration::from_secs(grace.and_then(Value::as_u64).unwrap_or(30))
    };
    let end = End::with(grace, exit_code);
    container.plan(
        world,
        grace,
        PodStep::Exit {
            container: slot.number,
            run: asked.run,
            end,
        },
    );
}

fn passed(
    world: &mut World,
    container: &Container<'_>,
    probe: &Value,
    asked: Probe,
    program: &Program,
) {
    let Container { pod, slot, .. } = *container;
    let period = probes::period(probe);
    match asked.kind {
        Kind::Startup => {
            let spec = slot.container(pod);
            let is_ready = spec.pointer(Kind::Readiness.field()).is_none();
            container.write(world, |pod| slot.mark(pod, true, is_ready));
            for kind in [Kind::Readiness, Kind::Liveness] {
                if spec.pointer(kind.field()).is_some() {
                    container.plan_probe(world, Duration::from_secs(1), kind, asked.run, 0);
                }
            }
            return;
        }
        Kind::Readiness => container.write(world, |pod| slot.mark(pod, true, true)),
        Kind::Liveness => {}
    }
    // What listens goes on to; only what files say can change.
    if !program.files.is_empty() {
        container.plan_probe(world, period, asked.kind, asked.run, 0);
    }
}
