//! Changing the machine that Strata runs on.
//!
//! What can be done is an [`act::Act`]: what is shown of it and what is noted down, in the forms that
//! changes of a cluster have, so that one review and one journal show both. `ending` ends a process,
//! `setting` sets a device, and `trials` are the settings that are taken back unless somebody keeps them.
//! `settle` finishes or undoes what the journal tells; `words` say what stands in the way and what comes
//! of it. Nothing else calls what the port `workstation` has to change with.

mod act;
mod ending;
mod setting;
mod settle;
pub(crate) mod trials;
pub(crate) mod words;

pub(crate) use ending::{KnownProcess, end_process};
pub(crate) use setting::set_device;
pub(crate) use settle::settle;
