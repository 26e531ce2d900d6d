//! What a pod needs before its containers can start: volumes, config maps, secrets, claims.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{json, store::Store};

/// Why a volume of `pod` cannot be mounted, in the kubelet's words.
pub(super) fn obstacle(store: &Store, pod: &Value) -> Option<String> {
    json::items(pod, "/spec/volumes").iter().find_map(|volume| {
        let name = json::text(volume, "/name");
        let sources = [
            ("ConfigMap", volume.pointer("/configMap"), "/name"),
            ("Secret", volume.pointer("/secret"), "/secretName"),
        ];
        let projected = json::items(volume, "/projected/sources");
        let of_projected = projected.iter().flat_map(|source| {
            [
                ("ConfigMap", source.pointer("/configMap"), "/name"),
                ("Secret", source.pointer("/secret"), "/name"),
            ]
        });
        sources
            .into_iter()
            .chain(of_projected)
            .find_map(|(kind, source, field)| {
                let source = source?;
                let wanted = json::text(source, field);
                // Each namespace has it from the root CA publisher, which the simulator leaves out.
                if json::flag(source, "/optional") || wanted == "kube-root-ca.crt" {
                    return None;
                }
                absent(store, pod, kind, wanted, source)
                    .map(|why| format!("MountVolume.SetUp failed for volume \"{name}\" : {why}"))
            })
    })
}

/// Why `container` cannot be created from its environment, in the kubelet's words.
pub(super) fn configuration(store: &Store, pod: &Value, container: &Value) -> Option<String> {
    let from = json::items(container, "/envFrom").iter().flat_map(|from| {
        [
            ("ConfigMap", from.pointer("/configMapRef")),
            ("Secret", from.pointer("/secretRef")),
        ]
    });
    let single = json::items(container, "/env").iter().flat_map(|variable| {
        [
            ("ConfigMap", variable.pointer("/valueFrom/configMapKeyRef")),
            ("Secret", variable.pointer("/valueFrom/secretKeyRef")),
        ]
    });
    from.chain(single).find_map(|(kind, source)| {
        let source = source?;
        if json::flag(source, "/optional") {
            return None;
        }
        let namespace = json::text(pod, "/metadata/namespace");
        let name = json::text(source, "/name");
        let lower = kind.to_lowercase();
        let Some(object) = find(store, namespace, kind, name) else {
            return Some(format!("{lower} \"{name}\" not found"));
        };
        let key = json::text(source, "/key");
        let has = key.is_empty()
            || ["data", "binaryData", "stringData"]
                .iter()
                .any(|field| object.get(*field).and_then(|data| data.get(key)).is_some());
        (!has).then(|| format!("couldn't find key {key} in {kind} {namespace}/{name}"))
    })
}

fn absent(store: &Store, pod: &Value, kind: &str, name: &str, source: &Value) -> Option<String> {
    let namespace = json::text(pod, "/metadata/namespace");
    let lower = kind.to_lowercase();
    let Some(object) = find(store, namespace, kind, name) else {
        return Some(format!("{lower} \"{name}\" not found"));
    };
    let lacks = json::items(source, "/items").iter().any(|item| {
        let key = json::text(item, "/key");
        ["data", "binaryData", "stringData"]
            .iter()
            .all(|field| object.get(*field).and_then(|data| data.get(key)).is_none())
    });
    lacks.then(|| {
        let of = if kind == "Secret" { "secret" } else { "config" };
        format!(
            "references non-existent {of} key: {}",
            json::text(source, "/items/0/key")
        )
    })
}

fn find(store: &Store, namespace: &str, kind: &str, name: &str) -> Option<Value> {
    let key = ObjectKey::new(namespace, name);
    let stored = store.get(&GroupKind::new("", kind), &key)?;
    Some(stored.value())
}
