//! Series of pods.

use std::{cell::OnceCell, sync::Arc};

use serde_json::Value;
use strata_domain::ids::ObjectKey;

use super::{
    super::exposition::{Labels, Page, Series, labels},
    COUNTER, GAUGE, amount, created, resource, states, time_at,
};
use crate::{json, server::Server, store::Stored, world::pod_kind};

/// A pod, as its families need it.
struct Pod {
    stored: Arc<Stored>,
    object: Value,
    since: f64,
}

/// What a family tells of one pod.
type Tell = fn(&Pod) -> Vec<Series>;

/// The families of gauges: name, help, and what they tell of a pod.
#[rustfmt::skip]
const FAMILIES: &[(&str, &str, Tell)] = &[
    ("kube_pod_completion_time", "Completion time in unix timestamp for a pod.", completion_time),
    ("kube_pod_container_info", "Information about a container in a pod.", container_info),
    ("kube_pod_container_resource_limits", "The number of requested limit resource by a container. It is recommended to use the kube_pod_resource_limits metric exposed by kube-scheduler instead, as it is more precise.", |pod| container_resources(pod, "limits")),
    ("kube_pod_container_resource_requests", "The number of requested request resource by a container. It is recommended to use the kube_pod_resource_requests metric exposed by kube-scheduler instead, as it is more precise.", |pod| container_resources(pod, "requests")),
    ("kube_pod_container_state_started", "Start time in unix timestamp for a pod container.", |pod| statuses(pod, |status| time_at(status, "/state/running/startedAt"))),
    ("kube_pod_container_status_last_terminated_exitcode", "Describes the exit code for the last container in terminated state.", |pod| statuses(pod, |status| status.pointer("/lastState/terminated/exitCode").and_then(Value::as_f64))),
    ("kube_pod_container_status_last_terminated_reason", "Describes the last reason the container was in terminated state.", |pod| reasons(pod, "/lastState/terminated/reason")),
    ("kube_pod_container_status_ready", "Describes whether the containers readiness check succeeded.", |pod| statuses(pod, |status| Some(flag(json::flag(status, "/ready"))))),
    ("kube_pod_container_status_running", "Describes whether the container is currently in running state.", |pod| statuses(pod, |status| Some(flag(status.pointer("/state/running").is_some())))),
    ("kube_pod_container_status_terminated", "Describes whether the container is currently in terminated state.", |pod| statuses(pod, |status| Some(flag(status.pointer("/state/terminated").is_some())))),
    ("kube_pod_container_status_terminated_reason", "Describes the reason the container is currently in terminated state.", |pod| reasons(pod, "/state/terminated/reason")),
    ("kube_pod_container_status_waiting", "Describes whether the container is currently in waiting state.", |pod| statuses(pod, |status| Some(flag(status.pointer("/state/waiting").is_some())))),
    ("kube_pod_container_status_waiting_reason", "Describes the reason the container is currently in waiting state.", |pod| reasons(pod, "/state/waiting/reason")),
    ("kube_pod_created", "Unix creation timestamp", |pod| one(pod, pod.since)),
    ("kube_pod_info", "Information about pod.", info),
    ("kube_pod_owner", "Information about the Pod's owner.", owner),
    ("kube_pod_start_time", "Start time in unix timestamp for a pod.", |pod| maybe(pod, time_at(&pod.object, "/status/startTime"))),
    ("kube_pod_status_phase", "The pods current phase.", |pod| states(&base(pod), "phase", &["Pending", "Succeeded", "Failed", "Unknown", "Running"], |phase| phase == json::text(&pod.object, "/status/phase"), pod.since)),
    ("kube_pod_status_ready", "Describes whether the pod is ready to serve requests.", |pod| condition(pod, "Ready")),
    ("kube_pod_status_reason", "The pod status reasons", |pod| states(&base(pod), "reason", &["Evicted", "NodeAffinity", "NodeLost", "Shutdown", "UnexpectedAdmissionError"], |reason| reason == json::text(&pod.object, "/status/reason"), pod.since)),
    ("kube_pod_status_scheduled", "Describes the status of the scheduling process for the pod.", |pod| condition(pod, "PodScheduled")),
    ("kube_pod_status_scheduled_time", "Unix timestamp when pod moved into scheduled status", scheduled_time),
    ("kube_pod_status_unschedulable", "Describes the unschedulable status for the pod.", unschedulable),
];

