//! Short shared strings: what many objects repeat is stored once.

use std::{borrow::Borrow, collections::HashSet, fmt, ops::Deref, sync::Arc};

use serde::{Deserialize, Serialize};

/// An immutable string that is cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(Arc<str>);

impl Text {
    /// The string itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Text {
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(value: &str) -> Self {
        Self(Arc::from(value))
    }
}

impl From<String> for Text {
    fn from(value: String) -> Self {
        Self(Arc::from(value))
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

/// Gives equal strings the same storage: namespaces, nodes, images, label keys and values.
#[derive(Debug, Default)]
pub struct Interner {
    known: HashSet<Text>,
}

impl Interner {
    /// The stored copy of `value`, stored now if it is new.
    pub fn intern(&mut self, value: &str) -> Text {
        if let Some(text) = self.known.get(value) {
            return text.clone();
        }
        let text = Text::from(value);
        self.known.insert(text.clone());
        text
    }

    /// Drops the strings that nothing but this interner holds any more.
    pub fn prune(&mut self) {
        self.known.retain(|text| Arc::strong_count(&text.0) > 1);
    }

    /// How many strings are stored.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_share_storage() {
        let mut interner = Interner::default();
        let first = interner.intern("kube-system");
        let second = interner.intern("kube-system");
        assert!(Arc::ptr_eq(&first.0, &second.0));
        assert_eq!(interner.len(), 1);
    }

    #[test]
    fn pruning_keeps_what_is_held() {
        let mut interner = Interner::default();
        let held = interner.intern("held");
        interner.intern("dropped");
        interner.prune();
        assert_eq!(interner.len(), 1);
        assert_eq!(interner.intern("held"), held);
    }
}
