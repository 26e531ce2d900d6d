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
mod tests {
    use super::*;

    fn read(fields: &[&str], json: &str) -> Custom {
        let planned = PlannedKind {
            kind: GroupKind::new("ray.io", "RayCluster"),
            fields: fields.iter().map(|&path| path.to_owned()).collect(),
        };
        let body = Bytes::copy_from_slice(json.as_bytes());
        let kind = CustomKind::new(&planned, "v1");
        let decoded =
            Decode::object(&kind, Encoding::Json, &body, &mut Mapping::default()).unwrap();
        match decoded.object {
            Object::Custom(custom) => *custom,
            other => panic!("not a custom object: {other:?}"),
        }
    }

    const OBJECT: &str = r#"{
        "metadata": {"name": "ray", "namespace": "ml", "uid": "u1", "resourceVersion": "5", "generation": 7,
            "labels": {"app": "ray"}, "creationTimestamp": "2026-01-02T03:04:05Z",
            "managedFields": [{"manager": "x", "fieldsV1": {"f:spec": {}}}],
            "ownerReferences": [{"apiVersion": "ray.io/v1", "kind": "RayJob", "name": "j", "uid": "o", "controller": true}]},
        "spec": {"suspend": false, "groups": [{"replicas": 2}, {"replicas": 3, "name": "big"}], "weight": 0.5},
        "status": {"state": "ready", "none": null,
            "conditions": [{"type": "Ready", "status": "True", "reason": "R", "lastTransitionTime": "2026-01-02T03:04:06Z"},
                           {"status": "Running"}, "odd"]}}"#;

    #[test]
    fn wanted_scalars_are_kept_by_path_and_nothing_else() {
        let custom = read(
            &[
                "status.state",
                "spec.groups.1.replicas",
                "spec.suspend",
                "spec.weight",
                "status.none",
                "status.missing",
                "spec.groups",
            ],
            OBJECT,
        );
        let fields: Vec<_> = custom
            .fields
            .iter()
            .map(|(path, value)| (path.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            fields,
            [
                ("spec.groups.1.replicas", "3"),
                ("spec.suspend", "false"),
                ("spec.weight", "0.5"),
                ("status.state", "ready"),
            ]
        );
    }

    #[test]
    fn metadata_and_owner_are_kept() {
        let metadata = read(&[], OBJECT).metadata;
        assert_eq!(metadata.key.to_string(), "ml/ray");
        assert_eq!(metadata.labels.get("app"), Some("ray"));
        let owner = metadata.owner.unwrap();
        assert_eq!(
            (owner.group.as_str(), owner.kind.as_str()),
            ("ray.io", "RayJob")
        );
        assert_eq!(
            metadata.created,
            Some("2026-01-02T03:04:05Z".parse().unwrap())
        );
    }

    #[test]
    fn what_is_no_condition_is_left_out_of_the_conditions() {
        let conditions = read(&[], OBJECT).conditions;
        assert_eq!(conditions.len(), 1);
        assert_eq!(
            (conditions[0].kind.as_str(), conditions[0].reason.as_str()),
            ("Ready", "R")
        );
    }

    #[test]
    fn fields_inside_the_parts_are_found_too() {
        let custom = read(
            &["metadata.generation", "status.conditions.0.reason"],
            OBJECT,
        );
        assert_eq!(custom.count("metadata.generation"), Some(7));
        assert_eq!(custom.field("status.conditions.0.reason"), Some("R"));
        assert_eq!(custom.metadata.uid.0, "u1");
    }
}
