//! The tasks of this repository: `cargo xtask run`, `test`, `check`, `bindings`, `openapi`.
//!
//! `run` and `test` work on a fresh machine: what is missing is installed, with a sentence on what
//! and why ([`packages`], [`tools`]). [`interface`] builds the UI, [`rungs`] is the test ladder.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

mod bindings;
mod check;
mod command;
mod interface;
mod openapi;
mod packages;
mod run;
mod rungs;
mod test;
mod tools;

/// Builds, runs and tests Strata, and installs what that needs.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Opens Strata on the demo cluster; where there is no display, serves it and prints the link.
    Run(run::Run),
    /// Runs every test and ends with one line of counts.
    Test(test::Test),
    /// The quick loop: formats, lints, and the tests that need no browser, window or cluster.
    Check,
    /// Writes the TypeScript side of the contract.
    Bindings {
        /// Compares instead of writing.
        #[arg(long)]
        check: bool,
    },
    /// Records the OpenAPI documents of a running kube-apiserver for the demo cluster.
    Openapi {
        /// The kubeconfig whose current context is that server.
        #[arg(long)]
        kubeconfig: PathBuf,
    },
}

fn main() -> Result<()> {
    let tree = Tree::of_this_program()?;
    match Arguments::parse().task {
        Task::Run(run) => run::run(&tree, &run),
        Task::Test(test) => test::run(&tree, &test),
        Task::Check => check::run(&tree),
        Task::Bindings { check } => bindings::run(&tree.root, check),
        Task::Openapi { kubeconfig } => openapi::record(&tree.root, &kubeconfig),
    }
}

/// The checkout, and where its builds go.
struct Tree {
    root: PathBuf,
    target: PathBuf,
}

impl Tree {
    fn of_this_program() -> Result<Self> {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let root = here
            .parent()
            .context("xtask lies in the repository's root")?
            .to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |target| root.join(target));
        Ok(Self { root, target })
    }

    /// A program that `cargo build` has built.
    fn built(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}
