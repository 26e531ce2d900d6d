//! One open client of a device, as `/proc/PID/fdinfo/N` tells of it.
//!
//! `amdgpu` and `i915` count the nanoseconds that a class of engines worked, `xe` counts cycles beside those
//! that passed; a class may have several engines. Memory is told by region, under names that kernels gave it
//! one after the other. A buffer that is shared, as a window's is with the compositor, is in the account of
//! each client that has it: it is nobody's own, so it is left out.

use std::collections::BTreeMap;

use crate::machine::float;

/// One open client of a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Client {
    /// The device's address.
    pub(super) device: String,
    /// The client's number on the device.
    pub(super) number: u64,
    /// Memory of its own: on the card, or the machine's where the device has none; none where neither is
    /// told.
    pub(super) memory_bytes: Option<u64>,
    /// What each class of engines did for it.
    pub(super) engines: BTreeMap<String, Engine>,
    /// Whether its process computes by queues of its own.
    pub(super) has_queues: bool,
}

/// What a class of engines did for a client, since that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Engine {
    /// Nanoseconds, or cycles where it is known how many passed.
    busy: u64,
    /// Cycles that passed meanwhile.
    passed: Option<u64>,
    /// How many engines the class has, where that is told.
    count: Option<u32>,
}

/// What a class of engines is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// To draw.
    Draw,
    /// To compute.
    Compute,
    /// To decode pictures.
    Decode,
    /// To encode pictures.
    Encode,
    /// To copy, or what cannot be told apart.
    Other,
}

/// What the class `name` is there for, as `amdgpu`, `i915` and `xe` call theirs.
pub(super) fn purpose(name: &str) -> Purpose {
    match name {
        "gfx" | "render" | "rcs" => Purpose::Draw,
        "compute" | "ccs" => Purpose::Compute,
        "dec" | "jpeg" => Purpose::Decode,
        "enc" | "enc_1" => Purpose::Encode,
        _ => Purpose::Other,
    }
}

impl Engine {
    /// Whether it did anything.
    pub(super) fn has_worked(self) -> bool {
        self.busy > 0
    }

    /// The share of what the class could do that it did since `before`, `seconds` ago; none where that
    /// cannot be told.
    pub(super) fn share_since(self, before: Self, seconds: f64) -> Option<f64> {
        let worked = float(self.busy.checked_sub(before.busy)?);
        let of_one = match (self.passed, before.passed) {
            (Some(now), Some(then)) => {
                let passed = now.checked_sub(then).filter(|passed| *passed > 0)?;
                worked / float(passed)
            }
            (None, None) => worked / 1e9 / seconds,
            _ => return None,
        };
        Some(of_one / f64::from(self.count.unwrap_or(1).max(1)))
    }
}

/// What is told of a region of memory.
#[derive(Clone, Copy, Debug, Default)]
struct Region {
    /// By the name of older kernels, or what is there at all.
    total: Option<u64>,
    resident: Option<u64>,
    shared: u64,
}

impl Region {
    fn own(self) -> Option<u64> {
        let there = self.resident.or(self.total)?;
        Some(there.saturating_sub(self.shared))
    }
}

impl Client {
    /// Reads the text of a file; none where it is no client's.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut client = Self::default();
        let mut number = None;
        let mut regions: BTreeMap<&str, Region> = BTreeMap::new();
        for line in text.lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name.strip_prefix("drm-") {
                Some("pdev") => value.clone_into(&mut client.device),
                Some("client-id") => number = value.parse().ok(),
                Some(name) => {
                    client.take_engine(name, value);
                    take_region(&mut regions, name, value);
                }
                None => {}
            }
        }
        client.number = number?;
        client.memory_bytes = sum(&regions, |name| {
            name.starts_with("vram") || name.starts_with("local")
        })
        .or_else(|| {
            sum(&regions, |name| {
                name.starts_with("system") || name.starts_with("gtt")
            })
        });
        (!client.device.is_empty()).then_some(client)
    }

    /// Takes in what a line tells of a class of engines.
    fn take_engine(&mut self, name: &str, value: &str) {
        let number = || value.split_whitespace().next()?.parse::<u64>().ok();
        // Longer names first: some begin as others do.
        if let Some(class) = name.strip_prefix("engine-capacity-") {
            if let Some(count) = number().and_then(|count| u32::try_from(count).ok()) {
                self.engine(class).count = Some(count);
            }
        } else if let Some(class) = name.strip_prefix("total-cycles-") {
            if let Some(passed) = number() {
                self.engine(class).passed = Some(passed);
            }
        } else if let Some(class) = name
            .strip_prefix("engine-")
            .or_else(|| name.strip_prefix("cycles-"))
            && let Some(busy) = number()
        {
            self.engine(class).busy = busy;
        }
    }

    fn engine(&mut self, class: &str) -> &mut Engine {
        self.engines.entry(class.to_owned()).or_default()
    }

    /// Whether engines for `wanted` did anything for it.
    pub(super) fn uses(&self, wanted: Purpose) -> bool {
        let mut engines = self.engines.iter();
        engines.any(|(name, engine)| purpose(name) == wanted && engine.has_worked())
    }
}

/// Takes in what a line tells of a region of memory.
fn take_region<'t>(regions: &mut BTreeMap<&'t str, Region>, name: &'t str, value: &str) {
    let Some((what, region)) = name.split_once('-') else {
        return;
    };
    if !matches!(what, "memory" | "total" | "resident" | "shared") || region.starts_with("cycles") {
        return;
    }
    let Some(bytes) = size(value) else { return };
    let known = regions.entry(region).or_default();
    match what {
        "resident" => known.resident = Some(bytes),
        "shared" => known.shared = bytes,
        // What newer kernels write beside the older name is the same.
        _ => known.total = Some(known.total.map_or(bytes, |other| other.min(bytes))),
    }
}

/// What a client has of its own in the regions that are `wanted`; none where none of them is told.
fn sum(regions: &BTreeMap<&str, Region>, wanted: impl Fn(&str) -> bool) -> Option<u64> {
    let found = regions.iter().filter(|(name, _)| wanted(name));
    let own = found.filter_map(|(_, region)| region.own());
    own.reduce(u64::saturating_add)
}

/// `2048 KiB`, `1 MiB` or bytes.
fn size(value: &str) -> Option<u64> {
    let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
    let number: u64 = number.parse().ok()?;
    match unit.trim() {
        "KiB" => number.checked_mul(1 << 10),
        "MiB" => number.checked_mul(1 << 20),
        "GiB" => number.checked_mul(1 << 30),
        _ => Some(number),
    }
}
