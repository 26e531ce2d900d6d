//! What changed since it was last computed with: bounded by the objects, never by the events.

use std::{
    collections::{BTreeSet, HashSet},
    hash::Hash,
};

use strata_domain::{
    ids::{GroupKind, Uid},
    text::Text,
};

use crate::fleet::{
    cluster::{Place, place_of},
    table::Slot,
};

/// What changed in one cluster.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that change by themselves"
)]
pub struct Dirty {
    /// The connection came to another state.
    pub connection: bool,
    /// The server was asked anew what it serves.
    pub served: bool,
    /// A watch came to another state.
    pub watches: bool,
    /// Something was heard; nothing need have changed.
    pub heard: bool,
    /// The nodes that are new, changed or gone.
    pub nodes: Changed<Text>,
    /// The pods that are new, changed or gone.
    pub pods: PodsChanged,
    /// Every other kind of which an object is new, changed or gone.
    pub kinds: BTreeSet<GroupKind>,
    /// The objects of these kinds that are new, changed or gone.
    pub objects: Changed<Uid>,
}

impl Dirty {
    /// Everything, as when nothing was computed yet.
    pub fn everything() -> Self {
        Self {
            connection: true,
            served: true,
            watches: true,
            heard: true,
            nodes: Changed::All,
            pods: PodsChanged {
                slots: Changed::All,
            },
            kinds: BTreeSet::new(),
            objects: Changed::All,
        }
    }

    /// Whether anything changed that rows are derived from; that something was heard is none.
    pub fn is_stale(&self) -> bool {
        self.connection || self.served || self.watches || self.is_any_object()
    }

    /// Whether an object is new, changed or gone.
    pub fn is_any_object(&self) -> bool {
        !self.nodes.is_none() || !self.pods.slots.is_none() || !self.kinds.is_empty()
    }

    /// Takes in what changed later.
    pub fn merge(&mut self, later: Self) {
        self.connection |= later.connection;
        self.served |= later.served;
        self.watches |= later.watches;
        self.heard |= later.heard;
        self.nodes.merge(later.nodes);
        self.pods.slots.merge(later.pods.slots);
        self.kinds.extend(later.kinds);
        self.objects.merge(later.objects);
    }

    /// The whole list of `kind` was swapped.
    pub(super) fn kind_replaced(&mut self, kind: &GroupKind) {
        match place_of(kind) {
            Place::Nodes => self.nodes = Changed::All,
            Place::Pods => {
                self.pods = PodsChanged {
                    slots: Changed::All,
                };
            }
            _ => {
                self.kinds.insert(kind.clone());
                self.objects = Changed::All;
            }
        }
    }
}

/// Which pods changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodsChanged {
    /// The slots in which a pod is new, changed or gone.
    pub slots: Changed<Slot>,
}

/// Which of many changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed<K: Eq + Hash> {
    /// These; none, if it is empty.
    Some(HashSet<K>),
    /// All of them may have.
    All,
}

impl<K: Eq + Hash> Default for Changed<K> {
    fn default() -> Self {
        Self::Some(HashSet::new())
    }
}

impl<K: Eq + Hash> Changed<K> {
    /// Whether none changed.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Some(keys) if keys.is_empty())
    }

    /// Whether `key` may have changed.
    pub fn contains(&self, key: &K) -> bool {
        match self {
            Self::Some(keys) => keys.contains(key),
            Self::All => true,
        }
    }

    pub(crate) fn insert(&mut self, key: K) {
        if let Self::Some(keys) = self {
            keys.insert(key);
        }
    }

    pub(crate) fn merge(&mut self, later: Self) {
        match (&mut *self, later) {
            (Self::Some(keys), Self::Some(later)) => keys.extend(later),
            _ => *self = Self::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hearing_alone_makes_nothing_stale() {
        let heard = Dirty {
            heard: true,
            ..Dirty::default()
        };
        assert!(!heard.is_stale());
        let watched = Dirty {
            watches: true,
            ..Dirty::default()
        };
        assert!(watched.is_stale() && !watched.is_any_object());
    }

    #[test]
    fn a_swapped_list_outweighs_single_changes() {
        let mut dirty = Dirty::default();
        dirty.kind_replaced(&GroupKind::new("", "Pod"));
        let mut later = Dirty::default();
        later.pods.slots.insert(Slot::at(7));
        later.merge(dirty.clone());
        assert_eq!(later.pods.slots, Changed::All);
        dirty.merge(Dirty::default());
        assert!(dirty.pods.slots.contains(&Slot::at(1)));
    }
}
