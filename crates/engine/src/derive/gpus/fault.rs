//! What is wrong with a GPU, what that means, and what to do about it.
//!
//! XIDs and what they mean: NVIDIA's "XID Errors" document and the error table of the DCGM exporter.
//! The exporter's figure is the last XID that was seen, and it keeps its value after the GPU has
//! recovered; so an XID alone is not taken for a fault of now unless something else agrees: the
//! device tells nothing any more, or Kubernetes has withdrawn it.

use jiff::SignedDuration;
use strata_api::phrases::{Phrase, PhraseCode, PhraseValue};
use strata_domain::{
    reading::Figure,
    severity::Severity,
    xid::{XidSort, sort},
};

use super::{Gpu, xid};
use crate::fleet::telemetry::Device;

/// What is wrong with a GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The driver reported an error, and something agrees that it holds still.
    Xid {
        /// Its number.
        xid: u32,
    },
    /// The driver reported an error at some time; the GPU has worked since, or may have.
    PastXid {
        /// Its number.
        xid: u32,
    },
    /// A row of memory could not be remapped.
    RowRemapFailed,
    /// Memory errors could not be corrected.
    EccUncorrected {
        /// How many, since the driver was loaded.
        count: f64,
    },
    /// The exporter says that it is not well.
    SaysUnhealthy,
    /// Kubernetes may not give it out, and that is all that is known.
    Withdrawn {
        /// How many of the node may not be given out.
        unhealthy: u32,
        /// How many the node has.
        total: u32,
    },
    /// A pod holds its memory, and nothing runs.
    IdleHeld {
        /// How much memory.
        memory_bytes: f64,
        /// For how long.
        waited: SignedDuration,
    },
}

/// A code as a number to look up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and codes are small"
)]
pub(super) fn code(value: f64) -> u32 {
    value as u32
}

/// What a device that answers tells in every moment. Exporters are configured to tell some of it alone.
const SIGNS_OF_LIFE: [Figure; 8] = [
    Figure::Power,
    Figure::Temperature,
    Figure::MemoryUsed,
    Figure::SmClock,
    Figure::SmActive,
    Figure::EngineActive,
    Figure::Utilization,
    Figure::AiCoreUtilization,
];

/// Whether a device reported that it fell off the bus and has told nothing of itself since.
pub(super) fn is_lost(device: Option<&Device>) -> bool {
    device.is_some_and(|device| {
        let is_told = |figure: &Figure| device.value(*figure).is_some();
        device.value(Figure::LastXid).map(code) == Some(79) && !SIGNS_OF_LIFE.iter().any(is_told)
    })
}

/// What the figures of `device` say is wrong with `gpu`; `is_withdrawn` where Kubernetes withholds
/// devices of its node.
pub(super) fn faults(device: Option<&Device>, gpu: &Gpu, is_withdrawn: bool) -> Vec<Fault> {
    let Some(device) = device else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    if let Some(xid) = gpu.xid {
        let ends = !matches!(
            sort(xid),
            XidSort::Application
                | XidSort::Engine
                | XidSort::Stopped
                | XidSort::Remap
                | XidSort::Passing
                | XidSort::Other
        );
        let is_now = if sort(xid) == XidSort::OffBus {
            is_lost(Some(device))
        } else {
            ends && is_withdrawn
        };
        faults.push(if is_now {
            Fault::Xid { xid }
        } else {
            Fault::PastXid { xid }
        });
    }
    if device.value(Figure::RowRemapFailure) == Some(1.0) {
        faults.push(Fault::RowRemapFailed);
    }
    if device.value(Figure::Health) == Some(0.0) {
        faults.push(Fault::SaysUnhealthy);
    }
    if let Some(count) = device.value(Figure::EccUncorrected)
        && count > 0.0
    {
        faults.push(Fault::EccUncorrected { count });
    }
    faults
}

impl Fault {
    /// Whether it ends what runs on the GPU, so that nothing new should go there.
    pub fn ends_work(&self) -> bool {
        matches!(
            self,
            Self::Xid { .. } | Self::RowRemapFailed | Self::SaysUnhealthy | Self::Withdrawn { .. }
        )
    }

    /// How bad it is, where a pod holds the GPU or not.
    pub fn severity(&self, is_held: bool) -> Severity {
        match self {
            Self::Xid { .. } | Self::RowRemapFailed | Self::SaysUnhealthy if is_held => {
                Severity::Critical
            }
            Self::Xid { .. }
            | Self::RowRemapFailed
            | Self::SaysUnhealthy
            | Self::Withdrawn { .. }
            | Self::EccUncorrected { .. } => Severity::Warning,
            Self::PastXid { xid } => match sort(*xid) {
                XidSort::Application
                | XidSort::Engine
                | XidSort::Stopped
                | XidSort::Passing
                | XidSort::Other => Severity::Ok,
                _ => Severity::Notice,
            },
            Self::IdleHeld { .. } => Severity::Notice,
        }
    }

