//! `log`: what a container has printed, and what it prints from now on
//! (`k8s.io/kubernetes/pkg/kubelet/kubelet_pods.go`).

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use http::{Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::Value;
use strata_domain::ids::ObjectKey;
use tokio::sync::watch;

use super::container;
use crate::{
    clock::{self, VirtualClock},
    json,
    line::LineCut,
    logs::{Ending, Line, Reader, Run},
    server::{
        BoxError, ResponseBody, Server, failure::Failure, path::ResourcePath, query::Query,
        response, stream_body,
    },
    store::Store,
    world::pod_kind,
};

/// Bytes sent at once at about most.
const CHUNK: usize = 32 * 1024;

/// What of a log is asked for.
struct Options {
    follow: bool,
    previous: bool,
    timestamps: bool,
    since: Option<Timestamp>,
    tail: Option<usize>,
    limit: Option<usize>,
}

impl Server {
    pub(super) fn log(
        &self,
        path: &ResourcePath,
        query: &Query,
    ) -> Result<Response<ResponseBody>, Failure> {
        let options = self.log_options(path, query)?;
        let stored = self.pod(path)?;
        let pod = stored.value();
        let container = container(&pod, query)?;
        if json::text(&pod, "/spec/nodeName").is_empty() {
            return Ok(response(StatusCode::NO_CONTENT, "text/plain", ""));
        }
        let name = json::text(container, "/name");
        let run = run_of(&pod, container, options.previous)?;
        let now = self.clock.now();
        let started = run.started;
        let reader = match (options.tail, options.since) {
            (Some(count), since) => {
                let mut reader = Reader::last(run, count, now);
                reader.forget_before(since);
                reader
            }
            (None, since) => Reader::since(run, since, now),
        };
        let follow = (options.follow && !options.previous).then(|| Follow {
            store: Arc::clone(&self.store),
            key: path.key(),
            container: name.to_owned(),
            started,
            seen: stored.version,
            until: None,
        });
        let limit = options.limit.unwrap_or(usize::MAX);
        let log = self.log_of(reader, follow, options.timestamps, limit)?;
        let mut response = Response::new(stream_body(log.into_stream().boxed()));
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("text/plain"),
        );
        Ok(response)
    }

    /// What a running container prints from now on.
    pub(super) fn log_from_now(
        &self,
        path: &ResourcePath,
        pod: &Value,
        container: &Value,
    ) -> Result<Log, Failure> {
        let run = run_of(pod, container, false)?;
        let started = run.started;
        let reader = Reader::last(run, 0, self.clock.now());
        let stored = self.pod(path)?;
        self.log_of(
            reader,
            Some(Follow {
                store: Arc::clone(&self.store),
                key: path.key(),
                container: json::text(container, "/name").to_owned(),
                started,
                seen: stored.version,
                until: None,
            }),
            false,
            usize::MAX,
        )
    }

    fn log_of(
        &self,
        reader: Reader,
        follow: Option<Follow>,
        timestamps: bool,
        left: usize,
    ) -> Result<Log, Failure> {
        let cuts = self.line.connect();
        Ok(Log {
            reader,
            timestamps,
            left,
            follow,
            moves: self.clock.subscribe(),
            cuts: cuts.map_err(|cut| Failure::bad_request(cut.to_string()))?,
            clock: Arc::clone(&self.clock),
        })
    }

    fn log_options(&self, path: &ResourcePath, query: &Query) -> Result<Options, Failure> {
        let invalid = |field: &str, problem: String| {
            let name = path.name.as_deref().unwrap_or_default();
            Failure::invalid("PodLogOptions", "", name, field, &problem)
        };
        let number = |field: &str| query.get(field).and_then(|text| text.parse::<i64>().ok());
        let least = |field: &str, least: i64, words: &str| match number(field) {
            Some(value) if value < least => Err(invalid(
                field,
                format!("Invalid value: {value}: must be greater than {words}"),
            )),
            value => Ok(value.and_then(|value| u64::try_from(value).ok())),
        };
        let tail = least("tailLines", 0, "or equal to 0")?;
        let limit = least("limitBytes", 1, "0")?;
        let seconds = least("sinceSeconds", 1, "0")?;
        let time = query
            .get("sinceTime")
            .and_then(|time| time.parse::<Timestamp>().ok());
        if seconds.is_some() && time.is_some() {
            return Err(invalid(
                "",
                "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
                    .to_owned(),
            ));
        }
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Options {
            follow: query.flag("follow"),
            previous: query.flag("previous"),
            timestamps: query.flag("timestamps"),
            since: time.or_else(|| {
                seconds.map(|ago| clock::earlier(self.clock.now(), Duration::from_secs(ago)))
            }),
            tail: tail.map(size),
            limit: limit.map(size),
        })
    }
}

