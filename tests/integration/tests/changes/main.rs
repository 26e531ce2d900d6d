//! Changing the demo cluster through the whole engine.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

mod demo;

mod actions;
mod applying;
mod guarding;
