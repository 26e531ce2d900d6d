//! Who claims how much: namespaces, then workloads.

use std::collections::BTreeMap;

use strata_api::rows::{
    storage::{StorageUse, StorageUserRow},
    survey::Evidence,
};
use strata_domain::text::Text;

use super::{Look, MOST, claims::of_claim};
use crate::derive::owners::RootId;

/// As much of what a user claims as its row names.
const SHOWN: usize = 4;

#[derive(Default)]
struct User {
    claimed: StorageUse,
    evidence: Vec<(f64, Evidence)>,
}

impl User {
    fn shown(mut self) -> (StorageUse, Vec<Evidence>) {
        self.evidence
            .sort_by(|left, right| right.0.total_cmp(&left.0));
        let largest = self.evidence.into_iter().take(SHOWN);
        (self.claimed, largest.map(|(_, line)| line).collect())
    }
}

/// The namespaces, then the workloads, those that ask for the most first.
pub(super) fn users(look: &Look<'_>) -> Vec<StorageUserRow> {
    let mut namespaces: BTreeMap<&Text, User> = BTreeMap::new();
    let mut workloads: BTreeMap<RootId, User> = BTreeMap::new();
    for (plain, claim) in &look.claims {
        let key = &plain.metadata.key;
        let count = |user: &mut User| {
            look.count(&mut user.claimed, key, claim);
            let asked = super::bytes(claim.requested_bytes);
            user.evidence.push((asked, of_claim(plain, claim)));
        };
        count(namespaces.entry(&key.namespace).or_default());
        for root in look.mounts.get(key).into_iter().flatten() {
            count(workloads.entry(*root).or_default());
        }
    }
    let mut rows: Vec<StorageUserRow> = namespaces
        .into_iter()
        .map(|(namespace, user)| {
            let (claimed, evidence) = user.shown();
            StorageUserRow {
                namespace: namespace.to_string(),
                kind: String::new(),
                name: String::new(),
                claimed,
                subject: None,
                evidence,
            }
        })
        .collect();
    let derived = look.ground.derived;
    rows.extend(workloads.into_iter().filter_map(|(id, user)| {
        let root = derived.owners.root(id)?;
        let application = derived.applications.of_root(id);
        let (claimed, evidence) = user.shown();
        Some(StorageUserRow {
            namespace: root.key.namespace.to_string(),
            kind: root.kind.kind.to_string(),
            name: root.key.name.to_string(),
            claimed,
            subject: application.map(|application| application.subject.clone()),
            evidence,
        })
    }));
    rows.sort_by(|left, right| {
        let asked = right
            .claimed
            .requested_bytes
            .total_cmp(&left.claimed.requested_bytes);
        (!left.kind.is_empty())
            .cmp(&!right.kind.is_empty())
            .then(asked)
    });
    rows.truncate(MOST);
    rows
}
