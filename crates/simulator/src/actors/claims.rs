//! Resource claims of pods that ask for devices by DRA.

use serde_json::{Value, json};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use super::Subject;
use crate::{
    json, random,
    store::Stored,
    world::{World, pod_kind},
};

fn claim_kind() -> GroupKind {
    GroupKind::new("resource.k8s.io", "ResourceClaim")
}

/// Makes the claims that a pod's templates ask for, as the resource claim controller does.
pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let wanted = json::items(subject.object, "/spec/resourceClaims");
    if wanted.is_empty()
        || subject
            .object
            .pointer("/status/resourceClaimStatuses")
            .is_some()
    {
        return;
    }
    let namespace = &subject.stored.key.namespace;
    let mut statuses = Vec::new();
    for claim in wanted {
        let template_key = ObjectKey::new(
            namespace.clone(),
            json::text(claim, "/resourceClaimTemplateName"),
        );
        let template_kind = GroupKind::new("resource.k8s.io", "ResourceClaimTemplate");
        let Some(template) = world.store.get(&template_kind, &template_key) else {
            continue;
        };
        let pod_name = &subject.stored.key.name;
        let claim_name = json::text(claim, "/name");
        let name = format!(
            "{pod_name}-{claim_name}-{}",
            random::suffix(&mut world.random, 5)
        );
        world.create(
            &claim_kind(),
            json!({
                "metadata": {
                    "name": name,
                    "generateName": format!("{pod_name}-{claim_name}-"),
                    "namespace": namespace.as_str(),
                    "annotations": { "resource.kubernetes.io/pod-claim-name": claim_name },
                    "ownerReferences": [crate::world::owner_reference("v1", "Pod", subject.stored)],
                },
                "spec": template.value().pointer("/spec/spec").cloned().unwrap_or_default(),
                "status": {},
            }),
        );
        statuses.push(json!({ "name": claim_name, "resourceClaimName": name }));
    }
    world.store.update(&pod_kind(), &subject.stored.key, |pod| {
        json::object_at(pod, "status").insert("resourceClaimStatuses".to_owned(), statuses.into());
    });
}

/// How many devices the claims of `pod` ask for.
pub(super) fn devices_wanted(world: &World, pod: &Value) -> usize {
    let namespace = json::text(pod, "/metadata/namespace");
    json::items(pod, "/spec/resourceClaims")
        .iter()
        .filter_map(|claim| {
            let name = json::text(claim, "/resourceClaimTemplateName");
            let kind = GroupKind::new("resource.k8s.io", "ResourceClaimTemplate");
            let template = world
                .store
                .get(&kind, &ObjectKey::new(namespace, name))?
                .value();
            let requests = json::items(&template, "/spec/spec/devices/requests");
            let count: u64 = requests
                .iter()
                .map(|request| json::count(request, "/exactly/count").max(1))
                .sum();
            usize::try_from(count).ok()
        })
        .sum()
}

/// Allocates devices of `node` to the claims of a pod.
pub(super) fn allocate(world: &mut World, stored: &Stored, pod: &Value, node: &str) {
    for claim in world.store.dependents(&stored.uid, &claim_kind()) {
        let object = claim.value();
        let request = object
            .pointer("/spec/devices/requests/0")
            .cloned()
            .unwrap_or_default();
        let count = usize::try_from(json::count(&request, "/exactly/count").max(1)).unwrap_or(1);
        let results: Vec<Value> = world
            .capacity
            .take_devices(node, &stored.uid, count)
            .into_iter()
            .map(|device| {
                json!({ "request": json::text(&request, "/name"), "driver": "gpu.nvidia.com",
                    "pool": node, "device": device })
            })
            .collect();
        let terms = json!([{ "matchFields": [{ "key": "metadata.name", "operator": "In",
            "values": [node] }] }]);
        let status = json!({
            "allocation": {
                "devices": { "results": results },
                "nodeSelector": { "nodeSelectorTerms": terms },
            },
            "reservedFor": [{ "resource": "pods", "name": json::text(pod, "/metadata/name"),
                "uid": Text::as_str(&stored.uid) }],
        });
        world.set_status(&claim_kind(), &claim.key, status);
    }
}
