//! The demo cluster as its clients see it: requests and answers.

mod client;

mod discovery;
mod list;
mod scenario;
mod watch;
mod write;
