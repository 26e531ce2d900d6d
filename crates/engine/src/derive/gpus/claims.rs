//! Which device a claim was given: `ResourceClaim`s joined with the slices that name the devices.

use hashbrown::HashMap;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    plain::PlainKind,
    resource_slice::{Device, ResourceSlice},
    text::Text,
};

use crate::fleet::cluster::Cluster;

/// The devices of a cluster that claims were given.
#[derive(Debug, Default)]
pub(super) struct Claimed<'a> {
    /// The pods of the claims, by the device's own name.
    by_uuid: HashMap<&'a Text, Vec<ObjectKey>>,
    /// The same, by node and number, for devices whose own name no slice tells.
    by_number: HashMap<&'a Text, HashMap<u32, Vec<ObjectKey>>>,
}

impl<'a> Claimed<'a> {
    /// Joins the claims of `cluster` with its slices.
    pub(super) fn of(cluster: &'a Cluster) -> Self {
        let mut claimed = Self::default();
        let kind = GroupKind::new("resource.k8s.io", "ResourceClaim");
        let mut claims = cluster.plain_of(&kind).peekable();
        if claims.peek().is_none() {
            return claimed;
        }
        let slices = known(cluster.slices());
        for claim in claims {
            let PlainKind::ResourceClaim {
                devices,
                reserved_for,
            } = &claim.kind
            else {
                continue;
            };
            let namespace = &claim.metadata.key.namespace;
            for given in devices {
                let place = (&given.driver, &given.pool, &given.device);
                let Some((slice, device)) = slices.get(&place) else {
                    continue;
                };
                let pods = reserved_for
                    .iter()
                    .map(|pod| ObjectKey::new(namespace.clone(), pod.clone()));
                // A partition is a part of its parent.
                let uuid = if device.parent_uuid.is_empty() {
                    &device.uuid
                } else {
                    &device.parent_uuid
                };
                if !uuid.is_empty() {
                    claimed.by_uuid.entry(uuid).or_default().extend(pods);
                } else if let Some(number) = number_of(&device.name) {
                    let on_node = claimed.by_number.entry(&slice.node).or_default();
                    on_node.entry(number).or_default().extend(pods);
                }
            }
        }
        claimed
    }

    /// The pods that were given the device `index` of `node`, whose own name is `uuid`.
    pub(super) fn pods_of(
        &self,
        node: &Text,
        index: u32,
        uuid: &Text,
    ) -> impl Iterator<Item = &ObjectKey> {
        let by_uuid = self.by_uuid.get(uuid).filter(|_| !uuid.is_empty());
        let by_number = self.by_number.get(node).and_then(|node| node.get(&index));
        by_uuid.into_iter().chain(by_number).flatten()
    }
}

type Place<'a> = (&'a Text, &'a Text, &'a Text);

/// Every device by driver, pool and name; of a pool told twice the newer counts.
pub(crate) fn known<'a>(
    slices: impl Iterator<Item = &'a ResourceSlice>,
) -> HashMap<Place<'a>, (&'a ResourceSlice, &'a Device)> {
    let mut known: HashMap<Place<'a>, (&ResourceSlice, &Device)> = HashMap::new();
    for slice in slices {
        for device in &slice.devices {
            let place = (&slice.driver, &slice.pool, &device.name);
            let is_newer = known
                .get(&place)
                .is_none_or(|(before, _)| before.pool_generation <= slice.pool_generation);
            if is_newer {
                known.insert(place, (slice, device));
            }
        }
    }
    known
}

/// The number at the end of a device's name: 3 for `gpu-3`.
fn number_of(name: &str) -> Option<u32> {
    let digits = name.len()
        - name
            .trim_end_matches(|one: char| one.is_ascii_digit())
            .len();
    name.get(name.len() - digits..)?.parse().ok()
}
