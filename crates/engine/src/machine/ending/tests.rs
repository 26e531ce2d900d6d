use strata_api::change::ChangeOutcome;
use strata_domain::workstation::ProcessGuard;

use super::*;

fn known(owner: Option<ProcessOwner>) -> KnownProcess {
    KnownProcess {
        on: vec![(0, Some(2.0 * 1024.0 * 1024.0 * 1024.0)), (1, None)],
        uses: Some(DeviceUse::Both),
        owner,
        pod: None,
    }
}

fn owner(command: &str) -> ProcessOwner {
    ProcessOwner {
        user: "ada".to_owned(),
        command: command.to_owned(),
        started_ticks: 7,
        ..ProcessOwner::default()
    }
}

fn said(act: &Act) -> Vec<String> {
    act.told.consequences.iter().map(Phrase::english).collect()
}

#[test]
fn whose_it_is_what_becomes_free_and_what_starts_it_again_is_said_before() {
    let act = planned(42, 7, false, Some(&known(Some(owner("python train.py")))));
    assert_eq!(act.told.object.name, "42 (python)");
    assert_eq!(act.told.kubectl, "kill -TERM 42");
    assert_eq!(
        said(&act),
        [
            "ada runs it: python train.py",
            "It is asked to end (SIGTERM) and may finish what it does",
            "2.0 GiB of GPU 0 becomes free",
            "How much of GPU 1 becomes free is not told",
            "Nothing that Strata sees starts it again",
        ]
    );
    assert_eq!(
        act.report(Intent::Preview, None).outcome,
        ChangeOutcome::Ready
    );
}

#[test]
fn the_end_of_what_draws_the_desktop_is_warned_of() {
    let act = planned(
        42,
        7,
        true,
        Some(&known(Some(owner("/usr/bin/gnome-shell")))),
    );
    let said = said(&act);
    assert!(said.iter().any(|line| line.contains("desktop")), "{said:?}");
    assert!(said.iter().any(|line| line.contains("SIGKILL")), "{said:?}");
}

#[test]
fn what_may_not_be_ended_is_refused_with_what_to_do() {
    let guarded = |guard| {
        Some(ProcessOwner {
            guard: Some(guard),
            ..owner("x")
        })
    };
    for (owner, code) in [
        (guarded(ProcessGuard::First), PhraseCode::ProcessFirst),
        (guarded(ProcessGuard::Strata), PhraseCode::ProcessStrata),
        (guarded(ProcessGuard::OtherUser), PhraseCode::ProcessOfOther),
        (None, PhraseCode::ProcessForeign),
    ] {
        let act = planned(42, 7, false, Some(&known(owner)));
        let obstacle = act.told.obstacle.as_ref().unwrap();
        assert_eq!(obstacle.sentence.code, code);
        assert_ne!(said(&act)[0], "ada runs it: x", "what to do stands first");
        assert_eq!(
            act.report(Intent::Apply, None).outcome,
            ChangeOutcome::Blocked
        );
    }
}

#[test]
fn a_process_that_is_on_no_device_is_left_alone() {
    let act = planned(42, 7, false, None);
    let obstacle = act.told.obstacle.as_ref().unwrap();
    assert_eq!(obstacle.sentence.code, PhraseCode::ProcessOnNothing);
}
