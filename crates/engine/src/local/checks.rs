//! What stands in the way of running something on this machine: a pure function of what was found.

use strata_api::{
    operations::ModelPlan,
    phrases::{Phrase, PhraseCode as P, PhraseValue},
    recipes::{Check, CheckState, CheckSubject as Subject, SizingTask},
    sizing::MemoryPart,
};
use strata_ports::containers::{GpuAccess, Room, Runtime, Wanted};

use super::machine::{Gpu, Machine};
use crate::deploy::judge::{failed, is_moving, ok, unknown, warning};

/// What is judged.
pub(crate) struct Trial<'a> {
    pub(crate) runtime: &'a Runtime,
    pub(crate) wanted: &'a Wanted,
    /// What the runtime told; or why it told nothing.
    pub(crate) room: Result<Room, String>,
    pub(crate) machine: &'a Machine,
    /// What is done with the model and what it takes of each GPU; none where the recipe has no model,
    /// and the reason where that cannot be planned.
    pub(crate) planned: Option<(SizingTask, Result<ModelPlan, Phrase>)>,
}

/// Every check, in the order of the strip.
pub(crate) fn judge(trial: &Trial<'_>) -> Vec<Check> {
    let mut checks = vec![runtime(trial.runtime)];
    match &trial.room {
        Ok(room) => {
            checks.extend(name(trial.wanted, room));
            checks.push(image(trial.wanted, room));
            checks.extend(ports(trial.wanted, room));
        }
        Err(why) => checks.push(unknown(Subject::Image, why)),
    }
    checks.push(gpus(trial));
    let has_gpus = trial.wanted.gpus > 0 || trial.runtime.gpus == GpuAccess::Own;
    if let Some((task, planned)) = trial.planned.as_ref().filter(|_| has_gpus) {
        checks.push(match planned {
            Ok(plan) => fit(trial, *task, plan),
            Err(phrase) => Check {
                state: CheckState::Unknown,
                ..ok(Subject::Fit, phrase.clone())
            },
        });
    }
    if let Ok(room) = &trial.room {
        checks.push(disk(trial, room));
    }
    checks
}

fn runtime(runtime: &Runtime) -> Check {
    let sentence = Phrase::new(P::CheckRuntime)
        .with("runtime", format!("{:?}", runtime.kind))
        .with("version", runtime.version.as_str())
        .with("place", runtime.place.as_str());
    ok(Subject::Runtime, sentence)
}

fn name(wanted: &Wanted, room: &Room) -> Option<Check> {
    let sentence = Phrase::new(P::CheckNameTaken).with("name", wanted.name.as_str());
    room.is_name_taken
        .then(|| failed(Subject::Name, sentence, P::CheckNameRemedy))
}

/// The recipe has read the reference; what it names may still change from one start to the next.
fn image(wanted: &Wanted, room: &Room) -> Check {
    let say = |code| Phrase::new(code).with("image", wanted.image.as_str());
    if room.has_image {
        ok(Subject::Image, say(P::CheckImageHere))
    } else if is_moving(&wanted.image) {
        let sentence = Phrase::new(P::CheckImageMoves).with("images", wanted.image.as_str());
        warning(Subject::Image, sentence, P::CheckImageRemedy)
    } else {
        ok(Subject::Image, say(P::CheckImageFetched))
    }
}

fn ports(wanted: &Wanted, room: &Room) -> Option<Check> {
    if wanted.ports.is_empty() {
        return None;
    }
    let list = |ports: &[u16]| {
        let texts: Vec<String> = ports.iter().map(u16::to_string).collect();
        texts.join(", ")
    };
    let say = |code, ports: &[u16]| {
        Phrase::new(code)
            .with("count", ports.len())
            .with("ports", list(ports))
    };
    Some(if room.taken_ports.is_empty() {
        ok(Subject::Port, say(P::CheckPorts, &wanted.ports))
    } else {
        failed(
            Subject::Port,
            say(P::CheckPortTaken, &room.taken_ports),
            P::CheckPortRemedy,
        )
    })
}

