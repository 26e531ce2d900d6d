//! The quota controller: keeps count of what each quota has used.
//!
//! It counts a namespace through when a quota comes; after that each change changes the count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use crate::{
    admission::{
        quantity::{self, Quantities, Quantity},
        quota::{Counted, Quota, quota_kind},
    },
    json,
    kinds::Served,
    store::{Reference, Store, Stored},
    world::World,
};

/// What every quota has used.
#[derive(Default)]
pub(crate) struct Tallies {
    by_namespace: BTreeMap<Text, BTreeMap<Text, Tally>>,
    /// Quotas whose status may be wrong.
    unsettled: BTreeSet<ObjectKey>,
}

/// What one quota has used.
struct Tally {
    /// What it asks for, as it was read.
    spec: Value,
    quota: Quota,
    kinds: HashMap<GroupKind, Counted>,
    /// What each object counts for, by UID.
    shares: HashMap<Text, Quantities>,
    used: Quantities,
}

impl Tallies {
    pub(crate) fn is_settled(&self) -> bool {
        self.unsettled.is_empty()
    }

    /// Counts a changed object.
    pub(super) fn observe(
        &mut self,
        store: &Store,
        kind: &GroupKind,
        stored: &Stored,
        now: Timestamp,
    ) {
        let namespace = &stored.key.namespace;
        if *kind == quota_kind() {
            self.put(store, stored, now);
        }
        let Some(tallies) = self.by_namespace.get_mut(namespace) else {
            return;
        };
        for (name, tally) in tallies {
            if tally.count(kind, stored, now) {
                self.unsettled
                    .insert(ObjectKey::new(namespace.clone(), name.clone()));
            }
        }
    }

    /// Counts an object no more that is gone.
    pub(super) fn forget(&mut self, gone: &Reference) {
        let namespace = &gone.key.namespace;
        if gone.kind == quota_kind() {
            if let Some(tallies) = self.by_namespace.get_mut(namespace) {
                tallies.remove(&gone.key.name);
                if tallies.is_empty() {
                    self.by_namespace.remove(namespace);
                }
            }
            self.unsettled.remove(&gone.key);
        }
        let Some(tallies) = self.by_namespace.get_mut(namespace) else {
            return;
        };
        for (name, tally) in tallies {
            // Admission may have counted one that came and went before it was seen here.
            if tally.kinds.contains_key(&gone.kind) {
                tally.set_share(&gone.uid, Quantities::new());
                self.unsettled
                    .insert(ObjectKey::new(namespace.clone(), name.clone()));
            }
        }
    }

    /// Takes a quota in, anew where it asks for something else than it did.
    fn put(&mut self, store: &Store, stored: &Stored, now: Timestamp) {
        let quota = stored.value();
        let spec = quota.get("spec").cloned().unwrap_or_default();
        let tallies = self
            .by_namespace
            .entry(stored.key.namespace.clone())
            .or_default();
        let is_known = tallies
            .get(&stored.key.name)
            .is_some_and(|tally| tally.spec == spec);
        if !is_known {
            let tally = Tally::of(store, &stored.key.namespace, spec, &quota, now);
            tallies.insert(stored.key.name.clone(), tally);
            // What is written into the status is no reason to look at it: admission writes there
            // before the object that it lets in is there to be counted.
            self.unsettled.insert(stored.key.clone());
        }
    }
}

impl Tally {
    fn of(store: &Store, namespace: &str, spec: Value, quota: &Value, now: Timestamp) -> Self {
        let quota = Quota::asked_for(quota);
        let kinds: HashMap<GroupKind, Counted> = counted(store, &quota)
            .filter(|counted| !quota.touched_by(counted).is_empty())
            .map(|counted| (counted.kind.clone(), counted))
            .collect();
        let used = kinds
            .values()
            .flat_map(|counted| quota.touched_by(counted))
            .map(|name| (name.to_owned(), Quantity::whole(0)))
            .collect();
        let mut tally = Self {
            spec,
            quota,
            kinds,
            shares: HashMap::new(),
            used,
        };
        let kinds: Vec<GroupKind> = tally.kinds.keys().cloned().collect();
        for kind in kinds {
            for stored in store.list(&kind, namespace) {
                tally.count(&kind, &stored, now);
            }
        }
        tally
    }

    /// Counts an object as it is now; true when that changes anything.
    fn count(&mut self, kind: &GroupKind, stored: &Stored, now: Timestamp) -> bool {
        let Some(counted) = self.kinds.get(kind) else {
            return false;
        };
        let share = self.quota.share_of(counted, &stored.value(), now);
        self.set_share(&stored.uid, share)
    }

    fn set_share(&mut self, uid: &Text, share: Quantities) -> bool {
        let before = self.shares.remove(uid).unwrap_or_default();
        if before == share {
            if !share.is_empty() {
                self.shares.insert(uid.clone(), share);
            }
            return false;
        }
        for (name, amount) in &before {
            if let Some(used) = self.used.get_mut(name) {
                *used = used.minus(*amount);
            }
        }
        quantity::add(&mut self.used, &share);
        if !share.is_empty() {
            self.shares.insert(uid.clone(), share);
        }
        true
    }
}

/// The kinds that a quota can be about: those of the core group, and those that it counts by name.
fn counted<'a>(store: &Store, quota: &'a Quota) -> impl Iterator<Item = Counted> + 'a {
    let is_by_name = |name: &&str| name.starts_with("count/");
    let names: Vec<&str> = quota
        .hard()
        .keys()
        .map(String::as_str)
        .filter(is_by_name)
        .collect();
    let served = (!names.is_empty()).then(|| Served::read(store));
    let named = names.into_iter().filter_map(move |name| {
        let name = name.strip_prefix("count/")?;
        let (plural, group) = name.split_once('.').unwrap_or((name, ""));
        let versions = &served.as_ref()?.group(group)?.versions;
        let mut resources = versions.iter().flat_map(|version| &version.resources);
        let resource = resources.find(|resource| resource.plural == plural)?;
        Some(Counted::new(resource.stored_as(group), plural))
    });
    Counted::core().chain(named)
}

/// Writes what quotas have used, where their status says something else.
pub(crate) fn settle(world: &mut World) {
    for key in std::mem::take(&mut world.quotas.unsettled) {
        let tallies = world.quotas.by_namespace.get(&key.namespace);
        let Some(tally) = tallies.and_then(|tallies| tallies.get(&key.name)) else {
            continue;
        };
        let hard = tally.spec.get("hard").cloned().unwrap_or_else(|| json!({}));
        let status = json!({ "hard": hard, "used": quantity::to_json(&tally.used) });
        world.store.update(&quota_kind(), &key, |quota| {
            json::as_object(quota).insert("status".to_owned(), status);
        });
    }
}
