//! Label and field selectors.

use strata_domain::ids::GroupKind;

use self::{fields::FieldRule, labels::LabelRule};
use super::{failure::Failure, query::Query};
use crate::store::Stored;

mod fields;
mod labels;

/// What a list or a watch selects.
#[derive(Clone, Debug, Default)]
pub(super) struct Selector {
    labels: Vec<LabelRule>,
    fields: Vec<FieldRule>,
}

/// Whose objects are selected, as far as selecting by fields depends on it.
#[derive(Clone, Copy)]
pub(super) struct Selected<'a> {
    pub(super) kind: &'a GroupKind,
    /// The group in the path: events are served under two, and each names the fields its own way.
    pub(super) group: &'a str,
    /// For a custom kind, the paths that its definition makes selectable.
    pub(super) custom: Option<&'a [String]>,
}

impl<'a> Selected<'a> {
    /// Objects of a built-in kind under its own group.
    pub(super) fn of(kind: &'a GroupKind) -> Self {
        Self {
            kind,
            group: kind.group.as_str(),
            custom: None,
        }
    }
}

impl Selector {
    /// Reads the selectors of a query.
    pub(super) fn read(query: &Query, selected: Selected<'_>) -> Result<Self, Failure> {
        // Both are parsed before it is asked which fields the kind has, as the real server does.
        let labels = match query.get("labelSelector") {
            Some(text) => labels::parse(text).map_err(Failure::bad_request)?,
            None => Vec::new(),
        };
        let fields = match query.get("fieldSelector") {
            Some(text) => fields::parse(text, selected).map_err(Failure::bad_request)?,
            None => Vec::new(),
        };
        Ok(Self { labels, fields })
    }

    /// Whether everything is selected.
    pub(super) fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Only the object `name`.
    pub(super) fn and_name(mut self, name: &str) -> Self {
        self.fields.push(FieldRule::name(name));
        self
    }

    pub(super) fn matches(&self, stored: &Stored) -> bool {
        self.labels.iter().all(|rule| rule.matches(stored))
            && fields::all_match(&self.fields, stored)
    }
}
