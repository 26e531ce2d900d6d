//! The tiles of the five layers, in their order: applications by what they are, components as the
//! catalogue has them, the base by model. No tile moves for its health.

use std::collections::BTreeSet;

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        Ready,
        stack::{Profile, TileRow},
    },
};
use strata_catalog::Catalog;
use strata_domain::{layer::Layer, severity::Severity, subject::Subject};

use super::{COMPONENT_LAYERS, is_wanted};
use crate::{
    derive::{
        Derived,
        applications::Application,
        components::{ComponentState, Versions},
        hardware::HardwareModel,
    },
    fleet::cluster::Cluster,
};

/// Every tile, layer by layer from top to bottom.
pub(super) fn tiles(
    cluster: &Cluster,
    derived: &Derived,
    catalog: &Catalog,
    namespaces: &BTreeSet<&str>,
) -> Vec<TileRow> {
    let mut tiles: Vec<TileRow> = derived
        .applications
        .list
        .iter()
        .filter(|application| is_wanted(namespaces, Some(&application.key.namespace)))
        .map(|each| application(each, catalog))
        .collect();
    for layer in COMPONENT_LAYERS {
        tiles.extend(components(derived, catalog, layer));
        if layer == Layer::Infrastructure {
            tiles.extend(system(cluster, derived));
        }
    }
    tiles.extend(
        derived
            .hardware
            .iter()
            .map(|each| model(each, derived.are_pods_known)),
    );
    tiles.extend(components(derived, catalog, Layer::Hardware));
    tiles
}

fn application(application: &Application, catalog: &Catalog) -> TileRow {
    let engine = application
        .engine
        .and_then(|position| catalog.components().get(position));
    let figure = if application.gpus > 0 {
        Some(Phrase::new(PhraseCode::GpuCount).with("count", application.gpus))
    } else if application.pods.is_empty() {
        None
    } else {
        Some(Phrase::new(PhraseCode::PodCount).with("count", application.pods.len()))
    };
    TileRow {
        layer: Layer::Workloads.into(),
        subject: application.subject.clone(),
        name: application.name.to_string(),
        is_object: true,
        severity: application.severity.into(),
        reason: application.reason.clone(),
        version: application.version.clone(),
        ready: application.ready,
        figure,
        category: engine
            .map(|engine| engine.category.to_string())
            .unwrap_or_default(),
        profile: match application.profile {
            Some(strata_catalog::Profile::Generative) => Profile::Generative,
            Some(strata_catalog::Profile::Predictive) => Profile::Predictive,
            Some(strata_catalog::Profile::Both) | None => Profile::None,
        },
        home: String::new(),
        namespaces: vec![application.key.namespace.to_string()],
    }
}

fn components<'a>(
    derived: &'a Derived,
    catalog: &'a Catalog,
    layer: Layer,
) -> impl Iterator<Item = TileRow> + 'a {
    let of_layer = derived
        .components
        .states
        .iter()
        .filter(move |state| state.layer == layer);
    of_layer.filter_map(|state| component(state, catalog))
}

fn component(state: &ComponentState, catalog: &Catalog) -> Option<TileRow> {
    let component = catalog.components().get(state.position)?;
    let said = state.fault.as_ref().filter(|fault| !fault.word.is_empty());
    Some(TileRow {
        layer: state.layer.into(),
        subject: Subject::Component(state.id.clone()),
        name: component.name.to_string(),
        is_object: false,
        severity: state.severity.into(),
        reason: state.fault.as_ref().map(|fault| fault.reason.clone()),
        version: state.versions.commonest().to_owned(),
        ready: state.ready,
        // What the component says of itself outranks what it counts.
        figure: said
            .map(|fault| Phrase::new(PhraseCode::Word).with("word", fault.word.as_str()))
            .or_else(|| state.figure.clone()),
        category: component.category.to_string(),
        profile: Profile::None,
        home: component.home.to_string(),
        namespaces: state.namespaces.iter().map(ToString::to_string).collect(),
    })
}

/// The operating system that most machines run, and how many of them run which.
pub(in crate::project) fn operating_system(cluster: &Cluster) -> Option<(String, Versions)> {
    let mut names = Versions::default();
    for node in cluster.nodes() {
        names.add(&node.software.os_image);
    }
    let name = names.commonest().to_owned();
    (!name.is_empty()).then_some((name, names))
}

/// What the machines run below Kubernetes, which is no component of the catalogue.
fn system(cluster: &Cluster, derived: &Derived) -> Option<TileRow> {
    let (name, names) = operating_system(cluster)?;
    let mut kernels = Versions::default();
    for node in cluster.nodes() {
        kernels.add(&node.software.kernel);
    }
    let ready = derived.nodes.values().filter(|node| node.is_ready).count();
    let figure = match names.distinct() {
        1 => Phrase::new(PhraseCode::KernelCount).with("count", kernels.distinct()),
        systems => Phrase::new(PhraseCode::SystemCount).with("count", systems),
    };
    Some(TileRow {
        layer: Layer::Infrastructure.into(),
        subject: Subject::Component(OPERATING_SYSTEM.into()),
        name,
        is_object: false,
        severity: Severity::Ok.into(),
        reason: None,
        version: kernels.commonest().to_owned(),
        ready: Some(Ready {
            ready: count(ready),
            desired: count(derived.nodes.len()),
        }),
        figure: Some(figure),
        category: OPERATING_SYSTEM.replace('-', "_"),
        profile: Profile::None,
        home: String::new(),
        namespaces: Vec::new(),
    })
}

/// The subject under which the machines' operating system is known.
pub(in crate::project) const OPERATING_SYSTEM: &str = "operating-system";

fn model(model: &HardwareModel, are_pods_known: bool) -> TileRow {
    let figure = model.maker.as_ref().filter(|_| are_pods_known).map(|_| {
        Phrase::new(PhraseCode::AllocatedOf)
            .with("allocated", model.allocated)
            .with("total", model.total)
    });
    TileRow {
        layer: Layer::Hardware.into(),
        subject: Subject::Accelerator(model.name.clone()),
        name: model.name.to_string(),
        is_object: false,
        severity: model.severity.into(),
        reason: model.reason.clone(),
        version: model.shape.clone(),
        ready: Some(Ready {
            ready: model.usable,
            desired: model.total,
        }),
        figure,
        category: if model.maker.is_some() {
            "accelerator"
        } else {
            "processor"
        }
        .to_owned(),
        profile: Profile::None,
        home: String::new(),
        namespaces: Vec::new(),
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
