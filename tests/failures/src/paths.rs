//! Where the API server keeps objects.

use anyhow::{Context as _, Result};
use serde_json::Value;

/// Kinds that lie in no namespace.
const CLUSTER_WIDE: [&str; 17] = [
    "Namespace",
    "Node",
    "PersistentVolume",
    "StorageClass",
    "PriorityClass",
    "RuntimeClass",
    "DeviceClass",
    "ResourceSlice",
    "ClusterQueue",
    "ResourceFlavor",
    "Cohort",
    "AdmissionCheck",
    "Topology",
    "WorkloadPriorityClass",
    "ClusterRole",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
];

/// The groups and versions of kinds that steps name without them.
const VERSIONS: [(&str, &str); 19] = [
    ("Pod", "v1"),
    ("Node", "v1"),
    ("Namespace", "v1"),
    ("ResourceQuota", "v1"),
    ("ConfigMap", "v1"),
    ("PersistentVolumeClaim", "v1"),
    ("PersistentVolume", "v1"),
    ("Deployment", "apps/v1"),
    ("ReplicaSet", "apps/v1"),
    ("StatefulSet", "apps/v1"),
    ("DaemonSet", "apps/v1"),
    ("Job", "batch/v1"),
    ("CronJob", "batch/v1"),
    ("JobSet", "jobset.x-k8s.io/v1alpha2"),
    ("RayJob", "ray.io/v1"),
    ("RayCluster", "ray.io/v1"),
    ("ClusterQueue", "kueue.x-k8s.io/v1beta2"),
    ("Workload", "kueue.x-k8s.io/v1beta2"),
    ("PodGroup", "scheduling.volcano.sh/v1beta1"),
];

/// The path of all objects of the kind of `object`, for a case in `namespace`.
pub(crate) fn collection(object: &Value, namespace: &str) -> Result<String> {
    let text = |field: &str| object.get(field).and_then(Value::as_str);
    let version = text("apiVersion").context("an object without apiVersion")?;
    let kind = text("kind").context("an object without kind")?;
    let root = if version.contains('/') {
        format!("/apis/{version}")
    } else {
        format!("/api/{version}")
    };
    Ok(if CLUSTER_WIDE.contains(&kind) {
        format!("{root}/{}", plural(kind))
    } else {
        let own = object
            .pointer("/metadata/namespace")
            .and_then(Value::as_str);
        let namespace = own.unwrap_or(namespace);
        format!("{root}/namespaces/{namespace}/{}", plural(kind))
    })
}

/// The path of the object `Kind/name`; of all of the kind where there is no name.
pub(crate) fn object(reference: &str, namespace: &str) -> Result<String> {
    let (kind, name) = reference.split_once('/').unwrap_or((reference, ""));
    let version = VERSIONS
        .iter()
        .find(|(known, _)| *known == kind)
        .map(|(_, version)| *version)
        .with_context(|| format!("the version of {kind} is not known here"))?;
    let object = serde_json::json!({ "apiVersion": version, "kind": kind });
    let all = collection(&object, namespace)?;
    Ok(match name {
        "" => all,
        name => format!("{all}/{name}"),
    })
}

fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    if kind.ends_with('s') {
        format!("{kind}es")
    } else if let Some(stem) = kind.strip_suffix('y') {
        format!("{stem}ies")
    } else {
        format!("{kind}s")
    }
}
