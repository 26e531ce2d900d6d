//! The cases as tests, one each.

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;

use crate::{
    case::{self, Case},
    differences::{self, Difference},
    door::Door,
    expected::Mismatch,
    run,
};

/// Whom the cases are run against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The demo cluster, whose listed differences must be there.
    Simulator,
    /// A real API server, which differs nowhere.
    Real,
}

/// Runs every case against what stands behind `door`, as tests that can be chosen by name.
pub fn run_all(runtime: &Arc<Runtime>, door: &Arc<dyn Door>, server: Server) -> Result<ExitCode> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = case::read_all(&folder.join("cases"))?;
    let table = differences::read(&folder.join("differences.yaml"))?;
    let mut arguments = Arguments::from_args();
    if server == Server::Real {
        // They wait for controllers, not for the processor.
        arguments.test_threads = arguments.test_threads.or(Some(12));
    }
    let mut trials = vec![Trial::test("every listed difference names a case", {
        let lost = unknown(&table, &cases);
        move || {
            if lost.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(lost.join(", ")))
            }
        }
    })];
    for (number, case) in cases.into_iter().enumerate() {
        let difference = table
            .iter()
            .find(|line| line.case == case.name && server == Server::Simulator)
            .cloned();
        let (runtime, door) = (Arc::clone(runtime), Arc::clone(door));
        let namespace = format!("contract-{}-{number}", std::process::id());
        trials.push(Trial::test(
            format!("{}: {}", case.area, case.name),
            move || {
                let wrong = runtime.block_on(run::run(door.as_ref(), &case, &namespace));
                judge(
                    &wrong.map_err(|error| format!("{error:#}"))?,
                    difference.as_ref(),
                )
            },
        ));
    }
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn judge(wrong: &[Mismatch], difference: Option<&Difference>) -> Result<(), Failed> {
    let said = || {
        let lines = wrong
            .iter()
            .map(|wrong| format!("{}: {}", wrong.at, wrong.message));
        lines.collect::<Vec<_>>().join("\n")
    };
    match difference {
        Some(line) => line
            .check(wrong)
            .map_err(|error| format!("{error}\n{}", said()).into()),
        None if wrong.is_empty() => Ok(()),
        None => Err(said().into()),
    }
}

/// The listed differences that no case shows.
fn unknown(table: &[Difference], cases: &[Case]) -> Vec<String> {
    table
        .iter()
        .filter(|line| !cases.iter().any(|case| case.name == line.case))
        .map(|line| line.case.clone())
        .collect()
}
