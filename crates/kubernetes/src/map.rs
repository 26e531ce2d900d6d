//! From slim messages to the domain's nouns.
//!
//! [`Slim`] is a built-in kind, [`Decode`] any kind that can be watched, built-in or custom: it
//! turns a page of a list, or the object of a watch event, into domain objects. One file a family
//! of kinds.

mod amounts;
mod custom;
mod job;
mod metadata;
mod node;
mod plain;
mod pod;
mod queue;
mod resource_slice;
mod scaling;
mod storage;
mod workload;

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use strata_domain::{
    object::Object,
    text::{Interner, Text},
};

pub(crate) use custom::CustomKind;

use crate::slim::{DecodeError, Encoding, envelope, json, meta::ListMeta};

/// What mapping needs of the whole cluster; one for each, shared by its kinds.
#[derive(Debug, Default)]
pub(crate) struct Mapping {
    /// The strings that many objects repeat.
    pub(crate) names: Interner,
    /// The kinds that definitions define, by the definition's name.
    pub(crate) definitions: Definitions,
}

/// The kind of each custom resource definition by its name (`plural.group`), which is all that a
/// definition's metadata says; filled by discovery.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    kinds: BTreeMap<String, Text>,
    /// Names that were asked for before they were known.
    missed: BTreeSet<String>,
    /// Names of definitions that were deleted, and not seen since.
    gone: BTreeSet<String>,
}

impl Definitions {
    /// Takes the served kinds anew. True when a name that was missed is among them now: objects
    /// that were mapped without it should be read again.
    pub(crate) fn learn(&mut self, kinds: impl IntoIterator<Item = (String, Text)>) -> bool {
        self.kinds = kinds.into_iter().collect();
        let before = self.missed.len();
        self.missed.retain(|name| !self.kinds.contains_key(name));
        self.missed.len() < before
    }

    /// Whether a name was asked for that is not known yet.
    pub(crate) fn has_missed(&self) -> bool {
        !self.missed.is_empty()
    }

    /// The definition `name` is there.
    fn see(&mut self, name: &str) {
        self.gone.remove(name);
    }

    /// The definition `name` was deleted.
    pub(crate) fn forget(&mut self, name: &str) {
        self.missed.remove(name);
        self.gone.insert(name.to_owned());
    }

    /// Whether the definition `name` was deleted, and not seen since.
    pub(crate) fn is_gone(&self, name: &str) -> bool {
        self.gone.contains(name)
    }

    /// Whether a kind was still served when that was last asked, though its definition is gone.
    pub(crate) fn linger(&self) -> bool {
        self.gone.iter().any(|name| self.kinds.contains_key(name))
    }

    /// The kind that the definition `name` defines, if it is known yet.
    fn kind(&mut self, name: &str) -> Option<Text> {
        let known = self.kinds.get(name).cloned();
        if known.is_none() {
            self.missed.insert(name.to_owned());
        }
        known
    }
}

/// A built-in kind in its slim form.
pub(crate) trait Slim: prost::Message + Default + DeserializeOwned + 'static {
    /// The version of this state of the object, for resuming a watch.
    fn resource_version(&self) -> &str;

    /// The object as the domain knows it.
    fn into_object(self, mapping: &mut Mapping) -> Object;
}

/// A part of a list.
#[derive(Debug)]
pub(crate) struct Page {
    /// The objects.
    pub(crate) objects: Vec<Object>,
    /// Version, token of the next page, and how many remain.
    pub(crate) meta: ListMeta,
}

/// An object and the version of its state.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// The object.
    pub(crate) object: Object,
    /// Its `resourceVersion`.
    pub(crate) resource_version: String,
}

/// Reads the objects of one kind.
pub(crate) trait Decode: Send + Sync {
    /// Reads a list, or a page of it.
    fn page(
        &self,
        encoding: Encoding,
        body: &Bytes,
        mapping: &mut Mapping,
    ) -> Result<Page, DecodeError>;

    /// Reads the object of a watch event.
    fn object(
        &self,
        encoding: Encoding,
        body: &Bytes,
        mapping: &mut Mapping,
    ) -> Result<Decoded, DecodeError>;
}

/// [`Decode`] for a built-in kind.
pub(crate) struct BuiltIn<T>(PhantomData<fn() -> T>);

impl<T> BuiltIn<T> {
    /// Reads objects of the kind `T`.
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Slim> Decode for BuiltIn<T> {
    fn page(
        &self,
        encoding: Encoding,
        body: &Bytes,
        mapping: &mut Mapping,
    ) -> Result<Page, DecodeError> {
        let mut objects = Vec::new();
        let each = |slim: T| objects.push(slim.into_object(mapping));
        let meta = match encoding {
            Encoding::Protobuf => envelope::list(body, each)?,
            Encoding::Json => json::list(body, &mut json::EachAs::new(each))?,
        };
        Ok(Page { objects, meta })
    }

    fn object(
        &self,
        encoding: Encoding,
        body: &Bytes,
        mapping: &mut Mapping,
    ) -> Result<Decoded, DecodeError> {
        let slim: T = match encoding {
            Encoding::Protobuf => envelope::object(body)?,
            Encoding::Json => serde_json::from_slice(body)?,
        };
        let resource_version = slim.resource_version().to_owned();
        Ok(Decoded {
            object: slim.into_object(mapping),
            resource_version,
        })
    }
}

#[cfg(test)]
mod tests;
