//! Gets ready what the control plane tests need, so that no test waits for it: the programs, the
//! operators and the custom resource definitions. Prints a line for each step, with its time in seconds.
#![expect(
    clippy::print_stdout,
    reason = "the lines are what a person reads while waiting"
)]

use std::time::Instant;

use anyhow::Result;
use strata_control_plane_tests::binaries::{self, Origin};
use strata_control_plane_tests::definitions;
use strata_control_plane_tests::operators::programs;

fn main() -> Result<()> {
    let start = Instant::now();
    let found = binaries::find()?;
    let origin = match found.origin {
        Origin::Assets => "from KUBEBUILDER_ASSETS",
        Origin::Path => "from the PATH",
        Origin::Built => "built from their Go modules",
    };
    let folder = found.api_server.parent().unwrap_or(&found.api_server);
    let took = start.elapsed().as_secs_f64();
    println!(
        "{took:7.1} s  control plane programs, {origin}: {}",
        folder.display()
    );

    let start = Instant::now();
    let operators = programs::find()?;
    let folder = operators.kueue.parent().unwrap_or(&operators.kueue);
    let took = start.elapsed().as_secs_f64();
    println!("{took:7.1} s  Kueue and KubeRay: {}", folder.display());

    let start = Instant::now();
    let names = definitions::all()?;
    let took = start.elapsed().as_secs_f64();
    println!("{took:7.1} s  {} custom resource definitions", names.len());
    Ok(())
}
