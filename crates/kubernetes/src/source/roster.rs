//! Which kinds are followed: those of interest that the server serves.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use strata_domain::ids::GroupKind;
use strata_ports::cluster::{ClusterEvent, ServedKind, WatchPlan, WatchState};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    discovery::{self, definition_name},
    watch::{
        ask::Failure,
        backoff::{Backoff, jittered},
        endpoint::Endpoint,
        hub::{Doubt, Hub, Line},
        kinds,
        range::Range,
    },
};

/// How long it must be quiet before the server is asked what it serves: installing an operator
/// brings many definitions at once, and each becomes known a moment after it is made, which is
/// another change of it.
const QUIET: Duration = Duration::from_millis(300);

/// How long one waits for quiet: what was installed first is to be seen while the rest still comes.
const QUIET_LIMIT: Duration = Duration::from_secs(1);

/// After how long a kind is looked for once more: one that is served no more, before it is given up,
/// since a server that has just started does not know all of its kinds; and one that is defined and
/// not served yet.
const SECOND_LOOK: Duration = Duration::from_secs(5);

/// After how long a server is asked again and again that still serves a kind whose definition is
/// gone: it takes a kind out of discovery some moments after it has told of the deletion. What is
/// served after the last of these is served by somebody else.
static UNTIL_AGREED: [Duration; 5] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// How often a server that forbids discovery is asked again.
const RARELY: Duration = Duration::from_mins(1);

/// The kinds that are followed over one connection.
pub(super) struct Roster<'a> {
    hub: &'a Arc<Hub>,
    plan: &'a WatchPlan,
    line: &'a watch::Sender<Line>,
    followed: HashMap<GroupKind, Followed>,
    /// Kinds of interest that were said not to be served.
    not_served: HashSet<GroupKind>,
    /// Kinds that are followed and were missing in the last discovery.
    missing: HashSet<GroupKind>,
    served: Vec<ServedKind>,
}

/// A kind that is followed.
struct Followed {
    version: String,
    list_again: Arc<Notify>,
    task: AbortOnDropHandle<()>,
}

impl<'a> Roster<'a> {
    pub(super) fn new(
        hub: &'a Arc<Hub>,
        plan: &'a WatchPlan,
        line: &'a watch::Sender<Line>,
    ) -> Self {
        Self {
            hub,
            plan,
            line,
            followed: HashMap::new(),
            not_served: HashSet::new(),
            missing: HashSet::new(),
            served: Vec::new(),
        }
    }

    /// Keeps the roster; never ends by itself.
    pub(super) async fn run(mut self) {
        for endpoint in kinds::first() {
            self.follow(endpoint);
        }
        let mut backoff = Backoff::default();
        let mut line = self.line.subscribe();
        // Whether what is defined and not served is worth another look.
        let mut is_news = true;
        let mut until_agreed = UNTIL_AGREED.iter();
        loop {
            let now = line.borrow_and_update().clone();
            let mut again_in = None;
            if let Line::Up { client, generation } = now {
                let discovered = tokio::select! {
                    biased;
                    Ok(()) = line.changed() => continue,
                    discovered = discovery::discover(&client, &self.served) => discovered,
                };
                again_in = match discovered {
                    Ok(served) => {
                        backoff.reset();
                        self.settle(served).await;
                        let lingers = self.hub.mapping().definitions.linger();
                        let soon = lingers.then(|| until_agreed.next().copied()).flatten();
                        soon.or_else(|| self.second_look(&mut is_news))
                    }
                    Err(failure) => {
                        if let Failure::Unauthorized(reason) = &failure {
                            let reason = reason.clone();
                            self.hub.doubt(Doubt::Unauthorized { reason, generation });
                        }
                        Some(self.do_without(&failure, &mut backoff))
                    }
                };
            }
            tokio::select! {
                Ok(()) = line.changed() => {}
                () = self.hub.discovery_wanted.notified() => {
                    is_news = true;
                    until_agreed = UNTIL_AGREED.iter();
                    self.await_quiet().await;
                }
                () = sleep(again_in.unwrap_or_default()), if again_in.is_some() => {}
            }
        }
    }

    /// After how long something that is defined and not served, or followed and not served, is looked
    /// for once more, if there is any.
    fn second_look(&self, is_news: &mut bool) -> Option<Duration> {
        let is_awaited = std::mem::take(is_news) && self.hub.mapping().definitions.has_missed();
        (is_awaited || !self.missing.is_empty()).then_some(SECOND_LOOK)
    }

    /// Waits until nothing more changes, but not for ever.
    async fn await_quiet(&self) {
        let limit = Instant::now() + QUIET_LIMIT;
        loop {
            let quiet = limit.min(Instant::now() + QUIET);
            if timeout_at(quiet, self.hub.discovery_wanted.notified())
                .await
                .is_err()
            {
                return;
            }
        }
    }

