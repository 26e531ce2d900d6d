//! What the figures that are kept over time are called, and what they mean, in English: for
//! pictures and reports, which stand for themselves.

use super::Figure;

impl Figure {
    /// What it is called; empty for a figure that is not kept over time.
    pub fn name(self) -> &'static str {
        match self {
            Self::SmActive => "SM active",
            Self::EngineActive => "Engine active",
            Self::Utilization => "GPU utilization",
            Self::AiCoreUtilization => "AI Core utilization",
            Self::MemoryUsed => "Framebuffer used",
            Self::Temperature => "Temperature",
            Self::Power => "Power",
            Self::SmClock => "SM clock",
            Self::CpuUtilization => "CPU utilization",
            Self::HostMemoryUsed => "Memory used",
            Self::SwapUsed => "Swap used",
            Self::DiskRead => "Disk read",
            Self::DiskWritten => "Disk written",
            Self::NetworkReceived => "Network received",
            Self::NetworkSent => "Network sent",
            _ => "",
        }
    }

    /// Its definition, in a few words; empty for a figure that is not kept over time.
    pub fn definition(self) -> &'static str {
        match self {
            Self::SmActive => "share of cycles in which a multiprocessor had a warp",
            Self::EngineActive => "share of time in which the engine was active",
            Self::Utilization => "share of time in which any kernel ran",
            Self::AiCoreUtilization => "share of cycles in which the AI Cores worked",
            Self::MemoryUsed => "device memory in use, the driver's reserve left out",
            Self::Temperature => "temperature of the chip",
            Self::Power => "power drawn",
            Self::SmClock => "clock of the multiprocessors",
            Self::CpuUtilization => "share of time in which the machine's processors worked",
            Self::HostMemoryUsed => "memory that is not available to a program that starts",
            Self::SwapUsed => "memory that was moved to disk",
            Self::DiskRead => "read from the machine's disks, added up",
            Self::DiskWritten => "written to the machine's disks, added up",
            Self::NetworkReceived => "received from the machine's networks, added up",
            Self::NetworkSent => "sent to the machine's networks, added up",
            _ => "",
        }
    }
}
