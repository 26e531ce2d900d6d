//! What the admission controllers that every cluster has do to an object ([`admit`]), and whether
//! they let it pass as it then is ([`judge`]).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Subject, default_fields,
    quota::{Counted, Request},
};
use crate::{json, server::failure::Failure, store::Store};

use self::webhooks::Refusal;

mod claims;
mod limits;
mod priority;
mod queues;
mod runtime_class;
mod service_account;
mod webhooks;

const MUTATING: &str = "MutatingWebhookConfiguration";
const VALIDATING: &str = "ValidatingWebhookConfiguration";

/// Does to `object` what the controllers do, in their order.
pub(super) fn admit(
    subject: &Subject<'_>,
    before: Option<&Value>,
    object: &mut Value,
) -> Result<(), Failure> {
    if before.is_none() {
        queues::hold(subject.store, subject.group(), subject.kind(), object);
    } else {
        return ask_webhooks(subject, MUTATING, before, object);
    }
    match (subject.group(), subject.kind()) {
        ("", "Pod") => {
            let (store, namespace) = (subject.store, subject.path.namespace.as_str());
            limits::fill(store, namespace, object);
            let name = json::text(object, "/metadata/name").to_owned();
            let refused = |why: String| Failure::forbidden_because(subject.path, &name, &why);
            service_account::admit(store, namespace, object).map_err(refused)?;
            priority::admit(store, object).map_err(refused)?;
            tolerations(object);
            runtime_class::admit(store, object).map_err(refused)?;
        }
        ("", "PersistentVolumeClaim") => {
            add_finalizer(object, "kubernetes.io/pvc-protection");
            claims::give_class(subject.store, object);
        }
        ("", "PersistentVolume") => add_finalizer(object, "kubernetes.io/pv-protection"),
        ("", "Namespace") => {
            let spec = json::object_at(object, "spec");
            spec.insert("finalizers".to_owned(), json!(["kubernetes"]));
        }
        ("", "Node") => {
            let spec = json::object_at(object, "spec");
            let taints = spec.entry("taints").or_insert_with(|| json!([]));
            let not_ready =
                json!({ "key": "node.kubernetes.io/not-ready", "effect": "NoSchedule" });
            if let Value::Array(taints) = taints
                && !taints.contains(&not_ready)
            {
                taints.push(not_ready);
            }
        }
        _ => {}
    }
    ask_webhooks(subject, MUTATING, before, object)
}

/// Whether `object`, as it is now and valid, may be written over `before`.
pub(super) fn judge(
    subject: &Subject<'_>,
    before: Option<&Value>,
    object: &Value,
) -> Result<(), Failure> {
    let kind = subject.kind();
    let namespace = subject.path.namespace.as_str();
    let is_limited = match (subject.group(), kind) {
        ("", "Pod") => before.is_none(),
        ("", "PersistentVolumeClaim") => true,
        _ => false,
    };
    let is_ending =
        before.is_some_and(|before| before.pointer("/metadata/deletionTimestamp").is_some());
    let mut verdict = Ok(());
    if is_limited && !is_ending {
        verdict = limits::judge(subject.store, namespace, kind, object);
    }
    if (subject.group(), kind) == ("scheduling.k8s.io", "PriorityClass") {
        verdict = verdict.and_then(|()| priority::judge_class(subject.store, object));
    }
    if kind == "PersistentVolumeClaim"
        && let Some(before) = before
    {
        verdict = verdict.and_then(|()| claims::judge_growth(subject.store, before, object));
    }
    let forbidden = |why: String| {
        Failure::forbidden_because(subject.path, json::text(object, "/metadata/name"), &why)
    };
    verdict.map_err(forbidden)?;
    ask_webhooks(subject, VALIDATING, before, object)?;
    let charge = || {
        let stored_as = subject.resource.stored_as(subject.group());
        let counted = Counted::new(stored_as, &subject.path.plural);
        let now = subject.now;
        let request = Request {
            counted,
            before,
            object,
            now,
        };
        request.charge(subject.store, namespace, subject.is_dry_run)
    };
    if namespace.is_empty() {
        return Ok(());
    }
    charge().map_err(forbidden)
}