    /// The server does not tell what it serves: the built-in kinds are tried all the same.
    fn do_without(&mut self, failure: &Failure, backoff: &mut Backoff) -> Duration {
        tracing::debug!(%failure, "discovery failed");
        if self.served.is_empty() {
            for endpoint in kinds::expected() {
                if !self.followed.contains_key(&endpoint.kind) {
                    self.follow(endpoint);
                }
            }
        }
        match failure {
            Failure::Forbidden(_) => jittered(RARELY),
            _ => backoff.next(),
        }
    }

    /// Follows what is served now, and no more what is not.
    async fn settle(&mut self, served: Vec<ServedKind>) {
        let by_kind: HashMap<&GroupKind, &ServedKind> =
            served.iter().map(|served| (&served.kind, served)).collect();
        let plan = self.plan;
        self.announce(plan, &by_kind).await;
        self.hub.send(ClusterEvent::Served(served.clone())).await;
        self.name_definitions(&served);
        for wanted in kinds::wanted(plan) {
            let kind = wanted.kind();
            let found = by_kind.get(&kind).copied();
            let endpoint = found.and_then(|served| wanted.endpoint(served));
            match (endpoint, found) {
                (Some(endpoint), Some(served)) => {
                    self.missing.remove(&kind);
                    self.not_served.remove(&kind);
                    let is_followed = self
                        .followed
                        .get(&kind)
                        .is_some_and(|followed| served.versions.contains(&followed.version));
                    if !is_followed {
                        self.unfollow(&kind).await;
                        self.follow(endpoint);
                    }
                }
                _ if self.followed.contains_key(&kind) => self.miss(kind).await,
                _ => self.say_not_served(kind).await,
            }
        }
        self.served = served;
    }

    /// Says which lists are to come, before it is said what is served: whoever hears the latter
    /// knows then what is still missing, however late a list's turn is.
    async fn announce(&self, plan: &WatchPlan, served: &HashMap<&GroupKind, &ServedKind>) {
        for wanted in kinds::wanted(plan) {
            let kind = wanted.kind();
            let endpoint = served.get(&kind).and_then(|served| wanted.endpoint(served));
            if endpoint.is_some() && !self.followed.contains_key(&kind) {
                let state = WatchState::Loading {
                    so_far: 0,
                    expected: None,
                };
                self.hub.send(ClusterEvent::Watch { kind, state }).await;
            }
        }
    }

    /// Tells the mapping which kinds the definitions define; definitions that were read before
    /// their kind was known are read again.
    fn name_definitions(&self, served: &[ServedKind]) {
        let names = served
            .iter()
            .map(|served| (definition_name(served), served.kind.kind.clone()));
        let is_missed = self.hub.mapping().definitions.learn(names);
        let definitions = GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition");
        if let Some(followed) = self.followed.get(&definitions).filter(|_| is_missed) {
            followed.list_again.notify_one();
        }
    }

    /// A kind that is followed is not served: the first time it is looked for once more, unless its
    /// definition is gone as well.
    async fn miss(&mut self, kind: GroupKind) {
        if !self.is_undefined(&kind) && self.missing.insert(kind.clone()) {
            return;
        }
        self.missing.remove(&kind);
        self.unfollow(&kind).await;
        self.hub
            .send(ClusterEvent::Replaced {
                kind: kind.clone(),
                objects: Vec::new(),
            })
            .await;
        self.say_not_served(kind).await;
    }

    /// Whether the definition of a kind that was served is gone.
    fn is_undefined(&self, kind: &GroupKind) -> bool {
        let mut before = self.served.iter();
        before
            .find(|served| served.kind == *kind)
            .is_some_and(|served| {
                let name = definition_name(served);
                self.hub.mapping().definitions.is_gone(&name)
            })
    }

    async fn say_not_served(&mut self, kind: GroupKind) {
        if self.not_served.insert(kind.clone()) {
            let state = WatchState::NotServed;
            self.hub.send(ClusterEvent::Watch { kind, state }).await;
        }
    }

    fn follow(&mut self, endpoint: Endpoint) {
        let kind = endpoint.kind.clone();
        let version = endpoint.version.clone();
        let list_again = Arc::new(Notify::new());
        let range = Range::new(endpoint, Arc::clone(self.hub), &self.plan.namespaces);
        let task = tokio::spawn(range.run(self.line.subscribe(), Arc::clone(&list_again)));
        let task = AbortOnDropHandle::new(task);
        self.followed.insert(
            kind,
            Followed {
                version,
                list_again,
                task,
            },
        );
    }

    /// Ends the watch of a kind, and waits until it sends nothing more.
    async fn unfollow(&mut self, kind: &GroupKind) {
        if let Some(followed) = self.followed.remove(kind) {
            followed.task.abort();
            // That it was ended is what was asked for.
            followed.task.await.ok();
        }
    }
}
