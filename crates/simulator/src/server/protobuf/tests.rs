//! Against objects that a real kube-apiserver answered as protobuf and as JSON.

use serde_json::Value;

use super::*;

macro_rules! recorded {
    ($($name:literal),*) => {
        [$((
            $name,
            &include_bytes!(concat!("../../../tests/fixtures/kube-apiserver/objects/", $name, ".pb"))[..],
            include_str!(concat!("../../../tests/fixtures/kube-apiserver/objects/", $name, ".json")),
        )),*]
    };
}

/// The object without the fields that are the zero of their type, which both forms may leave out.
fn without_zeros(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), without_zeros(value)))
            .filter(|(_, value)| {
                !value.is_null()
                    && *value != ""
                    && *value != Value::Object(serde_json::Map::default())
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_zeros).collect(),
        other => other.clone(),
    }
}

#[test]
fn what_a_real_server_encodes_is_read_as_what_it_answers_in_json() {
    for (name, protobuf, json) in
        recorded!["pod", "node", "deployment", "event", "lease", "job", "crd"]
    {
        let json: Value = serde_json::from_str(json).unwrap();
        let read = read(protobuf).unwrap();
        assert_eq!(without_zeros(&read), without_zeros(&json), "{name}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    for (name, _, json) in recorded!["pod", "node", "deployment", "event", "lease", "job", "crd"] {
        let value: Value = serde_json::from_str(json).unwrap();
        let (api_version, kind) = (
            value["apiVersion"].as_str().unwrap(),
            value["kind"].as_str().unwrap(),
        );
        let message = message(api_version, kind).unwrap();
        let written = object(api_version, kind, message, json.as_bytes());
        let read = read(&written).unwrap();
        assert_eq!(without_zeros(&read), without_zeros(&value), "{name}");
    }
}

#[test]
fn an_event_of_a_watch_begins_with_its_length() {
    let message = message("v1", "Pod").unwrap();
    let pod = object("v1", "Pod", message, br#"{"metadata":{"name":"a"}}"#);
    let mut bytes = Vec::new();
    event("ADDED", &pod, &mut bytes);
    let length = u32::from_be_bytes(bytes[..4].try_into().unwrap());
    assert_eq!(length as usize, bytes.len() - 4);
    assert_eq!(&bytes[4..11], b"\x0a\x05ADDED");
}
