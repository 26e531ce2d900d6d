//! Parameters: what a recipe asks for, and how a value is read.

use regex::Regex;
use serde_json::Value;
use strata_catalog::Bilingual;
use strata_domain::ids::GroupKind;

use crate::{fault::Fault, formula::Formula, setting::Setting};

mod forms;
mod manifests;
mod read;

pub use forms::ModelForm;

/// What a recipe asks for.
#[derive(Debug)]
pub struct Parameter {
    /// Its id: what values are given under.
    pub id: String,
    /// The part of the form in which it stands.
    pub section: Section,
    /// What it is called.
    pub name: Bilingual,
    /// What it means and what to choose.
    pub help: Bilingual,
    /// Its type and what constrains it.
    pub kind: Kind,
    /// Whether a value has to be there.
    pub required: bool,
    /// The value where none is given.
    pub default: Option<Setting>,
    /// A unit that stands behind it; may be empty.
    pub unit: String,
    /// It applies only while this is true of the parameters before it.
    pub when: Option<Formula>,
}

/// The parts of a form, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What is deployed.
    What,
    /// How the model is split and run.
    Model,
    /// What and how it is trained.
    Training,
    /// How much of what it takes.
    Resources,
    /// Where it runs and who goes first.
    Placement,
    /// Where data lies.
    Storage,
    /// Everything that has a good default.
    Advanced,
}

/// The types of parameters, with their constraints.
#[derive(Debug)]
pub enum Kind {
    /// A name that an object gets.
    Name {
        /// The most characters.
        max_length: usize,
    },
    /// Text.
    Text {
        /// The fewest characters.
        min_length: usize,
        /// The most characters.
        max_length: usize,
        /// The form that it has to have.
        pattern: Option<Regex>,
        /// Whether it may have line breaks.
        lines: bool,
    },
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A number.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// An amount in Kubernetes' form: `16Gi`, `500m`.
    Quantity {
        /// The least, as it is written.
        min: String,
        /// The most, as it is written.
        max: String,
    },
    /// Yes or no.
    Boolean,
    /// One of several.
    Choice {
        /// Which.
        options: Vec<ChoiceOption>,
    },
    /// A container image.
    Image,
    /// A model.
    Model {
        /// The ways in which it may be named.
        forms: Vec<ModelForm>,
    },
    /// A key of a Secret of the namespace.
    Secret,
    /// An object that is there already, by its name.
    Object {
        /// Its kind.
        kind: GroupKind,
    },
    /// Environment variables.
    Environment,
    /// Texts.
    List {
        /// The most entries.
        max_items: usize,
    },
    /// Labels.
    Labels,
    /// Manifests that somebody wrote.
    Manifests,
}

/// One of several.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    /// The value.
    pub value: String,
    /// What it is called.
    pub name: Bilingual,
}

impl Parameter {
    /// Reads a value of this parameter. Null, and text without a character, stand for none.
    pub fn read(&self, value: &Value) -> Result<Option<Setting>, Fault> {
        let is_nothing = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        if is_nothing {
            return Ok(None);
        }
        read::read(&self.kind, value).map(Some)
    }

    /// A value as somebody types it on a command line, in the form that [`Parameter::read`] takes.
    /// Several values of a list, of labels or of an environment stand on lines of their own.
    pub fn typed(&self, text: &str) -> Value {
        read::typed(&self.kind, text)
    }
}
