//! The GPU of a Jetson, which is a part of its processor: on no PCI bus, and before JetPack 6 without
//! NVIDIA's library. The kernel scales its clock (`devfreq`), and the driver tells its load beside that.

use std::{fs, path::Path};

use jiff::Timestamp;
use strata_domain::{
    reading::{Absence, Figure},
    workstation::{Device, DeviceState, Remark, Vendor},
};

use super::{number, reading, text};

/// What the kernel calls the sensor of the GPU, from one JetPack to the next.
const SENSORS: [&str; 3] = ["gpu-thermal", "GPU-therm", "gpu-therm"];

/// The GPUs of the machine at `root` that are a part of its processor; numbers go on from `first`.
pub(crate) fn devices(root: &Path, first: u32, now: Timestamp) -> Vec<Device> {
    let Ok(entries) = fs::read_dir(root.join("sys/class/devfreq")) else {
        return Vec::new();
    };
    let mut folders: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|folder| is_gpu(folder))
        .collect();
    folders.sort();
    let numbered = folders.iter().zip(first..);
    numbered
        .map(|(folder, index)| device(root, folder, index, now))
        .collect()
}

/// Whether what is scaled is a GPU of NVIDIA's: other parts of the processor tell no load.
fn is_gpu(folder: &Path) -> bool {
    let compatible = fs::read(folder.join("device/of_node/compatible")).unwrap_or_default();
    compatible.starts_with(b"nvidia,") && folder.join("device/load").exists()
}

fn device(root: &Path, folder: &Path, index: u32, now: Timestamp) -> Device {
    let name = folder.file_name().unwrap_or_default();
    // What the device tree tells ends with a zero.
    let model = text(&root.join("proc/device-tree/model")).unwrap_or_default();
    Device {
        id: name.to_string_lossy().into_owned(),
        index,
        vendor: Vendor::Nvidia,
        model: model.trim_end_matches('\0').to_owned(),
        pci: String::new(),
        state: DeviceState::Answers,
        readings: vec![
            // In thousandths.
            reading(
                Figure::Utilization,
                number(&folder.join("device/load")),
                1e3,
                now,
            ),
            reading(Figure::SmClock, number(&folder.join("cur_freq")), 1e6, now),
            reading(Figure::Temperature, temperature(root), 1e3, now),
        ],
        instances: Vec::new(),
        links: Vec::new(),
        processes: Vec::new(),
        processes_at: None,
        xids: Vec::new(),
        power: None,
        clocks: None,
        remarks: vec![Remark::UnifiedMemory],
    }
}

/// What the sensor of the GPU tells, in thousandths of a degree.
fn temperature(root: &Path) -> Result<f64, Absence> {
    let zones = fs::read_dir(root.join("sys/class/thermal"));
    let zones = zones.map_err(|_| Absence::NotSupported)?;
    let mut zones = zones.filter_map(Result::ok).map(|entry| entry.path());
    let zone = zones
        .find(|zone| text(&zone.join("type")).is_some_and(|kind| SENSORS.contains(&kind.as_str())));
    number(&zone.ok_or(Absence::NotSupported)?.join("temp"))
}
