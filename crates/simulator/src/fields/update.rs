//! Ownership after an object was written as a whole: who changes a field owns it.

use std::sync::LazyLock;

use serde_json::Value;

use super::{
    compare::compare,
    owners::{Manager, Operation, Owners, Share},
    set::FieldSet,
    shape::Shape,
};
use crate::json;

/// What nobody owns: what names the object, and what the server writes.
pub(super) static UNOWNED: LazyLock<FieldSet> = LazyLock::new(|| {
    FieldSet::of(&[
        &["apiVersion"],
        &["kind"],
        &["metadata"],
        &["metadata", "name"],
        &["metadata", "namespace"],
        &["metadata", "creationTimestamp"],
        &["metadata", "selfLink"],
        &["metadata", "uid"],
        &["metadata", "clusterName"],
        &["metadata", "generation"],
        &["metadata", "managedFields"],
        &["metadata", "resourceVersion"],
    ])
});

/// Who writes an object, by which version and path, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) manager: &'a str,
    pub(crate) api_version: &'a str,
    /// Empty for the object itself.
    pub(crate) subresource: &'a str,
    /// The cluster's now.
    pub(crate) time: &'a str,
    /// The fields that the path does not write.
    pub(crate) ignored: &'a FieldSet,
}

impl Writer<'_> {
    pub(super) fn identity(&self, name: &str, operation: Operation) -> Manager {
        let api_version = match operation {
            Operation::Apply => "",
            Operation::Update => self.api_version,
        };
        Manager {
            name: name.to_owned(),
            operation,
            api_version: api_version.to_owned(),
            subresource: self.subresource.to_owned(),
        }
    }
}

/// Writes into `object`, which takes the place of `live` (none for a new one), who owns what.
pub(crate) fn update(writer: &Writer<'_>, live: Option<&Value>, object: &mut Value) {
    let asked = object.pointer("/metadata/managedFields").cloned();
    json::object_at(object, "metadata").remove("managedFields");
    let owners = starting_point(writer, live, asked.as_ref());
    if owners.is_empty() && live.is_some() {
        // What nobody has owned so far is not tracked until somebody applies.
        return;
    }
    let zero = match live {
        Some(_) => Value::Null,
        None => writer.shape.zero(),
    };
    let before = live.unwrap_or(&zero);
    if let Some(owners) = written(writer, writer.manager, owners, before, object) {
        owners.write(object);
    }
}

/// The owners that an update starts from: those that the object itself says, else those so far.
fn starting_point(writer: &Writer<'_>, live: Option<&Value>, asked: Option<&Value>) -> Owners {
    let so_far = || live.map(Owners::of).unwrap_or_default();
    let Some(asked) = asked.and_then(Value::as_array) else {
        return so_far();
    };
    if !writer.subresource.is_empty() {
        return so_far();
    }
    let is_reset = match asked.as_slice() {
        [] => true,
        [only] => only.as_object().is_some_and(serde_json::Map::is_empty),
        _ => false,
    };
    if is_reset {
        return Owners::default();
    }
    Owners::read(asked)
        .filter(|owners| !owners.is_empty())
        .unwrap_or_else(so_far)
}

/// `owners` after `name` has turned `before` into `after`; none where items cannot be told apart,
/// which leaves an object without owners.
pub(super) fn written(
    writer: &Writer<'_>,
    name: &str,
    mut owners: Owners,
    before: &Value,
    after: &Value,
) -> Option<Owners> {
    let found = compare(writer.shape, before, after).ok()?;
    owners.take(&found.written(), None);
    owners.take(&found.removed, None);
    let own = found.without(writer.ignored).written().difference(&UNOWNED);
    if !own.is_empty() {
        let manager = writer.identity(name, Operation::Update);
        let before = owners.shares.remove(&manager);
        let fields = before.map_or_else(|| own.clone(), |share| share.fields.union(&own));
        let share = Share {
            api_version: writer.api_version.to_owned(),
            fields,
            time: Some(writer.time.to_owned()),
        };
        owners.shares.insert(manager, share);
    }
    owners.merge_ancient();
    Some(owners)
}
