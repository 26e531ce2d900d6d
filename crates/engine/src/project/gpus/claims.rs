//! Claims of devices that are given out dynamically: what each was given, whose that is, and why one
//! waits.
//!
//! What a claim asks for is not kept; where it waits, the pod that asks for it tells why it is not placed.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use strata_api::{
    frames::KeyedRow,
    phrases::{Phrase, PhraseCode},
    rows::{
        Row,
        gpu::{DeviceClaimRow, DeviceClaimState},
    },
    topics::Window,
};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    plain::{ClaimedDevice, Plain, PlainKind},
    pod::Pod,
    text::Text,
};

use super::Picture;
use crate::{derive::gpus::claims::known, fleet::cluster::Cluster, project::Rows};

/// A claim with what its kind keeps.
struct Claim<'a> {
    object: &'a Plain,
    devices: &'a [ClaimedDevice],
    pods: &'a [Text],
}

impl Claim<'_> {
    fn state(&self) -> DeviceClaimState {
        match (self.devices.is_empty(), self.pods.is_empty()) {
            (true, _) => DeviceClaimState::Pending,
            (false, true) => DeviceClaimState::Allocated,
            (false, false) => DeviceClaimState::Reserved,
        }
    }
}

pub(super) fn rows(picture: Picture<'_>, window: Window) -> Rows {
    let cluster = picture.cluster;
    let kind = GroupKind::new("resource.k8s.io", "ResourceClaim");
    let mut claims: Vec<Claim<'_>> = cluster
        .plain_of(&kind)
        .filter_map(|claim| match &claim.kind {
            PlainKind::ResourceClaim {
                devices,
                reserved_for,
            } => Some(Claim {
                object: claim,
                devices,
                pods: reserved_for,
            }),
            _ => None,
        })
        .collect();
    claims.sort_by(|left, right| {
        let order = left.state().cmp(&right.state());
        order.then_with(|| left.object.metadata.key.cmp(&right.object.metadata.key))
    });
    let total = u32::try_from(claims.len()).unwrap_or(u32::MAX);
    let shown: Vec<Claim<'_>> = claims
        .into_iter()
        .skip(window.first as usize)
        .take(window.count.min(Window::MOST) as usize)
        .collect();
    let is_pending = |claim: &Claim<'_>| claim.state() == DeviceClaimState::Pending;
    let askers = if shown.iter().any(is_pending) {
        askers(cluster)
    } else {
        HashMap::new()
    };
    let slices = known(cluster.slices());
    let node_of = |device: &ClaimedDevice| {
        let (slice, _) = slices.get(&(&device.driver, &device.pool, &device.device))?;
        (!slice.node.is_empty()).then(|| slice.node.clone())
    };
    Rows {
        total,
        unfiltered: total,
        window: shown
            .iter()
            .map(|claim| {
                let key = &claim.object.metadata.key;
                let reason = is_pending(claim).then(|| why(askers.get(key).copied()));
                let drivers = claim.devices.iter().map(|device| device.driver.clone());
                let created = claim.object.metadata.created;
                KeyedRow {
                    id: format!("{}/{}", key.namespace, key.name),
                    row: Row::DeviceClaim(DeviceClaimRow {
                        namespace: key.namespace.to_string(),
                        name: key.name.to_string(),
                        state: claim.state(),
                        reason,
                        drivers: each(drivers),
                        devices: claim
                            .devices
                            .iter()
                            .map(|device| device.device.to_string())
                            .collect(),
                        nodes: each(claim.devices.iter().filter_map(node_of)),
                        pods: claim.pods.iter().map(ToString::to_string).collect(),
                        created: created.map(|at| at.to_string()),
                    }),
                }
            })
            .collect(),
    }
}

/// `names`, each once, sorted.
fn each(names: impl Iterator<Item = Text>) -> Vec<String> {
    let names: BTreeSet<Text> = names.collect();
    names.iter().map(ToString::to_string).collect()
}

/// A pod that asks for each claim.
fn askers(cluster: &Cluster) -> HashMap<ObjectKey, &Pod> {
    let mut askers = HashMap::new();
    for pod in cluster.pods() {
        for claim in &pod.claims {
            let key = ObjectKey::new(pod.metadata.key.namespace.clone(), claim.clone());
            askers.entry(key).or_insert(pod);
        }
    }
    askers
}

/// Why a claim has no devices that `pod` asks for.
fn why(pod: Option<&Pod>) -> Phrase {
    let Some(pod) = pod else {
        return Phrase::new(PhraseCode::DeviceClaimUnasked);
    };
    let name = pod.metadata.key.name.as_str();
    if pod.unscheduled.is_empty() {
        return Phrase::new(PhraseCode::DeviceClaimPodWaits).with("pod", name);
    }
    Phrase::new(PhraseCode::DeviceClaimPodUnplaced)
        .with("pod", name)
        .with("message", pod.unscheduled.as_str())
}

#[cfg(test)]
mod tests {
    use strata_api::rows::gpu::GpuExporters;
    use strata_test_support::objects::{resource_claim, slice};

    use super::*;
    use crate::{
        derive::{
            fixture::{catalog, cluster, derived, now},
            gpus::Gpus,
        },
        fleet::telemetry::Telemetry,
    };

    #[test]
    fn a_claim_tells_what_it_was_given_and_one_that_waits_comes_first_with_its_reason() {
        let driver = "gpu.nvidia.com";
        let cluster = cluster(vec![
            slice(driver, "n1")
                .gpus(2, "NVIDIA H100 80GB HBM3")
                .object(),
            resource_claim("llm", "given", &[(driver, "n1", "gpu-0")], "server").object(),
            resource_claim("llm", "waiting", &[], "").object(),
        ]);
        let derived = derived(&cluster, &catalog());
        let telemetry = Telemetry::default();
        let picture = Picture {
            cluster: &cluster,
            derived: &derived,
            gpus: &Gpus::join(&cluster, &derived, &telemetry, now()),
            telemetry: &telemetry,
            exporters: &GpuExporters::default(),
            is_whole: true,
            now: now(),
        };
        let window = Window {
            first: 0,
            count: 10,
        };
        let told = rows(picture, window);
        let claims: Vec<&DeviceClaimRow> = told
            .window
            .iter()
            .filter_map(|keyed| match &keyed.row {
                Row::DeviceClaim(row) => Some(row),
                _ => None,
            })
            .collect();
        assert_eq!((told.total, claims.len()), (2, 2));
        assert_eq!(claims[0].name, "waiting");
        assert_eq!(claims[0].state, DeviceClaimState::Pending);
        let reason = claims[0].reason.as_ref().map(|reason| reason.code);
        assert_eq!(reason, Some(PhraseCode::DeviceClaimUnasked));
        let given = claims[1];
        assert_eq!(given.state, DeviceClaimState::Reserved);
        assert_eq!(
            (&given.drivers, &given.devices),
            (&vec![driver.to_owned()], &vec!["gpu-0".to_owned()])
        );
        assert_eq!(
            (&given.nodes, &given.pods),
            (&vec!["n1".to_owned()], &vec!["server".to_owned()])
        );
    }
}
