//! The one figure of each capability, and what flows over each relation.

use strata_api::phrases::{Phrase, PhraseCode};
use strata_catalog::{Capability, Phase, Purpose};
use strata_domain::{ids::GroupKind, plain::PlainKind};

use super::{
    Ground,
    presence::{Present, is_ready},
};
use crate::derive::applications::Application;

/// The figure that matters of `capability`, which `present` serve.
pub(super) fn figure(
    ground: Ground<'_>,
    capability: Capability,
    present: &[Present<'_>],
) -> Option<Phrase> {
    match capability {
        Capability::GeneralOrchestration => waiting(ground),
        Capability::ModelDelivery => Some(runs(Runs::of(ground, Purpose::Pipeline))),
        Capability::DistributedTraining => Some(runs(Runs::of(ground, Purpose::Training))),
        Capability::ModelServing => {
            let runs = Runs::of(ground, Purpose::Serving);
            Some(of(PhraseCode::MapServices, runs.ready, runs.total))
        }
        Capability::DataStorage => claims(ground),
        Capability::VectorDatabases
        | Capability::WorkloadsObservability
        | Capability::ModelObservability => parts(present),
        Capability::DataScience
        | Capability::Automl
        | Capability::DataArchitecture
        | Capability::GovernancePolicy => own(present).or_else(|| parts(present)),
    }
}

/// What flows from one capability to another.
pub(super) fn flow(
    ground: Ground<'_>,
    from: Capability,
    to: Capability,
    served: &[Present<'_>],
    serving: &[Present<'_>],
) -> Option<Phrase> {
    match (from, to) {
        (Capability::GeneralOrchestration, Capability::ModelDelivery) => {
            Some(runs(Runs::of(ground, Purpose::Pipeline)))
        }
        (Capability::GeneralOrchestration, Capability::DistributedTraining) => {
            let runs = Runs::of(ground, Purpose::Training);
            Some(held(PhraseCode::MapHeldTraining, &runs, runs.running))
        }
        (Capability::GeneralOrchestration, Capability::ModelServing) => {
            let runs = Runs::of(ground, Purpose::Serving);
            Some(held(PhraseCode::MapHeldServing, &runs, runs.total))
        }
        (Capability::GeneralOrchestration, Capability::DataScience) => {
            let runs = Runs::of(ground, Purpose::Notebook);
            Some(held(PhraseCode::MapHeldNotebooks, &runs, runs.total))
        }
        (Capability::GeneralOrchestration, Capability::DataStorage) => claims(ground),
        (Capability::GeneralOrchestration | Capability::ModelObservability, _) => parts(served),
        (Capability::ModelServing, _) => {
            let runs = Runs::of(ground, Purpose::Serving);
            let phrase = of(PhraseCode::MapDeployed, runs.ready, runs.total);
            Some(phrase)
        }
        _ => own(serving).or_else(|| parts(serving)),
    }
}

/// What waits for quota, or where there are no queues, for a node.
fn waiting(ground: Ground<'_>) -> Option<Phrase> {
    if let Some(waiting) = ground.derived.queues.waiting {
        return Some(Phrase::new(PhraseCode::MapWaiting).with("count", waiting));
    }
    let band = ground
        .derived
        .layers
        .iter()
        .find(|band| band.layer == strata_domain::layer::Layer::Platform)?;
    // Without queues the band counts the pods without a node.
    let unplaced = band.headline.as_ref()?.value;
    let mut phrase = Phrase::new(PhraseCode::MapUnplaced);
    phrase.values.insert(
        "count".to_owned(),
        strata_api::phrases::PhraseValue::Number(unplaced),
    );
    Some(phrase)
}

/// How the applications of one purpose do.
#[derive(Clone, Copy, Debug, Default)]
struct Runs {
    total: u32,
    ready: u32,
    running: u32,
    waiting: u32,
    gpus: u32,
}

impl Runs {
    fn of(ground: Ground<'_>, purpose: Purpose) -> Self {
        let mut runs = Self::default();
        let all = ground.derived.applications.list.iter();
        for application in all.filter(|one| purpose_of(ground, one) == Some(purpose)) {
            runs.total += 1;
            runs.ready += u32::from(is_ready(application));
            match application.phase {
                Phase::Running | Phase::Degraded | Phase::Restarting => {
                    runs.running += 1;
                    runs.gpus += application.gpus;
                }
                Phase::Queued | Phase::Admitted | Phase::Pending => runs.waiting += 1,
                _ => {}
            }
        }
        runs
    }
}

/// What an application is for; one that runs a serving engine serves, whatever its kind.
pub(super) fn purpose_of(ground: Ground<'_>, application: &Application) -> Option<Purpose> {
    let engine = || ground.catalog.components().get(application.engine?);
    application
        .purpose
        .or_else(|| (engine()?.capability == Capability::ModelServing).then_some(Purpose::Serving))
}

fn runs(runs: Runs) -> Phrase {
    Phrase::new(PhraseCode::MapRuns)
        .with("running", runs.running)
        .with("waiting", runs.waiting)
}

fn held(code: PhraseCode, runs: &Runs, count: u32) -> Phrase {
    Phrase::new(code)
        .with("count", count)
        .with("gpus", runs.gpus)
        .with("waiting", runs.waiting)
}

fn of(code: PhraseCode, ready: u32, total: u32) -> Phrase {
    Phrase::new(code).with("ready", ready).with("total", total)
}

/// How many claims have a volume; where there are none, or may not be listed, how many classes.
fn claims(ground: Ground<'_>) -> Option<Phrase> {
    let kind = GroupKind::new("", "PersistentVolumeClaim");
    if ground.is_listed("", "PersistentVolumeClaim") {
        let (mut bound, mut total) = (0_u32, 0_u32);
        for plain in ground.cluster.plain_of(&kind) {
            if let PlainKind::VolumeClaim(claim) = &plain.kind {
                total += 1;
                bound += u32::from(claim.is_bound());
            }
        }
        if total > 0 {
            return Some(of(PhraseCode::MapClaims, bound, total));
        }
    }
    let classes = GroupKind::new("storage.k8s.io", "StorageClass");
    ground
        .is_listed("storage.k8s.io", "StorageClass")
        .then(|| ground.cluster.plain_of(&classes).count())
        .map(|count| Phrase::new(PhraseCode::MapClasses).with("count", count))
}

/// The first figure that one of them has of its own.
fn own(present: &[Present<'_>]) -> Option<Phrase> {
    present.iter().find_map(|one| one.row.figure.clone())
}

/// How many of their parts are ready.
fn parts(present: &[Present<'_>]) -> Option<Phrase> {
    let ready = present.iter().filter_map(|one| one.row.ready);
    let (ready, total) = ready.fold((0, 0), |(ready, total), one| {
        (ready + one.ready, total + one.desired)
    });
    (total > 0).then(|| of(PhraseCode::MapParts, ready, total))
}
