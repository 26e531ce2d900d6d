//! A path laid out layer by layer, and what joins one layer to the next.

use std::collections::BTreeSet;

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::trace::{NodeUse, TraceStop},
    topics::Direction,
};
use strata_domain::{layer::Layer, subject::Subject, text::Text};

use super::{Field, reach::Reach};
use crate::project::stack::OPERATING_SYSTEM;

/// More nodes than this are summed up on the boundary.
const NODES_NAMED: usize = 3;

/// The stops of the path, from the top layer down.
pub(super) fn of(
    field: Field<'_>,
    subject: &Subject,
    direction: Direction,
    reach: &Reach<'_>,
) -> Vec<TraceStop> {
    let own = layer_of(field, subject);
    let touched = |layer: Layer| match direction {
        Direction::DependsOn => layer <= own,
        Direction::WouldFail => layer >= own,
    };
    let nodes = node_uses(field, reach);
    let mut stops: Vec<TraceStop> = Vec::new();
    for layer in Layer::TOP_DOWN.into_iter().filter(|layer| touched(*layer)) {
        let tiles = match layer {
            Layer::Workloads => applications(subject, reach),
            Layer::Lifecycle => components_in(field, reach, direction, Layer::Lifecycle),
            Layer::Platform => platform(field, subject, direction, reach),
            Layer::Infrastructure => infrastructure(field, subject, direction, reach),
            Layer::Hardware => hardware(field, subject, direction, reach, &nodes),
        };
        let nodes = match layer {
            Layer::Infrastructure => nodes.clone(),
            // The base shows the nodes whose devices are held; of a node without any, none.
            Layer::Hardware => nodes.iter().filter(|node| node.gpus > 0).cloned().collect(),
            _ => Vec::new(),
        };
        if !tiles.is_empty() || !nodes.is_empty() {
            stops.push(TraceStop {
                layer: layer.into(),
                tiles,
                nodes,
                join: None,
            });
        }
    }
    let last = stops.len().saturating_sub(1);
    for stop in stops.iter_mut().take(last) {
        stop.join = join(field, stop.layer, reach);
    }
    stops
}

/// The layer that a subject stands in.
fn layer_of(field: Field<'_>, subject: &Subject) -> Layer {
    match subject {
        Subject::Application { .. } | Subject::Pod(_) => Layer::Workloads,
        Subject::Queue(_) => Layer::Platform,
        Subject::Node(_) => Layer::Infrastructure,
        Subject::Accelerator(_) => Layer::Hardware,
        Subject::Component(id) => field
            .catalog
            .component(id)
            .map_or(Layer::Infrastructure, |component| component.layer),
    }
}

fn applications(subject: &Subject, reach: &Reach<'_>) -> Vec<Subject> {
    if let Subject::Application { .. } = subject {
        return vec![subject.clone()];
    }
    reach
        .applications
        .iter()
        .map(|application| application.subject.clone())
        .collect()
}

/// The components of `layer` that the path's applications are managed or run by, and those that it
/// starts from or passes. What manages an application does not fail with it.
fn components_in(
    field: Field<'_>,
    reach: &Reach<'_>,
    direction: Direction,
    layer: Layer,
) -> Vec<Subject> {
    let of_applications = reach
        .applications
        .iter()
        .filter(|_| direction == Direction::DependsOn)
        .flat_map(|application| {
            [application.manager, application.engine]
                .into_iter()
                .flatten()
        });
    let positions: BTreeSet<usize> = of_applications
        .chain(reach.components.iter().copied())
        .collect();
    positions
        .into_iter()
        .filter_map(|position| field.derived.components.at(position))
        .filter(|state| state.layer == layer)
        .map(|state| Subject::Component(state.id.clone()))
        .collect()
}

