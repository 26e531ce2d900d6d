//! Claims of volumes: what of them keeps a pod from every node, or from one; and the node that
//! volumes wait to be made for.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use strata_domain::ids::ObjectKey;

use super::misfit::Obstacle;
use crate::{
    actors::{
        capacity::NodeRoom,
        volumes::{self, SELECTED_NODE, claim_kind, matching, volume_kind},
    },
    clock, json,
    store::Stored,
    world::{World, agenda::Deed, pod_kind},
};

/// How long the scheduler waits for the volumes of a pod that it has placed.
const BIND_TIMEOUT: Duration = Duration::from_mins(10);
/// What it says then.
pub(super) const TIMED_OUT: &str =
    "running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded";

/// The claims of a pod.
#[derive(Default)]
pub(super) struct Claims {
    /// The volumes of those that are bound; none for one that is gone.
    bound: Vec<Option<Value>>,
    /// Those whose volume is chosen or made for the pod's node.
    waiting: Vec<Arc<Stored>>,
}

impl Claims {
    /// Reads the claims of `pod`, or says why they keep it from every node.
    pub(super) fn of(world: &World, pod: &Value) -> Result<Self, String> {
        let namespace = json::text(pod, "/metadata/namespace");
        let mut claims = Self::default();
        for name in volumes::claim_names(pod) {
            let key = ObjectKey::new(namespace, name);
            let Some(stored) = world.store.get(&claim_kind(), &key) else {
                return Err(format!("persistentvolumeclaim \"{name}\" not found"));
            };
            if stored.is_ending {
                return Err(format!("persistentvolumeclaim \"{name}\" is being deleted"));
            }
            let claim = stored.value();
            let volume = json::text(&claim, "/spec/volumeName");
            if json::text(&claim, "/status/phase") == "Lost" {
                return Err(format!(
                    "persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \
                     \"{volume}\""
                ));
            }
            let class = json::text(&claim, "/spec/storageClassName");
            if volumes::is_bound(&claim) {
                let volume = world.store.get(&volume_kind(), &ObjectKey::new("", volume));
                claims.bound.push(volume.map(|volume| volume.value()));
            } else if volume.is_empty() && volumes::waits_for_a_pod(world, class) {
                claims.waiting.push(stored);
            } else {
                return Err("pod has unbound immediate PersistentVolumeClaims".to_owned());
            }
        }
        Ok(claims)
    }

    pub(super) fn are_bound(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Why they keep the pod from the node `name`.
    pub(super) fn obstacle(&self, world: &World, name: &str, room: &NodeRoom) -> Option<Obstacle> {
        for volume in &self.bound {
            let reason = match volume {
                None => "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
                Some(volume) if !matching::is_reachable(volume, (name, room)) => {
                    "node(s) didn't match PersistentVolume's node affinity"
                }
                Some(_) => continue,
            };
            return Some(Obstacle::for_good(reason));
        }
        let is_served = |stored: &Arc<Stored>| {
            let claim = stored.value();
            matching::find(world, stored, &claim, Some((name, room))).is_some()
                || volumes::is_made_on_demand(world, &claim)
        };
        (!self.waiting.iter().all(is_served))
            .then(|| Obstacle::for_good("node(s) didn't find available persistent volumes to bind"))
    }

    /// Sets volumes aside for the claims that wait, or lets them be made for `node`; the pod waits
    /// until they are there.
    pub(super) fn prepare(&self, world: &mut World, pod: &Stored, node: &str) {
        for stored in &self.waiting {
            let claim = stored.value();
            let place = world.capacity.nodes().find(|(name, _)| *name == node);
            let place = place.map(|(name, room)| (name.as_str(), room));
            let found = matching::find(world, stored, &claim, place);
            if let Some(volume) = found {
                volumes::set_aside(world, stored, &volume);
                continue;
            }
            world.store.update(&claim_kind(), &stored.key, |claim| {
                json::annotate(claim, SELECTED_NODE, node);
            });
        }
        let deadline = clock::later(world.now(), BIND_TIMEOUT);
        world.volumes.await_volumes(&pod.uid, deadline);
        world
            .agenda
            .plan(deadline, Deed::look(&pod_kind(), &pod.key));
    }
}
