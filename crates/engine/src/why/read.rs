//! Reading objects as the API writes them. What is missing or of another type reads as empty.

use jiff::Timestamp;
use serde_json::Value;
use strata_api::explanation::ObjectName;
use strata_domain::ids::GroupKind;

/// The text at `pointer`; empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default()
}

/// The list at `pointer`; empty where there is none.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map(Vec::as_slice).unwrap_or_default()
}

/// The entries of the map at `pointer` that are texts.
pub(crate) fn texts<'a>(
    value: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let map = value.pointer(pointer).and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

/// The number at `pointer`.
pub(crate) fn number(value: &Value, pointer: &str) -> Option<i64> {
    value.pointer(pointer).and_then(Value::as_i64)
}

/// The count at `pointer`; 0 where there is none.
pub(crate) fn count(value: &Value, pointer: &str) -> u32 {
    number(value, pointer)
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(0)
}

/// Whether `pointer` says true.
pub(crate) fn flag(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool) == Some(true)
}

/// The time at `pointer`.
pub(crate) fn time(value: &Value, pointer: &str) -> Option<Timestamp> {
    text(value, pointer).parse().ok()
}

/// The condition `kind` of an object.
pub(crate) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    list(object, "/status/conditions")
        .iter()
        .find(|condition| text(condition, "/type") == kind)
}

/// The condition `kind` of an object, where it has the status `status`.
pub(crate) fn condition_is<'a>(object: &'a Value, kind: &str, status: &str) -> Option<&'a Value> {
    condition(object, kind).filter(|condition| text(condition, "/status") == status)
}

/// The object's name.
pub(crate) fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// The object's namespace; empty for objects of the whole cluster.
pub(crate) fn namespace(object: &Value) -> &str {
    text(object, "/metadata/namespace")
}

/// The object's identity.
pub(crate) fn uid(object: &Value) -> &str {
    text(object, "/metadata/uid")
}

/// The object's label `key`; empty where it has none.
pub(crate) fn label<'a>(object: &'a Value, key: &str) -> &'a str {
    entry(object, "/metadata/labels", key)
}

/// The object's annotation `key`; empty where it has none.
pub(crate) fn annotation<'a>(object: &'a Value, key: &str) -> &'a str {
    entry(object, "/metadata/annotations", key)
}

fn entry<'a>(object: &'a Value, map: &str, key: &str) -> &'a str {
    let map = object.pointer(map);
    let found = map.and_then(|map| map.get(key)).and_then(Value::as_str);
    found.unwrap_or_default()
}

/// When the object was created.
pub(crate) fn created(object: &Value) -> Option<Timestamp> {
    time(object, "/metadata/creationTimestamp")
}

/// Whether its deletion was asked for.
pub(crate) fn is_ending(object: &Value) -> bool {
    !text(object, "/metadata/deletionTimestamp").is_empty()
}

/// Whether a pod has run to its end, well or not.
pub(crate) fn has_ended(pod: &Value) -> bool {
    ["Succeeded", "Failed"].contains(&text(pod, "/status/phase"))
}

/// Group and kind of the object.
pub(crate) fn group_kind(object: &Value) -> GroupKind {
    let version = text(object, "/apiVersion");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    GroupKind::new(group, text(object, "/kind"))
}

/// Whether the object is of the kind `kind` of `group`.
pub(crate) fn is_a(object: &Value, group: &str, kind: &str) -> bool {
    text(object, "/kind") == kind && group_kind(object).group == group
}

/// The owner that controls the object, as it names it.
pub(crate) fn controller(object: &Value) -> Option<&Value> {
    list(object, "/metadata/ownerReferences")
        .iter()
        .find(|owner| flag(owner, "/controller"))
}

/// The uid of the owner that controls the object; empty where none does.
pub(crate) fn controller_uid(object: &Value) -> &str {
    controller(object).map_or("", |owner| text(owner, "/uid"))
}

/// The object as people call it. Built-in kinds go without their group.
pub(crate) fn called(object: &Value) -> ObjectName {
    ObjectName {
        kind: kind_called(&group_kind(object)),
        namespace: namespace(object).to_owned(),
        name: name(object).to_owned(),
    }
}

/// The object that a reference names, as people call it.
pub(crate) fn called_by_reference(reference: &Value) -> ObjectName {
    let version = text(reference, "/apiVersion");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    ObjectName {
        kind: kind_called(&GroupKind::new(group, text(reference, "/kind"))),
        namespace: text(reference, "/namespace").to_owned(),
        name: text(reference, "/name").to_owned(),
    }
}

/// A kind as people call it: built-in ones without their group.
pub(crate) fn kind_called(kind: &GroupKind) -> String {
    let group = kind.group.as_str();
    // `x-k8s.io` is where Kubernetes keeps kinds that are installed, not built in.
    let is_built_in =
        !group.contains('.') || group.ends_with(".k8s.io") && !group.ends_with(".x-k8s.io");
    if is_built_in {
        kind.kind.to_string()
    } else {
        kind.to_string()
    }
}

/// Whether an object with `labels` matches a label selector (`matchLabels`, `matchExpressions`). One
/// that is not there matches nothing, an empty one everything.
pub(crate) fn selects(selector: Option<&Value>, label: &dyn Fn(&str) -> Option<String>) -> bool {
    let Some(selector) = selector else {
        return false;
    };
    let by_labels =
        texts(selector, "/matchLabels").all(|(key, wanted)| label(key).as_deref() == Some(wanted));
    by_labels
        && list(selector, "/matchExpressions")
            .iter()
            .all(|expression| expression_holds(expression, label))
}

/// Whether one expression of a label or node selector holds.
pub(crate) fn expression_holds(expression: &Value, label: &dyn Fn(&str) -> Option<String>) -> bool {
    let value = label(text(expression, "/key"));
    let values = || list(expression, "/values").iter().filter_map(Value::as_str);
    match text(expression, "/operator") {
        "In" => value.is_some_and(|value| values().any(|wanted| wanted == value)),
        "NotIn" => value.is_none_or(|value| values().all(|unwanted| unwanted != value)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => compare(value, values().next(), |left, right| left > right),
        "Lt" => compare(value, values().next(), |left, right| left < right),
        _ => false,
    }
}

fn compare(value: Option<String>, than: Option<&str>, holds: fn(i64, i64) -> bool) -> bool {
    let value = value.and_then(|value| value.parse().ok());
    let than = than.and_then(|than| than.parse().ok());
    value
        .zip(than)
        .is_some_and(|(value, than)| holds(value, than))
}
