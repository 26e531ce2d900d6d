//! The state of the fleet, and every answer that is computed from it.
//!
//! Read in this order: [`Engine`] (what shells hold), [`fleet`] (the ground state), [`fold`] (how an
//! event changes it), [`derive`] (what follows from it), [`project`] (which rows a topic shows),
//! `stream` (how rows become frames), `operations` (what can be asked), `supervise` (which streams
//! of events are open). The engine opens no file and no connection: it sees the world through
//! `strata-ports`.

mod engine;
mod inbox;

pub mod derive;
pub mod fleet;
pub mod fold;
pub mod project;

mod error;
mod followed;
mod operations;
mod stream;
mod supervise;
mod writer;

pub use engine::{Engine, Parts};
pub use stream::{FrameSink, SinkClosed, SubscriptionId};
