//! What a path touches: pods, applications, queues, nodes, components.

use std::collections::{BTreeMap, BTreeSet};

use strata_api::topics::Direction;
use strata_domain::{ids::ObjectKey, pod::Pod, subject::Subject, text::Text};

use super::{Field, components, count};
use crate::{
    derive::{applications::Application, owners::is_current},
    fleet::table::Slot,
};

/// What a path touches.
#[derive(Debug, Default)]
pub(super) struct Reach<'a> {
    /// What the subject is called, where that is not its name.
    pub(super) title: Option<String>,
    /// Its pods that are neither done nor failed.
    pub(super) pods: Vec<Slot>,
    /// The applications on it, in the order of the tiles.
    pub(super) applications: Vec<&'a Application>,
    /// The components on it that are found by more than by a layer's rule, by position.
    pub(super) components: BTreeSet<usize>,
    /// The queues that its applications are in.
    pub(super) queues: Vec<QueueUse>,
    /// The nodes on it, the most used first.
    pub(super) nodes: Vec<NodeReach>,
}

/// A queue on a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct QueueUse {
    pub(super) name: Text,
    pub(super) kind: Text,
    /// The id of the component that defines its kind.
    pub(super) component: Text,
}

/// A node on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NodeReach {
    pub(super) name: Text,
    /// Pods of the path on it.
    pub(super) pods: u32,
    /// GPUs that they hold.
    pub(super) gpus: u32,
}

impl<'a> Reach<'a> {
    /// What the path from `subject` touches; `None` while it is not there.
    pub(super) fn of(field: Field<'a>, subject: &Subject, direction: Direction) -> Option<Self> {
        let mut reach = match (subject, direction) {
            (Subject::Application { kind, key }, _) => of_application(field, subject, kind, key)?,
            (Subject::Pod(key), _) => of_pod(field, key)?,
            (Subject::Queue(name), _) => of_queue(field, name)?,
            (Subject::Node(name), _) => of_node(field, name)?,
            (Subject::Accelerator(model), _) => of_model(field, model)?,
            (Subject::Component(id), Direction::DependsOn) => components::parts_of(field, id)?,
            (Subject::Component(id), Direction::WouldFail) => components::users_of(field, id)?,
        };
        reach.count_nodes(field);
        reach.find_queues(field);
        Some(reach)
    }

    /// GPUs that the pods on it hold or ask for.
    pub(super) fn gpus(&self) -> u32 {
        self.nodes.iter().map(|node| node.gpus).sum()
    }

    pub(super) fn of_applications(applications: Vec<&'a Application>) -> Self {
        let pods = applications
            .iter()
            .flat_map(|application| application.pods.iter().copied())
            .collect();
        Self {
            pods,
            applications,
            ..Self::default()
        }
    }

    /// Sums up its pods by node. Nodes that are on the path without pods stay, last.
    fn count_nodes(&mut self, field: Field<'a>) {
        let mut by_node: BTreeMap<&Text, Vec<&Pod>> = BTreeMap::new();
        let table = field.cluster.pod_table();
        for pod in self.pods.iter().filter_map(|slot| table.at(*slot)) {
            if !pod.node.is_empty() {
                by_node.entry(&pod.node).or_default().push(pod);
            }
        }
        let mut nodes: Vec<NodeReach> = by_node
            .iter()
            .map(|(name, pods)| NodeReach {
                name: (*name).clone(),
                pods: count(pods.len()),
                gpus: field.derived.accelerators.asked_by(pods.iter().copied()),
            })
            .collect();
        for known in std::mem::take(&mut self.nodes) {
            if !by_node.contains_key(&known.name) {
                nodes.push(known);
            }
        }
        nodes.sort_by(|left, right| {
            (right.gpus, right.pods)
                .cmp(&(left.gpus, left.pods))
                .then_with(|| left.name.cmp(&right.name))
        });
        self.nodes = nodes;
    }

    fn find_queues(&mut self, field: Field<'a>) {
        let named = self
            .applications
            .iter()
            .map(|application| &application.queue);
        let names: BTreeSet<&Text> = named.filter(|name| !name.is_empty()).collect();
        let known = names.into_iter().map(|name| {
            let queue = field.derived.queues.queues.get(name);
            QueueUse {
                name: name.clone(),
                kind: queue
                    .map(|queue| queue.kind.kind.clone())
                    .unwrap_or_default(),
                component: queue
                    .map(|queue| queue.component.clone())
                    .unwrap_or_default(),
            }
        });
        let mut queues: BTreeSet<QueueUse> = known.collect();
        queues.extend(self.queues.drain(..));
        self.queues = queues.into_iter().collect();
    }
}

