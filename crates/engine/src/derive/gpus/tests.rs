use std::time::Duration;

use jiff::SignedDuration;
use strata_domain::{ids::ObjectKey, object::Object, reading::Source};
use strata_ports::telemetry::{Answer, DeviceReport, HolderTold, Told};
use strata_test_support::objects::{node, pod, resource_claim, slice};

use super::*;
use crate::derive::fixture::{catalog, cluster, derived, now};

const GIBIBYTE: f64 = 1_073_741_824.0;

fn minutes_ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

/// What an exporter tells of device `index` of `n1`: how busy, how much memory of 80 GiB, and who
/// holds it.
fn told(index: u32, busy: f64, used: f64, holders: &[&str]) -> DeviceReport {
    let figures = [
        (Figure::SmActive, busy),
        (Figure::MemoryUsed, used * GIBIBYTE),
        (Figure::MemoryTotal, 80.0 * GIBIBYTE),
        (Figure::Power, 100.0),
        (Figure::LastXid, 0.0),
    ];
    DeviceReport {
        uuid: Text::from(format!("GPU-{index}")),
        index,
        node: Text::from("n1"),
        model: Text::default(),
        pci: Text::default(),
        driver: Text::default(),
        instance: None,
        holders: holders
            .iter()
            .map(|pod| HolderTold {
                pod: ObjectKey::new("llm", *pod),
                container: Text::from("main"),
            })
            .collect(),
        is_shared: holders.len() > 1,
        source: Source::Dcgm,
        at: None,
        figures: figures
            .iter()
            .map(|(figure, value)| (*figure, figure.judge(*value)))
            .collect(),
    }
}

/// A device that fell off the bus: its last XID, and nothing else.
fn lost(index: u32, holders: &[&str]) -> DeviceReport {
    let mut report = told(index, 0.0, 0.0, holders);
    report.figures = Box::new([(Figure::LastXid, Figure::LastXid.judge(79.0))]);
    report
}

fn answer(at: Timestamp, devices: Vec<DeviceReport>) -> Answer {
    Answer {
        pod: ObjectKey::new("gpu-operator", "dcgm"),
        at,
        took: Duration::from_millis(10),
        bytes: 1,
        outcome: Ok(Told::Devices(devices)),
    }
}

/// The GPUs of a cluster of `objects` of which the exporter told `devices` in each of the last
/// `minutes` half minutes.
fn joined(objects: Vec<Object>, minutes: i64, devices: &dyn Fn() -> Vec<DeviceReport>) -> Gpus {
    let cluster = cluster(objects);
    let mut telemetry = Telemetry::default();
    for half in (0..=minutes * 2).rev() {
        let at = now() - SignedDuration::from_secs(half * 30);
        telemetry.take(answer(at, devices()));
    }
    Gpus::join(&cluster, &derived(&cluster, &catalog()), &telemetry, now())
}

fn states(gpus: &Gpus) -> Vec<GpuState> {
    gpus.iter().map(|gpu| gpu.state).collect()
}

#[test]
fn the_pod_that_an_exporter_names_holds_the_device() {
    let objects = vec![
        node("n1").gpus(2).object(),
        pod("llm", "server").on("n1").gpus(1).object(),
    ];
    let gpus = joined(objects, 0, &|| {
        vec![told(0, 0.0, 0.0, &[]), told(1, 0.7, 60.0, &["server"])]
    });
    assert_eq!(states(&gpus), [GpuState::Free, GpuState::Allocated]);
    let gpu = gpus.get("n1", 1).unwrap();
    assert!(!gpu.is_by_count);
    assert_eq!(gpu.holders[0].workload, "server");
    assert_eq!(gpu.activity, Some((Figure::SmActive, 0.7)));
}

#[test]
fn without_an_exporter_pods_are_counted_and_marked_so() {
    use GpuState::{Allocated, Free};

    let objects = vec![
        node("n1").gpus(4).object(),
        pod("llm", "server").on("n1").gpus(2).object(),
    ];
    let cluster = cluster(objects);
    let telemetry = Telemetry::default();
    let gpus = Gpus::join(&cluster, &derived(&cluster, &catalog()), &telemetry, now());
    assert_eq!(states(&gpus), [Allocated, Allocated, Free, Free]);
    assert!(gpus.iter().take(2).all(|gpu| gpu.is_by_count));
    // Nothing was measured, which is not nothing to do.
    assert!(
        gpus.iter()
            .all(|gpu| gpu.activity.is_none() && gpu.measured_at.is_none())
    );
}

