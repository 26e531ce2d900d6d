//! What a job would lose if its pods ended now: the work since its last checkpoint.
//!
//! No kind and no label tells when a job saved last. Training frameworks write it to their logs, each in
//! its own words ([`lines`]); those of a few of the job's pods are read when somebody is about to end it.
//! A dip of the GPUs' activity proves nothing, and is not taken for a checkpoint.

mod claims;
mod lines;
mod log;
mod words;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use serde_json::Value;
use strata_api::phrases::Phrase;
use strata_domain::{
    ids::{ClusterId, ObjectKey},
    metadata::Labels,
    text::Text,
};
use strata_ports::{
    error::PortError,
    logs::{LogRequest, LogSource},
    objects::ObjectReader,
};

use crate::{change::hurt, project::jobs::ranks, why::read};
use claims::Claimed;
use log::Tail;

/// How many logs of a job are read: the first ranks save, or tell that they did.
const LOGS: usize = 4;

/// Where logs and claims are read, and when.
pub(crate) struct Reader<'a> {
    pub(crate) objects: &'a dyn ObjectReader,
    pub(crate) logs: &'a dyn LogSource,
    pub(crate) cluster: &'a ClusterId,
    pub(crate) now: Timestamp,
}

/// What is known of a job's last checkpoint.
#[derive(Debug)]
enum Known {
    /// It was saved, or begun to be saved, as the log of a pod says.
    Saved {
        at: Timestamp,
        pod: String,
        is_finished: bool,
    },
    /// The logs, read from their begin on, say nothing of one.
    Untold,
    /// The logs say nothing of one since this time; they are longer than what was read.
    NotSince(Timestamp),
    /// No log could be read.
    Unread(PortError),
}

impl Reader<'_> {
    /// What would be lost of the job that consists of `pods`; none where no accelerators are at work, or
    /// where it serves and never said that it saves anything.
    pub(crate) async fn at_stake(&self, pods: &[Value]) -> Option<Phrase> {
        let running: Vec<&Value> = pods.iter().filter(|pod| is_running(pod)).collect();
        let claimed = Claimed::read(self.objects, self.cluster, &running).await;
        let work = Work::of(&running, &claimed, self.now);
        if work.gpus == 0 {
            return None;
        }
        let known = self.last_checkpoint(running).await;
        let is_silent = matches!(known, Known::Untold | Known::NotSince(_));
        (!is_silent || work.ends_by_itself).then(|| words::say(&known, &work, self.now))
    }

    async fn last_checkpoint(&self, mut running: Vec<&Value>) -> Known {
        running.sort_by_cached_key(|pod| {
            let labels: Labels = read::texts(pod, "/metadata/labels")
                .map(|(key, value)| (Text::from(key), Text::from(value)))
                .collect();
            let name = read::name(pod).to_owned();
            (ranks::number(&labels), read::created(pod), name)
        });
        let first = running.iter().take(LOGS);
        let readings: Vec<_> = first
            .filter_map(|pod| request(pod))
            .map(|asked| self.tail(asked))
            .collect();
        known_from(stream::iter(readings).buffered(LOGS).collect().await)
    }

    async fn tail(&self, asked: LogRequest) -> (String, Result<Tail, PortError>) {
        let pod = asked.pod.name.to_string();
        (pod, log::read(self.logs, self.cluster, asked).await)
    }
}

