//! The test ladder: what each rung runs, and how its outcomes are counted.

use std::{fs, ops::AddAssign, path::PathBuf, time::Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::Value;

use crate::{
    Tree,
    command::{NO_ARGUMENTS, command, run, say},
    interface,
    packages::{self, BROWSER, COMPILER, DISPLAY, FONTS, WEB_VIEW},
    tools::{self, pnpm},
};

mod executables;

use executables::Executable;

/// A rung, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rung {
    /// rustfmt.
    Format,
    /// Clippy.
    Lint,
    /// Licences, sources, the walls between the crates.
    Walls,
    /// Unit, property, snapshot and adapter tests in Rust; the bindings are current.
    Rust,
    /// The interface: types, lint with accessibility and format, unit tests.
    Interface,
    /// The whole engine over the demo cluster, the demo cluster as an API server, and the program
    /// `strata`.
    Integration,
    /// The interface in Chromium, through `strata serve`.
    Browser,
    /// The real window, under Xvfb.
    Window,
    /// A real kube-apiserver, scheduler and controller manager; kubectl.
    ControlPlane,
}

impl Rung {
    pub(crate) const ALL: [Self; 9] = [
        Self::Format,
        Self::Lint,
        Self::Walls,
        Self::Rust,
        Self::Interface,
        Self::Integration,
        Self::Browser,
        Self::Window,
        Self::ControlPlane,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::Walls => "walls",
            Self::Rust => "rust",
            Self::Interface => "interface",
            Self::Integration => "integration",
            Self::Browser => "browser",
            Self::Window => "window",
            Self::ControlPlane => "control-plane",
        }
    }
}

/// How many passed and failed.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    /// A check that has one outcome.
    const ONE: Self = Self {
        passed: 1,
        failed: 0,
    };
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Climbs rungs, and keeps what they share: the built test programs.
pub(crate) struct Ladder<'a> {
    tree: &'a Tree,
    executables: Option<Vec<Executable>>,
}