fn platform(
    field: Field<'_>,
    subject: &Subject,
    direction: Direction,
    reach: &Reach<'_>,
) -> Vec<Subject> {
    // What fails with a thing is not what schedules it.
    let is_passed = direction == Direction::DependsOn || matches!(subject, Subject::Queue(_));
    let mut ids: BTreeSet<Text> = reach
        .queues
        .iter()
        .filter(|_| is_passed)
        .map(|queue| queue.component.clone())
        .filter(|id| !id.is_empty())
        .collect();
    let table = field.cluster.pod_table();
    let schedulers: BTreeSet<&Text> = reach
        .pods
        .iter()
        .filter(|_| direction == Direction::DependsOn)
        .filter_map(|slot| table.at(*slot))
        .map(|pod| &pod.scheduler)
        .filter(|scheduler| !scheduler.is_empty())
        .collect();
    for state in &field.derived.components.states {
        if schedulers
            .iter()
            .any(|scheduler| scheduler.contains(state.id.as_str()))
        {
            ids.insert(state.id.clone());
        }
    }
    let managed = components_in(field, reach, direction, Layer::Platform);
    // Every pod stands on Kubernetes; that one thing fails with another does not.
    let stands_on = direction == Direction::DependsOn
        && !matches!(subject, Subject::Component(_) if managed.contains(subject));
    if stands_on && field.derived.components.get("kubernetes").is_some() {
        ids.insert(Text::from("kubernetes"));
    }
    let all = &field.derived.components.states;
    all.iter()
        .map(|state| Subject::Component(state.id.clone()))
        .filter(|tile| {
            managed.contains(tile) || matches!(tile, Subject::Component(id) if ids.contains(id))
        })
        .collect()
}

/// The components of the infrastructure that matter to the path: the container runtime of its
/// nodes, the network, and the driver where it uses GPUs.
fn infrastructure(
    field: Field<'_>,
    subject: &Subject,
    direction: Direction,
    reach: &Reach<'_>,
) -> Vec<Subject> {
    if direction == Direction::WouldFail {
        return match subject {
            Subject::Component(_) if layer_of(field, subject) == Layer::Infrastructure => {
                vec![subject.clone()]
            }
            _ => components_in(field, reach, direction, Layer::Infrastructure),
        };
    }
    let runtimes: BTreeSet<&Text> = reach
        .nodes
        .iter()
        .filter_map(|node| field.cluster.node(&node.name))
        .filter_map(|node| {
            field
                .catalog
                .recognise_container_runtime(&node.software.container_runtime)
        })
        .map(|runtime| &runtime.id)
        .collect();
    let uses_gpus = reach.gpus() > 0;
    let makers: BTreeSet<&str> = reach
        .nodes
        .iter()
        .filter_map(|node| field.derived.accelerators.of(&node.name))
        .map(|known| known.maker.word())
        .collect();
    let has_nodes = !reach.nodes.is_empty();
    let mut networks = field.derived.components.states.iter().filter(|state| {
        category_of(field, state.position) == "network" && !state.members.is_empty()
    });
    // The first in the catalogue's order is what connects pods; the others come on top.
    let network = networks.next().map(|state| &state.id);
    let matters = |id: &Text, category: &str| match category {
        "container_runtime" => runtimes.contains(id),
        "network" => has_nodes && network == Some(id),
        "driver" => uses_gpus && makers.iter().any(|maker| id.starts_with(maker)),
        _ => false,
    };
    let own = components_in(field, reach, direction, Layer::Infrastructure);
    let system = Subject::Component(Text::from(OPERATING_SYSTEM));
    let passed = field
        .derived
        .components
        .states
        .iter()
        .filter(|state| state.layer == Layer::Infrastructure)
        .filter(|state| {
            let category = category_of(field, state.position);
            own.contains(&Subject::Component(state.id.clone())) || matters(&state.id, category)
        })
        .map(|state| Subject::Component(state.id.clone()));
    passed
        .chain((*subject == system).then_some(system))
        .collect()
}

fn category_of(field: Field<'_>, position: usize) -> &str {
    field
        .catalog
        .components()
        .get(position)
        .map_or("", |component| component.category.as_str())
}

/// The models whose devices the path uses; where it uses none, the models of its nodes.
fn hardware(
    field: Field<'_>,
    subject: &Subject,
    direction: Direction,
    reach: &Reach<'_>,
    nodes: &[NodeUse],
) -> Vec<Subject> {
    if let Subject::Accelerator(_) = subject {
        return vec![subject.clone()];
    }
    let uses_gpus = reach.gpus() > 0;
    let is_node = matches!(subject, Subject::Node(_));
    let used: BTreeSet<&str> = nodes
        .iter()
        .filter(|node| !uses_gpus || node.gpus_used > 0 || is_node)
        .map(|node| node.node.as_str())
        .collect();
    let has_gpus = nodes
        .iter()
        .any(|node| used.contains(node.node.as_str()) && node.gpus > 0);
    let wants_gpus = uses_gpus || (is_node && has_gpus);
    let models = field.derived.hardware.iter().filter(|model| {
        model.maker.is_some() == wants_gpus
            && model.nodes.iter().any(|node| used.contains(node.as_str()))
    });
    let models = models.map(|model| Subject::Accelerator(model.name.clone()));
    models
        .chain(components_in(field, reach, direction, Layer::Hardware))
        .collect()
}

