//! The nouns of Strata and their rules, without I/O.
//!
//! Read in this order: names ([`ids`], [`field_path`], [`text`], [`quantity`]), the words of the house ([`layer`],
//! [`severity`], [`condition`]) and its languages ([`tongue`]), what a cluster holds ([`object`] and the modules under it), what
//! one points at ([`subject`]).

pub mod field_path;
pub mod ids;
pub mod quantity;
pub mod text;

pub mod condition;
pub mod layer;
pub mod severity;
pub mod tongue;

pub mod accelerator;
pub mod custom;
pub mod job;
pub mod metadata;
pub mod model;
pub mod node;
pub mod object;
pub mod plain;
pub mod pod;
pub mod queue;
pub mod reading;
pub mod resource_slice;
pub mod series;
pub mod storage;
pub mod workload;
pub mod workstation;
pub mod xid;

pub mod subject;
