//! What the pods of a job write, merged by time, with the first error found.
//!
//! A [`desk::LogDesk`] keeps a [`book::Book`] for each job whose logs somebody looks at, as long as
//! somebody does, and opens and closes the readers of its containers ([`sources`] tells which). What
//! lines mean is told by pure functions: [`errors`] finds errors, [`exits`] explains exit codes,
//! [`styles`] parses escape sequences.

pub(crate) mod desk;
pub(crate) mod errors;
pub(crate) mod exits;

mod book;
mod rows;
mod sources;
mod styles;
