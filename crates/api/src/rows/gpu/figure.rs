//! Figures of devices as they cross the wire: `strata_domain::reading` in the contract's words.

use serde::{Deserialize, Serialize};
use strata_domain::reading;
use ts_rs::TS;

macro_rules! mirrored {
    ($(#[$docs:meta])* $name:ident of $domain:path { $($variant:ident),* $(,)? } and back) => {
        mirrored! { $(#[$docs])* $name of $domain { $($variant),* } }

        impl From<$name> for $domain {
            fn from(wire: $name) -> Self {
                match wire {
                    $($name::$variant => Self::$variant),*
                }
            }
        }
    };
    ($(#[$docs:meta])* $name:ident of $domain:path { $($variant:ident),* $(,)? }) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "`strata_domain::reading` says it")]
        pub enum $name {
            $($variant),*
        }

        impl From<$domain> for $name {
            fn from(domain: $domain) -> Self {
                use $domain as Domain;
                match domain {
                    $(Domain::$variant { .. } => Self::$variant),*
                }
            }
        }
    };
}

mirrored! {
    /// The figures of devices as they cross the wire.
    Figure of reading::Figure {
        Utilization, EngineActive, SmActive, AiCoreUtilization, SmOccupancy, TensorActive,
        DramActive, MemoryUtilization, EncoderUtilization, DecoderUtilization, MemoryUsed,
        MemoryFree, MemoryReserved, MemoryTotal, Temperature, MemoryTemperature, Power, PowerLimit, Energy,
        SmClock, MemoryClock, ClocksEventReasons, ThermalViolation, PowerViolation, LastXid,
        ErrorCode, Health, EccCorrected, EccUncorrected, RowsRemappedCorrected,
        RowsRemappedUncorrected, RowRemapFailure, PagesRetiredCorrected, PagesRetiredUncorrected,
        PageRetirementPending, PcieTx, PcieRx, PcieReplays, NvlinkTx, NvlinkRx, NvlinkReplays,
        NvlinkRecoveries, NvlinkCrcErrors, NvlinkDataCrcErrors, RowRemapPending, FanSpeed, PcieGeneration, PcieWidth, CpuUtilization, HostMemoryUsed,
        HostMemoryTotal, SwapUsed, DiskUsed, DiskTotal, DiskRead, DiskWritten, NetworkReceived,
        NetworkSent,
    } and back
}

mirrored! {
    /// The units of figures as they cross the wire.
    FigureUnit of reading::Unit {
        Ratio, Bytes, BytesPerSecond, Celsius, Watts, Joules, Megahertz, Seconds, Count, Code,
    }
}

mirrored! {
    /// Why a figure has no value.
    FigureAbsence of reading::Absence { NotSupported, NoPermission, NotTold, Rejected }
}

mirrored! {
    /// Where a figure comes from.
    FigureSource of reading::Source {
        Dcgm, AmdExporter, NpuExporter, Hami, Prometheus, Kubernetes, Nvml, Gpm, Sysfs, Fdinfo, System,
    }
}
