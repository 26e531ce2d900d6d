//! Which components are there, and whether they are able to do what they are for.

use std::collections::BTreeMap;

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        Ready,
        map::ServingComponent,
        survey::{Answer, Assessment, Evidence},
    },
};
use strata_catalog::{Capability, Component};
use strata_domain::{layer::Layer, severity::Severity, subject::Subject};

use super::{Build, Ground, assessed, facts};
use crate::derive::{applications::Application, components::ComponentState};

/// What a component that is there is able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ability {
    /// It works.
    Able,
    /// It is not well.
    Ill,
    /// It is scaled to zero.
    Stopped,
    /// Its kinds are served, but nothing of it was seen running.
    Claimed,
}

/// A component that is there.
#[derive(Clone, Debug)]
pub(super) struct Present<'a> {
    pub(super) component: &'a Component,
    pub(super) ability: Ability,
    pub(super) row: ServingComponent,
    pub(super) evidence: Vec<Evidence>,
}

impl<'a> Ground<'a> {
    /// The component `id`, if it is there.
    pub(super) fn present(self, id: &str) -> Option<Present<'a>> {
        let component = self.catalog.component(id)?;
        if component.layer == Layer::Workloads {
            let position = self.catalog.position(id)?;
            return self.engines().remove(&position);
        }
        let state = self.derived.components.get(id)?;
        Some(self.as_present(component, state))
    }

    /// Those of the components `ids` that are there, in that order.
    pub(super) fn present_of(self, ids: &[&str]) -> Vec<Present<'a>> {
        ids.iter().filter_map(|id| self.present(id)).collect()
    }

    /// The components that serve `capability` here, in the catalogue's order.
    pub(super) fn serving(self, capability: Capability) -> Vec<Present<'a>> {
        self.where_component(|component| component.capability == capability)
    }

    /// The components here of one of the categories.
    pub(super) fn of_categories(self, categories: &[&str]) -> Vec<Present<'a>> {
        self.where_component(|component| categories.contains(&component.category.as_str()))
    }

    /// The components here that `is_wanted`, in the catalogue's order.
    pub(super) fn where_component(
        self,
        is_wanted: impl Fn(&Component) -> bool,
    ) -> Vec<Present<'a>> {
        let mut found: BTreeMap<usize, Present<'a>> = self
            .engines()
            .into_iter()
            .filter(|(_, present)| is_wanted(present.component))
            .collect();
        for state in &self.derived.components.states {
            if let Some(component) = self.catalog.components().get(state.position)
                && is_wanted(component)
            {
                found.insert(state.position, self.as_present(component, state));
            }
        }
        found.into_values().collect()
    }

    fn as_present(self, component: &'a Component, state: &ComponentState) -> Present<'a> {
        let ability = match (state.severity, state.ready) {
            (Severity::Unknown, _) => Ability::Claimed,
            (Severity::Paused, _) => Ability::Stopped,
            (Severity::Warning | Severity::Critical, _) => Ability::Ill,
            // On its way, nothing of it ready yet.
            (_, Some(Ready { ready: 0, desired })) if desired > 0 => Ability::Ill,
            _ => Ability::Able,
        };
        let subject = Subject::Component(component.id.clone());
        let row = ServingComponent {
            subject: subject.clone(),
            name: component.name.to_string(),
            severity: state.severity.into(),
            reason: state.fault.as_ref().map(|fault| fault.reason.clone()),
            ready: state.ready,
            version: state.versions.commonest().to_owned(),
            figure: state.figure.clone(),
        };
        let members = state
            .members
            .iter()
            .filter_map(|uid| self.cluster.workload(uid));
        let mut evidence: Vec<Evidence> = members.map(facts::of_workload).collect();
        // The ill one first: it is what the claim is about.
        if let Some((kind, key)) = state.fault.as_ref().and_then(|fault| fault.object.as_ref()) {
            evidence.sort_by_key(|line| {
                (line.name.as_str(), line.kind.as_str()) != (key.name.as_str(), kind.kind.as_str())
            });
        }
        let kinds = component.signs.kinds.iter();
        let served = kinds.filter_map(|kind| self.served(&kind.group, &kind.kind));
        evidence.extend(served.take(1).map(|kind| facts::of_served(self, kind)));
        if evidence.is_empty() {
            evidence.extend(self.at_work(component));
        }
        let evidence = evidence
            .into_iter()
            .map(|line| facts::belonging(line, subject.clone()))
            .collect();
        Present {
            component,
            ability,
            row,
            evidence,
        }
    }

    /// A node that a component without workloads or kinds is seen at work on.
    fn at_work(self, component: &Component) -> Option<Evidence> {
        self.cluster.nodes().find_map(|node| {
            let of_label = node.metadata.labels.iter().find(|(key, value)| {
                let known = self.catalog.recognise_node_label(key, value);
                known.is_some_and(|known| known.id == component.id)
            });
            if let Some((key, _)) = of_label {
                return Some(facts::of_node_label(node, key));
            }
            let runtime = &node.software.container_runtime;
            let is_runtime = self
                .catalog
                .recognise_container_runtime(runtime)
                .is_some_and(|known| known.id == component.id);
            if is_runtime {
                let field = "status.nodeInfo.containerRuntimeVersion";
                return Some(facts::of_node(node, field, runtime.as_str()));
            }
            node.allocatable.extended.iter().find_map(|(name, amount)| {
                let known = self.catalog.recognise_resource(name)?;
                (known.id == component.id).then(|| facts::of_node_resource(node, name, *amount))
            })
        })
    }

    /// The components of the workloads layer that applications run or are managed by, by position.
    fn engines(self) -> BTreeMap<usize, Present<'a>> {
        let mut by_position: BTreeMap<usize, Vec<&'a Application>> = BTreeMap::new();
        for application in &self.derived.applications.list {
            let is_engine = |position: &usize| {
                let component = self.catalog.components().get(*position);
                component.is_some_and(|component| component.layer == Layer::Workloads)
            };
            let position = [application.engine, application.manager]
                .into_iter()
                .flatten()
                .find(is_engine);
            if let Some(position) = position {
                by_position.entry(position).or_default().push(application);
            }
        }
        by_position
            .into_iter()
            .filter_map(|(position, applications)| {
                let component = self.catalog.components().get(position)?;
                Some((position, engine(self, component, &applications)))
            })
            .collect()
    }

    /// Whether any of the components `ids` is there and able: the common form of an answer.
    pub(super) fn any_of(self, ids: &[&str]) -> Assessment {
        let present = self.present_of(ids);
        self.judge_any(&present, ids)
    }

    /// The same of components that were found already, out of `ids`.
    pub(super) fn judge_any(self, present: &[Present<'_>], ids: &[&str]) -> Assessment {
        if let Some(judged) = judge_present(present) {
            return judged;
        }
        let names: Vec<&str> = ids
            .iter()
            .filter_map(|id| self.catalog.component(id))
            .map(|component| component.name.as_str())
            .collect();
        let names = names.join(", ");
        self.absent(
            Phrase::new(PhraseCode::SurveyNoneOf).with("names", names.as_str()),
            Phrase::new(PhraseCode::ActInstallOneOf).with("names", names),
        )
    }
}

