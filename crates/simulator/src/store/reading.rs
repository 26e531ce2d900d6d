//! What is there now.

use std::{collections::BTreeSet, ops::Bound, sync::Arc};

use strata_domain::ids::{GroupKind, ObjectKey};

use super::{Store, Stored};

impl Store {
    /// The latest resource version.
    pub(crate) fn version(&self) -> u64 {
        self.read().version
    }

    /// The version of the latest change to an object of `kind`; 0 where there was none.
    pub(crate) fn version_of_kind(&self, kind: &GroupKind) -> u64 {
        self.read()
            .kinds
            .get(kind)
            .map_or(0, |shelf| *shelf.latest.borrow())
    }

    /// The object, if it is there.
    pub(crate) fn get(&self, kind: &GroupKind, key: &ObjectKey) -> Option<Arc<Stored>> {
        self.read().kinds.get(kind)?.objects.get(key).cloned()
    }

    /// Every object of `kind` in `namespace` (empty: in all), by namespace and name.
    pub(crate) fn list(&self, kind: &GroupKind, namespace: &str) -> Vec<Arc<Stored>> {
        let inner = self.read();
        let Some(shelf) = inner.kinds.get(kind) else {
            return Vec::new();
        };
        if namespace.is_empty() {
            return shelf.objects.values().cloned().collect();
        }
        let from = Bound::Included(ObjectKey::new(namespace, ""));
        shelf
            .objects
            .range((from, Bound::Unbounded))
            .take_while(|(key, _)| key.namespace == namespace)
            .map(|(_, stored)| Arc::clone(stored))
            .collect()
    }

    /// The objects of `kind` that name the object with `uid` as an owner.
    pub(crate) fn dependents(&self, uid: &str, kind: &GroupKind) -> Vec<Arc<Stored>> {
        let inner = self.read();
        let Some(dependents) = inner.dependents.get(uid) else {
            return Vec::new();
        };
        let Some(shelf) = inner.kinds.get(kind) else {
            return Vec::new();
        };
        dependents
            .iter()
            .filter(|(known, _)| known == kind)
            .filter_map(|(_, key)| shelf.objects.get(key).cloned())
            .collect()
    }

    /// Every object in `namespace`, by kind and name.
    pub(crate) fn contents(&self, namespace: &str) -> Vec<(GroupKind, Arc<Stored>)> {
        let kinds: BTreeSet<GroupKind> = self.read().kinds.keys().cloned().collect();
        kinds
            .into_iter()
            .flat_map(|kind| {
                self.list(&kind, namespace)
                    .into_iter()
                    .map(move |stored| (kind.clone(), stored))
            })
            .collect()
    }

    /// Every object that names the object with `uid` as an owner.
    pub(crate) fn all_dependents(&self, uid: &str) -> Vec<(GroupKind, ObjectKey)> {
        let inner = self.read();
        inner
            .dependents
            .get(uid)
            .map_or_else(Vec::new, |all| all.iter().cloned().collect())
    }

    /// Whether an object is there that its owner with `uid`, before it goes, has to wait for.
    pub(crate) fn has_blocking_dependents(&self, uid: &str) -> bool {
        let inner = self.read();
        let blocks = |(kind, key): &(GroupKind, ObjectKey)| {
            let stored = inner
                .kinds
                .get(kind)
                .and_then(|shelf| shelf.objects.get(key));
            let mut owners = stored.iter().flat_map(|stored| &stored.owners);
            owners.any(|owner| owner.uid == uid && owner.is_waited_for)
        };
        let dependents = inner.dependents.get(uid);
        dependents.is_some_and(|dependents| dependents.iter().any(blocks))
    }
}
