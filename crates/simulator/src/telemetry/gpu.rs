//! A GPU: what its sensors and counters say at any time.
//!
//! Everything is a function of what the GPU is, who had it when, and the time. While a pod has it
//! but its container does not run it rests; when the container starts, memory fills, then the work
//! begins. A GPU that fell off the bus says nothing any more but its last XID.

use std::sync::Arc;

use strata_domain::text::Text;

use super::{
    curve::{self, Curve},
    product::Product,
    work::{Holder, Load},
};

/// How long a process takes from its start until its memory is filled and its work begins.
const WARM_UP: f64 = 40.0;

/// A GPU of a node.
#[derive(Clone, Debug)]
pub(crate) struct Gpu {
    pub(crate) node: Text,
    pub(crate) index: usize,
    pub(crate) uuid: String,
    pub(crate) product: &'static Product,
    pub(crate) memory_mib: f64,
    pub(crate) driver: String,
    pub(crate) seed: u64,
    /// When the node joined; counters count from there.
    pub(crate) since: f64,
    /// Who has and had it, in the order of time.
    pub(crate) holdings: Vec<Holding>,
    /// When it fell off the bus.
    pub(crate) lost_at: Option<f64>,
}

/// A time in which a pod has a GPU.
#[derive(Clone, Debug)]
pub(crate) struct Holding {
    pub(crate) holder: Arc<Holder>,
    pub(crate) load: Arc<Load>,
    pub(crate) since: f64,
    pub(crate) running_since: Option<f64>,
    pub(crate) until: Option<f64>,
}

impl Holding {
    fn begin(&self) -> Option<f64> {
        Some(self.running_since? + WARM_UP)
    }

    fn end(&self) -> f64 {
        self.until.unwrap_or(f64::INFINITY)
    }

    /// The amount of the curve that `of` makes of the load, up to `time`.
    fn amount(&self, of: &Curve, time: f64) -> f64 {
        self.begin()
            .map_or(0.0, |begin| of.amount(begin, time.min(self.end())))
    }
}

impl Gpu {
    /// Who has it now.
    pub(crate) fn current(&self) -> Option<&Holding> {
        self.holdings.last().filter(|held| held.until.is_none())
    }

    /// Who had it at `time`.
    pub(crate) fn held_at(&self, time: f64) -> Option<&Holding> {
        self.holdings
            .iter()
            .rev()
            .find(|held| held.since <= time && time < held.end())
    }

    /// Whether it is on the bus at `time`.
    pub(crate) fn is_present(&self, time: f64) -> bool {
        time >= self.since && self.lost_at.is_none_or(|lost| time < lost)
    }

    /// The load that works at `time`.
    fn working(&self, time: f64) -> Option<&Load> {
        let held = self.held_at(time)?;
        held.begin()
            .is_some_and(|begin| begin <= time)
            .then_some(&*held.load)
    }

    /// How much of the time anything runs, from 0 to 1.
    pub(crate) fn busy(&self, time: f64) -> f64 {
        self.working(time)
            .map_or(0.0, |load| load.busy.at(time).clamp(0.0, 1.0))
    }

    /// GPU utilization in percent: that a kernel ran, not how much of the GPU it used.
    pub(crate) fn utilization(&self, time: f64) -> f64 {
        (self.busy(time) * 104.0).min(100.0).floor()
    }

    /// The share of time that SMs had work.
    pub(crate) fn sm_active(&self, time: f64) -> f64 {
        self.busy(time) * 0.88
    }

    /// The share of resident warps.
    pub(crate) fn sm_occupancy(&self, time: f64) -> f64 {
        self.busy(time) * curve::between(self.seed ^ 0x0b, 0.34, 0.46)
    }

    /// The share of cycles that the tensor pipe was active.
    pub(crate) fn tensor_active(&self, time: f64) -> f64 {
        let load = self.working(time).map_or(0.0, |load| load.tensor);
        load * self.busy(time)
    }

    /// The share of cycles that the memory moved data.
    pub(crate) fn dram_active(&self, time: f64) -> f64 {
        let load = self.working(time).map_or(0.0, |load| load.dram);
        load * self.busy(time)
    }

    /// Memory that the driver keeps for itself, in MiB.
    pub(crate) fn memory_reserved(&self) -> f64 {
        (self.memory_mib * 0.0078).floor()
    }

    /// Memory in use, in MiB: it fills while a process warms up, and is held however idle it is.
    pub(crate) fn memory_used(&self, time: f64) -> f64 {
        let Some(held) = self.held_at(time) else {
            return 3.0;
        };
        let Some(started) = held.running_since.filter(|started| *started <= time) else {
            return 3.0;
        };
        let filled = ((time - started) / WARM_UP).min(1.0);
        let usable = self.memory_mib - self.memory_reserved();
        (usable * held.load.memory * filled).floor().max(520.0)
    }

    /// Memory that is free, in MiB.
    pub(crate) fn memory_free(&self, time: f64) -> f64 {
        self.memory_mib - self.memory_reserved() - self.memory_used(time)
    }

    /// What it draws above rest for each share of time that it is busy, in watts.
    fn power_span(&self, load: &Load) -> f64 {
        let full = self.product.power_limit * (0.52 + 0.42 * (load.tensor + load.dram).min(1.0));
        let full = if load.is_straggler { full * 0.82 } else { full };
        full - self.product.power_idle
    }

    /// What it draws at rest, in watts; no two are alike.
    fn power_at_rest(&self) -> f64 {
        self.product.power_idle * curve::between(self.seed ^ 0x0c, 0.94, 1.08)
    }