/// The run whose log a kubelet would read, or why it reads none.
fn run_of(pod: &Value, container: &Value, previous: bool) -> Result<Run, Failure> {
    let (name, pod_name) = (
        json::text(container, "/name"),
        json::text(pod, "/metadata/name"),
    );
    let refuse = |what: &str| Err(Failure::bad_request(what.to_owned()));
    let Some(status) = status_of(pod, name) else {
        return refuse(&format!(
            "container \"{name}\" in pod \"{pod_name}\" is not available"
        ));
    };
    let restarts = json::count(status, "/restartCount");
    let state = status.get("state").unwrap_or(&Value::Null);
    let last = status.get("lastState").unwrap_or(&Value::Null);
    let has_ended = last.get("terminated").is_some();
    let run = if previous {
        if !has_ended {
            return refuse(&format!(
                "previous terminated container \"{name}\" in pod \"{pod_name}\" not found"
            ));
        }
        Run::of(pod, container, last, restarts.saturating_sub(1))
    } else if state.get("running").is_some() || state.get("terminated").is_some() {
        Run::of(pod, container, state, restarts)
    } else if has_ended {
        Run::of(pod, container, last, restarts.saturating_sub(1))
    } else {
        let reason = match json::text(state, "/waiting/reason") {
            "ErrImagePull" => "image can't be pulled",
            "ImagePullBackOff" => "trying and failing to pull image",
            reason => reason,
        };
        return refuse(&format!(
            "container \"{name}\" in pod \"{pod_name}\" is waiting to start: {reason}"
        ));
    };
    run.ok_or_else(|| {
        Failure::bad_request(format!(
            "container \"{name}\" in pod \"{pod_name}\" is waiting to start - no logs yet"
        ))
    })
}

pub(super) fn status_of<'a>(pod: &'a Value, container: &str) -> Option<&'a Value> {
    [
        "/status/containerStatuses",
        "/status/initContainerStatuses",
        "/status/ephemeralContainerStatuses",
    ]
    .iter()
    .flat_map(|statuses| json::items(pod, statuses))
    .find(|status| json::text(status, "/name") == container)
}

/// A log while it is sent.
pub(super) struct Log {
    reader: Reader,
    timestamps: bool,
    /// Bytes that may still be sent.
    left: usize,
    follow: Option<Follow>,
    clock: Arc<VirtualClock>,
    moves: watch::Receiver<()>,
    cuts: watch::Receiver<u64>,
}

/// The container that a log follows.
struct Follow {
    store: Arc<Store>,
    key: ObjectKey,
    container: String,
    started: Timestamp,
    /// The version of the pod that was looked at last.
    seen: u64,
    /// When the run has ended, if it has.
    until: Option<Timestamp>,
}

impl Log {
    fn into_stream(self) -> impl Stream<Item = Result<Bytes, BoxError>> + Send {
        stream::unfold(self, |mut log| async move {
            let item = log.next().await?;
            Some((item, log))
        })
    }

    pub(super) async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        loop {
            // Seen before read, so that a move in between wakes the log again.
            self.moves.mark_unchanged();
            let is_over = self.look();
            let bytes = self.read();
            if !bytes.is_empty() {
                return Some(Ok(Bytes::from(bytes)));
            }
            if is_over || self.left == 0 {
                return None;
            }
            tokio::select! {
                biased;
                _ = self.cuts.changed() => return Some(Err(Box::new(LineCut::Reset))),
                moved = self.moves.changed() => moved.ok()?,
            }
        }
    }

    /// Whether no line comes after those that are there.
    fn look(&mut self) -> bool {
        let Some(follow) = &mut self.follow else {
            return true;
        };
        if follow.until.is_none()
            && let Some((ended, ending)) = follow.ended(self.clock.now())
        {
            follow.until = Some(ended);
            self.reader.end(ended, ending);
        }
        follow.until.is_some()
    }

    fn read(&mut self) -> Vec<u8> {
        let now = match &self.follow {
            Some(follow) => follow.until.unwrap_or_else(|| self.clock.now()),
            None => self.clock.now(),
        };
        let mut bytes = Vec::new();
        while bytes.len() < CHUNK
            && self.left > 0
            && let Some(line) = self.reader.next_until(now)
        {
            let mut text = self.written(&line);
            text.truncate(self.left);
            self.left -= text.len();
            bytes.extend_from_slice(&text);
        }
        bytes
    }

    fn written(&self, line: &Line) -> Vec<u8> {
        if self.timestamps {
            let time = line.at.strftime("%Y-%m-%dT%H:%M:%S.%9fZ");
            format!("{time} {}\n", line.text).into_bytes()
        } else {
            format!("{}\n", line.text).into_bytes()
        }
    }
}

impl Follow {
    /// When and how the run ended, if it has.
    fn ended(&mut self, now: Timestamp) -> Option<(Timestamp, Ending)> {
        let Some(stored) = self.store.get(&pod_kind(), &self.key) else {
            return Some((now, Ending::Killed));
        };
        if stored.version == self.seen {
            return None;
        }
        self.seen = stored.version;
        let pod = stored.value();
        let status = status_of(&pod, &self.container)?;
        let is_ours = |started: &str| {
            started
                .parse::<Timestamp>()
                .is_ok_and(|started| started == self.started)
        };
        if is_ours(json::text(status, "/state/running/startedAt")) {
            return None;
        }
        let ended = ["/state/terminated", "/lastState/terminated"]
            .iter()
            .filter_map(|state| status.pointer(state))
            .find(|ended| is_ours(json::text(ended, "/startedAt")));
        Some(ended.map_or((now, Ending::Killed), |ended| {
            let at = json::text(ended, "/finishedAt").parse().unwrap_or(now);
            (at, Ending::of(ended))
        }))
    }
}
