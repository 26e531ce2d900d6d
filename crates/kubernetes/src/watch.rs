//! Following the objects of one kind: list, watch, resume.
//!
//! A [`Follower`] is a task. It lists its kind ([`list`]), sends the whole list, watches from the
//! list's version on, and when the watch ends it goes on from the last version it saw: it lists
//! anew only when the server has forgotten that version (410). Whatever ends it in the middle (the
//! line broke, a new client), the position moves only after the event was sent, so nothing is lost
//! and nothing comes twice.
//!
//! A kind that is refused in the whole cluster is followed in namespaces, each by a follower of its
//! own: [`range`] says when.
//!
//! Whether the server is there at all is not for a follower to decide: it casts doubt
//! ([`hub::Doubt`]), and whoever watches over the connection says so to all ([`hub::Line`]).

pub(crate) mod ask;
pub(crate) mod backoff;
pub(crate) mod endpoint;
mod frames;
pub(crate) mod hub;
pub(crate) mod kinds;
mod list;
pub(crate) mod range;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use strata_ports::cluster::{ClusterEvent, WatchState};
use tokio::time::{Instant, sleep, timeout_at};

use crate::slim::Encoding;
use ask::Failure;
use backoff::{Backoff, jittered};
use endpoint::Endpoint;
use frames::{Event, Frames};
use hub::{Doubt, Hub, Line};
use range::{Refused, Role};

/// A watch that says nothing for so long is opened anew: bookmarks come about once a minute.
const SILENCE_LIMIT: Duration = Duration::from_mins(3);

/// How often a kind that may not be read, or is not served, is tried again.
const RARELY: Duration = Duration::from_mins(1);

/// How often "forbidden" is doubted for a kind that could be read before: an API server that has
/// just started forbids everything until it has read its roles.
const DOUBTED_REFUSALS: u32 = 3;

/// A watch that lasted so long was healthy, even if nothing happened.
const HEALTHY: Duration = Duration::from_secs(5);

/// The shortest time between two `Heard` of a kind.
const HEARD_PERIOD: Duration = Duration::from_secs(1);

/// Follows one kind, in the whole cluster or in one namespace.
pub(crate) struct Follower {
    endpoint: Endpoint,
    hub: Arc<Hub>,
    /// What becomes of it when it is refused.
    role: Role,
    /// The version up to which everything was sent; none before the first list.
    position: Option<String>,
    /// Whether a list was ever complete.
    was_live: bool,
    /// The state that was told last.
    shown: Option<WatchState>,
    /// When this kind was heard of last.
    heard_at: Timestamp,
    /// When that was told last.
    heard_told: Option<Instant>,
    /// Bytes read since that was told.
    bytes: u64,
    /// What is being asked: `list` or `watch`.
    verb: &'static str,
    /// How often it was forbidden in a row.
    refusals: u32,
    /// Whether it was told to be forbidden, and nothing else came of it since.
    is_refused: bool,
    /// The generation of the line.
    generation: u64,
}

/// An open watch.
pub(crate) struct Stream {
    encoding: Encoding,
    body: BoxStream<'static, Result<Bytes, kube::Error>>,
    frames: Frames,
    /// When the last piece of it came.
    heard_at: Instant,
}

impl Follower {
    /// A follower that has not begun.
    fn new(endpoint: Endpoint, hub: Arc<Hub>, role: Role) -> Self {
        let heard_at = hub.now();
        Self {
            endpoint,
            hub,
            role,
            position: None,
            was_live: false,
            shown: None,
            heard_at,
            heard_told: None,
            bytes: 0,
            verb: "list",
            refusals: 0,
            is_refused: false,
            generation: 0,
        }
    }

    /// Follows the kind over one line, until that is taken away; one of the whole cluster that others
    /// may stand in for also ends when it is refused.
    async fn follow(&mut self, line: Line) -> Refused {
        let client = match line {
            Line::Up { client, generation } => {
                self.generation = generation;
                client
            }
            Line::Down(reason) => {
                self.show_broken(reason, None).await;
                return std::future::pending().await;
            }
        };
        let mut backoff = Backoff::default();
        loop {
            let begun = Instant::now();
            match self.round(&client, &mut backoff).await {
                Ok(()) if begun.elapsed() >= HEALTHY => backoff.reset(),
                Ok(()) => sleep(backoff.next()).await,
                Err(Failure::Forbidden(_)) if self.gives_way() => {
                    return Refused(self.endpoint.permission(self.verb));
                }
                Err(failure) => {
                    let wait = self.bear(failure, &mut backoff).await;
                    sleep(wait).await;
                }
            }
        }
    }

