//! Why there are fewer pods than there should be: what the controller, or the API server it asked,
//! says.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        case::{Case, seen},
        read,
        words::{brief, date, finding, of_condition, of_event, say, seconds},
    },
    Findings, Found, refusals,
};

/// How long a controller may take to act on something new, in seconds.
const PATIENCE: f64 = 60.0;

/// Events by which controllers say that they could not create something.
const REFUSED: [&str; 6] = [
    "FailedCreate",
    "ErrCreatePod",
    "FailedCreatePod",
    "FailedToCreateWorkerPod",
    "FailedToCreateHeadPod",
    "ReconcileError",
];

/// Events by which `KubeRay` says that it does not act on what it was given.
const INVALID: [&str; 6] = [
    "InvalidRayClusterSpec",
    "InvalidRayClusterMetadata",
    "InvalidRayJobSpec",
    "InvalidRayJobMetadata",
    "InvalidRayServiceSpec",
    "InvalidRayServiceMetadata",
];

/// Judges every controller between the object and its pods.
pub(super) fn judge(case: &Case, findings: &mut Findings) {
    for controller in case.chain() {
        if read::is_ending(controller) || has_all(case, controller) {
            continue;
        }
        let refusals = [invalid(case, controller), refused(case, controller)];
        for found in refusals.into_iter().flatten() {
            findings.add(found);
        }
    }
    if !findings.has(ReasonCode::Suspended)
        && let Some(found) = unseen(case)
    {
        findings.add(found);
    }
}

/// Whether a controller has as many pods as it should, as far as that can be told.
fn has_all(case: &Case, controller: &Value) -> bool {
    let wanted = match read::group_kind(controller).kind.as_str() {
        "ReplicaSet" | "StatefulSet" => read::number(controller, "/spec/replicas").unwrap_or(1),
        "DaemonSet" => read::number(controller, "/status/desiredNumberScheduled").unwrap_or(0),
        _ => return read::condition_is(controller, "Complete", "True").is_some(),
    };
    let uid = read::uid(controller);
    let there = case
        .pods
        .iter()
        .filter(|pod| read::controller_uid(pod) == uid)
        .count();
    i64::try_from(there).unwrap_or(i64::MAX) >= wanted
}

/// What its controller says of what it asks for, unless it has acted on it since.
fn invalid(case: &Case, controller: &Value) -> Option<Found> {
    let event = case.event(controller, &INVALID)?;
    let acted_on = read::number(controller, "/status/observedGeneration");
    if acted_on.is_some() && acted_on >= read::number(controller, "/metadata/generation") {
        return None;
    }
    let name = read::called(controller).to_string();
    let sentence = say(PhraseCode::WhySaysWhy)
        .with("object", name.as_str())
        .with("reason", read::text(event, "/reason"))
        .with("message", brief(read::text(event, "/message")));
    let act = say(PhraseCode::ActObject).with("object", name.as_str());
    let found = Found::new(ReasonCode::InvalidSpec, sentence, act);
    Some(found.because(of_event(case, controller, event)).futile())
}

/// What the API server answered when the controller last asked for a pod.
fn refused(case: &Case, controller: &Value) -> Option<Found> {
    let event = case.event(controller, &REFUSED);
    // It got through since.
    let created = case.event(controller, &["SuccessfulCreate"]).and_then(seen);
    let event = event.filter(|event| created.is_none_or(|created| seen(event) > Some(created)));
    let condition = read::condition_is(controller, "ReplicaFailure", "True");
    let message = event
        .map(|event| read::text(event, "/message"))
        .or_else(|| condition.map(|condition| read::text(condition, "/message")))?;
    let message = message
        .split_once("Error creating: ")
        .map_or(message, |(_, message)| message);
    let is_custom = read::group_kind(controller).group.contains('.');
    if is_custom && !message.contains("forbidden") && !message.contains("webhook") {
        return None;
    }
    Some(
        refusals::of(message)
            .also(event.map(|event| of_event(case, controller, event)))
            .also(condition.map(|condition| of_condition(case, controller, condition))),
    )
}

/// Nobody has acted on the object at all.
fn unseen(case: &Case) -> Option<Found> {
    let object = &case.object;
    let waited = read::created(object).map_or(0.0, |created| case.age(created));
    let is_new = waited < PATIENCE;
    let runs_pods = super::super::gather::runs_pods(object);
    let has_status = object
        .get("status")
        .and_then(Value::as_object)
        .is_some_and(|status| !status.is_empty() && !is_empty_status(status));
    let is_alone = case.pods.is_empty() && case.parts.is_empty() && case.events.is_empty();
    if is_new || !runs_pods || has_status || !is_alone || read::is_a(object, "", "Pod") {
        return None;
    }
    let kind = read::kind_called(&read::group_kind(object));
    let sentence = say(PhraseCode::WhyNoController)
        .with("kind", kind.as_str())
        .with("waited", seconds(waited));
    let act = say(PhraseCode::ActController).with("kind", kind.as_str());
    let mut said = finding(object, "status", "");
    date(case, &mut said, read::created(object));
    Some(Found::new(ReasonCode::NoController, sentence, act).because(said))
}

/// Whether a status says nothing: built-in kinds are written with zeros.
fn is_empty_status(status: &serde_json::Map<String, Value>) -> bool {
    status.values().all(|value| {
        value.as_i64() == Some(0) || value.as_object().is_some_and(serde_json::Map::is_empty)
    })
}
