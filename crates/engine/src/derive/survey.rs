//! What a cluster is good for: which capabilities it serves, how they hold together, whether it
//! meets the needs of AI, how it answers the conformance checklist.
//!
//! Pure functions of what is known ([`Ground`]), asked for while somebody looks. Read in this order:
//! [`facts`] (what a claim rests on), [`presence`] (which components are there, and able),
//! [`things`] (what runs), [`capabilities`] with [`figures`], [`relations`], [`needs`], [`conformance`], [`lifecycle`],
//! [`models`] (the way of one through it), [`storage`].
//!
//! Every claim carries its evidence. What cannot be told, since lists are missing or since only a
//! test would tell, is said to be unknown, never guessed.

use jiff::Timestamp;
use strata_api::{
    operations::Bilingual,
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment, Evidence},
};
use strata_catalog::Catalog;
use strata_domain::ids::GroupKind;
use strata_ports::cluster::ServedKind;

use super::Derived;
use crate::fleet::{cluster::Cluster, telemetry::Telemetry};

pub mod capabilities;
pub mod conformance;
mod facts;
mod figures;
pub mod lifecycle;
pub mod models;
pub mod needs;
mod presence;
pub mod relations;
pub mod storage;
#[cfg(test)]
mod tests;
mod things;

/// The kinds without whose lists nothing tells that a component is not there.
const TELLING: [(&str, &str); 3] = [
    ("apps", "Deployment"),
    ("apps", "DaemonSet"),
    ("apps", "StatefulSet"),
];

/// All that a survey looks at.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// What the cluster holds.
    pub cluster: &'a Cluster,
    /// What was derived from it.
    pub derived: &'a Derived,
    /// What is known of components.
    pub catalog: &'a Catalog,
    /// What exporters, engines and kubelets told.
    pub telemetry: &'a Telemetry,
    /// What time it is.
    pub now: Timestamp,
}

impl<'a> Ground<'a> {
    /// How the server serves `kind`, if it does.
    fn served(self, group: &str, kind: &str) -> Option<&'a ServedKind> {
        let served = self.cluster.served().unwrap_or_default();
        served
            .iter()
            .find(|served| served.kind.kind == kind && served.kind.group == group)
    }

    /// Whether every list of `kind` that will ever come has come.
    fn is_settled(self, group: &str, kind: &str) -> bool {
        let watch = self.cluster.watch(&GroupKind::new(group, kind));
        self.cluster.served().is_some()
            && watch.is_none_or(crate::fleet::cluster::Watch::is_settled)
    }

    /// Whether `kind` was listed.
    fn is_listed(self, group: &str, kind: &str) -> bool {
        let watch = self.cluster.watch(&GroupKind::new(group, kind));
        watch.is_some_and(|watch| watch.listed)
    }

    /// The lists without which it cannot be said that a component is not there, as far as they are
    /// missing; empty where it can.
    fn missing_lists(self) -> Vec<String> {
        let mut missing: Vec<String> = TELLING
            .into_iter()
            .filter(|(group, kind)| !self.is_listed(group, kind))
            .map(|(group, kind)| GroupKind::new(group, kind).to_string())
            .collect();
        if self.cluster.served().is_none() {
            missing.insert(0, "APIGroup".to_owned());
        }
        missing
    }

    /// The lists of `kinds`, as far as they were read: what shows that something is not there.
    fn looked_through(self, kinds: &[(&str, &str)]) -> Vec<Evidence> {
        let kinds = kinds
            .iter()
            .map(|(group, kind)| GroupKind::new(*group, *kind));
        kinds
            .filter_map(|kind| {
                let watch = self.cluster.watch(&kind).filter(|watch| watch.listed)?;
                Some(facts::of_list(&kind, watch.heard_at))
            })
            .collect()
    }

    /// "It is not so", if the lists that would tell are there; else "it cannot be told".
    fn absent(self, reason: Phrase, remedy: Phrase) -> Assessment {
        let missing = self.missing_lists();
        if missing.is_empty() {
            assessed(Answer::NotMet, reason)
                .remedied(remedy)
                .shown_by(self.looked_through(&TELLING))
        } else {
            assessed(Answer::Unknown, unlisted(&missing))
        }
    }
}

/// What would tell it was not read.
fn unlisted(kinds: &[String]) -> Phrase {
    Phrase::new(PhraseCode::SurveyUnlisted).with("kinds", kinds.join(", "))
}

/// An answer and its reason, no evidence yet.
fn assessed(answer: Answer, reason: Phrase) -> Assessment {
    Assessment {
        answer,
        reason,
        remedy: None,
        evidence: Vec::new(),
    }
}

/// How assessments are put together.
trait Build {
    fn remedied(self, remedy: Phrase) -> Self;
    fn shown_by(self, evidence: impl IntoIterator<Item = Evidence>) -> Self;
}

impl Build for Assessment {
    /// With what would change it.
    fn remedied(mut self, remedy: Phrase) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// With what it rests on.
    fn shown_by(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self.evidence.truncate(facts::MOST);
        self
    }
}

/// A text of the catalogue as it crosses the wire.
fn bilingual(text: &strata_catalog::Bilingual) -> Bilingual {
    Bilingual {
        en: text.en.to_string(),
        zh: text.zh.to_string(),
    }
}
