//! Containers: created, started, ended, started again.

use std::time::Duration;

use serde_json::Value;

use super::{
    mounts,
    probes::{self, Kind},
    program::{End, Program},
    pulling,
    status::{self, Slot},
};
use crate::{
    actors::events::Event,
    json, random,
    scenario::TroubleKind,
    store::Stored,
    world::{
        World,
        agenda::{PodStep, Probe},
        pod_kind,
    },
};

/// The first back-off of a container that ended; it doubles up to [`LONGEST_BACKOFF`].
const FIRST_BACKOFF: Duration = Duration::from_secs(10);
const LONGEST_BACKOFF: Duration = Duration::from_mins(5);
/// A container that ran so long is started again at once.
const FORGIVEN_AFTER: Duration = Duration::from_mins(10);
/// How long a kubelet takes until it looks at a pod again that could not go on.
pub(super) const SYNC: Duration = Duration::from_secs(12);

/// A container of a pod, as the steps below are about it.
pub(super) struct Container<'a> {
    pub(super) stored: &'a Stored,
    pub(super) pod: &'a Value,
    pub(super) slot: Slot,
}

/// Begins every container whose turn it is: init containers one after the other, then the rest.
pub(super) fn advance(world: &mut World, stored: &Stored, pod: &Value) {
    for slot in status::slots(pod) {
        let shown = slot.status(pod);
        let waits = shown.pointer("/state/waiting").is_some()
            && shown.pointer("/lastState/terminated").is_none();
        if slot.is_init() {
            let is_done = if slot.is_sidecar(pod) {
                json::flag(shown, "/started")
            } else {
                shown
                    .pointer("/state/terminated/exitCode")
                    .and_then(Value::as_i64)
                    == Some(0)
            };
            if is_done {
                continue;
            }
            if waits {
                pulling::begin(world, &Container { stored, pod, slot });
            }
            return;
        }
        if waits {
            pulling::begin(world, &Container { stored, pod, slot });
        }
    }
}

/// Creates and starts the container.
pub(super) fn start(world: &mut World, container: &Container<'_>) {
    let Container { stored, pod, slot } = *container;
    let spec = slot.container(pod);
    if let Some(why) = mounts::configuration(&world.store, pod, spec) {
        container.say(world, Event::warning("Failed", format!("Error: {why}")));
        container.show_waiting(world, "CreateContainerConfigError", &why);
        container.plan(world, SYNC, PodStep::Begin(slot.number));
        return;
    }
    world.kubelets.release(&stored.uid, slot.number);
    container.say(world, Event::normal("Created", "Container created"));
    let program = program_of(world, container);
    let has_ended = slot.status(pod).pointer("/state/terminated").is_some()
        || slot.status(pod).pointer("/lastState/terminated").is_some();
    let run = slot.restarts(pod) + u64::from(has_ended);
    if let Some(missing) = &program.missing {
        let message = format!(
            "failed to create containerd task: failed to create shim task: OCI runtime create \
             failed: runc create failed: unable to start container process: error during \
             container init: exec: \"{missing}\": executable file not found in $PATH"
        );
        container.say(world, Event::warning("Failed", format!("Error: {message}")));
        let now = world.now();
        container.write(world, |pod| {
            slot.run(pod, &stored.uid, now, run);
            slot.end(pod, 128, ("StartError", &message), now);
        });
        after_end(world, container, 128, Duration::ZERO);
        return;
    }
    container.say(world, Event::normal("Started", "Container started"));
    let now = world.now();
    let is_held_back = |kind: Kind| spec.pointer(kind.field()).is_some();
    // A scenario says how long its workloads take until they are ready, where no probe does.
    let comes_up_later =
        program.startup > Duration::from_secs(1) && is_of_scenario(world, container);
    let is_started = !is_held_back(Kind::Startup);
    let is_ready = is_started
        && !is_held_back(Kind::Readiness)
        && !comes_up_later
        && (slot.is_main() || slot.is_sidecar(pod));
    container.write(world, |pod| {
        slot.run(pod, &stored.uid, now, run);
        slot.mark(pod, is_started, is_ready);
    });
    if let Some(end) = program.end {
        container.plan(
            world,
            end.after,
            PodStep::Exit {
                container: slot.number,
                run,
                end,
            },
        );
    }
    if is_troubled(world, stored, slot, TroubleKind::NeverReady) {
        container.write(world, |pod| slot.mark(pod, is_started, false));
        return;
    }
    if comes_up_later && !is_held_back(Kind::Readiness) {
        let jitter = world.seconds(0, 2);
        let at = program.startup + jitter;
        container.plan(
            world,
            at,
            PodStep::Ready {
                container: slot.number,
                run,
            },
        );
    }
    for kind in [Kind::Startup, Kind::Readiness, Kind::Liveness] {
        // Until the startup probe has passed the others wait.
        if let Some(probe) = spec.pointer(kind.field())
            && (kind == Kind::Startup || is_started)
        {
            container.plan_probe(world, probes::first(probe), kind, run, 0);
        }
    }
}

