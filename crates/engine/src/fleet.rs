//! The ground state: what the clusters said last, and nothing that is computed from it.
//!
//! A [`cluster::Cluster`] keeps each kind in a [`table::Table`]; [`trends`] (of [`ring`]s) and [`traffic`] keep the
//! short past that the stack's bands and the freshness badges show; [`telemetry`] is what exporters told of devices,
//! [`workstation`] how the machine that Strata runs on does.

pub mod cluster;
pub mod ring;
mod slots;
pub mod table;
pub mod telemetry;
pub mod traffic;
pub mod trends;
pub mod workstation;
