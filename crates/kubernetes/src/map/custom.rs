//! Custom resources: metadata, conditions, and the few fields that the catalogue asks for.
//!
//! The objects can be large (an embedded pod template, a schema) and are never built: the JSON is
//! walked once beside a tree of the wanted paths, and what has no branch in it is skipped.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use strata_domain::{
    custom::Custom,
    ids::GroupKind,
    job::JobObject,
    object::Object,
    queue::QueueObject,
    text::{Interner, Text},
};
use strata_ports::cluster::PlannedKind;

use super::{
    Decode, Decoded, Mapping, Page,
    job::{self, ReadJob},
    metadata::{conditions, metadata},
    queue::{self, ReadQueue},
};
use crate::slim::{DecodeError, Encoding, json, meta::ObjectMeta, values::ProbedCondition};

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

/// A tree of the paths that are wanted.
#[derive(Debug, Default)]
struct Branch {
    children: BTreeMap<String, Branch>,
    /// The path of the scalar that is kept here.
    field: Option<Text>,
    /// The part of every object that is read here.
    part: Option<Part>,
}

/// The parts that every custom object has.
#[derive(Clone, Copy, Debug)]
enum Part {
    Metadata,
    Conditions,
}

impl Branch {
    /// The branch at a dotted path, grown where it is not there yet.
    fn grow(&mut self, path: &str) -> &mut Self {
        path.split('.').fold(self, |branch, name| {
            branch.children.entry(name.to_owned()).or_default()
        })
    }

    /// Whether anything is wanted here or below, besides a part.
    fn wants_fields(&self) -> bool {
        self.field.is_some() || !self.children.is_empty()
    }
}

/// What was found in one object.
#[derive(Default)]
struct Found {
    metadata: ObjectMeta,
    conditions: Vec<ProbedCondition>,
    fields: Vec<(Text, String)>,
    job: Option<Box<JobObject>>,
    queue: Option<Box<QueueObject>>,
}

impl Found {
    /// Reads a part of the object.
    fn take(&mut self, part: Part, raw: &RawValue) -> Result<(), serde_json::Error> {
        match part {
            Part::Metadata => self.metadata = serde_json::from_str(raw.get())?,
            // Not every project's conditions are conditions: what reads otherwise is left out.
            Part::Conditions => {
                let entries: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
                self.conditions = entries
                    .into_iter()
                    .filter_map(|entry| serde_json::from_str(entry.get()).ok())
                    .filter(|condition: &ProbedCondition| !condition.kind.is_empty())
                    .collect();
            }
        }
        Ok(())
    }
}

/// Walks over a value beside its branch.
struct Walk<'w> {
    branch: &'w Branch,
    found: &'w mut Found,
}

impl Walk<'_> {
    fn keep(self, value: impl fmt::Display) {
        if let Some(path) = &self.branch.field {
            self.found.fields.push((path.clone(), value.to_string()));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some(part) = self.branch.part else {
            return deserializer.deserialize_any(self);
        };
        let raw = <&RawValue>::deserialize(deserializer)?;
        self.found.take(part, raw).map_err(D::Error::custom)?;
        if self.branch.wants_fields() {
            let mut deserializer = serde_json::Deserializer::from_str(raw.get());
            deserializer
                .deserialize_any(self)
                .map_err(D::Error::custom)?;
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a field of a custom resource")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(child) = map.next_key_seed(Child(self.branch))? {
            match child {
                Some(branch) => map.next_value_seed(Walk {
                    branch,
                    found: &mut *self.found,
                })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<(), S::Error> {
        for position in 0_usize.. {
            let child = self.branch.children.get(&position.to_string());
            let read = match child {
                Some(branch) => items
                    .next_element_seed(Walk {
                        branch,
                        found: &mut *self.found,
                    })?
                    .is_some(),
                None => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !read {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.keep(value);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.keep(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.keep(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.keep(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.keep(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Looks a key up without copying it.
struct Child<'b>(&'b Branch);

impl<'de, 'b> DeserializeSeed<'de> for Child<'b> {
    type Value = Option<&'b Branch>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'b> Visitor<'_> for Child<'b> {
    type Value = Option<&'b Branch>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.children.get(name))
    }
}

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
