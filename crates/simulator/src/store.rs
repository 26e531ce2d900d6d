//! What etcd holds: every object in its latest form, and a bounded history of changes.
//!
//! Objects are kept as the bytes that a list or a watch sends (without `kind` and `apiVersion`,
//! which depend on the version asked for), so that answering is copying. Those who change an object
//! parse it first; that is rare beside reading.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};
use tokio::sync::watch;

pub(crate) use self::stored::{Owner, Stored};
use crate::{clock::VirtualClock, json, random};

mod reading;
pub(crate) mod removal;
mod snapshot;
mod stored;

/// Changes kept for each kind; a watch or a page from before them is answered `410 Gone`.
const HISTORY: usize = 8192;

/// The objects of the cluster.
#[derive(Debug)]
pub(crate) struct Store {
    clock: Arc<VirtualClock>,
    history: usize,
    inner: RwLock<Inner>,
    /// Held by who changes objects that are there: an actor reads, thinks and writes, and nobody's
    /// write may fall between.
    changing: Mutex<()>,
}

#[derive(Debug)]
struct Inner {
    /// The last resource version given out.
    version: u64,
    /// Nothing from before this version can be asked for, of any kind.
    floor: u64,
    kinds: HashMap<GroupKind, Shelf>,
    /// The objects that each object controls or owns, by its UID.
    dependents: HashMap<Text, BTreeSet<(GroupKind, ObjectKey)>>,
    /// What changed since the actors looked last.
    unseen: Vec<Reference>,
    random: ChaCha8Rng,
}

/// The objects of one kind.
#[derive(Debug)]
struct Shelf {
    objects: BTreeMap<ObjectKey, Arc<Stored>>,
    history: VecDeque<Arc<Change>>,
    /// The version of the newest change that is no longer in the history.
    compacted: u64,
    /// The version of the latest change; watches wait on it.
    latest: watch::Sender<u64>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            objects: BTreeMap::new(),
            history: VecDeque::new(),
            compacted: 0,
            latest: watch::Sender::new(0),
        }
    }
}

/// An object that changed.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) kind: GroupKind,
    pub(crate) key: ObjectKey,
    pub(crate) uid: Text,
    /// What controls it, if anything does, in its namespace.
    pub(crate) controller: Option<(GroupKind, ObjectKey)>,
    /// The object as the change left it; for a deletion its last form.
    pub(crate) last: Arc<Stored>,
}

/// One change of one object.
#[derive(Debug)]
pub(crate) struct Change {
    /// The resource version that the change made.
    pub(crate) version: u64,
    /// The object before it; none for a creation.
    pub(crate) before: Option<Arc<Stored>>,
    /// The object after it; for a deletion its last form, with the version of the deletion.
    pub(crate) after: Arc<Stored>,
    /// Whether the object is gone with it.
    pub(crate) is_deletion: bool,
}

/// A write that the store refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is one of that name.
    AlreadyExists,
    /// There is none of that name.
    NotFound,
    /// The writer knows an older version.
    Conflict,
}

impl Store {
    pub(crate) fn new(clock: Arc<VirtualClock>, seed: u64) -> Self {
        Self::with_history(clock, seed, HISTORY)
    }

    pub(crate) fn with_history(clock: Arc<VirtualClock>, seed: u64, history: usize) -> Self {
        let inner = Inner {
            version: 1,
            floor: 0,
            kinds: HashMap::new(),
            dependents: HashMap::new(),
            unseen: Vec::new(),
            random: ChaCha8Rng::seed_from_u64(seed ^ 0x0073_746f_7265),
        };
        Self {
            clock,
            history,
            inner: RwLock::new(inner),
            changing: Mutex::new(()),
        }
    }

    // A panic while writing leaves at worst one object half written in memory; the demo goes on.
    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A suffix for a name that the server makes up.
    pub(crate) fn suffix(&self) -> String {
        random::suffix(&mut self.write().random, 5)
    }

    /// An identity for an object that does not have one yet.
    pub(crate) fn uid(&self) -> String {
        random::uuid(&mut self.write().random)
    }