    /// Lists where that is needed, then watches until the watch ends.
    async fn round(&mut self, client: &kube::Client, backoff: &mut Backoff) -> Result<(), Failure> {
        let mut stream = None;
        if self.position.is_none() {
            stream = self.list(client).await?;
            self.alive().await;
        }
        let stream = match (stream, &self.position) {
            (Some(stream), _) => stream,
            (None, position) => {
                self.verb = "watch";
                let path = self.endpoint.watch(position.as_deref().unwrap_or_default());
                self.open(client, &path).await?
            }
        };
        self.alive().await;
        self.refusals = 0;
        self.read(stream, backoff).await
    }

    /// Reads a watch to its end, which is no failure.
    async fn read(&mut self, mut stream: Stream, backoff: &mut Backoff) -> Result<(), Failure> {
        let mut pulse = self.hub.pulse.subscribe();
        loop {
            let event = tokio::select! {
                event = self.next_event(&mut stream, SILENCE_LIMIT) => event,
                Ok(()) = pulse.changed() => {
                    // The server answers: a watch that says nothing is current.
                    self.tell_heard().await;
                    continue;
                }
            };
            match event {
                Ok(Some(event)) => {
                    backoff.reset();
                    self.take(event).await;
                    self.tell_heard().await;
                }
                Ok(None) => return Ok(()),
                // It broke off: what matters is whether it can be opened again.
                Err(Failure::Unreachable(reason)) => {
                    tracing::debug!(kind = %self.endpoint.kind, reason, "the watch broke off");
                    self.hub.doubt(Doubt::Unreachable);
                    return Ok(());
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Sends what an event says, then moves on.
    async fn take(&mut self, event: Event) {
        let (happened, resource_version) = match event {
            Event::Added(decoded) | Event::Modified(decoded) => (
                Some(ClusterEvent::Applied(decoded.object)),
                decoded.resource_version,
            ),
            Event::Deleted(decoded) => {
                let kind = self.endpoint.kind.clone();
                let metadata = decoded.object.metadata();
                let uid = metadata.uid.clone();
                if self.endpoint.is_of_definitions() {
                    let name = &metadata.key.name;
                    self.hub.mapping().definitions.forget(name);
                }
                (
                    Some(ClusterEvent::Deleted { kind, uid }),
                    decoded.resource_version,
                )
            }
            Event::Bookmark {
                resource_version, ..
            } => (None, resource_version),
        };
        if let Some(happened) = happened {
            self.hub.send(happened).await;
            if self.endpoint.shapes_discovery() {
                self.hub.discovery_wanted.notify_one();
            }
        }
        self.position = Some(resource_version);
    }

    /// Opens a watch.
    async fn open(&mut self, client: &kube::Client, path: &str) -> Result<Stream, Failure> {
        let response = ask::open(client, path, self.endpoint.accept_watch()).await?;
        self.hub.heard();
        let encoding = Encoding::of(response.headers());
        Ok(Stream {
            encoding,
            body: response.into_body().into_data_stream().boxed(),
            frames: Frames::new(encoding),
            heard_at: Instant::now(),
        })
    }

    /// The next event of a watch; none where it ended in good order. What has been read stays read
    /// when this future is dropped.
    async fn next_event(
        &mut self,
        stream: &mut Stream,
        patience: Duration,
    ) -> Result<Option<Event>, Failure> {
        loop {
            if let Some(frame) = stream.frames.next()? {
                let mapping = &mut self.hub.mapping();
                let decode = &*self.endpoint.decode;
                return frames::event(stream.encoding, frame, decode, mapping).map(Some);
            }
            match timeout_at(stream.heard_at + patience, stream.body.next()).await {
                Ok(Some(Ok(piece))) => {
                    self.hub.heard();
                    stream.heard_at = Instant::now();
                    self.bytes += piece.len() as u64;
                    stream.frames.push(&piece);
                }
                Ok(None) => return Ok(None),
                Ok(Some(Err(error))) => return Err(Failure::Unreachable(error.to_string())),
                Err(_) => {
                    let seconds = patience.as_secs();
                    return Err(Failure::Unreachable(format!(
                        "nothing came for {seconds} s"
                    )));
                }
            }
        }
    }

    /// Tells a failure, and how long to wait after it.
    async fn bear(&mut self, failure: Failure, backoff: &mut Backoff) -> Duration {
        if failure.casts_doubt() {
            self.hub.doubt(Doubt::Unreachable);
        }
        match failure {
            Failure::Expired(reason) => {
                tracing::debug!(kind = %self.endpoint.kind, reason, "listing anew");
                let had_position = self.position.take().is_some();
                if had_position {
                    Duration::ZERO
                } else {
                    backoff.next()
                }
            }
            Failure::Unauthorized(reason) => {
                let generation = self.generation;
                self.hub.doubt(Doubt::Unauthorized { reason, generation });
                jittered(RARELY)
            }
            Failure::Forbidden(_) if self.doubts_refusal() => {
                self.refusals += 1;
                backoff.next()
            }
            Failure::Forbidden(_) => {
                let permission = self.endpoint.permission(self.verb);
                self.is_refused = true;
                self.show(WatchState::Forbidden { permission }).await;
                jittered(RARELY)
            }
            Failure::NotFound(_) => {
                self.show(WatchState::NotServed).await;
                self.hub.discovery_wanted.notify_one();
                // A definition that is made anew is served again within moments.
                backoff.next()
            }
            failure => {
                let wait = match failure {
                    Failure::Throttled {
                        patience: Some(patience),
                        ..
                    } => patience.max(backoff.next()),
                    _ => backoff.next(),
                };
                self.show_broken(failure.to_string(), Some(wait)).await;
                wait
            }
        }
    }

    /// Whether a refusal is not believed yet.
    fn doubts_refusal(&self) -> bool {
        self.was_live && self.refusals < DOUBTED_REFUSALS
    }

    /// Whether others take over when it is refused.
    fn gives_way(&self) -> bool {
        matches!(self.role, Role::Whole) && !self.doubts_refusal()
    }

    /// Tells that the kind is not followed now, and why.
    async fn show_broken(&mut self, reason: String, wait: Option<Duration>) {
        let state = match (self.was_live, wait) {
            (true, _) => WatchState::Stale {
                since: self.heard_at,
                reason,
            },
            (false, Some(wait)) => {
                let retry_at = self.hub.now().checked_add(wait).unwrap_or(Timestamp::MAX);
                WatchState::Failed { reason, retry_at }
            }
            // The connection's own state says it, and when it is tried again.
            (false, None) => return,
        };
        self.show(state).await;
    }

    /// Tells that the kind is followed.
    async fn alive(&mut self) {
        self.was_live = true;
        self.is_refused = false;
        self.heard_at = self.hub.now();
        self.show(WatchState::Live).await;
    }

    /// Tells a state, unless it was told last.
    async fn show(&mut self, state: WatchState) {
        if self.shown.as_ref() == Some(&state) {
            return;
        }
        if let Role::Part(standing) = &self.role {
            let namespace = self.endpoint.namespace.clone().unwrap_or_default();
            standing.tell(&self.hub, namespace, state.clone()).await;
        } else {
            let kind = self.endpoint.kind.clone();
            self.hub
                .send(ClusterEvent::Watch {
                    kind,
                    state: state.clone(),
                })
                .await;
        }
        self.shown = Some(state);
    }

    /// Tells that something was heard, not too often.
    async fn tell_heard(&mut self) {
        self.heard_at = self.hub.now();
        if self
            .heard_told
            .is_none_or(|told| told.elapsed() >= HEARD_PERIOD)
        {
            self.heard_told = Some(Instant::now());
            let (kind, at) = (self.endpoint.kind.clone(), self.heard_at);
            let bytes = std::mem::take(&mut self.bytes);
            self.hub.send(ClusterEvent::Heard { kind, at, bytes }).await;
        }
    }
}