/// Asks the webhooks of one kind about a write.
fn ask_webhooks(
    subject: &Subject<'_>,
    kind: &str,
    before: Option<&Value>,
    object: &Value,
) -> Result<(), Failure> {
    webhooks::ask(subject, kind, before.is_some(), object).map_err(|refusal| match refusal {
        Refusal::Unreachable(why) => Failure::internal(&why),
        Refusal::NoDryRun(why) => Failure::bad_request(why),
    })
}

/// Does to a pod that a controller makes what is done to every pod, except for webhooks: a template
/// has no requests that follow limits, a pod has. What refuses it is told as the server does.
pub(crate) fn admit_made(store: &Store, pod: &mut Value, now: Timestamp) -> Result<(), String> {
    let name = json::text(pod, "/metadata/name").to_owned();
    let namespace = json::text(pod, "/metadata/namespace").to_owned();
    default_fields("", "Pod", pod);
    limits::fill(store, &namespace, pod);
    queues::hold_made(store, pod);
    service_account::admit(store, &namespace, pod)
        .and_then(|()| priority::admit(store, pod))
        .map(|()| tolerations(pod))
        .and_then(|()| runtime_class::admit(store, pod))
        .and_then(|()| limits::judge(store, &namespace, "Pod", pod))
        .and_then(|()| {
            let request = Request {
                counted: Counted::pods(),
                before: None,
                object: pod,
                now,
            };
            request.charge(store, &namespace, false)
        })
        .map_err(|why| format!("pods {name:?} is forbidden: {why}"))
}

fn add_finalizer(object: &mut Value, finalizer: &str) {
    let metadata = json::object_at(object, "metadata");
    let finalizers = metadata.entry("finalizers").or_insert_with(|| json!([]));
    if let Value::Array(finalizers) = finalizers
        && !finalizers.iter().any(|known| known == finalizer)
    {
        finalizers.push(finalizer.into());
    }
}

fn tolerations(pod: &mut Value) {
    let spec = json::object_at(pod, "spec");
    let Value::Array(tolerations) = spec.entry("tolerations").or_insert_with(|| json!([])) else {
        return;
    };
    for key in [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ] {
        let is_tolerated = tolerations.iter().any(|known| {
            let known_key = json::text(known, "/key");
            (known_key == key
                || (known_key.is_empty() && json::text(known, "/operator") == "Exists"))
                && ["NoExecute", ""].contains(&json::text(known, "/effect"))
        });
        if !is_tolerated {
            tolerations.push(
                json!({ "key": key, "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": 300 }),
            );
        }
    }
}

/// Gives a job the labels and the selector by which it finds its pods, unless it brings its own.
pub(super) fn label_job(job: &mut Value) {
    if json::flag(job, "/spec/manualSelector") {
        return;
    }
    let uid = json::text(job, "/metadata/uid").to_owned();
    let name = json::text(job, "/metadata/name").to_owned();
    let labels = [
        ("batch.kubernetes.io/controller-uid", uid.as_str()),
        ("batch.kubernetes.io/job-name", name.as_str()),
        ("controller-uid", uid.as_str()),
        ("job-name", name.as_str()),
    ];
    let label = |value: &mut Value| {
        let metadata = json::object_at(value, "metadata");
        let known = metadata.entry("labels").or_insert_with(|| json!({}));
        for (key, text) in labels {
            json::as_object(known).insert(key.to_owned(), text.into());
        }
    };
    label(job);
    let spec = json::object_at(job, "spec");
    label(spec.entry("template").or_insert_with(|| json!({})));
    let selector = spec.entry("selector").or_insert_with(|| json!({}));
    let wanted = json::object_at(selector, "matchLabels");
    wanted.insert("batch.kubernetes.io/controller-uid".to_owned(), uid.into());
}
