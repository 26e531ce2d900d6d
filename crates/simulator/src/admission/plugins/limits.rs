//! Limit ranges: what containers get that say nothing, and what they may ask for
//! (`plugin/pkg/admission/limitranger` of Kubernetes 1.36).

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use crate::{
    admission::{
        quantity::{self, Quantities, Quantity},
        totals,
    },
    json,
    store::Store,
};

const ANNOTATION: &str = "kubernetes.io/limit-ranger";

fn limits_of(store: &Store, namespace: &str) -> Vec<Value> {
    let kind = GroupKind::new("", "LimitRange");
    let ranges = store.list(&kind, namespace);
    ranges.iter().map(|range| range.value()).collect()
}

/// Gives a pod's containers what the namespace's limit ranges give those that say nothing.
pub(super) fn fill(store: &Store, namespace: &str, pod: &mut Value) {
    for range in limits_of(store, namespace) {
        let mut requests = Quantities::new();
        let mut limits = Quantities::new();
        for limit in json::items(&range, "/spec/limits") {
            if json::text(limit, "/type") == "Container" {
                requests.extend(quantity::quantities(limit.get("defaultRequest")));
                limits.extend(quantity::quantities(limit.get("default")));
            }
        }
        let mut said = Vec::new();
        for (field, word) in [
            ("containers", "container"),
            ("initContainers", "init container"),
        ] {
            let containers = json::object_at(pod, "spec").get_mut(field);
            for container in containers
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                for (field, what, amounts) in [
                    ("requests", "request", &requests),
                    ("limits", "limit", &limits),
                ] {
                    let given = give(container, field, amounts);
                    if !given.is_empty() {
                        let name = json::text(container, "/name");
                        said.push(format!("{} {what} for {word} {name}", given.join(", ")));
                    }
                }
            }
        }
        if !said.is_empty() {
            let metadata = json::object_at(pod, "metadata");
            let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
            let text = format!("LimitRanger plugin set: {}", said.join("; "));
            json::as_object(annotations).insert(ANNOTATION.to_owned(), text.into());
        }
    }
}

/// Gives `container` the `amounts` that it does not name, and says which.
fn give(container: &mut Value, field: &str, amounts: &Quantities) -> Vec<String> {
    let mut given = Vec::new();
    for (name, amount) in amounts {
        let resources = json::object_at(container, "resources");
        let known = resources.entry(field).or_insert_with(|| json!({}));
        let known = json::as_object(known);
        if !known.contains_key(name) {
            known.insert(name.clone(), amount.to_string().into());
            given.push(name.clone());
        }
    }
    given
}

/// Whether the limit ranges of the namespace allow a pod or a claim.
pub(super) fn judge(
    store: &Store,
    namespace: &str,
    kind: &str,
    object: &Value,
) -> Result<(), String> {
    for range in limits_of(store, namespace) {
        let mut problems = Vec::new();
        for limit in json::items(&range, "/spec/limits") {
            let of_type = json::text(limit, "/type");
            match (kind, of_type) {
                ("Pod", "Container") => {
                    let containers = json::items(object, "/spec/containers").iter();
                    for container in containers.chain(json::items(object, "/spec/initContainers")) {
                        let of = |field| quantity::quantities(container.pointer(field));
                        let (requests, limits) =
                            (of("/resources/requests"), of("/resources/limits"));
                        Asked {
                            of_type,
                            requests,
                            limits: Some(limits),
                        }
                        .judge(limit, &mut problems);
                    }
                }
                ("Pod", "Pod") => {
                    let requests = totals::of_pod(object, "requests");
                    let limits = Some(totals::of_pod(object, "limits"));
                    Asked {
                        of_type,
                        requests,
                        limits,
                    }
                    .judge(limit, &mut problems);
                }
                ("PersistentVolumeClaim", "PersistentVolumeClaim") => {
                    let requests = quantity::quantities(object.pointer("/spec/resources/requests"));
                    Asked {
                        of_type,
                        requests,
                        limits: None,
                    }
                    .judge(limit, &mut problems);
                }
                _ => {}
            }
        }
        let mut told: Vec<String> = Vec::new();
        for problem in problems {
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
        match told.as_slice() {
            [] => {}
            [only] => return Err(only.clone()),
            several => return Err(format!("[{}]", several.join(", "))),
        }
    }
    Ok(())
}

/// What something asks for; claims have no limits.
struct Asked<'a> {
    of_type: &'a str,
    requests: Quantities,
    limits: Option<Quantities>,
}

