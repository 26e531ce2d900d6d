//! Kubernetes AI Conformance: every requirement answered from what the API server says.
//!
//! A requirement is met where something that does it is there and well. What only a test workload
//! would tell is unknown, and the test is offered. What is asked of clusters with accelerators alone
//! does not apply to one without.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        conformance::{ChecklistRow, RequirementLevel, RequirementRow},
        survey::{Answer, Assessment},
    },
};
use strata_catalog::{Level, Requirement, RequirementId};

use super::{Build, Ground, assessed, bilingual, facts, needs};

mod accelerators;
mod networking;
mod scheduling;
mod services;

pub(super) use scheduling::{GANG_SCHEDULERS, NODE_SCALERS, pod_autoscaling};

/// The checklist that the cluster is held against, and its requirements in the checklist's order.
pub fn conformance(ground: Ground<'_>) -> (ChecklistRow, Vec<RequirementRow>) {
    let server = ground.cluster.version().unwrap_or_default();
    let known = ground.catalog.conformance();
    let checklist = known.checklist(server);
    let row = ChecklistRow {
        kubernetes: checklist
            .map(|list| list.kubernetes.to_string())
            .unwrap_or_default(),
        server: server.to_owned(),
        complete: ground.cluster.is_complete(),
    };
    let requirements = known.requirements.iter().filter_map(|requirement| {
        let level = checklist?.level(requirement.id)?;
        Some(answered(ground, requirement, level))
    });
    (row, requirements.collect())
}

fn answered(ground: Ground<'_>, requirement: &Requirement, level: Level) -> RequirementRow {
    let area = ground
        .catalog
        .conformance()
        .areas
        .iter()
        .find(|area| area.id == requirement.area);
    RequirementRow {
        requirement: requirement.id.as_str().to_owned(),
        area: requirement.area.to_string(),
        area_name: area.map(|area| bilingual(&area.name)).unwrap_or_default(),
        name: bilingual(&requirement.name),
        description: requirement.description.to_string(),
        level: match level {
            Level::Must => RequirementLevel::Must,
            Level::Should => RequirementLevel::Should,
        },
        found: answer(ground, requirement.id),
        test: requirement.test.to_string(),
    }
}

fn answer(ground: Ground<'_>, requirement: RequirementId) -> Assessment {
    match requirement {
        RequirementId::DraSupport => accelerators::dynamic_allocation(ground),
        RequirementId::DriverRuntimeManagement => accelerators::drivers(ground),
        RequirementId::GpuSharing => accelerators::sharing(ground),
        RequirementId::VirtualizedAccelerator => accelerators::virtualized(ground),
        RequirementId::AiInference => networking::gateways(ground),
        RequirementId::AdvancedInferenceIngress => networking::inference_pools(ground),
        RequirementId::HighPerformanceNetworking => networking::fast(ground),
        RequirementId::DisaggregatedInference => networking::disaggregated(ground),
        RequirementId::GangScheduling => scheduling::gangs(ground),
        RequirementId::ClusterAutoscaling => scheduling::cluster_autoscaling(ground),
        RequirementId::PodAutoscaling => pod_autoscaling(ground),
        RequirementId::AcceleratorMetrics => services::accelerator_metrics(ground),
        RequirementId::AiServiceMetrics => services::service_metrics(ground),
        RequirementId::SecureAcceleratorAccess => accelerators::access(ground),
        RequirementId::WorkloadSandboxing => services::sandboxing(ground),
        RequirementId::RobustController => services::controllers(ground),
    }
}

/// What is asked of clusters with accelerators: `judge`, where there are some.
fn with_accelerators(ground: Ground<'_>, judge: impl FnOnce() -> Assessment) -> Assessment {
    if ground.derived.accelerators.nodes().next().is_some() {
        return judge();
    }
    let none = needs::no_accelerators(ground);
    match none.answer {
        Answer::NotMet => Assessment {
            answer: Answer::NotApplicable,
            ..none
        },
        _ => none,
    }
}

/// A kind is served, but nothing makes use of it.
fn only_served(
    ground: Ground<'_>,
    code: PhraseCode,
    remedy: PhraseCode,
    kinds: &[(&str, &str)],
) -> Option<Assessment> {
    let mut served = kinds
        .iter()
        .filter_map(|(group, kind)| ground.served(group, kind))
        .peekable();
    served.peek()?;
    Some(
        assessed(Answer::Partly, Phrase::new(code))
            .remedied(Phrase::new(remedy))
            .shown_by(served.map(facts::of_served)),
    )
}
