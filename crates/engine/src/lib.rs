//! The state of the fleet, and every answer that is computed from it.
//!
//! Read in this order: [`Engine`] (what shells hold), `inbox` (what comes in), `writer` (the one
//! task that takes it in, in rounds), [`fleet`] (the ground state), [`fold`] (how an event changes
//! it), [`derive`] (what follows from it), [`project`] (which rows a topic shows), `followed` (all of
//! that for one cluster), `stream` (how rows become frames), `operations` (what can be asked),
//! `record` (what is kept of the past), `why` (why something does not run), `change` (changing
//! clusters), `machine` (changing the one that Strata runs on), `deploy` (what would stand in the way
//! of a deployment), `playground` (trying served models), `logs` (what pods write),
//! `supervise` (which streams of events are open). The engine opens no file and no connection: it
//! sees the world through `strata-ports`.

mod engine;
mod error;
mod inbox;
mod writer;

pub mod fleet;
pub mod fold;

pub mod derive;
pub mod project;

mod change;
mod checkpoint;
mod deploy;
mod followed;
mod local;
mod logs;
mod machine;
mod operations;
mod playground;
mod record;
mod rollout;
mod schema;
mod stream;
mod supervise;
mod why;
mod workstation;

pub use engine::{Engine, Parts};
pub use stream::{FrameSink, SinkClosed, SubscriptionId};
