//! Components that are not well, and machines of one model that differ where they should not.

use std::collections::BTreeMap;

use strata_api::phrases::{Phrase, PhraseCode};
use strata_catalog::{Catalog, Component};
use strata_domain::{layer::Layer, severity::Severity, subject::Subject, text::Text};

use super::{Attention, kubectl_describe, remedy, resource};
use crate::{
    derive::{
        Derived,
        components::{ComponentFault, ComponentState, Versions, counted_versions},
    },
    fleet::cluster::Cluster,
};

/// The label in which NVIDIA's feature discovery writes the driver's version.
const DRIVER_LABELS: [&str; 2] = [
    "nvidia.com/cuda.driver-version.full",
    "amd.com/gpu.driver-version",
];

/// The lines about components.
pub(super) fn lines(derived: &Derived, cluster: &Cluster, catalog: &Catalog) -> Vec<Attention> {
    let drivers = drivers(derived, cluster);
    let has_driver_line = !drivers.is_empty();
    let unwell = derived.components.states.iter().filter_map(|state| {
        let component = catalog.components().get(state.position)?;
        let fault = state.fault.as_ref()?;
        // The driver's own notice is the line on drivers, said once.
        let is_said =
            has_driver_line && component.category == "driver" && state.severity == Severity::Notice;
        (state.severity >= Severity::Notice && !fault.is_by_nodes && !is_said)
            .then(|| line(component, state, fault))
    });
    unwell.chain(drivers).collect()
}

fn line(component: &Component, state: &ComponentState, fault: &ComponentFault) -> Attention {
    let title = match state.ready {
        _ if !fault.word.is_empty() => Phrase::new(PhraseCode::ComponentSaysTitle)
            .with("name", component.name.as_str())
            .with("word", fault.word.as_str()),
        Some(ready) if ready.ready < ready.desired => Phrase::new(PhraseCode::ComponentShortTitle)
            .with("name", component.name.as_str())
            .with("ready", ready.ready)
            .with("desired", ready.desired),
        _ => Phrase::new(PhraseCode::ComponentUnwell).with("name", component.name.as_str()),
    };
    let shown = fault.object.as_ref().map(|(kind, key)| {
        let command = kubectl_describe(&resource(kind), Some(&key.namespace), &key.name);
        let object = format!("{} {}", kind.kind, key.name);
        (
            Phrase::new(PhraseCode::ActObject).with("object", object),
            command,
        )
    });
    let (action, command) = fault
        .pod
        .as_ref()
        .map(remedy)
        .or(shown)
        .unwrap_or_else(|| (Phrase::new(PhraseCode::ActComponent), String::new()));
    let missing = state
        .ready
        .map_or(0, |ready| ready.desired.saturating_sub(ready.ready));
    Attention {
        id: format!("component/{}", state.id),
        severity: state.severity,
        title,
        reason: fault.reason.clone(),
        action,
        command,
        layer: state.layer,
        subject: Subject::Component(state.id.clone()),
        since: fault.since,
        breadth: u64::from(missing),
        namespace: None,
    }
}

/// Models whose nodes run different drivers.
fn drivers(derived: &Derived, cluster: &Cluster) -> Vec<Attention> {
    let mut models: BTreeMap<&Text, Versions> = BTreeMap::new();
    for (name, known) in derived.accelerators.nodes() {
        let Some(node) = cluster.node(name) else {
            continue;
        };
        let labels = &node.metadata.labels;
        if let Some(version) = DRIVER_LABELS.iter().find_map(|key| labels.get(key)) {
            models.entry(&known.model).or_default().add(version);
        }
    }
    models
        .into_iter()
        .filter(|(_, versions)| versions.distinct() > 1)
        .map(|(model, versions)| {
            let lesser: u32 = versions
                .by_count()
                .iter()
                .skip(1)
                .map(|(_, count)| count)
                .sum();
            Attention {
                id: format!("drivers/{model}"),
                severity: Severity::Notice,
                title: Phrase::new(PhraseCode::DriversDiffer)
                    .with("count", versions.distinct())
                    .with("model", model.as_str()),
                reason: Phrase::new(PhraseCode::VersionsByNodes)
                    .with("versions", counted_versions(&versions)),
                action: Phrase::new(PhraseCode::ActUpgrade),
                command: "kubectl get nodes -L nvidia.com/cuda.driver-version.full".to_owned(),
                layer: Layer::Infrastructure,
                subject: Subject::Accelerator(model.clone()),
                since: None,
                breadth: u64::from(lesser),
                namespace: None,
            }
        })
        .collect()
}
