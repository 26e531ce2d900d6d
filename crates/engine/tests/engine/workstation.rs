//! The machine that Strata runs on, from what is sampled to rows.

use strata_api::{
    phrases::PhraseCode,
    rows::{
        Row,
        workstation::{Sampling, WorkstationRow},
    },
    topics::Topic,
};
use strata_domain::workstation::Trouble;
use strata_ports::workstation::WorkstationEvent;
use strata_test_support::frames::View;

use crate::world::World;

fn machine(view: &View) -> Option<&WorkstationRow> {
    view.rows.values().find_map(|row| match row {
        Row::Workstation(row) => Some(row.as_ref()),
        _ => None,
    })
}

fn is(view: &View, sampling: Sampling) -> bool {
    machine(view).is_some_and(|row| row.sampling == sampling)
}

#[tokio::test(start_paused = true)]
async fn this_machine_is_sampled_only_while_somebody_looks() {
    let world = World::start();
    assert!(!world.workstation.is_sampled());
    let (view, id, _arrived) = world.subscribe_silently(Topic::Workstation {}).await;
    view.wait_for(|view| is(view, Sampling::Starting)).await;
    while !world.workstation.is_sampled() {
        tokio::task::yield_now().await;
    }
    world.engine.unsubscribe(id);
    while world.workstation.is_sampled() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_hangs_is_told_with_what_to_do() {
    let world = World::start();
    let view = world.subscribe(Topic::Workstation {}).await;
    while !world.workstation.is_sampled() {
        tokio::task::yield_now().await;
    }
    let nothing = WorkstationEvent::Accelerators(Box::default());
    assert!(world.workstation.tell(nothing));
    view.wait_for(|view| is(view, Sampling::NoAccelerator))
        .await;
    let hung = Trouble::Hung {
        device: "GPU-1".to_owned(),
        call: "nvmlDeviceGetPowerUsage".to_owned(),
        seconds: 7,
    };
    world
        .workstation
        .tell(WorkstationEvent::Sampler(Some(hung)));
    let seen = view.wait_for(|view| is(view, Sampling::Interrupted)).await;
    let faults = &machine(&seen).unwrap().faults;
    assert_eq!(faults[0].title.code, PhraseCode::DriverHangs);
    world.workstation.tell(WorkstationEvent::Sampler(None));
    view.wait_for(|view| is(view, Sampling::NoAccelerator))
        .await;
}
