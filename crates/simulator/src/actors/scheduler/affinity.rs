//! Node selectors and node affinity.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{actors::capacity::NodeRoom, json};

/// Where a pod has the terms of which a node must fulfil one.
const REQUIRED: &str =
    "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";

/// Whether `pod` may run on the node `name`.
pub(in crate::actors) fn matches(pod: &Value, name: &str, room: &NodeRoom) -> bool {
    let selector = pod.pointer("/spec/nodeSelector").and_then(Value::as_object);
    let is_selected = selector
        .into_iter()
        .flatten()
        .all(|(label, value)| room.labels.get(label).map(String::as_str) == value.as_str());
    is_selected
        && pod
            .pointer(REQUIRED)
            .and_then(Value::as_array)
            .is_none_or(|terms| terms.iter().any(|term| is_fulfilled(term, name, room)))
}

/// The only nodes that `pod` may run on, where its required affinity names them, as the pods of
/// daemon sets do: nobody then has to look at the others.
///
/// Source: `NodeAffinity.PreFilter` of Kubernetes 1.36.
pub(super) fn nodes_named(pod: &Value) -> Option<BTreeSet<&str>> {
    let required = pod.pointer(REQUIRED)?.as_array()?;
    let mut named = BTreeSet::new();
    for term in required {
        let of_term = json::items(term, "/matchFields")
            .iter()
            .filter(|field| {
                json::text(field, "/key") == "metadata.name"
                    && json::text(field, "/operator") == "In"
            })
            .map(|field| {
                let values = json::items(field, "/values").iter();
                values.filter_map(Value::as_str).collect::<BTreeSet<_>>()
            })
            .reduce(|some, others| some.intersection(&others).copied().collect())?;
        named.extend(of_term);
    }
    (!named.is_empty()).then_some(named)
}

/// The weight of what the pod would rather have and the node has.
pub(super) fn preference(pod: &Value, name: &str, room: &NodeRoom) -> i64 {
    let soft = "/spec/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution";
    json::items(pod, soft)
        .iter()
        .filter(|term| {
            term.get("preference")
                .is_some_and(|term| is_fulfilled(term, name, room))
        })
        .filter_map(|term| term.get("weight")?.as_i64())
        .sum()
}

/// Whether every requirement of `term` holds; a term without any never does.
pub(in crate::actors) fn is_fulfilled(term: &Value, name: &str, room: &NodeRoom) -> bool {
    let labels = json::items(term, "/matchExpressions");
    let fields = json::items(term, "/matchFields");
    let label = |key: &str| room.labels.get(key).map(String::as_str);
    !(labels.is_empty() && fields.is_empty())
        && labels
            .iter()
            .all(|wanted| holds(wanted, label(json::text(wanted, "/key"))))
        && fields.iter().all(|wanted| {
            json::text(wanted, "/key") == "metadata.name" && holds(wanted, Some(name))
        })
}

fn holds(wanted: &Value, found: Option<&str>) -> bool {
    let values = json::items(wanted, "/values");
    let is_among = || found.is_some_and(|found| values.iter().any(|value| value == found));
    let compared = || -> Option<std::cmp::Ordering> {
        let bound: i64 = values.first()?.as_str()?.parse().ok()?;
        Some(found?.parse::<i64>().ok()?.cmp(&bound))
    };
    match json::text(wanted, "/operator") {
        "In" => is_among(),
        "NotIn" => !is_among(),
        "Exists" => found.is_some(),
        "DoesNotExist" => found.is_none(),
        "Gt" => compared() == Some(std::cmp::Ordering::Greater),
        "Lt" => compared() == Some(std::cmp::Ordering::Less),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_operator_of_a_requirement_is_understood() {
        let is = |operator: &str, values: &[&str], found: Option<&str>| {
            holds(&json!({ "operator": operator, "values": values }), found)
        };
        assert!(is("In", &["a", "b"], Some("b")) && !is("In", &["a"], None));
        assert!(is("NotIn", &["a"], None) && !is("NotIn", &["a"], Some("a")));
        assert!(is("Exists", &[], Some("")) && is("DoesNotExist", &[], None));
        assert!(is("Gt", &["7"], Some("8")) && !is("Gt", &["8"], Some("8")));
        assert!(is("Lt", &["8"], Some("7")) && !is("Lt", &["8"], None));
    }

    #[test]
    fn nodes_are_named_only_where_every_term_names_some() {
        let named = |terms: Value| {
            let pod = json!({ "spec": { "affinity": { "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": terms },
            } } } });
            nodes_named(&pod).map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>())
        };
        let field =
            |names: &[&str]| json!({ "key": "metadata.name", "operator": "In", "values": names });
        let both = json!([{ "matchFields": [field(&["a"])] }, { "matchFields": [field(&["b"])] }]);
        assert_eq!(named(both), Some(vec!["a".to_owned(), "b".to_owned()]));
        let open = json!([{ "matchFields": [field(&["a"])] }, { "matchExpressions": [] }]);
        assert_eq!(named(open), None);
        let narrowed = json!([{ "matchFields": [field(&["a", "b"]), field(&["b", "c"])] }]);
        assert_eq!(named(narrowed), Some(vec!["b".to_owned()]));
    }
}
