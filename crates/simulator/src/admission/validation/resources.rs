//! Amounts of resources.

use std::cmp::Ordering;

use serde_json::Value;

use super::names;
use crate::admission::{causes::Causes, quantity::Quantity};

const NOT_NEGATIVE: &str = "must be greater than or equal to 0";
/// The resources of containers that have no domain.
const OF_CONTAINERS: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
/// What can be given out more often than there is.
const OVERCOMMITTED: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

fn entries<'a>(resources: &'a Value, field: &str) -> Vec<(&'a str, Quantity)> {
    resources
        .get(field)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, amount)| Some((name.as_str(), Quantity::parse(amount.as_str()?).ok()?)))
        .collect()
}

/// Judges what a container asks for and may use.
pub(super) fn of_container(container: &Value, path: &str, causes: &mut Causes) {
    let Some(resources) = container.get("resources") else {
        return;
    };
    let limits = entries(resources, "limits");
    for (name, amount) in &limits {
        one(name, *amount, &format!("{path}.limits[{name}]"), causes);
    }
    for (name, amount) in entries(resources, "requests") {
        one(name, amount, &format!("{path}.requests[{name}]"), causes);
        let requests = format!("{path}.requests");
        let may_exceed = OVERCOMMITTED.contains(&name) || !name.contains('/');
        match limits.iter().find(|(known, _)| *known == name) {
            Some((_, limit)) if !may_exceed && amount.compare(*limit) != Ordering::Equal => {
                let detail = format!("must be equal to {name} limit of {limit}");
                causes.invalid(&requests, amount.to_string(), &detail);
            }
            Some((_, limit)) if may_exceed && amount.compare(*limit) == Ordering::Greater => {
                let detail = format!("must be less than or equal to {name} limit of {limit}");
                causes.invalid(&requests, amount.to_string(), &detail);
            }
            None if !may_exceed => {
                let detail = "Limit must be set for non overcommitable resources";
                causes.required(&format!("{path}.limits"), detail);
            }
            _ => {}
        }
    }
}

fn one(name: &str, amount: Quantity, path: &str, causes: &mut Causes) {
    causes.each(path, name, names::qualified(name));
    if !name.contains('/') {
        let is_known = OF_CONTAINERS.contains(&name) || name.starts_with("hugepages-");
        if !is_known && !super::config::is_standard_resource(name) {
            causes.invalid(
                path,
                name,
                "must be a standard resource type or fully qualified",
            );
        }
        if !is_known {
            causes.invalid(path, name, "must be a standard resource for containers");
        }
    }
    if amount.is_negative() {
        causes.invalid(path, amount.to_string(), NOT_NEGATIVE);
    }
    if name.contains('/') && !amount.is_whole() {
        causes.invalid(path, amount.to_string(), "must be an integer");
    }
}
