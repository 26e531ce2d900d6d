//! Conditions of custom resources.

use serde_json::{Value, json};

use crate::json;

/// The conditions that an object should have now.
#[derive(Default)]
pub(super) struct Conditions {
    all: Vec<(String, bool, String, String)>,
}

impl Conditions {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// And `kind`, which holds or not.
    pub(super) fn and(mut self, kind: &str, holds: bool, reason: &str, message: &str) -> Self {
        self.all.push((
            kind.to_owned(),
            holds,
            reason.to_owned(),
            message.to_owned(),
        ));
        self
    }

    /// As JSON, each with the time at which it came to its status: as `known` says, else `stamp`.
    pub(super) fn since(self, known: &[Value], stamp: &str) -> Value {
        self.all
            .into_iter()
            .map(|(kind, holds, reason, message)| {
                let status = if holds { "True" } else { "False" };
                let before = known.iter().find(|condition| {
                    json::text(condition, "/type") == kind
                        && json::text(condition, "/status") == status
                });
                let since = before
                    .map(|condition| json::text(condition, "/lastTransitionTime"))
                    .filter(|since| !since.is_empty())
                    .unwrap_or(stamp);
                let mut condition =
                    json!({ "type": kind, "status": status, "lastTransitionTime": since });
                let fields = json::as_object(&mut condition);
                for (field, text) in [("reason", reason), ("message", message)] {
                    if !text.is_empty() {
                        fields.insert(field.to_owned(), text.into());
                    }
                }
                condition
            })
            .collect()
    }
}
