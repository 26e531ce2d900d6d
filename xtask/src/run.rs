//! `cargo xtask run`: from a checkout to Strata on the screen.

use anyhow::Result;
use clap::Args;

use crate::{
    Tree,
    command::{command, run as execute, say},
    interface,
    packages::{self, COMPILER, WEB_VIEW},
};

#[derive(Args)]
pub(crate) struct Run {
    /// Serves to a browser even where there is a display.
    #[arg(long)]
    serve: bool,

    /// Goes on where Strata was left, instead of opening on the demo cluster.
    #[arg(long)]
    resume: bool,
}

/// Builds what is needed and starts it.
pub(crate) fn run(tree: &Tree, asked: &Run) -> Result<()> {
    let with_window = !asked.serve && has_display();
    packages::install(if with_window {
        &[COMPILER, WEB_VIEW]
    } else {
        &[COMPILER]
    })?;
    interface::build(tree)?;
    let package = if with_window {
        "strata-desktop"
    } else {
        "strata-cli"
    };
    say(&format!("building {package}"));
    execute(&mut command(
        "cargo",
        ["build", "--package", package],
        &tree.root,
    ))?;
    let demo: &[&str] = if asked.resume { &[] } else { &["--demo"] };
    if with_window {
        execute(&mut command(tree.built("strata-desktop"), demo, &tree.root))
    } else {
        if !asked.serve {
            say("there is no display, so Strata is served to a browser on this machine");
        }
        let line = [&["serve"], demo].concat();
        execute(&mut command(tree.built("strata"), line, &tree.root))
    }
}

fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
