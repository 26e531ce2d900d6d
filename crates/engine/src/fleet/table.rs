//! The rows of one kind, each in a slot that stays its own as long as the object lives, with the
//! indices that joins need. Every change and every look-up costs the same however many rows there
//! are.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use slab::Slab;
use strata_domain::{
    custom::Custom,
    ids::{ObjectKey, Uid},
    metadata::Metadata,
    node::Node,
    plain::Plain,
    pod::Pod,
    resource_slice::ResourceSlice,
    text::Text,
    workload::Workload,
};

use super::slots::Slots;

/// Where a row lies in its table. A slot is given to another object once its object is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub(super) u32);

impl Slot {
    /// The slot at the position `at`.
    #[cfg(test)]
    pub(crate) fn at(at: u32) -> Self {
        Self(at)
    }

    /// The slot as a position from 0; the highest is near the number of rows.
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

/// What a table must know of its rows.
pub trait Keyed {
    /// What every object carries.
    fn metadata(&self) -> &Metadata;

    /// The node that the object belongs to, if it belongs to one.
    fn node(&self) -> Option<&Text> {
        None
    }
}

impl Keyed for Node {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl Keyed for Pod {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn node(&self) -> Option<&Text> {
        (!self.node.is_empty()).then_some(&self.node)
    }
}

impl Keyed for Workload {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl Keyed for ResourceSlice {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn node(&self) -> Option<&Text> {
        (!self.node.is_empty()).then_some(&self.node)
    }
}

impl Keyed for Plain {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl Keyed for Custom {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

/// The rows of one kind.
///
/// The indices by identity and by name hold slots alone, and read the key from the row: 5 bytes a
/// row instead of a second copy of each key.
#[derive(Debug)]
pub struct Table<T> {
    rows: Slab<Box<T>>,
    hasher: DefaultHashBuilder,
    by_uid: HashTable<Slot>,
    by_key: HashTable<Slot>,
    by_owner: HashMap<Uid, Slots>,
    by_node: HashMap<Text, Slots>,
    /// How many rows each namespace has.
    namespaces: HashMap<Text, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Slab::new(),
            hasher: DefaultHashBuilder::default(),
            by_uid: HashTable::new(),
            by_key: HashTable::new(),
            by_owner: HashMap::new(),
            by_node: HashMap::new(),
            namespaces: HashMap::new(),
        }
    }
}

impl<T: Keyed> Table<T> {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every row, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().map(|(_, row)| &**row)
    }

    /// Every slot that has a row, in order.
    pub fn slots(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.rows
            .iter()
            .filter_map(|(at, row)| Some((Slot(u32::try_from(at).ok()?), &**row)))
    }

    /// The row in `slot`.
    pub fn at(&self, slot: Slot) -> Option<&T> {
        self.rows.get(slot.position()).map(|row| &**row)
    }

    /// The row of the object `uid`.
    pub fn get(&self, uid: &Uid) -> Option<&T> {
        self.at(self.slot_of(uid)?)
    }

    /// The slot of the object `uid`.
    pub fn slot_of(&self, uid: &Uid) -> Option<Slot> {
        let hash = self.hasher.hash_one(uid);
        let is_it = |slot: &Slot| self.at(*slot).is_some_and(|row| row.metadata().uid == *uid);
        self.by_uid.find(hash, is_it).copied()
    }

    /// The row called `name` in `namespace` (empty: of the whole cluster).
    pub fn named(&self, namespace: &str, name: &str) -> Option<&T> {
        let hash = self.hasher.hash_one((namespace, name));
        let is_it = |slot: &Slot| {
            self.at(*slot).is_some_and(|row| {
                let key = &row.metadata().key;
                key.name == name && key.namespace == namespace
            })
        };
        self.at(*self.by_key.find(hash, is_it)?)
    }

    /// The rows that `owner` controls.
    pub fn owned_by(&self, owner: &Uid) -> impl Iterator<Item = &T> {
        self.members(self.by_owner.get(owner))
    }

    /// The rows that belong to the node `node`.
    pub fn on_node(&self, node: &str) -> impl Iterator<Item = &T> {
        self.members(self.by_node.get(node))
    }

    /// The slots of the rows that belong to the node `node`.
    pub fn slots_on_node(&self, node: &str) -> impl Iterator<Item = Slot> {
        self.by_node.get(node).into_iter().flat_map(Slots::iter)
    }

    /// Every namespace that has rows, and how many, in no particular order.
    pub fn namespaces(&self) -> impl Iterator<Item = (&Text, usize)> {
        self.namespaces
            .iter()
            .map(|(namespace, rows)| (namespace, *rows))
    }

    fn members<'a>(&'a self, slots: Option<&'a Slots>) -> impl Iterator<Item = &'a T> {
        slots
            .into_iter()
            .flat_map(Slots::iter)
            .filter_map(|slot| self.at(slot))
    }

