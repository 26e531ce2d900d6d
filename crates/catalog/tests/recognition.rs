//! Every sign of every component, tried on objects as the projects ship them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's helpers fail as its body does"
)]

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_catalog::{Catalog, Component};
use strata_domain::{metadata::Labels, text::Text};

/// What of a component is found in a cluster.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Shipped {
    workloads: Vec<ShippedWorkload>,
    images: Vec<Text>,
    node_labels: Vec<Text>,
    resources: Vec<Text>,
    dra_drivers: Vec<Text>,
    csi_drivers: Vec<Text>,
    provisioners: Vec<Text>,
    runtime_classes: Vec<Text>,
    api_services: Vec<Text>,
    container_runtimes: Vec<Text>,
    providers: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedWorkload {
    namespace: String,
    name: String,
    labels: BTreeMap<Text, Text>,
    images: Vec<Text>,
    /// The version that its image or its labels tell, where the case says.
    version: Option<String>,
}

impl ShippedWorkload {
    fn labels(&self) -> Labels {
        self.labels
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

fn catalog() -> Catalog {
    Catalog::load().unwrap_or_else(|error| panic!("{error}"))
}

fn shipped() -> BTreeMap<String, Shipped> {
    let files = [
        include_str!("fixtures/hardware.toml"),
        include_str!("fixtures/infrastructure.toml"),
        include_str!("fixtures/platform.toml"),
        include_str!("fixtures/lifecycle.toml"),
        include_str!("fixtures/workloads.toml"),
    ];
    let mut all = BTreeMap::new();
    for file in files {
        let tables: BTreeMap<String, Shipped> = toml::from_str(file).unwrap();
        all.extend(tables);
    }
    all
}

fn id(component: Option<&Component>) -> Option<&str> {
    component.map(|component| component.id.as_str())
}

fn pair(label: &str) -> (&str, &str) {
    label.split_once('=').expect("a label is key=value")
}

#[test]
fn every_component_has_objects_to_be_tried_on() {
    let shipped = shipped();
    let catalog = catalog();
    for component in catalog.components() {
        assert!(
            shipped.contains_key(component.id.as_str()),
            "{} has no case",
            component.id
        );
    }
    for name in shipped.keys() {
        assert!(catalog.component(name).is_some(), "{name} is no component");
    }
}

#[test]
fn every_workload_is_recognised() {
    let catalog = catalog();
    for (expected, objects) in shipped() {
        for workload in &objects.workloads {
            let found = catalog.recognise_workload(
                &workload.namespace,
                &workload.name,
                &workload.labels(),
                &workload.images,
            );
            assert_eq!(id(found), Some(expected.as_str()), "{workload:?}");
        }
    }
}

#[test]
fn every_workload_tells_its_version() {
    let catalog = catalog();
    for (expected, objects) in shipped() {
        for workload in objects
            .workloads
            .iter()
            .filter(|workload| workload.version.is_some())
        {
            let component = catalog.component(&expected).unwrap();
            let labels = workload.labels();
            let version = component.version_of_workload(&labels, &workload.images);
            assert_eq!(version, workload.version.as_deref(), "{workload:?}");
        }
    }
}

#[test]
fn everything_else_is_recognised() {
    let catalog = catalog();
    for (expected, objects) in shipped() {
        let expect = |found: Option<&Component>, thing: &str| {
            assert_eq!(id(found), Some(expected.as_str()), "{thing}");
        };
        for image in &objects.images {
            expect(catalog.recognise_image(image), image);
            // A pod without a controller is known by its image too.
            let images = std::slice::from_ref(image);
            expect(
                catalog.recognise_workload("any", "any", &Labels::default(), images),
                image,
            );
        }
        for label in &objects.node_labels {
            let (key, value) = pair(label);
            expect(catalog.recognise_node_label(key, value), label);
        }
        for name in &objects.resources {
            expect(catalog.recognise_resource(name), name);
        }
        for name in &objects.dra_drivers {
            expect(catalog.recognise_dra_driver(name), name);
        }
        for name in &objects.csi_drivers {
            expect(catalog.recognise_csi_driver(name), name);
            expect(catalog.recognise_provisioner(name), name);
        }
        for name in &objects.provisioners {
            expect(catalog.recognise_provisioner(name), name);
        }
        for handler in &objects.runtime_classes {
            expect(catalog.recognise_runtime_class(handler), handler);
        }
        for name in &objects.api_services {
            expect(catalog.recognise_api_service(name), name);
        }
        for runtime in &objects.container_runtimes {
            expect(catalog.recognise_container_runtime(runtime), runtime);
        }
        for provider in &objects.providers {
            expect(catalog.recognise_provider(provider), provider);
        }
    }
}

#[test]
fn every_kind_leads_to_the_component_that_claims_it() {
    let catalog = catalog();
    for component in catalog.components() {
        for kind in &component.signs.kinds {
            assert_eq!(
                id(catalog.recognise_kind(kind)),
                Some(component.id.as_str()),
                "{kind}"
            );
        }
        for rule in &component.kinds {
            let version = rule.versions.first().map_or("v1", Text::as_str);
            let found = catalog.recognise_kind_version(&rule.kind, version);
            assert_eq!(
                id(found),
                Some(component.id.as_str()),
                "{} {version}",
                rule.kind
            );
        }
    }
}

/// Whether `sign` fits `value`, worked out without the catalogue's index.
fn fits(sign: &str, value: &str) -> bool {
    match (sign.strip_suffix('*'), sign.strip_prefix('*')) {
        (Some(start), _) => value.starts_with(start),
        (_, Some(end)) => value.ends_with(end),
        _ => sign == value,
    }
}

fn fits_label(sign: &str, key: &str, value: &str) -> bool {
    match sign.split_once('=') {
        Some((wanted, pattern)) => wanted == key && fits(pattern, value),
        None => fits(sign, key),
    }
}

fn fits_image(sign: &str, image: &str) -> bool {
    let named = image.split('@').next().unwrap_or_default();
    let slash = named.rfind('/').unwrap_or(0);
    let end = named[slash..]
        .find(':')
        .map_or(named.len(), |colon| slash + colon);
    let given: Vec<&str> = named[..end].rsplit('/').collect();
    let wanted: Vec<&str> = sign.rsplit('/').collect();
    given.len() >= wanted.len()
        && wanted
            .iter()
            .zip(&given)
            .all(|(sign, part)| fits(sign, part))
}

#[test]
fn every_sign_is_tried() {
    let all = shipped();
    let mut untried = Vec::new();
    for component in catalog().components() {
        let Some(objects) = all.get(component.id.as_str()) else {
            continue;
        };
        let signs = &component.signs;
        let mut try_all = |list: &str, signs: &[Text], is_tried: &dyn Fn(&str) -> bool| {
            for sign in signs.iter().filter(|sign| !is_tried(sign)) {
                untried.push(format!("{}: {list}: {sign}", component.id));
            }
        };
        try_all("workloads", &signs.workloads, &|sign| {
            objects
                .workloads
                .iter()
                .any(|workload| match sign.split_once('/') {
                    Some((namespace, name)) => {
                        namespace == workload.namespace && fits(name, &workload.name)
                    }
                    None => fits(sign, &workload.name),
                })
        });
        try_all("labels", &signs.labels, &|sign| {
            let mut labels = objects
                .workloads
                .iter()
                .flat_map(|workload| &workload.labels);
            labels.any(|(key, value)| fits_label(sign, key, value))
        });
        try_all("images", &signs.images, &|sign| {
            let of_workloads = objects
                .workloads
                .iter()
                .flat_map(|workload| &workload.images);
            objects
                .images
                .iter()
                .chain(of_workloads)
                .any(|image| fits_image(sign, image))
        });
        try_all("node labels", &signs.node_labels, &|sign| {
            let mut labels = objects.node_labels.iter().map(|label| pair(label));
            labels.any(|(key, value)| fits_label(sign, key, value))
        });
        for (list, signs, values) in [
            ("resources", &signs.resources, &objects.resources),
            ("DRA drivers", &signs.dra_drivers, &objects.dra_drivers),
            ("CSI drivers", &signs.csi_drivers, &objects.csi_drivers),
            ("provisioners", &signs.provisioners, &objects.provisioners),
            (
                "runtime classes",
                &signs.runtime_classes,
                &objects.runtime_classes,
            ),
            ("API services", &signs.api_services, &objects.api_services),
        ] {
            try_all(list, signs, &|sign| {
                values.iter().any(|value| fits(sign, value))
            });
        }
        for (list, signs, values) in [
            (
                "container runtimes",
                &signs.container_runtimes,
                &objects.container_runtimes,
            ),
            ("providers", &signs.providers, &objects.providers),
        ] {
            let scheme = |value: &Text| value.split("://").next().unwrap_or_default().to_owned();
            try_all(list, signs, &|sign| {
                values.iter().any(|value| fits(sign, &scheme(value)))
            });
        }
    }
    assert!(
        untried.is_empty(),
        "signs without an object:\n{}",
        untried.join("\n")
    );
}
