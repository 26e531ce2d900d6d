//! `cargo xtask test`: everything.

use anyhow::Result;
use clap::Args;

use crate::{
    Tree,
    command::say,
    rungs::{Ladder, Rung},
};

#[derive(Args)]
pub(crate) struct Test {
    /// Leaves a rung out, by its name; may be given several times.
    #[arg(long, value_name = "RUNG", value_enum)]
    without: Vec<Rung>,

    /// Runs one rung alone; may be given several times.
    #[arg(long, value_name = "RUNG", value_enum, conflicts_with = "without")]
    only: Vec<Rung>,
}

/// Runs the rungs that were asked for. What is left out is named.
pub(crate) fn run(tree: &Tree, test: &Test) -> Result<()> {
    let is_wanted = |rung: &Rung| {
        if test.only.is_empty() {
            !test.without.contains(rung)
        } else {
            test.only.contains(rung)
        }
    };
    let (wanted, left_out): (Vec<Rung>, Vec<Rung>) = Rung::ALL.into_iter().partition(is_wanted);
    for rung in left_out {
        say(&format!("left out, as asked: {}", rung.name()));
    }
    Ladder::new(tree).climb(&wanted)
}
