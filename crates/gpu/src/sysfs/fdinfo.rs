//! What processes do on devices, as the kernel accounts it in `/proc/PID/fdinfo`
//! (docs.kernel.org, "DRM client usage stats").
//!
//! A client may be open under several numbers, in several processes even: it is counted once, by its
//! device and number. Only processes whose files may be read are seen: those of this user, or all for an
//! administrator. Of a device that sleeps none is asked: the answer would wake it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use strata_domain::{
    reading::{Absence, Figure, Reading, Said, Source},
    workstation::{DeviceProcess, DeviceUse},
};

mod client;

use crate::{machine::float, process::Processes};
use client::{Client, Engine, Purpose, purpose};

/// The way to queues of an AMD device's own (ROCm). What computes by them is in no engine's account.
const QUEUES: &str = "/dev/kfd";

/// The clients of all devices, from one look to the next.
#[derive(Debug, Default)]
pub(super) struct Clients {
    /// What the engines had done for each client before.
    before: HashMap<(String, u64), BTreeMap<String, Engine>>,
    looked_at: Option<Timestamp>,
    is_partial: bool,
}

/// What was seen of one device.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    by_pid: BTreeMap<u32, Usage>,
    /// Share of the time that the busiest class of engines for each purpose worked, all clients together.
    busiest: BTreeMap<Purpose, f64>,
    at: Timestamp,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Usage {
    memory_bytes: Option<u64>,
    /// Share of the time that it kept drawing and computing engines busy.
    busy: Option<f64>,
    computes: bool,
    draws: bool,
}

impl Clients {
    /// Looks at every process that may be looked at, and at no client of a device whose file in `/dev` is
    /// among those `asleep`.
    pub(super) fn look(
        &mut self,
        root: &Path,
        asleep: &HashSet<PathBuf>,
        now: Timestamp,
    ) -> BTreeMap<String, Seen> {
        let passed = self
            .looked_at
            .replace(now)
            .map(|before| now.duration_since(before).as_secs_f64())
            .filter(|seconds| *seconds > 0.0);
        self.is_partial = false;
        let mut counted = HashSet::new();
        let mut after = HashMap::new();
        let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
        let mut engines: BTreeMap<(String, String), f64> = BTreeMap::new();
        for (pid, client) in self.clients(root, asleep) {
            let key = (client.device.clone(), client.number);
            if !counted.insert(key.clone()) {
                continue;
            }
            let device = seen.entry(client.device.clone()).or_default();
            device.at = now;
            let usage = device.by_pid.entry(pid).or_default();
            if let Some(bytes) = client.memory_bytes {
                usage.memory_bytes = Some(usage.memory_bytes.unwrap_or(0).saturating_add(bytes));
            }
            usage.computes |= client.uses(Purpose::Compute) || client.has_queues;
            usage.draws |= client.uses(Purpose::Draw);
            // What its queues do is not told: the rest alone would say that it is idle.
            let is_told = !client.has_queues;
            if let (Some(passed), Some(before), true) = (passed, self.before.get(&key), is_told) {
                for (name, engine) in &client.engines {
                    let then = before.get(name).copied().unwrap_or(*engine);
                    let Some(share) = engine.share_since(then, passed) else {
                        continue;
                    };
                    if matches!(purpose(name), Purpose::Draw | Purpose::Compute) {
                        usage.busy = Some(usage.busy.unwrap_or(0.0).max(share));
                    }
                    *engines
                        .entry((client.device.clone(), name.clone()))
                        .or_default() += share;
                }
            }
            after.insert(key, client.engines);
        }
        for ((device, name), share) in engines {
            if let Some(seen) = seen.get_mut(&device) {
                let busiest = seen.busiest.entry(purpose(&name)).or_default();
                *busiest = busiest.max(share.min(1.0));
            }
        }
        self.before = after;
        seen
    }

    /// Whether there were processes that may not be looked at.
    pub(super) fn is_partial(&self) -> bool {
        self.is_partial
    }

    fn clients(&mut self, root: &Path, asleep: &HashSet<PathBuf>) -> Vec<(u32, Client)> {
        let Ok(entries) = fs::read_dir(root.join("proc")) else {
            return Vec::new();
        };
        let mut clients = Vec::new();
        for entry in entries.filter_map(Result::ok) {
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
            else {
                continue;
            };
            match fs::read_dir(entry.path().join("fd")) {
                Ok(files) => {
                    let files: Vec<_> = files
                        .filter_map(|file| {
                            let file = file.ok()?;
                            Some((file.file_name(), fs::read_link(file.path()).ok()?))
                        })
                        .collect();
                    let has_queues = files.iter().any(|(_, target)| target == Path::new(QUEUES));
                    let drawn = files.iter().filter(|(_, target)| {
                        target.starts_with("/dev/dri") && !asleep.contains(target)
                    });
                    clients.extend(drawn.filter_map(|(name, _)| {
                        let told = entry.path().join("fdinfo").join(name);
                        let mut client = Client::read(&fs::read_to_string(told).ok()?)?;
                        client.has_queues = has_queues;
                        Some((pid, client))
                    }));
                }
                Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                    self.is_partial = true;
                }
                // It has ended.
                Err(_) => {}
            }
        }
        clients
    }
}

impl Seen {
    pub(super) fn processes(&self, known: &mut Processes) -> Vec<DeviceProcess> {
        let reading = |figure: Figure, said: Said| Reading {
            figure,
            said,
            source: Source::Fdinfo,
            at: self.at,
        };
        self.by_pid
            .iter()
            .map(|(pid, usage)| {
                let memory = usage
                    .memory_bytes
                    .map_or(Said::Absent(Absence::NotTold), |bytes| {
                        Figure::MemoryUsed.judge(float(bytes))
                    });
                let mut readings = vec![reading(Figure::MemoryUsed, memory)];
                if let Some(busy) = usage.busy {
                    let said = Figure::EngineActive.judge(busy.min(1.0));
                    readings.push(reading(Figure::EngineActive, said));
                }
                DeviceProcess {
                    pid: *pid,
                    uses: match (usage.computes, usage.draws) {
                        (true, false) => DeviceUse::Compute,
                        (true, true) => DeviceUse::Both,
                        _ => DeviceUse::Graphics,
                    },
                    instance: None,
                    readings,
                    owner: known.owner(*pid),
                }
            })
            .collect()
    }

    /// How busy what draws and computes is, as far as processes were seen.
    pub(super) fn activity(&self) -> Option<Reading> {
        let [draws, computes] = [Purpose::Draw, Purpose::Compute].map(|one| self.busiest.get(&one));
        let busiest = match (draws, computes) {
            (Some(draws), Some(computes)) => draws.max(*computes),
            (one, other) => *one.or(other)?,
        };
        Some(self.reading(Figure::EngineActive, busiest))
    }

    /// How busy what decodes and encodes is, where it is told apart.
    pub(super) fn pictures(&self) -> impl Iterator<Item = Reading> {
        [
            (Purpose::Decode, Figure::DecoderUtilization),
            (Purpose::Encode, Figure::EncoderUtilization),
        ]
        .into_iter()
        .filter_map(|(purpose, figure)| {
            let busiest = self.busiest.get(&purpose)?;
            Some(self.reading(figure, *busiest))
        })
    }

    fn reading(&self, figure: Figure, value: f64) -> Reading {
        Reading {
            figure,
            said: figure.judge(value),
            source: Source::Fdinfo,
            at: self.at,
        }
    }
}

#[cfg(test)]
mod tests;
