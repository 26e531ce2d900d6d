//! One object as it is kept.

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use crate::{actors::kubelet::qos, json};

/// An object as it is kept: its bytes, and what selecting and collecting need to know of it.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) key: ObjectKey,
    pub(crate) uid: Text,
    pub(crate) version: u64,
    pub(crate) labels: Box<[(Text, Text)]>,
    pub(crate) owners: Box<[Owner]>,
    /// Whether its deletion has been asked for.
    pub(crate) is_ending: bool,
    /// The JSON object without `kind` and `apiVersion`.
    pub(crate) json: Bytes,
}

/// An owner reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) kind: GroupKind,
    pub(crate) name: Text,
    pub(crate) uid: Text,
    pub(crate) is_controller: bool,
    /// Whether the owner, when it goes after its dependents, waits for this one.
    pub(crate) is_waited_for: bool,
}

impl Stored {
    /// Keeps `object` as it is at `version`.
    pub(crate) fn new(key: ObjectKey, version: u64, object: &Value) -> Self {
        let labels = object
            .pointer("/metadata/labels")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(label, value)| Some((Text::from(&**label), Text::from(value.as_str()?))))
            .collect();
        Self {
            key,
            uid: Text::from(json::text(object, "/metadata/uid")),
            version,
            labels,
            owners: json::items(object, "/metadata/ownerReferences")
                .iter()
                .map(Owner::read)
                .collect(),
            is_ending: object.pointer("/metadata/deletionTimestamp").is_some(),
            json: without_kind(object),
        }
    }

    /// The object, parsed; without `kind` and `apiVersion`.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_slice(&self.json).unwrap_or_default()
    }

    /// The object as it is here, told as of `version`.
    pub(crate) fn told_at(&self, version: u64) -> Self {
        let mut object = self.value();
        metadata_of(&mut object).insert("resourceVersion".to_owned(), version.to_string().into());
        Self::new(self.key.clone(), version, &object)
    }

    /// Appends the bytes of the object as `kind` of `api_version`.
    pub(crate) fn write_typed(&self, api_version: &str, kind: &str, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(b"{\"kind\":\"");
        bytes.extend_from_slice(kind.as_bytes());
        bytes.extend_from_slice(b"\",\"apiVersion\":\"");
        bytes.extend_from_slice(api_version.as_bytes());
        // What follows the opening brace; an object always has at least its metadata.
        bytes.extend_from_slice(b"\",");
        bytes.extend_from_slice(self.json.get(1..).unwrap_or(b"}"));
    }

    /// The value of the label `label`.
    pub(crate) fn label(&self, label: &str) -> Option<&str> {
        self.labels
            .iter()
            .find(|(known, _)| known == label)
            .map(|(_, value)| value.as_str())
    }

    /// Kind, namespace and name of what controls the object, if anything does.
    pub(crate) fn controller_key(&self) -> Option<(GroupKind, ObjectKey)> {
        let owner = self.controller()?;
        Some((
            owner.kind.clone(),
            ObjectKey::new(self.key.namespace.clone(), owner.name.clone()),
        ))
    }

    /// The owner that controls the object, if one does.
    pub(crate) fn controller(&self) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.is_controller)
    }
}

impl Owner {
    /// The owner that an owner reference names.
    pub(crate) fn read(reference: &Value) -> Self {
        let api_version = json::text(reference, "/apiVersion");
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        Self {
            kind: GroupKind::new(group, json::text(reference, "/kind")),
            name: Text::from(json::text(reference, "/name")),
            uid: Text::from(json::text(reference, "/uid")),
            is_controller: json::flag(reference, "/controller"),
            is_waited_for: json::flag(reference, "/blockOwnerDeletion"),
        }
    }
}

/// The bytes of `object`, but for its `kind` and `apiVersion`.
fn without_kind(object: &Value) -> Bytes {
    let bytes = match object {
        Value::Object(fields) => serde_json::to_vec(&WithoutKind(fields)),
        other => serde_json::to_vec(other),
    };
    Bytes::from(bytes.unwrap_or_default().into_boxed_slice())
}

/// The fields of an object, of which its kind is not written.
struct WithoutKind<'a>(&'a Map<String, Value>);

impl Serialize for WithoutKind<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .filter(|(name, _)| *name != "kind" && *name != "apiVersion"),
        )
    }
}

/// Namespace and name of an object.
pub(super) fn key_of(object: &Value) -> ObjectKey {
    ObjectKey::new(
        json::text(object, "/metadata/namespace"),
        json::text(object, "/metadata/name"),
    )
}

/// The object's metadata, made where it has none.
pub(super) fn metadata_of(object: &mut Value) -> &mut Map<String, Value> {
    json::object_at(object, "metadata")
}

/// Whether `after` asks for something else than `before`. That a pod was put on a node is no wish of
/// its writer.
fn has_another_spec(kind: &GroupKind, before: &Value, after: &Value) -> bool {
    let is_pod = kind.group.is_empty() && kind.kind == "Pod";
    if !is_pod || before.get("spec") == after.get("spec") {
        return before.get("spec") != after.get("spec");
    }
    let without_node = |object: &Value| {
        let mut spec = object.get("spec").cloned().unwrap_or_default();
        json::as_object(&mut spec).remove("nodeName");
        spec
    };
    without_node(before) != without_node(after)
}

