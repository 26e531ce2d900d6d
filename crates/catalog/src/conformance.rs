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
    /// How it may be tested, in the words of the working group; empty where they have none.
    #[serde(default)]
    pub tested: Text,
    /// A workload that tells what the API server cannot.
    pub test: Option<Workload>,
    /// Why there is none, where there is none.
    pub untested: Option<Bilingual>,
}

/// A workload that tests a requirement. In its texts and its manifest `${...}` stands for what the
/// cluster has; [`Workload::filled`] puts it in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// What the cluster is to have, so that it can be run.
    pub needs: Bilingual,
    /// What it shows, where it passes.
    pub shows: Bilingual,
    /// What it takes while it runs.
    pub takes: Bilingual,
    /// What it leaves open.
    pub leaves_open: Bilingual,
    /// After how many minutes its jobs have ended by themselves, and gone.
    pub minutes: u32,
    /// Its objects.
    pub manifest: Text,
    /// The jobs that it is judged by.
    pub jobs: Vec<JudgedJob>,
}

/// A job that a test is judged by.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedJob {
    /// Its kind, such as `Job.batch`.
    pub kind: Text,
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// What is to become of it.
    pub expected: Expected,
}

/// What is to become of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// It ends well.
    Completes,
    /// None of it begins for as long as the others take.
    StaysHeld,
}

impl Workload {
    /// The workload for a cluster of which `known` tells what a name stands for; `None` where it does
    /// not tell all. What would not be a plain word in YAML is not put in.
    #[must_use]
    pub fn filled(&self, known: &impl Fn(&str) -> Option<String>) -> Option<Self> {
        let text = |text: &Text| filled(text, known).map(Text::from);
        let both = |texts: &Bilingual| {
            Some(Bilingual {
                en: text(&texts.en)?,
                zh: text(&texts.zh)?,
            })
        };
        let jobs = self.jobs.iter().map(|job| {
            Some(JudgedJob {
                namespace: text(&job.namespace)?,
                ..job.clone()
            })
        });
        Some(Self {
            needs: self.needs.clone(),
            shows: both(&self.shows)?,
            takes: both(&self.takes)?,
            leaves_open: both(&self.leaves_open)?,
            minutes: self.minutes,
            manifest: text(&self.manifest)?,
            jobs: jobs.collect::<Option<_>>()?,
        })
    }
}

/// `text` with what stands for each `${name}`.
fn filled(text: &str, known: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}')?;
        filled.push_str(before);
        filled.push_str(&known(name).filter(|value| is_plain(value))?);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

/// Whether `value` is harmless wherever a manifest or a script has it: names, versions, numbers.
fn is_plain(value: &str) -> bool {
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || " -._/+".contains(c);
    !value.is_empty() && value.chars().all(is_harmless)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_filled_in_where_it_is_known_and_harmless() {
        let known = |name: &str| match name {
            "node" => Some("gpu-1".to_owned()),
            "odd" => Some("'; reboot".to_owned()),
            _ => None,
        };
        let of = |text: &str| filled(text, &known);
        assert_eq!(
            of("on ${node}, $(uname)").as_deref(),
            Some("on gpu-1, $(uname)")
        );
        assert_eq!(of("on ${nobody}"), None);
        assert_eq!(of("echo '${odd}'"), None, "what is not a plain word");
        assert_eq!(of("on ${node"), None);
    }
}
