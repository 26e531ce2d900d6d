//! How many accelerators there are, of which model, and how many are held.
//!
//! Two sources tell of devices: what device plugins count on nodes ([`plugin`]), and what DRA
//! drivers publish ([`dynamic`]). On one node both may tell of the same devices, so the larger count
//! holds, never the sum. Kubernetes does not tell which device a pod holds, only how many, so what
//! is allocated is counted from the requests of the pods that hold their node's resources.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use strata_domain::{
    accelerator::{self, classify},
    ids::ObjectKey,
    node::{Node, Resources},
    plain::{Plain, PlainKind},
    pod::Pod,
    resource_slice::ResourceSlice,
    text::Text,
};

mod dynamic;
mod ledger;
mod maker;
mod plugin;
#[cfg(test)]
mod tests;

pub(crate) use dynamic::supply;
use dynamic::{Given, Physicals};
use ledger::{Ledger, shares_of};
pub use maker::Maker;
use plugin::Offer;

/// The accelerators of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeAccelerators {
    /// The model, or what the maker's devices are called where the node does not tell.
    pub model: Text,
    /// Whether the node tells the model.
    pub is_model_told: bool,
    /// Who makes most of them.
    pub maker: Maker,
    /// Physical devices.
    pub total: u32,
    /// Devices that pods hold, at most all.
    pub allocated: u32,
    /// Devices that are there but may not be allocated.
    pub unhealthy: u32,
    /// Whether several pods use one device at once.
    pub shared: bool,
    offers: Vec<Offer>,
    /// Who makes the devices that a DRA driver publishes for the node, if one does.
    published: Option<Maker>,
}

impl NodeAccelerators {
    /// Whether more devices are held than may be: some pod holds an unhealthy one.
    pub fn is_unhealthy_held(&self) -> bool {
        self.unhealthy > 0 && self.allocated > self.total - self.unhealthy
    }
}

/// Whether what the DRA driver `driver` gives is an accelerator.
pub(crate) fn is_accelerator_driver(driver: &str) -> bool {
    dynamic::maker_of_driver(driver).is_some()
}

/// The accelerators of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accelerators {
    nodes: HashMap<Text, NodeAccelerators>,
    /// Resources that a `DeviceClass` gives a name of its own.
    classes: BTreeMap<Text, Maker>,
    /// Which device is behind each that a DRA driver publishes.
    physicals: Physicals,
    /// The devices that each claim was given, by its namespace and name.
    claims: HashMap<ObjectKey, Vec<Given>>,
}

impl Accelerators {
    /// Counts the devices of `nodes`, nothing held yet.
    pub fn count<'a>(
        nodes: impl Iterator<Item = &'a Node>,
        slices: impl Iterator<Item = &'a ResourceSlice>,
        classes: impl Iterator<Item = &'a Plain>,
    ) -> Self {
        let classes = named_by_classes(classes);
        let slices: Vec<&ResourceSlice> = slices.collect();
        let physicals = dynamic::physicals(slices.iter().copied());
        let mut published = dynamic::published(slices.into_iter());
        let nodes = nodes
            .filter_map(|node| {
                let name = &node.metadata.key.name;
                let dynamic = published.remove(name).unwrap_or_default();
                let counted = of_node(node, &classes, &dynamic)?;
                Some((name.clone(), counted))
            })
            .collect();
        Self {
            nodes,
            classes,
            physicals,
            claims: HashMap::new(),
        }
    }

    /// The same devices, with what was given to `claims`.
    #[must_use]
    pub fn given_to<'a>(mut self, claims: impl Iterator<Item = &'a Plain>) -> Self {
        self.claims = dynamic::given_to(claims, &self.physicals);
        self
    }

    /// The same devices, with what `pods` hold counted anew.
    #[must_use]
    pub fn held_by<'a>(mut self, pods: impl Iterator<Item = &'a Pod>) -> Self {
        for node in self.nodes.values_mut() {
            node.allocated = 0;
        }
        let mut ledger = Ledger::default();
        for pod in pods.filter(|pod| pod.holds_resources()) {
            if let Some(node) = self.nodes.get(&pod.node) {
                ledger.enter(pod, Some(node), &self.classes, &self.claims);
            }
        }
        let allocated: Vec<(Text, u64)> = ledger
            .by_node()
            .map(|(node, devices)| (node.clone(), devices))
            .collect();
        for (node, devices) in allocated {
            if let Some(known) = self.nodes.get_mut(&node) {
                known.allocated = u32::try_from(devices).unwrap_or(u32::MAX).min(known.total);
            }
        }
        self
    }

    /// The accelerators of the node `name`, if it has any.
    pub fn of(&self, name: &str) -> Option<&NodeAccelerators> {
        self.nodes.get(name)
    }

    /// Every node with accelerators, in no order.
    pub fn nodes(&self) -> impl Iterator<Item = (&Text, &NodeAccelerators)> {
        self.nodes.iter()
    }

    /// The devices that `pods` hold or ask for together. Those on one node share its devices:
    /// partitions and time slices are added up before they are rounded up to devices.
    pub fn asked_by<'a>(&self, pods: impl Iterator<Item = &'a Pod>) -> u32 {
        let mut ledger = Ledger::default();
        for pod in pods {
            ledger.enter(pod, self.nodes.get(&pod.node), &self.classes, &self.claims);
        }
        let devices: u64 = ledger.by_node().map(|(_, devices)| devices).sum();
        u32::try_from(devices).unwrap_or(u32::MAX)
    }

    /// The devices that `resources` are, wherever they may be given: partitions and time slices
    /// count as devices, since which node's they would be is not known.
    pub fn devices_of(&self, resources: &Resources) -> u32 {
        let shares = shares_of(resources, &[], &self.classes);
        let devices: u64 = shares
            .into_iter()
            .map(|(_, share)| plugin::rounded_up(share))
            .sum();
        u32::try_from(devices).unwrap_or(u32::MAX)
    }

    /// Whether `pod` asks for accelerators.
    pub fn are_asked_by(&self, pod: &Pod) -> bool {
        let requested = pod.requests.extended.iter().any(|(resource, amount)| {
            *amount > 0 && (classify(resource).is_some() || self.classes.contains_key(resource))
        });
        let node = self.nodes.get(&pod.node);
        requested || node.is_some_and(|node| node.claimed_by(pod).is_some())
    }

    /// The models, each with its nodes, sorted by name.
    pub fn models(&self) -> BTreeMap<&Text, BTreeSet<&Text>> {
        let mut models: BTreeMap<&Text, BTreeSet<&Text>> = BTreeMap::new();
        for (name, node) in &self.nodes {
            models.entry(&node.model).or_default().insert(name);
        }
        models
    }
}

