//! The catalogue as it is shipped: whole, in order, and said in both languages.

use std::collections::HashSet;

use strata_catalog::{Capability, Catalog, Role};
use strata_domain::layer::Layer;

fn catalog() -> Catalog {
    Catalog::load().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_layer_has_its_components() {
    let catalog = catalog();
    assert!(catalog.components().len() >= 90);
    for layer in Layer::TOP_DOWN {
        let entry = catalog.layer(layer).unwrap();
        assert!(!entry.personas.is_empty(), "{layer:?}");
        let here = catalog
            .components()
            .iter()
            .filter(|component| component.layer == layer);
        assert!(here.count() >= 15, "{layer:?}");
    }
}

#[test]
fn components_stand_layer_by_layer_from_top_to_bottom() {
    let catalog = catalog();
    let mut layers: Vec<_> = catalog
        .components()
        .iter()
        .map(|component| component.layer)
        .collect();
    layers.dedup();
    assert_eq!(layers, Layer::TOP_DOWN);
    for (position, component) in catalog.components().iter().enumerate() {
        assert_eq!(catalog.position(&component.id), Some(position));
    }
}

#[test]
fn every_capability_is_served_and_every_relation_joins_two() {
    let catalog = catalog();
    for capability in Capability::ALL {
        let is_served = catalog
            .components()
            .iter()
            .any(|entry| entry.capability == capability);
        assert!(is_served, "{capability:?}");
        assert!(catalog.capability(capability).is_some(), "{capability:?}");
    }
    // Figure 2 of the whitepaper has twelve arrows.
    assert_eq!(catalog.relations().len(), 12);
    for relation in catalog.relations() {
        assert_ne!(relation.from, relation.to);
        assert_ne!(relation.to, Capability::GovernancePolicy);
    }
}

#[test]
fn engines_say_what_kind_of_ai_they_serve() {
    for component in catalog().components() {
        if ["serving_engine", "vector_database", "chat_app"].contains(&component.category.as_str())
        {
            assert!(component.profile.is_some(), "{}", component.id);
        }
    }
}

#[test]
fn each_kind_is_watched_once_with_all_that_its_rules_read() {
    let catalog = catalog();
    let mut seen = HashSet::new();
    for rule in catalog.watch_kinds() {
        assert!(seen.insert(&rule.kind), "{}", rule.kind);
        assert!(rule.fields.is_sorted(), "{}", rule.kind);
        let mut paths: Vec<_> = rule
            .health
            .iter()
            .filter_map(|verdict| verdict.test.path())
            .collect();
        if let Role::Application(application) = &rule.role {
            paths.extend(
                application
                    .phases
                    .iter()
                    .filter_map(|verdict| verdict.test.path()),
            );
            paths.extend(
                [&application.ready, &application.desired]
                    .into_iter()
                    .flatten(),
            );
        }
        for path in paths {
            assert!(rule.fields.contains(path), "{}: {path}", rule.kind);
        }
    }
}

#[test]
fn queues_say_where_they_lead() {
    let catalog = catalog();
    let roles: Vec<_> = catalog
        .watch_kinds()
        .iter()
        .filter_map(|rule| match rule.role {
            Role::Queue(_) => Some(("queue", rule.kind.to_string())),
            Role::LocalQueue { .. } => Some(("local queue", rule.kind.to_string())),
            Role::Admission(_) => Some(("admission", rule.kind.to_string())),
            _ => None,
        })
        .collect();
    let of = |role: &str| {
        let kinds = roles.iter().filter(|(known, _)| *known == role);
        kinds.map(|(_, kind)| kind.as_str()).collect::<HashSet<_>>()
    };
    assert_eq!(
        of("queue"),
        HashSet::from([
            "ClusterQueue.kueue.x-k8s.io",
            "Queue.scheduling.volcano.sh",
            "Queue.scheduling.run.ai"
        ])
    );
    assert_eq!(
        of("local queue"),
        HashSet::from(["LocalQueue.kueue.x-k8s.io"])
    );
    assert_eq!(
        of("admission"),
        HashSet::from([
            "Workload.kueue.x-k8s.io",
            "PodGroup.scheduling.volcano.sh",
            "PodGroup.scheduling.run.ai",
        ])
    );
}
