//! What Strata remembers on this computer, in one SQLite file. Never secrets.
//!
//! [`database`] opens and migrates the file, [`settings`] is its first table, [`journal`] keeps what was
//! changed in clusters.

pub mod database;
pub mod journal;
pub mod settings;