/// Tells of every pod that is wanted.
pub(super) fn tell(page: &mut Page<'_>, server: &Server) {
    let scope = (
        page.only("namespace").map(str::to_owned),
        page.only("pod").map(str::to_owned),
    );
    let known = OnceCell::new();
    let pods = || known.get_or_init(|| wanted(server, scope.0.as_deref(), scope.1.as_deref()));
    for (name, help, of) in FAMILIES {
        page.tell(GAUGE, *name, help, || pods().iter().flat_map(of).collect());
    }
    page.tell(
        COUNTER,
        "kube_pod_container_status_restarts_total",
        "The number of container restarts per container.",
        || {
            let restarts = |status: &Value| status.pointer("/restartCount").and_then(Value::as_f64);
            pods()
                .iter()
                .flat_map(|pod| statuses(pod, restarts))
                .collect()
        },
    );
}

fn wanted(server: &Server, namespace: Option<&str>, name: Option<&str>) -> Vec<Pod> {
    let found = match (namespace, name) {
        (Some(namespace), Some(name)) => server
            .store
            .get(&pod_kind(), &ObjectKey::new(namespace, name))
            .into_iter()
            .collect(),
        (namespace, _) => server
            .store
            .list(&pod_kind(), namespace.unwrap_or_default()),
    };
    found
        .into_iter()
        .filter(|stored| name.is_none_or(|name| stored.key.name == name))
        .map(|stored| {
            let object = stored.value();
            let since = created(&object);
            Pod {
                stored,
                object,
                since,
            }
        })
        .collect()
}

fn base(pod: &Pod) -> Labels {
    labels([
        ("namespace", &pod.stored.key.namespace),
        ("pod", &pod.stored.key.name),
        ("uid", &pod.stored.uid),
    ])
}

