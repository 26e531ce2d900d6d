//! Queues of every kind: what the object of each says, in the words of [`strata_domain::queue`].

mod cluster_queue;
mod kai_queue;
mod volcano_queue;

use serde::de::DeserializeOwned;
use strata_domain::{
    ids::GroupKind,
    quantity::{parse_count, parse_millicores},
    queue::QueueObject,
    text::Interner,
};

use crate::slim::values::Quantity;

/// A kind whose objects are queues.
trait Kind: DeserializeOwned {
    /// What the object says.
    fn queue(self, names: &mut Interner) -> QueueObject;
}

/// Reads an object in JSON.
pub(super) type ReadQueue = fn(&str, &mut Interner) -> Result<QueueObject, serde_json::Error>;

fn read<T: Kind>(object: &str, names: &mut Interner) -> Result<QueueObject, serde_json::Error> {
    Ok(serde_json::from_str::<T>(object)?.queue(names))
}

/// What reads the objects of `kind`, if they are queues.
pub(super) fn reader(kind: &GroupKind) -> Option<ReadQueue> {
    Some(match (kind.group.as_str(), kind.kind.as_str()) {
        // A cohort has quotas of its own in the same fields.
        ("kueue.x-k8s.io", "ClusterQueue" | "Cohort") => read::<cluster_queue::ClusterQueue>,
        ("scheduling.volcano.sh", "Queue") => read::<volcano_queue::Queue>,
        ("scheduling.run.ai", "Queue") => read::<kai_queue::Queue>,
        _ => return None,
    })
}

/// An amount of `resource`: thousandths of a core for CPU, else whole units.
fn amount(resource: &str, quantity: &Quantity) -> Option<u64> {
    if resource == "cpu" {
        parse_millicores(&quantity.text)
    } else {
        parse_count(&quantity.text)
    }
}

#[cfg(test)]
mod tests;
