//! The cluster's time, steered from the terminal that `strata simulate` runs in.

use std::io::{BufRead as _, IsTerminal as _};

use strata_app::Simulation;

use crate::exit::answer;

/// What can be typed.
pub(super) const COMMANDS: &str = "pause, run, 60x (up to 600x), step 10m, time";

/// Whether somebody sits at the input.
pub(super) fn is_attended() -> bool {
    std::io::stdin().is_terminal()
}

/// Does what is typed, line by line, on a thread of its own: a read from a terminal cannot be
/// cancelled, and must not hold up the program's end.
pub(super) fn listen(simulation: &Simulation) {
    let simulation = simulation.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if line.trim().is_empty() {
                continue;
            }
            let outcome = simulation
                .steer(&line)
                .unwrap_or_else(|error| error.to_string());
            if answer(&format!("{outcome}\n")).is_err() {
                return;
            }
        }
    });
}
