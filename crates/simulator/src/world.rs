//! The world behind the API server: time, chance, and actors that react to what is in the store.
//!
//! Everything is done by one thread in a fixed order: objects that changed are looked at in the
//! order of their changes, and what is due is done in the order of its time. So the same seed and
//! the same calls give the same history. Actors are level-triggered: each looks at an object as it
//! is and moves it a step, as real controllers do.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use self::agenda::{Agenda, Deed};
use crate::{
    actors::{
        self, capacity::Capacity, controllers::Accounts, events::Recorder, kubelet::Kubelets,
        pods::Refusal, quotas::Tallies, volumes::Volumes,
    },
    clock::{self, VirtualClock},
    json, random,
    scenario::{Story, Trouble, TroubleKind},
    store::{Reference, Store, Stored, removal::Removal},
    telemetry::Inventory,
};

pub(crate) mod agenda;
mod copies;
mod setup;

/// How a workload's pods behave; real objects do not say it.
#[derive(Clone, Debug)]
pub(crate) struct Behaviour {
    pub(crate) run_for: Option<Duration>,
    pub(crate) startup: Duration,
    pub(crate) trouble: Option<Trouble>,
    /// What the pods in trouble run, by its hash: what runs something else is well.
    pub(crate) troubled_program: Option<u64>,
}

/// A cluster's actors and what they remember.
pub(crate) struct World {
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) random: ChaCha8Rng,
    pub(crate) agenda: Agenda,
    /// What nodes have and what of it is taken: the scheduler's cache.
    pub(crate) capacity: Capacity,
    /// What exporters, engines and Prometheus tell of.
    pub(crate) inventory: Arc<Inventory>,
    /// Pods that fit nowhere.
    pub(crate) unschedulable: BTreeSet<ObjectKey>,
    /// Whether something happened that may let a waiting pod or job in.
    pub(crate) room_was_made: bool,
    /// What the built-in controllers keep account of.
    pub(crate) controllers: Accounts,
    /// Whether something happened that matters to who waits for quota.
    pub(crate) queues_changed: bool,
    /// Disruption budgets that have to be counted anew.
    pub(crate) disturbed: BTreeSet<ObjectKey>,
    /// Claims, volumes and who uses them.
    pub(crate) volumes: Volumes,
    /// What quotas have used.
    pub(crate) quotas: Tallies,
    /// What makes pods that the API server refuses, by its UID.
    pub(crate) refused: HashMap<Text, Refusal>,
    pub(crate) recorder: Recorder,
    /// By namespace and name of the topmost owner.
    pub(crate) behaviours: HashMap<ObjectKey, Behaviour>,
    /// Pods in trouble, by UID.
    pub(crate) troubled: HashMap<Text, (ObjectKey, TroubleKind)>,
    pub(crate) kubelets: Kubelets,
    /// When a pod of each job failed last, by the job's UID.
    pub(crate) job_failures: HashMap<Text, Timestamp>,
    /// Since when each node has a taint that evicts, by its key.
    pub(crate) taints_since: BTreeMap<(Text, String), Timestamp>,
    /// Pods that their kubelet is stopping, by UID.
    pub(crate) stopping: HashSet<Text>,
    /// The cluster's last start; until then it is being set up, and steps take no time.
    pub(crate) begins: Timestamp,
    pub(crate) is_setting_up: bool,
    pub(crate) stories: Vec<Story>,
    /// How often each story has happened.
    pub(crate) told: Vec<usize>,
    queue: VecDeque<(GroupKind, ObjectKey)>,
    queued: HashSet<(GroupKind, ObjectKey)>,
}

