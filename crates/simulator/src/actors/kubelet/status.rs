//! The status of pods, as kubelets write it.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{clock, json, random};

/// The state that all containers of a pod are in.
pub(super) enum ContainerState<'a> {
    Running {
        since: Timestamp,
        is_ready: bool,
    },
    BackOff {
        restarts: u64,
        backoff: Duration,
        ended: Timestamp,
        exit_code: i64,
        reason: &'a str,
    },
    PullFailed {
        message: &'a str,
    },
}

/// What a pod shows as soon as its kubelet knows it.
pub(super) fn admit(pod: &mut Value, host: &str, stamp: &str) {
    let statuses: Vec<Value> = json::items(pod, "/spec/containers")
        .iter()
        .map(|container| {
            json!({
                "name": json::text(container, "/name"),
                "image": json::text(container, "/image"),
                "imageID": "",
                "ready": false,
                "started": false,
                "restartCount": 0,
                "state": { "waiting": { "reason": "ContainerCreating" } },
                "lastState": {},
            })
        })
        .collect();
    let status = json::object_at(pod, "status");
    status.insert("phase".to_owned(), "Pending".into());
    status.insert("hostIP".to_owned(), host.into());
    status.insert("hostIPs".to_owned(), json!([{ "ip": host }]));
    status.insert("startTime".to_owned(), stamp.into());
    status.insert("containerStatuses".to_owned(), statuses.into());
    status
        .entry("qosClass")
        .or_insert_with(|| "Burstable".into());
    set_condition(pod, "PodScheduled", "True", None, stamp);
    set_condition(pod, "PodReadyToStartContainers", "False", None, stamp);
    set_condition(pod, "Initialized", "True", None, stamp);
    set_readiness(pod, false, stamp);
}

pub(super) fn set_phase(pod: &mut Value, phase: &str) {
    json::object_at(pod, "status").insert("phase".to_owned(), phase.into());
}

pub(super) fn set_address(pod: &mut Value, address: &str) {
    let status = json::object_at(pod, "status");
    status.insert("podIP".to_owned(), address.into());
    status.insert("podIPs".to_owned(), json!([{ "ip": address }]));
}

/// Puts every container into `state`; only the first one is ever in trouble.
pub(super) fn set_containers(pod: &mut Value, uid: &str, state: &ContainerState<'_>) {
    let name = pod_in_messages(pod);
    let running_since = json::text(pod, "/status/startTime").to_owned();
    for (at, container) in containers(pod).enumerate() {
        let image = json::text(container, "/image").to_owned();
        let id = format!("containerd://{}", digest(&format!("{uid}/{at}")));
        let status = json::as_object(container);
        let is_troubled = at == 0;
        match state {
            ContainerState::BackOff {
                restarts,
                backoff,
                ended,
                exit_code,
                reason,
            } if is_troubled => {
                let message = format!(
                    "back-off {} restarting failed container={} pod={name}",
                    in_words(*backoff),
                    status
                        .get("name")
                        .and_then(Value::as_str)
                        .unwrap_or_default(),
                );
                let started = clock::earlier(*ended, Duration::from_secs(9));
                status.insert("restartCount".to_owned(), (*restarts).into());
                status.insert("ready".to_owned(), false.into());
                status.insert("started".to_owned(), false.into());
                status.insert(
                    "state".to_owned(),
                    json!({ "waiting": { "reason": "CrashLoopBackOff", "message": message } }),
                );
                let ended = terminated(*exit_code, reason, &clock::stamp(started), *ended, &id);
                status.insert("lastState".to_owned(), ended);
            }
            ContainerState::PullFailed { message } if is_troubled => {
                status.insert("ready".to_owned(), false.into());
                status.insert("started".to_owned(), false.into());
                status.insert(
                    "state".to_owned(),
                    json!({ "waiting": { "reason": "ImagePullBackOff", "message": message } }),
                );
                continue;
            }
            ContainerState::Running { since, is_ready } => {
                status.insert("ready".to_owned(), (*is_ready).into());
                status.insert("started".to_owned(), true.into());
                status.insert(
                    "state".to_owned(),
                    json!({ "running": { "startedAt": clock::stamp(*since) } }),
                );
            }
            _ => {
                status.insert("ready".to_owned(), true.into());
                status.insert("started".to_owned(), true.into());
                status.insert(
                    "state".to_owned(),
                    json!({ "running": { "startedAt": running_since } }),
                );
            }
        }
        status.insert("containerID".to_owned(), id.into());
        status.insert("imageID".to_owned(), image_id(&image).into());
    }
}

pub(super) fn mark_containers_ready(pod: &mut Value) {
    for container in containers(pod) {
        json::as_object(container).insert("ready".to_owned(), true.into());
    }
}

