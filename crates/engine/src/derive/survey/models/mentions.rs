//! What names a model: things at a stage, and the fields by which they are a model's.

use std::collections::BTreeSet;

use strata_api::rows::{
    Severity as RowSeverity, lifecycle::StageThing, storage::StorageCacheRow, survey::Evidence,
};
use strata_catalog::{Purpose, Stage};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    job::JobState,
    metadata::Metadata,
    model,
    plain::Plain,
    storage::VolumeClaim,
};

use super::{
    super::{
        Ground, facts,
        lifecycle::{is_waiting, stage_of},
        storage::{
            caches::{Holds, caches},
            claims_of,
        },
        things::cached,
    },
    datasets::{Dataset, Datasets},
};
use crate::{
    derive::applications::{Application, MODEL_LABELS},
    fleet::cluster::ObjectRef,
};

/// Fields of custom objects that name a model, by its name or by its address.
const FIELDS: [&str; 14] = [
    "spec.predictor.model.storageUri",
    "spec.model.uri",
    "spec.model.name",
    "spec.initializer.model.storageUri",
    "spec.sourceModelUri",
    "spec.source.hf.modelName",
    "spec.source.ngc.modelPuller",
    "spec.model.modelURL",
    "status.model.name",
    "inference.preset.name",
    "tuning.preset.name",
    "spec.image",
    "spec.baseModel",
    "spec.modelName",
];

/// As many runs that are over as are looked at, the newest first.
const OVER: usize = 500;

/// Something that names a model.
#[derive(Clone, Debug)]
pub(in crate::derive::survey) struct Mention {
    /// The names, as they are written.
    pub(super) names: Vec<String>,
    /// Where it stands.
    pub(super) stage: Stage,
    /// What it is.
    pub(in crate::derive::survey) thing: StageThing,
    /// The first field that names the model.
    pub(super) link: Evidence,
    /// Whether it is over for good, and whether badly.
    pub(super) is_over: bool,
    pub(super) has_failed: bool,
    /// Whether it should run and does not yet.
    pub(super) is_waiting: bool,
    /// How far it got the model, while it has not all of it.
    pub(super) fill: Option<String>,
}

impl Mention {
    fn new(stage: Stage, thing: StageThing, named: Vec<Evidence>) -> Option<Self> {
        let link = named.first().cloned()?;
        Some(Self {
            names: named.into_iter().map(|line| line.value).collect(),
            stage,
            thing,
            link,
            is_over: false,
            has_failed: false,
            is_waiting: false,
            fill: None,
        })
    }

    /// Whether both are the same thing at the same stage, whatever names the model.
    pub(super) fn is_the_same_as(&self, other: &Self) -> bool {
        let of = |mention: &Self| {
            let Evidence {
                group,
                kind,
                namespace,
                name,
                ..
            } = mention.thing.evidence.clone();
            (group, kind, namespace, name)
        };
        self.stage == other.stage && self.thing.name == other.thing.name && of(self) == of(other)
    }
}

/// Everything that names a model, and the data that its runs read.
pub(super) fn mentions(ground: Ground<'_>) -> Vec<Mention> {
    let datasets = Datasets::of(ground);
    let mut found = Vec::new();
    for application in &ground.derived.applications.list {
        of_application(ground, &datasets, application, &mut found);
    }
    over(ground, &datasets, &mut found);
    found.extend(stored(ground));
    found
}

/// The data that goes into the model of `mention`, at the stage where data stands.
fn read_by(mention: &Mention, datasets: Vec<Dataset>) -> impl Iterator<Item = Mention> {
    let names = mention.names.clone();
    datasets.into_iter().map(move |dataset| Mention {
        names: names.clone(),
        stage: Stage::DataPreparation,
        thing: dataset.thing,
        link: dataset.link,
        is_over: false,
        has_failed: false,
        is_waiting: false,
        fill: None,
    })
}

/// What keeps models: caches of models, and claims that are known to hold one.
pub(in crate::derive::survey) fn stored(ground: Ground<'_>) -> Vec<Mention> {
    let mut found: Vec<Mention> = caches(ground, Some(Holds::Models))
        .into_iter()
        .filter_map(|row| of_cache(ground, row))
        .collect();
    let named = claims_named(ground);
    for (plain, claim) in claims_of(ground) {
        found.extend(of_claim(plain, claim, &named));
    }
    found
}