impl<'a> Ladder<'a> {
    pub(crate) fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            executables: None,
        }
    }

    /// Runs every rung of `rungs`, also after one failed, and ends with the counts.
    #[expect(clippy::print_stdout, reason = "the last line is what a machine reads")]
    pub(crate) fn climb(mut self, rungs: &[Rung]) -> Result<()> {
        let mut total = Count::default();
        let mut lines = Vec::new();
        for rung in rungs {
            say(&format!("rung: {}", rung.name()));
            let begun = Instant::now();
            let count = self.count(*rung).unwrap_or_else(|error| {
                say(&format!("{} failed: {error:#}", rung.name()));
                Count {
                    passed: 0,
                    failed: 1,
                }
            });
            total += count;
            lines.push(format!(
                "{:14} {:5} passed {:3} failed {:5.0} s",
                rung.name(),
                count.passed,
                count.failed,
                begun.elapsed().as_secs_f64()
            ));
        }
        println!("\n{}", lines.join("\n"));
        println!("{} passed, {} failed", total.passed, total.failed);
        if total.failed > 0 {
            bail!("{} of {} failed", total.failed, total.passed + total.failed);
        }
        Ok(())
    }

    fn count(&mut self, rung: Rung) -> Result<Count> {
        let root = &self.tree.root;
        match rung {
            Rung::Format => {
                run(&mut command("cargo", ["fmt", "--all", "--check"], root))?;
                Ok(Count::ONE)
            }
            Rung::Lint => {
                self.prepare_build()?;
                let line = [
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--quiet",
                    "--",
                    "-D",
                    "warnings",
                ];
                run(&mut command("cargo", line, root))?;
                Ok(Count::ONE)
            }
            Rung::Walls => {
                tools::cargo_deny(root)?;
                let line = [
                    "deny",
                    "--log-level",
                    "error",
                    "check",
                    "bans",
                    "licenses",
                    "sources",
                ];
                run(&mut command("cargo", line, root))?;
                Ok(Count::ONE)
            }
            Rung::Rust => self.run_executables(|package| !package.starts_with("tests/")),
            Rung::Interface => self.interface(),
            Rung::Integration => self.run_executables(|package| {
                matches!(package, "tests/integration" | "tests/contract")
            }),
            Rung::Browser => self.browser(),
            Rung::Window => {
                packages::install(&[DISPLAY, FONTS])?;
                self.run_executables(|package| package == "tests/desktop")
            }
            Rung::ControlPlane => {
                tools::go()?;
                self.executables()?;
                run(&mut command(
                    self.tree.built("prepare-control-plane"),
                    NO_ARGUMENTS,
                    root,
                ))?;
                self.run_executables(|package| package == "tests/control-plane")
            }
        }
    }

    fn prepare_build(&self) -> Result<()> {
        packages::install(&[COMPILER, WEB_VIEW])?;
        interface::build(self.tree)
    }

    /// Everything that the Rust rungs run, built once and with one selection of packages, so that
    /// no step builds a dependency again with other features.
    fn executables(&mut self) -> Result<&[Executable]> {
        if self.executables.is_none() {
            self.prepare_build()?;
            say("building the programs and their tests");
            self.executables = Some(executables::build(self.tree)?);
        }
        Ok(self.executables.as_deref().unwrap_or_default())
    }

    fn run_executables(&mut self, is_wanted: impl Fn(&str) -> bool) -> Result<Count> {
        let tree = self.tree;
        let mut count = Count::default();
        for executable in self
            .executables()?
            .iter()
            .filter(|built| is_wanted(&built.package))
        {
            count += executable.run(tree)?;
        }
        if count.passed + count.failed == 0 {
            bail!("there was no test to run");
        }
        Ok(count)
    }

    fn interface(&self) -> Result<Count> {
        interface::build(self.tree)?;
        let folder = self.tree.root.join("ui");
        run(&mut pnpm(&["--silent", "check"], &folder))?;
        run(&mut pnpm(&["--silent", "lint"], &folder))?;
        let report = self.report("vitest.json")?;
        let report_flag = format!("--outputFile.json={}", report.display());
        let line = [
            "--silent",
            "test",
            "--reporter=default",
            "--reporter=json",
            report_flag.as_str(),
        ];
        let ended = run(&mut pnpm(&line, &folder));
        let mut count = counts(
            &report,
            ["/numPassedTests"],
            ["/numFailedTests", "/numPendingTests"],
        )
        .or_else(|error| ended.and(Err(error)))?;
        // Types and lint.
        count.passed += 2;
        Ok(count)
    }

    fn browser(&mut self) -> Result<Count> {
        packages::install(&[BROWSER, FONTS])?;
        self.executables()?;
        let folder = self.tree.root.join("tests/e2e");
        interface::install_packages(&folder)?;
        run(&mut pnpm(&["--silent", "check"], &folder))?;
        let report = self.report("playwright.json")?;
        let mut playwright = pnpm(&["--silent", "test", "--reporter=line,json"], &folder);
        playwright
            .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
            .env("STRATA_PROGRAM", self.tree.built("strata"));
        let ended = run(&mut playwright);
        let wrong = ["/stats/unexpected", "/stats/flaky", "/stats/skipped"];
        counts(&report, ["/stats/expected"], wrong).or_else(|error| ended.and(Err(error)))
    }

    /// An absent file for a test runner's report.
    fn report(&self, name: &str) -> Result<PathBuf> {
        let folder = self.tree.target.join("reports");
        fs::create_dir_all(&folder)?;
        let file = folder.join(name);
        if file.exists() {
            fs::remove_file(&file)?;
        }
        Ok(file)
    }
}

/// The counts that stand at these places of a report. What was skipped has failed: nothing is left
/// out silently.
fn counts<const P: usize, const F: usize>(
    report: &PathBuf,
    passed: [&str; P],
    failed: [&str; F],
) -> Result<Count> {
    let text = fs::read(report).context("the test runner wrote no report")?;
    let report: Value = serde_json::from_slice(&text)?;
    let sum = |places: &[&str]| {
        places
            .iter()
            .filter_map(|place| report.pointer(place)?.as_u64())
            .sum::<u64>()
    };
    Ok(Count {
        passed: sum(&passed),
        failed: sum(&failed),
    })
}

/// The counts in what Rust's test harness prints. What was ignored has failed.
fn counts_of_harness(printed: &str) -> Result<Count> {
    let mut count = Count::default();
    let mut summaries = 0;
    for line in printed
        .lines()
        .filter_map(|line| line.strip_prefix("test result: "))
    {
        summaries += 1;
        for part in line.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(word)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match word {
                "passed" => count.passed += number,
                "failed" | "ignored" => count.failed += number,
                _ => {}
            }
        }
    }
    if summaries == 0 {
        bail!("the tests did not come to their end");
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_ignored_counts_as_failed() {
        let printed = "running 3 tests\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; \
                       0 measured; 0 filtered out; finished in 0.00s\n";
        let count = counts_of_harness(printed).unwrap();
        assert_eq!((count.passed, count.failed), (2, 1));
    }

    #[test]
    fn tests_that_were_cut_off_are_a_failure() {
        assert!(counts_of_harness("running 3 tests\n").is_err());
    }
}
