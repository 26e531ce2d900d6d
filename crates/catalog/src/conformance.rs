//! Kubernetes AI Conformance: the checklists of the Kubernetes versions, as data.
//!
//! Source: `cncf/k8s-ai-conformance`. How a requirement is answered is the engine's.

use serde::Deserialize;
use strata_domain::text::Text;

use crate::component::Bilingual;

/// `conformance.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conformance {
    /// The areas, in the order of a checklist.
    #[serde(rename = "area")]
    pub areas: Vec<Area>,
    /// Every requirement of any checklist, in the order of a checklist.
    #[serde(rename = "requirement")]
    pub requirements: Vec<Requirement>,
    /// The checklists, the oldest first.
    #[serde(rename = "checklist")]
    pub checklists: Vec<Checklist>,
}

/// A part of a checklist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its key in the checklist.
    pub id: Text,
    /// Its name.
    pub name: Bilingual,
}

/// Something that a platform must or should do.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its id in the checklist.
    pub id: RequirementId,
    /// The area that it stands in.
    pub area: Text,
    /// What it is called.
    pub name: Bilingual,
    /// The checklist's own words.
    pub description: Text,
    /// A workload that tells what the API server cannot, as a manifest; empty where none would.
    #[serde(default)]
    pub test: Text,
}

/// The requirements, by the checklists' ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RequirementId {
    DraSupport,
    DriverRuntimeManagement,
    GpuSharing,
    VirtualizedAccelerator,
    AiInference,
    AdvancedInferenceIngress,
    HighPerformanceNetworking,
    DisaggregatedInference,
    GangScheduling,
    ClusterAutoscaling,
    PodAutoscaling,
    AcceleratorMetrics,
    AiServiceMetrics,
    SecureAcceleratorAccess,
    WorkloadSandboxing,
    RobustController,
}

impl RequirementId {
    /// The id in the checklists' spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DraSupport => "dra_support",
            Self::DriverRuntimeManagement => "driver_runtime_management",
            Self::GpuSharing => "gpu_sharing",
            Self::VirtualizedAccelerator => "virtualized_accelerator",
            Self::AiInference => "ai_inference",
            Self::AdvancedInferenceIngress => "advanced_inference_ingress",
            Self::HighPerformanceNetworking => "high_performance_networking",
            Self::DisaggregatedInference => "disaggregated_inference",
            Self::GangScheduling => "gang_scheduling",
            Self::ClusterAutoscaling => "cluster_autoscaling",
            Self::PodAutoscaling => "pod_autoscaling",
            Self::AcceleratorMetrics => "accelerator_metrics",
            Self::AiServiceMetrics => "ai_service_metrics",
            Self::SecureAcceleratorAccess => "secure_accelerator_access",
            Self::WorkloadSandboxing => "workload_sandboxing",
            Self::RobustController => "robust_controller",
        }
    }
}

/// The checklist of a Kubernetes version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// The version, such as `1.36`.
    pub kubernetes: Text,
    /// What a platform must do.
    pub must: Vec<RequirementId>,
    /// What it should do.
    pub should: Vec<RequirementId>,
}

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// A platform that does not do it does not conform.
    Must,
    /// Recommended.
    Should,
}

impl Checklist {
    /// How binding `requirement` is in this version; `None` where the checklist does not have it.
    pub fn level(&self, requirement: RequirementId) -> Option<Level> {
        if self.must.contains(&requirement) {
            Some(Level::Must)
        } else {
            self.should.contains(&requirement).then_some(Level::Should)
        }
    }
}

impl Conformance {
    /// The checklist for a server of the version `version` (`v1.36.2`, `1.35`): its own, else the
    /// newest one of an older version. `None` where there is none so old, or the version is none.
    pub fn checklist(&self, version: &str) -> Option<&Checklist> {
        let wanted = minor(version)?;
        self.checklists
            .iter()
            .filter(|list| minor(&list.kubernetes).is_some_and(|known| known <= wanted))
            .max_by_key(|list| minor(&list.kubernetes))
    }
}

/// Major and minor of a version.
fn minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim_start_matches('v').split(['.', '+', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
