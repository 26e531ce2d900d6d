//! A container of a pod, and its status.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{actors::kubelet::image, clock, json};

/// The lists in which containers stand, each with its statuses; together they are numbered through.
pub(in crate::actors::kubelet) const LISTS: [(&str, &str); 3] = [
    ("initContainers", "initContainerStatuses"),
    ("containers", "containerStatuses"),
    ("ephemeralContainers", "ephemeralContainerStatuses"),
];

/// A container of a pod by its number: init containers first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::actors::kubelet) struct Slot {
    pub(in crate::actors::kubelet) number: usize,
    list: usize,
    at: usize,
}

/// Every container of `pod`.
pub(in crate::actors::kubelet) fn slots(pod: &Value) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (list, (containers, _)) in LISTS.iter().enumerate() {
        for at in 0..json::items(pod, &format!("/spec/{containers}")).len() {
            slots.push(Slot {
                number: slots.len(),
                list,
                at,
            });
        }
    }
    slots
}

impl Slot {
    /// The container `number` of `pod`.
    pub(in crate::actors::kubelet) fn of(pod: &Value, number: usize) -> Option<Self> {
        slots(pod).get(number).copied()
    }

    pub(in crate::actors::kubelet) fn is_init(self) -> bool {
        self.list == 0
    }

    pub(in crate::actors::kubelet) fn is_main(self) -> bool {
        self.list == 1
    }

    pub(super) fn is_ephemeral(self) -> bool {
        self.list == 2
    }

    /// Whether it is the first of the regular containers.
    pub(in crate::actors::kubelet) fn is_first(self) -> bool {
        self.list == 1 && self.at == 0
    }

    /// What the pod's spec says of it.
    pub(in crate::actors::kubelet) fn container(self, pod: &Value) -> &Value {
        let (list, _) = LISTS.get(self.list).copied().unwrap_or_default();
        pod.pointer(&format!("/spec/{list}/{}", self.at))
            .unwrap_or(&Value::Null)
    }

    pub(in crate::actors::kubelet) fn name(self, pod: &Value) -> &str {
        json::text(self.container(pod), "/name")
    }

    /// The path by which events name it.
    pub(in crate::actors::kubelet) fn field_path(self, pod: &Value) -> String {
        let (list, _) = LISTS.get(self.list).copied().unwrap_or_default();
        format!("spec.{list}{{{}}}", self.name(pod))
    }

    /// Its status.
    pub(in crate::actors::kubelet) fn status(self, pod: &Value) -> &Value {
        let (_, list) = LISTS.get(self.list).copied().unwrap_or_default();
        pod.pointer(&format!("/status/{list}/{}", self.at))
            .unwrap_or(&Value::Null)
    }

    /// An init container that runs beside the others.
    pub(in crate::actors::kubelet) fn is_sidecar(self, pod: &Value) -> bool {
        self.is_init() && json::text(self.container(pod), "/restartPolicy") == "Always"
    }

    pub(in crate::actors::kubelet) fn restarts(self, pod: &Value) -> u64 {
        json::count(self.status(pod), "/restartCount")
    }

    /// Whether it runs with other resources than its pod asks for.
    pub(super) fn is_resized(self, pod: &Value) -> bool {
        let status = self.status(pod);
        let shown = status.get("resources");
        status.pointer("/state/running").is_some()
            && shown.is_some_and(|shown| *shown != resources(self.container(pod)))
    }

    /// It runs with what its pod asks for.
    pub(super) fn resize(self, pod: &mut Value) {
        let container = self.container(pod).clone();
        if let Some(status) = self.edit(pod) {
            show_resources(status, &container);
        }
    }

    fn edit(self, pod: &mut Value) -> Option<&mut Map<String, Value>> {
        let (_, list) = LISTS.get(self.list)?;
        pod.pointer_mut(&format!("/status/{list}/{}", self.at))
            .map(json::as_object)
    }

    /// It waits, for `reason`; what it was before, if it ended, becomes its last state.
    pub(in crate::actors::kubelet) fn wait(self, pod: &mut Value, reason: &str, message: &str) {
        let Some(status) = self.edit(pod) else { return };
        remember_end(status);
        let mut waiting = json!({ "reason": reason });
        if !message.is_empty() {
            json::as_object(&mut waiting).insert("message".to_owned(), message.into());
        }
        status.insert("state".to_owned(), json!({ "waiting": waiting }));
        status.insert("ready".to_owned(), false.into());
        status.insert("started".to_owned(), false.into());
    }