/// An application that names a model stands at its stage; the data that it reads stands before.
fn of_application(
    ground: Ground<'_>,
    datasets: &Datasets<'_>,
    application: &Application,
    found: &mut Vec<Mention>,
) {
    let Some(stage) = stage_of(ground, application) else {
        return;
    };
    let named = named_by(ground, application);
    let Some(mention) = Mention::new(stage, ground.thing(application), named) else {
        return;
    };
    found.extend(read_by(&mention, datasets.of_application(application)));
    found.push(Mention {
        is_waiting: is_waiting(application.phase),
        ..mention
    });
}

/// The fields of an application that name its model: its own, then its labels', then its first pod's.
fn named_by(ground: Ground<'_>, application: &Application) -> Vec<Evidence> {
    let mut named = Vec::new();
    let object = ground.object(&application.kind, &application.key);
    if let Some(object) = object {
        named.extend(of_object(&application.kind, object));
    }
    let table = ground.cluster.pod_table();
    let mut pods = application.pods.iter().filter_map(|slot| table.at(*slot));
    if let Some(pod) = pods.next() {
        let kind = GroupKind::new("", "Pod");
        let line =
            |field: &str, value: &str| facts::of_object(&kind, &pod.metadata, field, value, None);
        named.extend(of_labels(&kind, &pod.metadata));
        if !pod.model_argument().is_empty() {
            named.push(line("spec.containers[].args", pod.model_argument()));
        }
        named.extend(
            pod.image_volumes()
                .iter()
                .map(|image| line("spec.volumes[].image.reference", &format!("oci://{image}"))),
        );
        let engine = ground.telemetry.engines().get(&pod.metadata.key);
        let told = engine.into_iter().flat_map(|engine| &engine.report.models);
        named.extend(told.map(|model| line("/metrics model_name", model)));
    }
    named.retain(|line| !model::key(&line.value).is_empty());
    named
}

/// The fields of an object that name its model: an address says more than a label.
fn of_object(kind: &GroupKind, object: ObjectRef<'_>) -> Vec<Evidence> {
    let mut named = Vec::new();
    if let ObjectRef::Custom(custom) = object {
        let fields = FIELDS.iter().filter_map(|path| {
            let value = custom.field(path)?;
            // What lies on a claim is called as its folder is, if that says anything.
            let is_bare_claim = model::claim_of(value)
                .is_some_and(|claim| model::key(value) == claim.to_lowercase());
            (!is_bare_claim).then(|| facts::of_object(kind, &custom.metadata, *path, value, None))
        });
        named.extend(fields);
    }
    named.extend(of_labels(kind, object.metadata()));
    named
}

fn of_labels(kind: &GroupKind, metadata: &Metadata) -> Vec<Evidence> {
    let labels = MODEL_LABELS.iter().filter_map(|key| {
        let value = metadata.labels.get(key).filter(|value| !value.is_empty())?;
        let field = format!("metadata.labels[{key}]");
        Some(facts::of_object(kind, metadata, field, value, None))
    });
    labels.collect()
}

/// Runs that are over: applications no more, but a model may have come of them.
fn over(ground: Ground<'_>, datasets: &Datasets<'_>, found: &mut Vec<Mention>) {
    let mut over: Vec<_> = ground
        .derived
        .jobs
        .iter()
        .filter(|job| job.state.is_over() && !job.is_lasting)
        .collect();
    over.sort_by_key(|job| std::cmp::Reverse(job.finished));
    let living: BTreeSet<(&GroupKind, &ObjectKey)> = ground
        .derived
        .applications
        .list
        .iter()
        .map(|application| (&application.kind, &application.key))
        .collect();
    let of_jobs = over
        .into_iter()
        .take(OVER)
        .filter(|job| !living.contains(&(&job.kind, &job.key)))
        .filter_map(|job| {
            let rule = ground.catalog.kind_rule(&job.kind);
            let purpose = rule
                .and_then(|rule| rule.application())
                .map_or(Purpose::Batch, |application| application.purpose);
            let stage = match purpose {
                Purpose::Data | Purpose::Pipeline => Stage::DataPreparation,
                Purpose::Serving => return None,
                _ => Stage::ModelDevelopment,
            };
            let object = ground.object(&job.kind, &job.key)?;
            let has_failed = job.state == JobState::Failed;
            let thing = StageThing {
                name: job.key.name.to_string(),
                severity: job.severity.into(),
                phase: if has_failed { "failed" } else { "succeeded" }.to_owned(),
                reason: job.reason.clone(),
                since: job.finished.map(|at| at.to_string()),
                figure: None,
                is_job: true,
                evidence: Ground::object_told(&job.kind, object),
            };
            let mention = Mention::new(stage, thing, of_object(&job.kind, object))?;
            let mention = Mention {
                is_over: true,
                has_failed,
                ..mention
            };
            Some((mention, datasets.of_object(&job.kind, object)))
        });
    for (mention, read) in of_jobs {
        found.extend(read_by(&mention, read));
        found.push(mention);
    }
}

