//! What is no reading: blanks, what cannot be, what is left from before. None of it is ever a 0.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

#[test]
fn what_is_no_reading_has_its_reason_and_is_never_zero() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-refused.txt");
    assert_eq!(devices.len(), 1);
    let device = &devices[0];
    for (figure, absence) in [
        (Figure::Utilization, Absence::NotTold),
        (Figure::MemoryUtilization, Absence::NotSupported),
        (Figure::Power, Absence::NoPermission),
        (Figure::Energy, Absence::NotSupported),
    ] {
        assert_eq!(
            said(device, figure),
            Some(Said::Absent(absence)),
            "{figure:?}"
        );
    }
    for figure in [
        Figure::Temperature,
        Figure::MemoryTemperature,
        Figure::MemoryUsed,
        Figure::MemoryFree,
        Figure::SmActive,
        Figure::EngineActive,
    ] {
        assert!(
            matches!(
                said(device, figure),
                Some(Said::Absent(Absence::Rejected { .. }))
            ),
            "{figure:?}"
        );
    }
    // What is no number is no sample at all.
    assert_eq!(said(device, Figure::SmClock), None);
    assert_eq!(said(device, Figure::EncoderUtilization), None);
    // A total is no sum of what was refused.
    assert_eq!(said(device, Figure::MemoryTotal), None);
    // And a 0 that was told is one.
    assert!(near(value(device, Figure::DecoderUtilization), 0.0));
}

#[test]
fn what_an_npu_could_not_measure_is_not_told_and_what_is_left_from_before_neither() {
    let device = &devices_of(Dialect::Ascend, "npu-exporter-26.0-310p.txt")[0];
    for figure in [
        Figure::Health,
        Figure::Temperature,
        Figure::SmClock,
        Figure::Power,
    ] {
        assert_eq!(
            said(device, figure),
            Some(Said::Absent(Absence::NotTold)),
            "{figure:?}"
        );
    }
    assert!(near(value(device, Figure::AiCoreUtilization), 0.36));
    let at = device.at.map(Timestamp::as_millisecond);
    assert_eq!(at, Some(1_795_834_800_000));
    // Where some figures have no moment it is not known when the device was measured.
    let device = &devices_of(Dialect::Ascend, "npu-exporter-6.0.txt")[0];
    assert_eq!(device.at, None);
}

#[test]
fn all_bits_set_are_no_errors_and_no_energy() {
    let device = &devices_of(Dialect::Amd, "amd-1.1-mi210.txt")[0];
    assert_eq!(
        said(device, Figure::EccUncorrected),
        Some(Said::Absent(Absence::NotTold))
    );
    assert_eq!(
        said(device, Figure::Energy),
        Some(Said::Absent(Absence::NotSupported))
    );
}

/// Names of every exporter, with labels that name device 0.
const NAMES: [(Dialect, &str, &str); 12] = [
    (Dialect::Dcgm, "DCGM_FI_DEV_GPU_UTIL", "gpu"),
    (Dialect::Dcgm, "DCGM_FI_PROF_SM_ACTIVE", "gpu"),
    (Dialect::Dcgm, "DCGM_FI_DEV_FB_USED", "gpu"),
    (Dialect::Dcgm, "DCGM_FI_DEV_POWER_USAGE", "gpu"),
    (Dialect::Dcgm, "DCGM_FI_DEV_XID_ERRORS", "gpu"),
    (Dialect::Amd, "gpu_gfx_activity", "gpu_id"),
    (Dialect::Amd, "gpu_used_vram", "gpu_id"),
    (Dialect::Amd, "gpu_health", "gpu_id"),
    (Dialect::Ascend, "npu_chip_info_temperature", "id"),
    (Dialect::Ascend, "npu_chip_info_hbm_used_memory", "id"),
    (
        Dialect::Hami,
        "hami_host_gpu_utilization_ratio",
        "device_index",
    ),
    (
        Dialect::Hami,
        "hami_host_gpu_memory_used_bytes",
        "device_index",
    ),
];

proptest! {
    /// Whatever number an exporter writes: what is read of it is that number, in our unit and in its
    /// bounds, or a reason. Never a 0 that was not written.
    #[test]
    fn a_reading_is_what_was_told_or_a_reason(
        name in 0..NAMES.len(),
        raw in prop_oneof![any::<f64>(), -10.0..200.0_f64, Just(0.0)],
    ) {
        let (dialect, name, index) = NAMES[name];
        let Told::Devices(devices) = page(dialect, &format!("{name}{{{index}=\"0\"}} {raw}\n")) else {
            panic!("{name} is of a device");
        };
        prop_assert_eq!(devices.len(), 1);
        for (figure, said) in &devices[0].figures {
            let Some(value) = said.value() else {
                prop_assert!(raw != 0.0, "{name} told 0");
                continue;
            };
            prop_assert!(value.is_finite(), "{figure:?}");
            // What is smaller than any reading vanishes when it is converted.
            let is_nothing = raw.abs() < 1e-300;
            prop_assert!(value != 0.0 || is_nothing, "{figure:?} of {raw}");
            prop_assert!(figure.judge(value).value() == Some(value), "{figure:?} {value}");
        }
    }
}
