//! Events as `events.k8s.io` shows them: the same objects as the core group's, some fields under
//! other names (`k8s.io/kubernetes/pkg/apis/events/v1/conversion.go`).

use serde_json::{Map, Value};

use crate::store::Stored;

/// The fields that have other names: in the core group, in `events.k8s.io`.
const RENAMED: [(&str, &str); 7] = [
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
];

/// Appends an event of the core group as one of `events.k8s.io`, with its kind where it stands
/// alone.
pub(super) fn write(stored: &Stored, is_alone: bool, bytes: &mut Vec<u8>) {
    let mut fields = Map::new();
    if is_alone {
        fields.insert("kind".to_owned(), "Event".into());
        fields.insert("apiVersion".to_owned(), "events.k8s.io/v1".into());
    }
    if let Value::Object(event) = stored.value() {
        fields.extend(
            event
                .into_iter()
                .map(|(name, value)| (renamed(name), value)),
        );
    }
    bytes.extend_from_slice(Value::Object(fields).to_string().as_bytes());
}

fn renamed(name: String) -> String {
    RENAMED
        .iter()
        .find(|(core, _)| *core == name)
        .map_or(name, |(_, other)| (*other).to_owned())
}
