//! The path of a component: what it consists of, and what does not work without it.

use std::collections::BTreeSet;

use strata_catalog::Component;
use strata_domain::{layer::Layer, pod::Pod, text::Text, workload::WorkloadKind};

use super::{
    Field,
    reach::{NodeReach, Reach, current},
};
use crate::{
    derive::applications::Application,
    fleet::table::Slot,
    project::stack::{OPERATING_SYSTEM, operating_system},
};

/// The path of a component downwards: the pods that it consists of.
pub(super) fn parts_of<'a>(field: Field<'a>, id: &Text) -> Option<Reach<'a>> {
    if id == OPERATING_SYSTEM {
        return Some(every_node(field, Vec::new()));
    }
    let state = field.derived.components.get(id)?;
    let component = field.catalog.components().get(state.position)?;
    let table = field.cluster.pod_table();
    let members = state
        .members
        .iter()
        .filter_map(|uid| field.cluster.workload(uid));
    let kept = members.flat_map(|workload| {
        let uid = &workload.metadata.uid;
        let below = field.cluster.workloads_owned_by(uid);
        let below = below.flat_map(|below| field.cluster.pods_of_owner(&below.metadata.uid));
        field.cluster.pods_of_owner(uid).chain(below)
    });
    let mut pods: Vec<Slot> = kept
        .filter_map(|pod| table.slot_of(&pod.metadata.uid))
        .collect();
    pods.extend(
        field
            .derived
            .components
            .lone_pods(state.position)
            .filter_map(|uid| table.slot_of(uid)),
    );
    let mut reach = Reach {
        pods: current(field, pods.into_iter()),
        ..Reach::default()
    };
    if reach.pods.is_empty() && component.category == "container_runtime" {
        reach = runs_on(field, component, Vec::new());
    }
    reach.title = Some(component.name.to_string());
    reach.components.insert(state.position);
    Some(reach)
}

/// The path of a component upwards: the applications that do not work without it.
pub(super) fn users_of<'a>(field: Field<'a>, id: &Text) -> Option<Reach<'a>> {
    let all = || field.derived.applications.list.iter();
    if id == OPERATING_SYSTEM {
        return Some(every_node(field, all().collect()));
    }
    let state = field.derived.components.get(id)?;
    let component = field.catalog.components().get(state.position)?;
    let position = Some(state.position);
    let table = field.cluster.pod_table();
    let queue_of = |application: &Application| {
        let queue = field.derived.queues.queues.get(&application.queue);
        queue.is_some_and(|queue| queue.component == *id)
    };
    let asks_scheduler = |application: &Application| {
        let pods = application.pods.iter().filter_map(|slot| table.at(*slot));
        pods.take(1)
            .any(|pod| !pod.scheduler.is_empty() && pod.scheduler.contains(id.as_str()))
    };
    let applications: Vec<&Application> = match component.category.as_str() {
        "control_plane" | "network" | "dns" => all().collect(),
        "container_runtime" => {
            let mut reach = runs_on(field, component, all().collect());
            reach.title = Some(component.name.to_string());
            reach.components.insert(state.position);
            return Some(reach);
        }
        "driver" | "device_plugin" | "dra_driver" | "accelerator_operator" => {
            all().filter(|application| application.gpus > 0).collect()
        }
        _ => all()
            .filter(|application| {
                application.manager == position
                    || application.engine == position
                    || queue_of(application)
                    || asks_scheduler(application)
            })
            .collect(),
    };
    let mut reach = Reach::of_applications(applications);
    reach.title = Some(component.name.to_string());
    reach.components.insert(state.position);
    Some(reach)
}

fn every_node<'a>(field: Field<'a>, applications: Vec<&'a Application>) -> Reach<'a> {
    let nodes = field.derived.nodes.keys();
    let nodes = nodes
        .map(|name| NodeReach {
            name: name.clone(),
            pods: 0,
            gpus: 0,
        })
        .collect();
    let title = operating_system(field.cluster).map(|(name, _)| name);
    Reach {
        title,
        nodes,
        ..Reach::of_applications(applications)
    }
}

/// The nodes that run `component` as their container runtime, and what runs there.
fn runs_on<'a>(
    field: Field<'a>,
    component: &Component,
    applications: Vec<&'a Application>,
) -> Reach<'a> {
    let names: BTreeSet<Text> = field
        .cluster
        .nodes()
        .filter(|node| {
            field
                .catalog
                .recognise_container_runtime(&node.software.container_runtime)
                .is_some_and(|runtime| runtime.id == component.id)
        })
        .map(|node| node.metadata.key.name.clone())
        .collect();
    let table = field.cluster.pod_table();
    let lies_there = |slot: &Slot| table.at(*slot).is_some_and(|pod| names.contains(&pod.node));
    let applications: Vec<&Application> = applications
        .into_iter()
        .filter(|application| application.pods.iter().any(lies_there))
        .collect();
    let mut reach = Reach::of_applications(applications);
    reach.pods.retain(lies_there);
    reach.nodes = names
        .iter()
        .map(|name| NodeReach {
            name: name.clone(),
            pods: 0,
            gpus: 0,
        })
        .collect();
    reach
}

/// The component below the workloads layer that `pod` is a part of, unless a DaemonSet keeps it.
pub(super) fn component_of(field: Field<'_>, pod: &Pod) -> Option<usize> {
    let Some(owner) = &pod.metadata.owner else {
        return field.derived.components.of_pod(&pod.metadata.uid);
    };
    let mut workload = field.cluster.workload(&owner.uid)?;
    if workload.kind == WorkloadKind::ReplicaSet
        && let Some(above) = &workload.metadata.owner
    {
        workload = field.cluster.workload(&above.uid)?;
    }
    if workload.kind == WorkloadKind::DaemonSet {
        return None;
    }
    let position = field
        .derived
        .components
        .of_workload(&workload.metadata.uid)?;
    let layer = field.catalog.components().get(position)?.layer;
    (layer != Layer::Workloads).then_some(position)
}