    /// It runs, since `since`, for the time `run` (counted from 0).
    pub(in crate::actors::kubelet) fn run(
        self,
        pod: &mut Value,
        uid: &str,
        since: Timestamp,
        run: u64,
    ) {
        let container = self.container(pod).clone();
        let Some(status) = self.edit(pod) else { return };
        remember_end(status);
        let reference = json::text(&container, "/image");
        let id = super::digest(&format!("{uid}/{}/{run}", self.number));
        status.insert("restartCount".to_owned(), run.into());
        status.insert(
            "containerID".to_owned(),
            format!("containerd://{id}").into(),
        );
        status.insert("image".to_owned(), image::resolved_name(reference).into());
        status.insert("imageID".to_owned(), image::id(reference).into());
        let since = clock::stamp(since);
        status.insert(
            "state".to_owned(),
            json!({ "running": { "startedAt": since } }),
        );
        describe(status, &container);
    }

    /// It is started and ready, or not yet.
    pub(in crate::actors::kubelet) fn mark(
        self,
        pod: &mut Value,
        is_started: bool,
        is_ready: bool,
    ) {
        if let Some(status) = self.edit(pod) {
            status.insert("started".to_owned(), is_started.into());
            status.insert("ready".to_owned(), is_ready.into());
        }
    }

    /// It has ended. An init container that did its work counts as ready.
    pub(in crate::actors::kubelet) fn end(
        self,
        pod: &mut Value,
        exit_code: i64,
        why: (&str, &str),
        at: Timestamp,
    ) {
        let is_done = self.is_init() && exit_code == 0;
        let Some(status) = self.edit(pod) else { return };
        let status_value = Value::Object(std::mem::take(status));
        let started = json::text(&status_value, "/state/running/startedAt").to_owned();
        let id = json::text(&status_value, "/containerID").to_owned();
        if let Value::Object(fields) = status_value {
            *status = fields;
        }
        let started = if started.is_empty() {
            clock::stamp(at)
        } else {
            started
        };
        let mut terminated = json!({
            "exitCode": exit_code,
            "reason": why.0,
            "startedAt": started,
            "finishedAt": clock::stamp(at),
            "containerID": id,
        });
        if !why.1.is_empty() {
            json::as_object(&mut terminated).insert("message".to_owned(), why.1.into());
        }
        status.insert("state".to_owned(), json!({ "terminated": terminated }));
        status.insert("ready".to_owned(), is_done.into());
        status.insert("started".to_owned(), false.into());
    }
}

fn remember_end(status: &mut Map<String, Value>) {
    let ended = status
        .get("state")
        .filter(|state| state.get("terminated").is_some())
        .cloned();
    if let Some(ended) = ended {
        status.insert("lastState".to_owned(), ended);
    }
}

/// What a kubelet adds of a container that runs: resources, mounts, user.
fn describe(status: &mut Map<String, Value>, container: &Value) {
    show_resources(status, container);
    let user = container
        .pointer("/securityContext/runAsUser")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let group = container
        .pointer("/securityContext/runAsGroup")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    status.insert(
        "user".to_owned(),
        json!({ "linux": { "uid": user, "gid": group, "supplementalGroups": [group] } }),
    );
    let mounts: Vec<Value> = json::items(container, "/volumeMounts")
        .iter()
        .map(|mount| {
            let mut shown = json!({ "name": json::text(mount, "/name"),
                "mountPath": json::text(mount, "/mountPath") });
            if json::flag(mount, "/readOnly") {
                json::as_object(&mut shown).insert("readOnly".to_owned(), true.into());
                json::as_object(&mut shown)
                    .insert("recursiveReadOnly".to_owned(), "Disabled".into());
            }
            shown
        })
        .collect();
    if !mounts.is_empty() {
        status.insert("volumeMounts".to_owned(), mounts.into());
    }
}

fn show_resources(status: &mut Map<String, Value>, container: &Value) {
    match container.pointer("/resources/requests") {
        Some(requests) => status.insert("allocatedResources".to_owned(), requests.clone()),
        None => status.remove("allocatedResources"),
    };
    status.insert("resources".to_owned(), resources(container));
}

fn resources(container: &Value) -> Value {
    container
        .get("resources")
        .cloned()
        .unwrap_or_else(|| json!({}))
}
