//! Watching NVIDIA's driver as it comes and goes: opened when it is there, opened anew when it was
//! replaced, and let go where a device wants to sleep.

use nvml_wrapper::Nvml;
use strata_domain::workstation::{AcceleratorSample, Device, DeviceState, Remark, Trouble, Vendor};

use super::{
    calls::{Caller, Pending},
    library,
    session::Session,
};
use crate::{
    process::Processes,
    sampler::{Beat, Places},
    sysfs::{Drm, NvidiaOnBus, nvidia_on_bus},
};

/// Seconds between two attempts to open the driver.
const AGAIN: u32 = 10;
/// Seconds for which nobody may use a device that is allowed to sleep before it is let go.
const UNUSED: u32 = 10;
/// Seconds for which a device that was let go is left alone, so that it can fall asleep.
const REST: u32 = 20;

/// Seconds between two looks at whether the driver was updated beneath its module.
const VERSIONS: u32 = 30;

/// How a session came to its end.
enum Ended {
    /// Nobody listens any more.
    Unheard,
    /// The driver must be opened anew.
    Stale,
    /// Nobody uses the devices, and they may sleep.
    Unused,
}

/// Samples every accelerator until nobody listens.
pub(crate) fn run(places: &Places, pending: &Pending, beat: &mut Beat) {
    let mut drm = Drm::at(&places.root, Processes::at(&places.root).by_sampler());
    let mut rests: u32 = 0;
    let mut wait: u32 = 0;
    let mut trouble = None;
    loop {
        let bus = nvidia_on_bus(&places.root);
        let sleeps = places.library.is_none()
            && !bus.is_empty()
            && (bus.iter().all(|device| device.is_suspended) || rests > 0);
        if sleeps {
            rests = if bus.iter().all(|device| device.is_suspended) {
                0
            } else {
                rests.saturating_sub(beat.seconds())
            };
        } else if wait == 0 {
            let mut caller = Caller::new(pending);
            match library::open(places, &mut caller) {
                None => trouble = None,
                Some(Err(why)) => trouble = Some(why),
                Some(Ok(nvml)) => match follow(&nvml, places, pending, &mut drm, beat) {
                    Ok(Ended::Unheard) => return,
                    Ok(Ended::Stale) => trouble = None,
                    Ok(Ended::Unused) => {
                        trouble = None;
                        rests = REST;
                        continue;
                    }
                    Err(why) => trouble = Some(why),
                },
            }
            wait = AGAIN;
        }
        wait = wait.saturating_sub(beat.seconds());
        let mut sample = without_driver(&bus, sleeps, pending, &mut drm);
        if !sleeps {
            sample.troubles.extend(trouble.clone());
        }
        if library::is_wsl(&places.root) {
            sample.remarks.push(Remark::Wsl);
        }
        if !beat.tell(sample) {
            return;
        }
    }
}

/// Samples with the library open.
fn follow(
    nvml: &Nvml,
    places: &Places,
    pending: &Pending,
    drm: &mut Drm,
    beat: &mut Beat,
) -> Result<Ended, Trouble> {
    let may_sleep = places.library.is_none()
        && nvidia_on_bus(&places.root)
            .iter()
            .any(|one| one.may_suspend);
    let mut session = Session::open(nvml, pending, Processes::at(&places.root).by_sampler())
        .map_err(|error| library::trouble(places, &error))?;
    let is_wsl = library::is_wsl(&places.root);
    // Where versions differ although the driver answers, the library is another than the one that is looked at.
    let may_be_updated = library::mismatch(places).is_none();
    let mut updated = None;
    let mut since_look: u32 = 0;
    let mut unused: u32 = 0;
    loop {
        let mut sample = session.sample_after(beat.seconds());
        since_look += beat.seconds();
        if may_be_updated && since_look >= VERSIONS {
            since_look = 0;
            updated = library::mismatch(places);
        }
        sample.troubles.extend(updated.clone());
        let next = u32::try_from(sample.devices.len()).unwrap_or(u32::MAX);
        sample.devices.extend(drm.sample(next, pending.now()));
        if is_wsl {
            sample.remarks.push(Remark::Wsl);
        }
        if !beat.tell(sample) {
            return Ok(Ended::Unheard);
        }
        if session.is_stale() {
            return Ok(Ended::Stale);
        }
        unused = if session.is_unused() {
            unused.saturating_add(beat.seconds())
        } else {
            0
        };
        if may_sleep && unused >= UNUSED {
            return Ok(Ended::Unused);
        }
    }
}

/// The devices as they are known without the driver.
fn without_driver(
    bus: &[NvidiaOnBus],
    sleeps: bool,
    pending: &Pending,
    drm: &mut Drm,
) -> AcceleratorSample {
    let mut devices: Vec<Device> = if sleeps {
        bus.iter()
            .zip(0..)
            .map(|(device, index)| asleep(device, index))
            .collect()
    } else {
        Vec::new()
    };
    let next = u32::try_from(devices.len()).unwrap_or(u32::MAX);
    devices.extend(drm.sample(next, pending.now()));
    AcceleratorSample {
        devices,
        ..AcceleratorSample::default()
    }
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
