use strata_api::rows::lifecycle::LifecycleModelRow;
use strata_domain::{
    condition::Status,
    job::{JobObject, JobState},
    object::Object,
    plain::PlainKind,
    storage::VolumeClaim,
    text::Text,
};
use strata_test_support::{
    clock::time,
    objects::{CustomBuilder, custom, job, node, plain, pod},
};

use super::survey;
use crate::derive::survey::models::models;

const FULL: &str = "hf://meta-llama/Llama-3.3-70B-Instruct";

fn seen(objects: impl IntoIterator<Item = Object>) -> Vec<LifecycleModelRow> {
    survey(objects, &[], models)
}

fn service(name: &str, uri: &str) -> Object {
    custom("serving.kserve.io", "InferenceService", "llm", name)
        .label("model", "llama-3.3-70b")
        .field("spec.predictor.model.storageUri", uri)
        .condition("Ready", Status::True, "", "")
        .object()
}

/// A run that ended three hours before the tests look.
fn trained(model: &str, state: JobState) -> Object {
    let has_failed = u32::from(state == JobState::Failed);
    let said = JobObject {
        finished: Some(time("2026-03-01T09:00:00Z")),
        ..JobObject::of(state, "")
    };
    job("ml", &format!("{model}-run"))
        .label("model", model)
        .ended(1 - has_failed, has_failed)
        .says(said)
        .object()
}

fn cache(available: &str) -> Object {
    custom("serving.kserve.io", "LocalModelCache", "", "cache")
        .field("spec.sourceModelUri", FULL)
        .field("status.copies.available", available)
        .field("status.copies.total", "10")
        .object()
}

fn stuck(row: &LifecycleModelRow) -> Option<(&str, String)> {
    let stuck = row.stuck.as_ref()?;
    Some((stuck.stage.as_str(), stuck.reason.english()))
}

#[test]
fn a_model_is_followed_from_its_training_to_its_cache_and_its_service() {
    let rows = seen([
        node("a").object(),
        trained("llama-3.3-70b", JobState::Succeeded),
        cache("10"),
        service("chat", FULL),
    ]);
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let row = &rows[0];
    let stages: Vec<&str> = row
        .stations
        .iter()
        .map(|station| station.stage.as_str())
        .collect();
    assert_eq!(
        stages,
        ["model_development", "model_storage", "model_serving"]
    );
    assert_eq!(row.stuck, None);
    let links: Vec<&str> = row
        .stations
        .iter()
        .map(|station| station.link.field.as_str())
        .collect();
    assert_eq!(
        links,
        [
            "metadata.labels[model]",
            "spec.sourceModelUri",
            "spec.predictor.model.storageUri"
        ]
    );
}

/// A run of `model` that mounts `claims` as far as its own object says.
fn train_job(model: &str, claims: &[&str]) -> CustomBuilder {
    let said = JobObject {
        volume_claims: claims.iter().copied().map(Text::from).collect(),
        ..JobObject::of(JobState::Starting, "")
    };
    custom("trainer.kubeflow.org", "TrainJob", "ml", "ft")
        .label("model", model)
        .job(said)
}

fn dataset(name: &str, source: &str) -> Object {
    custom("data.fluid.io", "Dataset", "ml", name)
        .field("spec.mounts.0.mountPoint", source)
        .field("status.cacheStates.cachedPercentage", "78.0%")
        .object()
}

/// Name, fill and link of the data that the only model is made of.
fn data(rows: &[LifecycleModelRow]) -> Vec<(&str, &str, &str, &str)> {
    let stations = rows[0].stations.iter();
    stations
        .filter(|station| station.stage == "data_preparation")
        .map(|station| {
            let thing = &station.thing;
            let link = &station.link;
            (
                thing.name.as_str(),
                thing.phase.as_str(),
                link.kind.as_str(),
                link.field.as_str(),
            )
        })
        .collect()
}

