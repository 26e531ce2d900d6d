//! Strata's own recipes, and those of other files beside them.

use crate::{
    error::{Flaw, RecipeError},
    file::{Shared, read_recipe, read_shared_manifests, read_shared_parameters},
    recipe::Recipe,
};

/// A recipe's file: its name and its text.
#[derive(Clone, Copy, Debug)]
pub struct RecipeFile<'a> {
    /// The name, for errors.
    pub name: &'a str,
    /// The text, in YAML.
    pub text: &'a str,
}

macro_rules! embedded {
    ($($name:literal,)*) => {
        [$(RecipeFile {
            name: concat!($name, ".yaml"),
            text: include_str!(concat!("../../../assets/recipes/", $name, ".yaml")),
        },)*]
    };
}

const SHARED_PARAMETERS: RecipeFile<'static> = RecipeFile {
    name: "shared/parameters.yaml",
    text: include_str!("../../../assets/recipes/shared/parameters.yaml"),
};

const SHARED_MANIFESTS: RecipeFile<'static> = RecipeFile {
    name: "shared/manifests.yaml",
    text: include_str!("../../../assets/recipes/shared/manifests.yaml"),
};

/// In the order of the gallery.
const EMBEDDED: &[RecipeFile<'static>] = &embedded![
    "vllm",
    "sglang",
    "triton",
    "ollama",
    "llama-cpp",
    "kserve-llm",
    "llm-inference-service",
    "vllm-multi-node",
    "sglang-multi-node",
    "predictive-kserve",
    "predictive-triton",
    "canary-route",
    "train-job",
    "train-jobset",
    "train-trainjob",
    "train-pytorchjob",
    "train-rayjob",
    "batch-inference",
    "notebook",
    "ray-cluster",
    "qdrant",
    "image",
    "manifests",
];

/// Strata's own recipes.
#[derive(Debug)]
pub struct Collection {
    recipes: Vec<Recipe>,
    shared: Shared,
}

/// The recipes of other files, and the files that are none.
#[derive(Debug, Default)]
pub struct Others {
    /// The recipes.
    pub recipes: Vec<Recipe>,
    /// The files that are no recipes, and why.
    pub broken: Vec<RecipeError>,
}

impl Collection {
    /// The recipes that are embedded into the program.
    pub fn embedded() -> Result<Self, RecipeError> {
        let of = |file: RecipeFile<'static>| move |flaw: Flaw| flaw.in_file(file.name);
        let shared = Shared {
            parameters: read_shared_parameters(SHARED_PARAMETERS.text)
                .map_err(of(SHARED_PARAMETERS))?,
            manifests: read_shared_manifests(SHARED_MANIFESTS.text)
                .map_err(of(SHARED_MANIFESTS))?,
        };
        let mut collection = Self {
            recipes: Vec::with_capacity(EMBEDDED.len()),
            shared,
        };
        for file in EMBEDDED {
            let recipe = read_recipe(file.text, "", &collection.shared)
                .map_err(|flaw| flaw.in_file(file.name))?;
            collection.recipes.push(recipe);
        }
        Ok(collection)
    }

    /// The recipes of `files`, of the same form and with the same shared parameters. A broken file
    /// is named, and keeps no other away.
    pub fn others(&self, files: &[RecipeFile<'_>]) -> Others {
        let mut others = Others::default();
        for file in files {
            let read = read_recipe(file.text, file.name, &self.shared)
                .map_err(|flaw| flaw.in_file(file.name));
            let known = |id: &str| {
                let mut all = self.recipes.iter().chain(&others.recipes);
                all.any(|recipe| recipe.id == id)
            };
            match read {
                Ok(recipe) if known(&recipe.id) => others.broken.push(RecipeError {
                    file: file.name.to_owned(),
                    line: 1,
                    message: format!(
                        "there is a recipe `{}` already; give this one another id",
                        recipe.id
                    ),
                }),
                Ok(recipe) => others.recipes.push(recipe),
                Err(error) => others.broken.push(error),
            }
        }
        others
    }

    /// All of them, in the order of the gallery.
    pub fn recipes(&self) -> &[Recipe] {
        &self.recipes
    }

    /// The recipe `id`.
    pub fn recipe(&self, id: &str) -> Option<&Recipe> {
        self.recipes.iter().find(|recipe| recipe.id == id)
    }
}

#[cfg(test)]
mod tests;
