//! The library as it is open: its devices, and the errors that they report.

use nvml_wrapper::{
    Nvml, bitmasks::event::EventTypes, cuda_driver_version_major, cuda_driver_version_minor,
    enums::event::XidError, error::NvmlError, event::EventSet,
};
use strata_domain::{
    reading::Figure,
    workstation::{
        AcceleratorSample, Device as DeviceSample, DeviceState, DeviceUse, PastXids, Trouble,
    },
};

use super::{
    calls::{Caller, Pending},
    device::{Moment, Watched},
};
use crate::{privileges::Privileges, process::Processes};

/// Seconds between two measurements of PCIe throughput, of one device each.
const PCIE: u64 = 10;
/// XIDs that are taken in at one sample, at most.
const EVENTS: usize = 16;
/// The XID of an error whose number the driver does not tell.
const UNNUMBERED: u32 = 999;

/// The open library.
pub struct Session<'n> {
    caller: Caller<'n>,
    devices: Vec<Watched<'n>>,
    events: Option<EventSet<'n>>,
    processes: Processes,
    driver: String,
    cuda: String,
    /// The second of the last sample, as far as they are counted; none before the first.
    second: Option<u64>,
    may_be_set: bool,
    /// What was in the way of devices that could not be opened.
    troubles: Vec<Trouble>,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Session")
            .field("driver", &self.driver)
            .field("second", &self.second)
            .finish_non_exhaustive()
    }
}

impl<'n> Session<'n> {
    /// Opens every device of `nvml`; processes are looked up in `processes`.
    pub fn open(
        nvml: &'n Nvml,
        pending: &'n Pending,
        processes: Processes,
    ) -> Result<Self, NvmlError> {
        let mut caller = Caller::new(pending);
        let count = caller.call("", "nvmlDeviceGetCount_v2", || nvml.device_count())?;
        let mut opened = Opened::default();
        for index in 0..count {
            let device = caller
                .call("", "nvmlDeviceGetHandleByIndex_v2", || {
                    nvml.device_by_index(index)
                })
                .and_then(|device| Watched::open(device, index, &mut caller));
            opened.take(device, index, &format!("GPU {index}"));
        }
        Ok(Self::of(nvml, opened, caller, processes))
    }

    /// Opens the devices at `addresses` on the PCI bus and no other: whatever opens a device that sleeps
    /// wakes it.
    pub fn open_at(
        nvml: &'n Nvml,
        pending: &'n Pending,
        processes: Processes,
        addresses: &[String],
    ) -> Self {
        let mut caller = Caller::new(pending);
        let mut opened = Opened::default();
        for address in addresses {
            let handle = caller.call("", "nvmlDeviceGetHandleByPciBusId_v2", || {
                nvml.device_by_pci_bus_id(address.as_str())
            });
            let index = handle.as_ref().ok().and_then(|device| {
                let index = caller.call("", "nvmlDeviceGetIndex", || device.index());
                index.ok()
            });
            let index = index.unwrap_or_default();
            let device = handle.and_then(|device| Watched::open(device, index, &mut caller));
            opened.take(device, index, address);
        }
        Self::of(nvml, opened, caller, processes)
    }

    fn of(
        nvml: &'n Nvml,
        opened: Opened<'n>,
        mut caller: Caller<'n>,
        processes: Processes,
    ) -> Self {
        let driver = caller.call("", "nvmlSystemGetDriverVersion", || {
            nvml.sys_driver_version()
        });
        let cuda = caller.call("", "nvmlSystemGetCudaDriverVersion_v2", || {
            nvml.sys_cuda_driver_version()
        });
        let Opened { devices, troubles } = opened;
        let events = listen(nvml, &devices, &mut caller);
        Self {
            caller,
            devices,
            events,
            processes,
            driver: driver.unwrap_or_default(),
            cuda: cuda
                .map(|version| {
                    format!(
                        "{}.{}",
                        cuda_driver_version_major(version),
                        cuda_driver_version_minor(version)
                    )
                })
                .unwrap_or_default(),
            second: None,
            may_be_set: Privileges::own().may_set_devices(),
            troubles,
        }
    }

    /// Asks what is due a second after the last time, and tells how the devices are.
    pub fn sample(&mut self) -> AcceleratorSample {
        self.sample_after(1)
    }

