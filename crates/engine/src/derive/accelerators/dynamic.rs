//! Devices that DRA drivers publish in `ResourceSlice`s.
//!
//! Of a pool, only the slices of the highest generation count, and only when all of them are there.
//! A driver may publish a device whole and in every partition it could be cut into; those are one
//! device. The order in which slices come changes nothing.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use strata_domain::{
    accelerator::{Vendor, model_of_product},
    ids::ObjectKey,
    plain::{ClaimedDevice, Plain, PlainKind},
    resource_slice::{Device, ResourceSlice},
    text::Text,
};

use super::{Maker, plugin::Devices};

/// The devices of one maker on one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Published {
    /// How many, and how many of them are tainted.
    pub(super) devices: Devices,
    /// The model that most of them are; empty where the driver does not tell.
    pub(super) model: Text,
}

/// Whose accelerators the driver or device class `name` stands for: `gpu.nvidia.com` is NVIDIA's.
/// `None` for what is no accelerator, such as `compute-domain.nvidia.com` or a network card.
pub(super) fn maker_of_driver(name: &str) -> Option<Maker> {
    let is_accelerator = name.split('.').any(|word| {
        matches!(
            word,
            "gpu" | "mig" | "vfio" | "tpu" | "npu" | "neuron" | "gaudi" | "xpu" | "mlu"
        )
    });
    if !is_accelerator {
        return None;
    }
    let known = [
        ("nvidia.com", Vendor::Nvidia),
        ("amd.com", Vendor::Amd),
        ("intel.com", Vendor::Intel),
        ("google.com", Vendor::Google),
        ("amazonaws.com", Vendor::Aws),
        ("aws.com", Vendor::Aws),
        ("huawei.com", Vendor::Huawei),
        ("cambricon.com", Vendor::Cambricon),
    ];
    let vendor = known
        .iter()
        .find(|(domain, _)| name.ends_with(domain))
        .map(|(_, vendor)| *vendor);
    Some(vendor.map_or_else(|| Maker::Other(Text::from(name)), Maker::Known))
}

/// A physical device as its entries show it.
#[derive(Default)]
struct Physical<'a> {
    /// The entry of the whole device.
    whole: Option<&'a Device>,
    /// Entries of its partitions: how many, and how many of them may be allocated.
    parts: usize,
    usable_parts: usize,
    /// Whether all that is known of it are entries for handing it to a virtual machine.
    is_passed_through: bool,
    product: Option<&'a Text>,
}

impl Physical<'_> {
    fn is_usable(&self) -> bool {
        self.whole
            .map_or(self.usable_parts > 0, |device| device.taints.is_empty())
    }
}

/// The devices of each node, by maker.
pub(super) fn published<'a>(
    slices: impl Iterator<Item = &'a ResourceSlice>,
) -> HashMap<Text, BTreeMap<Maker, Published>> {
    let mut nodes: HashMap<Text, BTreeMap<Maker, BTreeMap<Text, Physical<'a>>>> = HashMap::new();
    for slice in valid(slices) {
        // Devices of a selector or of the whole cluster stand in no machine that we could name.
        let Some(maker) = maker_of_driver(&slice.driver).filter(|_| !slice.node.is_empty()) else {
            continue;
        };
        let devices = nodes
            .entry(slice.node.clone())
            .or_default()
            .entry(maker)
            .or_default();
        for device in &slice.devices {
            record(devices, slice, device);
        }
    }
    nodes
        .into_iter()
        .map(|(node, makers)| {
            let counted = makers
                .into_iter()
                .map(|(maker, devices)| (maker, count(&devices)));
            (node, counted.collect())
        })
        .collect()
}

/// The slices that count.
fn valid<'a>(slices: impl Iterator<Item = &'a ResourceSlice>) -> Vec<&'a ResourceSlice> {
    pools(slices)
        .filter(|pool| is_whole(pool))
        .flatten()
        .collect()
}

/// The slices of accelerators that count, and how many pools of accelerators do not, because slices of
/// their newest generation are missing.
pub(crate) fn supply<'a>(
    slices: impl Iterator<Item = &'a ResourceSlice>,
) -> (Vec<&'a ResourceSlice>, u32) {
    let accelerators = slices.filter(|slice| maker_of_driver(&slice.driver).is_some());
    let mut incomplete = 0;
    let mut counted = Vec::new();
    for pool in pools(accelerators) {
        if is_whole(&pool) {
            counted.extend(pool);
        } else {
            incomplete += 1;
        }
    }
    (counted, incomplete)
}

