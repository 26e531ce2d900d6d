//! What is measured of a device: a value with its unit, source, definition and time, or the reason
//! why there is none.
//!
//! Nothing here can turn "unknown" into 0: a figure that was not read is an [`Absence`], which says
//! why. Figures that sound alike are told apart: `nvidia-smi`'s GPU utilization counts the time in
//! which any kernel ran, DCGM's SM active counts the multiprocessors that had work, so a device at
//! 100 % of the one may stand at 12 % of the other. [`Figure::definition`] says which is meant.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

mod figure;
mod words;

pub use figure::{Figure, Unit};

impl Figure {
    /// The largest value that a device of today can have, in [`Figure::unit`]; what is above is no
    /// reading. Bounds are generous: 1 TiB of device memory, 5 kW, 130 °C; none for the machine's own
    /// memory and disks.
    fn most(self) -> f64 {
        if matches!(
            self,
            Self::HostMemoryUsed
                | Self::HostMemoryTotal
                | Self::SwapUsed
                | Self::DiskUsed
                | Self::DiskTotal
        ) {
            return 9.2e18;
        }
        match self.unit() {
            // Rounding and unequal sampling windows let ratios pass 1 by a little.
            Unit::Ratio => 1.05,
            Unit::Bytes => 1.1e12,
            Unit::BytesPerSecond => 1e13,
            Unit::Celsius => 130.0,
            Unit::Watts => 5_000.0,
            Unit::Megahertz => 20_000.0,
            Unit::Joules | Unit::Seconds | Unit::Count | Unit::Code => 9.2e18,
        }
    }

    /// What an exporter's `value`, in [`Figure::unit`], says: a value, or why it is none.
    ///
    /// DCGM marks what it does not know by blanks near the end of each type: 2^31-16 for 32 bits,
    /// 2^63-16 for 64 bits and 2^47 for floats; a blank plus 2 is "not supported", plus 3 "no
    /// permission" (`dcgm_structs.h`, `DCGM_INT32_BLANK` and its kin). Exporters have let them
    /// through (NVIDIA/dcgm-exporter, README's sample).
    pub fn judge(self, value: f64) -> Said {
        if let Some(absence) = blank(value) {
            return Said::Absent(absence);
        }
        if !value.is_finite() || value < self.least() || value > self.most() {
            return Said::Absent(Absence::Rejected { raw: value });
        }
        Said::Value(if self.unit() == Unit::Ratio {
            value.min(1.0)
        } else {
            value
        })
    }

    fn least(self) -> f64 {
        match self.unit() {
            Unit::Celsius => -40.0,
            _ => 0.0,
        }
    }
}

/// The blank that `raw`, as it stands in the exporter's text, is, if it is one.
///
/// To be asked before a value is converted to another unit.
pub fn blank(raw: f64) -> Option<Absence> {
    const BLANKS: [f64; 3] = [
        2_147_483_632.0,
        140_737_488_355_328.0,
        9.223_372_036_854_775e18,
    ];
    // A double cannot tell the blanks of 64 bits apart, nor what has all bits set from 2^64.
    const BITS_64: RangeInclusive<f64> = 9.223_372_036_854_775e18..=1.844_674_407_370_955_2e19;
    if BITS_64.contains(&raw) {
        return Some(Absence::NotSupported);
    }
    let offset = BLANKS
        .iter()
        .map(|blank| raw - blank)
        .find(|offset| (0.0..16.0).contains(offset))?;
    Some(if (2.5..3.5).contains(&offset) {
        Absence::NoPermission
    } else if (1.5..2.5).contains(&offset) {
        Absence::NotSupported
    } else {
        Absence::NotTold
    })
}

/// What was said of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The value, in the figure's unit.
    Value(f64),
    /// Nothing, and why.
    Absent(Absence),
}

impl Said {
    /// The value, if there is one.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent(_) => None,
        }
    }
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// The device cannot measure it.
    NotSupported,
    /// Whoever measures may not.
    NoPermission,
    /// The exporter does not tell it.
    NotTold,
    /// What came is no possible value.
    Rejected {
        /// What came, in the figure's unit; may be no number at all.
        #[serde(deserialize_with = "any_number")]
        raw: f64,
    },
}

/// JSON writes what is no number or infinite as nothing: it comes back as no number, and the rest of what
/// was said with it is not lost.
fn any_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

/// Where readings come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// NVIDIA's DCGM exporter.
    Dcgm,
    /// AMD's device metrics exporter.
    AmdExporter,
    /// Huawei's npu-exporter.
    NpuExporter,
    /// HAMi's monitor on each node.
    Hami,
    /// Prometheus, which asked an exporter.
    Prometheus,
    /// Kubernetes: what nodes offer and pods ask for.
    Kubernetes,
    /// NVIDIA's library of this machine, NVML.
    Nvml,
    /// NVML's performance monitoring, which Hopper and later have.
    Gpm,
    /// The kernel's files of a device.
    Sysfs,
    /// The kernel's account of what each process does on a device.
    Fdinfo,
    /// The operating system of this machine.
    System,
}

/// A figure as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which figure.
    pub figure: Figure,
    /// What was said.
    pub said: Said,
    /// Who said it.
    pub source: Source,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_reasons_and_never_numbers() {
        assert_eq!(
            blank(9_223_372_036_854_775_794.0),
            Some(Absence::NotSupported)
        );
        assert_eq!(blank(2_147_483_634.0), Some(Absence::NotSupported));
        assert_eq!(blank(2_147_483_635.0), Some(Absence::NoPermission));
        assert_eq!(blank(2_147_483_632.0), Some(Absence::NotTold));
        assert_eq!(blank(140_737_488_355_330.0), Some(Absence::NotSupported));
        assert_eq!(blank(81_559.0), None);
        assert_eq!(blank(0.0), None);
        // Infinity is no blank: it is refused.
        assert_eq!(blank(f64::INFINITY), None);
    }

    #[test]
    fn what_no_device_can_have_is_rejected() {
        // HAMi once told 17 TB of memory.
        let said = Figure::MemoryUsed.judge(1.7e13);
        assert_eq!(said, Said::Absent(Absence::Rejected { raw: 1.7e13 }));
        assert_eq!(Figure::SmActive.judge(1.02), Said::Value(1.0));
        assert_eq!(Figure::SmActive.judge(1.5).value(), None);
        assert_eq!(Figure::Temperature.judge(-1.0), Said::Value(-1.0));
        assert_eq!(Figure::Power.judge(f64::NAN).value(), None);
        assert_eq!(Figure::Power.judge(-3.0).value(), None);
    }
}
