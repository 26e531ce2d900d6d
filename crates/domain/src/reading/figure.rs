//! The figures and their units.

use serde::{Deserialize, Serialize};

/// A figure of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Share of time in which at least one kernel ran (NVML `utilization.gpu`,
    /// `DCGM_FI_DEV_GPU_UTIL`, AMD's GFX activity).
    Utilization,
    /// Share of time in which the graphics or compute engine was active
    /// (`DCGM_FI_PROF_GR_ENGINE_ACTIVE`); the only one of these that MIG instances have.
    EngineActive,
    /// Share of cycles in which a multiprocessor had at least one warp, over all of them
    /// (`DCGM_FI_PROF_SM_ACTIVE`, GPM).
    SmActive,
    /// Share of cycles in which the AI Cores of an Ascend NPU worked, over all of them
    /// (`npu_chip_info_utilization`).
    AiCoreUtilization,
    /// Resident warps as a share of what the multiprocessors can hold
    /// (`DCGM_FI_PROF_SM_OCCUPANCY`).
    SmOccupancy,
    /// Share of cycles in which the tensor pipe was active (`DCGM_FI_PROF_PIPE_TENSOR_ACTIVE`).
    TensorActive,
    /// Share of cycles in which the memory interface moved data (`DCGM_FI_PROF_DRAM_ACTIVE`).
    DramActive,
    /// Share of time in which device memory was read or written (`DCGM_FI_DEV_MEM_COPY_UTIL`).
    MemoryUtilization,
    /// Share of time in which the encoder worked.
    EncoderUtilization,
    /// Share of time in which the decoder worked.
    DecoderUtilization,
    /// Device memory in use, the driver's own reserve left out.
    MemoryUsed,
    /// Device memory that is free.
    MemoryFree,
    /// Device memory that the driver keeps for itself.
    MemoryReserved,
    /// Device memory in all.
    MemoryTotal,
    /// Temperature of the chip.
    Temperature,
    /// Temperature of the memory.
    MemoryTemperature,
    /// Power that is drawn now.
    Power,
    /// The limit that power is held to.
    PowerLimit,
    /// Energy drawn since the driver was loaded.
    Energy,
    /// Clock of the multiprocessors.
    SmClock,
    /// Clock of the memory.
    MemoryClock,
    /// Why clocks are lower than they could be, as NVML's bits (`nvmlClocksEventReasons`).
    ClocksEventReasons,
    /// Time lost to heat since the driver was loaded.
    ThermalViolation,
    /// Time lost to the power limit since the driver was loaded.
    PowerViolation,
    /// The last XID that the driver reported; 0 for none since it was loaded.
    LastXid,
    /// The last error code of a device that is not NVIDIA's; 0 for none.
    ErrorCode,
    /// What the exporter says of the device's health: 1 is well, 0 is not.
    Health,
    /// Memory errors that were corrected since the driver was loaded.
    EccCorrected,
    /// Memory errors that could not be corrected since the driver was loaded.
    EccUncorrected,
    /// Rows of memory remapped after corrected errors.
    RowsRemappedCorrected,
    /// Rows of memory remapped after uncorrected errors.
    RowsRemappedUncorrected,
    /// Whether a row could not be remapped: 1 is yes.
    RowRemapFailure,
    /// Pages of memory that were taken out of use after several corrected errors each, on GPUs without row
    /// remapping.
    PagesRetiredCorrected,
    /// Pages of memory that were taken out of use after an uncorrected error each.
    PagesRetiredUncorrected,
    /// Whether a page waits to be taken out of use until the device is reset: 1 is yes.
    PageRetirementPending,
    /// Data sent over PCIe.
    PcieTx,
    /// Data received over PCIe.
    PcieRx,
    /// Packets that PCIe had to send again since the driver was loaded.
    PcieReplays,
    /// Data sent over NVLink.
    NvlinkTx,
    /// Data received over NVLink.
    NvlinkRx,
    /// Packets that an NVLink had to send again since its counters began.
    NvlinkReplays,
    /// How often an NVLink had to be trained anew since its counters began.
    NvlinkRecoveries,
    /// Checksum errors that an NVLink received: of flow control digits, or of all that it carries where it
    /// counts them together.
    NvlinkCrcErrors,
    /// Checksum errors of data that an NVLink received.
    NvlinkDataCrcErrors,
    /// Whether a row waits to be remapped until the device is reset: 1 is yes.
    RowRemapPending,
    /// Speed of the fan, as a share of its highest.
    FanSpeed,
    /// The generation at which the PCIe link runs.
    PcieGeneration,
    /// The lanes over which the PCIe link runs.
    PcieWidth,
    /// Share of time in which the machine's processors worked.
    CpuUtilization,
    /// The machine's own memory that is in use: what is not available to a program that starts.
    HostMemoryUsed,
    /// The machine's own memory in all.
    HostMemoryTotal,
    /// Memory that was moved to disk.
    SwapUsed,
    /// Room in use on a disk.
    DiskUsed,
    /// Room on a disk in all.
    DiskTotal,
    /// Data read from disks.
    DiskRead,
    /// Data written to disks.
    DiskWritten,
    /// Data received from networks.
    NetworkReceived,
    /// Data sent to networks.
    NetworkSent,
}

