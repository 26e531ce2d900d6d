//! The wire contract between the engine and whatever shows it.
//!
//! Read [`operations`] first: it is the whole list of what can be asked. [`topics`] is the list of
//! what can be subscribed to, [`frames`] how a subscription speaks, [`rows`] what it speaks of.
//! [`change`] and [`edit`] are what is asked and answered where a cluster is to be changed,
//! [`protection`] and [`permissions`] what keeps one from it, [`journal`] what was noted down about
//! it, [`workstation`] is the change of this machine; [`playground`] is what is asked of a served
//! model.
//! Sentences that the engine says are [`phrases`]: a code with its English and Chinese words, so
//! that every shell says them in the user's language.

pub mod operations;
pub mod timeline;
pub mod topics;

pub mod frames;
pub mod rows;

pub mod change;
pub mod containers;
pub mod edit;
pub mod journal;
pub mod permissions;
pub mod protection;

pub mod error;
pub mod explanation;
pub mod history;
pub mod job_history;
pub mod machine_history;
pub mod moment;
pub mod namespaces;
pub mod phrases;
pub mod pictures;
pub mod playground;
pub mod prometheus;
pub mod recipes;
pub mod releases;
pub mod rollout;
pub mod schema;
pub mod sizing;
pub mod workstation;
