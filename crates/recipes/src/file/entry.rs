//! A parameter as a file has it.

use std::fmt::Display;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::Spanned;
use strata_catalog::Bilingual;
use strata_domain::ids::GroupKind;

use super::check_id;
use crate::{
    error::Flaw,
    formula::Formula,
    located::{Located, line},
    parameter::{ChoiceOption, Kind, ModelForm, Parameter, Section},
};

/// The types, as files name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TypeWord {
    Name,
    Text,
    Integer,
    Number,
    Quantity,
    Boolean,
    Choice,
    Image,
    Model,
    Secret,
    StorageClass,
    Queue,
    Claim,
    Object,
    Environment,
    List,
    Labels,
    Manifests,
}

/// A parameter as a file has it; with `use` it takes what it does not say from a shared one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ParameterEntry {
    pub(super) r#use: Option<Spanned<String>>,
    pub(super) id: Option<Spanned<String>>,
    r#type: Option<Spanned<TypeWord>>,
    section: Option<Section>,
    name: Option<Bilingual>,
    help: Option<Bilingual>,
    required: Option<bool>,
    default: Option<Located>,
    unit: Option<String>,
    pub(super) when: Option<Spanned<String>>,
    min: Option<Located>,
    max: Option<Located>,
    min_length: Option<Spanned<usize>>,
    max_length: Option<Spanned<usize>>,
    max_items: Option<Spanned<usize>>,
    pattern: Option<Spanned<String>>,
    lines: Option<Spanned<bool>>,
    options: Option<Spanned<Vec<ChoiceOption>>>,
    forms: Option<Spanned<Vec<ModelForm>>>,
    kind: Option<Spanned<String>>,
}

impl ParameterEntry {
    /// This entry, with what it does not say taken from `base`.
    pub(super) fn over(self, base: &Self) -> Self {
        macro_rules! or {
            ($($field:ident),*) => { Self { $($field: self.$field.or_else(|| base.$field.clone()),)* } };
        }
        or!(
            r#use, id, r#type, section, name, help, required, default, unit, when, min, max,
            min_length, max_length, max_items, pattern, lines, options, forms, kind
        )
    }

    /// The parameter, which stands on line `at`.
    pub(super) fn into_parameter(self, at: u64, when: Option<Formula>) -> Result<Parameter, Flaw> {
        let id = self.id.as_ref().ok_or_else(|| missing(at, "id"))?;
        check_id(id, "parameter")?;
        let id = id.value.clone();
        let kind = self.read_kind(at, &id)?;
        let mut parameter = Parameter {
            id,
            section: self.section.unwrap_or(Section::Advanced),
            name: self.name.ok_or_else(|| missing(at, "name"))?,
            help: self.help.ok_or_else(|| missing(at, "help"))?,
            kind,
            required: self.required.unwrap_or(false),
            default: None,
            unit: self.unit.unwrap_or_default(),
            when,
        };
        if let Some(default) = &self.default {
            let read = parameter.read(&default.value.to_json());
            parameter.default = read.map_err(|fault| {
                let message = format!(
                    "the default of `{}` is not a value of it: {fault:?}",
                    parameter.id
                );
                Flaw::new(line(default), message)
            })?;
        }
        Ok(parameter)
    }

