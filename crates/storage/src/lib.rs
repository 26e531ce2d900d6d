//! What Strata remembers on this computer, in one SQLite file. Never secrets.
//!
//! [`database`] opens and migrates the file, [`settings`] is its first table.

pub mod database;
pub mod settings;
