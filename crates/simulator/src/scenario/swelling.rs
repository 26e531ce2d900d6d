//! Objects that are made larger than anybody writes by hand.

use serde::Deserialize;
use serde_json::Value;

use super::Pairs;
use crate::json;

/// An object of the scenario that gets more labels, or a longer annotation, than a line can hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swelling {
    /// The kind of one of the scenario's objects.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How many labels `swollen.example.com/NUMBER` it gets.
    #[serde(default)]
    pub labels: usize,
    /// How many bytes the annotation `swollen.example.com/text` has; 0 for none.
    #[serde(default)]
    pub annotation_bytes: usize,
}

impl Swelling {
    /// Whether `object` is the one that it makes larger.
    pub(crate) fn is_of(&self, object: &Value) -> bool {
        json::text(object, "/kind") == self.kind
            && json::text(object, "/metadata/name") == self.name
    }

    /// The labels that it adds.
    pub(crate) fn labels(&self) -> Pairs {
        (0..self.labels)
            .map(|at| {
                let value = format!("value-{at:04}");
                (format!("swollen.example.com/{at:04}"), value)
            })
            .collect()
    }

    /// The annotations that it adds.
    pub(crate) fn annotations(&self) -> Pairs {
        let text = "0123456789abcdef".chars().cycle();
        (self.annotation_bytes > 0)
            .then(|| {
                let name = "swollen.example.com/text".to_owned();
                (name, text.take(self.annotation_bytes).collect())
            })
            .into_iter()
            .collect()
    }
}