fn of_cache(ground: Ground<'_>, row: StorageCacheRow) -> Option<Mention> {
    let kind = GroupKind::new(row.evidence.group.as_str(), row.evidence.kind.as_str());
    let key = ObjectKey::new(row.namespace.as_str(), row.name.as_str());
    let is_image = row.kind == "ImageVolume";
    let object = ground.object(&kind, &key).filter(|_| !is_image);
    let mut named = object.map_or_else(Vec::new, |object| of_object(&kind, object));
    if named.is_empty() {
        // A cache that says no more of its model is called after it; an image is its model.
        let value = if is_image {
            format!("oci://{}", row.source)
        } else {
            row.name.clone()
        };
        let field = if is_image {
            row.evidence.field.as_str()
        } else {
            "metadata.name"
        };
        named.push(Evidence {
            field: field.to_owned(),
            value,
            ..row.evidence.clone()
        });
    }
    let is_whole = row.share.is_none_or(|share| share >= 1.0);
    let fill = (!is_whole).then(|| row.fill.clone());
    let mention = Mention::new(Stage::ModelStorage, cached(row), named)?;
    Some(Mention { fill, ..mention })
}

/// The claims that addresses name, each with the line that does.
fn claims_named(ground: Ground<'_>) -> Vec<(ObjectKey, Evidence)> {
    let mut named = Vec::new();
    for application in &ground.derived.applications.list {
        let object = ground.object(&application.kind, &application.key);
        let Some(ObjectRef::Custom(custom)) = object else {
            continue;
        };
        for path in FIELDS {
            let value = custom.field(path).unwrap_or_default();
            if let Some(claim) = model::claim_of(value) {
                let key = ObjectKey::new(application.key.namespace.clone(), claim);
                let line = facts::of_object(&application.kind, &custom.metadata, path, value, None);
                named.push((key, line));
            }
        }
    }
    named
}

/// A claim that a label or an address says holds a model.
fn of_claim(
    plain: &Plain,
    claim: &VolumeClaim,
    named: &[(ObjectKey, Evidence)],
) -> Option<Mention> {
    let kind = GroupKind::new("", "PersistentVolumeClaim");
    let mut lines = of_labels(&kind, &plain.metadata);
    let by_address = named.iter().filter(|(key, _)| *key == plain.metadata.key);
    lines.extend(by_address.map(|(_, line)| line.clone()));
    let phase = claim.phase.as_str();
    let line = facts::of_object(&kind, &plain.metadata, "status.phase", phase, None);
    let mut thing = kept(&plain.metadata, line);
    thing.phase = phase.to_lowercase();
    if !claim.is_bound() {
        thing.severity = RowSeverity::Warning;
        let unbound = strata_api::phrases::PhraseCode::ModelClaimUnbound;
        let name = plain.metadata.key.name.as_str();
        thing.reason = Some(strata_api::phrases::Phrase::new(unbound).with("name", name));
    }
    Mention::new(Stage::ModelStorage, thing, lines)
}

/// Something that is kept, not run.
fn kept(metadata: &Metadata, evidence: Evidence) -> StageThing {
    StageThing {
        name: metadata.key.name.to_string(),
        severity: RowSeverity::Ok,
        phase: String::new(),
        reason: None,
        since: evidence.since.clone(),
        figure: None,
        is_job: false,
        evidence,
    }
}
