//! The stages of a model's life, and what stands at each now.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::lifecycle::{StageRow, StageThing},
};
use strata_catalog::{Phase, Purpose, Stage};
use strata_domain::severity::Severity;

use super::{Ground, bilingual, figures::purpose_of};
use crate::derive::applications::Application;

/// Every stage, in the order of the loop.
pub fn lifecycle(ground: Ground<'_>) -> Vec<StageRow> {
    let stages = ground.catalog.map().stages.iter();
    stages
        .map(|entry| {
            let categories: Vec<&str> = entry
                .categories
                .iter()
                .map(strata_domain::text::Text::as_str)
                .collect();
            let components = ground.of_categories(&categories);
            let mut here: Vec<&Application> = ground
                .derived
                .applications
                .list
                .iter()
                .filter(|application| stage_of(ground, application) == Some(entry.id))
                .collect();
            here.sort_by_key(|application| std::cmp::Reverse(application.severity));
            let is_stuck = |application: &&&Application| {
                application.severity >= Severity::Warning || is_waiting(application.phase)
            };
            StageRow {
                stage: id(entry.id).to_owned(),
                name: bilingual(&entry.name),
                counts: counts(&here),
                total: u32::try_from(here.len()).unwrap_or(u32::MAX),
                stuck: things(here.iter().filter(is_stuck).copied()),
                things: things(here.iter().filter(|one| !is_stuck(one)).copied()),
                components: components.into_iter().map(|one| one.row).collect(),
            }
        })
        .collect()
}

/// The stage that an application stands at. What is prepared is data, what is trained or tried is
/// a model in development, what is served is served.
fn stage_of(ground: Ground<'_>, application: &Application) -> Option<Stage> {
    let component = |position: Option<usize>| ground.catalog.components().get(position?);
    match purpose_of(ground, application)? {
        Purpose::Data | Purpose::Pipeline => {
            let of_features = component(application.manager)
                .is_some_and(|component| component.category == "feature_store");
            Some(if of_features {
                Stage::FeatureStore
            } else {
                Stage::DataPreparation
            })
        }
        Purpose::Training | Purpose::Notebook | Purpose::Batch => Some(Stage::ModelDevelopment),
        Purpose::Serving => Some(Stage::ModelServing),
    }
}

fn counts(here: &[&Application]) -> Vec<Phrase> {
    let count = |wanted: fn(Phase) -> bool| {
        let matching = here.iter().filter(|application| wanted(application.phase));
        matching.count()
    };
    let lines = [
        (PhraseCode::StageRunning, count(is_running)),
        (PhraseCode::StageWaiting, count(is_waiting)),
        (
            PhraseCode::StageFailed,
            count(|phase| phase == Phase::Failed),
        ),
        (
            PhraseCode::StageDone,
            count(|phase| phase == Phase::Succeeded),
        ),
        (
            PhraseCode::StagePaused,
            count(|phase| phase == Phase::Suspended),
        ),
    ];
    lines
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(code, count)| Phrase::new(code).with("count", count))
        .collect()
}

fn is_running(phase: Phase) -> bool {
    matches!(phase, Phase::Running | Phase::Degraded | Phase::Restarting)
}

fn is_waiting(phase: Phase) -> bool {
    matches!(phase, Phase::Queued | Phase::Admitted | Phase::Pending)
}

fn things<'a>(applications: impl Iterator<Item = &'a Application>) -> Vec<StageThing> {
    let rows = applications
        .take(StageRow::MOST)
        .map(|application| StageThing {
            subject: application.subject.clone(),
            kind: application.kind.kind.to_string(),
            namespace: application.key.namespace.to_string(),
            name: application.name.to_string(),
            severity: application.severity.into(),
            phase: word(application.phase).to_owned(),
            reason: application.reason.clone(),
            since: application.since.map(|at| at.to_string()),
        });
    rows.collect()
}

/// A phase's word on the wire.
pub(super) fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Queued => "queued",
        Phase::Admitted => "admitted",
        Phase::Pending => "pending",
        Phase::Running => "running",
        Phase::Degraded => "degraded",
        Phase::Restarting => "restarting",
        Phase::Stopping => "stopping",
        Phase::Suspended => "suspended",
        Phase::Succeeded => "succeeded",
        Phase::Failed => "failed",
        Phase::Unknown => "unknown",
    }
}

fn id(stage: Stage) -> &'static str {
    match stage {
        Stage::DataPreparation => "data_preparation",
        Stage::FeatureStore => "feature_store",
        Stage::ModelDevelopment => "model_development",
        Stage::ModelStorage => "model_storage",
        Stage::ModelServing => "model_serving",
    }
}
