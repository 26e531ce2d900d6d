//! A set of slots: most have one member (the pod of a job), some a hundred thousand (a namespace).

use std::collections::BTreeSet;

use super::table::Slot;

/// A set of slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Slots {
    #[default]
    None,
    One(Slot),
    Many(BTreeSet<Slot>),
}

impl Slots {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(_) => 1,
            Self::Many(slots) => slots.len(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The slots, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(slot) => (Some(*slot), None),
            Self::Many(slots) => (None, Some(slots)),
        };
        one.into_iter()
            .chain(many.into_iter().flat_map(|slots| slots.iter().copied()))
    }

    pub(super) fn insert(&mut self, slot: Slot) {
        match self {
            Self::None => *self = Self::One(slot),
            Self::One(other) if *other == slot => {}
            Self::One(other) => *self = Self::Many(BTreeSet::from([*other, slot])),
            Self::Many(slots) => {
                slots.insert(slot);
            }
        }
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        match self {
            Self::One(other) if *other == slot => *self = Self::None,
            Self::None | Self::One(_) => {}
            Self::Many(slots) => {
                slots.remove(&slot);
                if slots.len() == 1
                    && let Some(last) = slots.first()
                {
                    *self = Self::One(*last);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_grows_and_shrinks_through_its_forms() {
        let mut slots = Slots::default();
        for slot in [3, 1, 2, 1] {
            slots.insert(Slot(slot));
        }
        assert_eq!(
            slots.iter().collect::<Vec<_>>(),
            [Slot(1), Slot(2), Slot(3)]
        );
        slots.remove(Slot(2));
        slots.remove(Slot(9));
        slots.remove(Slot(1));
        assert_eq!(slots, Slots::One(Slot(3)));
        slots.remove(Slot(1));
        assert_eq!(slots.len(), 1);
        slots.remove(Slot(3));
        assert!(slots.is_empty());
    }
}
