//! Deployments and other sets, jobs and cron jobs.

use super::{Fields, Value, each, has, json, or, or_if_empty, pod, within};
use crate::json as read;

/// The annotation that counts the templates of a daemon set.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

fn with_template(object: &mut Value, set: impl FnOnce(&mut Fields)) {
    let spec = read::object_at(object, "spec");
    set(spec);
    within(object, "spec", |spec| {
        within(spec, "template", pod::template);
    });
}

pub(super) fn deployment(object: &mut Value) {
    with_template(object, |spec| {
        or(spec, "replicas", 1);
        or(spec, "revisionHistoryLimit", 10);
        or(spec, "progressDeadlineSeconds", 600);
        let strategy = spec.entry("strategy").or_insert_with(|| json!({}));
        rolling(
            strategy,
            &[("maxUnavailable", json!("25%")), ("maxSurge", json!("25%"))],
        );
    });
}

fn rolling(strategy: &mut Value, defaults: &[(&str, Value)]) {
    or_if_empty(read::as_object(strategy), "type", "RollingUpdate");
    if read::text(strategy, "/type") == "RollingUpdate" {
        let update = read::object_at(strategy, "rollingUpdate");
        for (field, value) in defaults {
            or(update, field, value.clone());
        }
    }
}

pub(super) fn replica_set(object: &mut Value) {
    with_template(object, |spec| or(spec, "replicas", 1));
}

pub(super) fn replication_controller(object: &mut Value) {
    with_template(object, |spec| or(spec, "replicas", 1));
    let labels = object.pointer("/spec/template/metadata/labels").cloned();
    if let Some(labels) = labels.filter(Value::is_object) {
        or(read::object_at(object, "spec"), "selector", labels.clone());
        or(read::object_at(object, "metadata"), "labels", labels);
    }
}

pub(super) fn daemon_set(object: &mut Value) {
    with_template(object, |spec| {
        or(spec, "revisionHistoryLimit", 10);
        let strategy = spec.entry("updateStrategy").or_insert_with(|| json!({}));
        rolling(
            strategy,
            &[("maxUnavailable", json!(1)), ("maxSurge", json!(0))],
        );
    });
    let metadata = read::object_at(object, "metadata");
    let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
    or(read::as_object(annotations), TEMPLATE_GENERATION, "1");
}

pub(super) fn stateful_set(object: &mut Value) {
    with_template(object, |spec| {
        or(spec, "replicas", 1);
        or(spec, "revisionHistoryLimit", 10);
        or_if_empty(spec, "podManagementPolicy", "OrderedReady");
        let strategy = spec.entry("updateStrategy").or_insert_with(|| json!({}));
        rolling(strategy, &[("partition", json!(0))]);
        // The feature `MaxUnavailableStatefulSet` is off, so the server drops its field.
        if let Some(Value::Object(update)) = strategy.get_mut("rollingUpdate") {
            update.remove("maxUnavailable");
        }
        let retention = spec
            .entry("persistentVolumeClaimRetentionPolicy")
            .or_insert_with(|| json!({}));
        let retention = read::as_object(retention);
        or_if_empty(retention, "whenDeleted", "Retain");
        or_if_empty(retention, "whenScaled", "Retain");
    });
    within(object, "spec", |spec| {
        each(spec, "volumeClaimTemplates", |claim| {
            let fields = read::as_object(claim);
            or(fields, "kind", "PersistentVolumeClaim");
            or(fields, "apiVersion", "v1");
            super::storage::claim(claim);
        });
    });
}

/// The specification of a job, or that in the template of a cron job.
pub(super) fn job(spec: &mut Value) {
    job_of_a_template(spec);
    // Without either a job is one pod.
    if !has(spec, "completions") && !has(spec, "parallelism") {
        read::as_object(spec).insert("completions".to_owned(), 1.into());
    }
    let has_policy = has(spec, "podFailurePolicy");
    let fields = read::as_object(spec);
    or(fields, "parallelism", 1);
    or(fields, "completionMode", "NonIndexed");
    or(fields, "suspend", false);
    or(fields, "manualSelector", false);
    let replacement = if has_policy {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    or(fields, "podReplacementPolicy", replacement);
    if fields.contains_key("backoffLimitPerIndex") {
        or(fields, "backoffLimit", i32::MAX);
    } else {
        or(fields, "backoffLimit", 6);
    }
    within(spec, "podFailurePolicy", |policy| {
        each(policy, "rules", |rule| {
            each(rule, "onPodConditions", |condition| {
                or_if_empty(read::as_object(condition), "status", "True");
            });
        });
    });
}

fn job_of_a_template(spec: &mut Value) {
    within(spec, "template", pod::template);
}

pub(super) fn cron_job(object: &mut Value) {
    let spec = read::object_at(object, "spec");
    or_if_empty(spec, "concurrencyPolicy", "Allow");
    or(spec, "suspend", false);
    or(spec, "successfulJobsHistoryLimit", 3);
    or(spec, "failedJobsHistoryLimit", 1);
    within(object, "spec", |spec| {
        within(spec, "jobTemplate", |template| {
            within(template, "spec", job_of_a_template);
        });
    });
}
