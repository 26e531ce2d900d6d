//! What the admission controllers that every cluster has do to an object: service account, priority,
//! default tolerations, default storage class, protection of volumes.

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::Subject;
use crate::{json, server::failure::Failure};

/// Where a pod finds its token.
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The annotation that makes a storage class the default.
const DEFAULT_CLASS: &str = "/metadata/annotations/storageclass.kubernetes.io~1is-default-class";
/// Priorities that every cluster has.
const SYSTEM_PRIORITIES: [(&str, i64); 2] = [
    ("system-cluster-critical", 2_000_000_000),
    ("system-node-critical", 2_000_001_000),
];

/// Does to `object` what the controllers do, in their order.
pub(super) fn admit(
    subject: &Subject<'_>,
    before: Option<&Value>,
    object: &mut Value,
) -> Result<(), Failure> {
    if before.is_some() {
        return Ok(());
    }
    match (subject.group(), subject.kind()) {
        ("", "Pod") => {
            service_account(subject, object)?;
            priority(subject, object)?;
            tolerations(object);
        }
        ("", "PersistentVolumeClaim") => {
            add_finalizer(object, "kubernetes.io/pvc-protection");
            default_class(subject, object);
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
    Ok(())
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

fn default_class(subject: &Subject<'_>, claim: &mut Value) {
    if claim.pointer("/spec/storageClassName").is_some() {
        return;
    }
    let classes = subject
        .store
        .list(&GroupKind::new("storage.k8s.io", "StorageClass"), "");
    let default = classes
        .iter()
        .find(|class| json::text(&class.value(), DEFAULT_CLASS) == "true");
    if let Some(class) = default {
        let spec = json::object_at(claim, "spec");
        spec.insert(
            "storageClassName".to_owned(),
            class.key.name.as_str().into(),
        );
    }
}

fn service_account(subject: &Subject<'_>, pod: &mut Value) -> Result<(), Failure> {
    let mirror = pod.pointer("/metadata/annotations/kubernetes.io~1config.mirror");
    if mirror.is_some() {
        return Ok(());
    }
    let spec = json::object_at(pod, "spec");
    let said = spec
        .get("serviceAccountName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let account = if said.is_empty() { "default" } else { said }.to_owned();
    spec.insert("serviceAccountName".to_owned(), account.as_str().into());
    spec.insert("serviceAccount".to_owned(), account.as_str().into());
    let namespace = subject.path.namespace.as_str();
    let key = ObjectKey::new(namespace, account.as_str());
    let known = subject
        .store
        .get(&GroupKind::new("", "ServiceAccount"), &key);
    // The account of that name comes with the namespace, a moment later.
    if known.is_none() && account != "default" {
        return Err(Failure::forbidden_because(
            subject.path,
            json::text(pod, "/metadata/name"),
            &format!(
                "error looking up service account {namespace}/{account}: serviceaccount \
                 \"{account}\" not found"
            ),
        ));
    }
    let of_account = known.as_ref().and_then(|account| {
        account
            .value()
            .get("automountServiceAccountToken")?
            .as_bool()
    });
    let of_pod = pod
        .pointer("/spec/automountServiceAccountToken")
        .and_then(Value::as_bool);
    if of_pod.or(of_account).unwrap_or(true) {
        mount_token(subject, pod);
    }
    Ok(())
}

fn mount_token(subject: &Subject<'_>, pod: &mut Value) {
    let spec = json::object_at(pod, "spec");
    let known = spec
        .get("volumes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|volume| json::text(volume, "/name"))
        .find(|name| name.starts_with("kube-api-access-"))
        .map(str::to_owned);
    let is_there = known.is_some();
    let name = known.unwrap_or_else(|| format!("kube-api-access-{}", subject.store.suffix()));
    let mount = json!({ "name": name, "readOnly": true, "mountPath": TOKEN_PATH });
    let mut is_mounted = false;
    for field in ["initContainers", "containers"] {
        let containers = spec.get_mut(field).and_then(Value::as_array_mut);
        for container in containers
            .into_iter()
            .flatten()
            .filter(|one| one.is_object())
        {
            let mounts = json::as_object(container)
                .entry("volumeMounts")
                .or_insert_with(|| json!([]));
            let Value::Array(mounts) = mounts else {
                continue;
            };
            if !mounts
                .iter()
                .any(|known| json::text(known, "/mountPath") == TOKEN_PATH)
            {
                mounts.push(mount.clone());
                is_mounted = true;
            }
        }
    }
    if !is_mounted || is_there {
        return;
    }
    let volume = json!({ "name": name, "projected": { "defaultMode": 420, "sources": [
        { "serviceAccountToken": { "expirationSeconds": 3607, "path": "token" } },
        { "configMap": { "name": "kube-root-ca.crt",
            "items": [{ "key": "ca.crt", "path": "ca.crt" }] } },
        { "downwardAPI": { "items": [{ "path": "namespace",
            "fieldRef": { "apiVersion": "v1", "fieldPath": "metadata.namespace" } }] } },
    ] } });
    if let Value::Array(volumes) = spec.entry("volumes").or_insert_with(|| json!([])) {
        volumes.push(volume);
    }
}

fn priority(subject: &Subject<'_>, pod: &mut Value) -> Result<(), Failure> {
    let forbidden = |pod: &Value, why: &str| {
        Failure::forbidden_because(subject.path, json::text(pod, "/metadata/name"), why)
    };
    let classes = GroupKind::new("scheduling.k8s.io", "PriorityClass");
    let mut name = json::text(pod, "/spec/priorityClassName").to_owned();
    let mut value = 0;
    let mut policy = "PreemptLowerPriority".to_owned();
    let class = if name.is_empty() {
        subject
            .store
            .list(&classes, "")
            .iter()
            .map(|class| class.value())
            .find(|class| json::flag(class, "/globalDefault"))
    } else {
        subject
            .store
            .get(&classes, &ObjectKey::new("", name.as_str()))
            .map(|class| class.value())
    };
    if let Some(class) = class {
        json::text(&class, "/metadata/name").clone_into(&mut name);
        value = class.get("value").and_then(Value::as_i64).unwrap_or(0);
        let said = json::text(&class, "/preemptionPolicy");
        if !said.is_empty() {
            said.clone_into(&mut policy);
        }
    } else if let Some((_, known)) = SYSTEM_PRIORITIES.iter().find(|(known, _)| *known == name) {
        value = *known;
    } else if !name.is_empty() {
        return Err(forbidden(
            pod,
            &format!("no PriorityClass with name {name} was found"),
        ));
    }
    let said = pod.pointer("/spec/priority").and_then(Value::as_i64);
    if let Some(said) = said.filter(|said| *said != value) {
        return Err(forbidden(
            pod,
            &format!(
                "the integer value of priority ({said}) must not be provided in pod spec; priority \
                 admission controller computed {value} from the given PriorityClass name"
            ),
        ));
    }
    let spec = json::object_at(pod, "spec");
    if !name.is_empty() {
        spec.insert("priorityClassName".to_owned(), name.into());
    }
    spec.insert("priority".to_owned(), value.into());
    spec.entry("preemptionPolicy")
        .or_insert_with(|| policy.into());
    Ok(())
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
