//! Jobs and cron jobs.

use serde_json::Value;

use super::{pods, selectors};
use crate::{admission::causes::Causes, cron::Schedule, json};

/// The longest name of a cron job: its jobs add a time.
const LONGEST_CRON_NAME: usize = 52;

pub(super) fn job(job: &Value, spec: &Value, causes: &mut Causes) {
    let uid = json::text(job, "/metadata/uid");
    if let Some(selector) = spec.get("selector")
        && !json::flag(spec, "/manualSelector")
    {
        let wanted = json::text(selector, "/matchLabels/batch.kubernetes.io~1controller-uid");
        let count = selector
            .get("matchLabels")
            .and_then(Value::as_object)
            .map(serde_json::Map::len);
        if wanted != uid || count != Some(1) || selector.get("matchExpressions").is_some() {
            causes.invalid(
                "spec.selector",
                selector.clone(),
                "`selector` not auto-generated",
            );
        }
    }
    specification(spec, "spec", causes);
    let none = Value::Null;
    let labels = spec.pointer("/template/metadata/labels").unwrap_or(&none);
    if spec.get("selector").is_some() && !selectors::matches(spec.get("selector"), labels) {
        causes.invalid(
            "spec.template.metadata.labels",
            labels.clone(),
            "`selector` does not match template `labels`",
        );
    }
}

fn specification(spec: &Value, path: &str, causes: &mut Causes) {
    for field in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
    ] {
        causes.not_negative(&format!("{path}.{field}"), spec.get(field));
    }
    let mode = json::text(spec, "/completionMode");
    if !mode.is_empty() {
        causes.one_of(
            &format!("{path}.completionMode"),
            mode,
            &["NonIndexed", "Indexed"],
        );
    }
    if mode == "Indexed" && spec.get("completions").is_none() {
        let detail = "when completion mode is Indexed";
        causes.required(&format!("{path}.completions"), detail);
    }
    let empty = Value::Null;
    let template = spec.get("template").unwrap_or(&empty);
    let path = format!("{path}.template");
    pods::template(template, &path, causes);
    let policy_path = format!("{path}.spec.restartPolicy");
    match json::text(template, "/spec/restartPolicy") {
        "" | "Always" => {
            causes.required(&policy_path, "valid values: \"OnFailure\", \"Never\"");
        }
        _ => {}
    }
}

pub(super) fn cron_job(cron: &Value, spec: &Value, causes: &mut Causes) {
    let schedule = json::text(spec, "/schedule");
    if schedule.is_empty() {
        causes.required("spec.schedule", "");
    } else if let Err(detail) = Schedule::parse(schedule) {
        causes.invalid("spec.schedule", schedule, &detail);
    }
    causes.not_negative(
        "spec.startingDeadlineSeconds",
        spec.get("startingDeadlineSeconds"),
    );
    let zone = json::text(spec, "/timeZone");
    if !zone.is_empty() && jiff::tz::TimeZone::get(zone).is_err() {
        causes.invalid("spec.timeZone", zone, &format!("unknown time zone {zone}"));
    }
    let policy = json::text(spec, "/concurrencyPolicy");
    causes.one_of(
        "spec.concurrencyPolicy",
        policy,
        &["Allow", "Forbid", "Replace"],
    );
    let empty = Value::Null;
    let template = spec.pointer("/jobTemplate/spec").unwrap_or(&empty);
    specification(template, "spec.jobTemplate.spec", causes);
    for field in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        causes.not_negative(&format!("spec.{field}"), spec.get(field));
    }
    let name = json::text(cron, "/metadata/name");
    if name.len() > LONGEST_CRON_NAME {
        let detail = format!("must be no more than {LONGEST_CRON_NAME} characters");
        causes.invalid("metadata.name", name, &detail);
    }
}