/// A resource by which pods ask a node for accelerators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered<'a> {
    /// The resource's name.
    pub resource: &'a Text,
    /// Units that the node has.
    pub capacity: u64,
    /// Units that pods may take.
    pub allocatable: u64,
    /// Whether a unit is a part of a device.
    pub is_partition: bool,
    /// Whether several units are one device, unparted.
    pub is_shared: bool,
}

impl NodeAccelerators {
    /// The resources by which pods ask the node for accelerators.
    pub fn offered(&self) -> impl Iterator<Item = Offered<'_>> {
        self.offers.iter().map(Offer::told)
    }

    /// The maker of what `pod` claims by DRA, and the claim: its first, where the node's devices are
    /// published by a DRA driver.
    fn claimed_by<'a>(&self, pod: &'a Pod) -> Option<(&Maker, &'a Text)> {
        self.published.as_ref().zip(pod.claims.first())
    }
}

/// The extended resources that device classes of accelerators stand for.
fn named_by_classes<'a>(classes: impl Iterator<Item = &'a Plain>) -> BTreeMap<Text, Maker> {
    classes
        .filter_map(|class| match &class.kind {
            PlainKind::DeviceClass {
                extended_resource, ..
            } if !extended_resource.is_empty() => {
                let maker = dynamic::maker_of_driver(&class.metadata.key.name)?;
                Some((extended_resource.clone(), maker))
            }
            _ => None,
        })
        .collect()
}

fn of_node(
    node: &Node,
    classes: &BTreeMap<Text, Maker>,
    published: &BTreeMap<Maker, dynamic::Published>,
) -> Option<NodeAccelerators> {
    let offers = plugin::offers(node, |resource| classes.get(resource).cloned());
    let makers: BTreeSet<&Maker> = offers
        .iter()
        .map(|offer| &offer.maker)
        .chain(published.keys())
        .collect();
    let mut total = 0;
    let mut unhealthy = 0;
    let mut most: Option<(u64, &Maker)> = None;
    for maker in makers {
        let counted = plugin::devices(node, &offers, maker);
        let dynamic = published
            .get(maker)
            .map(|known| known.devices)
            .unwrap_or_default();
        let mine = match counted.total.cmp(&dynamic.total) {
            std::cmp::Ordering::Greater => counted,
            std::cmp::Ordering::Less => dynamic,
            std::cmp::Ordering::Equal => plugin::Devices {
                total: counted.total,
                unhealthy: counted.unhealthy.max(dynamic.unhealthy),
            },
        };
        total += mine.total;
        unhealthy += mine.unhealthy;
        if mine.total > 0 && most.is_none_or(|(count, _)| mine.total > count) {
            most = Some((mine.total, maker));
        }
    }
    let (_, maker) = most?;
    let told = accelerator::model(node).map(Text::from).or_else(|| {
        published
            .get(maker)
            .map(|known| known.model.clone())
            .filter(|model| !model.is_empty())
    });
    Some(NodeAccelerators {
        is_model_told: told.is_some(),
        model: told.unwrap_or_else(|| Text::from(maker.device())),
        maker: maker.clone(),
        total: u32::try_from(total).unwrap_or(u32::MAX),
        allocated: 0,
        unhealthy: u32::try_from(unhealthy).unwrap_or(u32::MAX),
        shared: offers.iter().any(|offer| offer.is_shared),
        published: published.keys().next().cloned(),
        offers,
    })
}