#[test]
fn the_data_set_that_a_run_mounts_is_the_beginning_of_its_models_way() {
    let claim = "volumes[].persistentVolumeClaim.claimName";
    let told = seen([
        node("a").object(),
        dataset("corpus", "s3://corpus"),
        train_job("llama", &["corpus", "checkpoints"]).object(),
    ]);
    assert_eq!(data(&told), [("corpus", "78.0%", "TrainJob", claim)]);

    // Where the runtime mounts it, its pods alone tell.
    let run = train_job("llama", &[]).object();
    let by_pod = seen([
        node("a").object(),
        dataset("corpus", "s3://corpus"),
        pod("ml", "ft-0")
            .owned_by(&run)
            .on("a")
            .mounts("corpus")
            .object(),
        run,
    ]);
    assert_eq!(data(&by_pod), [("corpus", "78.0%", "Pod", claim)]);
}

#[test]
fn data_that_is_fetched_is_the_cache_of_its_address_or_the_address_itself() {
    let field = "spec.initializer.dataset.storageUri";
    let rows = |uri: &str| {
        seen([
            node("a").object(),
            dataset("corpus", "s3://corpus/"),
            train_job("llama", &[]).field(field, uri).object(),
        ])
    };
    let cached = [("corpus", "78.0%", "TrainJob", field)];
    assert_eq!(data(&rows("s3://corpus/2026")), cached);
    assert_eq!(data(&rows("pvc://corpus/2026")), cached);
    let outside = "hf://tatsu-lab/alpaca";
    assert_eq!(data(&rows(outside)), [(outside, "", "TrainJob", field)]);
}

#[test]
fn labels_name_a_data_set_as_well() {
    let rows = |label: &str, value: &str| {
        seen([
            node("a").object(),
            dataset("corpus", "s3://corpus"),
            train_job("llama", &[]).label(label, value).object(),
        ])
    };
    let by_name = rows("dataset", "corpus");
    let known = [("corpus", "78.0%", "TrainJob", "metadata.labels[dataset]")];
    assert_eq!(data(&by_name), known);
    let beside = rows("fluid.io/dataset.corpus.sched", "required");
    let link = "metadata.labels[fluid.io/dataset.corpus.sched]";
    assert_eq!(data(&beside), [("corpus", "78.0%", "TrainJob", link)]);
}

#[test]
fn names_that_nothing_joins_are_two_models() {
    let rows = seen([
        node("a").object(),
        trained("llama-3.3-70b", JobState::Succeeded),
        cache("10"),
    ]);
    let models: Vec<&str> = rows.iter().map(|row| row.model.as_str()).collect();
    assert_eq!(models, ["llama-3.3-70b", "llama-3.3-70b-instruct"]);
}

#[test]
fn a_model_that_was_trained_and_that_nobody_serves_is_stuck_after_its_training() {
    let rows = seen([node("a").object(), trained("demand", JobState::Succeeded)]);
    assert_eq!(
        stuck(&rows[0]),
        Some((
            "model_development",
            "Trained 3 h ago, but nothing serves it".to_owned()
        ))
    );
    let rows = seen([node("a").object(), trained("demand", JobState::Failed)]);
    let reason = stuck(&rows[0]).map(|(_, reason)| reason);
    assert_eq!(reason.as_deref(), Some("Its training failed 3 h ago"));
}

#[test]
fn a_cache_that_has_not_all_of_a_model_holds_it_up() {
    let rows = seen([node("a").object(), cache("8"), service("chat", FULL)]);
    assert_eq!(
        stuck(&rows[0]),
        Some(("model_storage", "cache has it 8/10".to_owned()))
    );
}

#[test]
fn a_claim_holds_a_model_by_its_label_or_by_an_address_that_names_it() {
    let claim = |name: &str| {
        let kept = VolumeClaim {
            phase: Text::from("Bound"),
            ..VolumeClaim::default()
        };
        plain(PlainKind::VolumeClaim(kept), name).namespaced("llm")
    };
    let rows = seen([
        node("a").object(),
        claim("weights").label("model", "bge-m3").object(),
        claim("store").object(),
        service("chat", "pvc://store/llama-3.3-70b"),
    ]);
    let of = |model: &str| rows.iter().find(|row| row.model == model).unwrap();
    assert_eq!(
        stuck(of("bge-m3")),
        Some(("model_storage", "Stored, but nothing serves it".to_owned()))
    );
    let kept: Vec<&str> = of("llama-3.3-70b")
        .stations
        .iter()
        .map(|station| station.thing.name.as_str())
        .collect();
    assert_eq!(kept, ["store", "chat"]);
}