/// The unit of a figure, as values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share from 0 to 1.
    Ratio,
    /// Bytes.
    Bytes,
    /// Bytes a second.
    BytesPerSecond,
    /// Degrees Celsius.
    Celsius,
    /// Watts.
    Watts,
    /// Joules.
    Joules,
    /// Megahertz.
    Megahertz,
    /// Seconds.
    Seconds,
    /// A count.
    Count,
    /// A number that stands for something: an XID, bits, yes or no.
    Code,
}

impl Figure {
    /// Every figure, in the order in which they are shown.
    pub const ALL: [Self; 58] = [
        Self::SmActive,
        Self::EngineActive,
        Self::Utilization,
        Self::AiCoreUtilization,
        Self::SmOccupancy,
        Self::TensorActive,
        Self::DramActive,
        Self::MemoryUtilization,
        Self::EncoderUtilization,
        Self::DecoderUtilization,
        Self::MemoryUsed,
        Self::MemoryFree,
        Self::MemoryReserved,
        Self::MemoryTotal,
        Self::Temperature,
        Self::MemoryTemperature,
        Self::Power,
        Self::PowerLimit,
        Self::Energy,
        Self::SmClock,
        Self::MemoryClock,
        Self::ClocksEventReasons,
        Self::ThermalViolation,
        Self::PowerViolation,
        Self::LastXid,
        Self::ErrorCode,
        Self::Health,
        Self::EccCorrected,
        Self::EccUncorrected,
        Self::RowsRemappedCorrected,
        Self::RowsRemappedUncorrected,
        Self::RowRemapFailure,
        Self::PagesRetiredCorrected,
        Self::PagesRetiredUncorrected,
        Self::PageRetirementPending,
        Self::PcieTx,
        Self::PcieRx,
        Self::PcieReplays,
        Self::NvlinkTx,
        Self::NvlinkRx,
        Self::NvlinkReplays,
        Self::NvlinkRecoveries,
        Self::NvlinkCrcErrors,
        Self::NvlinkDataCrcErrors,
        Self::RowRemapPending,
        Self::FanSpeed,
        Self::PcieGeneration,
        Self::PcieWidth,
        Self::CpuUtilization,
        Self::HostMemoryUsed,
        Self::HostMemoryTotal,
        Self::SwapUsed,
        Self::DiskUsed,
        Self::DiskTotal,
        Self::DiskRead,
        Self::DiskWritten,
        Self::NetworkReceived,
        Self::NetworkSent,
    ];

    /// The figures that say how busy a device is, the most telling first. They have different
    /// definitions and are never put on one scale.
    pub const ACTIVITY: [Self; 4] = [
        Self::SmActive,
        Self::EngineActive,
        Self::Utilization,
        Self::AiCoreUtilization,
    ];

    /// The unit of its values.
    pub fn unit(self) -> Unit {
        match self {
            Self::Utilization
            | Self::EngineActive
            | Self::SmActive
            | Self::AiCoreUtilization
            | Self::SmOccupancy
            | Self::TensorActive
            | Self::DramActive
            | Self::MemoryUtilization
            | Self::EncoderUtilization
            | Self::DecoderUtilization
            | Self::FanSpeed
            | Self::CpuUtilization => Unit::Ratio,
            Self::MemoryUsed
            | Self::MemoryFree
            | Self::MemoryReserved
            | Self::MemoryTotal
            | Self::HostMemoryUsed
            | Self::HostMemoryTotal
            | Self::SwapUsed
            | Self::DiskUsed
            | Self::DiskTotal => Unit::Bytes,
            Self::Temperature | Self::MemoryTemperature => Unit::Celsius,
            Self::Power | Self::PowerLimit => Unit::Watts,
            Self::Energy => Unit::Joules,
            Self::SmClock | Self::MemoryClock => Unit::Megahertz,
            Self::ThermalViolation | Self::PowerViolation => Unit::Seconds,
            Self::ClocksEventReasons
            | Self::LastXid
            | Self::ErrorCode
            | Self::Health
            | Self::RowRemapFailure
            | Self::RowRemapPending
            | Self::PageRetirementPending
            | Self::PcieGeneration => Unit::Code,
            Self::EccCorrected
            | Self::EccUncorrected
            | Self::RowsRemappedCorrected
            | Self::RowsRemappedUncorrected
            | Self::PagesRetiredCorrected
            | Self::PagesRetiredUncorrected
            | Self::NvlinkReplays
            | Self::NvlinkRecoveries
            | Self::NvlinkCrcErrors
            | Self::NvlinkDataCrcErrors
            | Self::PcieReplays
            | Self::PcieWidth => Unit::Count,
            Self::PcieTx
            | Self::PcieRx
            | Self::NvlinkTx
            | Self::NvlinkRx
            | Self::DiskRead
            | Self::DiskWritten
            | Self::NetworkReceived
            | Self::NetworkSent => Unit::BytesPerSecond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_listed_once() {
        let mut all = Figure::ALL.to_vec();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), Figure::ALL.len());
    }
}
