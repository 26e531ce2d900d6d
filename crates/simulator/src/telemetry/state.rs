//! kube-state-metrics: what the objects in the store say, as numbers.
//!
//! Names, help texts and labels: kubernetes/kube-state-metrics `internal/store`. A family's objects
//! are read only when the family is wanted, and only those of the namespace and the name that are.

use serde_json::Value;

use super::{
    exposition::{Kind, Labels, Page, Series, Style},
    seconds,
};
use crate::{json, server::Server};

mod nodes;
mod objects;
mod pods;

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Go);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Go);

/// Tells of everything in the store.
pub(super) fn tell(page: &mut Page<'_>, server: &Server) {
    objects::tell(page, server);
    nodes::tell(page, server);
    pods::tell(page, server);
}

/// When `object` was created.
fn created(object: &Value) -> f64 {
    time_at(object, "/metadata/creationTimestamp").unwrap_or(0.0)
}

/// The time at `pointer`, in seconds since the epoch.
fn time_at(object: &Value, pointer: &str) -> Option<f64> {
    json::text(object, pointer).parse().ok().map(seconds)
}

/// One series for each state of `all`: 1 for the state that is, 0 for the others.
fn states(
    base: &Labels,
    label: &'static str,
    all: &[&str],
    is: impl Fn(&str) -> bool,
    since: f64,
) -> Vec<Series> {
    all.iter()
        .map(|state| {
            let mut labels = base.clone();
            labels.push((label.into(), (*state).to_owned()));
            Series::constant(labels, if is(state) { 1.0 } else { 0.0 }, since)
        })
        .collect()
}

/// The name of a resource as a label's value, and its unit.
fn resource(name: &str) -> (String, &'static str) {
    let unit = match name {
        "cpu" => "core",
        "memory" | "storage" | "ephemeral-storage" => "byte",
        _ if name.starts_with("hugepages-") || name.starts_with("attachable-volumes-") => "byte",
        _ => "integer",
    };
    let clean = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect();
    (clean, unit)
}

/// A quantity of the resource `name`, in its unit.
fn amount(name: &str, quantity: &str) -> Option<f64> {
    if name == "cpu" {
        let millicores = strata_domain::quantity::parse_millicores(quantity)?;
        Some(super::number(millicores) / 1000.0)
    } else {
        strata_domain::quantity::parse_count(quantity).map(super::number)
    }
}