/// The best that the ends of some logs tell together: what was finished counts before what was begun.
fn known_from(tails: Vec<(String, Result<Tail, PortError>)>) -> Known {
    let mut refused = None;
    let mut read = Vec::new();
    for (pod, tail) in tails {
        match tail {
            Ok(tail) => read.push((pod, tail)),
            Err(error) => refused = Some(error),
        }
    }
    let latest = |pick: fn(&Tail) -> Option<Timestamp>| {
        let told = read.iter();
        told.filter_map(|(pod, tail)| Some((pick(tail)?, pod)))
            .max()
    };
    for (is_finished, found) in [
        (true, latest(|tail| tail.finished)),
        (false, latest(|tail| tail.begun)),
    ] {
        if let Some((at, pod)) = found {
            return Known::Saved {
                at,
                pod: pod.clone(),
                is_finished,
            };
        }
    }
    if let Some(error) = refused.filter(|_| read.is_empty()) {
        return Known::Unread(error);
    }
    let cut = read.iter().filter(|(_, tail)| tail.is_cut);
    let reach = cut.filter_map(|(_, tail)| tail.first).min();
    reach.map_or(Known::Untold, Known::NotSince)
}

/// What the accelerators of a job did since its containers began.
struct Work {
    gpus: u64,
    /// Accelerators, and since when they are at work.
    parts: Vec<(u64, Timestamp)>,
    /// Whether its pods run until they are done: others serve, and lose nothing.
    ends_by_itself: bool,
    now: Timestamp,
}

impl Work {
    fn of(pods: &[&Value], claimed: &Claimed, now: Timestamp) -> Self {
        let gpus = |pod: &Value| {
            hurt::gpus_of(pod.pointer("/spec").unwrap_or(&Value::Null)) + claimed.of(pod)
        };
        let parts: Vec<(u64, Timestamp)> = pods
            .iter()
            .map(|pod| (gpus(pod), began(pod).unwrap_or(now)))
            .filter(|(gpus, _)| *gpus > 0)
            .collect();
        let mut holders = pods.iter().filter(|pod| gpus(pod) > 0);
        Self {
            gpus: parts.iter().map(|(gpus, _)| gpus).sum(),
            parts,
            ends_by_itself: holders.any(|pod| ends_by_itself(pod)),
            now,
        }
    }

    /// GPU-hours since `since`, or since the containers began where that was later.
    fn hours_since(&self, since: Timestamp) -> f64 {
        let hours = |(gpus, began): &(u64, Timestamp)| {
            let spent = self.now.duration_since(since.max(*began));
            let gpus = f64::from(u32::try_from(*gpus).unwrap_or(u32::MAX));
            gpus * spent.as_secs_f64().max(0.0) / 3_600.0
        };
        self.parts.iter().map(hours).sum()
    }
}

fn is_running(pod: &Value) -> bool {
    read::is_a(pod, "", "Pod") && read::text(pod, "/status/phase") == "Running"
}

/// Whether a pod runs until it is done. `KubeRay` makes pods that serve and pods that train alike, and says
/// by a label for what.
fn ends_by_itself(pod: &Value) -> bool {
    let policy = read::text(pod, "/spec/restartPolicy");
    ["Never", "OnFailure"].contains(&policy)
        && read::label(pod, "ray.io/originated-from-crd") != "RayService"
}

/// When the first of a pod's containers that run now began to.
fn began(pod: &Value) -> Option<Timestamp> {
    let containers = read::list(pod, "/status/containerStatuses").iter();
    containers
        .filter_map(|container| read::time(container, "/state/running/startedAt"))
        .min()
        .or_else(|| read::time(pod, "/status/startTime"))
}

/// The log of the container that computes, else of the first.
fn request(pod: &Value) -> Option<LogRequest> {
    let containers = read::list(pod, "/spec/containers");
    let computes = |container: &&Value| {
        let alone = serde_json::json!({ "containers": [container] });
        let claims = read::list(container, "/resources/claims");
        hurt::gpus_of(&alone) > 0 || !claims.is_empty()
    };
    let container = containers
        .iter()
        .find(computes)
        .or_else(|| containers.first())?;
    Some(LogRequest {
        pod: ObjectKey::new(read::namespace(pod), read::name(pod)),
        container: read::text(container, "/name").to_owned(),
        tail: Some(log::LINES),
        ..LogRequest::default()
    })
}

#[cfg(test)]
mod tests;
