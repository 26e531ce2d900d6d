//! Watching NVIDIA's driver as it comes and goes: opened when it is there, opened anew when it was
//! replaced, and let go where a device wants to sleep.

use nvml_wrapper::Nvml;
use strata_domain::workstation::{AcceleratorSample, Device, DeviceState, Remark, Trouble, Vendor};

use super::{
    calls::{Caller, Pending},
    kernel_log::KernelLog,
    library,
    session::Session,
};
use crate::{
    process::Processes,
    sampler::{Beat, Places},
    sysfs::{Drm, NvidiaOnBus, nvidia_on_bus, tegra},
};

mod rest;

use rest::Rest;

/// Seconds between two attempts to open the driver.
const AGAIN: u32 = 10;
/// Seconds between two looks at whether the driver was updated beneath its module, and at what is on the bus.
const LOOKS: u32 = 30;

/// How a session came to its end.
enum Ended {
    /// Nobody listens any more.
    Unheard,
    /// The driver must be opened anew, after so many seconds.
    Stale(u32),
    /// Other devices are there, or awake, than when it began.
    Changed,
    /// Nobody uses the devices, and they may sleep.
    Unused,
}

/// Samples every accelerator until nobody listens.
pub(crate) fn run(places: &Places, pending: &Pending, beat: &mut Beat) {
    let mut drm = Drm::at(&places.root, Processes::at(&places.root).by_sampler());
    let mut rest = Rest::default();
    let mut wait: u32 = 0;
    let mut trouble = None;
    let mut log = None;
    loop {
        let bus = nvidia_on_bus(&places.root);
        if log.is_none() && has_driver(places, &bus) {
            log = Some(KernelLog::follow(&places.root, pending));
        }
        let all_sleep = !bus.is_empty() && bus.iter().all(|device| device.is_suspended);
        let is_left_alone = places.library.is_none() && (all_sleep || rest.is_on());
        if is_left_alone {
            rest.pass(all_sleep, beat.seconds());
        } else if wait == 0 {
            let mut caller = Caller::new(pending);
            match library::open(places, &mut caller) {
                None => trouble = None,
                Some(Err(why)) => trouble = Some(why),
                Some(Ok(nvml)) => {
                    let patience = rest.patience();
                    let log = log.as_mut();
                    match follow(&nvml, places, pending, &mut drm, log, beat, patience) {
                        Ok(Ended::Unheard) => return,
                        // It told of the devices for a while: they are not to vanish meanwhile.
                        Ok(Ended::Changed) => continue,
                        Ok(Ended::Stale(watched)) if watched > AGAIN => continue,
                        Ok(Ended::Stale(_)) => trouble = None,
                        Ok(Ended::Unused) => {
                            trouble = None;
                            rest.begin();
                            continue;
                        }
                        Err(why) => trouble = Some(why),
                    }
                }
            }
            wait = AGAIN;
        }
        wait = wait.saturating_sub(beat.seconds());
        let mut sample = without_driver(&bus, is_left_alone, places, pending, &mut drm);
        if !is_left_alone {
            sample.troubles.extend(trouble.clone());
        }
        if library::is_wsl(&places.root) {
            sample.remarks.push(Remark::Wsl);
        }
        if let Some(log) = &mut log {
            log.complete(&mut sample, false);
        }
        if !beat.tell(sample) {
            return;
        }
    }
}

/// Whether there is something that NVIDIA's driver may have reported errors of.
fn has_driver(places: &Places, bus: &[NvidiaOnBus]) -> bool {
    places.library.is_some() || !bus.is_empty() || places.root.join("proc/driver/nvidia").exists()
}

/// Samples with the library open. Devices that may sleep are let go once nobody used them for `patience`
/// seconds.
fn follow(
    nvml: &Nvml,
    places: &Places,
    pending: &Pending,
    drm: &mut Drm,
    mut log: Option<&mut KernelLog>,
    beat: &mut Beat,
    patience: u32,
) -> Result<Ended, Trouble> {
    // A library that was named drives devices of its own, as far as is known.
    let look = || match places.library {
        Some(_) => Vec::new(),
        None => nvidia_on_bus(&places.root),
    };
    let bus = look();
    let may_sleep = bus.iter().any(|one| one.may_suspend);
    let mut session = open(nvml, &bus, places, pending)?;
    let is_wsl = library::is_wsl(&places.root);
    // Where versions differ although the driver answers, the library is another than the one that is looked at.
    let may_be_updated = library::mismatch(places).is_none();
    let mut updated = None;
    let mut watched: u32 = 0;
    let mut since_look: u32 = 0;
    let mut unused: u32 = 0;
    loop {
        let mut sample = session.sample_after(beat.seconds());
        watched = watched.saturating_add(beat.seconds());
        since_look += beat.seconds();
        let looks = since_look >= LOOKS;
        if looks {
            since_look = 0;
        }
        if may_be_updated && looks {
            updated = library::mismatch(places);
        }
        sample.troubles.extend(updated.clone());
        sample.devices.extend(sleeping(&bus));
        let next = u32::try_from(sample.devices.len()).unwrap_or(u32::MAX);
        sample.devices.extend(drm.sample(next, pending.now()));
        if is_wsl {
            sample.remarks.push(Remark::Wsl);
        }
        if let Some(log) = log.as_deref_mut() {
            log.complete(&mut sample, true);
        }
        if !beat.tell(sample) {
            return Ok(Ended::Unheard);
        }
        if session.is_stale() {
            return Ok(Ended::Stale(watched));
        }
        // Where nothing may sleep, the bus is looked at now and then: a server's has hundreds of devices.
        let has_changed = (looks || may_sleep) && has_changed(&bus, &look());
        if has_changed || (looks && session.is_empty()) {
            return Ok(Ended::Changed);
        }
        unused = if session.is_unused() {
            unused.saturating_add(beat.seconds())
        } else {
            0
        };
        if may_sleep && unused >= patience {
            return Ok(Ended::Unused);
        }
    }
}