fn node_uses(field: Field<'_>, reach: &Reach<'_>) -> Vec<NodeUse> {
    reach
        .nodes
        .iter()
        .map(|node| {
            let state = field.derived.nodes.get(&node.name);
            let known = field.derived.accelerators.of(&node.name);
            NodeUse {
                node: node.name.to_string(),
                severity: state.map(|state| state.severity).unwrap_or_default().into(),
                rack: state
                    .map(|state| state.rack.to_string())
                    .unwrap_or_default(),
                model: known
                    .filter(|known| known.is_model_told)
                    .map(|known| known.model.to_string())
                    .unwrap_or_default(),
                gpus_used: node.gpus,
                gpus: known.map_or(0, |known| known.total),
                pods: node.pods,
            }
        })
        .collect()
}

/// What joins `layer` to the one below it.
fn join(field: Field<'_>, layer: strata_api::rows::Layer, reach: &Reach<'_>) -> Option<Phrase> {
    use strata_api::rows::Layer as Row;
    match layer {
        Row::Workloads => pods(field, reach),
        Row::Lifecycle => managed(reach),
        Row::Platform => placed(reach),
        Row::Infrastructure => devices(reach),
        Row::Hardware => None,
    }
}

fn pods(field: Field<'_>, reach: &Reach<'_>) -> Option<Phrase> {
    let table = field.cluster.pod_table();
    let namespaces: BTreeSet<&Text> = reach
        .pods
        .iter()
        .filter_map(|slot| table.at(*slot))
        .map(|pod| &pod.metadata.key.namespace)
        .collect();
    let first = namespaces.first()?;
    let phrase = if namespaces.len() == 1 {
        Phrase::new(PhraseCode::PodsIn).with("namespace", first.as_str())
    } else {
        Phrase::new(PhraseCode::PodsInMany).with("namespaces", namespaces.len())
    };
    Some(phrase.with("count", reach.pods.len()))
}

fn managed(reach: &Reach<'_>) -> Option<Phrase> {
    match reach.applications.as_slice() {
        [] => None,
        [application] => Some(
            Phrase::new(PhraseCode::ObjectName)
                .with("kind", application.kind.kind.as_str())
                .with("name", application.key.name.as_str()),
        ),
        many => Some(Phrase::new(PhraseCode::ApplicationCount).with("count", many.len())),
    }
}

fn placed(reach: &Reach<'_>) -> Option<Phrase> {
    let admission = match reach.applications.as_slice() {
        [application] => application.admission.as_ref(),
        _ => None,
    };
    let is_every_one_queued = reach
        .applications
        .iter()
        .all(|application| !application.queue.is_empty());
    match reach.queues.as_slice() {
        queues if queues.is_empty() || !is_every_one_queued => {
            let placed: u32 = reach.nodes.iter().map(|node| node.pods).sum();
            (placed > 0).then(|| Phrase::new(PhraseCode::PodsPlaced).with("count", placed))
        }
        [queue] => {
            let phrase = match admission {
                Some(known) if known.is_waiting => Phrase::new(PhraseCode::QueueHolds),
                Some(known) if known.since.is_some() => {
                    let at = known.since.map(|at| at.strftime("%H:%M").to_string());
                    Phrase::new(PhraseCode::QueueAdmitted).with("at", at.unwrap_or_default())
                }
                _ => Phrase::new(PhraseCode::QueueCrumb),
            };
            let kind = if queue.kind.is_empty() {
                "Queue"
            } else {
                queue.kind.as_str()
            };
            Some(phrase.with("kind", kind).with("queue", queue.name.as_str()))
        }
        many => Some(Phrase::new(PhraseCode::QueueCount).with("count", many.len())),
    }
}

fn devices(reach: &Reach<'_>) -> Option<Phrase> {
    let gpus = reach.gpus();
    let holding: Vec<u32> = reach
        .nodes
        .iter()
        .map(|node| node.gpus)
        .filter(|gpus| *gpus > 0)
        .collect();
    match holding.len() {
        0 => (!reach.nodes.is_empty())
            .then(|| Phrase::new(PhraseCode::NodeCount).with("count", reach.nodes.len())),
        1 => Some(Phrase::new(PhraseCode::GpuCount).with("count", gpus)),
        few if few <= NODES_NAMED => {
            let parts: Vec<String> = holding.iter().map(ToString::to_string).collect();
            Some(Phrase::new(PhraseCode::GpusByNode).with("gpus", parts.join(" + ")))
        }
        many => Some(
            Phrase::new(PhraseCode::GpusOnNodes)
                .with("count", gpus)
                .with("nodes", many),
        ),
    }
}
