//! What can be deployed, and what a filled-in recipe comes to. Nothing here changes a cluster.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{ReadRecipes, Recipes as TheRecipes, RenderRecipe, RenderedRecipe},
    recipes::BrokenRecipe,
};
use strata_catalog::Catalog;
use strata_domain::{
    ids::{ClusterId, GroupKind},
    text::Text,
};
use strata_ports::{cluster::ServedKind, error::PortError, recipes::RecipeFolder};
use strata_recipes::{
    Collection, Order, Others, Place, Recipe, RecipeError, RecipeFile, Rendered,
    render::is_cluster_wide_by_itself,
};

use super::Operations;
use crate::error::of_port;

pub(super) mod checks;
mod told;

pub(super) use told::{error, written};

/// Strata's own recipes, read when they are first asked for, and the user's folder.
pub(crate) struct Recipes {
    folder: Arc<dyn RecipeFolder>,
    embedded: Arc<OnceLock<Result<Collection, RecipeError>>>,
}

impl Recipes {
    pub(crate) fn of(folder: Arc<dyn RecipeFolder>) -> Self {
        Self {
            folder,
            embedded: Arc::default(),
        }
    }
}

/// Both kinds of recipes, for the length of an operation.
pub(super) struct Known {
    embedded: Arc<OnceLock<Result<Collection, RecipeError>>>,
    others: Others,
}

impl Known {
    fn all(&self) -> impl Iterator<Item = &Recipe> {
        let own = self.embedded.get().and_then(|read| read.as_ref().ok());
        let own = own.into_iter().flat_map(Collection::recipes);
        own.chain(&self.others.recipes)
    }

    /// The recipe `id`.
    pub(super) fn recipe(&self, id: &str) -> Result<&Recipe, ApiError> {
        self.all().find(|recipe| recipe.id == id).ok_or_else(|| {
            ApiError::new(
                ErrorCode::NotFound,
                format!("there is no recipe `{id}`; `strata recipes` lists them"),
            )
        })
    }
}

/// The kinds that a cluster serves, by kind; none where no cluster was asked.
pub(super) type Served = Option<HashMap<GroupKind, ServedKind>>;

pub(super) async fn read_recipes(
    operations: &Operations,
    request: ReadRecipes,
) -> Result<TheRecipes, ApiError> {
    let known = known(operations).await?;
    // The gallery is worth showing without the cluster.
    let (served, unread) = match served(operations, request.cluster).await {
        Ok(served) => (served, String::new()),
        Err(error) => (None, error.to_string()),
    };
    let folder = operations.recipes.folder.place();
    let recipes = known
        .all()
        .map(|recipe| told::recipe(recipe, &served, &operations.catalog));
    Ok(TheRecipes {
        recipes: recipes.collect(),
        broken: known.others.broken.iter().map(broken).collect(),
        folder: folder.map_or_else(String::new, |folder| folder.display().to_string()),
        unread,
    })
}

pub(super) async fn render_recipe(
    operations: &Operations,
    request: RenderRecipe,
) -> Result<RenderedRecipe, ApiError> {
    let known = known(operations).await?;
    let served = served(operations, request.cluster.clone()).await?;
    let recipe = known.recipe(&request.recipe)?;
    let rendered = render(recipe, request, &served)?;
    told::rendered(rendered, &served, &operations.catalog)
}

/// Fills in a recipe.
pub(super) fn render(
    recipe: &Recipe,
    request: RenderRecipe,
    served: &Served,
) -> Result<Rendered, ApiError> {
    let order = Order {
        values: request.values,
        typed: request.typed,
    };
    let is_cluster_wide = |kind: &GroupKind| is_cluster_wide(kind, served);
    let place = Place {
        namespace: &request.namespace,
        is_cluster_wide: &is_cluster_wide,
    };
    recipe.render(&order, place).map_err(|error| ApiError {
        code: ErrorCode::InvalidInput,
        message: format!(
            "the recipe `{}` cannot be filled in with these values",
            recipe.id
        ),
        causes: vec![error.to_string()],
    })
}

/// Whether objects of `kind` lie in no namespace, by the cluster or else by what is known of itself.
pub(super) fn is_cluster_wide(kind: &GroupKind, served: &Served) -> bool {
    let known = served.as_ref().and_then(|served| served.get(kind));
    known.map_or_else(
        || is_cluster_wide_by_itself(kind),
        |known| !known.is_namespaced,
    )
}

/// Strata's own recipes and those of the user's folder as it is now.
pub(super) async fn known(operations: &Operations) -> Result<Known, ApiError> {
    let folder = Arc::clone(&operations.recipes.folder);
    let embedded = Arc::clone(&operations.recipes.embedded);
    operations
        .on_disk(move || {
            let collection = embedded.get_or_init(Collection::embedded);
            let others = match collection {
                Ok(collection) => others(collection, folder.as_ref())?,
                Err(_) => Others::default(),
            };
            Ok(Known { embedded, others })
        })
        .await
        .and_then(|known| match known.embedded.get() {
            Some(Err(error)) => Err(ApiError::new(
                ErrorCode::Internal,
                format!("the embedded recipes are damaged: {error}"),
            )),
            _ => Ok(known),
        })
}

fn others(collection: &Collection, folder: &dyn RecipeFolder) -> Result<Others, PortError> {
    let found = folder.read()?;
    let files: Vec<RecipeFile<'_>> = found
        .iter()
        .filter_map(|file| {
            let text = file.text.as_deref().ok()?;
            let name = &file.name;
            Some(RecipeFile { name, text })
        })
        .collect();
    let mut others = collection.others(&files);
    for file in &found {
        if let Err(message) = &file.text {
            others.broken.push(RecipeError {
                file: file.name.clone(),
                line: 1,
                message: message.clone(),
            });
        }
    }
    Ok(others)
}

/// What the cluster serves.
pub(super) async fn served(
    operations: &Operations,
    cluster: Option<String>,
) -> Result<Served, ApiError> {
    let Some(cluster) = cluster else {
        return Ok(None);
    };
    let cluster = ClusterId(Text::from(cluster));
    let kinds = operations.objects.served(&cluster).await;
    let kinds = kinds.map_err(|error| of_port(&error))?;
    let by_kind = kinds.into_iter().map(|kind| (kind.kind.clone(), kind));
    Ok(Some(by_kind.collect()))
}

fn broken(error: &RecipeError) -> BrokenRecipe {
    BrokenRecipe {
        file: error.file.clone(),
        line: u32::try_from(error.line).unwrap_or(u32::MAX),
        message: error.message.clone(),
    }
}

/// The component that brings `kind`, by name; empty for Kubernetes' own.
fn component(catalog: &Catalog, kind: &GroupKind) -> String {
    catalog
        .recognise_kind(kind)
        .map(|component| component.name.to_string())
        .unwrap_or_default()
}
