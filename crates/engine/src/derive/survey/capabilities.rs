//! The eleven capabilities, and governance beside: what serves each, and how well.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        Severity as RowSeverity,
        lifecycle::StageThing,
        map::{Candidate, CapabilityRow, Requisite, Standing},
        survey::Evidence,
    },
};
use strata_catalog::{Capability, Component};

use super::{
    Ground, TELLING, bilingual, facts,
    figures::{figures, purpose_of, purposes},
    presence::{Ability, Present},
    unlisted,
};
use crate::derive::applications::Application;

/// Every capability, in the figure's order.
pub fn capabilities(ground: Ground<'_>) -> Vec<CapabilityRow> {
    Capability::ALL
        .into_iter()
        .filter_map(|capability| row(ground, capability))
        .collect()
}

fn row(ground: Ground<'_>, capability: Capability) -> Option<CapabilityRow> {
    let entry = ground.catalog.capability(capability)?;
    let present = ground.serving(capability);
    let (standing, reason) = stand(ground, capability, &present);
    let mut evidence = Vec::new();
    if capability == Capability::GeneralOrchestration {
        evidence.extend(ground.cluster.nodes().take(1).map(facts::of_node_ready));
    }
    // What is wrong first, then what is there.
    let (ill, well): (Vec<_>, Vec<_>) = present.iter().partition(|one| one.ability == Ability::Ill);
    evidence.extend(ill.iter().filter_map(|one| first(one)));
    evidence.extend(well.iter().filter_map(|one| first(one)));
    evidence.truncate(facts::MOST);
    if standing == Standing::Missing {
        evidence.extend(ground.looked_through(&TELLING));
    }
    let is_there = !matches!(standing, Standing::Missing | Standing::Unknown);
    let candidates = match standing {
        Standing::Missing | Standing::Partly => candidates(ground, capability, &present),
        _ => Vec::new(),
    };
    let worst = present.iter().map(|one| one.row.severity);
    let (things, total) = things(ground, capability);
    Some(CapabilityRow {
        capability: id(capability).to_owned(),
        name: bilingual(&entry.name),
        standing,
        severity: match standing {
            Standing::Unknown => RowSeverity::Unknown,
            _ => worst.max().unwrap_or_default(),
        },
        reason,
        figures: if is_there {
            figures(ground, capability, &present)
        } else {
            Vec::new()
        },
        things,
        total,
        components: present.into_iter().map(|one| one.row).collect(),
        candidates,
        evidence,
    })
}

/// What runs by `capability`, what is wrong first, and how much of it there is.
fn things(ground: Ground<'_>, capability: Capability) -> (Vec<StageThing>, u32) {
    let wanted = purposes(capability);
    let mut running: Vec<&Application> = ground
        .derived
        .applications
        .list
        .iter()
        .filter(|one| purpose_of(ground, one).is_some_and(|purpose| wanted.contains(&purpose)))
        .collect();
    running.sort_by_key(|application| std::cmp::Reverse(application.severity));
    let total = u32::try_from(running.len()).unwrap_or(u32::MAX);
    let named = running.into_iter().take(CapabilityRow::MOST);
    (named.map(|one| ground.thing(one)).collect(), total)
}

fn first(present: &Present<'_>) -> Option<Evidence> {
    present.evidence.first().cloned()
}

/// Whether `capability` is served, and why it is said so.
fn stand(
    ground: Ground<'_>,
    capability: Capability,
    present: &[Present<'_>],
) -> (Standing, Phrase) {
    let ill = present.iter().find(|one| one.ability == Ability::Ill);
    let able = present.iter().filter(|one| one.ability == Ability::Able);
    let able = able.count();
    // A server that answers and a node that is ready orchestrate, whatever runs the control plane.
    let is_orchestrated = capability == Capability::GeneralOrchestration
        && ground.derived.nodes.values().any(|node| node.is_ready);
    let name =
        |code, one: &Present<'_>| Phrase::new(code).with("name", one.component.name.as_str());
    if let Some(ill) = ill {
        return (Standing::Degraded, name(PhraseCode::ComponentUnwell, ill));
    }
    if able > 0 || is_orchestrated {
        let reason = Phrase::new(PhraseCode::SurveyServed).with("count", able);
        return (Standing::Served, reason);
    }
    if let Some(stopped) = present.iter().find(|one| one.ability == Ability::Stopped) {
        return (Standing::Partly, name(PhraseCode::SurveyStopped, stopped));
    }
    if let Some(claimed) = present.first() {
        return (Standing::Partly, name(PhraseCode::SurveyClaimed, claimed));
    }
    let missing = ground.missing_lists();
    if missing.is_empty() {
        (Standing::Missing, Phrase::new(PhraseCode::SurveyMissing))
    } else {
        (Standing::Unknown, unlisted(&missing))
    }
}

/// The components that would serve `capability`, those that are there already left out.
fn candidates(
    ground: Ground<'_>,
    capability: Capability,
    present: &[Present<'_>],
) -> Vec<Candidate> {
    let is_there = |component: &Component| {
        let mut running = present.iter().filter(|one| one.ability != Ability::Claimed);
        running.any(|one| one.component.id == component.id)
    };
    ground
        .catalog
        .serving(capability)
        .filter(|component| !is_there(component))
        .map(|component| Candidate {
            name: component.name.to_string(),
            description: bilingual(&component.description),
            home: component.home.to_string(),
            requires: component
                .requires
                .iter()
                .filter_map(|id| ground.catalog.component(id))
                .map(|required| Requisite {
                    name: required.name.to_string(),
                    is_present: ground.derived.components.get(&required.id).is_some(),
                })
                .collect(),
        })
        .collect()
}

/// The capability's id, as the catalogue writes it.
pub(super) fn id(capability: Capability) -> &'static str {
    match capability {
        Capability::GeneralOrchestration => "general_orchestration",
        Capability::ModelDelivery => "model_delivery",
        Capability::DistributedTraining => "distributed_training",
        Capability::ModelServing => "model_serving",
        Capability::DataScience => "data_science",
        Capability::Automl => "automl",
        Capability::DataStorage => "data_storage",
        Capability::VectorDatabases => "vector_databases",
        Capability::DataArchitecture => "data_architecture",
        Capability::WorkloadsObservability => "workloads_observability",
        Capability::ModelObservability => "model_observability",
        Capability::GovernancePolicy => "governance_policy",
    }
}
