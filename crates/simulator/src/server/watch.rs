//! Watches: what happens to the objects of a kind, as a stream of lines.
//!
//! A watch holds its place in the history of its kind and sleeps until that kind changes, so an
//! idle watch costs nothing and a busy one reads each change once.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use http::{Response, StatusCode, header};
use strata_domain::ids::GroupKind;
use tokio::{sync::watch, time::Instant};

use super::{
    BoxError, ResponseBody, Server, Target,
    accept::{Encoding, Representation},
    failure::Failure,
    options::{ListOptions, version_number},
    query::Query,
    response,
    selector::Selector,
    stream_body::stream_body,
    writer::Writer,
};
use crate::{
    line::LineCut,
    store::{Change, Store, Stored},
};

/// How often a watch that asked for bookmarks gets one, as from a real server.
const BOOKMARK_EVERY: Duration = Duration::from_mins(1);
/// How long before its end a watch gets its last bookmark.
const LAST_BOOKMARK: Duration = Duration::from_secs(2);
/// How long a watch lasts that names no time.
const DEFAULT_TIMEOUT: Duration = Duration::from_mins(30);
/// Lines sent at once at most.
const LINES_AT_ONCE: usize = 256;

/// Where a watch stands.
struct Watch {
    store: Arc<Store>,
    kind: GroupKind,
    namespace: String,
    selector: Selector,
    writer: Writer,
    /// Why the watch ends as soon as it has begun.
    refusal: Option<Failure>,
    /// Objects still to be sent before the changes.
    initial: VecDeque<Arc<Stored>>,
    /// Whether a bookmark says when the initial objects have been sent.
    marks_initial_end: bool,
    /// The version up to which everything has been sent.
    seen: u64,
    wants_bookmarks: bool,
    next_bookmark: Instant,
    end: Instant,
    changes: watch::Receiver<u64>,
    cuts: watch::Receiver<u64>,
    is_over: bool,
}

impl Server {
    pub(super) fn watch(
        &self,
        target: &Target<'_>,
        query: &Query,
        representation: Representation,
    ) -> Result<Response<ResponseBody>, Failure> {
        let options = ListOptions::read(query, true)?;
        let kind = target.kind();
        let mut selector = Selector::read(query, target.selected(&kind))?;
        if let Some(name) = &target.path.name {
            selector = selector.and_name(name);
        }
        let asked = match &options.version {
            Some(text) => version_number(text).map_err(Failure::unforeseen)?,
            None => 0,
        };
        let cuts = self
            .line
            .connect()
            .map_err(|cut| Failure::bad_request(cut.to_string()))?;
        // Subscribed before the list is read, so that nothing falls between the two.
        let changes = self.store.subscribe(&kind);
        let current = self.store.version();
        let begins_with_what_is_there = options.sends_initial_events == Some(true);
        let mut refusal = None;
        let mut initial = VecDeque::new();
        let seen = if begins_with_what_is_there {
            if asked > current {
                refusal = Some(Failure::too_large_version(asked, current));
            }
            let objects = self
                .store
                .list_at(&kind, &target.path.namespace, None, current);
            let objects = objects.map_err(|expired| Failure::expired(current, expired.oldest))?;
            initial = objects
                .into_iter()
                .filter(|stored| selector.matches(stored))
                .collect();
            current
        } else if asked == 0 {
            current
        } else {
            asked
        };
        let timeout = options
            .timeout_seconds
            .map_or(DEFAULT_TIMEOUT, Duration::from_secs);
        let now = Instant::now();
        let watch = Watch {
            store: Arc::clone(&self.store),
            kind,
            namespace: target.path.namespace.clone(),
            selector,
            writer: Writer::new(target, representation, query, &self.clock)?,
            refusal,
            initial,
            marks_initial_end: begins_with_what_is_there && options.wants_bookmarks,
            seen,
            wants_bookmarks: options.wants_bookmarks,
            next_bookmark: now + BOOKMARK_EVERY.min(timeout.saturating_sub(LAST_BOOKMARK)),
            end: now + timeout,
            changes,
            cuts,
            is_over: false,
        };
        let media_type = match representation.encoding {
            Encoding::Json | Encoding::Yaml => "application/json",
            Encoding::Protobuf => "application/vnd.kubernetes.protobuf;stream=watch",
        };
        let mut response = response(StatusCode::OK, media_type, Bytes::new());
        *response.body_mut() = stream_body(watch.into_stream().boxed());
        response.headers_mut().remove(header::CONTENT_LENGTH);
        Ok(response)
    }
}

