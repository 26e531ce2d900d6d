//! What is kept of the machine that Strata runs on, and told of it.

use jiff::SignedDuration;
use serde_json::json;
use strata_api::{
    operations::{HistoryChart, MachineHistory, Picture},
    topics::Topic,
};
use strata_domain::{
    ids::ClusterId,
    reading::{Absence, Figure, Reading, Said, Source},
    workstation::{AcceleratorSample, Device, DeviceState, MachineSample, Trouble, Vendor},
};
use strata_ports::{
    clock::Clock as _,
    workstation::{Pace, WorkstationEvent},
};

use crate::world::{World, until};

fn reading(world: &World, figure: Figure, said: Said) -> Reading {
    Reading {
        figure,
        said,
        source: Source::Nvml,
        at: world.clock.now(),
    }
}

/// A GPU that is busy at this share, and what it has drawn so far in joules.
fn gpu(world: &World, busy: Said, energy: f64, state: DeviceState) -> WorkstationEvent {
    let device = Device {
        id: "GPU-1".to_owned(),
        index: 0,
        vendor: Vendor::Nvidia,
        model: "NVIDIA H100".to_owned(),
        pci: String::new(),
        state,
        readings: vec![
            reading(world, Figure::Utilization, busy),
            reading(world, Figure::Energy, Said::Value(energy)),
            // Told, and not kept.
            reading(world, Figure::FanSpeed, Said::Value(0.4)),
        ],
        instances: Vec::new(),
        links: Vec::new(),
        processes: Vec::new(),
        processes_at: None,
        xids: Vec::new(),
        power: None,
        clocks: None,
        remarks: Vec::new(),
    };
    WorkstationEvent::Accelerators(Box::new(AcceleratorSample {
        devices: vec![device],
        ..AcceleratorSample::default()
    }))
}

fn machine(world: &World, busy: f64) -> WorkstationEvent {
    WorkstationEvent::Machine(Box::new(MachineSample {
        at: world.clock.now(),
        name: "ws-1".to_owned(),
        system: String::new(),
        kernel: String::new(),
        processor: String::new(),
        threads: 8,
        readings: vec![
            reading(world, Figure::CpuUtilization, Said::Value(busy)),
            reading(world, Figure::DiskRead, Said::Absent(Absence::NotTold)),
        ],
        disks: Vec::new(),
        networks: Vec::new(),
    }))
}

/// Has the machine tell `event`, and waits until `samples` of this machine were kept in all.
async fn tell(world: &World, event: WorkstationEvent, samples: usize) {
    assert!(world.workstation.tell(event));
    until(|| kept(world) >= samples).await;
}

/// How many samples were kept, of this machine alone.
fn kept(world: &World) -> usize {
    let records = world.series.records();
    let of_machine = records
        .iter()
        .filter(|(of, _)| *of == ClusterId::this_machine());
    of_machine.map(|(_, record)| record.samples.len()).sum()
}

#[expect(clippy::unwrap_used, reason = "a test that is not answered has failed")]
async fn history(world: &World, device: &str) -> MachineHistory {
    let request = json!({
        "device": device,
        "span": { "until": "", "seconds": 600, "points": 100 },
    });
    let told = world.engine.call("machine_history", request).await.unwrap();
    serde_json::from_value(told).unwrap()
}

fn chart(told: &MachineHistory, figure: Figure) -> Option<&HistoryChart> {
    let mut charts = told.charts.iter();
    charts.find(|chart| Figure::from(chart.figure) == figure)
}

/// Lets the other tasks take in what was told.
async fn taken_in() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

