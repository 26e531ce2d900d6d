//! How states of custom objects are read: phases, health, counts, replicas, models.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's helpers fail as its body does"
)]

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_catalog::{Catalog, KindRule, Phase, Profile, Role};
use strata_domain::{
    condition::{Condition, Status},
    custom::Custom,
    ids::GroupKind,
    metadata::Metadata,
    severity::Severity,
    text::Text,
};

/// What a controller wrote, and how it is to be read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    #[serde(default)]
    fields: BTreeMap<Text, Text>,
    #[serde(default)]
    conditions: Vec<String>,
    phase: Option<Phase>,
    severity: Option<Severity>,
    counted: Option<bool>,
    ready: Option<u64>,
    desired: Option<u64>,
    model: Option<String>,
    profile: Option<Profile>,
}

impl State {
    fn object(&self, rule: &KindRule) -> Custom {
        let fields: Vec<_> = self.fields.clone().into_iter().collect();
        for (path, _) in &fields {
            assert!(
                rule.fields.contains(path),
                "the watch drops `{path}` of {}",
                rule.kind
            );
        }
        Custom {
            kind: rule.kind.clone(),
            conditions: self.conditions.iter().map(|text| condition(text)).collect(),
            fields: fields.into(),
            ..Custom::default()
        }
    }
}

/// Reads `Type=Status[:Reason]`.
fn condition(text: &str) -> Condition {
    let (kind, rest) = text
        .split_once('=')
        .expect("a condition is Type=Status[:Reason]");
    let (status, reason) = rest.split_once(':').unwrap_or((rest, ""));
    Condition {
        kind: Text::from(kind),
        status: Status::parse(status),
        reason: Text::from(reason),
        message: Text::from("because"),
        since: None,
    }
}

fn catalog() -> Catalog {
    Catalog::load().unwrap_or_else(|error| panic!("{error}"))
}

fn states() -> BTreeMap<String, Vec<State>> {
    toml::from_str(include_str!("fixtures/readings.toml")).unwrap()
}

fn kind(text: &str) -> GroupKind {
    let (kind, group) = text.split_once('.').expect("a kind is Kind.group");
    GroupKind::new(group, kind)
}

#[test]
fn states_are_read_as_their_controllers_mean_them() {
    let catalog = catalog();
    for (name, states) in states() {
        let rule = catalog
            .kind_rule(&kind(&name))
            .unwrap_or_else(|| panic!("{name}: no rule"));
        for state in states {
            let object = state.object(rule);
            match &rule.role {
                Role::Application(application) => {
                    assert_eq!(
                        Some(application.phase_of(&object).verdict),
                        state.phase,
                        "{state:?}"
                    );
                    if state.desired.is_some() {
                        let replicas = application.replicas_of(&object);
                        let told = replicas.map(|replicas| (replicas.ready, replicas.desired));
                        assert_eq!(told, state.ready.zip(state.desired), "{name}: {state:?}");
                    }
                    if state.model.is_some() {
                        let model = application.model_of(&object);
                        assert_eq!(model, state.model.as_deref(), "{name}: {state:?}");
                    }
                    if state.profile.is_some() {
                        assert_eq!(
                            application.profile_of(&object),
                            state.profile,
                            "{name}: {state:?}"
                        );
                    }
                }
                Role::Admission(admission) => {
                    assert_eq!(
                        Some(admission.phase_of(&object).verdict),
                        state.phase,
                        "{state:?}"
                    );
                }
                _ => assert_eq!(state.phase, None, "{name} has no phase"),
            }
            let health = rule.health_of(&object).map(|reading| reading.verdict);
            assert_eq!(health, state.severity, "{name}: {state:?}");
            if state.counted.is_some() {
                let counted = rule.count.as_ref().map(|count| count.includes(&object));
                assert_eq!(counted, state.counted, "{name}: {state:?}");
            }
        }
    }
}

#[test]
fn every_kind_that_is_judged_has_a_state_to_be_tried_on() {
    let catalog = catalog();
    let states = states();
    let is_judged = |rule: &&&KindRule| {
        matches!(rule.role, Role::Application(_) | Role::Admission(_)) || !rule.health.is_empty()
    };
    let rules = catalog.watch_kinds();
    let untried: Vec<_> = rules
        .iter()
        .filter(is_judged)
        .map(|rule| rule.kind.to_string())
        .filter(|name| !states.contains_key(name))
        .collect();
    assert!(untried.is_empty(), "no state for {untried:?}");
}

#[test]
fn a_reading_keeps_the_words_it_rests_on() {
    let catalog = catalog();
    let rule = catalog.kind_rule(&kind("RayService.ray.io")).unwrap();
    let object = Custom {
        conditions: vec![condition("Ready=False:ZeroServeEndpoints")],
        ..Custom::default()
    };
    let reading = rule.application().unwrap().phase_of(&object);
    assert_eq!(reading.word, "ZeroServeEndpoints");
    assert_eq!(
        reading
            .condition
            .map(|condition| condition.message.as_str()),
        Some("because")
    );

    let rule = catalog
        .kind_rule(&kind("CephCluster.ceph.rook.io"))
        .unwrap();
    let fields = [(Text::from("status.ceph.health"), Text::from("HEALTH_WARN"))];
    let object = Custom {
        fields: fields.into(),
        ..Custom::default()
    };
    assert_eq!(
        rule.health_of(&object).map(|reading| reading.word),
        Some("HEALTH_WARN")
    );
}

#[test]
fn what_is_being_deleted_is_stopping() {
    let catalog = catalog();
    let rule = catalog.kind_rule(&kind("RayJob.ray.io")).unwrap();
    let metadata = Metadata {
        deleting: Some("2026-11-23T10:00:00Z".parse().unwrap()),
        ..Metadata::default()
    };
    let fields = [(Text::from("status.jobStatus"), Text::from("RUNNING"))];
    let object = Custom {
        metadata,
        fields: fields.into(),
        ..Custom::default()
    };
    assert_eq!(
        rule.application().unwrap().phase_of(&object).verdict,
        Phase::Stopping
    );
}