    /// Puts `row` in, in place of the one with the same identity. Returns its slot.
    pub fn apply(&mut self, row: Box<T>) -> Option<Slot> {
        let Some(slot) = self.slot_of(&row.metadata().uid) else {
            let slot = Slot(u32::try_from(self.rows.insert(row)).ok()?);
            self.enter(slot);
            return Some(slot);
        };
        let moved = self
            .at(slot)
            .is_some_and(|before| !stands_alike(before, &row));
        if moved {
            self.leave(slot);
        }
        if let Some(place) = self.rows.get_mut(slot.position()) {
            *place = row;
        }
        if moved {
            self.enter(slot);
        }
        Some(slot)
    }

    /// Takes the object `uid` out. Returns the slot that it had, and its row.
    pub fn remove(&mut self, uid: &Uid) -> Option<(Slot, Box<T>)> {
        let slot = self.slot_of(uid)?;
        self.leave(slot);
        Some((slot, self.rows.remove(slot.position())))
    }

    /// Keeps the rows for which `is_kept` holds. It looks at each.
    pub fn retain(&mut self, is_kept: impl Fn(&T) -> bool) {
        let gone: Vec<Uid> = self
            .iter()
            .filter(|row| !is_kept(row))
            .map(|row| row.metadata().uid.clone())
            .collect();
        for uid in &gone {
            self.remove(uid);
        }
    }

    fn enter(&mut self, slot: Slot) {
        let Self {
            rows,
            hasher,
            by_uid,
            by_key,
            by_owner,
            by_node,
            namespaces,
        } = self;
        let Some(row) = rows.get(slot.position()) else {
            return;
        };
        let metadata = row.metadata();
        let uid_at = |slot: &Slot| hash_of(rows, *slot, |metadata| hasher.hash_one(&metadata.uid));
        by_uid.insert_unique(hasher.hash_one(&metadata.uid), slot, uid_at);
        let key_at = |slot: &Slot| hash_of(rows, *slot, |metadata| hash_key(hasher, &metadata.key));
        by_key.insert_unique(hash_key(hasher, &metadata.key), slot, key_at);
        if let Some(owner) = &metadata.owner {
            by_owner.entry(owner.uid.clone()).or_default().insert(slot);
        }
        if let Some(node) = row.node() {
            by_node.entry(node.clone()).or_default().insert(slot);
        }
        if !metadata.key.namespace.is_empty() {
            *namespaces
                .entry(metadata.key.namespace.clone())
                .or_default() += 1;
        }
    }

    fn leave(&mut self, slot: Slot) {
        let Some(row) = self.rows.get(slot.position()) else {
            return;
        };
        let metadata = row.metadata();
        let is_it = |known: &Slot| *known == slot;
        if let Ok(entry) = self
            .by_uid
            .find_entry(self.hasher.hash_one(&metadata.uid), is_it)
        {
            entry.remove();
        }
        if let Ok(entry) = self
            .by_key
            .find_entry(hash_key(&self.hasher, &metadata.key), is_it)
        {
            entry.remove();
        }
        if let Some(owner) = &metadata.owner {
            take_out(&mut self.by_owner, &owner.uid, slot);
        }
        if let Some(node) = row.node() {
            take_out(&mut self.by_node, node, slot);
        }
        count_out(&mut self.namespaces, &metadata.key.namespace);
    }
}

impl<T: Keyed> FromIterator<Box<T>> for Table<T> {
    fn from_iter<I: IntoIterator<Item = Box<T>>>(rows: I) -> Self {
        let mut table = Self::default();
        for row in rows {
            table.apply(row);
        }
        table
    }
}

/// Whether two rows of one object stand at the same place in every index.
fn stands_alike<T: Keyed>(before: &T, after: &T) -> bool {
    fn owner(metadata: &Metadata) -> Option<&Uid> {
        metadata.owner.as_ref().map(|owner| &owner.uid)
    }
    before.node() == after.node()
        && before.metadata().key == after.metadata().key
        && owner(before.metadata()) == owner(after.metadata())
}

fn hash_key(hasher: &DefaultHashBuilder, key: &ObjectKey) -> u64 {
    hasher.hash_one((key.namespace.as_str(), key.name.as_str()))
}

fn hash_of<T: Keyed>(rows: &Slab<Box<T>>, slot: Slot, hash: impl FnOnce(&Metadata) -> u64) -> u64 {
    rows.get(slot.position())
        .map_or(0, |row| hash(row.metadata()))
}

fn take_out<K: Hash + Eq>(index: &mut HashMap<K, Slots>, key: &K, slot: Slot) {
    let Some(slots) = index.get_mut(key) else {
        return;
    };
    slots.remove(slot);
    if slots.is_empty() {
        index.remove(key);
    }
}

fn count_out(namespaces: &mut HashMap<Text, usize>, namespace: &Text) {
    let Some(rows) = namespaces.get_mut(namespace) else {
        return;
    };
    *rows -= 1;
    if *rows == 0 {
        namespaces.remove(namespace);
    }
}

#[cfg(test)]
mod tests;
