//! Which names are one model's: those that compare equal, and those that one thing goes by at once.

use std::collections::BTreeMap;

use strata_domain::model;

/// Names that were joined.
#[derive(Debug, Default)]
pub(super) struct Families {
    by_key: BTreeMap<String, usize>,
    keys: Vec<String>,
    /// Each member's elder; the head is its own.
    elders: Vec<usize>,
}

impl Families {
    /// Joins `names` to one family, and says which member of it stands for them; `None` where no name
    /// says anything.
    pub(super) fn join(&mut self, names: &[String]) -> Option<usize> {
        let mut keys = names
            .iter()
            .map(|name| model::key(name))
            .filter(|key| !key.is_empty());
        let first = self.member(keys.next()?);
        for key in keys {
            let other = self.member(key);
            let (one, other) = (self.head(first), self.head(other));
            // The elder stays the head, so that a family's name does not change as it grows.
            if let Some(elder) = self.elders.get_mut(one.max(other)) {
                *elder = one.min(other);
            }
        }
        Some(first)
    }

    /// The head of `member`'s family.
    pub(super) fn head(&self, mut member: usize) -> usize {
        while let Some(elder) = self.elders.get(member).copied() {
            if elder == member {
                break;
            }
            member = elder;
        }
        member
    }

    /// What `member` is compared by.
    pub(super) fn key(&self, member: usize) -> String {
        self.keys.get(member).cloned().unwrap_or_default()
    }

    fn member(&mut self, key: String) -> usize {
        if let Some(known) = self.by_key.get(&key) {
            return *known;
        }
        let at = self.keys.len();
        self.by_key.insert(key.clone(), at);
        self.keys.push(key);
        self.elders.push(at);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_of_one_thing_are_one_models_and_so_are_all_that_equal_them() {
        let mut families = Families::default();
        let label = families.join(&names(&["llama-3.3-70b"])).unwrap();
        let full = families
            .join(&names(&["hf://meta-llama/Llama-3.3-70B-Instruct"]))
            .unwrap();
        assert_ne!(families.head(label), families.head(full));
        families.join(&names(&[
            "llama-3.3-70b",
            "meta-llama/Llama-3.3-70B-Instruct",
        ]));
        assert_eq!(families.head(label), families.head(full));
        let other = families.join(&names(&["bge-m3"])).unwrap();
        assert_ne!(families.head(label), families.head(other));
    }

    #[test]
    fn what_names_nothing_is_in_no_family() {
        assert_eq!(Families::default().join(&names(&["/v1", ""])), None);
    }
}
