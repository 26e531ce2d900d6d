//! Names with at most one `*`, and an index that finds the closest of many.

use std::collections::HashMap;

use strata_domain::text::Text;

/// A name, or its beginning or end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// The whole name.
    Exact(Text),
    /// `literal*`; `*` alone has an empty literal.
    Prefix(Text),
    /// `*literal`.
    Suffix(Text),
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let pattern = if let Some(literal) = text.strip_suffix('*') {
            Self::Prefix(Text::from(literal))
        } else if let Some(literal) = text.strip_prefix('*') {
            Self::Suffix(Text::from(literal))
        } else {
            Self::Exact(Text::from(text))
        };
        if text.is_empty() || pattern.literal().contains('*') {
            return Err(format!(
                "`{text}` must be a name with at most one `*`, at an end"
            ));
        }
        Ok(pattern)
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Exact(literal) => literal == name,
            Self::Prefix(literal) => name.starts_with(literal.as_str()),
            Self::Suffix(literal) => name.ends_with(literal.as_str()),
        }
    }

    pub(crate) fn literal(&self) -> &str {
        match self {
            Self::Exact(literal) | Self::Prefix(literal) | Self::Suffix(literal) => literal,
        }
    }

    pub(crate) fn exact(&self) -> Option<&str> {
        match self {
            Self::Exact(literal) => Some(literal),
            _ => None,
        }
    }
}

/// Many patterns, each with the position of what it stands for. An exact name beats a pattern, a
/// longer literal beats a shorter one.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatternIndex {
    exact: HashMap<Text, usize>,
    /// The longest literal first.
    loose: Vec<(Pattern, usize)>,
}

impl PatternIndex {
    /// Adds a pattern; fails with the position of what claims the same pattern already.
    pub(crate) fn insert(&mut self, pattern: Pattern, position: usize) -> Result<(), usize> {
        if let Pattern::Exact(name) = pattern {
            return match self.exact.insert(name, position) {
                Some(other) if other != position => Err(other),
                _ => Ok(()),
            };
        }
        if let Some((_, other)) = self.loose.iter().find(|(known, _)| *known == pattern) {
            return if *other == position {
                Ok(())
            } else {
                Err(*other)
            };
        }
        let length = pattern.literal().len();
        let at = self
            .loose
            .partition_point(|(known, _)| known.literal().len() >= length);
        self.loose.insert(at, (pattern, position));
        Ok(())
    }

    pub(crate) fn exact(&self, name: &str) -> Option<usize> {
        self.exact.get(name).copied()
    }

    pub(crate) fn loose(&self, name: &str) -> Option<usize> {
        self.loose
            .iter()
            .find(|(pattern, _)| pattern.matches(name))
            .map(|(_, found)| *found)
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.exact(name).or_else(|| self.loose(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_pattern_wins() {
        let mut index = PatternIndex::default();
        for (position, text) in ["nvidia-*", "nvidia-dcgm*", "nvidia-dcgm", "*-plugin"]
            .iter()
            .enumerate()
        {
            let pattern = Pattern::parse(text).unwrap();
            assert_eq!(index.insert(pattern, position), Ok(()));
        }
        assert_eq!(index.find("nvidia-dcgm"), Some(2));
        assert_eq!(index.find("nvidia-dcgm-exporter"), Some(1));
        assert_eq!(index.find("nvidia-smi"), Some(0));
        assert_eq!(index.find("amd-plugin"), Some(3));
        assert_eq!(index.find("plugins"), None);
    }

    #[test]
    fn a_star_in_the_middle_is_refused() {
        for text in ["", "a*b", "*a*", "**"] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }
}
