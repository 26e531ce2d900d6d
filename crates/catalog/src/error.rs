//! What can be wrong with the catalogue's files.

use thiserror::Error;

/// The catalogue cannot be used; says where and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CatalogError {
    /// A file is not TOML, or not of the catalogue's shape.
    #[error("assets/catalog/{file}, line {line} ({near}): {message}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The component that the line stands under, and the line's text.
        near: String,
        /// What is wrong.
        message: String,
    },
    /// An entry contradicts itself or another.
    #[error("assets/catalog/{file}: {entry}: {field}: {message}")]
    Invalid {
        /// The file's name.
        file: String,
        /// The entry: a component's id, or what else it is.
        entry: String,
        /// The field.
        field: String,
        /// What is wrong.
        message: String,
    },
}
