//! Watches: what happens to the objects of a kind, as a stream of lines.
//!
//! A watch holds its place in the history of its kind and sleeps until that kind changes, so an
//! idle watch costs nothing and a busy one reads each change once.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use http::{Response, header};
use serde_json::json;
use strata_domain::ids::GroupKind;
use tokio::{sync::watch, time::Instant};

use super::{
    BoxError, ResponseBody, Server, Target, accept::Form, failure::Failure, query::Query,
    selector::Selector, stream_body,
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

/// Writes lines in the version and form asked for.
struct Writer {
    api_version: String,
    kind: String,
    form: Form,
}

impl Server {
    pub(super) fn watch(
        &self,
        target: &Target<'_>,
        query: &Query,
        form: Form,
    ) -> Result<Response<ResponseBody>, Failure> {
        let kind = target.kind();
        let mut selector = Selector::read(query, &kind)?;
        if let Some(name) = &target.path.name {
            selector = selector.and_name(name);
        }
        let cuts = self
            .line
            .connect()
            .map_err(|cut| Failure::bad_request(cut.to_string()))?;
        // Subscribed before the list is read, so that nothing falls between the two.
        let changes = self.store.subscribe(&kind);
        let current = self.store.version();
        let asked = query.number("resourceVersion").unwrap_or(0);
        let sends_initial = query.flag("sendInitialEvents");
        let starts_anew = sends_initial || asked == 0;
        if asked > current {
            return Err(Failure::too_large_version(asked, current));
        }
        let seen = if starts_anew { current } else { asked };
        let initial = if starts_anew {
            let objects = self
                .store
                .list_at(&kind, &target.path.namespace, None, seen);
            let objects = objects.map_err(|expired| Failure::expired(seen, expired.oldest))?;
            objects
                .into_iter()
                .filter(|stored| selector.matches(stored))
                .collect()
        } else {
            VecDeque::new()
        };
        let timeout = query
            .number("timeoutSeconds")
            .map_or(DEFAULT_TIMEOUT, Duration::from_secs);
        let now = Instant::now();
        let wants_bookmarks = query.flag("allowWatchBookmarks");
        let watch = Watch {
            store: Arc::clone(&self.store),
            kind,
            namespace: target.path.namespace.clone(),
            selector,
            writer: Writer {
                api_version: target.api_version(),
                kind: target.resource.response_kind.kind.clone(),
                form,
            },
            initial,
            marks_initial_end: sends_initial && wants_bookmarks,
            seen,
            wants_bookmarks,
            next_bookmark: now + BOOKMARK_EVERY.min(timeout.saturating_sub(LAST_BOOKMARK)),
            end: now + timeout,
            changes,
            cuts,
            is_over: false,
        };
        let mut response = Response::new(stream_body(watch.into_stream().boxed()));
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/json"),
        );
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
                    return Some(Ok(self.bookmark(false)));
                }
            }
        }
    }

    /// Writes initial objects, or else what has changed.
    fn write_what_is_there(&mut self, lines: &mut Vec<u8>) {
        if !self.initial.is_empty() {
            let count = LINES_AT_ONCE.min(self.initial.len());
            for stored in self.initial.drain(..count) {
                self.writer.line("ADDED", &stored, lines);
            }
            return;
        }
        if self.marks_initial_end {
            self.marks_initial_end = false;
            lines.extend_from_slice(&self.bookmark(true));
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
                    let line = json!({ "type": "ERROR", "object": gone });
                    lines.extend_from_slice(format!("{line}\n").as_bytes());
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

    fn write_change(&self, change: &Change, lines: &mut Vec<u8>) {
        if !self.namespace.is_empty() && change.after.key.namespace != self.namespace.as_str() {
            return;
        }
        let was_selected = change
            .before
            .as_ref()
            .is_some_and(|before| self.selector.matches(before));
        let is_selected = !change.is_deletion && self.selector.matches(&change.after);
        // To a watch that selects, what is selected no longer is gone.
        let word = match (was_selected, is_selected) {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            (false, false) => return,
        };
        self.writer.line(word, &change.after, lines);
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

    /// A line that says how far the watch has come; everything up to there has been sent.
    fn bookmark(&self, ends_initial: bool) -> Bytes {
        let mut metadata = json!({
            "resourceVersion": self.seen.to_string(),
            "creationTimestamp": null,
        });
        if ends_initial && let Some(fields) = metadata.as_object_mut() {
            fields.insert(
                "annotations".to_owned(),
                json!({ "k8s.io/initial-events-end": "true" }),
            );
        }
        let (kind, api_version) = match self.writer.form {
            Form::Object => (self.writer.kind.as_str(), self.writer.api_version.as_str()),
            Form::Metadata => ("PartialObjectMetadata", "meta.k8s.io/v1"),
        };
        let line = json!({
            "type": "BOOKMARK",
            "object": { "kind": kind, "apiVersion": api_version, "metadata": metadata },
        });
        Bytes::from(format!("{line}\n"))
    }
}

impl Writer {
    fn line(&self, word: &str, stored: &Stored, lines: &mut Vec<u8>) {
        lines.extend_from_slice(b"{\"type\":\"");
        lines.extend_from_slice(word.as_bytes());
        lines.extend_from_slice(b"\",\"object\":");
        match self.form {
            Form::Object => stored.write_typed(&self.api_version, &self.kind, lines),
            Form::Metadata => super::accept::write_metadata(stored, lines),
        }
        lines.extend_from_slice(b"}\n");
    }
}
