//! Who owns which fields of an object, and merging by that: what server-side apply stands on.
//!
//! Pure functions over a schema and JSON values, after the rules of
//! `sigs.k8s.io/structured-merge-diff` 6. Read in this order: the set of fields, the shape of a
//! value, extracting, comparing, merging and removing by sets; then who owns what, and how an
//! update and an apply change that.

mod set;
mod shape;

mod compare;
mod extract;
mod merge;
mod remove;
mod typed;

mod apply;
mod conflict;
mod owners;
mod update;

pub(crate) use self::{
    apply::{Refusal, apply},
    conflict::{Conflict, message},
    owners::differ_in_times_alone,
    set::FieldSet,
    shape::Shape,
    update::{Writer, update},
};
