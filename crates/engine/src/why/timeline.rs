//! What happened to an object and what belongs to it, in the order of time: a pure function of a
//! case and its explanation.

use jiff::Timestamp;
use serde_json::Value;
use strata_api::{
    explanation::{Explanation, Finding},
    rows::Severity,
    timeline::{Derived, Timeline, TimelineEntry, TimelineKind},
};

use super::{
    case::{Case, seen},
    judge::queue,
    read,
    words::brief,
};
use crate::logs::exits;

/// Entries that are told at most, the latest.
const MOST: usize = 500;

/// Tells what happened.
pub(super) fn tell(case: &Case, explanation: &Explanation) -> Timeline {
    let mut told = Vec::new();
    let workloads = case.listed(queue::GROUP, "Workload").unwrap_or_default();
    let workloads: Vec<&Value> = workloads
        .iter()
        .filter(|workload| queue::is_of(case, workload))
        .collect();
    for object in case.chain().chain(workloads.iter().copied()) {
        told.extend(created(object));
        told.extend(conditions(object));
    }
    for pod in &case.pods {
        told.extend(created(pod));
        // Of a pod's conditions, the rest is told by its containers.
        let telling = ["Ready", "DisruptionTarget", "PodScheduled"];
        let conditions = conditions(pod);
        told.extend(conditions.filter(|entry| telling.contains(&entry.entry.word.as_str())));
        told.extend(containers(pod));
    }
    told.extend(case.events.iter().filter_map(event));
    told.sort_by_key(|one| one.at);
    let more = told.len().saturating_sub(MOST);
    let entries = told.into_iter().skip(more).map(|one| TimelineEntry {
        derived: derived(&one, explanation),
        ..one.entry
    });
    Timeline {
        entries: entries.collect(),
        more: u32::try_from(more).unwrap_or(u32::MAX),
        unread: case.unread.clone(),
    }
}

/// An entry, and by what evidence names it.
struct Told {
    at: Timestamp,
    entry: TimelineEntry,
    /// The field of a finding that rests on it.
    field: String,
}

fn told(object: &Value, at: Timestamp, kind: TimelineKind, word: &str, message: &str) -> Told {
    Told {
        at,
        entry: TimelineEntry {
            at: at.to_string(),
            first_at: None,
            count: 1,
            object: read::called(object),
            kind,
            word: word.to_owned(),
            message: brief(message),
            severity: Severity::Ok,
            said: None,
            derived: None,
        },
        field: String::new(),
    }
}

fn created(object: &Value) -> Option<Told> {
    let at = read::created(object)?;
    Some(told(object, at, TimelineKind::Created, "", ""))
}

fn conditions(object: &Value) -> impl Iterator<Item = Told> {
    read::list(object, "/status/conditions")
        .iter()
        .filter_map(|condition| {
            let at = read::time(condition, "/lastTransitionTime")
                .or_else(|| read::time(condition, "/lastUpdateTime"))?;
            let word = read::text(condition, "/type");
            let status = read::text(condition, "/status");
            let said = [
                read::text(condition, "/reason"),
                read::text(condition, "/message"),
            ];
            let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
            let message = if said.is_empty() {
                status.to_owned()
            } else {
                format!("{status}: {}", said.join(": "))
            };
            let mut one = told(object, at, TimelineKind::Condition, word, &message);
            one.field = format!("status.conditions[{word}]");
            one.entry.severity = match (word, status) {
                ("Failed" | "FailureTarget" | "DisruptionTarget" | "Evicted", "True") => {
                    Severity::Warning
                }
                ("PodScheduled", "False") => Severity::Notice,
                _ => Severity::Ok,
            };
            Some(one)
        })
}

/// The runs of a pod's containers, as far as the kubelet still tells of them: the present one and
/// the one before.
fn containers(pod: &Value) -> Vec<Told> {
    let mut runs = Vec::new();
    for statuses in ["initContainerStatuses", "containerStatuses"] {
        for status in read::list(pod, &format!("/status/{statuses}")) {
            let name = read::text(status, "/name");
            for state in ["lastState", "state"] {
                let field = format!("status.containerStatuses[{name}].{state}.terminated");
                if let Some(ended) = status.pointer(&format!("/{state}/terminated")) {
                    runs.extend(started(pod, name, ended));
                    runs.extend(ended_run(pod, name, ended, field));
                } else if let Some(running) = status.pointer(&format!("/{state}/running")) {
                    runs.extend(started(pod, name, running));
                }
            }
        }
    }
    runs
}

fn started(pod: &Value, name: &str, run: &Value) -> Option<Told> {
    let at = read::time(run, "/startedAt")?;
    Some(told(pod, at, TimelineKind::Started, name, ""))
}

fn ended_run(pod: &Value, name: &str, run: &Value, field: String) -> Option<Told> {
    let at = read::time(run, "/finishedAt")?;
    let code = read::number(run, "/exitCode").unwrap_or_default();
    let code = i32::try_from(code).unwrap_or(i32::MAX);
    let reason = read::text(run, "/reason");
    let message = read::text(run, "/message");
    let mut one = told(pod, at, TimelineKind::Ended, name, message);
    one.field = field;
    one.entry.said = Some(exits::explain(code, reason));
    if code != 0 {
        one.entry.severity = Severity::Warning;
    }
    Some(one)
}

fn event(event: &Value) -> Option<Told> {
    let at = seen(event)?;
    let word = read::text(event, "/reason");
    let about = event.pointer("/involvedObject")?;
    let mut one = told(
        event,
        at,
        TimelineKind::Event,
        word,
        read::text(event, "/message"),
    );
    one.entry.object = read::called_by_reference(about);
    one.field = format!("event {word}");
    one.entry.count = read::count(event, "/count")
        .max(read::count(event, "/series/count"))
        .max(1);
    one.entry.first_at = read::time(event, "/firstTimestamp")
        .filter(|first| *first < at)
        .map(|first| first.to_string());
    if read::text(event, "/type") == "Warning" {
        one.entry.severity = Severity::Warning;
    }
    Some(one)
}

/// The reason that rests on an entry, the dominant one before others.
fn derived(one: &Told, explanation: &Explanation) -> Option<Derived> {
    if one.field.is_empty() {
        return None;
    }
    let dominant = explanation.reason.iter().map(|reason| (reason, true));
    let others = explanation.others.iter().map(|reason| (reason, false));
    let rests = |finding: &Finding| {
        finding.object == one.entry.object
            && finding.field == one.field
            && (one.entry.kind != TimelineKind::Event
                || finding.message.starts_with(&one.entry.message))
    };
    dominant
        .chain(others)
        .find(|(reason, _)| reason.evidence.iter().any(rests))
        .map(|(reason, is_dominant)| Derived {
            code: reason.code,
            sentence: reason.sentence.clone(),
            is_dominant,
        })
}
