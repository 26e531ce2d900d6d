//! What queues have and may take of each other: cohorts as a tree.
//!
//! Source: `pkg/cache/scheduler/resource_node.go` of Kueue 0.19. What a queue or a cohort has beyond
//! what it keeps for itself stands to the use of its cohort.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use super::kind;
use crate::{actors::capacity, json, world::World};

/// A flavor, and a resource of it.
pub(super) type Slot = (String, String);

/// Cohorts deeper than this are none that anybody makes; a circle of them is.
const DEEPEST: usize = 32;

/// What a queue or a cohort has of a slot of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quota {
    pub(super) nominal: i64,
    /// How much more may be borrowed; without a limit, all that the cohort has.
    pub(super) borrowing_limit: Option<i64>,
    /// How much of it may be lent; without a limit, all.
    pub(super) lending_limit: Option<i64>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// The cohort that it is in; none where that is empty.
    parent: String,
    own: BTreeMap<Slot, Quota>,
    /// What it has with all that is below it and lent to it.
    subtree: BTreeMap<Slot, i64>,
    usage: BTreeMap<Slot, i64>,
}

/// A queue or a cohort.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Queue(String),
    Cohort(String),
}

/// All queues and cohorts, and what is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    nodes: BTreeMap<Name, Node>,
}

impl Node {
    fn own(&self, slot: &Slot) -> Quota {
        self.own.get(slot).copied().unwrap_or_default()
    }

    fn subtree(&self, slot: &Slot) -> i64 {
        self.subtree.get(slot).copied().unwrap_or(0)
    }

    fn usage(&self, slot: &Slot) -> i64 {
        self.usage.get(slot).copied().unwrap_or(0)
    }

    /// What it keeps for itself.
    fn kept(&self, slot: &Slot) -> i64 {
        let limit = self.own(slot).lending_limit;
        limit.map_or(0, |limit| (self.subtree(slot) - limit).max(0))
    }
}

impl Tree {
    /// Reads the queues and cohorts that there are; nothing is used yet.
    pub(super) fn read(world: &World) -> Self {
        let mut tree = Self::default();
        for stored in world.store.list(&kind("Cohort"), "") {
            let cohort = stored.value();
            let node = Node {
                parent: json::text(&cohort, "/spec/parentName").to_owned(),
                own: quotas(&cohort),
                ..Node::default()
            };
            let name = Name::Cohort(stored.key.name.to_string());
            tree.nodes.insert(name, node);
        }
        for stored in world.store.list(&kind("ClusterQueue"), "") {
            let queue = stored.value();
            let parent = cohort_of(&queue).to_owned();
            // A cohort that nobody has made is there as soon as a queue names it.
            if !parent.is_empty() {
                tree.nodes.entry(Name::Cohort(parent.clone())).or_default();
            }
            let own = quotas(&queue);
            let node = Node {
                parent,
                own,
                ..Node::default()
            };
            let name = Name::Queue(stored.key.name.to_string());
            tree.nodes.insert(name, node);
        }
        tree.sum_up();
        tree
    }

    /// Lets every cohort have what stands to its use.
    fn sum_up(&mut self) {
        let names: Vec<Name> = self.nodes.keys().cloned().collect();
        let depth = |name: &Name| self.path(name).len();
        let mut by_depth: Vec<(usize, Name)> =
            names.into_iter().map(|name| (depth(&name), name)).collect();
        by_depth.sort_by(|a, b| b.cmp(a));
        for (_, name) in by_depth {
            let Some(node) = self.nodes.get_mut(&name) else {
                continue;
            };
            for (slot, quota) in &node.own {
                *node.subtree.entry(slot.clone()).or_default() += quota.nominal;
            }
            let lent: Vec<(Slot, i64)> = node
                .subtree
                .keys()
                .map(|slot| (slot.clone(), node.subtree(slot) - node.kept(slot)))
                .collect();
            let parent = Name::Cohort(node.parent.clone());
            if let Some(parent) = self.nodes.get_mut(&parent) {
                for (slot, amount) in lent {
                    *parent.subtree.entry(slot).or_default() += amount;
                }
            }
        }
    }

