//! The pods that one question asks for, in its order, kept up as pods change.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use strata_api::topics::{PodColumn, Window};
use strata_domain::{ids::Uid, pod::Pod};

use super::{Picture, PodQuery, health::PodHealths};
use crate::{
    fleet::table::{Slot, Table},
    fold::Changed,
    project::trace::pods_on_path,
};

/// The pods that `query` asks for, sorted.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) query: PodQuery,
    entries: Vec<Entry>,
    /// The pods that may no longer stand where they should.
    changed: Changed<Slot>,
    /// Those on the path that the query names; none where it names no path. A slot may be given to
    /// another pod before the path is derived anew, hence the identities.
    path: Option<HashMap<Slot, Uid>>,
    path_changed: bool,
}

/// A pod in an order, with the part of its sort key that decides most comparisons. The key is kept
/// since it may change with time, and an order is searched by the keys that it was made with.
#[derive(Clone, Copy, Debug)]
struct Entry {
    key: u64,
    slot: Slot,
}

impl Order {
    pub(super) fn new(query: PodQuery) -> Self {
        Self {
            query,
            entries: Vec::new(),
            changed: Changed::All,
            path: None,
            path_changed: true,
        }
    }

    /// Takes note of pods that changed.
    pub(super) fn note(&mut self, changed: &Changed<Slot>) {
        self.changed.merge(changed.clone());
    }

    /// Takes note that the path may lead elsewhere.
    pub(super) fn note_path(&mut self) {
        self.path_changed = true;
    }

    /// How many pods there are.
    pub(super) fn total(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// How many there would be without the text that they must contain.
    pub(super) fn unfiltered(&self, picture: Picture<'_>) -> u32 {
        let table = picture.cluster.pod_table();
        let is_asked_for = |namespace: &str| {
            self.query.namespaces.is_empty()
                || self.query.namespaces.iter().any(|asked| asked == namespace)
        };
        let count = if let Some(path) = &self.path {
            let pods = path
                .iter()
                .filter_map(|(slot, uid)| table.at(*slot).filter(|pod| pod.metadata.uid == *uid));
            pods.filter(|pod| is_asked_for(&pod.metadata.key.namespace))
                .count()
        } else {
            let namespaces = table.namespaces();
            namespaces
                .filter(|(namespace, _)| is_asked_for(namespace))
                .map(|(_, pods)| pods)
                .sum()
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The pods of `window`, in order.
    pub(super) fn window(&self, window: Window) -> impl Iterator<Item = Slot> {
        let count = window.count.min(Window::MOST);
        self.entries
            .iter()
            .skip(window.first as usize)
            .take(count as usize)
            .map(|entry| entry.slot)
    }

    /// Brings the order up to date.
    pub(super) fn refresh(&mut self, picture: Picture<'_>, healths: &PodHealths) {
        if let Some(path) = &self.query.of
            && std::mem::take(&mut self.path_changed)
        {
            let Picture {
                cluster,
                derived,
                catalog,
                ..
            } = picture;
            let slots = pods_on_path(cluster, derived, catalog, path);
            let uid = |slot| Some((slot, cluster.pod_table().at(slot)?.metadata.uid.clone()));
            self.path = Some(slots.into_iter().filter_map(uid).collect());
            self.changed = Changed::All;
        }
        match std::mem::take(&mut self.changed) {
            Changed::All => self.sort(picture, healths),
            Changed::Some(slots) if slots.is_empty() => {}
            Changed::Some(slots) => self.move_changed(&slots, picture, healths),
        }
    }

    fn sort(&mut self, picture: Picture<'_>, healths: &PodHealths) {
        let table = picture.cluster.pod_table();
        let rank = |(slot, pod)| self.rank(slot, pod, picture, healths);
        let mut ranked: Vec<Ranked<'_>> = if let Some(path) = &self.path {
            let pods = path
                .keys()
                .filter_map(|slot| Some((*slot, table.at(*slot)?)));
            pods.filter_map(rank).collect()
        } else {
            table.slots().filter_map(rank).collect()
        };
        ranked.sort_unstable_by(|left, right| self.compare(left, right));
        self.entries.clear();
        self.entries.extend(ranked.iter().map(Ranked::entry));
    }

    /// Takes the changed pods out, and puts those that still belong in where they belong. The rest
    /// is copied as it is.
    fn move_changed(
        &mut self,
        changed: &HashSet<Slot>,
        picture: Picture<'_>,
        healths: &PodHealths,
    ) {
        let table = picture.cluster.pod_table();
        self.take_out(changed);
        let mut moved: Vec<Ranked<'_>> = changed
            .iter()
            .filter_map(|slot| self.rank(*slot, table.at(*slot)?, picture, healths))
            .collect();
        moved.sort_unstable_by(|left, right| self.compare(left, right));
        let mut merged = Vec::with_capacity(self.entries.len() + moved.len());
        let mut rest = self.entries.as_slice();
        for moved in &moved {
            let goes_before = |entry: &Entry| {
                Ranked::at(table, *entry)
                    .is_none_or(|known| self.compare(&known, moved) == Ordering::Less)
            };
            let (before, after) = rest.split_at(rest.partition_point(goes_before));
            merged.extend_from_slice(before);
            merged.push(moved.entry());
            rest = after;
        }
        merged.extend_from_slice(rest);
        self.entries = merged;
    }

    fn take_out(&mut self, changed: &HashSet<Slot>) {
        // A map of bits: a hash for each of a hundred thousand entries would cost ten times this.
        let highest = changed
            .iter()
            .map(|slot| slot.position())
            .max()
            .unwrap_or_default();
        let mut is_changed = vec![false; highest + 1];
        for slot in changed {
            if let Some(bit) = is_changed.get_mut(slot.position()) {
                *bit = true;
            }
        }
        self.entries.retain(|entry| {
            !is_changed
                .get(entry.slot.position())
                .copied()
                .unwrap_or_default()
        });
    }

    /// The pod in `slot` with its sort keys; `None` if it isn't asked for.
    fn rank<'a>(
        &self,
        slot: Slot,
        pod: &'a Pod,
        picture: Picture<'_>,
        healths: &PodHealths,
    ) -> Option<Ranked<'a>> {
        if !self.is_asked_for(slot, pod) {
            return None;
        }
        let key = match self.query.sort.by {
            PodColumn::Name => leading(&pod.metadata.key.name),
            PodColumn::Namespace => leading(&pod.metadata.key.namespace),
            PodColumn::Node => leading(&pod.node),
            PodColumn::Severity => healths.of(slot) as u64,
            PodColumn::Gpus => picture
                .derived
                .accelerators
                .asked_by(std::iter::once(pod))
                .into(),
            PodColumn::Restarts => pod.restarts().into(),
            PodColumn::Age => age(pod),
        };
        Some(Ranked::of(pod, Entry { key, slot }))
    }

