//! What keeps namespaces: each gets what every namespace has, and one that is deleted loses its
//! contents before it goes.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::Subject;
use crate::{
    json,
    kinds::Served,
    store::{Reference, Stored, removal, removal::Removal},
    world::{World, namespace_kind},
};

/// The service account that pods run as unless they say otherwise.
const ACCOUNT: &str = "default";
/// The configuration map with the certificate authority of the API server.
const CERTIFICATE: &str = "kube-root-ca.crt";
/// A certificate as a cluster has it: self-signed, its key was thrown away.
const AUTHORITY: &str = include_str!("namespaces/ca.crt");
/// What the certificate map says about itself.
const DESCRIPTION: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when \
    using internal endpoints such as the internal service IP or kubernetes.default.svc. No other \
    usage is guaranteed across distributions of Kubernetes clusters.";
/// The conditions of a namespace that goes, and how each reads where nothing is wrong
/// (`k8s.io/kubernetes/pkg/controller/namespace/deletion`).
const CONDITIONS: [(&str, &str, &str); 5] = [
    (
        "NamespaceDeletionDiscoveryFailure",
        "ResourcesDiscovered",
        "All resources successfully discovered",
    ),
    (
        "NamespaceDeletionGroupVersionParsingFailure",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    (
        "NamespaceDeletionContentFailure",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    (
        "NamespaceContentRemaining",
        "ContentRemoved",
        "All content successfully removed",
    ),
    (
        "NamespaceFinalizersRemaining",
        "ContentHasNoFinalizers",
        "All content-preserving finalizers finished",
    ),
];

/// Gives a namespace what it lacks, or takes the contents of one that goes.
pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let name = &subject.stored.key.name;
    if subject.stored.is_ending {
        empty(world, subject);
    } else {
        create_account(world, name);
        create_certificate(world, name);
    }
}

/// Lets the namespace of an object that is gone be looked at: it may be empty now, or lack the
/// object.
pub(crate) fn miss(world: &mut World, gone: &Reference) {
    let namespace = ObjectKey::new("", gone.key.namespace.clone());
    let Some(stored) = world.store.get(&namespace_kind(), &namespace) else {
        return;
    };
    let belongs = [ACCOUNT, CERTIFICATE].contains(&gone.key.name.as_str());
    if stored.is_ending || belongs {
        world.enqueue(namespace_kind(), namespace);
    }
}

fn create_account(world: &mut World, namespace: &str) {
    let kind = GroupKind::new("", "ServiceAccount");
    if world
        .store
        .get(&kind, &ObjectKey::new(namespace, ACCOUNT))
        .is_none()
    {
        let account = json!({ "metadata": { "name": ACCOUNT, "namespace": namespace } });
        world.create(&kind, account);
    }
}

fn create_certificate(world: &mut World, namespace: &str) {
    let kind = GroupKind::new("", "ConfigMap");
    if world
        .store
        .get(&kind, &ObjectKey::new(namespace, CERTIFICATE))
        .is_none()
    {
        let map = json!({
            "metadata": {
                "name": CERTIFICATE,
                "namespace": namespace,
                "annotations": { "kubernetes.io/description": DESCRIPTION },
            },
            "data": { "ca.crt": AUTHORITY },
        });
        world.create(&kind, map);
    }
}

/// Deletes what is in the namespace, and lets it go when nothing is left.
fn empty(world: &mut World, subject: &Subject<'_>) {
    let key = &subject.stored.key;
    if json::items(subject.object, "/spec/finalizers").is_empty() {
        return;
    }
    for (kind, stored) in world.store.contents(&key.name) {
        if !stored.is_ending {
            world.remove(&kind, &stored.key, &Removal::background());
        }
    }
    let left = world.store.contents(&key.name);
    let conditions = conditions(world, subject.object, &left);
    world.store.update(&namespace_kind(), key, |namespace| {
        json::object_at(namespace, "status").insert("conditions".to_owned(), conditions);
    });
    if left.is_empty() {
        world.store.update(&namespace_kind(), key, |namespace| {
            let spec = json::object_at(namespace, "spec");
            if let Some(finalizers) = spec.get_mut("finalizers").and_then(Value::as_array_mut) {
                finalizers.retain(|finalizer| finalizer != "kubernetes");
            }
        });
    }
}

fn conditions(
    world: &World,
    namespace: &Value,
    left: &[(GroupKind, std::sync::Arc<Stored>)],
) -> Value {
    let served = Served::read(&world.store);
    let mut resources: BTreeMap<String, usize> = BTreeMap::new();
    let mut finalizers: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, stored) in left {
        let plural = served
            .plural(kind)
            .unwrap_or_else(|| kind.kind.to_lowercase());
        *resources
            .entry(format!("{plural}.{}", kind.group))
            .or_default() += 1;
        for finalizer in removal::finalizers(&stored.value()) {
            *finalizers.entry(finalizer).or_default() += 1;
        }
    }
    let problem = |kind: &str| match kind {
        "NamespaceContentRemaining" if !resources.is_empty() => {
            let each = resources
                .iter()
                .map(|(resource, count)| format!("{resource} has {count} resource instances"));
            Some((
                "SomeResourcesRemain",
                format!("Some resources are remaining: {}", join(each)),
            ))
        }
        "NamespaceFinalizersRemaining" if !finalizers.is_empty() => {
            let each = finalizers
                .iter()
                .map(|(finalizer, count)| format!("{finalizer} in {count} resource instances"));
            Some((
                "SomeFinalizersRemain",
                format!(
                    "Some content in the namespace has finalizers remaining: {}",
                    join(each)
                ),
            ))
        }
        _ => None,
    };
    let stamp = world.stamp();
    CONDITIONS
        .iter()
        .map(|(kind, reason, message)| {
            let (status, reason, message) = match problem(kind) {
                Some((reason, message)) => ("True", reason, message),
                None => ("False", *reason, (*message).to_owned()),
            };
            let since = json::items(namespace, "/status/conditions")
                .iter()
                .find(|known| json::text(known, "/type") == *kind)
                .filter(|known| json::text(known, "/status") == status)
                .map_or(stamp.as_str(), |known| {
                    json::text(known, "/lastTransitionTime")
                });
            json!({ "type": kind, "status": status, "reason": reason, "message": message,
                "lastTransitionTime": since })
        })
        .collect()
}

fn join(each: impl Iterator<Item = String>) -> String {
    each.collect::<Vec<_>>().join(", ")
}
