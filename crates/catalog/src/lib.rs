//! The catalogue: the five layers of the stack, the components that stand in them, and how one is
//! recognised in a cluster. It is data (`assets/catalog/*.toml`, embedded into the program); this
//! crate gives it types, checks it, and answers "what is this?" for kinds, workloads, images,
//! labels, resources and drivers.
//!
//! Read in this order: [`component`] (what is known of a component), [`kind`] (what is read from
//! its custom objects) with [`reading`] (how their words are judged), [`layers`] and [`capability`]
//! (the picture that components stand in), [`map`] and [`conformance`] (what is asked of a cluster),
//! [`image`] (image references), [`catalog`] (all of it, loaded).

pub mod component;
pub mod kind;
pub mod reading;

pub mod capability;
pub mod layers;

pub mod conformance;
pub mod map;

pub mod image;
mod pattern;

pub mod catalog;
mod check;
pub mod error;
mod file;
mod index;

pub use capability::{Capability, CapabilityEntry, Relation};
pub use catalog::Catalog;
pub use component::{Bilingual, Component, Metrics, OpenAi, Profile, Signs, VersionSource};
pub use conformance::{Checklist, Conformance, Level, Requirement, RequirementId};
pub use error::CatalogError;
pub use image::version_of_image;
pub use kind::{
    AdmissionRule, ApplicationProfile, ApplicationRule, Count, KindRule, Noun, Purpose, QueueRule,
    Replicas, Role,
};
pub use layers::{Category, LayerEntry, Persona};
pub use map::{Map, Need, NeedEntry, RoleEntry, Stage, StageEntry, StorageKind};
pub use reading::{Phase, Reading, Test, Verdict};
