//! The service account of a pod, and the token that it finds in its containers.

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{json, store::Store};

/// Where a pod finds its token.
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Gives a pod its service account, or says why it cannot have it.
pub(super) fn admit(store: &Store, namespace: &str, pod: &mut Value) -> Result<(), String> {
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
    let key = ObjectKey::new(namespace, account.as_str());
    let known = store.get(&GroupKind::new("", "ServiceAccount"), &key);
    // The account of that name comes with the namespace, a moment later.
    if known.is_none() && account != "default" {
        return Err(format!(
            "error looking up service account {namespace}/{account}: serviceaccount \
             \"{account}\" not found"
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
        mount_token(store, pod);
    }
    Ok(())
}

fn mount_token(store: &Store, pod: &mut Value) {
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
    let name = known.unwrap_or_else(|| format!("kube-api-access-{}", store.suffix()));
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