    fn is_asked_for(&self, slot: Slot, pod: &Pod) -> bool {
        let PodQuery {
            namespaces, filter, ..
        } = &self.query;
        let key = &pod.metadata.key;
        self.path
            .as_ref()
            .is_none_or(|path| path.get(&slot) == Some(&pod.metadata.uid))
            && (namespaces.is_empty() || namespaces.iter().any(|asked| key.namespace == **asked))
            && (filter.is_empty()
                || [&key.name, &key.namespace, &pod.node]
                    .iter()
                    .any(|text| text.contains(&**filter)))
    }

    fn compare(&self, left: &Ranked<'_>, right: &Ranked<'_>) -> Ordering {
        let by_text = || match self.query.sort.by {
            PodColumn::Name => left.name.cmp(right.name),
            PodColumn::Namespace => compare_shared(left.namespace, right.namespace),
            PodColumn::Node => compare_shared(left.node, right.node),
            _ => Ordering::Equal,
        };
        let by_column = left.key.cmp(&right.key).then_with(by_text);
        let directed = if self.query.sort.descending {
            by_column.reverse()
        } else {
            by_column
        };
        directed
            .then_with(|| compare_shared(left.namespace, right.namespace))
            .then_with(|| left.name.cmp(right.name))
            .then_with(|| left.slot.cmp(&right.slot))
    }
}

/// A pod with everything that it is sorted by.
struct Ranked<'a> {
    key: u64,
    slot: Slot,
    namespace: &'a str,
    name: &'a str,
    node: &'a str,
}

impl<'a> Ranked<'a> {
    fn of(pod: &'a Pod, Entry { key, slot }: Entry) -> Self {
        let Pod { metadata, node, .. } = pod;
        Self {
            key,
            slot,
            namespace: &metadata.key.namespace,
            name: &metadata.key.name,
            node,
        }
    }

    fn at(table: &'a Table<Pod>, entry: Entry) -> Option<Self> {
        Some(Self::of(table.at(entry.slot)?, entry))
    }

    fn entry(&self) -> Entry {
        Entry {
            key: self.key,
            slot: self.slot,
        }
    }
}

/// Compares texts that many pods share; most often it is the same one.
fn compare_shared(left: &str, right: &str) -> Ordering {
    if std::ptr::eq(left, right) {
        Ordering::Equal
    } else {
        left.cmp(right)
    }
}

/// The first eight bytes of `text` as a number that orders as they do.
fn leading(text: &str) -> u64 {
    let mut bytes = [0; 8];
    for (place, byte) in bytes.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    u64::from_be_bytes(bytes)
}

/// The age as a number that orders as it does, whatever the time is: microseconds before the end of
/// time. A pod that does not tell when it was created is the youngest.
fn age(pod: &Pod) -> u64 {
    let created = pod
        .metadata
        .created
        .map_or(i64::MAX, jiff::Timestamp::as_microsecond);
    i64::MAX.abs_diff(created)
}
