//! What is done to the machine that Strata runs on: previewed, noted down, and taken back unless kept.

use serde_json::{Value, json};
use strata_api::{
    change::{ChangeOutcome, ChangeReport},
    journal::{JournalEntry, JournalPage, JournalState, JournalStepState},
    phrases::PhraseCode,
    rows::{
        Row,
        workstation::{AcceleratorRow, ProcessRow},
    },
    topics::Topic,
    workstation::{TrialOutcome, TrialVerdict},
};
use strata_domain::{
    reading::{Figure, Reading, Said, Source},
    workstation::{
        AcceleratorSample, Device, DeviceProcess, DeviceState, DeviceUse, PowerRange, ProcessGuard,
        ProcessOwner, Setting, Vendor,
    },
};
use strata_ports::workstation::{Ending, WorkstationEvent};
use strata_test_support::frames::{FrameCollector, View};

use crate::world::{World, until};

fn process(pid: u32, guard: Option<ProcessGuard>) -> DeviceProcess {
    DeviceProcess {
        pid,
        uses: DeviceUse::Compute,
        instance: None,
        readings: vec![Reading {
            figure: Figure::MemoryUsed,
            said: Said::Value(2.0 * 1024.0 * 1024.0 * 1024.0),
            source: Source::Nvml,
            at: jiff::Timestamp::UNIX_EPOCH,
        }],
        owner: Some(ProcessOwner {
            user: "ada".to_owned(),
            command: "python train.py".to_owned(),
            started_ticks: 7,
            guard,
            ..ProcessOwner::default()
        }),
    }
}

fn sample() -> AcceleratorSample {
    AcceleratorSample {
        devices: vec![Device {
            id: "GPU-1".to_owned(),
            index: 0,
            vendor: Vendor::Nvidia,
            model: "NVIDIA H100".to_owned(),
            pci: String::new(),
            state: DeviceState::Answers,
            readings: Vec::new(),
            instances: Vec::new(),
            links: Vec::new(),
            processes: vec![process(42, None), process(43, Some(ProcessGuard::Strata))],
            processes_at: None,
            xids: Vec::new(),
            power: Some(PowerRange {
                least: 200.0,
                most: 700.0,
                default: 700.0,
            }),
            clocks: None,
            remarks: Vec::new(),
        }],
        may_be_set: true,
        ..AcceleratorSample::default()
    }
}

/// A world whose machine is looked at, and was read once.
async fn looked_at() -> (World, FrameCollector) {
    let world = World::start();
    let view = world.subscribe(Topic::Workstation {}).await;
    until(|| world.workstation.is_sampled()).await;
    world
        .workstation
        .tell(WorkstationEvent::Accelerators(Box::new(sample())));
    view.wait_for(|view| device(view).is_some()).await;
    (world, view)
}

fn device(view: &View) -> Option<&AcceleratorRow> {
    view.rows.values().find_map(|row| match row {
        Row::Accelerator(row) => Some(row.as_ref()),
        _ => None,
    })
}

fn processes(view: &View) -> Vec<&ProcessRow> {
    let rows = view.rows.values().filter_map(|row| match row {
        Row::Process(row) => Some(row.as_ref()),
        _ => None,
    });
    rows.collect()
}

#[expect(clippy::unwrap_used, reason = "a test that is not answered has failed")]
async fn report(world: &World, operation: &str, request: Value) -> ChangeReport {
    let answer = world.engine.call(operation, request).await.unwrap();
    serde_json::from_value(answer).unwrap()
}

fn ending(pid: u32, forced: bool, intent: &str) -> Value {
    json!({ "pid": pid, "started_ticks": "7", "is_forced": forced, "intent": intent })
}

fn limit(watts: f64, seconds: u32, intent: &str) -> Value {
    json!({
        "device": "GPU-1",
        "setting": { "set": "power_limit", "watts": watts },
        "trial_seconds": seconds,
        "intent": intent,
    })
}

#[expect(clippy::unwrap_used, reason = "a test that is not answered has failed")]
async fn journal(world: &World) -> Vec<JournalEntry> {
    let asked = json!({ "words": "", "most": 100 });
    let answer = world.engine.call("read_journal", asked).await.unwrap();
    serde_json::from_value::<JournalPage>(answer)
        .unwrap()
        .entries
}

