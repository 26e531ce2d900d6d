//! The traits that the outside world implements, and their error kinds.
//!
//! Adapters (`strata-kubernetes`, `strata-storage`, the demo) implement them, the engine uses them;
//! neither sees the other. Start with [`cluster`].

pub mod clock;
pub mod cluster;
pub mod connection;
pub mod containers;
pub mod contexts;
pub mod control;
pub mod error;
pub mod holdings;
pub mod journal;
pub mod logs;
pub mod objects;
pub mod past_jobs;
pub mod prometheus;
pub mod proxy;
pub mod recipes;
pub mod series;
pub mod settings;
pub mod telemetry;
pub mod tunnel;
pub mod workstation;
