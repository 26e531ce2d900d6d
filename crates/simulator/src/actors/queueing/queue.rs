//! One cluster queue: what it offers, whom it takes in, and what it lets its workloads do to others.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_domain::ids::ObjectKey;

use super::{checks, preemption::Policy, tree};
use crate::{
    json,
    label_selector::LabelSelector,
    world::{World, namespace_kind},
};

/// One cluster queue.
pub(super) struct Queue {
    pub(super) groups: Vec<Group>,
    pub(super) policy: Policy,
    /// The admission checks that it wants.
    pub(super) checks: Vec<String>,
    /// Why it takes nothing in, if it does not.
    pub(super) inactive: Option<(&'static str, String)>,
    pub(super) object: Value,
}

/// Resources that get their flavor together.
pub(super) struct Group {
    pub(super) covered: BTreeSet<String>,
    /// In the order in which they are tried.
    pub(super) flavors: Vec<String>,
}

impl Queue {
    pub(super) fn read(world: &World, object: Value) -> Self {
        let groups: Vec<Group> = json::items(&object, "/spec/resourceGroups")
            .iter()
            .map(|group| Group {
                covered: json::items(group, "/coveredResources")
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                flavors: json::items(group, "/flavors")
                    .iter()
                    .map(|flavor| json::text(flavor, "/name").to_owned())
                    .collect(),
            })
            .collect();
        let flavors = groups.iter().flat_map(|group| &group.flavors);
        let missing: Vec<&str> = flavors
            .map(String::as_str)
            .filter(|flavor| !tree::has_flavor(world, flavor))
            .collect();
        let is_stopped = !["", "None"].contains(&json::text(&object, "/spec/stopPolicy"));
        let checks = checks::of(&object);
        let (absent, inactive) = checks::unusable(world, &checks);
        let mut faults: Vec<(&'static str, String)> = Vec::new();
        if is_stopped {
            faults.push(("Stopped", "is stopped".to_owned()));
        }
        let mut refers = |reason, what: &str, names: &[&str]| {
            if !names.is_empty() {
                faults.push((reason, format!("references {what}: {}", names.join(","))));
            }
        };
        refers("FlavorNotFound", "missing ResourceFlavor(s)", &missing);
        refers(
            "AdmissionCheckNotFound",
            "missing AdmissionCheck(s)",
            &texts(&absent),
        );
        refers(
            "AdmissionCheckInactive",
            "inactive AdmissionCheck(s)",
            &texts(&inactive),
        );
        let said: Vec<&str> = faults.iter().map(|(_, what)| what.as_str()).collect();
        let said = said.join(", ");
        let inactive = faults.first().map(|(reason, _)| (*reason, said));
        Self {
            policy: Policy::read(&object),
            checks,
            groups,
            inactive,
            object,
        }
    }

    /// Whether it takes workloads of `namespace` in; without a selector it takes none.
    pub(super) fn selects(&self, world: &World, namespace: &str) -> bool {
        let selector = self.object.pointer("/spec/namespaceSelector");
        let Some(selector) = selector.and_then(LabelSelector::read) else {
            return false;
        };
        let place = world
            .store
            .get(&namespace_kind(), &ObjectKey::new("", namespace));
        place.is_some_and(|place| selector.matches(&place))
    }
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}
