//! Webhooks: who has to be asked before something is written, and cannot be.
//!
//! Source: `pkg/admission/plugin/webhook` of the API server 1.36. Nobody in the demo cluster answers
//! a webhook. One whose pods are there is taken to allow what it is asked; one that cannot be
//! reached refuses, or is passed over, as its policy says.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    admission::Subject, disruption, json, kinds::Scope, label_selector::LabelSelector, store::Store,
};

/// The address of the cluster's name server.
const NAME_SERVER: &str = "10.96.0.10:53";

/// Asks the webhooks of one configuration `kind` about a write, or says which cannot be asked.
pub(super) fn ask(
    subject: &Subject<'_>,
    kind: &str,
    is_update: bool,
    object: &Value,
) -> Result<(), Refusal> {
    // Configurations are not asked about themselves, so that a broken one can be repaired.
    if subject.group() == "admissionregistration.k8s.io" {
        return Ok(());
    }
    let kind = GroupKind::new("admissionregistration.k8s.io", kind);
    for stored in subject.store.list(&kind, "") {
        let configuration = stored.value();
        for webhook in json::items(&configuration, "/webhooks") {
            if !is_asked(subject, webhook, is_update, object) {
                continue;
            }
            let name = json::text(webhook, "/name");
            let effects = json::text(webhook, "/sideEffects");
            if subject.is_dry_run && !["None", "NoneOnDryRun"].contains(&effects) {
                return Err(Refusal::NoDryRun(format!(
                    "admission webhook {name:?} does not support dry run"
                )));
            }
            let Some(why) = unreachable(subject.store, webhook) else {
                continue;
            };
            if json::text(webhook, "/failurePolicy") != "Ignore" {
                return Err(Refusal::Unreachable(format!(
                    "failed calling webhook {name:?}: failed to call webhook: {why}"
                )));
            }
        }
    }
    Ok(())
}

/// Why a write is refused on account of a webhook.
pub(super) enum Refusal {
    /// It cannot be reached.
    Unreachable(String),
    /// It must not be asked about a dry run.
    NoDryRun(String),
}

/// Whether a webhook is to be asked about a write.
fn is_asked(subject: &Subject<'_>, webhook: &Value, is_update: bool, object: &Value) -> bool {
    let operation = if is_update { "UPDATE" } else { "CREATE" };
    let is_named = |rule: &Value, field: &str, name: &str| {
        json::items(rule, field)
            .iter()
            .any(|known| known == "*" || known == "*/*" || known == name)
    };
    let scope = match subject.resource.scope {
        Scope::Namespaced => "Namespaced",
        Scope::Cluster => "Cluster",
    };
    let has_rule = json::items(webhook, "/rules").iter().any(|rule| {
        let wanted = json::text(rule, "/scope");
        is_named(rule, "/apiGroups", &subject.path.group)
            && is_named(rule, "/apiVersions", &subject.path.version)
            && is_named(rule, "/operations", operation)
            && is_named(rule, "/resources", &subject.path.plural)
            && ["", "*", scope].contains(&wanted)
    });
    has_rule && is_selected(subject, webhook, object)
}

fn is_selected(subject: &Subject<'_>, webhook: &Value, object: &Value) -> bool {
    let matches = |field: &str, labels: Option<&Value>| {
        let Some(selector) = webhook.get(field).and_then(LabelSelector::read) else {
            return true;
        };
        selector.matches_labels(labels)
    };
    if !matches("objectSelector", object.pointer("/metadata/labels")) {
        return false;
    }
    let namespace = subject.path.namespace.as_str();
    if namespace.is_empty() {
        return true;
    }
    let key = ObjectKey::new("", namespace);
    let place = subject.store.get(&GroupKind::new("", "Namespace"), &key);
    let place = place.map(|place| place.value()).unwrap_or_default();
    matches("namespaceSelector", place.pointer("/metadata/labels"))
}

/// Why a webhook cannot be reached; nothing where its pods are there.
fn unreachable(store: &Store, webhook: &Value) -> Option<String> {
    let timeout = match json::count(webhook, "/timeoutSeconds") {
        0 => 10,
        seconds => seconds,
    };
    let url = json::text(webhook, "/clientConfig/url");
    if !url.is_empty() {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        return Some(format!(
            "Post \"{url}?timeout={timeout}s\": dial tcp: lookup {host} on {NAME_SERVER}: no such \
             host"
        ));
    }
    let service = webhook.pointer("/clientConfig/service")?;
    let (namespace, name) = (
        json::text(service, "/namespace"),
        json::text(service, "/name"),
    );
    let port = match json::count(service, "/port") {
        0 => 443,
        port => port,
    };
    let path = match json::text(service, "/path") {
        "" => "/",
        path => path,
    };
    let post = |why: &str| {
        let address = format!("https://{name}.{namespace}.svc:{port}{path}?timeout={timeout}s");
        Some(format!("Post \"{address}\": {why}"))
    };
    let found = store.get(
        &GroupKind::new("", "Service"),
        &ObjectKey::new(namespace, name),
    );
    let Some(found) = found else {
        return post(&format!("service {name:?} not found"));
    };
    let found = found.value();
    let selector = found.pointer("/spec/selector").and_then(Value::as_object)?;
    let pods = store.list(&GroupKind::new("", "Pod"), namespace);
    let has_ready = pods.iter().any(|pod| {
        selector
            .iter()
            .all(|(label, value)| pod.label(label) == value.as_str())
            && disruption::is_ready(&pod.value())
    });
    if has_ready {
        return None;
    }
    post(&format!("no endpoints available for service {name:?}"))
}
