//! The storyteller: lets happen what the scenario's stories say, each at its time.

use std::time::Duration;

use serde_json::Value;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use super::{failure, nodes};
use crate::{
    json, manifest, random,
    scenario::{Happening, PowerLoss},
    world::{World, agenda::Deed, node_kind, pod_kind},
};

/// How long what a story submitted is kept after its time to run.
const KEPT_AFTER_END: Duration = Duration::from_mins(15);

/// Lets the story `index` happen, and plans the next time.
pub(crate) fn tell(world: &mut World, index: usize) {
    let Some(story) = world.stories.get(index).cloned() else {
        return;
    };
    let told = world.told.get_mut(index).map_or(0, |told| {
        *told += 1;
        *told - 1
    });
    match &story.happening {
        Happening::Flap(flap) => nodes::fall_silent(world, &flap.node, flap.lasts),
        Happening::PowerLoss(loss) => lose_power(world, loss),
        Happening::GpuLost {
            node,
            namespace,
            workload,
        } => failure::lose_gpu(world, node, namespace, workload),
        Happening::Submit(workload) => {
            let mut workload = workload.as_ref().clone();
            let suffix = random::suffix(&mut world.random, 5);
            workload.name = format!("{}-{suffix}", workload.name);
            world.submit(&workload);
            if let Some(run_for) = workload.run_for {
                let kind = manifest::group_kind(&workload.kind);
                let key = ObjectKey::new(workload.namespace.as_str(), workload.name.as_str());
                world.after(run_for + KEPT_AFTER_END, Deed::Remove { kind, key });
            }
        }
        Happening::Restart(named) => {
            let workload = ObjectKey::new(named.namespace.as_str(), named.name.as_str());
            restart_one(world, &workload);
        }
        Happening::Rollout {
            namespace,
            name,
            images,
        } => {
            if let Some(image) = pick(images, told) {
                let image = image.clone();
                change_deployment(world, namespace, name, |deployment| {
                    let container = deployment.pointer_mut("/spec/template/spec/containers/0");
                    if let Some(container) = container {
                        json::as_object(container).insert("image".to_owned(), image.into());
                    }
                });
            }
        }
        Happening::Scale {
            namespace,
            name,
            replicas,
        } => {
            if let Some(replicas) = pick(replicas, told).copied() {
                change_deployment(world, namespace, name, |deployment| {
                    json::object_at(deployment, "spec")
                        .insert("replicas".to_owned(), replicas.into());
                });
            }
        }
    }
    if let Some(every) = story.every {
        let later = random::between(&mut world.random, Duration::ZERO, story.spread);
        world.after(every + later, Deed::Tell(index));
    }
}

/// Every node of the rack falls silent.
fn lose_power(world: &mut World, loss: &PowerLoss) {
    let nodes: Vec<Text> = world
        .store
        .list(&node_kind(), "")
        .into_iter()
        .filter(|node| node.label("cloud.provider.com/topology-rack") == Some(loss.rack.as_str()))
        .map(|node| node.key.name.clone())
        .collect();
    for node in nodes {
        nodes::fall_silent(world, &node, loss.lasts);
    }
}

/// Deletes a pod of the workload, by chance.
fn restart_one(world: &mut World, workload: &ObjectKey) {
    let pods: Vec<ObjectKey> = world
        .store
        .list(&pod_kind(), &workload.namespace)
        .into_iter()
        .filter(|stored| world.root_of(stored) == *workload)
        .map(|stored| stored.key.clone())
        .collect();
    if pods.is_empty() {
        return;
    }
    let chosen = rand::RngExt::random_range(&mut world.random, 0..pods.len());
    if let Some(key) = pods.get(chosen) {
        world.delete_pod(key);
    }
}

fn change_deployment(
    world: &mut World,
    namespace: &str,
    name: &str,
    change: impl FnOnce(&mut Value),
) {
    let kind = GroupKind::new("apps", "Deployment");
    world
        .store
        .update(&kind, &ObjectKey::new(namespace, name), change);
}

/// The choice for the time `told`, going round.
fn pick<T>(choices: &[T], told: usize) -> Option<&T> {
    choices.get(told % choices.len().max(1))
}
