//! Which devices may be given to claims (DRA): by driver, kind and model, what is published, given and
//! tainted, and how far that is known.
//!
//! Devices are counted as slices publish them, so one that is published whole and in parts is several.
//! A taint that a `DeviceTaintRule` sets stands in no slice, and is not known here.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashSet;
use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        gpu::{DeviceClassPick, DeviceOfferRow, DeviceSupplyRow},
        watch::WatchState,
    },
};
use strata_domain::{
    accelerator::model_of_product,
    ids::GroupKind,
    plain::{ClaimedDevice, PlainKind},
    resource_slice::{Device, ResourceSlice},
    text::Text,
};

use super::Picture;
use crate::{
    derive::accelerators::supply, fleet::cluster::Cluster, project::watches::state_on_wire,
};

mod classes;

use classes::{Pick, pick};

/// Devices of one driver, kind and model.
#[derive(Default)]
struct Offer<'a> {
    nodes: BTreeSet<&'a Text>,
    published: u32,
    allocated: u32,
    tainted: u32,
    taints: BTreeSet<&'a Text>,
}

impl<'a> Offer<'a> {
    fn add(&mut self, slice: &'a ResourceSlice, device: &'a Device, is_given: bool) {
        if !slice.node.is_empty() {
            self.nodes.insert(&slice.node);
        }
        self.published += 1;
        self.allocated += u32::from(is_given);
        self.tainted += u32::from(!device.taints.is_empty());
        self.taints.extend(device.taints.iter());
    }
}

/// How far it is known, then a row for each sort of device; nothing where no slices are served.
pub(super) fn rows(picture: Picture<'_>) -> Vec<KeyedRow> {
    let cluster = picture.cluster;
    let slices_state = state(cluster, "ResourceSlice");
    if slices_state == WatchState::NotServed {
        return Vec::new();
    }
    let (slices, incomplete_pools) = supply(cluster.slices());
    let given = given(cluster);
    let mut offers: BTreeMap<(&Text, &Text, String), Offer<'_>> = BTreeMap::new();
    for slice in slices {
        for device in &slice.devices {
            let told = ClaimedDevice {
                driver: slice.driver.clone(),
                pool: slice.pool.clone(),
                device: device.name.clone(),
            };
            let key = (
                &slice.driver,
                &device.kind,
                model_of_product(&device.product),
            );
            let is_given = given.as_ref().is_some_and(|given| given.contains(&told));
            offers.entry(key).or_default().add(slice, device, is_given);
        }
    }
    let supply = KeyedRow {
        id: "supply".to_owned(),
        row: Row::DeviceSupply(DeviceSupplyRow {
            slices: slices_state,
            claims: state(cluster, "ResourceClaim"),
            classes: state(cluster, "DeviceClass"),
            incomplete_pools,
        }),
    };
    let rows = offers.into_iter().map(|((driver, kind, model), offer)| {
        let id = format!("device_offer:{driver}:{kind}:{model}");
        let row = DeviceOfferRow {
            driver: driver.to_string(),
            kind: kind.to_string(),
            classes: classes_of(cluster, driver, kind),
            model,
            nodes: count(offer.nodes.len()),
            published: offer.published,
            allocated: given.as_ref().map(|_| offer.allocated),
            tainted: offer.tainted,
            taints: offer.taints.iter().map(ToString::to_string).collect(),
        };
        KeyedRow {
            id,
            row: Row::DeviceOffer(row),
        }
    });
    [supply].into_iter().chain(rows).collect()
}

fn resource(kind: &str) -> GroupKind {
    GroupKind::new("resource.k8s.io", kind)
}

/// Where the list of `kind` stands.
fn state(cluster: &Cluster, kind: &str) -> WatchState {
    let watch = cluster.watch(&resource(kind));
    watch.map_or(WatchState::NotServed, |watch| state_on_wire(&watch.state))
}

/// The devices that claims were given; `None` where no list of claims ever came.
fn given(cluster: &Cluster) -> Option<HashSet<&ClaimedDevice>> {
    let kind = resource("ResourceClaim");
    let is_refused = matches!(
        state(cluster, "ResourceClaim"),
        WatchState::Forbidden { .. } | WatchState::NotServed
    );
    let is_known = !is_refused && cluster.watch(&kind).is_some_and(|watch| watch.listed);
    let given = cluster
        .plain_of(&kind)
        .filter_map(|claim| match &claim.kind {
            PlainKind::ResourceClaim { devices, .. } => Some(devices),
            _ => None,
        })
        .flatten();
    is_known.then(|| given.collect())
}

/// The classes that pick devices of `driver` and `kind`.
fn classes_of(cluster: &Cluster, driver: &str, kind: &str) -> Vec<DeviceClassPick> {
    let mut picks: Vec<DeviceClassPick> = cluster
        .plain_of(&resource("DeviceClass"))
        .filter_map(|class| {
            let PlainKind::DeviceClass { selectors, .. } = &class.kind else {
                return None;
            };
            let pick = pick(selectors, driver, kind)?;
            Some(DeviceClassPick {
                name: class.metadata.key.name.to_string(),
                may_be_fewer: pick == Pick::AtMostAll,
            })
        })
        .collect();
    picks.sort();
    picks
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
