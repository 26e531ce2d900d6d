//! Volumes that grow with what their claims ask for, as the external resizer and the kubelet let
//! them.

use serde_json::{Value, json};

use super::{claim_kind, provisioning, volume_kind};
use crate::{
    actors::{events::Event, kubelet::set_condition},
    admission::quantity::Quantity,
    clock, json,
    store::Stored,
    world::{World, agenda::Deed, pod_kind},
};

const PENDING: &str = "FileSystemResizePending";

/// Grows the volume of a bound claim that asks for more than it has.
pub(super) fn consider(world: &mut World, stored: &Stored, claim: &Value, volume: &Stored) {
    let asked = json::text(claim, "/spec/resources/requests/storage").to_owned();
    let is_less = |has: &str| {
        let (has, asked) = (Quantity::parse(has), Quantity::parse(&asked));
        has.is_ok_and(|has| asked.is_ok_and(|asked| has.compare(asked).is_lt()))
    };
    let object = volume.value();
    let driver = json::text(&object, "/spec/csi/driver").to_owned();
    if driver.is_empty()
        || !is_less(json::text(claim, "/status/capacity/storage"))
        || !provisioning::is_running(world, &driver)
    {
        return;
    }
    let name = volume.key.name.as_str();
    let is_small = is_less(json::text(&object, "/spec/capacity/storage"));
    match world.volumes.under_way.get(&stored.uid).copied() {
        Some(ready) if ready > world.now() => {}
        None if is_small => {
            let message = format!("External resizer is resizing volume {name}");
            tell(world, stored, &driver, Event::normal("Resizing", message));
            let message = "waiting for an external controller to expand this PVC";
            let event = Event::normal("ExternalExpanding", message);
            tell(world, stored, "volume_expand", event);
            wait(world, stored);
        }
        Some(_) if is_small => {
            world.store.update(&volume_kind(), &volume.key, |volume| {
                let spec = json::object_at(volume, "spec");
                spec.insert("capacity".to_owned(), json!({ "storage": asked }));
            });
            let stamp = world.stamp();
            let message = "Waiting for user to (re-)start a pod to finish file system resize of \
                           volume on node.";
            world.store.update(&claim_kind(), &stored.key, |claim| {
                set_condition(claim, PENDING, "True", Some(("", message)), &stamp);
            });
            let message = "Require file system resize of volume on node";
            let event = Event::normal("FileSystemResizeRequired", message);
            tell(world, stored, &driver, event);
            world.volumes.under_way.remove(&stored.uid);
            if node_of_user(world, stored).is_some() {
                wait(world, stored);
            }
        }
        // The rest is the kubelet's, as soon as a pod has it mounted.
        _ => finish(world, stored, name, &asked),
    }
}

fn finish(world: &mut World, stored: &Stored, volume: &str, asked: &str) {
    let Some(node) = node_of_user(world, stored) else {
        return;
    };
    world.volumes.under_way.remove(&stored.uid);
    world.store.update(&claim_kind(), &stored.key, |claim| {
        let status = json::object_at(claim, "status");
        status.insert("capacity".to_owned(), json!({ "storage": asked }));
        status.remove("conditions");
    });
    let message = format!("MountVolume.NodeExpandVolume succeeded for volume \"{volume}\" {node}");
    Event::normal("FileSystemResizeSuccessful", message)
        .by_kubelet(&node)
        .record(world, &claim_kind(), stored);
}

/// The node of a pod that has the claim's volume mounted.
fn node_of_user(world: &World, claim: &Stored) -> Option<String> {
    world.volumes.users(&claim.key).find_map(|key| {
        let pod = world.store.get(&pod_kind(), key)?.value();
        let node = json::text(&pod, "/spec/nodeName");
        (!node.is_empty()).then(|| node.to_owned())
    })
}

fn wait(world: &mut World, claim: &Stored) {
    let takes = world.seconds(2, 5);
    let ready = clock::later(world.now(), takes);
    world.volumes.under_way.insert(claim.uid.clone(), ready);
    world
        .agenda
        .plan(ready, Deed::look(&claim_kind(), &claim.key));
}

fn tell(world: &mut World, claim: &Stored, component: &str, event: Event<'_>) {
    event.by(component).record(world, &claim_kind(), claim);
}