    /// Asks what is due `seconds` after the last time, and tells how the devices are.
    pub(crate) fn sample_after(&mut self, seconds: u32) -> AcceleratorSample {
        self.hear();
        let passed = u64::from(seconds.max(1));
        let second = self.second.map_or(0, |before| before + passed);
        self.second = Some(second);
        let count = u64::try_from(self.devices.len()).unwrap_or(1).max(1);
        // The first sample is quick: what takes long comes after it.
        let turn = (second % PCIE == 1).then(|| (second / PCIE) % count);
        let moment = Moment { second, passed };
        for (device, number) in self.devices.iter_mut().zip(0..) {
            let measures_pcie = turn == Some(number);
            device.read(moment, measures_pcie, &mut self.processes, &mut self.caller);
        }
        let pids: Vec<u32> = self
            .devices
            .iter()
            .flat_map(|device| &device.sample.processes)
            .map(|process| process.pid)
            .collect();
        self.processes.keep(&pids);
        AcceleratorSample {
            devices: self.devices().cloned().collect(),
            troubles: self.troubles.clone(),
            remarks: Vec::new(),
            driver: self.driver.clone(),
            cuda: self.cuda.clone(),
            cost: self.caller.take_cost(),
            may_be_set: self.may_be_set,
            past_xids: PastXids::Unread,
        }
    }

    fn devices(&self) -> impl Iterator<Item = &DeviceSample> {
        self.devices.iter().map(|device| &device.sample)
    }

    /// Whether the driver must be opened anew.
    pub(super) fn is_stale(&self) -> bool {
        // One device that answers says that the driver is well.
        !self.devices.is_empty() && self.devices.iter().all(|device| device.is_stale)
    }

    /// Whether nobody uses any device. A desktop's programs keep a device open without drawing on it: that
    /// lets it sleep, as nothing that computes does.
    pub(super) fn is_unused(&self) -> bool {
        self.devices().all(|device| {
            let mut processes = device.processes.iter();
            device.state == DeviceState::Answers
                && device
                    .value(Figure::Utilization)
                    .is_none_or(|busy| busy <= 0.0)
                && processes.all(|process| process.uses == DeviceUse::Graphics)
        })
    }

    /// Whether there is no device that could be opened.
    pub(super) fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    /// Takes in the errors that were reported since the last time.
    fn hear(&mut self) {
        let Some(events) = &self.events else { return };
        for _ in 0..EVENTS {
            let Ok(event) = self
                .caller
                .call("", "nvmlEventSetWait_v2", || events.wait(0))
            else {
                return;
            };
            let xid = match event.event_data {
                Some(XidError::Value(xid)) => u32::try_from(xid).unwrap_or(u32::MAX),
                // What the driver says where it does not know the number itself.
                Some(XidError::Unknown) => UNNUMBERED,
                None => continue,
            };
            let told = self
                .caller
                .call("", "nvmlDeviceGetUUID", || event.device.uuid());
            let Ok(id) = told else { continue };
            let at = self.caller.now();
            if let Some(device) = self.devices.iter_mut().find(|one| one.sample.id == id) {
                device.heard(xid, at);
            }
        }
    }
}

/// The devices that could be opened, and what was in the way of the others.
#[derive(Default)]
struct Opened<'n> {
    devices: Vec<Watched<'n>>,
    troubles: Vec<Trouble>,
}

impl<'n> Opened<'n> {
    /// Takes in how opening the device with the number `index` went, which is called `name`.
    fn take(&mut self, device: Result<Watched<'n>, NvmlError>, index: u32, name: &str) {
        match device {
            Ok(device) => self.devices.push(device),
            Err(NvmlError::NoPermission) => self.troubles.push(Trouble::NoPermission {
                path: format!("/dev/nvidia{index}"),
            }),
            Err(error) => self.troubles.push(Trouble::Other {
                message: format!("{name}: {error}"),
            }),
        }
    }
}

/// Listens to the errors of every device that reports them.
fn listen<'n>(
    nvml: &'n Nvml,
    devices: &[Watched<'n>],
    caller: &mut Caller<'_>,
) -> Option<EventSet<'n>> {
    let mut reporting = Vec::new();
    for device in devices {
        let types = caller.call(
            &device.sample.id,
            "nvmlDeviceGetSupportedEventTypes",
            || device.device.supported_event_types(),
        );
        if types.is_ok_and(|types| types.contains(EventTypes::CRITICAL_XID_ERROR)) {
            reporting.push(device);
        }
    }
    // The library gives up a set that a device refuses, so one is begun anew without that device.
    loop {
        let set = caller
            .call("", "nvmlEventSetCreate", || nvml.create_event_set())
            .ok()?;
        match register(set, &reporting, caller) {
            Ok(set) => return Some(set),
            Err(refused) => {
                reporting.remove(refused);
            }
        }
    }
}

/// Has each of `devices` report into `set`, or tells the place of the first that does not.
fn register<'n>(
    mut set: EventSet<'n>,
    devices: &[&Watched<'n>],
    caller: &mut Caller<'_>,
) -> Result<EventSet<'n>, usize> {
    for (place, device) in devices.iter().enumerate() {
        set = caller
            .call(&device.sample.id, "nvmlDeviceRegisterEvents", || {
                let registered = device
                    .device
                    .register_events(EventTypes::CRITICAL_XID_ERROR, set);
                registered.map_err(|error| error.error)
            })
            .map_err(|_| place)?;
    }
    Ok(set)
}
