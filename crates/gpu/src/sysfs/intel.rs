//! Intel's figures: `i915` and `xe` tell clocks and, on discrete cards, temperature and the energy that
//! they used, of which power follows. How busy a device is follows from what its processes say
//! ([`super::fdinfo`]).

use jiff::Timestamp;
use strata_domain::{
    reading::{Absence, Figure},
    workstation::{Device, Remark},
};

use super::{Card, labelled, link, number, power_range, reading, sensors};

/// Where the clock stands, in megahertz: `xe`, then newer and older `i915`.
const CLOCKS: [&str; 3] = [
    "device/tile0/gt0/freq0/act_freq",
    "gt/gt0/rps_act_freq_mhz",
    "gt_act_freq_mhz",
];

pub(super) fn read(card: &Card, device: &mut Device, now: Timestamp) {
    let clock = CLOCKS
        .iter()
        .map(|name| number(&card.folder.join(name)))
        .find(|value| !matches!(value, Err(Absence::NotSupported)))
        .unwrap_or(Err(Absence::NotSupported));
    device
        .readings
        .push(reading(Figure::SmClock, clock, 1.0, now));
    match sensors(&card.device) {
        Some(sensors) => {
            let sensor = |name: &str| number(&sensors.join(name));
            let mut add =
                |figure, value, scale| device.readings.push(reading(figure, value, scale, now));
            let chip = sensor("temp1_input").or_else(|_| sensor("temp2_input"));
            add(Figure::Temperature, chip, 1e3);
            if let Some(memory) = labelled(&sensors, "temp", "vram") {
                add(Figure::MemoryTemperature, number(&memory), 1e3);
            }
            // The card's where it has one, else the package's.
            let energy = sensor("energy1_input").or_else(|_| sensor("energy2_input"));
            add(Figure::Energy, energy, 1e6);
            add(Figure::PowerLimit, sensor("power1_max"), 1e6);
            device.power = power_range(&sensors);
            device.readings.extend(link(&card.device, now));
        }
        // What has no sensors of its own is a part of the processor.
        None => device.remarks.push(Remark::UnifiedMemory),
    }
}