impl Asked<'_> {
    fn judge(&self, limit: &Value, problems: &mut Vec<String>) {
        let each = |field: &str| quantity::quantities(limit.get(field));
        let rules = [
            (
                "min",
                Self::least as fn(&Self, &str, Quantity) -> Option<String>,
            ),
            ("max", Self::most),
            ("maxLimitRequestRatio", Self::ratio),
        ];
        for (field, rule) in rules {
            for (name, bound) in each(field) {
                problems.extend(rule(self, &name, bound));
            }
        }
    }

    fn limit(&self, name: &str) -> Option<Quantity> {
        self.limits.as_ref()?.get(name).copied()
    }

    fn least(&self, name: &str, bound: Quantity) -> Option<String> {
        let rule = format!("minimum {name} usage per {} is {bound}", self.of_type);
        let Some(request) = self.requests.get(name) else {
            return Some(format!("{rule}.  No request is specified"));
        };
        if request.compare(bound).is_lt() {
            return Some(format!("{rule}, but request is {request}"));
        }
        let limit = self
            .limit(name)
            .filter(|limit| limit.compare(bound).is_lt())?;
        Some(format!("{rule}, but limit is {limit}"))
    }

    fn most(&self, name: &str, bound: Quantity) -> Option<String> {
        let rule = format!("maximum {name} usage per {} is {bound}", self.of_type);
        let request = self.requests.get(name);
        if self.limits.is_some() {
            let Some(limit) = self.limit(name) else {
                return Some(format!("{rule}.  No limit is specified"));
            };
            if limit.compare(bound).is_gt() {
                return Some(format!("{rule}, but limit is {limit}"));
            }
        } else if request.is_none() {
            return Some(format!("{rule}.  No request is specified"));
        }
        let request = request.filter(|request| request.compare(bound).is_gt())?;
        Some(format!("{rule}, but request is {request}"))
    }

    fn ratio(&self, name: &str, bound: Quantity) -> Option<String> {
        let rule = format!(
            "{name} max limit to request ratio per {} is {bound}",
            self.of_type
        );
        let is_some = |amount: &Quantity| !amount.is_zero();
        let Some(request) = self.requests.get(name).copied().filter(is_some) else {
            return Some(format!(
                "{rule}, but no request is specified or request is 0"
            ));
        };
        let Some(limit) = self.limit(name).filter(is_some) else {
            return Some(format!("{rule}, but no limit is specified or limit is 0"));
        };
        let ratio = limit.value() / request.value();
        (ratio > bound.value()).then(|| format!("{rule}, but provided ratio is {ratio:.6}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_of_a_limit_range_has_its_words() {
        let limit = json!({ "min": { "cpu": "500m" }, "max": { "memory": "1Gi" },
            "maxLimitRequestRatio": { "cpu": "2" } });
        let resources = |text: Value| quantity::quantities(Some(&text));
        let asked = Asked {
            of_type: "Container",
            requests: resources(json!({ "cpu": "250m" })),
            limits: Some(resources(json!({ "cpu": "1", "memory": "2Gi" }))),
        };
        let mut problems = Vec::new();
        asked.judge(&limit, &mut problems);
        assert_eq!(
            problems,
            [
                "minimum cpu usage per Container is 500m, but request is 250m",
                "maximum memory usage per Container is 1Gi, but limit is 2Gi",
                "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000",
            ]
        );
    }
}