/// Of every pool the slices of its newest generation.
fn pools<'a>(
    slices: impl Iterator<Item = &'a ResourceSlice>,
) -> impl Iterator<Item = Vec<&'a ResourceSlice>> {
    let mut pools: HashMap<(&Text, &Text), (u64, Vec<&'a ResourceSlice>)> = HashMap::new();
    for slice in slices {
        let (generation, kept) = pools.entry((&slice.driver, &slice.pool)).or_default();
        match slice.pool_generation.cmp(generation) {
            std::cmp::Ordering::Greater => {
                *generation = slice.pool_generation;
                *kept = vec![slice];
            }
            std::cmp::Ordering::Equal => kept.push(slice),
            std::cmp::Ordering::Less => {}
        }
    }
    pools.into_values().map(|(_, kept)| kept)
}

/// Whether all slices of a pool's generation are there.
fn is_whole(pool: &[&ResourceSlice]) -> bool {
    let first = pool.first();
    first.is_some_and(|first| pool.len() as u64 >= first.pool_slices)
}

fn record<'a>(
    devices: &mut BTreeMap<Text, Physical<'a>>,
    slice: &ResourceSlice,
    device: &'a Device,
) {
    let is_part = is_part(device);
    let key = identity(slice, device);
    let is_passed_through = device.kind == "vfio";
    let known = devices.entry(key).or_insert_with(|| Physical {
        is_passed_through,
        ..Physical::default()
    });
    known.is_passed_through &= is_passed_through;
    if is_part {
        known.parts += 1;
        known.usable_parts += usize::from(device.taints.is_empty());
    } else if !is_passed_through || known.whole.is_none() {
        known.whole = Some(device);
    }
    if known.product.is_none() && !device.product.is_empty() {
        known.product = Some(&device.product);
    }
}

fn count(devices: &BTreeMap<Text, Physical<'_>>) -> Published {
    // A driver that can hand GPUs to virtual machines publishes each a second time for that.
    let has_plain = devices.values().any(|device| !device.is_passed_through);
    let counted = || {
        devices
            .values()
            .filter(|device| !(has_plain && device.is_passed_through))
    };
    let mut models: BTreeMap<String, usize> = BTreeMap::new();
    for product in counted().filter_map(|device| device.product) {
        *models.entry(model_of_product(product)).or_default() += 1;
    }
    let commonest = models
        .into_iter()
        .max_by(|(left, more), (right, other)| more.cmp(other).then_with(|| right.cmp(left)));
    Published {
        devices: Devices {
            total: counted().count() as u64,
            unhealthy: counted().filter(|device| !device.is_usable()).count() as u64,
        },
        model: commonest
            .map(|(model, _)| Text::from(model))
            .unwrap_or_default(),
    }
}

/// Whether `device` is a part of another.
fn is_part(device: &Device) -> bool {
    !device.parent_uuid.is_empty() || device.kind == "mig"
}

/// What names the physical device that `device` of `slice` is, or is a part of.
fn identity(slice: &ResourceSlice, device: &Device) -> Text {
    let uuid = if is_part(device) {
        &device.parent_uuid
    } else {
        &device.uuid
    };
    if uuid.is_empty() {
        Text::from(format!("{}/{}", slice.pool, device.name))
    } else {
        uuid.clone()
    }
}

/// What names the physical device behind each that drivers publish.
pub(super) type Physicals = HashMap<ClaimedDevice, Text>;

/// The physical devices behind those that `slices` tell of.
pub(super) fn physicals<'a>(slices: impl Iterator<Item = &'a ResourceSlice>) -> Physicals {
    let accelerators = slices.filter(|slice| maker_of_driver(&slice.driver).is_some());
    let all = accelerators.flat_map(|slice| {
        slice.devices.iter().map(move |device| {
            let told = ClaimedDevice {
                driver: slice.driver.clone(),
                pool: slice.pool.clone(),
                device: device.name.clone(),
            };
            (told, identity(slice, device))
        })
    });
    all.collect()
}

/// A device that a claim was given, or a part of which it was.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Given {
    maker: Maker,
    /// What names the device.
    physical: Text,
}

/// The devices that each of `claims` was given, as `physicals` has them: none for one that was given
/// others than accelerators, or some to look at alone (admin access, which the adapter leaves out). A
/// claim that waits for its devices is not among them.
pub(super) fn given_to<'a>(
    claims: impl Iterator<Item = &'a Plain>,
    physicals: &Physicals,
) -> HashMap<ObjectKey, Vec<Given>> {
    let given = claims.filter_map(|claim| {
        let PlainKind::ResourceClaim {
            devices,
            reserved_for,
        } = &claim.kind
        else {
            return None;
        };
        if devices.is_empty() && reserved_for.is_empty() {
            return None;
        }
        let given = devices.iter().filter_map(|told| {
            let maker = maker_of_driver(&told.driver)?;
            let known = physicals.get(told).cloned();
            let physical =
                known.unwrap_or_else(|| Text::from(format!("{}/{}", told.pool, told.device)));
            Some(Given { maker, physical })
        });
        Some((claim.metadata.key.clone(), given.collect()))
    });
    given.collect()
}