    /// What it draws, in watts.
    pub(crate) fn power(&self, time: f64) -> f64 {
        let span = self
            .working(time)
            .map_or(0.0, |load| self.power_span(load) * load.busy.at(time));
        // A context keeps the clocks up.
        let held = self.held_at(time).and_then(|held| held.running_since);
        let context = if held.is_some_and(|since| since <= time) {
            self.product.power_idle * CONTEXT_SHARE
        } else {
            0.0
        };
        self.power_at_rest() + context + span
    }

    /// The energy drawn since the driver was loaded, in millijoules.
    pub(crate) fn energy(&self, time: f64) -> f64 {
        let worked: f64 = self
            .holdings
            .iter()
            .map(|held| {
                let span = held.load.busy.scaled(self.power_span(&held.load));
                let context = held.running_since.map_or(0.0, |since| {
                    (time.min(held.end()) - since).max(0.0)
                        * self.product.power_idle
                        * CONTEXT_SHARE
                });
                held.amount(&span, time) + context
            })
            .sum();
        (self.power_at_rest() * (time - self.since).max(0.0) + worked) * 1000.0
    }

    /// Its temperature, in degrees Celsius.
    pub(crate) fn temperature(&self, time: f64) -> f64 {
        let share = self.power(time) / self.product.power_limit;
        let hot = if self.is_straggler(time) { 9.0 } else { 0.0 };
        (25.0 + 40.0 * share + hot + curve::between(self.seed ^ 0x0d, 0.0, 5.0)).round()
    }

    /// The temperature of its memory, in degrees Celsius.
    pub(crate) fn memory_temperature(&self, time: f64) -> f64 {
        if !self.product.has_memory_sensor {
            return 0.0;
        }
        self.temperature(time) + (4.0 + 10.0 * self.dram_active(time)).round()
    }

    /// Whether it is the rank that its gang waits for.
    pub(crate) fn is_straggler(&self, time: f64) -> bool {
        self.working(time).is_some_and(|load| load.is_straggler)
    }

    /// The clock of its SMs, in MHz.
    pub(crate) fn sm_clock(&self, time: f64) -> f64 {
        if self.working(time).is_none() {
            return self.product.sm_clock_idle;
        }
        let share = (self.power(time) / self.product.power_limit).clamp(0.0, 1.0);
        let slowed = if self.is_straggler(time) { 0.72 } else { 1.0 };
        // Clocks come in steps of 15 MHz.
        (self.product.sm_clock * (1.0 - 0.09 * share) * slowed / 15.0).round() * 15.0
    }

    /// The clock of its memory, in MHz.
    pub(crate) fn memory_clock(&self) -> f64 {
        self.product.memory_clock
    }

    /// Why its clocks are not higher: the bits of `nvmlClocksEventReason`.
    pub(crate) fn clocks_event_reasons(&self, time: f64) -> f64 {
        const IDLE: f64 = 1.0;
        const SW_POWER_CAP: f64 = 4.0;
        const SW_THERMAL_SLOWDOWN: f64 = 32.0;
        if self.working(time).is_none() {
            IDLE
        } else if self.is_straggler(time) {
            SW_THERMAL_SLOWDOWN
        } else if self.power(time) > 0.93 * self.product.power_limit {
            SW_POWER_CAP
        } else {
            0.0
        }
    }

    /// How long its clocks were held down for heat, in nanoseconds.
    pub(crate) fn thermal_violation(&self, time: f64) -> f64 {
        self.sum(time, |held| {
            if held.load.is_straggler {
                held.load.busy.scaled(0.6e9)
            } else {
                Curve::constant(0.0)
            }
        })
    }

    /// What PCIe carries towards the host and from it, in bytes a second.
    pub(crate) fn pcie_rate(&self, time: f64, is_sent: bool) -> f64 {
        let share = self.working(time).map_or(0.0, |load| load.pcie);
        let side = if is_sent { 0.45 } else { 1.0 };
        (share * side * self.busy(time) * self.product.pcie_bytes + 2.1e5).round()
    }

    /// What NVLink carries, in bytes a second.
    pub(crate) fn nvlink_rate(&self, time: f64) -> f64 {
        let share = self.working(time).map_or(0.0, |load| load.nvlink);
        share * self.busy(time) * self.product.nvlink_bytes
    }

    /// What NVLink carried since the driver was loaded, in the unit of the DCGM counter (MB).
    pub(crate) fn nvlink_total(&self, time: f64) -> f64 {
        let peak = self.product.nvlink_bytes / 1e6;
        self.sum(time, |held| held.load.busy.scaled(held.load.nvlink * peak))
    }

    fn sum(&self, time: f64, of: impl Fn(&Holding) -> Curve) -> f64 {
        self.holdings
            .iter()
            .map(|held| held.amount(&of(held), time))
            .sum()
    }

    /// The last XID that was seen; 0 for none.
    pub(crate) fn last_xid(&self, time: f64) -> u32 {
        match self.lost_at {
            Some(lost) if time >= lost => 79,
            _ => 0,
        }
    }

    /// Corrected memory errors since the driver was loaded: few, on few GPUs.
    pub(crate) fn corrected_errors(&self, time: f64) -> f64 {
        if curve::unit(self.seed ^ 0x0e) < 0.9 {
            return 0.0;
        }
        let days = (time - self.since).max(0.0) / 86_400.0;
        (days * curve::between(self.seed ^ 0x0f, 0.02, 0.3)).floor()
    }

    /// Rows of memory that were remapped for corrected errors.
    pub(crate) fn remapped_rows(&self) -> f64 {
        if curve::unit(self.seed ^ 0x10) < 0.03 {
            1.0
        } else {
            0.0
        }
    }
}

/// What a context at rest costs, as a share of what the GPU draws without.
const CONTEXT_SHARE: f64 = 0.55;
