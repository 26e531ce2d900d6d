//! Custom resources: metadata, conditions, and the few fields that the catalogue asks for.
//!
//! The objects can be large (an embedded pod template, a schema) and are never built: the JSON is
//! walked once beside a tree of the wanted paths ([`walk`]).

mod walk;

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed as _, Error as _},
};
use serde_json::value::RawValue;
use strata_domain::{
    custom::Custom,
    ids::GroupKind,
    object::Object,
    text::{Interner, Text},
};
use strata_ports::cluster::PlannedKind;

use super::{
    Decode, Decoded, Mapping, Page,
    job::{self, ReadJob},
    metadata::{conditions, metadata},
    queue::{self, ReadQueue},
};
use crate::slim::{DecodeError, Encoding, json};
use walk::{Branch, Found, Part, Walk};

/// A custom kind in the version it is read in.
pub(crate) struct CustomKind {
    kind: GroupKind,
    version: Text,
    wanted: Branch,
    read_job: Option<ReadJob>,
    read_queue: Option<ReadQueue>,
}

impl CustomKind {
    /// Reads objects of `planned` in the version `version`.
    pub(crate) fn new(planned: &PlannedKind, version: &str) -> Self {
        let mut wanted = Branch::default();
        wanted.grow("metadata").part = Some(Part::Metadata);
        wanted.grow("status.conditions").part = Some(Part::Conditions);
        for path in &planned.fields {
            wanted.grow(path).field = Some(Text::from(path.as_str()));
        }
        Self {
            kind: planned.kind.clone(),
            version: Text::from(version),
            wanted,
            read_job: job::reader(&planned.kind),
            read_queue: queue::reader(&planned.kind),
        }
    }

    fn object(&self, found: Found, mapping: &mut Mapping) -> Decoded {
        let resource_version = found.metadata.resource_version.clone();
        let names = &mut mapping.names;
        let mut fields: Vec<_> = found
            .fields
            .into_iter()
            .map(|(path, value)| (path, names.intern(&value)))
            .collect();
        fields.sort_by(|left, right| left.0.cmp(&right.0));
        let object = Object::Custom(Box::new(Custom {
            kind: self.kind.clone(),
            version: self.version.clone(),
            metadata: metadata(found.metadata, names),
            conditions: conditions(found.conditions, names),
            fields: fields.into(),
            job: found.job,
            queue: found.queue,
        }));
        Decoded {
            object,
            resource_version,
        }
    }

    fn read<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
        names: &mut Interner,
    ) -> Result<Found, D::Error> {
        let mut found = Found::default();
        if self.read_job.is_none() && self.read_queue.is_none() {
            self.walk(deserializer, &mut found)?;
            return Ok(found);
        }
        let raw = <&RawValue>::deserialize(deserializer)?;
        let mut fields = serde_json::Deserializer::from_str(raw.get());
        self.walk(&mut fields, &mut found)
            .map_err(D::Error::custom)?;
        found.job = self.part(raw, self.read_job, names);
        found.queue = self.part(raw, self.read_queue, names);
        Ok(found)
    }

    fn walk<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
        found: &mut Found,
    ) -> Result<(), D::Error> {
        Walk {
            branch: &self.wanted,
            found,
        }
        .deserialize(deserializer)
    }

    /// What `read` reads. An object that is written otherwise than its kind's types say is known by
    /// its conditions alone, rather than not at all.
    fn part<T>(
        &self,
        raw: &RawValue,
        read: Option<ReadPart<T>>,
        names: &mut Interner,
    ) -> Option<Box<T>> {
        match read?(raw.get(), names) {
            Ok(part) => Some(Box::new(part)),
            Err(error) => {
                tracing::debug!(kind = %self.kind, %error, "an object is not as its kind says");
                None
            }
        }
    }
}

impl Decode for CustomKind {
    fn page(
        &self,
        encoding: Encoding,
        body: &Bytes,
        mapping: &mut Mapping,
    ) -> Result<Page, DecodeError> {
        expect_json(encoding)?;
        let mut each = EachCustom {
            kind: self,
            mapping,
            objects: Vec::new(),
        };
        let meta = json::list(body, &mut each)?;
        Ok(Page {
            objects: each.objects,
            meta,
        })
    }

    fn object(
        &self,
        encoding: Encoding,
        body: &Bytes,
        mapping: &mut Mapping,
    ) -> Result<Decoded, DecodeError> {
        expect_json(encoding)?;
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let found = self.read(&mut deserializer, &mut mapping.names)?;
        Ok(CustomKind::object(self, found, mapping))
    }
}

/// Custom resources have no protobuf: a server that sends it did not read the question.
fn expect_json(encoding: Encoding) -> Result<(), DecodeError> {
    match encoding {
        Encoding::Json => Ok(()),
        Encoding::Protobuf => {
            Err(serde_json::Error::custom("custom resources are JSON, the answer is not").into())
        }
    }
}

struct EachCustom<'a> {
    kind: &'a CustomKind,
    mapping: &'a mut Mapping,
    objects: Vec<Object>,
}

impl json::Each for EachCustom<'_> {
    fn item<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let found = self.kind.read(deserializer, &mut self.mapping.names)?;
        self.objects
            .push(self.kind.object(found, self.mapping).object);
        Ok(())
    }
}

/// Reads a part of an object that is more than scalars: what it says as a job, as a queue.
type ReadPart<T> = fn(&str, &mut Interner) -> Result<T, serde_json::Error>;

#[cfg(test)]
mod tests;