fn gpus(trial: &Trial<'_>) -> Check {
    let wanted = trial.wanted.gpus;
    let way = match trial.runtime.gpus {
        GpuAccess::Own => return ok(Subject::Gpu, Phrase::new(P::CheckGpuOwn)),
        _ if wanted == 0 => return ok(Subject::Gpu, Phrase::new(P::CheckGpuNone)),
        GpuAccess::None => {
            return failed(Subject::Gpu, Phrase::new(P::LocalNoGpus), P::CheckGpuRemedy);
        }
        GpuAccess::Cdi => P::CheckGpuCdi,
        GpuAccess::Request => P::CheckGpuRequest,
    };
    let here = trial
        .machine
        .gpus
        .as_ref()
        .map_or(wanted as usize, Vec::len);
    if here < wanted as usize {
        let sentence = Phrase::new(P::CheckGpuTooFew)
            .with("wanted", wanted)
            .with("count", here);
        return failed(Subject::Gpu, sentence, P::CheckGpuTooFewRemedy);
    }
    ok(Subject::Gpu, Phrase::new(way).with("count", wanted))
}

/// The GPUs that it would be given: the first ones; all of them where the runtime chooses itself.
pub(crate) fn given(access: GpuAccess, wanted: u32, gpus: &[Gpu]) -> &[Gpu] {
    match access {
        GpuAccess::Own => gpus,
        _ => gpus.get(..wanted as usize).unwrap_or(gpus),
    }
}

/// Whether the model finds room beside what is on the GPUs now. Unknown is never 0.
fn fit(trial: &Trial<'_>, task: SizingTask, plan: &ModelPlan) -> Check {
    let gpus = match &trial.machine.gpus {
        Ok(gpus) => given(trial.runtime.gpus, trial.wanted.gpus, gpus),
        Err(why) => {
            return Check {
                state: CheckState::Unknown,
                ..ok(Subject::Fit, why.clone())
            };
        }
    };
    let fullest = gpus.iter().min_by_key(|gpu| gpu.free);
    let Some(gpu) = fullest else {
        return Check {
            state: CheckState::Unknown,
            ..ok(Subject::Fit, Phrase::new(P::CheckHereNoGpu))
        };
    };
    let say = |code| Phrase::new(code).with("index", gpu.index);
    let (Some(memory), Some(free)) = (gpu.memory, gpu.free) else {
        return Check {
            state: CheckState::Unknown,
            ..ok(Subject::Fit, say(P::CheckHereUnread))
        };
    };
    let held = plan.total_bytes;
    let say = |code, wanted: u64| {
        say(code)
            .with("wanted", bytes(wanted))
            .with("free", bytes(free))
            .with("memory", bytes(memory))
    };
    if held > memory || plan.fits == Some(false) {
        return failed(
            Subject::Fit,
            say(P::CheckHereNever, held),
            P::FitOnNoSplitRemedy,
        );
    }
    if held > free {
        return failed(
            Subject::Fit,
            say(P::CheckHereFull, held),
            P::CheckHereFullRemedy,
        );
    }
    // A server takes its whole part of a GPU at its start, not only what the model needs.
    match (task, plan.allowed_bytes) {
        (SizingTask::Serve, Some(taken)) if taken > free => warning(
            Subject::Fit,
            say(P::CheckHereTakes, taken),
            P::CheckHereTakesRemedy,
        ),
        _ => ok(Subject::Fit, say(P::CheckHereFits, held)),
    }
}