/// Opens the devices of `nvml` that are awake.
fn open<'n>(
    nvml: &'n Nvml,
    bus: &[NvidiaOnBus],
    places: &Places,
    pending: &'n Pending,
) -> Result<Session<'n>, Trouble> {
    let processes = Processes::at(&places.root)
        .by_sampler()
        .numbered_by_driver();
    if bus.iter().any(|device| device.is_suspended) {
        let awake = bus.iter().filter(|device| !device.is_suspended);
        let awake: Vec<String> = awake.map(|device| device.pci.clone()).collect();
        return Ok(Session::open_at(nvml, pending, processes, &awake));
    }
    Session::open(nvml, pending, processes).map_err(|error| library::trouble(places, &error))
}

/// Whether other devices are on the bus, or awake, than there were.
fn has_changed(before: &[NvidiaOnBus], now: &[NvidiaOnBus]) -> bool {
    let state = |device: &NvidiaOnBus| (device.pci.clone(), device.is_suspended);
    !before.iter().map(state).eq(now.iter().map(state))
}

/// The devices as they are known without the driver.
fn without_driver(
    bus: &[NvidiaOnBus],
    sleeps: bool,
    places: &Places,
    pending: &Pending,
    drm: &mut Drm,
) -> AcceleratorSample {
    let mut devices: Vec<Device> = if sleeps {
        let devices = bus.iter().zip(0..);
        devices.map(|(one, index)| asleep(one, index)).collect()
    } else {
        tegra::devices(&places.root, 0, pending.now())
    };
    let next = u32::try_from(devices.len()).unwrap_or(u32::MAX);
    devices.extend(drm.sample(next, pending.now()));
    AcceleratorSample {
        devices,
        ..AcceleratorSample::default()
    }
}

/// The devices on the bus that sleep, with the numbers that the driver gives by their place there.
fn sleeping(bus: &[NvidiaOnBus]) -> impl Iterator<Item = Device> {
    let devices = bus.iter().zip(0..);
    devices
        .filter(|(device, _)| device.is_suspended)
        .map(|(device, index)| asleep(device, index))
}

/// A device that sleeps, or is left alone so that it can fall asleep.
fn asleep(device: &NvidiaOnBus, index: u32) -> Device {
    Device {
        id: device.pci.clone(),
        index,
        vendor: Vendor::Nvidia,
        model: "NVIDIA".to_owned(),
        pci: device.pci.clone(),
        state: DeviceState::Suspended,
        readings: Vec::new(),
        instances: Vec::new(),
        links: Vec::new(),
        processes: Vec::new(),
        processes_at: None,
        xids: Vec::new(),
        power: None,
        clocks: None,
        remarks: vec![Remark::Suspended],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_bus(pci: &str, is_suspended: bool) -> NvidiaOnBus {
        NvidiaOnBus {
            pci: pci.to_owned(),
            is_suspended,
            may_suspend: true,
        }
    }

    #[test]
    fn a_device_that_came_went_or_woke_is_a_change() {
        let before = [on_bus("0000:01:00.0", true), on_bus("0000:41:00.0", false)];
        assert!(!has_changed(&before, &before));
        assert!(has_changed(&before, &before[..1]));
        let woken = [on_bus("0000:01:00.0", false), before[1].clone()];
        assert!(has_changed(&before, &woken));
    }

    #[test]
    fn a_device_that_sleeps_beside_one_that_does_not_keeps_its_number() {
        let bus = [on_bus("0000:01:00.0", false), on_bus("0000:41:00.0", true)];
        let told: Vec<_> = sleeping(&bus)
            .map(|device| (device.index, device.id, device.state))
            .collect();
        assert_eq!(
            told,
            [(1, "0000:41:00.0".to_owned(), DeviceState::Suspended)]
        );
    }
}
