//! The past: what was there at an earlier version, and what happened since.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Bound,
    sync::Arc,
};

use strata_domain::ids::{GroupKind, ObjectKey};

use super::{Change, Inner, Shelf, Store, Stored};

/// The version asked for is older than the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expired {
    /// The oldest version that can still be asked for.
    pub(crate) oldest: u64,
}

impl Store {
    /// The objects of `kind` in `namespace` (empty: in all) after the key `after`, as they were at
    /// `version`.
    pub(crate) fn list_at(
        &self,
        kind: &GroupKind,
        namespace: &str,
        after: Option<&ObjectKey>,
        version: u64,
    ) -> Result<Vec<Arc<Stored>>, Expired> {
        let inner = self.read();
        inner.check_reach(kind, version)?;
        let Some(shelf) = inner.kinds.get(kind) else {
            return Ok(Vec::new());
        };
        let start = match after {
            Some(key) => Bound::Excluded(key.clone()),
            None => Bound::Included(ObjectKey::new(namespace, "")),
        };
        let is_wanted = |key: &ObjectKey| namespace.is_empty() || key.namespace == namespace;
        let present = shelf
            .objects
            .range((start, Bound::Unbounded))
            .take_while(|(key, _)| is_wanted(key));
        let undone = shelf.undone_since(version);
        if undone.is_empty() {
            return Ok(present.map(|(_, stored)| Arc::clone(stored)).collect());
        }
        let mut past: BTreeMap<&ObjectKey, &Arc<Stored>> = present.collect();
        for (key, before) in undone {
            if !is_wanted(key) || after.is_some_and(|after| key <= after) {
                continue;
            }
            match before {
                Some(before) => past.insert(key, before),
                None => past.remove(key),
            };
        }
        Ok(past.into_values().cloned().collect())
    }

    /// What happened to objects of `kind` after `version`, in order, at most `limit` changes.
    pub(crate) fn changes_since(
        &self,
        kind: &GroupKind,
        version: u64,
        limit: usize,
    ) -> Result<Vec<Arc<Change>>, Expired> {
        let inner = self.read();
        inner.check_reach(kind, version)?;
        let Some(shelf) = inner.kinds.get(kind) else {
            return Ok(Vec::new());
        };
        let from = position_after(&shelf.history, version);
        Ok(shelf
            .history
            .iter()
            .skip(from)
            .take(limit)
            .cloned()
            .collect())
    }
}

impl Inner {
    /// Whether the history of `kind` reaches back to `version`.
    fn check_reach(&self, kind: &GroupKind, version: u64) -> Result<(), Expired> {
        let of_kind = self.kinds.get(kind).map_or(0, |shelf| shelf.compacted);
        let oldest = of_kind.max(self.floor);
        if version < oldest {
            return Err(Expired { oldest });
        }
        Ok(())
    }
}

impl Shelf {
    /// The objects that changed after `version`, each as it was before.
    fn undone_since(&self, version: u64) -> BTreeMap<&ObjectKey, Option<&Arc<Stored>>> {
        let mut undone = BTreeMap::new();
        for change in self
            .history
            .iter()
            .skip(position_after(&self.history, version))
        {
            undone
                .entry(&change.after.key)
                .or_insert(change.before.as_ref());
        }
        undone
    }
}

fn position_after(history: &VecDeque<Arc<Change>>, version: u64) -> usize {
    history.partition_point(|change| change.version <= version)
}