    /// What changed since the last call, in order.
    pub(crate) fn take_unseen(&self) -> Vec<Reference> {
        std::mem::take(&mut self.write().unseen)
    }

    /// Forgets the history up to now, as a compaction of etcd does: a watch or a page from before is
    /// answered `410 Gone`.
    pub(crate) fn compact(&self) {
        let mut inner = self.write();
        inner.floor = inner.version;
        for shelf in inner.kinds.values_mut() {
            shelf.history = VecDeque::new();
        }
    }

    /// Waits on changes of `kind`.
    pub(crate) fn subscribe(&self, kind: &GroupKind) -> watch::Receiver<u64> {
        self.write()
            .kinds
            .entry(kind.clone())
            .or_default()
            .latest
            .subscribe()
    }

    /// Creates an object: gives it identity, version, generation and time.
    pub(crate) fn create(&self, kind: &GroupKind, object: Value) -> Result<Arc<Stored>, Refused> {
        let key = stored::key_of(&object);
        let mut inner = self.write();
        let object = inner.made(kind, &key, object, &self.clock)?;
        Ok(inner.put(kind, key, object, None, self.history))
    }

    /// What [`Store::create`] would make of `object`; nothing is stored, so it has no version.
    pub(crate) fn create_dry(
        &self,
        kind: &GroupKind,
        object: Value,
    ) -> Result<Arc<Stored>, Refused> {
        let key = stored::key_of(&object);
        let object = self.write().made(kind, &key, object, &self.clock)?;
        Ok(Arc::new(Stored::new(key, 0, &object)))
    }

    /// Replaces an object by `object`, whose `metadata.resourceVersion`, where it has one, must be
    /// the latest. What the server owns (identity, times, generation) stays as it is. A write that
    /// changes nothing makes no version.
    pub(crate) fn replace(&self, kind: &GroupKind, object: Value) -> Result<Arc<Stored>, Refused> {
        let _turn = self.turn();
        self.replace_in_turn(kind, object)
    }

    fn replace_in_turn(&self, kind: &GroupKind, object: Value) -> Result<Arc<Stored>, Refused> {
        let key = stored::key_of(&object);
        let mut inner = self.write();
        let (before, object) = inner.changed(kind, &key, object)?;
        let Some(object) = object else {
            return Ok(before);
        };
        if removal::ends(kind, &before.value(), &object) {
            let answer = Arc::new(Stored::new(key.clone(), before.version, &object));
            if let Some(shelf) = inner.kinds.get_mut(kind) {
                shelf.objects.remove(&key);
            }
            inner.bury(kind, before, object, self.history);
            return Ok(answer);
        }
        Ok(inner.put(kind, key, object, Some(before), self.history))
    }

    /// What [`Store::replace`] would make of `object`, with the version that is there; nothing is
    /// stored.
    pub(crate) fn replace_dry(
        &self,
        kind: &GroupKind,
        object: Value,
    ) -> Result<Arc<Stored>, Refused> {
        let key = stored::key_of(&object);
        let (before, object) = self.read().changed(kind, &key, object)?;
        Ok(match object {
            Some(object) => Arc::new(Stored::new(key, before.version, &object)),
            None => before,
        })
    }

    /// Changes an object in place; nothing happens where there is none. `change` may read the store,
    /// and not write to it.
    pub(crate) fn update(
        &self,
        kind: &GroupKind,
        key: &ObjectKey,
        change: impl FnOnce(&mut Value),
    ) -> Option<Arc<Stored>> {
        let _turn = self.turn();
        let mut object = self.get(kind, key)?.value();
        change(&mut object);
        stored::metadata_of(&mut object).remove("resourceVersion");
        self.replace_in_turn(kind, object).ok()
    }

    /// Removes an object at once, and returns its last form.
    pub(crate) fn delete(&self, kind: &GroupKind, key: &ObjectKey) -> Option<Arc<Stored>> {
        let _turn = self.turn();
        self.write().take(kind, key, self.history)
    }
}

