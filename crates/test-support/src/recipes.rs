//! The user's own recipes, as a test wrote them.

use std::path::PathBuf;

use strata_ports::{
    error::PortError,
    recipes::{FoundFile, RecipeFolder},
};

/// No folder of recipes.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRecipes;

impl RecipeFolder for NoRecipes {
    fn place(&self) -> Option<PathBuf> {
        None
    }

    fn read(&self) -> Result<Vec<FoundFile>, PortError> {
        Ok(Vec::new())
    }
}

/// A folder with these recipes, by name and text.
#[derive(Clone, Debug, Default)]
pub struct ScriptedRecipes(pub Vec<(String, String)>);

impl RecipeFolder for ScriptedRecipes {
    fn place(&self) -> Option<PathBuf> {
        Some(PathBuf::from("/home/ada/.config/strata/recipes"))
    }

    fn read(&self) -> Result<Vec<FoundFile>, PortError> {
        let files = self.0.iter().map(|(name, text)| FoundFile {
            name: name.clone(),
            text: Ok(text.clone()),
        });
        Ok(files.collect())
    }
}
