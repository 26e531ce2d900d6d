//! The services that operators make beside pods: where a group finds its members, and users find it.

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    actors::{Subject, events::Event},
    admission, json,
    world::{World, owner_reference},
};

/// A service to be made.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    /// The labels of the pods behind it.
    pub(super) selector: Value,
    pub(super) ports: Value,
    pub(super) reach: Reach,
}

/// How a service is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// By an address of its own.
    Address,
    /// By the names of its pods, once they are ready.
    Ready,
    /// By the names of its pods, from their start: they look for each other before they are ready.
    Early,
}

/// Makes a service of the subject, unless one of its name is there.
pub(super) fn ensure(
    world: &mut World,
    subject: &Subject<'_>,
    api_version: &str,
    wanted: &Wanted<'_>,
) {
    let kind = GroupKind::new("", "Service");
    let namespace = &subject.stored.key.namespace;
    let key = ObjectKey::new(namespace.clone(), wanted.name);
    if subject.stored.is_ending || world.store.get(&kind, &key).is_some() {
        return;
    }
    let owner = owner_reference(api_version, &subject.kind.kind, subject.stored);
    let mut spec = json!({ "type": "ClusterIP", "selector": wanted.selector,
        "ports": wanted.ports, "sessionAffinity": "None", "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack" });
    let fields = json::as_object(&mut spec);
    if wanted.reach != Reach::Address {
        fields.insert("clusterIP".to_owned(), "None".into());
        fields.insert("clusterIPs".to_owned(), json!(["None"]));
    }
    if wanted.reach == Reach::Early {
        fields.insert("publishNotReadyAddresses".to_owned(), true.into());
    }
    let mut service = json!({
        "metadata": { "name": wanted.name, "namespace": namespace.as_str(),
            "labels": wanted.selector, "ownerReferences": [owner] },
        "spec": spec,
        "status": { "loadBalancer": {} },
    });
    admission::assign_address(&world.store, &mut service);
    if world.create(&kind, service).is_none() {
        return;
    }
    let event = match subject.kind.kind.as_str() {
        "PyTorchJob" => {
            let message = format!("Created service: {}", wanted.name);
            Event::normal("SuccessfulCreateService", message).by("pytorchjob-controller")
        }
        "RayCluster" => {
            let message = format!("Created service {key}");
            Event::normal("CreatedService", message).by("raycluster-controller")
        }
        _ => return,
    };
    event.record(world, subject.kind, subject.stored);
}

/// A port of a service.
pub(super) fn port(name: &str, port: u64, target: u64) -> Value {
    json!({ "name": name, "port": port, "protocol": "TCP", "targetPort": target })
}