impl World {
    pub(crate) fn new(store: Arc<Store>, clock: Arc<VirtualClock>, seed: u64) -> Self {
        let begins = clock.now();
        Self {
            store,
            clock,
            random: ChaCha8Rng::seed_from_u64(seed),
            agenda: Agenda::default(),
            capacity: Capacity::default(),
            inventory: Arc::default(),
            unschedulable: BTreeSet::new(),
            room_was_made: false,
            controllers: Accounts::default(),
            queues_changed: false,
            disturbed: BTreeSet::new(),
            volumes: Volumes::default(),
            quotas: Tallies::default(),
            refused: HashMap::new(),
            recorder: Recorder::default(),
            behaviours: HashMap::new(),
            troubled: HashMap::new(),
            kubelets: Kubelets::default(),
            job_failures: HashMap::new(),
            taints_since: BTreeMap::new(),
            stopping: HashSet::new(),
            begins,
            is_setting_up: true,
            stories: Vec::new(),
            told: Vec::new(),
            queue: VecDeque::new(),
            queued: HashSet::new(),
        }
    }

    /// The cluster's now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The cluster's now, as the API writes it.
    pub(crate) fn stamp(&self) -> String {
        clock::stamp(self.now())
    }

    /// Lets time pass up to `until`: does what is due, each at its time.
    pub(crate) fn advance_to(&mut self, until: Timestamp) {
        self.settle();
        while let Some((at, deed)) = self.agenda.next_until(until) {
            if at > self.now() {
                self.clock.set(at);
            }
            self.perform(deed);
            self.settle();
        }
        if until > self.now() {
            self.clock.set(until);
        }
    }

    /// Plans `deed` after `delay`.
    pub(crate) fn after(&mut self, delay: Duration, deed: Deed) {
        let at = clock::later(self.now(), delay);
        self.agenda.plan(at, deed);
    }

    /// A time between `from` and `to` seconds, by chance.
    pub(crate) fn seconds(&mut self, from: u64, to: u64) -> Duration {
        random::between(
            &mut self.random,
            Duration::from_secs(from),
            Duration::from_secs(to),
        )
    }

    /// Looks at everything that changed, and at what that changes, until nothing does.
    pub(crate) fn settle(&mut self) {
        loop {
            for reference in self.store.take_unseen() {
                self.notice(&reference);
            }
            if let Some((kind, key)) = self.queue.pop_front() {
                self.queued.remove(&(kind.clone(), key.clone()));
                actors::reconcile(self, &kind, &key);
            } else if std::mem::take(&mut self.room_was_made) {
                actors::scheduler::retry(self);
            } else if std::mem::take(&mut self.queues_changed) {
                actors::queueing::settle(self);
            } else if !self.disturbed.is_empty() {
                actors::disruption::settle(self);
            } else if !self.controllers.is_settled() {
                actors::controllers::settle(self);
            } else if !self.quotas.is_settled() {
                actors::quotas::settle(self);
            } else {
                return;
            }
        }
    }

    /// Puts an object in line to be looked at.
    pub(crate) fn enqueue(&mut self, kind: GroupKind, key: ObjectKey) {
        let entry = (kind, key);
        if self.queued.insert(entry.clone()) {
            self.queue.push_back(entry);
        }
    }

    /// Takes note of a changed object: its owners may have to act, and when it is gone, what it
    /// owned goes too.
    fn notice(&mut self, reference: &Reference) {
        let current = self.store.get(&reference.kind, &reference.key);
        let is_same = current
            .as_ref()
            .is_some_and(|stored| stored.uid == reference.uid);
        if let Some(stored) = current.as_ref().filter(|_| is_same) {
            actors::observe(self, &reference.kind, stored);
        } else {
            actors::forget(self, reference);
        }
        let mut controller = reference.controller.clone();
        let mut is_in_a_group = false;
        while let Some((kind, key)) = controller {
            // A set that a pod controls is part of a group, which matters to all above that pod.
            is_in_a_group |= kind == pod_kind();
            let stored = if is_in_a_group {
                self.store.get(&kind, &key)
            } else {
                None
            };
            controller = stored.and_then(|stored| stored.controller_key());
            self.enqueue(kind, key);
        }
        self.enqueue(reference.kind.clone(), reference.key.clone());
    }

    fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Pod { key, uid, step } => actors::kubelet::step(self, &key, &uid, step),
            Deed::Heartbeat => actors::nodes::heartbeat(self),
            Deed::NodeBack(name) => actors::nodes::come_back(self, &name),
            Deed::NodeMissing(node) => actors::controllers::pod_garbage::collect(self, &node),
            Deed::Tell(index) => actors::storyteller::tell(self, index),
            Deed::Remove { kind, key } => {
                self.remove(&kind, &key, &Removal::background());
            }
            Deed::Look { kind, key } => self.enqueue(kind, key),
            Deed::SweepEvents => actors::events::sweep(self),
        }
    }

    /// Creates an object of `kind`; nothing is created in a namespace that goes.
    pub(crate) fn create(&mut self, kind: &GroupKind, object: Value) -> Option<Arc<Stored>> {
        let namespace = ObjectKey::new("", json::text(&object, "/metadata/namespace"));
        let place = self.store.get(&namespace_kind(), &namespace);
        if place.is_some_and(|place| place.is_ending) {
            tracing::debug!(%kind, %namespace, "nothing is created in a namespace that goes");
            return None;
        }
        match self.store.create(kind, object) {
            Ok(stored) => Some(stored),
            Err(refused) => {
                tracing::debug!(%kind, ?refused, "the simulator could not create an object");
                None
            }
        }
    }

    /// Writes the status of an object, if it differs.
    pub(crate) fn set_status(&mut self, kind: &GroupKind, key: &ObjectKey, status: Value) {
        self.store.update(kind, key, |object| {
            json::as_object(object).insert("status".to_owned(), status);
        });
    }

    /// Asks for the deletion of a pod: at once where nothing runs, else after its grace period.
    pub(crate) fn delete_pod(&mut self, key: &ObjectKey) {
        self.remove(&pod_kind(), key, &Removal::background());
    }

    /// Asks for the end of an object, as a client does.
    pub(crate) fn remove(&mut self, kind: &GroupKind, key: &ObjectKey, removal: &Removal) {
        let removal = Removal {
            // While the cluster is set up nothing has to be stopped.
            grace_seconds: removal.grace_seconds.or(self.is_setting_up.then_some(0)),
            ..removal.clone()
        };
        if let Err(refused) = self.store.remove(kind, key, &removal) {
            tracing::debug!(%kind, %key, ?refused, "there was nothing to remove");
        }
    }

    /// Namespace and name of the topmost object that controls `stored`; its own where none does.
    pub(crate) fn root_of(&self, stored: &Stored) -> ObjectKey {
        let mut key = stored.key.clone();
        let mut owner = stored.controller().cloned();
        while let Some(next) = owner {
            let namespaced = ObjectKey::new(key.namespace.clone(), next.name.clone());
            let Some(stored) = self.store.get(&next.kind, &namespaced) else {
                break;
            };
            key = namespaced;
            owner = stored.controller().cloned();
        }
        key
    }

    /// How the pods of the workload that `stored` belongs to behave.
    pub(crate) fn behaviour_of(&self, stored: &Stored) -> Option<(ObjectKey, Behaviour)> {
        let root = self.root_of(stored);
        self.behaviours
            .get(&root)
            .map(|behaviour| (root, behaviour.clone()))
    }
}

/// The kind of pods.
pub(crate) fn pod_kind() -> GroupKind {
    GroupKind::new("", "Pod")
}

/// The kind of namespaces.
pub(crate) fn namespace_kind() -> GroupKind {
    GroupKind::new("", "Namespace")
}

/// The kind of nodes.
pub(crate) fn node_kind() -> GroupKind {
    GroupKind::new("", "Node")
}

/// A controlling owner reference to `owner`.
pub(crate) fn owner_reference(api_version: &str, kind: &str, owner: &Stored) -> Value {
    json!({
        "apiVersion": api_version,
        "kind": kind,
        "name": owner.key.name.as_str(),
        "uid": owner.uid.as_str(),
        "controller": true,
        "blockOwnerDeletion": true,
    })
}
