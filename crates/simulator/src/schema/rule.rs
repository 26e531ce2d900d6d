//! A rule in CEL that a definition gives a value (`x-kubernetes-validations`).

use std::sync::OnceLock;

use cel::Program;
use serde::Deserialize;

/// The rule as it is written, and the programs that it is once it was needed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Rule {
    #[serde(rename = "rule")]
    pub(crate) expression: String,
    pub(crate) message: String,
    pub(crate) message_expression: String,
    /// What kind of cause a value is that breaks it; empty for an invalid one.
    pub(crate) reason: String,
    /// Whose cause it is, from the value on.
    pub(crate) field_path: String,
    pub(crate) optional_old_self: bool,
    #[serde(skip)]
    program: OnceLock<Option<Program>>,
    #[serde(skip)]
    message_program: OnceLock<Option<Program>>,
}

impl Rule {
    /// The program that it is; none where `compile` makes none of it.
    pub(crate) fn program(&self, compile: fn(&str) -> Option<Program>) -> Option<&Program> {
        self.program
            .get_or_init(|| compile(&self.expression))
            .as_ref()
    }

    /// The program that says what is wrong.
    pub(crate) fn message_program(&self, compile: fn(&str) -> Option<Program>) -> Option<&Program> {
        let make = || match self.message_expression.as_str() {
            "" => None,
            text => compile(text),
        };
        self.message_program.get_or_init(make).as_ref()
    }

    /// How errors name it.
    pub(crate) fn told(&self) -> &str {
        match self.message.trim() {
            "" => self.expression.trim(),
            message => message,
        }
    }
}
