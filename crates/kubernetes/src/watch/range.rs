//! How far a kind is followed: in the whole cluster, or in some namespaces.
//!
//! The whole cluster comes first. Where that is refused and the kind lies in namespaces, it is
//! followed in those of the plan instead, each by a [`Follower`] of its own, so that one that refuses
//! holds up no other. All of them run in one task: whoever ends it knows that nothing more is said.
//! Meanwhile the whole is tried now and then; once it is allowed, its list replaces what the
//! namespaces told.

use std::{collections::BTreeMap, sync::Arc};

use futures::future::join_all;
use strata_domain::{ids::GroupKind, text::Text};
use strata_ports::cluster::{ClusterEvent, NamespaceWatch, WatchState};
use tokio::{
    sync::{Mutex, Notify, watch},
    time::sleep,
};

use super::{
    Follower, RARELY, ask,
    backoff::jittered,
    endpoint::Endpoint,
    hub::{Hub, Line},
};

/// Follows one kind wherever it may be read.
pub(crate) struct Range {
    hub: Arc<Hub>,
    namespaces: Vec<Text>,
    whole: Follower,
    /// One for each namespace, while the whole is refused.
    parts: Vec<Follower>,
}

impl Range {
    /// Follows the kind of `endpoint`: where the whole cluster is refused, in `namespaces`.
    pub(crate) fn new(endpoint: Endpoint, hub: Arc<Hub>, namespaces: &[Text]) -> Self {
        let role = if endpoint.is_namespaced && !namespaces.is_empty() {
            Role::Whole
        } else {
            Role::Alone
        };
        Self {
            whole: Follower::new(endpoint, Arc::clone(&hub), role),
            hub,
            namespaces: namespaces.to_vec(),
            parts: Vec::new(),
        }
    }

    /// Follows the kind for as long as there is a line. `list_again` has it listed anew.
    pub(crate) async fn run(mut self, mut line: watch::Receiver<Line>, list_again: Arc<Notify>) {
        loop {
            let now = line.borrow_and_update().clone();
            tokio::select! {
                biased;
                changed = line.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
                () = list_again.notified() => self.list_again(),
                () = self.follow(now) => {}
            }
        }
    }

    fn list_again(&mut self) {
        self.whole.position = None;
        for part in &mut self.parts {
            part.position = None;
        }
    }

    /// Follows the kind over one line, until that is taken away.
    async fn follow(&mut self, line: Line) {
        loop {
            if self.parts.is_empty() {
                let refused = self.whole.follow(line.clone()).await;
                self.scatter(refused).await;
            }
            let Self { whole, parts, .. } = self;
            let parts_followed = join_all(parts.iter_mut().map(|part| part.follow(line.clone())));
            tokio::select! {
                () = whole.allowed(&line) => {}
                // A part never gives way.
                _ = parts_followed => {}
            }
            self.parts.clear();
        }
    }

    /// Begins to follow the namespaces in place of the whole.
    async fn scatter(&mut self, refused: Refused) {
        let Refused(permission) = refused;
        tracing::debug!(permission, "followed in namespaces instead");
        self.whole.forget();
        let standing = Arc::new(Standing::new(
            self.whole.endpoint.kind.clone(),
            permission,
            &self.namespaces,
        ));
        standing.tell_all(&self.hub).await;
        let part = |namespace| {
            Follower::new(
                self.whole.endpoint.within(namespace),
                Arc::clone(&self.hub),
                Role::Part(Arc::clone(&standing)),
            )
        };
        self.parts = self.namespaces.iter().map(part).collect();
    }
}

impl Follower {
    /// Begins anew when it is followed next: others told the state of its kind meanwhile.
    fn forget(&mut self) {
        self.position = None;
        self.was_live = false;
        self.shown = None;
        self.refusals = 0;
    }

    /// Ends when what was refused is allowed, which is tried now and then.
    async fn allowed(&self, line: &Line) {
        let Line::Up { client, .. } = line else {
            return std::future::pending().await;
        };
        let trial = self.endpoint.trial(self.verb);
        loop {
            sleep(jittered(RARELY)).await;
            // Whatever else comes of it, the namespaces' own followers notice too.
            if ask::open(client, &trial, self.endpoint.accept_list())
                .await
                .is_ok()
            {
                return;
            }
        }
    }
}

/// What a follower is beside others of its kind.
pub(super) enum Role {
    /// The only one: it says that it is refused, and tries again now and then.
    Alone,
    /// The one of the whole cluster: where it is refused it gives way to others.
    Whole,
    /// The one of a namespace: what it comes to is told together with the others'.
    Part(Arc<Standing>),
}

/// That the whole cluster is refused: the missing permission.
pub(super) struct Refused(pub(super) String);

/// What the namespaces of a kind came to, told as one state.
pub(super) struct Standing {
    kind: GroupKind,
    /// What is missing for the whole cluster.
    permission: String,
    /// Held while a state is sent, so that none overtakes another.
    states: Mutex<BTreeMap<Text, WatchState>>,
}

impl Standing {
    fn new(kind: GroupKind, permission: String, namespaces: &[Text]) -> Self {
        let begun = namespaces.iter().map(|namespace| {
            let state = WatchState::Loading {
                so_far: 0,
                expected: None,
            };
            (namespace.clone(), state)
        });
        Self {
            kind,
            permission,
            states: Mutex::new(begun.collect()),
        }
    }

    /// Tells that `namespace` came to `state`.
    pub(super) async fn tell(&self, hub: &Hub, namespace: Text, state: WatchState) {
        let mut states = self.states.lock().await;
        if states.get(&namespace) != Some(&state) {
            states.insert(namespace, state);
            self.send(hub, &states).await;
        }
    }

    async fn tell_all(&self, hub: &Hub) {
        let states = self.states.lock().await;
        self.send(hub, &states).await;
    }

    async fn send(&self, hub: &Hub, states: &BTreeMap<Text, WatchState>) {
        let kind = self.kind.clone();
        let state = self.of(states);
        hub.send(ClusterEvent::Watch { kind, state }).await;
    }

    /// The state of the kind; where every namespace refuses as well, it is forbidden.
    fn of(&self, states: &BTreeMap<Text, WatchState>) -> WatchState {
        let permission = self.permission.clone();
        let is_refused = |state: &WatchState| matches!(state, WatchState::Forbidden { .. });
        if states.values().all(is_refused) {
            return WatchState::Forbidden { permission };
        }
        let namespaces = states.iter().map(|(namespace, state)| NamespaceWatch {
            namespace: namespace.clone(),
            state: state.clone(),
        });
        WatchState::Partial {
            permission,
            namespaces: namespaces.collect(),
        }
    }
}