#[tokio::test(start_paused = true)]
async fn a_process_is_ended_once_it_was_noted_down() {
    let (world, _view) = looked_at().await;
    let asked = report(&world, "end_process", ending(42, false, "preview")).await;
    assert_eq!(asked.outcome, ChangeOutcome::Ready);
    assert!(world.workstation.ended().is_empty());
    assert!(journal(&world).await.is_empty());

    let done = report(&world, "end_process", ending(42, false, "apply")).await;
    assert_eq!(done.outcome, ChangeOutcome::Applied);
    let ended = world.workstation.ended();
    assert_eq!((ended[0].0.pid, ended[0].1), (42, Ending::Ask));
    let entries = journal(&world).await;
    let [entry] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(entry.state, JournalState::Applied);
    assert_eq!(
        (entry.cluster.as_str(), entry.user.as_str()),
        ("this-machine", "ada")
    );
    let step = &entry.steps[0];
    assert_eq!(step.object.to_string(), "Process 42 (python)");
    assert_eq!(step.kubectl, "kill -TERM 42");
    assert_eq!(step.state, JournalStepState::Done);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_stays_is_said_to_and_can_be_made_to_go() {
    let (world, _view) = looked_at().await;
    world.workstation.linger();
    let asked = report(&world, "end_process", ending(42, false, "apply")).await;
    let said = &asked.steps[0].consequences;
    assert_eq!(said[0].code, PhraseCode::ProcessLingers);
    let forced = report(&world, "end_process", ending(42, true, "apply")).await;
    assert_eq!(
        forced.steps[0].consequences[0].code,
        PhraseCode::ProcessGone
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_strata_or_another_process_by_now_is_left_alone() {
    let (world, view) = looked_at().await;
    let rows = view.wait_for(|view| processes(view).len() == 2).await;
    let guarded = processes(&rows)
        .into_iter()
        .filter(|row| row.guard.is_some());
    assert_eq!(guarded.map(|row| row.pid).collect::<Vec<_>>(), [43]);
    for request in [
        ending(43, false, "apply"),
        json!({ "pid": 42, "started_ticks": "8", "is_forced": true, "intent": "apply" }),
    ] {
        let refused = report(&world, "end_process", request).await;
        assert_eq!(refused.outcome, ChangeOutcome::Blocked);
    }
    assert!(world.workstation.ended().is_empty());
    assert!(journal(&world).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_set_is_taken_back_unless_it_is_kept() {
    let (world, view) = looked_at().await;
    // The device takes steps of 5 W.
    let done = report(&world, "set_device", limit(302.0, 60, "apply")).await;
    assert_eq!(done.outcome, ChangeOutcome::Applied);
    let field = &done.steps[0].fields[0];
    assert_eq!(field.before.as_deref(), Some("700"));
    assert_eq!(field.after.as_deref(), Some("300"));
    assert!(
        done.steps[0]
            .consequences
            .iter()
            .any(|said| said.code == PhraseCode::SettingReadBack)
    );
    let entry = done.journal_entry.unwrap();
    let is_open = |view: &View| {
        device(view).is_some_and(|row| {
            row.trials
                .iter()
                .any(|trial| trial.entry == entry && trial.verdict.is_none())
        })
    };
    view.wait_for(is_open).await;
    assert_eq!(journal(&world).await[0].state, JournalState::Running);
    // A second one of the same setting would not know what to go back to.
    let second = report(&world, "set_device", limit(400.0, 60, "preview")).await;
    assert_eq!(second.outcome, ChangeOutcome::Blocked);

    // Nobody says anything, and the paused time goes on by itself.
    let is_over = |view: &View| {
        device(view).is_some_and(|row| {
            row.trials.iter().any(|trial| {
                trial
                    .verdict
                    .as_ref()
                    .is_some_and(|verdict| verdict.outcome == TrialOutcome::TakenBack)
            })
        })
    };
    view.wait_for(is_over).await;
    let entries = journal(&world).await;
    assert_eq!(entries[0].state, JournalState::Settled);
    assert_eq!(entries[0].steps[0].message, "GPU 0 has 700 W again");
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_stays() {
    let (world, _view) = looked_at().await;
    let done = report(&world, "set_device", limit(300.0, 3600, "apply")).await;
    let entry = done.journal_entry.unwrap();
    let decided = json!({ "entry": entry, "keep": true });
    let answer = world
        .engine
        .call("decide_trial", decided.clone())
        .await
        .unwrap();
    let verdict: TrialVerdict = serde_json::from_value(answer).unwrap();
    assert_eq!(verdict.outcome, TrialOutcome::Kept);
    assert_eq!(verdict.sentence.english(), "GPU 0 keeps 300 W");
    assert_eq!(journal(&world).await[0].state, JournalState::Applied);
    let over = world.engine.call("decide_trial", decided).await;
    assert!(over.is_err(), "{over:?}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_taken_back_is_a_fault_of_the_device() {
    let (world, view) = looked_at().await;
    world.workstation.get_stuck();
    let done = report(&world, "set_device", limit(300.0, 3600, "apply")).await;
    let decided = json!({ "entry": done.journal_entry, "keep": false });
    let answer = world.engine.call("decide_trial", decided).await.unwrap();
    let verdict: TrialVerdict = serde_json::from_value(answer).unwrap();
    assert_eq!(verdict.outcome, TrialOutcome::Stuck);
    let seen = view
        .wait_for(|view| device(view).is_some_and(|row| !row.faults.is_empty()))
        .await;
    let fault = &device(&seen).unwrap().faults[0];
    assert_eq!(fault.title.code, PhraseCode::TrialStuck);
    assert_eq!(
        fault.action.english(),
        "Set it by hand: sudo nvidia-smi -i 0 -pl 700"
    );
    // It is left open, so that the next start asks about it.
    assert_eq!(journal(&world).await[0].state, JournalState::Running);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_strata_takes_back_what_is_on_trial() {
    let (world, _view) = looked_at().await;
    report(&world, "set_device", limit(300.0, 3600, "apply")).await;
    world.engine.shutdown().await;
    assert_eq!(world.workstation.taken_back(), [Setting::PowerLimit(700.0)]);
}

#[tokio::test(start_paused = true)]
async fn what_takes_an_administrator_is_told_beforehand() {
    let (world, _view) = looked_at().await;
    world.workstation.forbid();
    let asked = report(&world, "set_device", limit(300.0, 60, "apply")).await;
    assert_eq!(asked.outcome, ChangeOutcome::Blocked);
    let obstacle = asked.steps[0].obstacle.as_ref().unwrap();
    assert_eq!(obstacle.sentence.code, PhraseCode::SettingForbidden);
    let remedy = asked.steps[0].consequences[0].english();
    assert!(remedy.contains("sudo nvidia-smi -i 0 -pl 300"), "{remedy}");
    assert!(world.workstation.set().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_value_beyond_the_range_and_a_trial_that_is_too_long_are_refused() {
    let (world, _view) = looked_at().await;
    let beyond = report(&world, "set_device", limit(900.0, 60, "preview")).await;
    let obstacle = beyond.steps[0].obstacle.as_ref().unwrap();
    assert!(obstacle.details[0].contains("200 to 700 W"), "{obstacle:?}");
    let long = report(&world, "set_device", limit(300.0, 7200, "preview")).await;
    let obstacle = long.steps[0].obstacle.as_ref().unwrap();
    assert_eq!(obstacle.sentence.code, PhraseCode::SettingTrialSpan);
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_was_kept_is_undone_by_its_entry() {
    let (world, _view) = looked_at().await;
    let done = report(&world, "set_device", limit(300.0, 0, "apply")).await;
    let undo = json!({ "entry": done.journal_entry, "settlement": "undo", "intent": "apply" });
    let undone = report(&world, "settle_change", undo).await;
    assert_eq!(undone.outcome, ChangeOutcome::Applied);
    assert_eq!(
        world.workstation.set(),
        [Setting::PowerLimit(300.0), Setting::PowerLimit(700.0)]
    );
    let entries = journal(&world).await;
    assert_eq!(entries[0].settles, done.journal_entry);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_was_ended_is_not_brought_back() {
    let (world, _view) = looked_at().await;
    let done = report(&world, "end_process", ending(42, false, "apply")).await;
    let undo = json!({ "entry": done.journal_entry, "settlement": "undo", "intent": "preview" });
    let undone = report(&world, "settle_change", undo).await;
    let obstacle = undone.steps[0].obstacle.as_ref().unwrap();
    assert_eq!(obstacle.sentence.code, PhraseCode::ProcessNotUndone);
}