impl Watch {
    fn into_stream(self) -> impl Stream<Item = Result<Bytes, BoxError>> + Send {
        stream::unfold(self, |mut watch| async move {
            let item = watch.next().await?;
            Some((item, watch))
        })
    }

    /// The next bytes to send; none when the watch is over.
    async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        loop {
            if self.is_over {
                return None;
            }
            let mut lines = Vec::new();
            self.write_what_is_there(&mut lines);
            if !lines.is_empty() {
                return Some(Ok(Bytes::from(lines)));
            }
            let wake = if self.wants_bookmarks {
                self.next_bookmark.min(self.end)
            } else {
                self.end
            };
            tokio::select! {
                biased;
                _ = self.cuts.changed() => {
                    self.is_over = true;
                    return Some(Err(Box::new(LineCut::Reset)));
                }
                changed = self.changes.changed() => {
                    if changed.is_err() {
                        return None;
                    }
                }
                () = tokio::time::sleep_until(wake) => {
                    if wake >= self.end {
                        return None;
                    }
                    self.plan_next_bookmark();
                    self.catch_up();
                    self.writer.write_bookmark(self.seen, false, &mut lines);
                    return Some(Ok(Bytes::from(lines)));
                }
            }
        }
    }

    /// Writes initial objects, or else what has changed.
    fn write_what_is_there(&mut self, lines: &mut Vec<u8>) {
        if let Some(refusal) = self.refusal.take() {
            self.writer.write_error(&refusal.status(), lines);
            self.is_over = true;
            return;
        }
        if !self.initial.is_empty() {
            let count = LINES_AT_ONCE.min(self.initial.len());
            for stored in self.initial.drain(..count) {
                self.writer.write_event("ADDED", &stored, lines);
            }
            return;
        }
        if self.marks_initial_end {
            self.marks_initial_end = false;
            self.writer.write_bookmark(self.seen, true, lines);
            return;
        }
        // Seen before read, so that a change in between wakes the watch again.
        self.changes.borrow_and_update();
        loop {
            let changes = match self
                .store
                .changes_since(&self.kind, self.seen, LINES_AT_ONCE)
            {
                Ok(changes) => changes,
                Err(expired) => {
                    let gone = Failure::expired(self.seen, expired.oldest).status();
                    self.writer.write_error(&gone, lines);
                    self.is_over = true;
                    return;
                }
            };
            for change in &changes {
                self.seen = change.version;
                self.write_change(change, lines);
            }
            if changes.len() < LINES_AT_ONCE || !lines.is_empty() {
                return;
            }
        }
    }

    fn write_change(&mut self, change: &Change, lines: &mut Vec<u8>) {
        if !self.namespace.is_empty() && change.after.key.namespace != self.namespace.as_str() {
            return;
        }
        let was_selected = change
            .before
            .as_ref()
            .is_some_and(|before| self.selector.matches(before));
        let is_selected = !change.is_deletion && self.selector.matches(&change.after);
        match (was_selected, is_selected) {
            (false, true) => self.writer.write_event("ADDED", &change.after, lines),
            (true, true) => self.writer.write_event("MODIFIED", &change.after, lines),
            (true, false) if change.is_deletion => {
                self.writer.write_event("DELETED", &change.after, lines);
            }
            // To a watch that selects, what is selected no longer is gone, as it was known.
            (true, false) => {
                if let Some(before) = &change.before {
                    let last = before.told_at(change.version);
                    self.writer.write_event("DELETED", &last, lines);
                }
            }
            (false, false) => {}
        }
    }

    fn plan_next_bookmark(&mut self) {
        let now = Instant::now();
        let last = self.end.checked_sub(LAST_BOOKMARK).unwrap_or(self.end);
        let next = now + BOOKMARK_EVERY;
        self.next_bookmark = if now >= last {
            self.end
        } else {
            next.min(last)
        };
    }

    /// Moves to the latest version where no change of the kind lies between, so that a bookmark
    /// spares a client the history of other kinds.
    fn catch_up(&mut self) {
        let latest = self.store.version();
        let changes = self.store.changes_since(&self.kind, self.seen, 1);
        if changes.is_ok_and(|changes| changes.is_empty()) {
            self.seen = self.seen.max(latest);
        }
    }
}
