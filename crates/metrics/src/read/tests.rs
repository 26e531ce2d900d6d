use strata_domain::text::Text;
use strata_ports::telemetry::EngineReport;

use super::*;

mod refused;
mod releases;

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn devices_of(dialect: Dialect, name: &str) -> Vec<DeviceReport> {
    match page(dialect, &fixture(name)) {
        Told::Devices(devices) => devices,
        other => panic!("no devices but {other:?}"),
    }
}

fn said(device: &DeviceReport, figure: Figure) -> Option<Said> {
    let told = device.figures.iter().find(|(known, _)| *known == figure)?;
    Some(told.1)
}

fn value(device: &DeviceReport, figure: Figure) -> f64 {
    said(device, figure)
        .and_then(Said::value)
        .unwrap_or_else(|| panic!("no {figure:?}"))
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-6 * right.abs().max(1.0)
}

fn pods(device: &DeviceReport) -> Vec<String> {
    device
        .holders
        .iter()
        .map(|holder| format!("{}/{}", holder.pod.namespace, holder.pod.name))
        .collect()
}

#[test]
fn an_old_dcgm_page_with_spaces_and_a_blank_is_read() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-2.1.4.txt");
    assert_eq!(devices.len(), 1);
    let device = &devices[0];
    assert_eq!(device.uuid, "GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52");
    assert!(near(value(device, Figure::SmClock), 139.0));
    // The blank of 64 bits means "not supported", and is no temperature.
    assert_eq!(
        said(device, Figure::MemoryTemperature),
        Some(Said::Absent(Absence::NotSupported))
    );
    assert_eq!(pods(device), ["bar/baz"]);
}

#[test]
fn a_dcgm_page_tells_devices_figures_and_pods() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-4.8.1.txt");
    assert_eq!(devices.len(), 8);
    assert_eq!(devices[0].node, "gpu-h100-01");
    assert_eq!(devices[0].model, "NVIDIA H100 80GB HBM3");
    let held = devices
        .iter()
        .find(|device| !device.holders.is_empty())
        .unwrap();
    assert!(!held.is_shared);
    let parts = value(held, Figure::MemoryUsed) + value(held, Figure::MemoryFree);
    let total = value(held, Figure::MemoryTotal);
    assert!(
        total > parts && near(total, 81_559.0 * 1_048_576.0),
        "{total}"
    );
    assert!((0.0..=1.0).contains(&value(held, Figure::SmActive)));
}

#[test]
fn the_node_is_read_in_either_spelling() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-main-lowercase.txt");
    assert_eq!(devices[0].node, "ubuntu-sv16");
    let devices = devices_of(Dialect::Dcgm, "dcgm-exported-pod.txt");
    assert_eq!(pods(&devices[0]), ["llm-serving-lab/vllm-baseline-7c9d"]);
    assert_eq!(devices[0].holders[0].container, "vllm");
}

#[test]
fn mig_instances_are_devices_of_their_own() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-mig.txt");
    let instances: Vec<&str> = devices
        .iter()
        .filter_map(|device| device.instance.as_ref())
        .map(|instance| instance.profile.as_str())
        .collect();
    assert_eq!(instances, ["1g.5gb", "3g.20gb"]);
    let first = devices
        .iter()
        .find(|device| device.instance.is_some())
        .unwrap();
    // GPU utilization does not exist for an instance.
    assert_eq!(said(first, Figure::Utilization), None);
    assert!(near(value(first, Figure::EngineActive), 0.174_817));
}

#[test]
fn what_several_pods_use_is_shared_and_not_added_up() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-time-slicing.txt");
    assert_eq!(devices.len(), 1);
    assert!(devices[0].is_shared);
    assert_eq!(pods(&devices[0]), ["lab/notebook-a", "lab/notebook-b"]);
    assert!(near(value(&devices[0], Figure::Utilization), 0.64));
}

#[test]
fn an_xid_outranks_the_none_of_another_series() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-xid.txt");
    assert!(near(value(&devices[0], Figure::LastXid), 79.0));
    assert_eq!(said(&devices[0], Figure::Power), None);
}

#[test]
fn amd_and_ascend_devices_read_alike() {
    let devices = devices_of(Dialect::Amd, "amd-1.5.txt");
    assert_eq!(devices[0].uuid, "ccff74a1-0000-1000-80e0-c6d49f5b0d86");
    assert_eq!(devices[0].model, "AMD Instinct MI300X OAM");
    assert!(near(value(&devices[0], Figure::Utilization), 0.87));
    assert!(near(
        value(&devices[0], Figure::MemoryTotal),
        196_592.0 * 1_048_576.0
    ));
    assert_eq!(devices_of(Dialect::Amd, "amd-capitals.txt").len(), 1);

    let devices = devices_of(Dialect::Ascend, "npu-exporter-6.0.txt");
    assert_eq!(devices.len(), 2);
    assert!(near(value(&devices[0], Figure::AiCoreUtilization), 0.36));
    // It is no share of time, so it is not GPU utilization.
    assert_eq!(said(&devices[0], Figure::Utilization), None);
    assert!(near(value(&devices[0], Figure::Health), 1.0));
    assert_eq!(pods(&devices[0]), ["vllm/qwen3-0"]);
    assert_eq!(devices_of(Dialect::Ascend, "npu-exporter-old.txt").len(), 1);
}

#[test]
fn hami_names_are_read_in_both_generations() {
    for name in ["hami-2.8.txt", "hami-2.9.txt"] {
        let devices = devices_of(Dialect::Hami, name);
        assert_eq!(devices.len(), 2, "{name}");
        assert!(near(value(&devices[1], Figure::Utilization), 1.0), "{name}");
        assert!(
            near(value(&devices[0], Figure::MemoryUsed), 5.636_666_163_2e10),
            "{name}"
        );
    }
}

fn engine(dialect: Dialect, name: &str) -> EngineReport {
    match page(dialect, &fixture(name)) {
        Told::Engine(report) => report,
        other => panic!("no engine but {other:?}"),
    }
}

#[test]
fn engines_tell_what_they_have_in_common() {
    let vllm = engine(Dialect::Vllm, "vllm-0.24.txt");
    assert_eq!(vllm.models, [Text::from("Qwen/Qwen3-32B")]);
    assert_eq!((vllm.running, vllm.waiting), (Some(11.0), Some(2.0)));
    assert_eq!(vllm.cache_used, Some(0.31));
    let old = engine(Dialect::Vllm, "vllm-0.8.txt");
    assert_eq!(old.cache_used, Some(0.5));
    let sglang = engine(Dialect::Sglang, "sglang-0.5.txt");
    assert_eq!((sglang.running, sglang.waiting), (Some(3.0), Some(0.0)));
    let tgi = engine(Dialect::TextGeneration, "tgi-3.txt");
    assert_eq!((tgi.running, tgi.waiting), (Some(4.0), Some(1.0)));
    let triton = engine(Dialect::Triton, "triton-26.txt");
    assert_eq!(triton.cache_used, Some(0.25));
    let ray = engine(Dialect::Ray, "ray-serve-2.50.txt");
    assert_eq!(ray.running, Some(5.0));
    // What an engine does not tell stays unknown.
    assert_eq!(tgi.cache_used, None);
}
