//! `cargo xtask check`: the quick loop.

use anyhow::Result;

use crate::{
    Tree,
    rungs::{Ladder, Rung},
};

/// Runs the rungs that need no browser, window or cluster.
pub(crate) fn run(tree: &Tree) -> Result<()> {
    Ladder::new(tree).climb(&[Rung::Format, Rung::Lint, Rung::Rust, Rung::Interface])
}
