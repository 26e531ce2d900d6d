//! What can be wrong with a recipe's file.

use thiserror::Error;

/// A recipe cannot be used; says where and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}, line {line}: {message}")]
pub struct RecipeError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong there, and what would be right.
    pub message: String,
}

/// What is wrong, and the line it is on; the file is known further out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) line: u64,
    pub(crate) message: String,
}

impl Flaw {
    pub(crate) fn new(line: u64, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }

    pub(crate) fn in_file(self, file: &str) -> RecipeError {
        RecipeError {
            file: file.to_owned(),
            line: self.line,
            message: self.message,
        }
    }
}
