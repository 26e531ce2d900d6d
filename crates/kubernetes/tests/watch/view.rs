//! What somebody knows who has taken every event so far.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt as _, stream::BoxStream};
use jiff::Timestamp;
use strata_domain::{
    ids::{ClusterId, GroupKind, Uid},
    object::Object,
};
use strata_kubernetes::{
    contexts::{KubeconfigContexts, Places},
    source::KubernetesSource,
};
use strata_ports::{
    clock::Clock,
    cluster::{ClusterEvent, ClusterSource as _, WatchPlan, WatchState},
    connection::ConnectionState,
    error::PortError,
    settings::SettingsStore,
};
use tokio::time::{Instant, timeout};

use crate::server::{Kind, Server};

/// Long past every back-off: a state that has not come by then never comes. Time is paused in
/// these tests, so that waiting costs nothing.
const NEVER: Duration = Duration::from_mins(10);

/// A clock that runs with the runtime's paused time.
struct PausedClock {
    begun: Instant,
}

impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap() + self.begun.elapsed()
    }
}

struct NoSettings;

impl SettingsStore for NoSettings {
    fn read(&self, _: &str) -> Result<Option<String>, PortError> {
        Ok(None)
    }

    fn write(&self, _: &str, _: &str) -> Result<(), PortError> {
        Ok(())
    }
}

/// Follows a server and keeps what it says.
pub(crate) struct View {
    events: BoxStream<'static, Vec<ClusterEvent>>,
    _contexts: Arc<KubeconfigContexts>,
    /// The state of the connection.
    pub(crate) connection: Option<ConnectionState>,
    /// Every state that the connection came to.
    pub(crate) connections: Vec<ConnectionState>,
    /// The state of each kind.
    pub(crate) watches: HashMap<GroupKind, WatchState>,
    /// Every state that each kind came to.
    pub(crate) states: HashMap<GroupKind, Vec<WatchState>>,
    /// The objects.
    pub(crate) objects: BTreeMap<Uid, Object>,
    /// How often each kind was replaced.
    pub(crate) replaced: HashMap<GroupKind, usize>,
    /// How many objects of each kind came by themselves.
    pub(crate) applied: HashMap<GroupKind, usize>,
    /// What is served.
    pub(crate) served: Vec<GroupKind>,
    /// Bytes heard of each kind, and when last.
    pub(crate) heard: HashMap<GroupKind, (u64, Timestamp)>,
}

impl View {
    /// Begins to follow `server`.
    pub(crate) fn of(server: &Server, plan: WatchPlan) -> Self {
        let places = Places {
            with_demo: true,
            ..Places::default()
        };
        let contexts = Arc::new(KubeconfigContexts::open(&places, Arc::new(NoSettings)));
        let clock = Arc::new(PausedClock {
            begun: Instant::now(),
        });
        let source = KubernetesSource::new(Arc::clone(&contexts), Some(server.in_process()), clock);
        Self {
            events: source.watch(&ClusterId::demo(), plan),
            _contexts: contexts,
            connection: None,
            connections: Vec::new(),
            watches: HashMap::new(),
            states: HashMap::new(),
            objects: BTreeMap::new(),
            replaced: HashMap::new(),
            applied: HashMap::new(),
            served: Vec::new(),
            heard: HashMap::new(),
        }
    }

    /// Takes events until what is waited for holds.
    pub(crate) async fn until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let waiting = async {
            while !holds(self) {
                let batch = self.events.next().await.expect("the stream does not end");
                for event in batch {
                    self.take(event);
                }
            }
        };
        let came = timeout(NEVER, waiting).await.is_ok();
        let Self {
            connection,
            watches,
            ..
        } = self;
        assert!(
            came,
            "{what} never came; the connection is {connection:?}, the kinds {watches:#?}"
        );
    }

    /// Takes events for a while, for what must not happen.
    pub(crate) async fn for_a_while(&mut self, while_: Duration) {
        let end = Instant::now() + while_;
        while let Ok(batch) = tokio::time::timeout_at(end, self.events.next()).await {
            for event in batch.expect("the stream does not end") {
                self.take(event);
            }
        }
    }

    /// Takes events until `kind` is live and holds exactly what the server holds.
    pub(crate) async fn until_same(&mut self, server: &Server, kind: &Kind) {
        let expected = server.names(kind);
        self.until(&format!("{expected:?} of {}", kind.kind), |view| {
            view.is_live(kind) && view.names(kind) == expected
        })
        .await;
    }

    fn take(&mut self, event: ClusterEvent) {
        match event {
            ClusterEvent::Connection(state) => {
                self.connections.push(state.clone());
                self.connection = Some(state);
            }
            ClusterEvent::Served(kinds) => {
                self.served = kinds.into_iter().map(|served| served.kind).collect();
            }
            ClusterEvent::Watch { kind, state } => {
                self.states
                    .entry(kind.clone())
                    .or_default()
                    .push(state.clone());
                self.watches.insert(kind, state);
            }
            ClusterEvent::Replaced { kind, objects } => {
                self.objects.retain(|_, object| object.group_kind() != kind);
                *self.replaced.entry(kind).or_default() += 1;
                for object in objects {
                    self.objects.insert(object.metadata().uid.clone(), object);
                }
            }
            ClusterEvent::ReplacedIn {
                kind,
                namespace,
                objects,
            } => {
                self.objects.retain(|_, object| {
                    object.group_kind() != kind || object.metadata().key.namespace != namespace
                });
                *self.replaced.entry(kind).or_default() += 1;
                for object in objects {
                    self.objects.insert(object.metadata().uid.clone(), object);
                }
            }
            ClusterEvent::Applied(object) => {
                *self.applied.entry(object.group_kind()).or_default() += 1;
                self.objects.insert(object.metadata().uid.clone(), object);
            }
            ClusterEvent::Deleted { uid, .. } => {
                self.objects
                    .remove(&uid)
                    .expect("what is deleted was there");
            }
            ClusterEvent::Heard { kind, at, bytes } => {
                let (sum, last) = self.heard.entry(kind).or_default();
                *sum += bytes;
                *last = at;
            }
        }
    }

    pub(crate) fn watch(&self, kind: &Kind) -> Option<&WatchState> {
        self.watches.get(&group_kind(kind))
    }

    /// The state of `kind` in `namespace`, while it is watched in some.
    pub(crate) fn part(&self, kind: &Kind, namespace: &str) -> Option<&WatchState> {
        let Some(WatchState::Partial { namespaces, .. }) = self.watch(kind) else {
            return None;
        };
        let mut parts = namespaces.iter();
        parts
            .find(|part| part.namespace == namespace)
            .map(|part| &part.state)
    }

    pub(crate) fn is_live(&self, kind: &Kind) -> bool {
        self.watch(kind) == Some(&WatchState::Live)
    }

    pub(crate) fn is_connected(&self) -> bool {
        matches!(self.connection, Some(ConnectionState::Live { .. }))
    }

    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.connection, Some(ConnectionState::Stale { .. }))
    }

    pub(crate) fn replaced(&self, kind: &Kind) -> usize {
        self.replaced
            .get(&group_kind(kind))
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn applied(&self, kind: &Kind) -> usize {
        self.applied
            .get(&group_kind(kind))
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn names(&self, kind: &Kind) -> Vec<String> {
        let kind = group_kind(kind);
        let mut names: Vec<String> = self
            .objects
            .values()
            .filter(|object| object.group_kind() == kind)
            .map(|object| object.metadata().key.name.to_string())
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn group_kind(kind: &Kind) -> GroupKind {
    GroupKind::new(kind.group, kind.kind)
}
