//! The map's capabilities, relations, needs, stages and checklists, held against their sources.

use strata_catalog::{Capability, Catalog, Level, Need, Persona, RequirementId, Stage};

fn catalog() -> Catalog {
    Catalog::load().unwrap_or_else(|error| panic!("{error}"))
}

/// The eleven nodes of figure 2 of the whitepaper, and governance of figure 4.
const CAPABILITIES: [(&str, &str); 12] = [
    ("General Orchestration", "通用编排"),
    ("Model Delivery (CI/CD)", "模型交付（CI/CD）"),
    ("Distributed Training", "分布式训练"),
    ("Model Serving", "模型服务"),
    ("Data Science", "数据科学"),
    ("AutoML", "自动机器学习"),
    ("Data Storage", "数据存储"),
    ("Vector Databases", "向量数据库"),
    ("Data Architecture", "数据架构"),
    ("Workloads Observability", "工作负载可观测性"),
    ("Model/LLM Observability", "模型/LLM 可观测性"),
    ("Governance & Policy", "治理与策略"),
];

/// The twelve arrows of figure 2, in its order.
const RELATIONS: [(&str, &str, &str, &str); 12] = [
    (
        "General Orchestration",
        "Automates",
        "自动化",
        "Model Delivery (CI/CD)",
    ),
    (
        "General Orchestration",
        "Enables",
        "支撑",
        "Distributed Training",
    ),
    (
        "General Orchestration",
        "Provides infra for",
        "提供基础设施",
        "Model Serving",
    ),
    (
        "General Orchestration",
        "Enables scalable",
        "支撑规模化",
        "Data Science",
    ),
    (
        "General Orchestration",
        "Facilitates",
        "促进",
        "Data Storage",
    ),
    (
        "General Orchestration",
        "Enhances",
        "增强",
        "Model/LLM Observability",
    ),
    (
        "General Orchestration",
        "Enables",
        "支撑",
        "Workloads Observability",
    ),
    ("Model Serving", "Deploys", "部署", "Data Science"),
    ("AutoML", "Automates", "自动化", "Data Science"),
    ("Vector Databases", "Implements", "实现", "Data Storage"),
    ("Data Architecture", "Affects", "影响", "Data Storage"),
    (
        "Model/LLM Observability",
        "Depends on",
        "依赖",
        "Workloads Observability",
    ),
];

#[test]
fn the_capabilities_and_relations_are_the_figures_own_in_both_languages() {
    let catalog = catalog();
    let names: Vec<_> = Capability::ALL
        .iter()
        .map(|capability| {
            let name = &catalog.capability(*capability).unwrap().name;
            (name.en.as_str(), name.zh.as_str())
        })
        .collect();
    assert_eq!(names, CAPABILITIES);
    let name = |capability| catalog.capability(capability).unwrap().name.en.as_str();
    let relations: Vec<_> = catalog
        .relations()
        .iter()
        .map(|relation| {
            let (en, zh) = (relation.does.en.as_str(), relation.does.zh.as_str());
            (name(relation.from), en, zh, name(relation.to))
        })
        .collect();
    assert_eq!(relations, RELATIONS);
}

#[test]
fn the_six_needs_are_said_for_generative_and_predictive_ai_in_both_languages() {
    let catalog = catalog();
    let needs: Vec<_> = catalog.map().needs.iter().map(|entry| entry.id).collect();
    assert_eq!(needs, Need::ALL);
    for need in &catalog.map().needs {
        for text in [&need.name, &need.generative, &need.predictive] {
            assert!(text.en.is_ascii() && !text.zh.is_ascii(), "{need:?}");
        }
    }
}

#[test]
fn every_stage_of_a_models_life_has_components_that_stand_at_it() {
    let catalog = catalog();
    let stages = &catalog.map().stages;
    assert_eq!(
        stages.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        Stage::ALL
    );
    for stage in stages {
        let here = catalog
            .components()
            .iter()
            .filter(|component| stage.categories.contains(&component.category));
        assert!(here.count() > 0, "{stage:?}");
    }
}

#[test]
fn each_of_the_five_roles_operates_a_layer() {
    let catalog = catalog();
    let roles: Vec<_> = catalog.map().roles.iter().map(|role| role.id).collect();
    assert_eq!(
        roles,
        [
            Persona::DataScientist,
            Persona::MlEngineer,
            Persona::PlatformEngineer,
            Persona::Sre,
            Persona::HardwareArchitect,
        ]
    );
    for role in roles {
        let operates = strata_domain::layer::Layer::TOP_DOWN
            .into_iter()
            .any(|layer| catalog.layer(layer).unwrap().personas.contains(&role));
        assert!(operates, "{role:?}");
    }
}

/// How many a checklist has that must and should be met, as its own overview counts them.
const COUNTS: [(&str, usize, usize); 5] = [
    ("1.33", 8, 1),
    ("1.34", 9, 0),
    ("1.35", 9, 3),
    ("1.36", 8, 6),
    ("1.37", 8, 7),
];

#[test]
fn each_checklist_has_as_many_requirements_as_its_overview_says() {
    let catalog = catalog();
    let counts: Vec<_> = catalog
        .conformance()
        .checklists
        .iter()
        .map(|list| (list.kubernetes.as_str(), list.must.len(), list.should.len()))
        .collect();
    assert_eq!(counts, COUNTS);
}

#[test]
fn a_cluster_is_held_against_the_checklist_of_its_version_or_the_newest_before() {
    let catalog = catalog();
    let of = |version| {
        let list = catalog.conformance().checklist(version);
        list.map(|list| list.kubernetes.as_str())
    };
    assert_eq!(of("v1.36.2"), Some("1.36"));
    assert_eq!(of("v1.34.1+k3s1"), Some("1.34"));
    assert_eq!(of("v1.37.0-beta.0"), Some("1.37"));
    assert_eq!(of("v1.41.0"), Some("1.37"));
    assert_eq!(of("v1.32.9"), None);
    assert_eq!(of("unknown"), None);
}

#[test]
fn dynamic_resource_allocation_was_asked_for_until_it_was_a_matter_of_course() {
    let catalog = catalog();
    let level = |version| {
        let list = catalog.conformance().checklist(version).unwrap();
        list.level(RequirementId::DraSupport)
    };
    assert_eq!(level("1.33"), Some(Level::Should));
    assert_eq!(level("1.34"), Some(Level::Must));
    assert_eq!(level("1.35"), Some(Level::Must));
    assert_eq!(level("1.36"), None);
}

#[test]
fn what_a_component_requires_is_in_the_catalogue_too() {
    let catalog = catalog();
    let requires = |id| catalog.component(id).unwrap().requires.as_slice();
    assert_eq!(requires("kserve"), ["cert-manager"]);
    assert_eq!(requires("kubeflow-trainer"), ["jobset"]);
    assert!(requires("kueue").is_empty());
}