#[test]
fn memory_held_for_ten_minutes_without_work_is_idle() {
    let objects = || {
        vec![
            node("n1").gpus(1).object(),
            pod("llm", "notebook").on("n1").gpus(1).object(),
        ]
    };
    let idle = || vec![told(0, 0.0, 20.0, &["notebook"])];
    let gpus = joined(objects(), 30, &idle);
    assert_eq!(states(&gpus), [GpuState::IdleHeld]);
    let gpu = gpus.get("n1", 0).unwrap();
    assert!(gpu.idle_since.unwrap() <= minutes_ago(29));
    assert_eq!(gpu.severity, Severity::Notice);
    // Not yet known for long enough.
    assert_eq!(states(&joined(objects(), 5, &idle)), [GpuState::Allocated]);
    // No memory held: it is starting, not idle.
    let starting = || vec![told(0, 0.0, 0.01, &["notebook"])];
    assert_eq!(
        states(&joined(objects(), 30, &starting)),
        [GpuState::Allocated]
    );
}

#[test]
fn work_within_the_last_ten_minutes_is_not_idle() {
    let cluster = cluster(vec![
        node("n1").gpus(1).object(),
        pod("llm", "server").on("n1").gpus(1).object(),
    ]);
    let mut telemetry = Telemetry::default();
    for half in (0..=60).rev() {
        let at = now() - SignedDuration::from_secs(half * 30);
        let busy = if half == 14 { 0.4 } else { 0.0 };
        telemetry.take(answer(at, vec![told(0, busy, 60.0, &["server"])]));
    }
    let gpus = Gpus::join(&cluster, &derived(&cluster, &catalog()), &telemetry, now());
    assert_eq!(states(&gpus), [GpuState::Allocated]);
}

#[test]
fn a_device_that_fell_off_the_bus_is_unhealthy_and_says_what_to_do() {
    let objects = vec![
        node("n1").resource("nvidia.com/gpu", 2, 1).object(),
        pod("llm", "server").on("n1").gpus(1).object(),
    ];
    let gpus = joined(objects, 0, &|| {
        vec![lost(0, &["server"]), told(1, 0.0, 0.0, &[])]
    });
    assert_eq!(states(&gpus), [GpuState::Unhealthy, GpuState::Free]);
    let gpu = gpus.get("n1", 0).unwrap();
    assert_eq!(gpu.severity, Severity::Critical);
    let said = gpu.faults[0].title().english();
    assert_eq!(said, "XID 79: GPU has fallen off the bus");
    assert!(gpu.faults[0].action(gpu).english().contains("n1"));
}

#[test]
fn an_exporter_that_leaves_power_out_makes_no_device_that_fell_off_the_bus() {
    let gpus = joined(vec![node("n1").gpus(1).object()], 0, &|| {
        let mut report = told(0, 0.2, 10.0, &[]);
        report.figures = Box::new([
            (Figure::Utilization, Figure::Utilization.judge(0.2)),
            (Figure::LastXid, Figure::LastXid.judge(79.0)),
        ]);
        vec![report]
    });
    assert_eq!(states(&gpus), [GpuState::Free]);
}

#[test]
fn hami_says_who_holds_what_dcgm_measures() {
    let objects = vec![
        node("n1").gpus(1).object(),
        pod("llm", "server").on("n1").gpus(1).object(),
    ];
    let cluster = cluster(objects);
    let mut telemetry = Telemetry::default();
    let monitor = Answer {
        pod: ObjectKey::new("hami-system", "monitor"),
        ..answer(
            now(),
            vec![DeviceReport {
                source: Source::Hami,
                figures: Box::new([(Figure::Utilization, Figure::Utilization.judge(0.5))]),
                ..told(0, 0.0, 0.0, &["server"])
            }],
        )
    };
    telemetry.take(answer(now(), vec![told(0, 0.7, 60.0, &[])]));
    telemetry.take(monitor);
    let gpus = Gpus::join(&cluster, &derived(&cluster, &catalog()), &telemetry, now());
    let gpu = gpus.get("n1", 0).unwrap();
    assert_eq!(gpu.activity, Some((Figure::SmActive, 0.7)));
    assert_eq!(gpu.holders[0].workload, "server");
    assert!(!gpu.is_by_count);
}

