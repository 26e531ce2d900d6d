//! Changing clusters.
//!
//! Whatever is to be changed becomes a [`plan::Plan`]: the writes to single objects, in their order.
//! `manifest` reads YAML into such writes, `order` sorts them; an action on what is there is a file
//! under `actions`, and `edit` takes what somebody changed in an object's own YAML. Every plan then goes
//! the same way, `carry_out`: may the context be changed at all (`guard`), has the user the permissions
//! (`permissions`), what does the API server say to a dry run of each write (`gate` is the only door to
//! it), what does that hurt (`hurt`). Only then, and only where that is asked for, the writes are made,
//! each noted down before and after (`record`). `told` reads that again, and `settle` finishes or undoes
//! what it tells. `beforehand` says which permissions are missing before anything is planned at all.

pub(crate) mod beforehand;
mod carry_out;
mod complaint;
mod gate;
pub(crate) mod guard;
pub(crate) mod hurt;
pub(crate) mod kubectl;
pub(crate) mod manifest;
pub(crate) mod notebook;
mod obstacle;
mod order;
mod permissions;
mod plan;
pub(crate) mod policy;
pub(crate) mod record;
mod shown;
pub(crate) mod told;

pub(crate) mod actions;
pub(crate) mod apply;
pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod settle;

use carry_out::carry_out;
pub(crate) use gate::Gate;
pub(crate) use kubectl::quoted;
pub(crate) use shown::named;
