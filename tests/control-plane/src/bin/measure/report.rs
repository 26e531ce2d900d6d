//! The figures, as the lines that a person reads and the guide quotes.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::time::Instant;

use strata_control_plane_tests::cost::{Cost, median, megabytes};

use crate::{Round, fleet::FleetCost};

/// A figure of memory, in bytes.
type Held = fn(&FleetCost) -> u64;

/// The figures of memory that are told.
const KINDS: [(&str, Held); 3] = [
    ("resident", |cost| cost.memory.resident),
    ("of that, heap and stacks", |cost| cost.memory.anonymous),
    ("peak", |cost| cost.memory.peak),
];

/// A step of the preparation, with the time since the start.
pub(crate) fn step(start: Instant, what: &str) {
    println!("{:7.1} s  {what}", start.elapsed().as_secs_f64());
}

/// Every program beside curl: medians over the rounds, with the least and the most wall time.
pub(crate) fn table(rounds: &[Round]) {
    println!("| program | wall s (least to most) | beside curl | CPU s | peak MB |");
    println!("|---|---|---|---|---|");
    let curl = median(rounds.iter().map(|round| round.curl.wall.as_secs_f64()));
    line("curl, protobuf list of pods", curl, rounds, |round| {
        Some(round.curl)
    });
    line("kubectl get pods -A", curl, rounds, |round| round.kubectl);
    line("Strata, every kind in the fleet", curl, rounds, |round| {
        Some(Cost {
            wall: round.fleet.wall,
            cpu_seconds: round.fleet.cpu_seconds,
            peak_bytes: round.fleet.memory.peak,
        })
    });
    line("strata stack, start to end", curl, rounds, |round| {
        round.stack
    });
    let bytes = median(rounds.iter().map(|round| megabytes(round.bytes)));
    println!("\ncurl reads {bytes:.1} MB of pods");
}

fn line(name: &str, curl: f64, rounds: &[Round], of: impl Fn(&Round) -> Option<Cost>) {
    let costs: Vec<Cost> = rounds.iter().filter_map(of).collect();
    if costs.is_empty() {
        println!("| {name} | not found on this machine | | | |");
        return;
    }
    let walls: Vec<f64> = costs.iter().map(|cost| cost.wall.as_secs_f64()).collect();
    let wall = median(walls.iter().copied());
    println!(
        "| {name} | {wall:.2} ({:.2} to {:.2}) | {:.2} | {:.2} | {:.0} |",
        walls.iter().copied().fold(f64::INFINITY, f64::min),
        walls.iter().copied().fold(0.0, f64::max),
        wall / curl,
        median(costs.iter().map(|cost| cost.cpu_seconds)),
        median(costs.iter().map(|cost| megabytes(cost.peak_bytes))),
    );
}

/// What the fleet holds with few pods and with all, and so for each of the `more` pods between.
pub(crate) fn memory(with_few: &[FleetCost], rounds: &[Round], more: usize) {
    let with_all: Vec<FleetCost> = rounds.iter().map(|round| round.fleet).collect();
    let held = |costs: &[FleetCost], of: Held| median(costs.iter().map(|cost| megabytes(of(cost))));
    println!("\n| at rest | few pods, MB | all pods, MB | bytes a pod |");
    println!("|---|---|---|---|");
    for (name, of) in KINDS {
        let (few, all) = (held(with_few, of), held(&with_all, of));
        #[expect(clippy::cast_precision_loss, reason = "pods are far fewer than 2^52")]
        let each = (all - few) * 1e6 / more as f64;
        println!("| {name} | {few:.1} | {all:.1} | {each:.0} |");
    }
    println!(
        "\nCPU s until all is in the fleet: {:.2} with few pods, {:.2} with all\n\
         idle, all pods held: {:.1} % of a core",
        median(with_few.iter().map(|cost| cost.cpu_seconds)),
        median(with_all.iter().map(|cost| cost.cpu_seconds)),
        100.0 * median(with_all.iter().map(|cost| cost.idle)),
    );
}