/// Whether there is room for what is fetched. How large an image is is not known before.
fn disk(trial: &Trial<'_>, room: &Room) -> Check {
    let found = room
        .store
        .as_deref()
        .and_then(|folder| trial.machine.disk_of(folder))
        .and_then(|disk| Some((&disk.mount, disk.free?)));
    let Some((mount, free)) = found else {
        return Check {
            state: CheckState::Unknown,
            ..ok(Subject::Disk, Phrase::new(P::CheckDiskUnknown))
        };
    };
    let weights = trial.planned.as_ref().and_then(|(_, plan)| {
        let plan = plan.as_ref().ok()?;
        let part = plan
            .parts
            .iter()
            .find(|one| one.part == MemoryPart::Weights)?;
        Some(part.bytes.saturating_mul(u64::from(plan.gpus.max(1))))
    });
    let say = |code| {
        Phrase::new(code)
            .with("free", bytes(free))
            .with("disk", mount.as_str())
    };
    match weights {
        Some(weights) if weights > free && !room.has_image => warning(
            Subject::Disk,
            say(P::CheckDiskShort).with("wanted", bytes(weights)),
            P::CheckDiskRemedy,
        ),
        _ => ok(Subject::Disk, say(P::CheckDisk)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub(crate) fn bytes(bytes: u64) -> PhraseValue {
    PhraseValue::Bytes(bytes as f64)
}

#[cfg(test)]
mod tests {
    use strata_api::sizing::PlannedPart;
    use strata_ports::containers::RuntimeKind;

    use super::{super::machine::tests::machine, *};

    const GIB: u64 = 1 << 30;

    fn plan(total: u64, allowed: u64) -> ModelPlan {
        ModelPlan {
            gpus: 1,
            parts: vec![PlannedPart {
                part: MemoryPart::Weights,
                bytes: total,
            }],
            total_bytes: total,
            allowed_bytes: Some(allowed),
            fits: Some(total <= allowed),
            ..ModelPlan::default()
        }
    }

    fn judged(access: GpuAccess, room: Room, machine: &Machine, plan: ModelPlan) -> Vec<Check> {
        let runtime = Runtime {
            kind: RuntimeKind::Docker,
            version: "29.1.0".to_owned(),
            place: "/var/run/docker.sock".to_owned(),
            gpus: access,
        };
        let wanted = Wanted {
            name: "qwen".to_owned(),
            image: "vllm/vllm-openai:v0.24.0".to_owned(),
            ports: vec![8000],
            gpus: 1,
            ..Wanted::default()
        };
        judge(&Trial {
            runtime: &runtime,
            wanted: &wanted,
            room: Ok(room),
            machine,
            planned: Some((SizingTask::Serve, Ok(plan))),
        })
    }

    fn room() -> Room {
        Room {
            store: Some("/var/lib/docker".to_owned()),
            ..Room::default()
        }
    }

    fn state(checks: &[Check], subject: Subject) -> (CheckState, P) {
        let found = checks.iter().find(|check| check.subject == subject);
        let found = found.expect("the check");
        (found.state, found.sentence.code)
    }

    #[test]
    fn what_is_free_now_decides_and_not_what_a_gpu_has() {
        let fits = |free: Option<u64>, total: u64, allowed: u64| {
            let machine = machine(&[(48 * GIB, free)], 900 * GIB);
            let checks = judged(GpuAccess::Cdi, room(), &machine, plan(total, allowed));
            state(&checks, Subject::Fit)
        };
        let free = Some(40 * GIB);
        assert_eq!(
            fits(free, 16 * GIB, 38 * GIB),
            (CheckState::Ok, P::CheckHereFits)
        );
        // It would find room, and takes more than that at its start.
        assert_eq!(
            fits(free, 16 * GIB, 44 * GIB),
            (CheckState::Warning, P::CheckHereTakes)
        );
        assert_eq!(
            fits(Some(10 * GIB), 16 * GIB, 38 * GIB),
            (CheckState::Failed, P::CheckHereFull)
        );
        assert_eq!(
            fits(free, 60 * GIB, 44 * GIB),
            (CheckState::Failed, P::CheckHereNever)
        );
        assert_eq!(
            fits(None, 16 * GIB, 38 * GIB),
            (CheckState::Unknown, P::CheckHereUnread)
        );
    }

    #[test]
    fn a_machine_whose_gpus_are_not_read_is_unknown_and_not_full() {
        let checks = judged(
            GpuAccess::Cdi,
            room(),
            &Machine::unread(),
            plan(16 * GIB, 38 * GIB),
        );
        assert_eq!(
            state(&checks, Subject::Fit),
            (CheckState::Unknown, P::LocalGpusUnread)
        );
        assert_eq!(
            state(&checks, Subject::Gpu),
            (CheckState::Ok, P::CheckGpuCdi)
        );
    }

    #[test]
    fn a_name_a_port_gpus_and_disks_are_looked_at() {
        let machine = machine(&[], 4 * GIB);
        let room = Room {
            is_name_taken: true,
            taken_ports: vec![8000],
            ..room()
        };
        let checks = judged(GpuAccess::None, room, &machine, plan(16 * GIB, 38 * GIB));
        for (subject, code) in [
            (Subject::Name, P::CheckNameTaken),
            (Subject::Port, P::CheckPortTaken),
            (Subject::Gpu, P::LocalNoGpus),
        ] {
            assert_eq!(state(&checks, subject), (CheckState::Failed, code));
        }
        assert_eq!(
            state(&checks, Subject::Disk),
            (CheckState::Warning, P::CheckDiskShort)
        );
        let few = judged(GpuAccess::Request, self::room(), &machine, plan(GIB, GIB));
        assert_eq!(
            state(&few, Subject::Gpu),
            (CheckState::Failed, P::CheckGpuTooFew)
        );
    }
}
