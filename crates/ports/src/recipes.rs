//! The user's own recipes.

use std::path::PathBuf;

use crate::error::PortError;

/// The folder in which the user's own recipes lie.
pub trait RecipeFolder: Send + Sync {
    /// Where it is; none where there is none.
    fn place(&self) -> Option<PathBuf>;

    /// The recipe files in it, in the order of their names; empty where it is not there. Blocking.
    fn read(&self) -> Result<Vec<FoundFile>, PortError>;
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Its name within the folder.
    pub name: String,
    /// Its text; or why it has none.
    pub text: Result<String, String>,
}
