//! What several kinds share: pod templates, and what they ask for together.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use strata_domain::{
    condition::{Condition, Status, find},
    node::Resources,
    text::{Interner, Text},
};

use super::super::{
    amounts::{Amounts, requested_by},
    metadata,
};
use crate::slim::{
    pod::{PodSpec, Requirements},
    values::{ProbedCondition, nullable},
};

/// `core.v1.PodTemplateSpec`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Template {
    pub(super) spec: PodSpec,
}

impl Template {
    /// The volume claims that pods of this template mount, by name; those that are made for each pod
    /// are not there before it is.
    pub(super) fn volume_claims(&self) -> impl Iterator<Item = &str> {
        let volumes = self.spec.volumes.iter();
        volumes
            .filter_map(|volume| volume.source.persistent_volume_claim.as_ref())
            .map(|claim| claim.claim_name.as_str())
    }
}

/// Volume claims, each once.
pub(super) fn each_once<'a>(
    claims: impl Iterator<Item = &'a str>,
    names: &mut Interner,
) -> Box<[Text]> {
    let claims: BTreeSet<&str> = claims.collect();
    claims.into_iter().map(|name| names.intern(name)).collect()
}

/// What the pods of several templates ask for together.
#[derive(Default)]
pub(in crate::map) struct Asks<'a> {
    amounts: Amounts<'a>,
    pods: u64,
}

impl<'a> Asks<'a> {
    /// Adds `count` pods of `spec`. A template without containers (one that a runtime fills in) asks
    /// for what nobody knows yet and is left out.
    pub(in crate::map) fn pods(&mut self, count: u32, spec: &'a PodSpec) {
        if !spec.containers.is_empty() {
            self.amounts.add_times(&requested_by(spec), count.into());
            self.pods += u64::from(count);
        }
    }

    /// Adds `count` pods that ask for `requirements` each.
    pub(in crate::map) fn each(&mut self, count: u32, requirements: &'a Requirements) {
        self.amounts
            .add_times(&Amounts::requested(requirements), count.into());
        self.pods += u64::from(count);
    }

    /// The sum; none where no template told anything.
    pub(in crate::map) fn sum(self, names: &mut Interner) -> Option<Resources> {
        let pods = self.pods;
        (pods > 0).then(|| Resources {
            pods,
            ..self.amounts.into_resources(names)
        })
    }
}

/// `metadata` as far as jobs are told by it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Annotated {
    #[serde(deserialize_with = "nullable")]
    pub(super) annotations: BTreeMap<String, String>,
}

/// The conditions as the domain keeps them.
pub(super) fn conditions(list: Vec<ProbedCondition>, names: &mut Interner) -> Vec<Condition> {
    metadata::conditions(list, names)
}

/// The condition of type `kind`, if it holds.
pub(super) fn held<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    find(conditions, kind).filter(|found| found.status == Status::True)
}

/// The condition of type `kind`, if it is there and does not hold.
pub(super) fn denied<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    find(conditions, kind).filter(|found| found.status == Status::False)
}

/// A count of a spec or a status; a negative one is none.
pub(super) fn count(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

/// The first text that is not empty.
pub(super) fn first_of(texts: &[&str]) -> Text {
    Text::from(
        texts
            .iter()
            .find(|text| !text.is_empty())
            .copied()
            .unwrap_or_default(),
    )
}