impl Inner {
    /// The new object with what the server gives it: identity, time, generation.
    fn made(
        &mut self,
        kind: &GroupKind,
        key: &ObjectKey,
        mut object: Value,
        clock: &VirtualClock,
    ) -> Result<Value, Refused> {
        let shelf = self.kinds.get(kind);
        if shelf.is_some_and(|shelf| shelf.objects.contains_key(key)) {
            return Err(Refused::AlreadyExists);
        }
        // Admission gives identity early where an object's own fields repeat it.
        let uid = match json::text(&object, "/metadata/uid") {
            "" => random::uuid(&mut self.random),
            given => given.to_owned(),
        };
        let metadata = stored::metadata_of(&mut object);
        metadata.insert("uid".to_owned(), uid.into());
        metadata
            .entry("creationTimestamp")
            .or_insert_with(|| crate::clock::stamp(clock.now()).into());
        if stored::has_generation(kind) {
            metadata.insert("generation".to_owned(), 1.into());
        }
        stored::add_defaults(kind, &mut object);
        Ok(object)
    }

    /// What is there, and the object that takes its place; none where nothing changes.
    fn changed(
        &self,
        kind: &GroupKind,
        key: &ObjectKey,
        mut object: Value,
    ) -> Result<(Arc<Stored>, Option<Value>), Refused> {
        let before = self
            .kinds
            .get(kind)
            .and_then(|shelf| shelf.objects.get(key))
            .cloned()
            .ok_or(Refused::NotFound)?;
        let old = before.value();
        let known = object
            .pointer("/metadata/resourceVersion")
            .and_then(Value::as_str);
        if known.is_some_and(|known| !known.is_empty() && known != before.version.to_string()) {
            return Err(Refused::Conflict);
        }
        stored::keep_what_the_server_owns(&mut object, &old);
        stored::count_templates(kind, &mut object, &old);
        if object == old {
            return Ok((before, None));
        }
        if stored::is_another_generation(kind, &object, &old) {
            let generation = old.pointer("/metadata/generation").and_then(Value::as_u64);
            stored::metadata_of(&mut object).insert(
                "generation".to_owned(),
                (generation.unwrap_or(0) + 1).into(),
            );
        }
        Ok((before, Some(object)))
    }

    fn put(
        &mut self,
        kind: &GroupKind,
        key: ObjectKey,
        mut object: Value,
        before: Option<Arc<Stored>>,
        history: usize,
    ) -> Arc<Stored> {
        self.version += 1;
        let version = self.version;
        stored::metadata_of(&mut object)
            .insert("resourceVersion".to_owned(), version.to_string().into());
        let after = Arc::new(Stored::new(key.clone(), version, &object));
        if let Some(before) = &before {
            self.forget_owners(kind, before);
        }
        for owner in &after.owners {
            self.dependents
                .entry(owner.uid.clone())
                .or_default()
                .insert((kind.clone(), key.clone()));
        }
        let shelf = self.kinds.entry(kind.clone()).or_default();
        shelf.objects.insert(key, Arc::clone(&after));
        let change = Change {
            version,
            before,
            after: Arc::clone(&after),
            is_deletion: false,
        };
        self.record(kind, change, history);
        after
    }

    fn forget_owners(&mut self, kind: &GroupKind, stored: &Stored) {
        for owner in &stored.owners {
            if let Some(dependents) = self.dependents.get_mut(&owner.uid) {
                dependents.remove(&(kind.clone(), stored.key.clone()));
                if dependents.is_empty() {
                    self.dependents.remove(&owner.uid);
                }
            }
        }
    }

    fn record(&mut self, kind: &GroupKind, change: Change, history: usize) {
        let version = change.version;
        self.unseen.push(Reference {
            kind: kind.clone(),
            key: change.after.key.clone(),
            uid: change.after.uid.clone(),
            controller: change.after.controller_key(),
            last: Arc::clone(&change.after),
        });
        let shelf = self.kinds.entry(kind.clone()).or_default();
        shelf.history.push_back(Arc::new(change));
        if shelf.history.len() > history
            && let Some(oldest) = shelf.history.pop_front()
        {
            shelf.compacted = oldest.version;
        }
        shelf.latest.send_replace(version);
    }
}
