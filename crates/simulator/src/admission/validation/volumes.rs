//! Volumes of pods.

use std::collections::HashSet;

use serde_json::Value;

use super::names;
use crate::{admission::causes::Causes, json};

/// What has to be said of a source.
const REQUIRED: [(&str, &str); 6] = [
    ("configMap", "name"),
    ("hostPath", "path"),
    ("nfs", "server"),
    ("nfs", "path"),
    ("persistentVolumeClaim", "claimName"),
    ("secret", "secretName"),
];

/// Judges the volumes of a pod, and says their names.
pub(super) fn volumes(spec: &Value, path: &str, causes: &mut Causes) -> HashSet<String> {
    let mut known = HashSet::new();
    for (index, volume) in json::items(spec, "/volumes").iter().enumerate() {
        let path = format!("{path}.volumes[{index}]");
        let name = json::text(volume, "/name");
        if name.is_empty() {
            causes.required(&format!("{path}.name"), "");
        } else {
            causes.each(&format!("{path}.name"), name, names::label(name));
        }
        if !known.insert(name.to_owned()) {
            causes.duplicate(&format!("{path}.name"), name);
        }
        let sources: Vec<&str> = volume
            .as_object()
            .into_iter()
            .flatten()
            .map(|(field, _)| field.as_str())
            .filter(|field| *field != "name")
            .collect();
        for source in sources.iter().skip(1) {
            let detail = "may not specify more than 1 volume type";
            causes.forbidden(&format!("{path}.{source}"), detail);
        }
        for (source, field) in REQUIRED {
            let is_missing = json::text(volume, &format!("/{source}/{field}")).is_empty();
            if sources.first() == Some(&source) && is_missing {
                causes.required(&format!("{path}.{source}.{field}"), "");
            }
        }
    }
    known
}
