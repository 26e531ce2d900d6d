//! The composition root: what a shell starts.
//!
//! It knows every adapter and hands them to the engine; shells know this crate and `strata-api`
//! alone, so that all of them are wired alike.

mod demo;
mod history;
mod launch;
mod logging;
mod sampler;
mod simulation;

pub use launch::{DataFolder, Launch, start};
pub use logging::start_logging;
pub use sampler::{ChildRole, sampler_of_this_program};
pub use simulation::Simulation;
pub use strata_engine::{Engine, FrameSink, SinkClosed, SubscriptionId};
pub use strata_gpu::supervise::SamplerCommand;
/// What models take: shells that only compute need no engine.
pub use strata_planner as planner;
