//! Walking over JSON beside a tree of the wanted paths: what has no branch in it is skipped.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use strata_domain::{job::JobObject, queue::QueueObject, text::Text};

use crate::slim::{meta::ObjectMeta, values::ProbedCondition};

/// A tree of the paths that are wanted.
#[derive(Debug, Default)]
pub(super) struct Branch {
    children: BTreeMap<String, Branch>,
    /// The path of the scalar that is kept here.
    pub(super) field: Option<Text>,
    /// The part of every object that is read here.
    pub(super) part: Option<Part>,
}

/// The parts that every custom object has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Metadata,
    Conditions,
}

impl Branch {
    /// The branch at a dotted path, grown where it is not there yet.
    pub(super) fn grow(&mut self, path: &str) -> &mut Self {
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
pub(super) struct Found {
    pub(super) metadata: ObjectMeta,
    pub(super) conditions: Vec<ProbedCondition>,
    pub(super) fields: Vec<(Text, String)>,
    pub(super) job: Option<Box<JobObject>>,
    pub(super) queue: Option<Box<QueueObject>>,
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
pub(super) struct Walk<'w> {
    pub(super) branch: &'w Branch,
    pub(super) found: &'w mut Found,
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
