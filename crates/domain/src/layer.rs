//! The five layers of the Cloud Native AI stack.

use serde::{Deserialize, Serialize};

/// A layer of the stack, from silicon up. The order is from bottom to top.
///
/// Source: CNCF AI working group, "Cloud Native Artificial Intelligence" (March 2024), figure 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// CPU, GPU, NPU, TPU, DPU.
    Hardware,
    /// Cloud or on-prem: machines, runtimes, network, storage, drivers.
    Infrastructure,
    /// Orchestration and scheduling: Kubernetes and what extends it.
    Platform,
    /// AIOps, MLOps, LLMOps: data preparation, training, serving, observation.
    Lifecycle,
    /// Models and applications, predictive and generative.
    Workloads,
}

impl Layer {
    /// All layers, from top to bottom, as they are drawn.
    pub const TOP_DOWN: [Self; 5] = [
        Self::Workloads,
        Self::Lifecycle,
        Self::Platform,
        Self::Infrastructure,
        Self::Hardware,
    ];

    /// The layer's word in addresses and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Infrastructure => "infrastructure",
            Self::Platform => "platform",
            Self::Lifecycle => "lifecycle",
            Self::Workloads => "workloads",
        }
    }
}
