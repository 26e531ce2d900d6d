//! Trees as the kernel lays them out: an AMD card, an Intel one, a laptop whose card sleeps.

use std::{fs, os::unix::fs::symlink, path::Path};

use strata_domain::workstation::DeviceUse;

use super::*;

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("{text}\n")).unwrap();
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_764_000_000 + seconds).unwrap()
}

const AMD: &str = "sys/class/drm/card1/device";

/// A Radeon PRO W7900, idle but for one process.
fn amd() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let files = [
        ("vendor", "0x1002"),
        ("device", "0x7448"),
        ("uevent", "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0"),
        ("product_name", "Radeon PRO W7900"),
        ("gpu_busy_percent", "37"),
        ("mem_busy_percent", "12"),
        ("mem_info_vram_total", "48301604864"),
        ("mem_info_vram_used", "8053063680"),
        ("current_link_speed", "16.0 GT/s PCIe"),
        ("current_link_width", "16"),
        ("power/runtime_status", "active"),
        ("hwmon/hwmon4/temp1_input", "41000"),
        ("hwmon/hwmon4/temp1_label", "edge"),
        ("hwmon/hwmon4/temp2_input", "49000"),
        ("hwmon/hwmon4/temp2_label", "junction"),
        ("hwmon/hwmon4/temp3_input", "62000"),
        ("hwmon/hwmon4/temp3_label", "mem"),
        ("hwmon/hwmon4/power1_average", "88000000"),
        ("hwmon/hwmon4/power1_cap", "241000000"),
        ("hwmon/hwmon4/power1_cap_max", "241000000"),
        ("hwmon/hwmon4/power1_cap_min", "0"),
        ("hwmon/hwmon4/fan1_input", "850"),
        ("hwmon/hwmon4/fan1_max", "3400"),
        ("hwmon/hwmon4/freq1_input", "1850000000"),
        ("hwmon/hwmon4/freq1_label", "sclk"),
        ("hwmon/hwmon4/freq2_input", "1124000000"),
        ("hwmon/hwmon4/freq2_label", "mclk"),
    ];
    for (name, text) in files {
        write(root.path(), &format!("{AMD}/{name}"), text);
    }
    write(root.path(), "sys/class/drm/card1-DP-1/status", "connected");
    root
}

fn drm(root: &Path) -> Drm {
    Drm::at(root, Processes::at(root))
}

#[test]
fn an_amd_card_tells_its_figures() {
    let root = amd();
    let devices = drm(root.path()).sample(0, at(0));
    let [card] = devices.as_slice() else {
        panic!("{devices:?}");
    };
    assert_eq!(card.model, "Radeon PRO W7900");
    assert_eq!(card.pci, "0000:03:00.0");
    let value = |figure| card.value(figure);
    assert_eq!(value(Figure::Utilization), Some(0.37));
    assert_eq!(value(Figure::MemoryUsed), Some(8_053_063_680.0));
    assert_eq!(value(Figure::Temperature), Some(49.0));
    assert_eq!(value(Figure::MemoryTemperature), Some(62.0));
    assert_eq!(value(Figure::Power), Some(88.0));
    assert_eq!(value(Figure::PowerLimit), Some(241.0));
    assert_eq!(value(Figure::FanSpeed), Some(0.25));
    assert_eq!(value(Figure::SmClock), Some(1_850.0));
    assert_eq!(value(Figure::MemoryClock), Some(1_124.0));
    assert_eq!(value(Figure::PcieGeneration), Some(4.0));
    assert_eq!(value(Figure::PcieWidth), Some(16.0));
    assert!((card.power.unwrap().most - 241.0).abs() < f64::EPSILON);
}

#[test]
fn what_a_card_does_not_have_is_not_supported_and_never_zero() {
    let root = amd();
    fs::remove_file(root.path().join(AMD).join("mem_busy_percent")).unwrap();
    fs::remove_dir_all(root.path().join(AMD).join("hwmon")).unwrap();
    let devices = drm(root.path()).sample(0, at(0));
    let card = devices.first().unwrap();
    assert_eq!(
        card.reading(Figure::MemoryUtilization).unwrap().said,
        Said::Absent(Absence::NotSupported)
    );
    assert_eq!(card.reading(Figure::Power), None);
    // A sensor that is there and says nonsense.
    write(root.path(), &format!("{AMD}/gpu_busy_percent"), "nan");
    let devices = drm(root.path()).sample(0, at(0));
    assert_eq!(devices.first().unwrap().value(Figure::Utilization), None);
}

#[test]
fn a_card_that_sleeps_is_left_alone() {
    let root = amd();
    write(
        root.path(),
        &format!("{AMD}/power/runtime_status"),
        "suspended",
    );
    let devices = drm(root.path()).sample(2, at(0));
    let card = devices.first().unwrap();
    assert_eq!(card.index, 2);
    assert_eq!(card.state, DeviceState::Suspended);
    assert_eq!(card.readings, []);
    assert_eq!(card.remarks, [Remark::Suspended]);
}

