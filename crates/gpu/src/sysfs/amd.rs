//! AMD's figures: `amdgpu` tells utilization, memory and, through its sensors, the rest.

use jiff::Timestamp;
use strata_domain::{
    reading::{Absence, Figure},
    workstation::{Device, Remark},
};

use super::{Card, labelled, link, number, power_range, reading, sensors, text};

pub(super) fn read(card: &Card, device: &mut Device, now: Timestamp) {
    let file = |name: &str| number(&card.device.join(name));
    let mut add = |figure, value, scale| device.readings.push(reading(figure, value, scale, now));
    add(Figure::Utilization, file("gpu_busy_percent"), 100.0);
    add(Figure::MemoryUtilization, file("mem_busy_percent"), 100.0);
    let used = file("mem_info_vram_used");
    let total = file("mem_info_vram_total");
    add(Figure::MemoryUsed, used, 1.0);
    add(Figure::MemoryTotal, total, 1.0);
    let free = match (used, total) {
        (Ok(used), Ok(total)) => Ok(total - used),
        (Err(absence), _) | (_, Err(absence)) => Err(absence),
    };
    add(Figure::MemoryFree, free, 1.0);
    if let Some(sensors) = sensors(&card.device) {
        let sensor = |name: &str| number(&sensors.join(name));
        // The hottest spot tells more than the edge; older chips have the edge alone.
        let chip = labelled(&sensors, "temp", "junction");
        let chip = chip.unwrap_or_else(|| sensors.join("temp1_input"));
        add(Figure::Temperature, number(&chip), 1e3);
        if let Some(memory) = labelled(&sensors, "temp", "mem") {
            add(Figure::MemoryTemperature, number(&memory), 1e3);
        }
        let power = sensor("power1_average").or_else(|_| sensor("power1_input"));
        add(Figure::Power, power, 1e6);
        add(Figure::PowerLimit, sensor("power1_cap"), 1e6);
        for (figure, label) in [(Figure::SmClock, "sclk"), (Figure::MemoryClock, "mclk")] {
            let clock = labelled(&sensors, "freq", label);
            let clock = clock.map_or(Err(Absence::NotSupported), |file| number(&file));
            add(figure, clock, 1e6);
        }
        let fan = match (sensor("fan1_input"), sensor("fan1_max")) {
            (Ok(speed), Ok(most)) if most > 0.0 => Ok(speed / most),
            (Err(absence), _) | (_, Err(absence)) => Err(absence),
            _ => Err(Absence::NotTold),
        };
        add(Figure::FanSpeed, fan, 1.0);
        device.power = power_range(&sensors);
        // The voltage of the processor's memory controller: a part of a processor alone tells that.
        if text(&sensors.join("in1_label")).as_deref() == Some("vddnb") {
            device.remarks.push(Remark::UnifiedMemory);
        }
    }
    if let Some(errors) = text(&card.device.join("ras/umc_err_count")) {
        let count = |name: &str| {
            errors
                .lines()
                .find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok())
                .ok_or(Absence::NotTold)
        };
        let mut add = |figure, value| device.readings.push(reading(figure, value, 1.0, now));
        add(Figure::EccUncorrected, count("ue:"));
        add(Figure::EccCorrected, count("ce:"));
    }
    device.readings.extend(link(&card.device, now));
}
