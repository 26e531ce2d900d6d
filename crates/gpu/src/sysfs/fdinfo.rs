//! What processes do on devices, as the kernel accounts it in `/proc/PID/fdinfo`
//! (docs.kernel.org, "DRM client usage stats").
//!
//! A client may be open under several numbers, in several processes even: it is counted once, by its
//! device and number. Only processes whose files may be read are seen: those of this user, or all for an
//! administrator.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::Path,
};

use jiff::Timestamp;
use strata_domain::{
    reading::{Figure, Reading, Source},
    workstation::{DeviceProcess, DeviceUse},
};

use crate::{machine::float, process::Processes};

/// The way to queues of an AMD device's own (ROCm). What computes by them is in no engine's account.
const QUEUES: &str = "/dev/kfd";

/// The clients of all devices, from one look to the next.
#[derive(Debug, Default)]
pub(super) struct Clients {
    /// Nanoseconds that each client kept each engine busy, as they were before.
    before: HashMap<(String, u64), BTreeMap<String, u64>>,
    looked_at: Option<Timestamp>,
    is_partial: bool,
}

/// What was seen of one device.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    by_pid: BTreeMap<u32, Usage>,
    /// Share of the time that the busiest engine worked, all clients together.
    busiest: Option<f64>,
    at: Timestamp,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Usage {
    memory_bytes: u64,
    busy: Option<f64>,
    computes: bool,
    draws: bool,
}

impl Clients {
    /// Looks at every process that may be looked at.
    pub(super) fn look(&mut self, root: &Path, now: Timestamp) -> BTreeMap<String, Seen> {
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
        for (pid, client) in self.clients(root) {
            let key = (client.device.clone(), client.number);
            if !counted.insert(key.clone()) {
                continue;
            }
            let device = seen.entry(client.device.clone()).or_default();
            device.at = now;
            let usage = device.by_pid.entry(pid).or_default();
            usage.memory_bytes += client.memory_bytes;
            usage.computes |= client.uses("compute") || client.uses("ccs") || client.has_queues;
            usage.draws |= client.uses("gfx") || client.uses("render") || client.uses("rcs");
            // What its queues do is not told: the rest alone would say that it is idle.
            let is_told = !client.has_queues;
            if let (Some(passed), Some(before), true) = (passed, self.before.get(&key), is_told) {
                for (engine, nanoseconds) in &client.engines {
                    let then = before.get(engine).copied().unwrap_or(*nanoseconds);
                    let share = float(nanoseconds.saturating_sub(then)) / 1e9 / passed;
                    usage.busy = Some(usage.busy.unwrap_or(0.0).max(share));
                    *engines
                        .entry((client.device.clone(), engine.clone()))
                        .or_default() += share;
                }
            }
            after.insert(key, client.engines);
        }
        for ((device, _), share) in engines {
            if let Some(seen) = seen.get_mut(&device) {
                seen.busiest = Some(seen.busiest.unwrap_or(0.0).max(share.min(1.0)));
            }
        }
        self.before = after;
        seen
    }

    /// Whether there were processes that may not be looked at.
    pub(super) fn is_partial(&self) -> bool {
        self.is_partial
    }

    fn clients(&mut self, root: &Path) -> Vec<(u32, Client)> {
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
                    let drawn = files
                        .iter()
                        .filter(|(_, target)| target.starts_with("/dev/dri"));
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
        let reading = |figure: Figure, value: f64| Reading {
            figure,
            said: figure.judge(value),
            source: Source::Fdinfo,
            at: self.at,
        };
        self.by_pid
            .iter()
            .map(|(pid, usage)| {
                let mut readings = vec![reading(Figure::MemoryUsed, float(usage.memory_bytes))];
                if let Some(busy) = usage.busy {
                    readings.push(reading(Figure::EngineActive, busy.min(1.0)));
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

    /// How busy the device is, as far as its processes were seen.
    pub(super) fn activity(&self) -> Option<Reading> {
        let busiest = self.busiest?;
        Some(Reading {
            figure: Figure::EngineActive,
            said: Figure::EngineActive.judge(busiest),
            source: Source::Fdinfo,
            at: self.at,
        })
    }
}

/// One open client of a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Client {
    device: String,
    number: u64,
    memory_bytes: u64,
    /// Nanoseconds that it kept each engine busy.
    engines: BTreeMap<String, u64>,
    /// Whether its process computes by queues of its own.
    has_queues: bool,
}

impl Client {
    fn read(text: &str) -> Option<Self> {
        let mut client = Self::default();
        let mut number = None;
        let mut memory: BTreeMap<&str, u64> = BTreeMap::new();
        for line in text.lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name {
                "drm-pdev" => value.clone_into(&mut client.device),
                "drm-client-id" => number = value.parse().ok(),
                _ => {
                    if let Some(engine) = name.strip_prefix("drm-engine-")
                        && let Some(nanoseconds) = value.strip_suffix(" ns")
                        && let Ok(nanoseconds) = nanoseconds.trim().parse()
                    {
                        client.engines.insert(engine.to_owned(), nanoseconds);
                    }
                    // What lies on the card, under the names that kernels gave it one after the other;
                    // the last one that is there counts.
                    for prefix in ["drm-memory-", "drm-total-", "drm-resident-"] {
                        if let Some(region) = name.strip_prefix(prefix)
                            && (region.starts_with("vram") || region.starts_with("local"))
                            && let Some(bytes) = size(value)
                        {
                            memory.insert(region, bytes);
                        }
                    }
                }
            }
        }
        client.number = number?;
        client.memory_bytes = memory.values().sum();
        (!client.device.is_empty()).then_some(client)
    }

    fn uses(&self, engine: &str) -> bool {
        self.engines
            .iter()
            .any(|(name, busy)| *busy > 0 && name.starts_with(engine))
    }
}

/// `2048 KiB`, `1 MiB` or bytes.
fn size(value: &str) -> Option<u64> {
    let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
    let number: u64 = number.parse().ok()?;
    match unit {
        "KiB" => number.checked_mul(1 << 10),
        "MiB" => number.checked_mul(1 << 20),
        _ => Some(number),
    }
}