#[test]
fn a_card_that_is_about_to_sleep_is_left_alone_and_so_are_its_clients() {
    let root = amd();
    let status = format!("{AMD}/power/runtime_status");
    write(root.path(), &status, "suspending");
    fs::create_dir_all(root.path().join(AMD).join("drm/renderD128")).unwrap();
    client(root.path(), 0);
    let mut drm = drm(root.path());
    let devices = drm.sample(0, at(0));
    assert_eq!(devices.first().unwrap().state, DeviceState::Suspended);
    assert!(drm.seen.is_empty());
    write(root.path(), &status, "active");
    for second in 1..3 {
        drm.sample(0, at(second));
    }
    let devices = drm.sample(0, at(3));
    assert_eq!(devices.first().unwrap().processes.len(), 1);
}

#[test]
fn a_part_of_a_processor_is_told_to_share_its_memory() {
    let root = amd();
    write(
        root.path(),
        &format!("{AMD}/hwmon/hwmon4/in1_label"),
        "vddnb",
    );
    let devices = drm(root.path()).sample(0, at(0));
    assert_eq!(devices.first().unwrap().remarks, [Remark::UnifiedMemory]);
}

/// A process with two numbers open on one client of the card.
fn client(root: &Path, engine_nanoseconds: u64) {
    let text = format!(
        "pos:\t0\ndrm-driver:\tamdgpu\ndrm-pdev:\t0000:03:00.0\ndrm-client-id:\t77\n\
         drm-engine-compute:\t{engine_nanoseconds} ns\ndrm-engine-gfx:\t0 ns\n\
         drm-memory-vram:\t2097152 KiB\ndrm-total-vram:\t2097152 KiB"
    );
    for number in ["5", "6"] {
        write(root, &format!("proc/42/fdinfo/{number}"), &text);
        let link = root.join("proc/42/fd").join(number);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        if fs::symlink_metadata(&link).is_err() {
            symlink("/dev/dri/renderD128", link).unwrap();
        }
    }
}

#[test]
fn a_client_that_is_open_twice_is_counted_once() {
    let root = amd();
    let mut drm = drm(root.path());
    client(root.path(), 1_000_000_000);
    let devices = drm.sample(0, at(0));
    let process = devices.first().unwrap().processes.first().unwrap().clone();
    assert_eq!(process.pid, 42);
    assert_eq!(process.uses, DeviceUse::Compute);
    assert_eq!(
        process.readings.first().unwrap().said,
        Said::Value(2_147_483_648.0)
    );
    // How busy it is takes a second look.
    assert_eq!(process.readings.len(), 1);
    client(root.path(), 2_500_000_000);
    for second in 1..3 {
        drm.sample(0, at(second));
    }
    let devices = drm.sample(0, at(3));
    let process = devices.first().unwrap().processes.first().unwrap().clone();
    assert_eq!(process.readings.get(1).unwrap().said, Said::Value(0.5));
}

#[test]
fn what_computes_by_queues_of_its_own_is_not_told_to_be_idle() {
    let root = amd();
    let mut drm = drm(root.path());
    // ROCm's work passes by the engines that the kernel keeps account of.
    client(root.path(), 0);
    symlink("/dev/kfd", root.path().join("proc/42/fd/7")).unwrap();
    for second in 0..3 {
        drm.sample(0, at(second));
    }
    let devices = drm.sample(0, at(3));
    let process = devices.first().unwrap().processes.first().unwrap();
    assert_eq!(process.uses, DeviceUse::Compute);
    let figures: Vec<_> = process.readings.iter().map(|one| one.figure).collect();
    assert_eq!(figures, [Figure::MemoryUsed]);
}

#[test]
fn an_intel_card_draws_the_energy_that_it_used_since_the_last_look() {
    let root = tempfile::tempdir().unwrap();
    let card = "sys/class/drm/card0/device";
    let files = [
        ("vendor", "0x8086"),
        ("device", "0xe20b"),
        ("uevent", "DRIVER=xe\nPCI_SLOT_NAME=0000:03:00.0"),
        ("hwmon/hwmon3/energy1_input", "5000000000"),
        ("hwmon/hwmon3/temp2_input", "51000"),
        ("hwmon/hwmon3/temp2_label", "pkg"),
        ("hwmon/hwmon3/temp3_input", "60000"),
        ("hwmon/hwmon3/temp3_label", "vram"),
    ];
    for (name, text) in files {
        write(root.path(), &format!("{card}/{name}"), text);
    }
    let mut drm = drm(root.path());
    let power = |devices: &[Device]| {
        devices
            .first()
            .unwrap()
            .reading(Figure::Power)
            .unwrap()
            .said
    };
    let first = drm.sample(0, at(0));
    assert_eq!(power(&first), Said::Absent(Absence::NotTold));
    let value = |figure| first.first().unwrap().value(figure);
    assert_eq!(value(Figure::Temperature), Some(51.0));
    assert_eq!(value(Figure::MemoryTemperature), Some(60.0));
    let energy = format!("{card}/hwmon/hwmon3/energy1_input");
    write(root.path(), &energy, "5240000000");
    assert_eq!(power(&drm.sample(0, at(2))), Said::Value(120.0));
    // The counter began anew.
    write(root.path(), &energy, "1000000");
    assert_eq!(power(&drm.sample(0, at(3))), Said::Absent(Absence::NotTold));
}

