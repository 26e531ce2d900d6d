//! This machine as it bears on what would run on it: its accelerators' memory and its disks.

use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::{reading::Figure, workstation::Part};

use crate::{fleet::workstation::Workstation, project::workstation::words};

/// What is known of the machine at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Machine {
    /// Its accelerators in the order of their numbers; or why they are not known.
    pub(crate) gpus: Result<Vec<Gpu>, Phrase>,
    /// Its file systems.
    disks: Vec<Disk>,
}

/// An accelerator and its memory, in bytes. What its driver does not tell is none, never 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gpu {
    pub(crate) index: u32,
    pub(crate) model: String,
    pub(crate) memory: Option<u64>,
    pub(crate) free: Option<u64>,
}

/// A file system, by where it is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Disk {
    pub(crate) mount: String,
    /// Bytes that are free on it; none where that is not told.
    pub(crate) free: Option<u64>,
}

impl Machine {
    /// A machine that told nothing in time.
    pub(crate) fn unread() -> Self {
        Self {
            gpus: Err(Phrase::new(PhraseCode::LocalGpusUnread)),
            disks: Vec::new(),
        }
    }

    /// The machine as it was told last; none while its accelerators were not told.
    pub(crate) fn of(told: &Workstation) -> Option<Self> {
        let gpus = match (&told.trouble, &told.accelerators) {
            (Some(trouble), _) => Err(words::trouble(trouble).title),
            (None, None) => return None,
            (None, Some(sample)) => match sample.troubles.first() {
                Some(trouble) if sample.devices.is_empty() => Err(words::trouble(trouble).title),
                _ => Ok(sample
                    .devices
                    .iter()
                    .map(|device| {
                        let memory = device.value(Figure::MemoryTotal).map(whole);
                        let used = device.value(Figure::MemoryUsed).map(whole);
                        Gpu {
                            index: device.index,
                            model: device.model.clone(),
                            memory,
                            free: memory
                                .zip(used)
                                .map(|(memory, used)| memory.saturating_sub(used)),
                        }
                    })
                    .collect()),
            },
        };
        let disks = told.machine.iter().flat_map(|machine| &machine.disks);
        Some(Self {
            gpus,
            disks: disks.map(disk).collect(),
        })
    }

    /// The file system that `folder` lies on.
    pub(crate) fn disk_of(&self, folder: &str) -> Option<&Disk> {
        let holds = |disk: &&Disk| {
            let mount = disk.mount.trim_end_matches('/');
            folder
                .strip_prefix(mount)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.disks
            .iter()
            .filter(holds)
            .max_by_key(|disk| disk.mount.len())
    }
}

fn disk(part: &Part) -> Disk {
    let value = |figure: Figure| {
        let found = part.readings.iter().find(|one| one.figure == figure)?;
        found.said.value().map(whole)
    };
    let total = value(Figure::DiskTotal);
    let used = value(Figure::DiskUsed);
    Disk {
        mount: part.name.clone(),
        free: total
            .zip(used)
            .map(|(total, used)| total.saturating_sub(used)),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "amounts of memory are positive and below 2^53"
)]
fn whole(bytes: f64) -> u64 {
    bytes.max(0.0) as u64
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A machine with GPUs of so much memory, so much of it free, and one disk with so much free.
    pub(crate) fn machine(gpus: &[(u64, Option<u64>)], disk: u64) -> Machine {
        let gpus = (0..).zip(gpus).map(|(index, (memory, free))| Gpu {
            index,
            model: "NVIDIA L40S".to_owned(),
            memory: Some(*memory),
            free: *free,
        });
        Machine {
            gpus: Ok(gpus.collect()),
            disks: vec![Disk {
                mount: "/".to_owned(),
                free: Some(disk),
            }],
        }
    }

    #[test]
    fn a_folder_lies_on_the_nearest_file_system_above_it() {
        let mut machine = machine(&[], 1);
        for mount in ["/var", "/var/lib"] {
            machine.disks.push(Disk {
                mount: mount.to_owned(),
                free: None,
            });
        }
        let of = |folder: &str| machine.disk_of(folder).map(|disk| disk.mount.as_str());
        assert_eq!(of("/var/lib/docker"), Some("/var/lib"));
        assert_eq!(of("/variable"), Some("/"));
        assert_eq!(of("/home/ada"), Some("/"));
    }

    #[test]
    fn a_machine_that_told_nothing_is_not_a_machine_without_gpus() {
        assert_eq!(Machine::of(&Workstation::default()), None);
        assert!(Machine::unread().gpus.is_err());
    }
}
