//! Who makes devices.

use strata_domain::{accelerator::Vendor, text::Text};

/// Who makes devices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Maker {
    /// A vendor whose names we know.
    Known(Vendor),
    /// Another, by its driver's name.
    Other(Text),
}

impl Maker {
    /// The word with which the catalogue's ids of its software begin.
    pub fn word(&self) -> &str {
        match self {
            Self::Known(Vendor::Nvidia) => "nvidia",
            Self::Known(Vendor::Amd) => "amd",
            Self::Known(Vendor::Intel) => "intel",
            Self::Known(Vendor::Huawei) => "ascend",
            Self::Known(Vendor::Google) => "gke",
            Self::Known(Vendor::Aws) => "aws",
            Self::Known(Vendor::Cambricon) => "cambricon",
            Self::Known(Vendor::Hygon) => "hygon",
            Self::Known(Vendor::Metax) => "metax",
            Self::Known(Vendor::MooreThreads) => "mthreads",
            Self::Known(Vendor::Iluvatar) => "iluvatar",
            Self::Known(Vendor::Enflame) => "enflame",
            Self::Known(Vendor::Kunlunxin) => "kunlunxin",
            Self::Other(driver) => driver,
        }
    }

    /// What its devices are called where no model is told.
    pub fn device(&self) -> &str {
        match self {
            Self::Known(Vendor::Nvidia) => "NVIDIA GPU",
            Self::Known(Vendor::Amd) => "AMD GPU",
            Self::Known(Vendor::Intel) => "Intel GPU",
            Self::Known(Vendor::Huawei) => "Ascend NPU",
            Self::Known(Vendor::Google) => "Cloud TPU",
            Self::Known(Vendor::Aws) => "AWS Neuron",
            Self::Known(Vendor::Cambricon) => "Cambricon MLU",
            Self::Known(Vendor::Hygon) => "Hygon DCU",
            Self::Known(Vendor::Metax) => "MetaX GPU",
            Self::Known(Vendor::MooreThreads) => "Moore Threads GPU",
            Self::Known(Vendor::Iluvatar) => "Iluvatar GPU",
            Self::Known(Vendor::Enflame) => "Enflame GCU",
            Self::Known(Vendor::Kunlunxin) => "Kunlunxin XPU",
            Self::Other(driver) => driver,
        }
    }
}
