//! Who owns which fields: `metadata.managedFields`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::set::FieldSet;
use crate::json;

/// Managers of updates that an object remembers; the oldest are merged beyond that.
const MAX_UPDATERS: usize = 10;

/// The manager that the oldest updates are merged under.
const ANCIENT: &str = "ancient-changes";

/// How fields were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// By server-side apply.
    Apply,
    /// By anything else.
    Update,
}

/// Who writes fields: a name, how, where, and for updates by which version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Manager {
    pub(crate) name: String,
    pub(crate) operation: Operation,
    /// Empty for appliers: they are the same whatever version they apply.
    pub(crate) api_version: String,
    pub(crate) subresource: String,
}

/// What one manager owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) api_version: String,
    pub(super) fields: FieldSet,
    pub(super) time: Option<String>,
}

/// The managers of an object and what each owns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owners {
    pub(super) shares: BTreeMap<Manager, Share>,
}

impl Owners {
    /// Reads `metadata.managedFields`; none where an entry is not as it has to be.
    pub(crate) fn read(entries: &[Value]) -> Option<Self> {
        let mut shares = BTreeMap::new();
        for entry in entries {
            let operation = match json::text(entry, "/operation") {
                "Apply" => Operation::Apply,
                "Update" => Operation::Update,
                _ => return None,
            };
            let api_version = json::text(entry, "/apiVersion");
            if api_version.is_empty() || json::text(entry, "/fieldsType") != "FieldsV1" {
                return None;
            }
            let mut manager = Manager {
                name: json::text(entry, "/manager").to_owned(),
                operation,
                api_version: String::new(),
                subresource: json::text(entry, "/subresource").to_owned(),
            };
            if operation == Operation::Update {
                api_version.clone_into(&mut manager.api_version);
            }
            let none = json!({});
            let share = Share {
                api_version: api_version.to_owned(),
                fields: FieldSet::from_json(entry.get("fieldsV1").unwrap_or(&none))?,
                time: entry.get("time").and_then(Value::as_str).map(str::to_owned),
            };
            shares.insert(manager, share);
        }
        Some(Self { shares })
    }

    /// Those of `object`; nobody where what it says cannot be read.
    pub(crate) fn of(object: &Value) -> Self {
        Self::read(json::items(object, "/metadata/managedFields")).unwrap_or_default()
    }

    /// Whether nobody owns anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.shares.is_empty()
    }

    /// The entries of `metadata.managedFields`: appliers first, then by time and name.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let mut shares: Vec<(&Manager, &Share)> = self.shares.iter().collect();
        shares.sort_by(|(a, old), (b, other)| {
            (
                a.operation,
                &old.time,
                &a.name,
                &old.api_version,
                &a.subresource,
            )
                .cmp(&(
                    b.operation,
                    &other.time,
                    &b.name,
                    &other.api_version,
                    &b.subresource,
                ))
        });
        shares
            .into_iter()
            .map(|(manager, share)| entry(manager, share))
            .collect()
    }

    /// Writes the entries into `object`, or takes them out where nobody owns anything.
    pub(crate) fn write(&self, object: &mut Value) {
        let metadata = json::object_at(object, "metadata");
        if self.is_empty() {
            metadata.remove("managedFields");
        } else {
            metadata.insert("managedFields".to_owned(), self.entries().into());
        }
    }

    /// Takes `fields` from everybody but `manager`.
    pub(super) fn take(&mut self, fields: &FieldSet, manager: Option<&Manager>) {
        for (known, share) in &mut self.shares {
            if manager != Some(known) {
                share.fields = share.fields.difference(fields);
            }
        }
        self.drop_empty();
    }

    pub(super) fn drop_empty(&mut self) {
        self.shares.retain(|_, share| !share.fields.is_empty());
    }

    /// Merges the oldest updates into one entry for each version until there are few enough.
    pub(super) fn merge_ancient(&mut self) {
        let mut updaters: Vec<(Option<String>, Manager)> = self
            .shares
            .iter()
            .filter(|(manager, _)| manager.operation == Operation::Update)
            .map(|(manager, share)| (share.time.clone(), manager.clone()))
            .collect();
        updaters.sort();
        let mut excess = updaters.len().saturating_sub(MAX_UPDATERS);
        let mut first_of: BTreeMap<String, Manager> = BTreeMap::new();
        for (_, manager) in updaters {
            if excess == 0 {
                return;
            }
            let version = manager.api_version.clone();
            let Some(first) = first_of.get(&version).cloned() else {
                first_of.insert(version, manager);
                continue;
            };
            let bucket = Manager {
                name: ANCIENT.to_owned(),
                operation: Operation::Update,
                api_version: version,
                subresource: String::new(),
            };
            if !self.shares.contains_key(&bucket)
                && let Some(share) = self.shares.remove(&first)
            {
                self.shares.insert(bucket.clone(), share);
            }
            if manager != bucket
                && let Some(share) = self.shares.remove(&manager)
                && let Some(kept) = self.shares.get_mut(&bucket)
            {
                kept.fields = kept.fields.union(&share.fields);
                kept.time = share.time;
                excess -= 1;
            }
        }
    }
}

fn entry(manager: &Manager, share: &Share) -> Value {
    let operation = match manager.operation {
        Operation::Apply => "Apply",
        Operation::Update => "Update",
    };
    let mut entry = Map::new();
    if !manager.name.is_empty() {
        entry.insert("manager".to_owned(), manager.name.as_str().into());
    }
    entry.insert("operation".to_owned(), operation.into());
    entry.insert("apiVersion".to_owned(), share.api_version.as_str().into());
    if let Some(time) = &share.time {
        entry.insert("time".to_owned(), time.as_str().into());
    }
    entry.insert("fieldsType".to_owned(), "FieldsV1".into());
    entry.insert("fieldsV1".to_owned(), share.fields.to_json());
    if !manager.subresource.is_empty() {
        entry.insert(
            "subresource".to_owned(),
            manager.subresource.as_str().into(),
        );
    }
    Value::Object(entry)
}

/// Whether two objects differ in nothing but the times of their managers.
pub(crate) fn differ_in_times_alone(one: &Value, other: &Value) -> bool {
    let without_times = |object: &Value| {
        let mut object = object.clone();
        let entries = object
            .pointer_mut("/metadata/managedFields")
            .and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            json::as_object(entry).remove("time");
        }
        object
    };
    without_times(one) == without_times(other)
}
