//! Pods, whose status is put together from many places.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    age,
    cells::{NONE, Row},
};
use crate::json;

pub(super) fn pod(row: Row<'_>) -> Vec<Value> {
    let summary = summary(row.object);
    let restarts = match summary.last_restart {
        Some(last) if summary.restarts != 0 => {
            let ago = age::human(row.now.duration_since(last));
            format!("{} ({ago} ago)", summary.restarts)
        }
        _ => summary.restarts.to_string(),
    };
    vec![
        row.name(),
        format!("{}/{}", summary.ready, summary.containers).into(),
        summary.reason.into(),
        restarts.into(),
        row.age(),
        row.text_or("/status/podIPs/0/ip", NONE),
        row.text_or("/spec/nodeName", NONE),
        row.text_or("/status/nominatedNodeName", NONE),
        readiness_gates(row).into(),
    ]
}

fn readiness_gates(row: Row<'_>) -> String {
    let gates = row.items("/spec/readinessGates");
    if gates.is_empty() {
        return NONE.to_owned();
    }
    let open = gates.iter().filter(|gate| {
        row.condition(json::text(gate, "/conditionType"))
            .is_some_and(|condition| json::text(condition, "/status") == "True")
    });
    format!("{}/{}", open.count(), gates.len())
}

struct Summary {
    reason: String,
    ready: usize,
    containers: usize,
    restarts: i64,
    last_restart: Option<Timestamp>,
}

/// Restarts of some containers, and the last of them.
#[derive(Clone, Copy, Default)]
struct Restarts {
    count: i64,
    last: Option<Timestamp>,
}

impl Restarts {
    fn add(&mut self, container: &Value) {
        self.count += count(container, "/restartCount");
        let ended = json::text(container, "/lastState/terminated/finishedAt");
        self.last = self.last.max(ended.parse().ok());
    }
}

fn summary(pod: &Value) -> Summary {
    let phase = json::text(pod, "/status/phase");
    let status_reason = json::text(pod, "/status/reason");
    let mut reason = if status_reason.is_empty() {
        phase.to_owned()
    } else {
        status_reason.to_owned()
    };
    let condition = |kind: &str| {
        json::items(pod, "/status/conditions")
            .iter()
            .find(|condition| json::text(condition, "/type") == kind)
    };
    let is_true = |kind: &str| {
        condition(kind).is_some_and(|condition| json::text(condition, "/status") == "True")
    };
    if condition("PodScheduled")
        .is_some_and(|condition| json::text(condition, "/reason") == "SchedulingGated")
    {
        "SchedulingGated".clone_into(&mut reason);
    }
    let sidecars: Vec<&str> = json::items(pod, "/spec/initContainers")
        .iter()
        .filter(|container| json::text(container, "/restartPolicy") == "Always")
        .map(|container| json::text(container, "/name"))
        .collect();
    let containers = json::items(pod, "/spec/containers").len() + sidecars.len();
    let initialization = initialization(pod, &sidecars);
    let mut ready = initialization.ready;
    let mut restarts = initialization.restarts;
    let is_initializing = initialization.reason.is_some();
    if let Some(initializing) = initialization.reason {
        reason = initializing;
    }
    if !is_initializing || is_true("Initialized") {
        restarts = initialization.sidecar_restarts;
        let mut has_running = false;
        let mut error = None;
        for container in json::items(pod, "/status/containerStatuses").iter().rev() {
            restarts.add(container);
            let waiting = json::text(container, "/state/waiting/reason");
            if !waiting.is_empty() {
                waiting.clone_into(&mut reason);
            } else if let Some(terminated) = container.pointer("/state/terminated") {
                reason = ended("", terminated);
                if count(terminated, "/exitCode") != 0 {
                    error = Some(reason.clone());
                }
            } else if json::flag(container, "/ready")
                && container.pointer("/state/running").is_some()
            {
                has_running = true;
                ready += 1;
            }
        }
        // A pod with a container that runs is not completed.
        if reason == "Completed" {
            if has_running && is_true("Ready") {
                "Running".clone_into(&mut reason);
            } else if let Some(error) = error {
                reason = error;
            } else if has_running {
                "NotReady".clone_into(&mut reason);
            }
        }
    }
    if pod.pointer("/metadata/deletionTimestamp").is_some() {
        if status_reason == "NodeLost" {
            "Unknown".clone_into(&mut reason);
        } else if !["Succeeded", "Failed"].contains(&phase) {
            "Terminating".clone_into(&mut reason);
        }
    }
    Summary {
        reason,
        ready,
        containers,
        restarts: restarts.count,
        last_restart: restarts.last,
    }
}

#[derive(Default)]
struct Initialization {
    /// Where it stands, while it is not over.
    reason: Option<String>,
    ready: usize,
    restarts: Restarts,
    sidecar_restarts: Restarts,
}

fn initialization(pod: &Value, sidecars: &[&str]) -> Initialization {
    let mut result = Initialization::default();
    let total = json::items(pod, "/spec/initContainers").len();
    let statuses = json::items(pod, "/status/initContainerStatuses");
    for (at, container) in statuses.iter().enumerate() {
        result.restarts.add(container);
        let is_sidecar = sidecars.contains(&json::text(container, "/name"));
        if is_sidecar {
            result.sidecar_restarts.add(container);
        }
        let terminated = container.pointer("/state/terminated");
        let waiting = json::text(container, "/state/waiting/reason");
        result.reason = match terminated {
            Some(terminated) if count(terminated, "/exitCode") == 0 => continue,
            _ if is_sidecar && json::flag(container, "/started") => {
                result.ready += usize::from(json::flag(container, "/ready"));
                continue;
            }
            Some(terminated) => Some(ended("Init:", terminated)),
            None if !waiting.is_empty() && waiting != "PodInitializing" => {
                Some(format!("Init:{waiting}"))
            }
            None => Some(format!("Init:{at}/{total}")),
        };
        break;
    }
    result
}

/// Why a container ended.
fn ended(prefix: &str, terminated: &Value) -> String {
    let reason = json::text(terminated, "/reason");
    let signal = count(terminated, "/signal");
    if !reason.is_empty() {
        format!("{prefix}{reason}")
    } else if signal != 0 {
        format!("{prefix}Signal:{signal}")
    } else {
        format!("{prefix}ExitCode:{}", count(terminated, "/exitCode"))
    }
}

fn count(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)
}