/// The container is ready: no probe says otherwise.
pub(super) fn become_ready(world: &mut World, container: &Container<'_>, run: u64) {
    let slot = container.slot;
    if container.is_running(run) {
        container.write(world, |pod| slot.mark(pod, true, true));
    }
}

/// The container's program has ended.
pub(super) fn exit(world: &mut World, container: &Container<'_>, run: u64, end: End) {
    let Container { pod, slot, .. } = *container;
    if !container.is_running(run) {
        return;
    }
    let now = world.now();
    let started = json::text(slot.status(pod), "/state/running/startedAt");
    let ran = started
        .parse()
        .map_or(Duration::ZERO, |started: jiff::Timestamp| {
            now.duration_since(started).unsigned_abs()
        });
    container.write(world, |pod| {
        slot.end(pod, end.exit_code, (end.reason(), ""), now);
        stop_sidecars(pod, now);
    });
    after_end(world, container, end.exit_code, ran);
}

/// When the last regular container has ended for good, those beside it are stopped.
fn stop_sidecars(pod: &mut Value, now: jiff::Timestamp) {
    let slots = status::slots(pod);
    let is_over = slots.iter().filter(|slot| slot.is_main()).all(|slot| {
        slot.status(pod)
            .pointer("/state/terminated/exitCode")
            .and_then(Value::as_i64)
            .is_some_and(|code| !status::is_restarted(pod, *slot, code))
    });
    if is_over {
        for slot in slots.into_iter().filter(|slot| slot.is_init()) {
            if slot.status(pod).pointer("/state/running").is_some() {
                slot.end(pod, 0, ("Completed", ""), now);
            }
        }
    }
}

/// Starts the container again if its policy says so: the first time at once, then later and later.
fn after_end(world: &mut World, container: &Container<'_>, exit_code: i64, ran: Duration) {
    let Container { stored, pod, slot } = *container;
    if !status::is_restarted(pod, slot, exit_code) {
        return;
    }
    if ran >= FORGIVEN_AFTER {
        world.kubelets.forget_attempts(&stored.uid, slot.number);
    }
    world.kubelets.take(&stored.uid, slot.number);
    let attempts = world.kubelets.attempt(&stored.uid, slot.number);
    if attempts == 1 {
        let soon = soon(world);
        container.plan(world, soon, PodStep::Restart(slot.number));
    } else {
        container.plan(world, Duration::from_secs(1), PodStep::BackOff(slot.number));
    }
}

/// The container waits before it is started again.
pub(super) fn back_off(world: &mut World, container: &Container<'_>) {
    let Container { stored, pod, slot } = *container;
    let attempts = world.kubelets.attempts(&stored.uid, slot.number);
    let wait = backoff(attempts.saturating_sub(1));
    let name = slot.name(pod);
    let in_messages = status::pod_in_messages(pod);
    let message = format!("Back-off restarting failed container {name} in pod {in_messages}");
    container.say(world, Event::warning("BackOff", message));
    let message = format!(
        "back-off {} restarting failed container={name} pod={in_messages}",
        in_go(wait)
    );
    container.show_waiting(world, "CrashLoopBackOff", &message);
    let jitter = world.seconds(0, 3);
    container.plan(world, wait + jitter, PodStep::Restart(slot.number));
}

/// Starts a container that has ended.
pub(super) fn restart(world: &mut World, container: &Container<'_>) {
    let slot = container.slot;
    let number = slot.number;
    let reference = json::text(slot.container(container.pod), "/image");
    world.kubelets.release(&container.stored.uid, number);
    let node = json::text(container.pod, "/spec/nodeName");
    world.kubelets.keep_image(node, reference);
    pulling::begin(world, container);
}