/// Every container has ended at `at`.
pub(super) fn end_containers(pod: &mut Value, exit_code: i64, reason: &str, at: Timestamp) {
    for container in containers(pod) {
        let started = json::text(container, "/state/running/startedAt").to_owned();
        let id = json::text(container, "/containerID").to_owned();
        let status = json::as_object(container);
        status.insert("ready".to_owned(), false.into());
        status.insert("started".to_owned(), false.into());
        status.insert(
            "state".to_owned(),
            terminated(exit_code, reason, &started, at, &id),
        );
    }
}

fn terminated(exit_code: i64, reason: &str, started: &str, at: Timestamp, id: &str) -> Value {
    json!({ "terminated": {
        "exitCode": exit_code,
        "reason": reason,
        "startedAt": started,
        "finishedAt": clock::stamp(at),
        "containerID": id,
    } })
}

/// The conditions that follow from whether the containers are ready.
pub(super) fn set_readiness(pod: &mut Value, is_ready: bool, stamp: &str) {
    let is_started = json::text(pod, "/status/phase") == "Running";
    let started = if is_started { "True" } else { "False" };
    set_condition(pod, "PodReadyToStartContainers", started, None, stamp);
    let names: Vec<&str> = json::items(pod, "/status/containerStatuses")
        .iter()
        .filter(|container| !json::flag(container, "/ready"))
        .map(|container| json::text(container, "/name"))
        .collect();
    let message = format!("containers with unready status: [{}]", names.join(" "));
    for kind in ["Ready", "ContainersReady"] {
        if is_ready {
            set_condition(pod, kind, "True", None, stamp);
        } else {
            set_condition(
                pod,
                kind,
                "False",
                Some(("ContainersNotReady", &message)),
                stamp,
            );
        }
    }
}

/// The pod is not ready any more, and will not be.
pub(super) fn set_readiness_because(pod: &mut Value, reason: &str, stamp: &str) {
    for kind in ["Ready", "ContainersReady"] {
        set_condition(pod, kind, "False", Some((reason, "")), stamp);
    }
}

/// Sets a condition; its time changes only when its status does.
pub(in crate::actors) fn set_condition(
    object: &mut Value,
    kind: &str,
    status: &str,
    why: Option<(&str, &str)>,
    stamp: &str,
) {
    let conditions = json::object_at(object, "status")
        .entry("conditions")
        .or_insert_with(|| Value::Array(Vec::new()));
    let Some(conditions) = conditions.as_array_mut() else {
        return;
    };
    let at = conditions
        .iter()
        .position(|known| json::text(known, "/type") == kind);
    let at = at.unwrap_or_else(|| {
        conditions.push(json!({ "type": kind }));
        conditions.len() - 1
    });
    let Some(condition) = conditions.get_mut(at) else {
        return;
    };
    let is_news = json::text(condition, "/status") != status;
    let fields = json::as_object(condition);
    fields.insert("status".to_owned(), status.into());
    if is_news {
        fields.insert("lastTransitionTime".to_owned(), stamp.into());
    }
    for (field, text) in [
        ("reason", why.map(|why| why.0)),
        ("message", why.map(|why| why.1)),
    ] {
        match text.filter(|text| !text.is_empty()) {
            Some(text) => fields.insert(field.to_owned(), text.into()),
            None => fields.remove(field),
        };
    }
}

/// How often the first container was started again.
pub(super) fn restarts(pod: &Value) -> u64 {
    json::count(pod, "/status/containerStatuses/0/restartCount")
}

pub(super) fn first_image(pod: &Value) -> &str {
    json::text(pod, "/spec/containers/0/image")
}

/// `NAME_NAMESPACE(UID)`, as kubelets name a pod in messages.
pub(super) fn pod_in_messages(pod: &Value) -> String {
    format!(
        "{}_{}({})",
        json::text(pod, "/metadata/name"),
        json::text(pod, "/metadata/namespace"),
        json::text(pod, "/metadata/uid")
    )
}

fn containers(pod: &mut Value) -> impl Iterator<Item = &mut Value> {
    pod.pointer_mut("/status/containerStatuses")
        .and_then(Value::as_array_mut)
        .map(|containers| containers.iter_mut())
        .into_iter()
        .flatten()
}

/// The image with a digest that depends on its name alone.
fn image_id(image: &str) -> String {
    let repository = image
        .rsplit_once(':')
        .map_or(image, |(repository, _)| repository);
    format!("{repository}@sha256:{}", digest(image))
}

/// 64 digits of hexadecimal that depend on `text` alone.
fn digest(text: &str) -> String {
    let [a, b, c, d] = [0, 1, 2, 3].map(|part| random::hash(&format!("{part}{text}")));
    format!("{a:016x}{b:016x}{c:016x}{d:016x}")
}

/// `10s`, `2m40s`, `5m0s`: as Go prints a duration.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{seconds}s")
    } else {
        format!("{}m{}s", seconds / 60, seconds % 60)
    }
}