/// Whether the server counts generations for the kind: it does for what has a spec, but for some
/// old core kinds.
pub(super) fn has_generation(kind: &GroupKind) -> bool {
    const WITHOUT: [&str; 14] = [
        "ConfigMap",
        "ControllerRevision",
        "Endpoints",
        "Event",
        "HorizontalPodAutoscaler",
        "Lease",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "ResourceClaim",
        "Secret",
        "Service",
        "ServiceAccount",
    ];
    let is_old = [
        "",
        "apps",
        "autoscaling",
        "coordination.k8s.io",
        "resource.k8s.io",
    ]
    .contains(&kind.group.as_str());
    let is_rbac = kind.group == "rbac.authorization.k8s.io";
    !(is_rbac || is_old && WITHOUT.contains(&kind.kind.as_str()))
}

/// Whether `object` asks for something else than `old` did.
pub(super) fn is_another_generation(kind: &GroupKind, object: &Value, old: &Value) -> bool {
    let differs = |field: &str| object.pointer(field) != old.pointer(field);
    if kind.group == "discovery.k8s.io" && kind.kind == "EndpointSlice" {
        return ["/metadata/labels", "/endpoints", "/ports"]
            .into_iter()
            .any(differs);
    }
    has_generation(kind) && has_another_spec(kind, old, object)
}

/// Counts the templates of a daemon set, which only the server does.
pub(super) fn count_templates(kind: &GroupKind, object: &mut Value, old: &Value) {
    const COUNT: &str = "deprecated.daemonset.template.generation";
    if kind.group != "apps" || kind.kind != "DaemonSet" {
        return;
    }
    let known = old
        .pointer("/metadata/annotations")
        .and_then(|annotations| annotations.get(COUNT)?.as_str()?.parse::<u64>().ok());
    let Some(known) = known else { return };
    let is_another = object.pointer("/spec/template") != old.pointer("/spec/template");
    let count = known + u64::from(is_another);
    let annotations = metadata_of(object).entry("annotations");
    let annotations = json::as_object(annotations.or_insert(Value::Null));
    annotations.insert(COUNT.to_owned(), count.to_string().into());
}

/// Adds what the server adds to a new object: a pod begins as pending, a namespace as active and
/// held until it is empty.
pub(super) fn add_defaults(kind: &GroupKind, object: &mut Value) {
    if kind.group.is_empty() && kind.kind == "Namespace" {
        let name = json::text(object, "/metadata/name").to_owned();
        let labels = metadata_of(object).entry("labels").or_insert(Value::Null);
        json::as_object(labels).insert("kubernetes.io/metadata.name".to_owned(), name.into());
        json::object_at(object, "spec").insert("finalizers".to_owned(), vec!["kubernetes"].into());
        json::object_at(object, "status").insert("phase".to_owned(), "Active".into());
    }
    if kind.group == "batch" && kind.kind == "Job" {
        select_own_pods(object);
    }
    if kind.group.is_empty() && kind.kind == "Pod" {
        let class = qos(object);
        let status = json::object_at(object, "status");
        status.entry("phase").or_insert_with(|| "Pending".into());
        status.entry("qosClass").or_insert_with(|| class.into());
    }
}

/// Lets a job select the pods that carry its UID, unless its user selects them.
fn select_own_pods(job: &mut Value) {
    if json::flag(job, "/spec/manualSelector") || job.pointer("/spec/selector").is_some() {
        return;
    }
    let uid = json::text(job, "/metadata/uid").to_owned();
    let name = json::text(job, "/metadata/name").to_owned();
    let spec = json::object_at(job, "spec");
    let selector =
        serde_json::json!({ "matchLabels": { "batch.kubernetes.io/controller-uid": uid } });
    spec.insert("selector".to_owned(), selector);
    let template = spec.entry("template").or_insert(Value::Null);
    let metadata = json::object_at(template, "metadata");
    let labels = metadata.entry("labels").or_insert(Value::Null);
    let labels = json::as_object(labels);
    for prefix in ["", "batch.kubernetes.io/"] {
        labels.insert(format!("{prefix}controller-uid"), uid.as_str().into());
        labels.insert(format!("{prefix}job-name"), name.as_str().into());
    }
}

/// Copies what only the server writes from `old` to `object`, and drops the kind from `object`.
pub(super) fn keep_what_the_server_owns(object: &mut Value, old: &Value) {
    let fields = json::as_object(object);
    fields.remove("kind");
    fields.remove("apiVersion");
    let metadata = metadata_of(object);
    for field in ["uid", "creationTimestamp", "generation", "resourceVersion"] {
        match old.get("metadata").and_then(|metadata| metadata.get(field)) {
            Some(value) => metadata.insert(field.to_owned(), value.clone()),
            None => metadata.remove(field),
        };
    }
}
