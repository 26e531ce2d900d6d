//! What pods take of the devices, node by node.
//!
//! Partitions and time slices are added up in shares, and rounded up to devices when all are entered.
//! What claims were given is known device by device: several claims for partitions of one device take
//! one device, and so do several pods with one claim.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use strata_domain::{accelerator::classify, ids::ObjectKey, node::Resources, pod::Pod, text::Text};

use super::{Maker, NodeAccelerators, Offer, dynamic::Given, plugin};

/// Devices that pods take, node by node, in shares until all of them are entered.
#[derive(Default)]
pub(super) struct Ledger<'a> {
    taken: HashMap<&'a Text, Taken<'a>>,
    /// Claims of which it is not known what they were given; several pods may share one.
    claims: HashSet<(&'a Text, &'a Text)>,
}

/// What is taken of one node.
#[derive(Default)]
struct Taken<'a> {
    shares: BTreeMap<Maker, f64>,
    /// The devices that claims were given, each once.
    given: HashSet<&'a Given>,
}

impl<'a> Ledger<'a> {
    /// Enters what `pod` takes of `node`, which it is bound to where that is known.
    ///
    /// Which devices a claim holds stands in the `ResourceClaim` alone. Where claims may not be read, a
    /// pod that names its devices in no other way counts as holding one, which is the least.
    pub(super) fn enter(
        &mut self,
        pod: &'a Pod,
        node: Option<&NodeAccelerators>,
        classes: &BTreeMap<Text, Maker>,
        given: &'a HashMap<ObjectKey, Vec<Given>>,
    ) {
        if pod.requests.extended.is_empty() && pod.claims.is_empty() {
            return;
        }
        let offers = node.map_or(&[][..], |node| &node.offers);
        let shares = shares_of(&pod.requests, offers, classes);
        let has_requests = !shares.is_empty();
        let taken = self.taken.entry(&pod.node).or_default();
        for (maker, share) in shares {
            *taken.shares.entry(maker).or_default() += share;
        }
        if has_requests {
            return;
        }
        let namespace = &pod.metadata.key.namespace;
        let known = |claim: &Text| given.get(&ObjectKey::new(namespace.clone(), claim.clone()));
        let mut are_known = false;
        for devices in pod.claims.iter().filter_map(known) {
            are_known = true;
            taken.given.extend(devices);
        }
        if !are_known
            && let Some((maker, claim)) = node.and_then(|node| node.claimed_by(pod))
            && self.claims.insert((namespace, claim))
        {
            *taken.shares.entry(maker.clone()).or_default() += 1.0;
        }
    }

    /// The devices of each node, begun ones as whole ones.
    pub(super) fn by_node(self) -> impl Iterator<Item = (&'a Text, u64)> {
        self.taken.into_iter().map(|(node, taken)| {
            let shares: u64 = taken.shares.into_values().map(plugin::rounded_up).sum();
            (node, shares + taken.given.len() as u64)
        })
    }
}

/// The devices, in shares, that `requests` take of a node with `offers`. What the node does not
/// offer, a DRA driver gives: whole.
pub(super) fn shares_of(
    requests: &Resources,
    offers: &[Offer],
    classes: &BTreeMap<Text, Maker>,
) -> Vec<(Maker, f64)> {
    let share_of = |resource: &Text, amount: u64| {
        if let Some(offer) = offers.iter().find(|offer| offer.resource == *resource) {
            return Some((offer.maker.clone(), plugin::share(amount, offer.per_device)));
        }
        let maker = classify(resource)
            .map(|known| Maker::Known(known.vendor))
            .or_else(|| classes.get(resource).cloned())?;
        Some((maker, plugin::share(amount, 1)))
    };
    requests
        .extended
        .iter()
        .filter(|(_, amount)| *amount > 0)
        .filter_map(|(resource, amount)| share_of(resource, *amount))
        .collect()
}