/// The application that `subject` names, or, where it is none, the pods that hang on the object.
fn of_application<'a>(
    field: Field<'a>,
    subject: &Subject,
    kind: &Text,
    key: &ObjectKey,
) -> Option<Reach<'a>> {
    if let Some(application) = field.derived.applications.get(subject) {
        let title = Some(application.name.to_string());
        return Some(Reach {
            title,
            ..Reach::of_applications(vec![application])
        });
    }
    let (_, root) = field
        .derived
        .owners
        .roots()
        .find(|(_, root)| root.kind.kind == *kind && root.key == *key)?;
    Some(Reach {
        pods: current(field, root.pods.iter().copied()),
        ..Reach::default()
    })
}

fn of_pod<'a>(field: Field<'a>, key: &ObjectKey) -> Option<Reach<'a>> {
    let pod = field.cluster.pod_named(&key.namespace, &key.name)?;
    let slot = field.cluster.pod_table().slot_of(&pod.metadata.uid)?;
    let application = application_of(field, slot);
    Some(Reach {
        pods: vec![slot],
        applications: application.into_iter().collect(),
        ..Reach::default()
    })
}

fn of_queue<'a>(field: Field<'a>, name: &Text) -> Option<Reach<'a>> {
    let queue = field.derived.queues.queues.get(name)?;
    let members = field.derived.applications.list.iter();
    let applications = members
        .filter(|application| application.queue == *name)
        .collect();
    Some(Reach {
        queues: vec![QueueUse {
            name: name.clone(),
            kind: queue.kind.kind.clone(),
            component: queue.component.clone(),
        }],
        ..Reach::of_applications(applications)
    })
}

fn of_node<'a>(field: Field<'a>, name: &Text) -> Option<Reach<'a>> {
    field.derived.nodes.get(name)?;
    let mut reach = of_pods(
        field,
        current(field, field.cluster.pod_table().slots_on_node(name)),
    );
    reach.nodes.push(NodeReach {
        name: name.clone(),
        pods: 0,
        gpus: 0,
    });
    Some(reach)
}

fn of_model<'a>(field: Field<'a>, name: &Text) -> Option<Reach<'a>> {
    let model = field
        .derived
        .hardware
        .iter()
        .find(|model| model.name == *name)?;
    let table = field.cluster.pod_table();
    let is_user = |slot: &Slot| {
        model.maker.is_none()
            || table
                .at(*slot)
                .is_some_and(|pod| field.derived.accelerators.are_asked_by(pod))
    };
    let on_nodes = model
        .nodes
        .iter()
        .flat_map(|node| table.slots_on_node(node));
    let mut reach = of_pods(field, current(field, on_nodes.filter(is_user)));
    reach.nodes = model
        .nodes
        .iter()
        .map(|node| NodeReach {
            name: node.clone(),
            pods: 0,
            gpus: 0,
        })
        .collect();
    Some(reach)
}

/// `pods`, the applications that they belong to, and the components that they are a part of: not
/// those that run on every node anyway.
fn of_pods<'a>(field: Field<'a>, pods: Vec<Slot>) -> Reach<'a> {
    let mut applications: BTreeMap<usize, &'a Application> = BTreeMap::new();
    let mut passed = BTreeSet::new();
    let table = field.cluster.pod_table();
    for slot in &pods {
        if let Some((at, application)) = field
            .derived
            .owners
            .of_pod(*slot)
            .and_then(|root| field.derived.applications.position_of_root(root))
        {
            applications.insert(at, application);
            continue;
        }
        let Some(pod) = table.at(*slot) else { continue };
        passed.extend(components::component_of(field, pod));
    }
    Reach {
        pods,
        applications: applications.into_values().collect(),
        components: passed,
        ..Reach::default()
    }
}

fn application_of(field: Field<'_>, slot: Slot) -> Option<&Application> {
    field
        .derived
        .applications
        .of_root(field.derived.owners.of_pod(slot)?)
}

pub(super) fn current(field: Field<'_>, slots: impl Iterator<Item = Slot>) -> Vec<Slot> {
    let table = field.cluster.pod_table();
    slots
        .filter(|slot| table.at(*slot).is_some_and(is_current))
        .collect()
}