async fn sampled_world() -> World {
    let world = World::keeping_its_machine();
    until(|| world.workstation.is_sampled()).await;
    world
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_kept_is_sampled_seldom_and_each_second_while_somebody_looks() {
    let world = sampled_world().await;
    assert_eq!(world.workstation.pace(), Some(Pace::Slow));
    let (_view, id, _arrived) = world.subscribe_silently(Topic::Workstation {}).await;
    until(|| world.workstation.pace() == Some(Pace::Quick)).await;
    world.engine.unsubscribe(id);
    until(|| world.workstation.pace() == Some(Pace::Slow)).await;
    assert!(world.workstation.is_sampled());
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_this_machine_did_is_kept_and_what_was_not_told_is_a_gap() {
    let world = sampled_world().await;
    let step = SignedDuration::from_secs(30);
    let answers = DeviceState::Answers;
    tell(&world, machine(&world, 0.5), 1).await;
    tell(&world, gpu(&world, Said::Value(0.9), 10_000.0, answers), 3).await;
    world.clock.advance(step);
    tell(&world, gpu(&world, Said::Value(0.7), 19_000.0, answers), 5).await;
    // The driver hangs for two minutes, then the device falls off the bus: it keeps what it said last.
    let hung = Trouble::Hung {
        device: "GPU-1".to_owned(),
        call: "nvmlDeviceGetPowerUsage".to_owned(),
        seconds: 7,
    };
    assert!(
        world
            .workstation
            .tell(WorkstationEvent::Sampler(Some(hung)))
    );
    let silent = gpu(&world, Said::Value(0.7), 19_000.0, DeviceState::Lost);
    taken_in().await;
    world.clock.advance(step * 4);
    assert!(world.workstation.tell(silent));
    taken_in().await;
    world.clock.advance(step);
    tell(&world, gpu(&world, Said::Value(0.2), 40_000.0, answers), 7).await;

    let told = history(&world, "GPU-1").await;
    let busy = chart(&told, Figure::Utilization).unwrap();
    let last: Vec<_> = busy.means.iter().rev().take(8).collect();
    assert_eq!(
        last,
        [
            &Some(0.2),
            &None,
            &None,
            &None,
            &None,
            &Some(0.7),
            &Some(0.9),
            &None
        ]
    );
    assert_eq!(told.energy, Some(30_000.0));
    assert!(
        chart(&told, Figure::Energy).is_none(),
        "a counter is no chart"
    );
    assert!(chart(&told, Figure::FanSpeed).is_none());

    let told = history(&world, "").await;
    assert_eq!(told.devices, ["GPU-1"]);
    let busy = chart(&told, Figure::CpuUtilization).unwrap();
    assert_eq!(busy.means.iter().flatten().collect::<Vec<_>>(), [&0.5]);
    assert!(chart(&told, Figure::DiskRead).is_none());
    assert_eq!(told.energy, None);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn of_many_values_in_a_step_the_mean_is_kept() {
    let world = sampled_world().await;
    let second = SignedDuration::from_secs(1);
    tell(&world, machine(&world, 0.2), 1).await;
    for busy in [0.4, 0.6] {
        world.clock.advance(second);
        assert!(world.workstation.tell(machine(&world, busy)));
        taken_in().await;
    }
    // The same reading told once more is none.
    assert!(world.workstation.tell(machine(&world, 0.6)));
    taken_in().await;
    world.clock.advance(second * 40);
    tell(&world, machine(&world, 1.0), 3).await;
    let told = history(&world, "").await;
    let busy = chart(&told, Figure::CpuUtilization).unwrap();
    let mut known = busy.means.iter().flatten();
    let mean = known.next().unwrap();
    assert!((mean - 0.4).abs() < 1e-9, "{mean}");
    assert_eq!(known.collect::<Vec<_>>(), [&1.0]);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_not_kept_has_no_past() {
    let world = World::start();
    let _view = world.subscribe(Topic::Workstation {}).await;
    until(|| world.workstation.is_sampled()).await;
    assert!(world.workstation.tell(machine(&world, 0.5)));
    taken_in().await;
    let told = history(&world, "").await;
    assert!(told.charts.is_empty());
    assert_eq!(kept(&world), 0);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn this_machine_is_drawn_as_a_picture() {
    let world = sampled_world().await;
    let mut request = json!({
        "title": "ws-1",
        "devices": [{ "device": "GPU-1", "name": "GPU 0 · NVIDIA H100" }],
        "with_machine": false,
        "span": { "until": "", "seconds": 600, "points": 100 },
        "look": { "format": "svg", "theme": "light", "language": "zh" },
    });
    let nothing = world.engine.call("draw_machine", request.clone()).await;
    assert!(nothing.unwrap_err().message.contains("nothing was kept"));
    let answers = DeviceState::Answers;
    tell(&world, gpu(&world, Said::Value(0.9), 0.0, answers), 2).await;
    let drawn = world.engine.call("draw_machine", request.clone()).await;
    let picture: Picture = serde_json::from_value(drawn.unwrap()).unwrap();
    assert_eq!(picture.name, "ws-1---GPU-0---NVIDIA-H100.svg");
    // The machine and two GPUs beside each other, of which one told nothing.
    request["devices"] = json!([
        { "device": "GPU-1", "name": "GPU 0" },
        { "device": "GPU-2", "name": "GPU 1" },
    ]);
    request["with_machine"] = json!(true);
    let drawn = world.engine.call("draw_machine", request).await;
    let picture: Picture = serde_json::from_value(drawn.unwrap()).unwrap();
    assert_eq!(picture.name, "ws-1.svg");
    world.engine.shutdown().await;
}