/// A serving engine, database or application, by the applications that run it.
fn engine<'a>(
    ground: Ground<'_>,
    component: &'a Component,
    applications: &[&Application],
) -> Present<'a> {
    let worst = applications
        .iter()
        .max_by_key(|application| application.severity);
    // As with any component: one part that is not well makes it ill.
    let severities = || applications.iter().map(|application| application.severity);
    let ability = if severities().any(|severity| severity >= Severity::Warning) {
        Ability::Ill
    } else if severities().all(|severity| severity == Severity::Paused) {
        Ability::Stopped
    } else {
        Ability::Able
    };
    let count = |wanted: fn(&Application) -> bool| {
        let matching = applications
            .iter()
            .filter(|application| wanted(application));
        u32::try_from(matching.count()).unwrap_or(u32::MAX)
    };
    let row = ServingComponent {
        subject: worst.map_or_else(
            || Subject::Component(component.id.clone()),
            |application| application.subject.clone(),
        ),
        name: component.name.to_string(),
        severity: worst
            .map_or(Severity::Unknown, |application| application.severity)
            .into(),
        reason: worst.and_then(|application| application.reason.clone()),
        ready: Some(Ready {
            ready: count(is_ready),
            desired: count(|_| true),
        }),
        version: String::new(),
        figure: None,
    };
    let evidence = applications
        .iter()
        .take(facts::MOST)
        .map(|application| ground.told_by(application));
    Present {
        component,
        ability,
        row,
        evidence: evidence.collect(),
    }
}

/// Whether one of those that are there is able; `None` where there are none.
pub(super) fn judge_present(present: &[Present<'_>]) -> Option<Assessment> {
    let of = |ability: Ability| {
        let matching = present.iter().filter(move |one| one.ability == ability);
        matching.collect::<Vec<_>>()
    };
    let able = of(Ability::Able);
    if !able.is_empty() {
        let reason = Phrase::new(PhraseCode::SurveyAble).with("names", names(able.iter().copied()));
        let evidence = able.into_iter().flat_map(|one| one.evidence.clone());
        return Some(assessed(Answer::Met, reason).shown_by(evidence));
    }
    let worst = present.iter().min_by_key(|one| one.ability)?;
    let name = worst.component.name.as_str();
    let (code, remedy) = match worst.ability {
        Ability::Claimed => (PhraseCode::SurveyClaimed, PhraseCode::ActRunController),
        Ability::Stopped => (PhraseCode::SurveyStopped, PhraseCode::ActScaleUp),
        Ability::Ill | Ability::Able => (PhraseCode::ComponentUnwell, PhraseCode::ActMend),
    };
    Some(
        assessed(Answer::Partly, Phrase::new(code).with("name", name))
            .remedied(Phrase::new(remedy).with("name", name))
            .shown_by(worst.evidence.clone()),
    )
}

/// The names of components, in one list.
pub(super) fn names<'a>(present: impl IntoIterator<Item = &'a Present<'a>>) -> String {
    let names: Vec<&str> = present
        .into_iter()
        .map(|one| one.component.name.as_str())
        .collect();
    names.join(", ")
}

/// Whether all that an application wants of itself is ready.
pub(super) fn is_ready(application: &Application) -> bool {
    let is_whole = application
        .ready
        .is_none_or(|ready| ready.ready >= ready.desired);
    application.phase == strata_catalog::Phase::Running && is_whole
}
