//! The figures of each capability, and what flows over each relation: each with its source, and with
//! its age where it was measured. What is not known is left out, never 0.

use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::survey::SurveyFigure,
};
use strata_catalog::{Capability, Phase, Purpose};
use strata_domain::{ids::GroupKind, layer::Layer, plain::PlainKind};

use super::{
    Ground,
    presence::{Present, is_ready},
};
use crate::{derive::applications::Application, fleet::telemetry::Engine};

/// The figures that matter of `capability`, which `present` serve, the weightiest first.
pub(super) fn figures(
    ground: Ground<'_>,
    capability: Capability,
    present: &[Present<'_>],
) -> Vec<SurveyFigure> {
    let found = match capability {
        Capability::GeneralOrchestration => vec![waiting(ground), nodes(ground)],
        Capability::ModelDelivery => {
            vec![
                Some(runs(Runs::of(ground, Purpose::Pipeline))),
                own(present),
            ]
        }
        Capability::DistributedTraining => {
            let training = Runs::of(ground, Purpose::Training);
            vec![Some(runs(training)), held_gpus(training)]
        }
        Capability::ModelServing => {
            let serving = Runs::of(ground, Purpose::Serving);
            let ready = of(PhraseCode::MapServices, serving.ready, serving.total);
            vec![
                Some(told(ready, PhraseCode::SourceApplications)),
                tokens(ground),
                requests(ground),
                held_gpus(serving),
            ]
        }
        Capability::DataScience => vec![
            own(present).or_else(|| parts(present)),
            held_gpus(Runs::of(ground, Purpose::Notebook)),
        ],
        Capability::Automl => vec![own(present).or_else(|| parts(present)), trials(ground)],
        Capability::DataStorage => vec![claims(ground), volumes(ground)],
        Capability::DataArchitecture => {
            vec![datasets(ground).or_else(|| own(present)), parts(present)]
        }
        Capability::VectorDatabases => vec![parts(present)],
        Capability::WorkloadsObservability => vec![parts(present), exporters(ground)],
        Capability::ModelObservability => vec![parts(present), engines(ground)],
        Capability::GovernancePolicy => vec![own(present).or_else(|| parts(present))],
    };
    found.into_iter().flatten().collect()
}

/// What flows from one capability to another.
pub(super) fn flow(
    ground: Ground<'_>,
    from: Capability,
    to: Capability,
    served: &[Present<'_>],
    serving: &[Present<'_>],
) -> Option<SurveyFigure> {
    let held = |code, runs: Runs, count: u32| {
        let phrase = Phrase::new(code)
            .with("count", count)
            .with("gpus", runs.gpus)
            .with("waiting", runs.waiting);
        Some(told(phrase, PhraseCode::SourceApplications))
    };
    match (from, to) {
        (Capability::GeneralOrchestration, Capability::ModelDelivery) => {
            Some(runs(Runs::of(ground, Purpose::Pipeline)))
        }
        (Capability::GeneralOrchestration, Capability::DistributedTraining) => {
            let runs = Runs::of(ground, Purpose::Training);
            held(PhraseCode::MapHeldTraining, runs, runs.running)
        }
        (Capability::GeneralOrchestration, Capability::ModelServing) => {
            let runs = Runs::of(ground, Purpose::Serving);
            held(PhraseCode::MapHeldServing, runs, runs.total)
        }
        (Capability::GeneralOrchestration, Capability::DataScience) => {
            let runs = Runs::of(ground, Purpose::Notebook);
            held(PhraseCode::MapHeldNotebooks, runs, runs.total)
        }
        (Capability::GeneralOrchestration, Capability::DataStorage) => claims(ground),
        (Capability::GeneralOrchestration, Capability::WorkloadsObservability) => {
            exporters(ground).or_else(|| parts(served))
        }
        (Capability::ModelObservability, _) => engines(ground).or_else(|| parts(served)),
        (Capability::GeneralOrchestration, _) => parts(served),
        (Capability::ModelServing, _) => {
            let runs = Runs::of(ground, Purpose::Serving);
            let phrase = of(PhraseCode::MapDeployed, runs.ready, runs.total);
            Some(told(phrase, PhraseCode::SourceApplications))
        }
        (Capability::DataArchitecture, _) => datasets(ground)
            .or_else(|| own(serving))
            .or_else(|| parts(serving)),
        _ => own(serving).or_else(|| parts(serving)),
    }
}

/// The purposes of what runs by `capability`.
pub(super) fn purposes(capability: Capability) -> &'static [Purpose] {
    match capability {
        Capability::ModelDelivery => &[Purpose::Pipeline],
        Capability::DistributedTraining => &[Purpose::Training, Purpose::Batch],
        Capability::ModelServing => &[Purpose::Serving],
        Capability::DataScience => &[Purpose::Notebook],
        Capability::DataArchitecture => &[Purpose::Data],
        _ => &[],
    }
}

/// What the engines of one application do, as far as they told.
pub(super) fn of_engines(ground: Ground<'_>, application: &Application) -> Option<SurveyFigure> {
    let table = ground.cluster.pod_table();
    let fresh = ground.telemetry.engines();
    let engines: Vec<&Engine> = application
        .pods
        .iter()
        .filter_map(|slot| fresh.get(&table.at(*slot)?.metadata.key))
        .filter(|engine| engine.is_fresh(ground.now))
        .collect();
    let rate = sum(&engines, |engine| engine.tokens_per_second)?;
    Some(by_engines(
        Phrase::new(PhraseCode::MapTokens).with("rate", PhraseValue::Number(rate.round())),
        &engines,
    ))
}

/// What waits for quota, or where there are no queues, for a node.
fn waiting(ground: Ground<'_>) -> Option<SurveyFigure> {
    if let Some(waiting) = ground.derived.queues.waiting {
        let phrase = Phrase::new(PhraseCode::MapWaiting).with("count", waiting);
        return Some(told(phrase, PhraseCode::SourceQueues));
    }
    let mut bands = ground.derived.layers.iter();
    let band = bands.find(|band| band.layer == Layer::Platform)?;
    // Without queues the band counts the pods without a node.
    let unplaced = PhraseValue::Number(band.headline.as_ref()?.value);
    let phrase = Phrase::new(PhraseCode::MapUnplaced).with("count", unplaced);
    Some(told(phrase, PhraseCode::SourcePods))
}

fn nodes(ground: Ground<'_>) -> Option<SurveyFigure> {
    let nodes = &ground.derived.nodes;
    let ready = nodes.values().filter(|node| node.is_ready).count();
    let phrase = Phrase::new(PhraseCode::MapNodes)
        .with("ready", ready)
        .with("total", nodes.len());
    (!nodes.is_empty()).then(|| told(phrase, PhraseCode::SourceNodeConditions))
}

/// Tokens that all engines together generate in a second; nothing until two answers came of one.
fn tokens(ground: Ground<'_>) -> Option<SurveyFigure> {
    let fresh = ground.telemetry.engines().fresh(ground.now);
    // Engines of predictive models count no tokens.
    let counting: Vec<&Engine> = fresh
        .map(|(_, engine)| engine)
        .filter(|engine| engine.report.tokens_generated.is_some())
        .collect();
    let told = |engine: &&&Engine| engine.tokens_per_second.is_some();
    let engines: Vec<&Engine> = counting.iter().filter(told).copied().collect();
    let rate = PhraseValue::Number(sum(&engines, |engine| engine.tokens_per_second)?.round());
    let phrase = if engines.len() == counting.len() {
        Phrase::new(PhraseCode::MapTokens)
    } else {
        Phrase::new(PhraseCode::MapTokensPart)
            .with("told", engines.len())
            .with("engines", counting.len())
    };
    Some(by_engines(phrase.with("rate", rate), &engines))
}

/// Requests that all engines together work on.
fn requests(ground: Ground<'_>) -> Option<SurveyFigure> {
    let fresh = ground.telemetry.engines().fresh(ground.now);
    let engines: Vec<&Engine> = fresh.map(|(_, engine)| engine).collect();
    let phrase = Phrase::new(PhraseCode::MapRequests)
        .with(
            "running",
            PhraseValue::Number(sum(&engines, |engine| engine.report.running)?),
        )
        .with(
            "waiting",
            PhraseValue::Number(sum(&engines, |engine| engine.report.waiting)?),
        );
    Some(by_engines(phrase, &engines))
}

/// The sum of what is known; nothing where nothing is.
fn sum(engines: &[&Engine], of: impl Fn(&Engine) -> Option<f64>) -> Option<f64> {
    let known = engines.iter().filter_map(|engine| of(engine));
    known.fold(None, |sum, more| Some(sum.unwrap_or(0.0) + more))
}

fn by_engines(phrase: Phrase, engines: &[&Engine]) -> SurveyFigure {
    let oldest = engines.iter().map(|engine| engine.at).min();
    let source = Phrase::new(PhraseCode::SourceEngines).with("count", engines.len());
    SurveyFigure {
        source,
        ..measured(phrase, PhraseCode::SourceEngines, oldest)
    }
}

/// How many of the serving engines tell how they do.
fn engines(ground: Ground<'_>) -> Option<SurveyFigure> {
    let all = ground.telemetry.engines();
    if all.is_empty() {
        return None;
    }
    let fresh: Vec<&Engine> = all.fresh(ground.now).map(|(_, engine)| engine).collect();
    let phrase = Phrase::new(PhraseCode::MapEnginesTold)
        .with("told", fresh.len())
        .with("engines", all.len());
    Some(by_engines(phrase, &fresh))
}

/// How many of all that tell metrics told something when they were asked last.
fn exporters(ground: Ground<'_>) -> Option<SurveyFigure> {
    // Kubelets go by the names of their nodes, and are no exporters.
    let programs = ground
        .telemetry
        .exporters()
        .filter(|(pod, _)| !pod.namespace.is_empty());
    let all: Vec<_> = programs.map(|(_, state)| state).collect();
    let told = all.iter().filter(|state| state.failure.is_none());
    let told: Vec<Timestamp> = told.filter_map(|state| state.told_at).collect();
    let phrase = Phrase::new(PhraseCode::MapExportersTold)
        .with("told", told.len())
        .with("exporters", all.len());
    let oldest = told.into_iter().min();
    (!all.is_empty()).then(|| measured(phrase, PhraseCode::SourceExporters, oldest))
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

fn runs(runs: Runs) -> SurveyFigure {
    let phrase = Phrase::new(PhraseCode::MapRuns)
        .with("running", runs.running)
        .with("waiting", runs.waiting);
    told(phrase, PhraseCode::SourceApplications)
}

/// The GPUs that what runs holds, where anything runs on some.
fn held_gpus(runs: Runs) -> Option<SurveyFigure> {
    let phrase = Phrase::new(PhraseCode::MapGpusHeld).with("count", runs.gpus);
    (runs.gpus > 0).then(|| told(phrase, PhraseCode::SourceDevices))
}

fn of(code: PhraseCode, ready: u32, total: u32) -> Phrase {
    Phrase::new(code).with("ready", ready).with("total", total)
}

/// How many claims have a volume; where there are none, or may not be listed, how many classes.
fn claims(ground: Ground<'_>) -> Option<SurveyFigure> {
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
            let phrase = of(PhraseCode::MapClaims, bound, total);
            return Some(told(phrase, PhraseCode::SourceClaims));
        }
    }
    let classes = GroupKind::new("storage.k8s.io", "StorageClass");
    ground
        .is_listed("storage.k8s.io", "StorageClass")
        .then(|| ground.cluster.plain_of(&classes).count())
        .map(|count| Phrase::new(PhraseCode::MapClasses).with("count", count))
        .map(|phrase| told(phrase, PhraseCode::SourceClaims))
}

/// What the volumes hold that kubelets measured.
fn volumes(ground: Ground<'_>) -> Option<SurveyFigure> {
    let (count, used) = ground.telemetry.volumes().used(ground.now);
    let phrase = Phrase::new(PhraseCode::MapVolumesUsed)
        .with("count", count)
        .with("used", PhraseValue::Bytes(used));
    let oldest = ground.telemetry.volumes().asked().oldest;
    (count > 0).then(|| measured(phrase, PhraseCode::SourceKubelets, oldest))
}

/// How many data sets are bound to what holds them.
fn datasets(ground: Ground<'_>) -> Option<SurveyFigure> {
    let kind = GroupKind::new("data.fluid.io", "Dataset");
    let all = || ground.cluster.custom(&kind);
    let bound = all().filter(|set| set.field("status.phase") == Some("Bound"));
    let phrase = Phrase::new(PhraseCode::MapDatasets)
        .with("bound", bound.count())
        .with("total", all().count());
    all().next().map(|_| of_objects(phrase, "Dataset"))
}

/// How many trials run, of how many that experiments began.
fn trials(ground: Ground<'_>) -> Option<SurveyFigure> {
    let kind = GroupKind::new("kubeflow.org", "Experiment");
    let count = |path: &str| {
        let all = ground.cluster.custom(&kind);
        all.filter_map(|experiment| experiment.count(path))
            .sum::<u64>()
    };
    let (running, total) = (count("status.trialsRunning"), count("status.trials"));
    let phrase = Phrase::new(PhraseCode::MapTrials)
        .with("running", running)
        .with("total", total);
    (total > 0).then(|| of_objects(phrase, "Experiment"))
}

/// The first figure that one of them has of its own.
fn own(present: &[Present<'_>]) -> Option<SurveyFigure> {
    let figure = present.iter().find_map(|one| one.row.figure.clone())?;
    Some(told(figure, PhraseCode::SourceComponents))
}

/// How many of their parts are ready.
fn parts(present: &[Present<'_>]) -> Option<SurveyFigure> {
    let ready = present.iter().filter_map(|one| one.row.ready);
    let (ready, total) = ready.fold((0, 0), |(ready, total), one| {
        (ready + one.ready, total + one.desired)
    });
    let phrase = of(PhraseCode::MapParts, ready, total);
    (total > 0).then(|| told(phrase, PhraseCode::SourceComponents))
}

/// A figure that follows from lists that are followed.
fn told(said: Phrase, source: PhraseCode) -> SurveyFigure {
    measured(said, source, None)
}

fn of_objects(said: Phrase, kind: &str) -> SurveyFigure {
    SurveyFigure {
        said,
        source: Phrase::new(PhraseCode::SourceCustom).with("kind", kind),
        at: None,
    }
}

/// A figure that was measured, by the oldest of what it is made of.
fn measured(said: Phrase, source: PhraseCode, at: Option<Timestamp>) -> SurveyFigure {
    SurveyFigure {
        said,
        source: Phrase::new(source),
        at: at.map(|at| at.to_string()),
    }
}