#[test]
fn an_intel_card_without_sensors_shares_the_machines_memory() {
    let root = tempfile::tempdir().unwrap();
    let files = [
        ("device/vendor", "0x8086"),
        ("device/device", "0x46a6"),
        ("device/uevent", "DRIVER=i915\nPCI_SLOT_NAME=0000:00:02.0"),
        ("gt_act_freq_mhz", "650"),
    ];
    for (name, text) in files {
        write(root.path(), &format!("sys/class/drm/card0/{name}"), text);
    }
    let devices = drm(root.path()).sample(0, at(0));
    let card = devices.first().unwrap();
    assert_eq!(card.model, "Intel [46a6]");
    assert_eq!(card.value(Figure::SmClock), Some(650.0));
    assert_eq!(card.remarks, [Remark::UnifiedMemory]);
}

#[test]
fn a_jetson_tells_its_load_clock_and_temperature_without_a_library() {
    let root = tempfile::tempdir().unwrap();
    let files = [
        (
            "proc/device-tree/model",
            "NVIDIA Jetson AGX Orin Developer Kit\0",
        ),
        ("sys/class/devfreq/17000000.gpu/cur_freq", "930750000"),
        ("sys/class/devfreq/17000000.gpu/device/load", "437"),
        (
            "sys/class/devfreq/17000000.gpu/device/of_node/compatible",
            "nvidia,ga10b\0nvidia,gpu",
        ),
        // The memory's controller is scaled too, and is no GPU.
        ("sys/class/devfreq/2c60000.emc/cur_freq", "3199000000"),
        ("sys/class/thermal/thermal_zone0/type", "cpu-thermal"),
        ("sys/class/thermal/thermal_zone0/temp", "48000"),
        ("sys/class/thermal/thermal_zone1/type", "gpu-thermal"),
        ("sys/class/thermal/thermal_zone1/temp", "51500"),
    ];
    for (path, text) in files {
        write(root.path(), path, text);
    }
    let devices = tegra::devices(root.path(), 0, at(0));
    let [device] = devices.as_slice() else {
        panic!("{devices:?}");
    };
    assert_eq!(device.model, "NVIDIA Jetson AGX Orin Developer Kit");
    assert_eq!(device.value(Figure::Utilization), Some(0.437));
    assert_eq!(device.value(Figure::SmClock), Some(930.75));
    assert_eq!(device.value(Figure::Temperature), Some(51.5));
    assert_eq!(device.remarks, [Remark::UnifiedMemory]);
    assert_eq!(tegra::devices(Path::new("/nowhere"), 0, at(0)), []);
}

#[test]
fn nvidias_devices_are_found_on_the_bus_without_their_driver() {
    let root = tempfile::tempdir().unwrap();
    for (address, class, status) in [
        ("0000:01:00.0", "0x030000", "suspended"),
        ("0000:01:00.1", "0x040300", "active"),
    ] {
        let folder = format!("sys/bus/pci/devices/{address}");
        write(root.path(), &format!("{folder}/vendor"), "0x10de");
        write(root.path(), &format!("{folder}/class"), class);
        write(
            root.path(),
            &format!("{folder}/power/runtime_status"),
            status,
        );
        write(root.path(), &format!("{folder}/power/control"), "auto");
    }
    assert_eq!(
        nvidia_on_bus(root.path()),
        [NvidiaOnBus {
            pci: "0000:01:00.0".to_owned(),
            is_suspended: true,
            may_suspend: true,
        }]
    );
    assert_eq!(nvidia_on_bus(Path::new("/nowhere")), []);
    // Once it is awake, what its driver says of it counts too.
    let status = "sys/bus/pci/devices/0000:01:00.0/power/runtime_status";
    write(root.path(), status, "active");
    let power = "proc/driver/nvidia/gpus/0000:01:00.0/power";
    for (said, may) in [
        ("Runtime D3 status:          Enabled (fine-grained)", true),
        ("Runtime D3 status:          Disabled by default", false),
        ("Runtime D3 status:          Not supported", false),
        ("Video Memory:               Active", true),
    ] {
        write(root.path(), power, said);
        assert_eq!(nvidia_on_bus(root.path())[0].may_suspend, may, "{said}");
    }
}
