//! What Strata remembers on this computer, in SQLite files. Never secrets.
//!
//! [`database`] opens and migrates the file of what must not be lost: [`settings`] is its first table,
//! [`journal`] keeps what was changed in clusters. [`series`] keeps what was measured, in a file of its
//! own that may be thrown away. [`recipes`] are the user's own files beside them.

pub mod database;
pub mod journal;
pub mod recipes;
pub mod series;
pub mod settings;