    /// The cohorts above, the nearest first.
    fn path(&self, name: &Name) -> Vec<Name> {
        let mut path = Vec::new();
        let mut at = self.nodes.get(name);
        while let Some(node) = at.filter(|node| !node.parent.is_empty()) {
            let parent = Name::Cohort(node.parent.clone());
            if path.len() >= DEEPEST {
                break;
            }
            at = self.nodes.get(&parent);
            path.push(parent);
        }
        path
    }

    /// The root of the cohorts that a queue is in; its own name where it is in none.
    pub(super) fn root(&self, queue: &str) -> String {
        let path = self.path(&Name::Queue(queue.to_owned()));
        match path.last() {
            Some(Name::Cohort(root)) => root.clone(),
            _ => format!("queue {queue}"),
        }
    }

    /// The queue's place, as messages have it: `/root/cohort/queue`.
    pub(super) fn place(&self, queue: &str) -> String {
        let path = self.path(&Name::Queue(queue.to_owned()));
        let mut place = String::new();
        for name in path.iter().rev() {
            if let Name::Cohort(cohort) = name {
                place.push('/');
                place.push_str(cohort);
            }
        }
        format!("{place}/{queue}")
    }

    /// Counts `amount` as used by `queue`; less where it is negative.
    pub(super) fn charge(&mut self, queue: &str, slot: &Slot, amount: i64) {
        let mut name = Name::Queue(queue.to_owned());
        let mut amount = amount;
        for _ in 0..DEEPEST {
            let Some(node) = self.nodes.get_mut(&name) else {
                return;
            };
            let kept = node.kept(slot);
            let before = (node.usage(slot) - kept).max(0);
            *node.usage.entry(slot.clone()).or_default() += amount;
            // What goes beyond what it keeps is used of its cohort.
            amount = (node.usage(slot) - kept).max(0) - before;
            if amount == 0 || node.parent.is_empty() {
                return;
            }
            name = Name::Cohort(node.parent.clone());
        }
    }

    /// What `queue` can still take.
    pub(super) fn available(&self, queue: &str, slot: &Slot) -> i64 {
        self.left(&Name::Queue(queue.to_owned()), slot, 0, Self::left_of)
    }

    /// What `queue` could take if nobody used anything.
    pub(super) fn most(&self, queue: &str, slot: &Slot) -> i64 {
        self.left(&Name::Queue(queue.to_owned()), slot, 0, Self::most_of)
    }

    fn left(
        &self,
        name: &Name,
        slot: &Slot,
        depth: usize,
        of: fn(&Node, &Slot, Option<i64>) -> i64,
    ) -> i64 {
        let Some(node) = self.nodes.get(name) else {
            return 0;
        };
        let has_parent = !node.parent.is_empty() && depth < DEEPEST;
        let parent = Name::Cohort(node.parent.clone());
        let above = has_parent.then(|| self.left(&parent, slot, depth + 1, of));
        of(node, slot, above)
    }

    /// What is left of a node, with what is left `above` it.
    fn left_of(node: &Node, slot: &Slot, above: Option<i64>) -> i64 {
        let Some(above) = above else {
            return node.subtree(slot) - node.usage(slot);
        };
        let kept = node.kept(slot);
        let own = (kept - node.usage(slot)).max(0);
        let above = match node.own(slot).borrowing_limit {
            Some(limit) => {
                let lent = node.subtree(slot) - kept;
                let taken = (node.usage(slot) - kept).max(0);
                above.min(lent - taken + limit)
            }
            None => above,
        };
        own + above
    }

    fn most_of(node: &Node, slot: &Slot, above: Option<i64>) -> i64 {
        let Some(above) = above else {
            return node.subtree(slot);
        };
        let all = node.kept(slot) + above;
        match node.own(slot).borrowing_limit {
            Some(limit) => all.min(node.subtree(slot) + limit),
            None => all,
        }
    }

    /// What `queue` uses.
    pub(super) fn usage(&self, queue: &str, slot: &Slot) -> i64 {
        let node = self.nodes.get(&Name::Queue(queue.to_owned()));
        node.map_or(0, |node| node.usage(slot))
    }

