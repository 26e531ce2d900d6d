//! The path of one thing through the layers, in both directions: what it runs on, and what fails
//! with it.
//!
//! [`reach`] (with [`components`]) finds what the path touches; [`stops`] lays it out layer by layer and says what joins
//! one layer to the next.

use jiff::Timestamp;
use strata_api::{
    frames::KeyedRow,
    phrases::{Phrase, PhraseCode},
    rows::{Row, trace::TraceRow},
    topics::{Direction, TracePath},
};
use strata_catalog::Catalog;
use strata_domain::{severity::Severity, subject::Subject};

use crate::{
    derive::Derived,
    fleet::{cluster::Cluster, table::Slot},
};

mod components;
mod reach;
mod stops;
#[cfg(test)]
mod tests;

use reach::Reach;

/// What a path is found in.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) derived: &'a Derived,
    pub(super) catalog: &'a Catalog,
}

/// The one row of the path from `subject`; none while it is not there.
pub fn rows(
    cluster: &Cluster,
    derived: &Derived,
    catalog: &Catalog,
    subject: &Subject,
    direction: Direction,
    now: Timestamp,
) -> Vec<KeyedRow> {
    let field = Field {
        cluster,
        derived,
        catalog,
    };
    let Some(reach) = Reach::of(field, subject, direction) else {
        return Vec::new();
    };
    let row = Row::Trace(trace(field, subject, direction, &reach, now));
    vec![KeyedRow {
        id: subject.to_string(),
        row,
    }]
}

/// The pods on `path`: an application's, a queue's, a node's, those that hold devices of a model,
/// those that a component consists of or, the other way, those that would fail with it.
pub fn pods_on_path(
    cluster: &Cluster,
    derived: &Derived,
    catalog: &Catalog,
    path: &TracePath,
) -> Vec<Slot> {
    let field = Field {
        cluster,
        derived,
        catalog,
    };
    Reach::of(field, &path.subject, path.direction)
        .map(|reach| reach.pods)
        .unwrap_or_default()
}

fn trace(
    field: Field<'_>,
    subject: &Subject,
    direction: Direction,
    reach: &Reach<'_>,
    now: Timestamp,
) -> TraceRow {
    let stops = stops::of(field, subject, direction, reach);
    let tiles = stops.iter().flat_map(|stop| &stop.tiles);
    let mut severities: Vec<Severity> = tiles
        .filter_map(|tile| severity_of(field.derived, tile))
        .collect();
    let nodes = reach.nodes.iter();
    severities.extend(nodes.filter_map(|node| Some(field.derived.nodes.get(&node.name)?.severity)));
    if let Subject::Pod(key) = subject
        && let Some(pod) = field.cluster.pod_named(&key.namespace, &key.name)
    {
        let node = field.cluster.node(&pod.node);
        severities.push(crate::derive::pods::judge(pod, node, now).severity);
    }
    let faults = severities
        .iter()
        .filter(|severity| severity.is_fault())
        .count();
    TraceRow {
        subject: subject.clone(),
        direction,
        crumbs: crumbs(subject, direction, reach),
        severity: severities.into_iter().max().unwrap_or_default().into(),
        faults: count(faults),
        pods: count(reach.pods.len()),
        consequence: consequence(field, subject, direction, reach),
        stops,
    }
}

/// How bad the thing behind a tile is.
fn severity_of(derived: &Derived, tile: &Subject) -> Option<Severity> {
    match tile {
        Subject::Component(id) => derived.components.get(id).map(|state| state.severity),
        Subject::Application { .. } => derived
            .applications
            .get(tile)
            .map(|application| application.severity),
        Subject::Accelerator(name) => derived
            .hardware
            .iter()
            .find(|model| model.name == *name)
            .map(|model| model.severity),
        Subject::Node(name) => derived.nodes.get(name).map(|node| node.severity),
        Subject::Queue(name) => derived.queues.queues.get(name).map(|queue| queue.severity),
        Subject::Pod(_) => None,
    }
}

/// What a subject is called in a line.
fn name_of(subject: &Subject, reach: &Reach<'_>) -> String {
    match subject {
        Subject::Component(id) => reach.title.clone().unwrap_or_else(|| id.to_string()),
        Subject::Application { key, .. } | Subject::Pod(key) => {
            reach.title.clone().unwrap_or_else(|| key.name.to_string())
        }
        Subject::Queue(name) | Subject::Node(name) | Subject::Accelerator(name) => name.to_string(),
    }
}

fn crumbs(subject: &Subject, direction: Direction, reach: &Reach<'_>) -> Vec<Phrase> {
    let mut crumbs =
        vec![Phrase::new(PhraseCode::Word).with("word", name_of(subject, reach).as_str())];
    let mut some = |code: PhraseCode, counted: usize| {
        if counted > 0 {
            crumbs.push(Phrase::new(code).with("count", counted));
        }
    };
    let is_one_application = matches!(subject, Subject::Application { .. } | Subject::Pod(_));
    if direction == Direction::WouldFail && !is_one_application {
        some(PhraseCode::ApplicationCount, reach.applications.len());
    }
    // Downwards from a machine, the pods on it are not on the way.
    let is_machine = matches!(subject, Subject::Node(_) | Subject::Accelerator(_))
        && direction == Direction::DependsOn;
    if !matches!(subject, Subject::Pod(_)) && !is_machine {
        some(PhraseCode::PodCount, reach.pods.len());
    }
    if direction == Direction::DependsOn {
        if let [queue] = reach.queues.as_slice()
            && !matches!(subject, Subject::Queue(_))
            && !is_machine
        {
            crumbs.push(
                Phrase::new(PhraseCode::QueueCrumb)
                    .with("kind", queue.kind.as_str())
                    .with("queue", queue.name.as_str()),
            );
        }
        if !matches!(subject, Subject::Node(_)) {
            let node_count = reach.nodes.len();
            if node_count > 0 {
                crumbs.push(Phrase::new(PhraseCode::NodeCount).with("count", node_count));
            }
        }
    }
    let gpus = reach.gpus();
    if gpus > 0 {
        crumbs.push(Phrase::new(PhraseCode::GpuCount).with("count", gpus));
    }
    crumbs
}

/// What happens without the path's weakest part, or without the thing itself.
fn consequence(
    field: Field<'_>,
    subject: &Subject,
    direction: Direction,
    reach: &Reach<'_>,
) -> Option<Phrase> {
    if direction == Direction::WouldFail {
        if reach.applications.is_empty() || matches!(subject, Subject::Application { .. }) {
            return None;
        }
        return Some(
            Phrase::new(PhraseCode::WithoutIt)
                .with("name", name_of(subject, reach).as_str())
                .with("applications", reach.applications.len())
                .with("pods", reach.pods.len())
                .with("gpus", reach.gpus()),
        );
    }
    if !matches!(subject, Subject::Application { .. }) {
        return None;
    }
    let severity = |name| field.derived.nodes.get(name).map(|node| node.severity);
    let weakest = reach
        .nodes
        .iter()
        .filter(|node| node.pods > 0)
        .max_by_key(|node| {
            (
                severity(&node.name),
                node.pods,
                std::cmp::Reverse(&node.name),
            )
        })?;
    let placed: u32 = reach.nodes.iter().map(|node| node.pods).sum();
    Some(
        Phrase::new(PhraseCode::WithoutNode)
            .with("node", weakest.name.as_str())
            .with("remaining", placed - weakest.pods)
            .with("pods", placed),
    )
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