    /// What it is, in a few words.
    pub fn title(&self) -> Phrase {
        match self {
            Self::Xid { xid } | Self::PastXid { xid } => xid::title(*xid),
            Self::RowRemapFailed => Phrase::new(PhraseCode::GpuRowRemapFailed),
            Self::EccUncorrected { count } => Phrase::new(PhraseCode::GpuEccUncorrected)
                .with("count", PhraseValue::Number(*count)),
            Self::SaysUnhealthy => Phrase::new(PhraseCode::GpuSaysUnhealthy),
            Self::Withdrawn { .. } => Phrase::new(PhraseCode::GpuWithdrawn),
            Self::IdleHeld {
                memory_bytes,
                waited,
            } => Phrase::new(PhraseCode::GpuIdleHeld)
                .with("memory", PhraseValue::Bytes(*memory_bytes))
                .with("waited", PhraseValue::Seconds(waited.as_secs_f64())),
        }
    }

    /// What it means.
    pub fn meaning(&self, gpu: &Gpu) -> Phrase {
        let code = match self {
            Self::Xid { xid } | Self::PastXid { xid } => return xid::meaning(*xid),
            Self::RowRemapFailed => PhraseCode::XidRemapFailed,
            Self::EccUncorrected { .. } => PhraseCode::XidMemory,
            Self::SaysUnhealthy => PhraseCode::GpuWithdrawn,
            Self::Withdrawn { unhealthy, total } => {
                return Phrase::new(PhraseCode::GpuWithdrawnMeaning)
                    .with("unhealthy", *unhealthy)
                    .with("total", *total);
            }
            Self::IdleHeld { .. } => {
                return Phrase::new(PhraseCode::GpuIdleMeaning).with("workload", workload(gpu));
            }
        };
        Phrase::new(code)
    }

    /// What to do about it.
    pub fn action(&self, gpu: &Gpu) -> Phrase {
        let node = gpu.node.as_str();
        match self {
            Self::Xid { xid } | Self::PastXid { xid } => xid::cluster_action(*xid, node, gpu.index),
            Self::RowRemapFailed => Phrase::new(PhraseCode::ActReplaceGpu).with("node", node),
            Self::EccUncorrected { .. } => {
                Phrase::new(PhraseCode::ActResetGpu).with("index", gpu.index)
            }
            Self::SaysUnhealthy | Self::Withdrawn { .. } => {
                Phrase::new(PhraseCode::ActResetNode).with("node", node)
            }
            Self::IdleHeld { .. } => {
                Phrase::new(PhraseCode::ActAskHolder).with("workload", workload(gpu))
            }
        }
    }
}

/// What holds `gpu`, by kind and name.
fn workload(gpu: &Gpu) -> String {
    gpu.holders.first().map_or_else(String::new, |holder| {
        format!("{} {}", holder.workload_kind, holder.workload)
    })
}

/// Why clocks are lower than they could be, by NVML's bits (`nvmlClocksEventReasons`). Bits that are not
/// known here are told as they are.
pub fn clock_reasons(bits: f64) -> Vec<Phrase> {
    const REASONS: [(u64, PhraseCode); 9] = [
        (0x1, PhraseCode::ClockIdle),
        (0x2, PhraseCode::ClockApplication),
        (0x4, PhraseCode::ClockPowerCap),
        (0x8, PhraseCode::ClockHardwareSlowdown),
        (0x10, PhraseCode::ClockSync),
        (0x20, PhraseCode::ClockThermalSoftware),
        (0x40, PhraseCode::ClockThermalHardware),
        (0x80, PhraseCode::ClockPowerBrake),
        (0x100, PhraseCode::ClockDisplay),
    ];
    let bits = mask(bits);
    let unknown = REASONS.iter().fold(bits, |left, (bit, _)| left & !bit);
    let known = REASONS
        .iter()
        .filter(|(bit, _)| bits & bit != 0)
        .map(|(_, code)| Phrase::new(*code));
    let unknown = (unknown != 0)
        .then(|| Phrase::new(PhraseCode::ClockUnknown).with("bits", format!("0x{unknown:x}")));
    known.chain(unknown).collect()
}

/// Bits that were told as a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and a mask has few bits"
)]
fn mask(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_tomorrow_is_told_by_its_bits() {
        let reasons = clock_reasons(549_755_813_892.0);
        let codes: Vec<PhraseCode> = reasons.iter().map(|reason| reason.code).collect();
        assert_eq!(codes, [PhraseCode::ClockPowerCap, PhraseCode::ClockUnknown]);
        assert!(
            reasons[1].english().contains("0x8000000000"),
            "{:?}",
            reasons[1]
        );
        assert_eq!(clock_reasons(0.0), []);
    }
}
