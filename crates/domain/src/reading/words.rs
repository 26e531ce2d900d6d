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
            Self::MemoryUsed => "Framebuffer used",
            Self::Temperature => "Temperature",
            Self::Power => "Power",
            _ => "",
        }
    }

    /// Its definition, in a few words; empty for a figure that is not kept over time.
    pub fn definition(self) -> &'static str {
        match self {
            Self::SmActive => "share of cycles in which a multiprocessor had a warp",
            Self::EngineActive => "share of time in which the engine was active",
            Self::Utilization => "share of time in which any kernel ran",
            Self::MemoryUsed => "device memory in use, the driver's reserve left out",
            Self::Temperature => "temperature of the chip",
            Self::Power => "power drawn",
            _ => "",
        }
    }
}
