//! What an application's tile says under its name: the model it runs, else the engine, else its
//! kind.

use strata_catalog::{Component, version_of_image};
use strata_domain::{metadata::Labels, pod::Pod, text::Text, workload::Workload};

/// Labels that name the model an engine serves (vLLM's production stack, AIBrix, llm-d).
pub(in crate::derive) const MODEL_LABELS: [&str; 4] = [
    "model",
    "model.aibrix.ai/name",
    "llm-d.ai/model",
    "ai.sglang/model",
];

/// Labels that name the release that a chart was installed as.
const RELEASE_LABELS: [&str; 2] = ["app.kubernetes.io/instance", "release"];

/// What is known for the line under the name.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
    pub(super) model: Option<&'a str>,
    pub(super) labels: Option<&'a Labels>,
    pub(super) component: Option<&'a Component>,
    pub(super) workloads: &'a [&'a Workload],
    pub(super) pod: Option<&'a Pod>,
}

/// The release that `labels` name.
pub(super) fn release(labels: &Labels) -> Option<&str> {
    RELEASE_LABELS
        .iter()
        .find_map(|key| labels.get(key))
        .filter(|name| !name.is_empty())
}

/// The model that `labels` name.
pub(super) fn model_label(labels: &Labels) -> Option<&str> {
    MODEL_LABELS
        .iter()
        .find_map(|key| labels.get(key))
        .filter(|name| !name.is_empty())
}

/// The line under the name.
pub(super) fn version(named: &Named<'_>) -> String {
    let pod_labels = named.pod.map(|pod| &pod.metadata.labels);
    let labelled = || {
        named
            .labels
            .and_then(model_label)
            .or_else(|| model_label(pod_labels?))
    };
    // A label names the model itself; the object often only its format or runtime.
    if let Some(model) = labelled().or(named.model) {
        return model.to_owned();
    }
    let Some(component) = named.component else {
        return named.kind.to_owned();
    };
    let version = engine_version(named, component);
    // An application that is called as its engine need not repeat that.
    let is_namesake = plain(named.name).contains(&plain(&component.id))
        || plain(named.name).contains(&plain(&component.name));
    match (is_namesake, version.is_empty()) {
        (true, false) => version,
        (_, true) => component.name.to_string(),
        (false, false) => format!("{} {version}", component.name),
    }
}

fn engine_version(named: &Named<'_>, component: &Component) -> String {
    let of_workload = named.workloads.iter().find_map(|workload| {
        component.version_of_workload(&workload.metadata.labels, &workload.images)
    });
    let images: Vec<Text> = named
        .pod
        .into_iter()
        .flat_map(|pod| &pod.containers)
        .map(|container| container.image.clone())
        .collect();
    let no_labels = Labels::default();
    let labels = named.pod.map_or(&no_labels, |pod| &pod.metadata.labels);
    let version = of_workload
        .or_else(|| component.version_of_workload(labels, &images))
        .or_else(|| images.first().and_then(|image| version_of_image(image)))
        .unwrap_or_default();
    match version.strip_prefix('v') {
        Some(number) if number.starts_with(|first: char| first.is_ascii_digit()) => {
            number.to_owned()
        }
        _ => version.to_owned(),
    }
}

/// Letters and digits in lower case: `Open WebUI` and `open-webui` are the same.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