/// The program of a container: its scenario's word goes before what its command says.
pub(super) fn program_of(world: &World, container: &Container<'_>) -> Program {
    let Container { stored, pod, slot } = *container;
    let spec = slot.container(pod);
    let mut program = Program::of(pod, spec);
    if let Some((_, behaviour)) = world.behaviour_of(stored).filter(|_| slot.is_main()) {
        program.end = behaviour.run_for.map(|run_for| {
            let spread = random::hash(&stored.uid) % 5;
            End::with(run_for + Duration::from_secs(spread), 0)
        });
        program.startup = behaviour.startup;
        program.heeds_signals = true;
        program.listens = true;
        program.missing = None;
    }
    let crash = 4 + random::hash(&format!("{}{}", stored.uid, slot.restarts(pod))) % 14;
    if is_troubled(world, stored, slot, TroubleKind::CrashLoop) {
        program.end = Some(End::with(Duration::from_secs(crash), 1));
    } else if is_troubled(world, stored, slot, TroubleKind::OutOfMemory) {
        program.end = Some(End {
            after: Duration::from_secs(crash),
            exit_code: 137,
            is_out_of_memory: true,
        });
    }
    program
}

fn is_of_scenario(world: &World, container: &Container<'_>) -> bool {
    container.slot.is_main() && world.behaviour_of(container.stored).is_some()
}

pub(super) fn is_troubled(world: &World, stored: &Stored, slot: Slot, kind: TroubleKind) -> bool {
    slot.is_first()
        && world
            .troubled
            .get(&stored.uid)
            .is_some_and(|(_, known)| *known == kind)
}

/// The wait before the attempt that follows `attempts` failed ones.
pub(super) fn backoff(attempts: u32) -> Duration {
    FIRST_BACKOFF
        .saturating_mul(1 << attempts.saturating_sub(1).min(5))
        .min(LONGEST_BACKOFF)
}

/// As Go prints a duration: `1.234s`, `850ms`, `2m40s`.
pub(super) fn in_go(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let millis = duration.subsec_millis();
    let fraction = match millis {
        0 => String::new(),
        millis => format!(".{millis:03}").trim_end_matches('0').to_owned(),
    };
    match seconds {
        0 => format!("{millis}ms"),
        1..60 => format!("{seconds}{fraction}s"),
        60..3600 => format!("{}m{}{fraction}s", seconds / 60, seconds % 60),
        _ => format!(
            "{}h{}m{}{fraction}s",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        ),
    }
}

impl Container<'_> {
    /// Records an event about the container.
    pub(super) fn say(&self, world: &mut World, event: Event<'_>) {
        event
            .by_kubelet(json::text(self.pod, "/spec/nodeName"))
            .about(self.slot.field_path(self.pod))
            .record(world, &pod_kind(), self.stored);
    }

    pub(super) fn plan(&self, world: &mut World, delay: Duration, step: PodStep) {
        super::plan(world, self.stored, delay, step);
    }

    pub(super) fn plan_probe(
        &self,
        world: &mut World,
        delay: Duration,
        kind: Kind,
        run: u64,
        failures: u64,
    ) {
        let container = self.slot.number;
        let probe = Probe {
            container,
            run,
            kind,
            failures,
        };
        self.plan(world, delay, PodStep::Probe(probe));
    }

    pub(super) fn show_waiting(&self, world: &mut World, reason: &str, message: &str) {
        self.write(world, |pod| self.slot.wait(pod, reason, message));
    }

    /// Changes the container's status, and what follows from it.
    pub(super) fn write(&self, world: &mut World, change: impl FnOnce(&mut Value)) {
        let stamp = world.stamp();
        world.store.update(&pod_kind(), &self.stored.key, |pod| {
            change(pod);
            status::derive(pod, &stamp);
        });
    }

    /// Whether it is still in the run that a step was planned for.
    pub(super) fn is_running(&self, run: u64) -> bool {
        let shown = self.slot.status(self.pod);
        shown.pointer("/state/running").is_some() && json::count(shown, "/restartCount") == run
    }
}

/// The moment that creating a container takes.
pub(super) fn soon(world: &mut World) -> Duration {
    random::between(
        &mut world.random,
        Duration::from_millis(150),
        Duration::from_millis(600),
    )
}
