//! All objects of a kind: as a streaming list, or in pages.

use std::time::Duration;

use strata_domain::object::Object;
use strata_ports::cluster::{ClusterEvent, WatchState};
use tokio::time::{Instant, sleep};

use super::{
    Follower, Stream,
    ask::{self, Failure},
    endpoint::{Form, PageOf},
    frames::Event,
};
use crate::slim::Encoding;

/// After this time a list gives its place to another, and goes on without: a slow kind must not
/// hold up the others.
const PLACE_LIMIT: Duration = Duration::from_secs(5);

/// How long a streaming list may pause before it is held for a server that does not know it.
const STREAMING_PAUSE: Duration = Duration::from_secs(8);

/// The shortest time between two counts of what has come so far.
const COUNT_PERIOD: Duration = Duration::from_millis(200);

/// Why a streaming list gave way to pages.
enum NotStreamed {
    /// The kind's failure: pages would fare no better.
    Failed(Failure),
    /// Pages may do.
    Refused,
}

impl Follower {
    /// Reads the whole list and sends it. A streaming list leaves its watch open.
    pub(super) async fn list(&mut self, client: &kube::Client) -> Result<Option<Stream>, Failure> {
        let place = self.hub.places.clone().acquire_owned().await.ok();
        let listing = self.list_somehow(client);
        tokio::pin!(listing);
        tokio::select! {
            result = &mut listing => return result,
            () = sleep(PLACE_LIMIT) => drop(place),
        }
        listing.await
    }

    async fn list_somehow(&mut self, client: &kube::Client) -> Result<Option<Stream>, Failure> {
        let mut progress = Progress::new();
        self.count(&mut progress, 0, None).await;
        // Measured: of built-in kinds in protobuf a streaming list is faster, in JSON far slower.
        if self.endpoint.form != Form::Json && self.hub.may_stream() {
            match self.list_streaming(client, &mut progress).await {
                Ok(stream) => return Ok(Some(stream)),
                Err(NotStreamed::Failed(failure)) => return Err(failure),
                Err(NotStreamed::Refused) => {}
            }
        }
        self.list_in_pages(client, &mut progress).await?;
        Ok(None)
    }

    async fn list_in_pages(
        &mut self,
        client: &kube::Client,
        progress: &mut Progress,
    ) -> Result<(), Failure> {
        self.verb = "list";
        let mut objects = Vec::new();
        let mut page_of = PageOf::First;
        loop {
            let path = self.endpoint.list(&page_of);
            let accept = self.endpoint.accept_list();
            let (hub, bytes) = (&self.hub, &mut self.bytes);
            let heard = |length: usize| {
                hub.heard();
                *bytes += length as u64;
            };
            let (encoding, body) = match ask::read(client, &path, accept, heard).await {
                // The list took longer than the server keeps its pages: all at once, then.
                Err(Failure::Expired(_)) if matches!(page_of, PageOf::Next(_)) => {
                    objects.clear();
                    page_of = PageOf::Whole;
                    continue;
                }
                answer => answer?,
            };
            let page = self
                .endpoint
                .decode
                .page(encoding, &body, &mut self.hub.mapping())?;
            objects.extend(page.objects);
            if page.meta.next.is_empty() || page_of == PageOf::Whole {
                self.replace(objects, page.meta.resource_version).await;
                return Ok(());
            }
            let so_far = objects.len() as u64;
            let remaining = page
                .meta
                .remaining_item_count
                .and_then(|left| u64::try_from(left).ok());
            self.count(progress, so_far, remaining.map(|left| so_far + left))
                .await;
            page_of = PageOf::Next(page.meta.next);
        }
    }

    async fn list_streaming(
        &mut self,
        client: &kube::Client,
        progress: &mut Progress,
    ) -> Result<Stream, NotStreamed> {
        self.verb = "watch";
        let path = self.endpoint.streaming_list();
        let mut stream = self.open(client, &path).await.map_err(|failure| {
            if let Failure::Refused(reason) = &failure {
                tracing::debug!(kind = %self.endpoint.kind, reason, "no streaming lists here");
                self.hub.streaming_is_refused();
            }
            self.not_streamed(failure)
        })?;
        let mut objects: Vec<Object> = Vec::new();
        loop {
            match self.next_event(&mut stream, STREAMING_PAUSE).await {
                Ok(Some(Event::Added(decoded))) => {
                    objects.push(decoded.object);
                    self.count(progress, objects.len() as u64, None).await;
                }
                Ok(Some(Event::Modified(decoded))) => {
                    forget(&mut objects, &decoded.object);
                    objects.push(decoded.object);
                }
                Ok(Some(Event::Deleted(decoded))) => forget(&mut objects, &decoded.object),
                Ok(Some(Event::Bookmark {
                    resource_version,
                    ends_initial_events: true,
                })) => {
                    if stream.encoding == Encoding::Json {
                        self.hub.streaming_is_refused();
                    }
                    self.replace(objects, resource_version).await;
                    return Ok(stream);
                }
                Ok(Some(Event::Bookmark { .. })) => {}
                // Cut before its end, as servers do under change: pages get through.
                Ok(None) => return Err(NotStreamed::Refused),
                Err(failure) => {
                    if failure.casts_doubt() {
                        // A server that does not know the question answers with a plain watch,
                        // which never says that the list is complete.
                        self.hub.streaming_is_refused();
                    }
                    return Err(self.not_streamed(failure));
                }
            }
        }
    }

    /// Whether pages are worth a try after a streaming list failed so.
    fn not_streamed(&self, failure: Failure) -> NotStreamed {
        match failure {
            Failure::Unauthorized(_) | Failure::NotFound(_) | Failure::Throttled { .. } => {
                NotStreamed::Failed(failure)
            }
            failure => {
                tracing::debug!(kind = %self.endpoint.kind, %failure, "listing in pages instead");
                NotStreamed::Refused
            }
        }
    }

    /// Sends the complete list, and goes on from its version.
    async fn replace(&mut self, objects: Vec<Object>, resource_version: String) {
        let kind = self.endpoint.kind.clone();
        let replaced = match self.endpoint.namespace.clone() {
            Some(namespace) => ClusterEvent::ReplacedIn {
                kind,
                namespace,
                objects,
            },
            None => ClusterEvent::Replaced { kind, objects },
        };
        self.hub.send(replaced).await;
        // Nothing waits between the two: whoever ends this task in between cannot lose the list.
        self.position = Some(resource_version);
        let is_news = self.was_live || self.hub.mapping().definitions.has_missed();
        if self.endpoint.shapes_discovery() && is_news {
            self.hub.discovery_wanted.notify_one();
        }
    }

    /// Says how much of the first list has come, not too often. What was refused stays so until more
    /// comes of another try.
    async fn count(&mut self, progress: &mut Progress, so_far: u64, expected: Option<u64>) {
        let is_only_tried = self.is_refused && so_far == 0;
        if !self.was_live && !is_only_tried && progress.is_due() {
            self.show(WatchState::Loading { so_far, expected }).await;
        }
    }
}

/// Takes an object that changed during its own streaming list out again. That is rare, so the
/// list is searched.
fn forget(objects: &mut Vec<Object>, gone: &Object) {
    objects.retain(|object| object.metadata().uid != gone.metadata().uid);
}

/// When a count was last told.
struct Progress {
    told: Option<Instant>,
}

impl Progress {
    fn new() -> Self {
        Self { told: None }
    }

    fn is_due(&mut self) -> bool {
        let is_due = self.told.is_none_or(|told| told.elapsed() >= COUNT_PERIOD);
        if is_due {
            self.told = Some(Instant::now());
        }
        is_due
    }
}
