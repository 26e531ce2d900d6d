//! What makes pods: sets, deployments, jobs.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    age,
    cells::{NONE, Row, UNSET},
};
use crate::json;

const CONTAINERS: &str = "/spec/template/spec/containers";

pub(super) fn pod_template(row: Row<'_>) -> Vec<Value> {
    let [names, images] = row.containers("/template/spec/containers");
    vec![
        row.name(),
        names,
        images,
        row.labels("/template/metadata/labels"),
    ]
}

pub(super) fn replication_controller(row: Row<'_>) -> Vec<Value> {
    let mut cells = replicas(row);
    cells.push(row.labels("/spec/selector"));
    cells
}

pub(super) fn replica_set(row: Row<'_>) -> Vec<Value> {
    let mut cells = replicas(row);
    cells.push(row.selector_or_none("/spec/selector"));
    cells
}

fn replicas(row: Row<'_>) -> Vec<Value> {
    let [names, images] = row.containers(CONTAINERS);
    vec![
        row.name(),
        row.count("/spec/replicas").into(),
        row.count("/status/replicas").into(),
        row.count("/status/readyReplicas").into(),
        row.age(),
        names,
        images,
    ]
}

pub(super) fn deployment(row: Row<'_>) -> Vec<Value> {
    let [names, images] = row.containers(CONTAINERS);
    vec![
        row.name(),
        ready(row),
        row.count("/status/updatedReplicas").into(),
        row.count("/status/availableReplicas").into(),
        row.age(),
        names,
        images,
        row.selector("/spec/selector").into(),
    ]
}

pub(super) fn stateful_set(row: Row<'_>) -> Vec<Value> {
    let [names, images] = row.containers(CONTAINERS);
    vec![row.name(), ready(row), row.age(), names, images]
}

fn ready(row: Row<'_>) -> Value {
    let (ready, desired) = (
        row.count("/status/readyReplicas"),
        row.count("/spec/replicas"),
    );
    format!("{ready}/{desired}").into()
}

pub(super) fn daemon_set(row: Row<'_>) -> Vec<Value> {
    let [names, images] = row.containers(CONTAINERS);
    vec![
        row.name(),
        row.count("/status/desiredNumberScheduled").into(),
        row.count("/status/currentNumberScheduled").into(),
        row.count("/status/numberReady").into(),
        row.count("/status/updatedNumberScheduled").into(),
        row.count("/status/numberAvailable").into(),
        row.labels("/spec/template/spec/nodeSelector"),
        row.age(),
        names,
        images,
        row.selector_or_none("/spec/selector"),
    ]
}

pub(super) fn controller_revision(row: Row<'_>) -> Vec<Value> {
    let controller = row
        .items("/metadata/ownerReferences")
        .iter()
        .find(|owner| json::flag(owner, "/controller"));
    let controller = controller.map_or(NONE.to_owned(), |owner| {
        let kind = json::text(owner, "/kind").to_lowercase();
        let name = json::text(owner, "/name");
        match json::text(owner, "/apiVersion").split_once('/') {
            Some((group, _)) => format!("{kind}.{group}/{name}"),
            None => format!("{kind}/{name}"),
        }
    });
    vec![
        row.name(),
        controller.into(),
        row.count("/revision").into(),
        row.age(),
    ]
}

pub(super) fn job(row: Row<'_>) -> Vec<Value> {
    let succeeded = row.count("/status/succeeded");
    let completions = if row.has("/spec/completions") {
        format!("{succeeded}/{}", row.count("/spec/completions"))
    } else {
        match row.count("/spec/parallelism") {
            many if many > 1 => format!("{succeeded}/1 of {many}"),
            _ => format!("{succeeded}/1"),
        }
    };
    let time = |pointer: &str| row.text(pointer).parse::<Timestamp>().ok();
    let duration = match (time("/status/startTime"), time("/status/completionTime")) {
        (None, _) => String::new(),
        (Some(start), end) => age::human(end.unwrap_or(row.now).duration_since(start)),
    };
    let is_true = |kind: &str| {
        row.condition(kind)
            .is_some_and(|condition| json::text(condition, "/status") == "True")
    };
    let status = if is_true("Complete") {
        "Complete"
    } else if is_true("Failed") {
        "Failed"
    } else if row.has("/metadata/deletionTimestamp") {
        "Terminating"
    } else {
        ["Suspended", "FailureTarget", "SuccessCriteriaMet"]
            .into_iter()
            .find(|kind| is_true(kind))
            .unwrap_or("Running")
    };
    let [names, images] = row.containers(CONTAINERS);
    vec![
        row.name(),
        status.into(),
        completions.into(),
        duration.into(),
        row.age(),
        names,
        images,
        row.selector_or_none("/spec/selector"),
    ]
}

pub(super) fn cron_job(row: Row<'_>) -> Vec<Value> {
    let suspend = match row.object.pointer("/spec/suspend").and_then(Value::as_bool) {
        Some(true) => "True",
        Some(false) => "False",
        None => UNSET,
    };
    let last = if row.has("/status/lastScheduleTime") {
        row.since("/status/lastScheduleTime")
    } else {
        NONE.to_owned()
    };
    let [names, images] = row.containers("/spec/jobTemplate/spec/template/spec/containers");
    vec![
        row.name(),
        row.text_cell("/spec/schedule"),
        row.text_or("/spec/timeZone", NONE),
        suspend.into(),
        row.items("/status/active").len().into(),
        last.into(),
        row.age(),
        names,
        images,
        row.selector_or_none("/spec/jobTemplate/spec/selector"),
    ]
}
