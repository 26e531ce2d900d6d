//! What the kernel's files tell of accelerators: AMD's and Intel's figures, a Jetson's, which devices there
//! are at all, and which sleep.
//!
//! Reading these files needs no library and mostly no permission. A device that is suspended is left
//! alone: a read of its sensors would wake it.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use strata_domain::{
    reading::{Absence, Figure, Reading, Said, Source},
    workstation::{Device, DeviceState, PowerRange, Remark, Vendor},
};

mod amd;
mod fdinfo;
mod intel;
pub(crate) mod tegra;

use crate::process::Processes;
use fdinfo::Clients;

/// How many beats lie between two looks at the processes on AMD's and Intel's devices.
const PROCESSES_EVERY: u64 = 3;

/// The devices of AMD's and Intel's drivers.
#[derive(Debug)]
pub struct Drm {
    root: PathBuf,
    clients: Clients,
    processes: Processes,
    beats: u64,
    /// What was seen of processes last, by the device's address.
    seen: BTreeMap<String, fdinfo::Seen>,
    seen_at: Option<Timestamp>,
    /// What each device had used when it was read last, in joules.
    energies: BTreeMap<String, (Timestamp, f64)>,
}

impl Drm {
    /// Those of the machine whose file system is at `root`; processes are looked up in `processes`.
    pub fn at(root: &Path, processes: Processes) -> Self {
        Self {
            root: root.to_owned(),
            clients: Clients::default(),
            processes,
            beats: 0,
            seen: BTreeMap::new(),
            seen_at: None,
            energies: BTreeMap::new(),
        }
    }

    /// How they are now; numbers go on from `first`.
    pub fn sample(&mut self, first: u32, now: Timestamp) -> Vec<Device> {
        let cards = cards(&self.root);
        if cards.is_empty() {
            return Vec::new();
        }
        if self.beats.is_multiple_of(PROCESSES_EVERY) {
            let asleep: HashSet<PathBuf> = cards
                .iter()
                .filter(|card| is_suspended(&card.device))
                .flat_map(Card::files)
                .collect();
            self.seen = self.clients.look(&self.root, &asleep, now);
            self.seen_at = Some(now);
        }
        self.beats += 1;
        let mut devices = Vec::new();
        for (card, number) in cards.iter().zip(first..) {
            let mut device = card.device(number);
            if device.state == DeviceState::Answers {
                match card.vendor {
                    Vendor::Amd => amd::read(card, &mut device, now),
                    _ => intel::read(card, &mut device, now),
                }
                self.mean_power(&mut device, now);
                if let Some(seen) = self.seen.get(&card.pci) {
                    device.processes = seen.processes(&mut self.processes);
                    if device.value(Figure::Utilization).is_none() {
                        device.readings.extend(seen.activity());
                    }
                    device.readings.extend(seen.pictures());
                }
                device.processes_at = self.seen_at;
                if self.clients.is_partial() {
                    device.remarks.push(Remark::OwnProcessesAlone);
                }
            }
            devices.push(device);
        }
        devices
    }

    /// What a device draws that tells the energy it used and not its power: the mean since it was read last.
    fn mean_power(&mut self, device: &mut Device, now: Timestamp) {
        if device.value(Figure::Power).is_some() {
            return;
        }
        let Some(energy) = device.value(Figure::Energy) else {
            return;
        };
        let before = self.energies.insert(device.id.clone(), (now, energy));
        let power = match before {
            Some((then, before)) if now > then && energy >= before => {
                Ok((energy - before) / now.duration_since(then).as_secs_f64())
            }
            // The first time, or the counter began anew.
            _ => Err(Absence::NotTold),
        };
        device.readings.retain(|one| one.figure != Figure::Power);
        device
            .readings
            .push(reading(Figure::Power, power, 1.0, now));
    }
}