    /// What `queue` has of its own.
    pub(super) fn nominal(&self, queue: &str, slot: &Slot) -> i64 {
        let node = self.nodes.get(&Name::Queue(queue.to_owned()));
        node.map_or(0, |node| node.own(slot).nominal)
    }

    /// Whether `queue` uses more than it has.
    pub(super) fn borrows(&self, queue: &str, slot: &Slot) -> bool {
        self.usage(queue, slot) > self.nominal(queue, slot)
    }
}

/// The cohort of a queue, under either version's name.
pub(super) fn cohort_of(queue: &Value) -> &str {
    match json::text(queue, "/spec/cohortName") {
        "" => json::text(queue, "/spec/cohort"),
        name => name,
    }
}

/// The quotas that a queue or a cohort lists.
fn quotas(object: &Value) -> BTreeMap<Slot, Quota> {
    let mut quotas = BTreeMap::new();
    for group in json::items(object, "/spec/resourceGroups") {
        for flavor in json::items(group, "/flavors") {
            for resource in json::items(flavor, "/resources") {
                let name = json::text(resource, "/name");
                let amount = |field: &str| {
                    // A quantity may stand there as a number too.
                    let said = match resource.get(field)? {
                        Value::Number(number) => Value::from(number.to_string()),
                        said => said.clone(),
                    };
                    let amounts = capacity::amounts(&json!({ name: said }));
                    i64::try_from(amounts.into_values().next()?).ok()
                };
                let slot = (json::text(flavor, "/name").to_owned(), name.to_owned());
                let quota = Quota {
                    nominal: amount("nominalQuota").unwrap_or(0),
                    borrowing_limit: amount("borrowingLimit"),
                    lending_limit: amount("lendingLimit"),
                };
                quotas.insert(slot, quota);
            }
        }
    }
    quotas
}

/// Whether the flavor `name` is there.
pub(super) fn has_flavor(world: &World, name: &str) -> bool {
    let key = ObjectKey::new("", name);
    world.store.get(&kind("ResourceFlavor"), &key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot() -> Slot {
        ("h100".to_owned(), "nvidia.com/gpu".to_owned())
    }

    fn tree(queues: &[(&str, Quota)]) -> Tree {
        let mut tree = Tree::default();
        tree.nodes
            .insert(Name::Cohort("labs".to_owned()), Node::default());
        for (name, quota) in queues {
            let node = Node {
                parent: "labs".to_owned(),
                own: BTreeMap::from([(slot(), *quota)]),
                ..Node::default()
            };
            tree.nodes.insert(Name::Queue((*name).to_owned()), node);
        }
        tree.sum_up();
        tree
    }

    #[test]
    fn what_a_queue_does_not_use_its_cohort_may_borrow() {
        let quota = |nominal| Quota {
            nominal,
            ..Quota::default()
        };
        let mut tree = tree(&[("a", quota(8)), ("b", quota(4))]);
        assert_eq!(tree.available("a", &slot()), 12);
        tree.charge("a", &slot(), 10);
        assert!(tree.borrows("a", &slot()));
        assert_eq!(tree.available("b", &slot()), 2);
        tree.charge("a", &slot(), -10);
        assert_eq!(tree.available("b", &slot()), 12);
    }

    #[test]
    fn limits_hold_what_is_borrowed_and_lent() {
        let a = Quota {
            nominal: 8,
            borrowing_limit: Some(1),
            lending_limit: None,
        };
        let b = Quota {
            nominal: 8,
            borrowing_limit: None,
            lending_limit: Some(2),
        };
        let mut tree = tree(&[("a", a), ("b", b)]);
        assert_eq!(tree.available("a", &slot()), 9);
        assert_eq!(tree.most("a", &slot()), 9);
        // It keeps six for itself, and has the two and those of the other to share.
        assert_eq!(tree.available("b", &slot()), 16);
        tree.charge("b", &slot(), 7);
        assert_eq!(tree.available("b", &slot()), 9);
        assert_eq!(tree.available("a", &slot()), 9);
        tree.charge("b", &slot(), 3);
        assert_eq!(tree.available("a", &slot()), 6);
    }
}