fn with<const N: usize>(pod: &Pod, more: [(&'static str, &str); N]) -> Labels {
    let mut all = base(pod);
    all.extend(labels(more));
    all
}

fn one(pod: &Pod, value: f64) -> Vec<Series> {
    vec![Series::constant(base(pod), value, pod.since)]
}

fn maybe(pod: &Pod, value: Option<f64>) -> Vec<Series> {
    value.map_or_else(Vec::new, |value| one(pod, value))
}

fn flag(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

/// One series for each container that `read` reads a value of.
fn statuses(pod: &Pod, read: impl Fn(&Value) -> Option<f64>) -> Vec<Series> {
    json::items(&pod.object, "/status/containerStatuses")
        .iter()
        .filter_map(|status| {
            let labels = with(pod, [("container", json::text(status, "/name"))]);
            Some(Series::constant(labels, read(status)?, pod.since))
        })
        .collect()
}

/// One series for each container with a reason at `pointer`.
fn reasons(pod: &Pod, pointer: &str) -> Vec<Series> {
    json::items(&pod.object, "/status/containerStatuses")
        .iter()
        .filter(|status| !json::text(status, pointer).is_empty())
        .map(|status| {
            let labels = with(
                pod,
                [
                    ("container", json::text(status, "/name")),
                    ("reason", json::text(status, pointer)),
                ],
            );
            Series::constant(labels, 1.0, pod.since)
        })
        .collect()
}

fn container_info(pod: &Pod) -> Vec<Series> {
    let specs = json::items(&pod.object, "/spec/containers");
    json::items(&pod.object, "/status/containerStatuses")
        .iter()
        .map(|status| {
            let name = json::text(status, "/name");
            let spec = specs.iter().find(|spec| json::text(spec, "/name") == name);
            let labels = with(
                pod,
                [
                    ("container", name),
                    (
                        "image_spec",
                        spec.map_or("", |spec| json::text(spec, "/image")),
                    ),
                    ("image", json::text(status, "/image")),
                    ("image_id", json::text(status, "/imageID")),
                    ("container_id", json::text(status, "/containerID")),
                ],
            );
            Series::constant(labels, 1.0, pod.since)
        })
        .collect()
}

fn container_resources(pod: &Pod, side: &str) -> Vec<Series> {
    let mut all = Vec::new();
    for container in json::items(&pod.object, "/spec/containers") {
        let amounts = container
            .pointer(&format!("/resources/{side}"))
            .and_then(Value::as_object);
        for (name, quantity) in amounts.into_iter().flatten() {
            let Some(value) = quantity.as_str().and_then(|text| amount(name, text)) else {
                continue;
            };
            let (name, unit) = resource(name);
            let labels = with(
                pod,
                [
                    ("container", json::text(container, "/name")),
                    ("node", json::text(&pod.object, "/spec/nodeName")),
                    ("resource", &name),
                    ("unit", unit),
                ],
            );
            all.push(Series::constant(labels, value, pod.since));
        }
    }
    all
}

fn info(pod: &Pod) -> Vec<Series> {
    let owner = pod.stored.controller();
    let is_host_network = json::flag(&pod.object, "/spec/hostNetwork").to_string();
    let labels = with(
        pod,
        [
            ("host_ip", json::text(&pod.object, "/status/hostIP")),
            ("pod_ip", json::text(&pod.object, "/status/podIP")),
            ("node", json::text(&pod.object, "/spec/nodeName")),
            (
                "created_by_kind",
                owner.map_or("", |owner| &owner.kind.kind),
            ),
            ("created_by_name", owner.map_or("", |owner| &owner.name)),
            (
                "priority_class",
                json::text(&pod.object, "/spec/priorityClassName"),
            ),
            ("host_network", &is_host_network),
        ],
    );
    vec![Series::constant(labels, 1.0, pod.since)]
}

fn owner(pod: &Pod) -> Vec<Series> {
    let series = |kind: &str, name: &str, is_controller: &str| {
        let labels = with(
            pod,
            [
                ("owner_kind", kind),
                ("owner_name", name),
                ("owner_is_controller", is_controller),
            ],
        );
        Series::constant(labels, 1.0, pod.since)
    };
    if pod.stored.owners.is_empty() {
        return vec![series("", "", "")];
    }
    pod.stored
        .owners
        .iter()
        .map(|owner| {
            series(
                &owner.kind.kind,
                &owner.name,
                &owner.is_controller.to_string(),
            )
        })
        .collect()
}

fn condition(pod: &Pod, kind: &str) -> Vec<Series> {
    let Some(found) = find_condition(pod, kind) else {
        return Vec::new();
    };
    let status = json::text(found, "/status");
    states(
        &base(pod),
        "condition",
        &["true", "false", "unknown"],
        |state| state.eq_ignore_ascii_case(status),
        pod.since,
    )
}

fn find_condition<'a>(pod: &'a Pod, kind: &str) -> Option<&'a Value> {
    json::items(&pod.object, "/status/conditions")
        .iter()
        .find(|condition| json::text(condition, "/type") == kind)
}

fn scheduled_time(pod: &Pod) -> Vec<Series> {
    let time = find_condition(pod, "PodScheduled")
        .filter(|found| json::text(found, "/status") == "True")
        .and_then(|found| time_at(found, "/lastTransitionTime"));
    maybe(pod, time)
}

fn unschedulable(pod: &Pod) -> Vec<Series> {
    let is_waiting = find_condition(pod, "PodScheduled").is_some_and(|found| {
        json::text(found, "/status") == "False" && json::text(found, "/reason") == "Unschedulable"
    });
    maybe(pod, is_waiting.then_some(1.0))
}

fn completion_time(pod: &Pod) -> Vec<Series> {
    let latest = json::items(&pod.object, "/status/containerStatuses")
        .iter()
        .map(|status| time_at(status, "/state/terminated/finishedAt"))
        .collect::<Option<Vec<f64>>>()
        .and_then(|all| all.into_iter().reduce(f64::max));
    maybe(pod, latest)
}
