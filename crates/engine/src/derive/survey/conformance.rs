//! Kubernetes AI Conformance: every requirement answered from what the API server says.
//!
//! A requirement is met where something that does it is there and well. What only a test workload
//! would tell is unknown, and the test is offered, filled in with what the cluster has ([`inventory`]);
//! where there is none, it is said why. What is asked of clusters with accelerators alone does not
//! apply to one without.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        conformance::{
            ChecklistRow, RequirementLevel, RequirementRow, RequirementTest, TestJob, TestOutcome,
            Untested,
        },
        survey::{Answer, Assessment},
    },
};
use strata_catalog::{
    Level, Requirement, RequirementId,
    conformance::{Expected, Workload},
};

use super::{Build, Ground, assessed, bilingual, facts, needs};

mod accelerators;
mod inventory;
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
    let test = requirement.test.as_ref();
    let test = test.and_then(|test| test.filled(&|name| inventory::of(ground, name)));
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
        tested: requirement.tested.to_string(),
        test: test.as_ref().map(as_row).map(Box::new),
        untested: if test.is_none() {
            untested(requirement)
        } else {
            None
        },
    }
}

/// Why there is no test workload: the cluster lacks what it would need, or none would tell.
fn untested(requirement: &Requirement) -> Option<Untested> {
    let lacking = requirement.test.as_ref().map(|test| &test.needs);
    let said = lacking.or(requirement.untested.as_ref())?;
    Some(Untested {
        is_lacking: lacking.is_some(),
        said: bilingual(said),
    })
}

fn as_row(test: &Workload) -> RequirementTest {
    let jobs = test.jobs.iter().map(|job| {
        let (kind, group) = job.kind.split_once('.').unwrap_or((&job.kind, ""));
        TestJob {
            kind: kind.to_owned(),
            group: group.to_owned(),
            namespace: job.namespace.to_string(),
            name: job.name.to_string(),
            expected: match job.expected {
                Expected::Completes => TestOutcome::Completes,
                Expected::StaysHeld => TestOutcome::StaysHeld,
            },
        }
    });
    RequirementTest {
        manifest: test.manifest.to_string(),
        jobs: jobs.collect(),
        shows: bilingual(&test.shows),
        takes: bilingual(&test.takes),
        leaves_open: bilingual(&test.leaves_open),
        minutes: test.minutes,
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
            .shown_by(served.map(|kind| facts::of_served(ground, kind))),
    )
}