#[test]
fn an_xid_that_the_device_has_recovered_from_is_not_a_fault_of_now() {
    let objects = vec![node("n1").gpus(1).object()];
    let gpus = joined(objects, 0, &|| {
        let mut report = told(0, 0.0, 0.0, &[]);
        for (figure, said) in &mut report.figures {
            if *figure == Figure::LastXid {
                *said = figure.judge(79.0);
            }
        }
        vec![report]
    });
    assert_eq!(states(&gpus), [GpuState::Free]);
    assert_eq!(
        gpus.get("n1", 0).unwrap().faults,
        [Fault::PastXid { xid: 79 }]
    );
}

#[test]
fn what_kubernetes_withholds_is_unhealthy_even_if_no_device_says_so() {
    let objects = vec![
        node("n1").resource("nvidia.com/gpu", 2, 1).object(),
        pod("llm", "server").on("n1").gpus(1).object(),
    ];
    let gpus = joined(objects, 0, &|| {
        vec![told(0, 0.6, 60.0, &["server"]), told(1, 0.0, 0.0, &[])]
    });
    assert_eq!(states(&gpus), [GpuState::Allocated, GpuState::Unhealthy]);
}

#[test]
fn what_several_pods_share_is_attributed_to_none_and_never_idle() {
    let objects = vec![
        node("n1").gpus(1).object(),
        pod("llm", "a").on("n1").gpus(1).object(),
        pod("llm", "b").on("n1").gpus(1).object(),
    ];
    let gpus = joined(objects, 30, &|| vec![told(0, 0.0, 40.0, &["a", "b"])]);
    let gpu = gpus.get("n1", 0).unwrap();
    assert!(gpu.is_shared && gpu.idle_since.is_none());
    assert_eq!(gpu.holders.len(), 2);
}

#[test]
fn a_pod_that_has_ended_holds_nothing_whatever_its_exporter_says() {
    let objects = vec![node("n1").gpus(1).object()];
    let gpus = joined(objects, 0, &|| vec![told(0, 0.0, 0.0, &["gone"])]);
    assert_eq!(states(&gpus), [GpuState::Free]);
}

#[test]
fn readings_of_long_ago_are_not_how_it_is_now() {
    let cluster = cluster(vec![node("n1").gpus(1).object()]);
    let mut telemetry = Telemetry::default();
    telemetry.take(answer(minutes_ago(20), vec![told(0, 0.9, 60.0, &[])]));
    let gpus = Gpus::join(&cluster, &derived(&cluster, &catalog()), &telemetry, now());
    let gpu = gpus.get("n1", 0).unwrap();
    assert!(gpu.is_stale);
    assert_eq!((gpu.activity, gpu.memory), (None, None));
    assert_eq!(gpu.measured_at, Some(minutes_ago(20)));
}

#[test]
fn a_node_that_does_not_answer_has_unknown_gpus() {
    let gpus = joined(vec![node("n1").gpus(1).not_ready().object()], 0, &|| {
        vec![told(0, 0.0, 0.0, &[])]
    });
    assert_eq!(states(&gpus), [GpuState::Unknown]);
}

#[test]
fn a_claim_says_which_device_its_pod_has() {
    use GpuState::{Allocated, Free};

    let mut published = slice("gpu.nvidia.com", "n1").gpus(2, "NVIDIA L40S").build();
    for (device, number) in published.devices.iter_mut().zip(0..) {
        device.uuid = Text::from(format!("GPU-{number}"));
    }
    let (driver, pool) = (published.driver.clone(), published.pool.clone());
    let second = published.devices[1].name.clone();
    let mut server = pod("llm", "server").on("n1").build();
    server.claims = vec![Text::from("server-gpu-x")].into();
    let objects = vec![
        node("n1").object(),
        Object::ResourceSlice(Box::new(published)),
        Object::Pod(Box::new(server)),
        resource_claim(
            "llm",
            "server-gpu-x",
            &[(&driver, &pool, &second)],
            "server",
        )
        .object(),
    ];
    // The exporter knows the devices, and not who has them.
    let gpus = joined(objects, 0, &|| {
        vec![told(0, 0.0, 0.0, &[]), told(1, 0.7, 60.0, &[])]
    });
    assert_eq!(states(&gpus), [Free, Allocated]);
    let gpu = gpus.get("n1", 1).unwrap();
    assert_eq!(gpu.holders[0].workload, "server");
    assert!(!gpu.is_by_count);
}