/// A card of AMD's or Intel's.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    vendor: Vendor,
    /// `/sys/class/drm/cardN`.
    folder: PathBuf,
    /// Its device's folder.
    device: PathBuf,
    pci: String,
}

impl Card {
    fn device(&self, index: u32) -> Device {
        let model = text(&self.device.join("product_name"))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| self.unnamed());
        let is_suspended = is_suspended(&self.device);
        Device {
            id: self.pci.clone(),
            index,
            vendor: self.vendor,
            model,
            pci: self.pci.clone(),
            state: if is_suspended {
                DeviceState::Suspended
            } else {
                DeviceState::Answers
            },
            readings: Vec::new(),
            instances: Vec::new(),
            links: Vec::new(),
            processes: Vec::new(),
            processes_at: None,
            xids: Vec::new(),
            power: None,
            clocks: None,
            remarks: if is_suspended {
                vec![Remark::Suspended]
            } else {
                Vec::new()
            },
        }
    }

    /// Its files in `/dev`, by which programs have it open.
    fn files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.device.join("drm")) else {
            return Vec::new();
        };
        let names = entries.filter_map(Result::ok).map(|one| one.file_name());
        names.map(|name| Path::new("/dev/dri").join(name)).collect()
    }

    /// What a card is called whose driver does not name its product: its maker and number.
    fn unnamed(&self) -> String {
        let number = text(&self.device.join("device")).unwrap_or_default();
        let maker = match self.vendor {
            Vendor::Amd => "AMD",
            Vendor::Intel => "Intel",
            Vendor::Nvidia => "NVIDIA",
        };
        format!("{maker} [{}]", number.trim_start_matches("0x"))
    }
}

/// The cards of AMD's and Intel's drivers, by number.
fn cards(root: &Path) -> Vec<Card> {
    let folder = root.join("sys/class/drm");
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut cards: Vec<(u32, Card)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            // `card0`, not the `card0-HDMI-A-1` of its outputs.
            let number: u32 = entry
                .file_name()
                .to_str()?
                .strip_prefix("card")?
                .parse()
                .ok()?;
            let device = entry.path().join("device");
            let vendor = match text(&device.join("vendor"))?.as_str() {
                "0x1002" => Vendor::Amd,
                "0x8086" => Vendor::Intel,
                _ => return None,
            };
            let pci = text(&device.join("uevent"))?
                .lines()
                .find_map(|line| line.strip_prefix("PCI_SLOT_NAME="))?
                .to_owned();
            let card = Card {
                vendor,
                folder: entry.path(),
                device,
                pci,
            };
            Some((number, card))
        })
        .collect();
    cards.sort_by_key(|(number, _)| *number);
    cards.into_iter().map(|(_, card)| card).collect()
}

/// A device of NVIDIA's, as the PCI bus knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NvidiaOnBus {
    /// Its address.
    pub pci: String,
    /// Whether it sleeps.
    pub is_suspended: bool,
    /// Whether the kernel lets it sleep when nothing uses it.
    pub may_suspend: bool,
}

/// The display and compute devices of NVIDIA's on the PCI bus, without waking any.
pub fn nvidia_on_bus(root: &Path) -> Vec<NvidiaOnBus> {
    let Ok(entries) = fs::read_dir(root.join("sys/bus/pci/devices")) else {
        return Vec::new();
    };
    let mut found: Vec<NvidiaOnBus> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            let is = |name: &str, start: &str| {
                text(&entry.path().join(name)).is_some_and(|said| said.starts_with(start))
            };
            // Display controllers of every kind: 0x0300 draws, 0x0302 computes.
            is("vendor", "0x10de") && is("class", "0x03")
        })
        .map(|entry| {
            let pci = entry.file_name().to_string_lossy().into_owned();
            let is_suspended = is_suspended(&entry.path());
            let is_allowed = text(&entry.path().join("power/control")).as_deref() == Some("auto");
            NvidiaOnBus {
                is_suspended,
                may_suspend: is_allowed && (is_suspended || can_suspend(root, &pci)),
                pci,
            }
        })
        .collect();
    found.sort_by(|one, other| one.pci.cmp(&other.pci));
    found
}