    fn read_kind(&self, at: u64, id: &str) -> Result<Kind, Flaw> {
        let word = self.r#type.as_ref().ok_or_else(|| missing(at, "type"))?;
        self.check_constraints(word.value, id)?;
        Ok(match word.value {
            TypeWord::Name => Kind::Name {
                max_length: self.max_length.as_ref().map_or(53, |length| length.value),
            },
            TypeWord::Text => Kind::Text {
                min_length: self.min_length.as_ref().map_or(0, |length| length.value),
                max_length: self.max_length.as_ref().map_or(1024, |length| length.value),
                pattern: self.pattern.as_ref().map(read_pattern).transpose()?,
                lines: self.lines.as_ref().is_some_and(|lines| lines.value),
            },
            TypeWord::Integer => Kind::Integer {
                min: bound(self.min.as_ref(), 0, Value::as_i64)?,
                max: bound(self.max.as_ref(), i64::from(i32::MAX), Value::as_i64)?,
            },
            TypeWord::Number => Kind::Number {
                min: bound(self.min.as_ref(), 0.0, Value::as_f64)?,
                max: bound(self.max.as_ref(), 1e12, Value::as_f64)?,
            },
            TypeWord::Quantity => Kind::Quantity {
                min: bound(self.min.as_ref(), "0".to_owned(), amount)?,
                max: bound(self.max.as_ref(), "1Pi".to_owned(), amount)?,
            },
            TypeWord::Boolean => Kind::Boolean,
            TypeWord::Choice => Kind::Choice {
                options: self.options.as_ref().map_or_else(
                    || Err(missing(at, "options")),
                    |options| Ok(options.value.clone()),
                )?,
            },
            TypeWord::Image => Kind::Image,
            TypeWord::Model => Kind::Model {
                forms: self.forms.as_ref().map_or_else(
                    || Err(missing(at, "forms")),
                    |forms| Ok(forms.value.clone()),
                )?,
            },
            TypeWord::Secret => Kind::Secret,
            TypeWord::StorageClass => object("storage.k8s.io", "StorageClass"),
            TypeWord::Queue => object("kueue.x-k8s.io", "LocalQueue"),
            TypeWord::Claim => object("", "PersistentVolumeClaim"),
            TypeWord::Object => {
                let kind = self.kind.as_ref().ok_or_else(|| missing(at, "kind"))?;
                let (kind, group) = kind.value.split_once('.').unwrap_or((&kind.value, ""));
                object(group, kind)
            }
            TypeWord::Environment => Kind::Environment,
            TypeWord::List => Kind::List {
                max_items: self.max_items.as_ref().map_or(64, |items| items.value),
            },
            TypeWord::Labels => Kind::Labels,
            TypeWord::Manifests => Kind::Manifests,
        })
    }

    /// Refuses what constrains nothing.
    fn check_constraints(&self, word: TypeWord, id: &str) -> Result<(), Flaw> {
        use TypeWord as T;
        let bounds = [T::Integer, T::Number, T::Quantity];
        let given = [
            ("min", self.min.as_ref().map(line), bounds.as_slice()),
            ("max", self.max.as_ref().map(line), &bounds),
            ("min_length", self.min_length.as_ref().map(line), &[T::Text]),
            (
                "max_length",
                self.max_length.as_ref().map(line),
                &[T::Text, T::Name],
            ),
            ("max_items", self.max_items.as_ref().map(line), &[T::List]),
            ("pattern", self.pattern.as_ref().map(line), &[T::Text]),
            ("lines", self.lines.as_ref().map(line), &[T::Text]),
            ("options", self.options.as_ref().map(line), &[T::Choice]),
            ("forms", self.forms.as_ref().map(line), &[T::Model]),
            ("kind", self.kind.as_ref().map(line), &[T::Object]),
        ];
        let misplaced = given
            .iter()
            .find(|(_, at, types)| at.is_some() && !types.contains(&word));
        match misplaced {
            Some((name, Some(at), _)) => {
                let message = format!("`{name}` says nothing about `{id}`, which is a {word:?}");
                Err(Flaw::new(*at, message.to_lowercase()))
            }
            _ => Ok(()),
        }
    }
}

fn object(group: &str, kind: &str) -> Kind {
    Kind::Object {
        kind: GroupKind::new(group, kind),
    }
}

fn missing(at: u64, field: &str) -> Flaw {
    Flaw::new(at, format!("the parameter has no `{field}`"))
}

fn read_pattern(pattern: &Spanned<String>) -> Result<Regex, Flaw> {
    Regex::new(&pattern.value).map_err(|error| {
        let said = error.to_string();
        let last = said.lines().last().unwrap_or_default();
        let message = format!("`{}` is no regular expression: {last}", pattern.value);
        Flaw::new(line(pattern), message)
    })
}

fn amount(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    strata_domain::quantity::parse(&text).map(|_| text)
}

fn bound<T: Display>(
    source: Option<&Located>,
    default: T,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<T, Flaw> {
    source.map_or(Ok(default), |source| {
        let value = source.value.to_json();
        read(&value)
            .ok_or_else(|| Flaw::new(line(source), format!("{value} is no bound of this type")))
    })
}
