//! The stages of a model's life, and what stands at each now.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        Severity as RowSeverity,
        lifecycle::{StageRow, StageThing},
    },
};
use strata_catalog::{Phase, Purpose, Stage};
use strata_domain::severity::Severity;

use super::{
    Ground, bilingual,
    figures::purpose_of,
    models::mentions::stored,
    storage::caches::{Holds, caches},
    things::cached,
};
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
            let kept = kept(ground, entry.id);
            let mut counts = counts(&here);
            let of_kept = match entry.id {
                Stage::DataPreparation => PhraseCode::StageCaches,
                _ => PhraseCode::StageKept,
            };
            if !kept.is_empty() {
                counts.push(Phrase::new(of_kept).with("count", kept.len()));
            }
            let mut stuck = things(ground, here.iter().filter(is_stuck).copied());
            let mut running = things(ground, here.iter().filter(|one| !is_stuck(one)).copied());
            let total = u32::try_from(here.len() + kept.len()).unwrap_or(u32::MAX);
            let is_ill = |thing: &StageThing| thing.severity >= RowSeverity::Notice;
            for thing in kept {
                let list = if is_ill(&thing) {
                    &mut stuck
                } else {
                    &mut running
                };
                if list.len() < StageRow::MOST {
                    list.push(thing);
                }
            }
            StageRow {
                stage: id(entry.id).to_owned(),
                name: bilingual(&entry.name),
                counts,
                total,
                stuck,
                things: running,
                components: components.into_iter().map(|one| one.row).collect(),
            }
        })
        .collect()
}

/// What is kept at a stage: the data sets that are cached, the models that are stored.
fn kept(ground: Ground<'_>, stage: Stage) -> Vec<StageThing> {
    match stage {
        Stage::DataPreparation => caches(ground, Some(Holds::Data))
            .into_iter()
            .map(cached)
            .collect(),
        Stage::ModelStorage => stored(ground)
            .into_iter()
            .map(|mention| mention.thing)
            .collect(),
        _ => Vec::new(),
    }
}

/// The stage that an application stands at. What is prepared is data, what is trained or tried is
/// a model in development, what is served is served.
pub(super) fn stage_of(ground: Ground<'_>, application: &Application) -> Option<Stage> {
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

pub(super) fn is_waiting(phase: Phase) -> bool {
    matches!(phase, Phase::Queued | Phase::Admitted | Phase::Pending)
}

fn things<'a>(
    ground: Ground<'_>,
    applications: impl Iterator<Item = &'a Application>,
) -> Vec<StageThing> {
    let rows = applications
        .take(StageRow::MOST)
        .map(|application| ground.thing(application));
    rows.collect()
}

pub(super) fn id(stage: Stage) -> &'static str {
    match stage {
        Stage::DataPreparation => "data_preparation",
        Stage::FeatureStore => "feature_store",
        Stage::ModelDevelopment => "model_development",
        Stage::ModelStorage => "model_storage",
        Stage::ModelServing => "model_serving",
    }
}