/// Whether NVIDIA's driver lets the device sleep, as far as it says: it may do so by default, or on some
/// chips alone.
fn can_suspend(root: &Path, pci: &str) -> bool {
    let said = text(&root.join("proc/driver/nvidia/gpus").join(pci).join("power"));
    let status = said.as_deref().and_then(|said| {
        said.lines()
            .find_map(|line| line.strip_prefix("Runtime D3 status:"))
    });
    status.is_none_or(|status| status.trim().starts_with("Enabled"))
}

/// Whether it sleeps, or is about to: what is asked of it then wakes it.
fn is_suspended(device: &Path) -> bool {
    let status = text(&device.join("power/runtime_status"));
    matches!(status.as_deref(), Some("suspended" | "suspending"))
}

/// The text of a file, without the line's end.
pub(crate) fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path)
        .ok()
        .map(|text| text.trim().to_owned())
}

/// A number in a file, or why there is none.
fn number(path: &Path) -> Result<f64, Absence> {
    match fs::read_to_string(path) {
        Ok(text) => text.trim().parse().map_err(|_| Absence::NotTold),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Absence::NotSupported),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(Absence::NoPermission)
        }
        // A sensor that is there and does not answer now.
        Err(_) => Err(Absence::NotTold),
    }
}

/// The reading of `figure` from `value`, which is divided by `scale` first.
fn reading(figure: Figure, value: Result<f64, Absence>, scale: f64, now: Timestamp) -> Reading {
    Reading {
        figure,
        said: value.map_or_else(Said::Absent, |value| figure.judge(value / scale)),
        source: Source::Sysfs,
        at: now,
    }
}

/// The sensors of a device: the first folder in its `hwmon`.
fn sensors(device: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(device.join("hwmon")).ok()?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    folders.into_iter().next()
}

/// The sensor of `kind` (`temp`, `freq`, `energy`) that is called `label`.
fn labelled(sensors: &Path, kind: &str, label: &str) -> Option<PathBuf> {
    let at = |number: u32, what: &str| sensors.join(format!("{kind}{number}_{what}"));
    let found = (0..=8).find(|number| text(&at(*number, "label")).as_deref() == Some(label))?;
    Some(at(found, "input"))
}

/// What the PCIe link of a device runs at.
fn link(device: &Path, now: Timestamp) -> [Reading; 2] {
    let speed = text(&device.join("current_link_speed"));
    let generation = speed
        .as_deref()
        .and_then(|speed| speed.split_whitespace().next()?.parse::<f64>().ok())
        .map_or(Err(Absence::NotSupported), |transfers| {
            // Gigatransfers a second of each generation: 2.5, 5, 8, 16, 32, 64.
            Ok(match transfers {
                below if below < 4.0 => 1.0,
                below if below < 7.0 => 2.0,
                below if below < 12.0 => 3.0,
                below if below < 24.0 => 4.0,
                below if below < 48.0 => 5.0,
                _ => 6.0,
            })
        });
    [
        reading(Figure::PcieGeneration, generation, 1.0, now),
        reading(
            Figure::PcieWidth,
            number(&device.join("current_link_width")),
            1.0,
            now,
        ),
    ]
}

/// The power limits that may be set: least, most and default, in microwatts.
fn power_range(sensors: &Path) -> Option<PowerRange> {
    let watts = |name: &str| number(&sensors.join(name)).ok().map(|value| value / 1e6);
    let most = watts("power1_cap_max")?;
    Some(PowerRange {
        least: watts("power1_cap_min").unwrap_or(0.0),
        most,
        default: watts("power1_cap_default").unwrap_or(most),
    })
}

#[cfg(test)]
mod tests;
