//! Config maps, secrets, claims, quotas.

use base64::Engine as _;
use serde_json::Value;

use super::names;
use crate::{
    admission::{causes::Causes, quantity::Quantity},
    json,
};

/// The most bytes that the data of a config map or a secret may have.
const LARGEST: usize = 1 << 20;
const MODES: [&str; 4] = [
    "ReadOnlyMany",
    "ReadWriteMany",
    "ReadWriteOnce",
    "ReadWriteOncePod",
];
/// Resources that need no domain.
const STANDARD: [&str; 21] = [
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
    "count",
];
/// Resources that are counted.
const COUNTED: [&str; 9] = [
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

/// Whether a resource of this name needs no domain.
pub(super) fn is_standard_resource(name: &str) -> bool {
    STANDARD.contains(&name)
        || ["hugepages-", "requests.hugepages-", "limits.hugepages-"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

fn decoded(value: &Value) -> Vec<u8> {
    let engine = &base64::engine::general_purpose::STANDARD;
    engine
        .decode(value.as_str().unwrap_or_default())
        .unwrap_or_default()
}

pub(super) fn config_map(map: &Value, causes: &mut Causes) {
    let binary = map.get("binaryData").and_then(Value::as_object);
    let mut bytes = 0;
    for (key, value) in map
        .get("data")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let path = format!("data[{key}]");
        causes.each(&path, key, names::config_key(key));
        if binary.is_some_and(|binary| binary.contains_key(key)) {
            causes.invalid(
                &path,
                key.as_str(),
                "duplicate of key present in binaryData",
            );
        }
        bytes += value.as_str().map_or(0, str::len);
    }
    for (key, value) in binary.into_iter().flatten() {
        causes.each(&format!("binaryData[{key}]"), key, names::config_key(key));
        bytes += decoded(value).len();
    }
    if bytes > LARGEST {
        causes.too_long("[]", LARGEST as u64);
    }
}

pub(super) fn secret(secret: &Value, causes: &mut Causes) {
    let data = secret.get("data").and_then(Value::as_object);
    let mut bytes = 0;
    for (key, value) in data.into_iter().flatten() {
        causes.each(&format!("data[{key}]"), key, names::config_key(key));
        bytes += decoded(value).len();
    }
    if bytes > LARGEST {
        causes.too_long("data", LARGEST as u64);
    }
    let has = |key: &str| data.is_some_and(|data| data.contains_key(key));
    let mut require = |keys: &[&str]| {
        for key in keys.iter().filter(|key| !has(key)) {
            causes.required(&format!("data[{key}]"), "");
        }
    };
    match json::text(secret, "/type") {
        "kubernetes.io/tls" => require(&["tls.crt", "tls.key"]),
        "kubernetes.io/ssh-auth" => require(&["ssh-privatekey"]),
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => {
            require(&["username", "password"]);
        }
        "kubernetes.io/dockercfg" => require(&[".dockercfg"]),
        "kubernetes.io/dockerconfigjson" => {
            let key = ".dockerconfigjson";
            require(&[key]);
            let config = data.and_then(|data| data.get(key)).map(decoded);
            if let Some(config) = config
                && serde_json::from_slice::<Value>(&config).is_err()
            {
                let first = config.first().copied().map_or('\0', char::from);
                let detail = format!("invalid character '{first}' looking for beginning of value");
                causes.invalid(
                    &format!("data[{key}]"),
                    "<secret contents redacted>",
                    &detail,
                );
            }
        }
        "kubernetes.io/service-account-token" => {
            let name = "kubernetes.io/service-account.name";
            let said = secret
                .pointer("/metadata/annotations")
                .and_then(|all| all.get(name));
            if said.and_then(Value::as_str).is_none_or(str::is_empty) {
                causes.required(&format!("metadata.annotations[{name}]"), "");
            }
        }
        _ => {}
    }
}

pub(super) fn claim(spec: &Value, causes: &mut Causes) {
    let modes = json::items(spec, "/accessModes");
    if modes.is_empty() {
        causes.required("spec.accessModes", "at least 1 access mode is required");
    }
    for mode in modes.iter().filter_map(Value::as_str) {
        causes.one_of("spec.accessModes", mode, &MODES);
    }
    let path = "spec.resources[storage]";
    let amount = json::text(spec, "/resources/requests/storage");
    match Quantity::parse(amount) {
        _ if amount.is_empty() => causes.required(path, ""),
        Ok(size) if size.is_negative() || size.is_zero() => {
            causes.invalid(path, amount, "must be greater than zero");
        }
        _ => {}
    }
    let mode = json::text(spec, "/volumeMode");
    causes.one_of("spec.volumeMode", mode, &["Block", "Filesystem"]);
}

pub(super) fn quota(spec: &Value, causes: &mut Causes) {
    let hard = spec.get("hard").and_then(Value::as_object);
    for (name, amount) in hard.into_iter().flatten() {
        let path = format!("spec.hard[{name}]");
        causes.each(&path, name, names::qualified(name));
        if !name.contains('/') && !is_standard_resource(name) {
            let details = [
                "must be a standard resource type or fully qualified",
                "must be a standard resource for quota",
            ];
            for detail in details {
                causes.invalid(&path, name.as_str(), detail);
            }
        }
        let Ok(parsed) = Quantity::parse(amount.as_str().unwrap_or_default()) else {
            continue;
        };
        if parsed.is_negative() {
            causes.invalid(&path, amount.clone(), "must be greater than or equal to 0");
        }
        let is_counted = COUNTED.contains(&name.as_str()) || name.starts_with("count/");
        if is_counted && !parsed.is_whole() {
            causes.invalid(&path, amount.clone(), "must be an integer");
        }
    }
}
