//! Recipes: what somebody wants to run, as manifests with typed parameters.
//!
//! A recipe is data (`assets/recipes/*.yaml`, and files of the same form in the user's own folder).
//! This crate loads it with errors that name the line, checks values against its parameters with an
//! error for each field, and renders manifests. Nothing here reads a file or a cluster.
//!
//! Rendering pastes no text: a template is a tree, values are put into its nodes, and a library
//! writes the tree as YAML. A value stays a value whatever it contains.
//!
//! Read in this order: [`parameter`] and the [`setting`]s that fill one, with the [`fault`]s that a
//! wrong value has; `template`, the tree with its places for values; [`recipe`], both together;
//! [`render`], from values to manifests; [`collection`], all recipes; [`demand`], what manifests ask
//! of a cluster; [`release`], how what was deployed is kept in the cluster itself.

mod located;

pub mod fault;
pub mod parameter;
pub mod setting;

mod formula;
mod template;

mod file;
pub mod recipe;
pub mod render;

pub mod collection;
pub mod demand;
pub mod difference;
pub mod error;
pub mod release;

pub use collection::{Collection, Others, RecipeFile};
pub use error::RecipeError;
pub use fault::{Fault, FieldFault};
pub use parameter::{Kind, Parameter};
pub use recipe::{Purpose, Recipe};
pub use render::{Order, Place, Rendered};
pub use setting::Setting;
