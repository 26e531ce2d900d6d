//! What Strata reads of NVIDIA's GPUs beside what `nvidia-smi` says in the same second.
//!
//! ```text
//! cargo xtask gpu                    # the table, through `strata gpu --local -o json`
//! cargo xtask gpu --record FILE      # what driver and nvidia-smi say, for tests to replay
//! ```
//!
//! This program is what those two start, and the test of it: reading and comparing are tested over texts as
//! several versions of `nvidia-smi` write them and over the fake library; the recordings in
//! `tests/real/recordings` are compared anew; and where a driver and `nvidia-smi` are there, the GPUs of
//! this machine are. Without one, that is said.
#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::print_stdout,
        reason = "a comparison is for the person who asked for it"
    )
)]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod comparison;
#[cfg(target_os = "linux")]
mod recording;
#[cfg(target_os = "linux")]
mod smi;
#[cfg(target_os = "linux")]
mod texts;
#[cfg(target_os = "linux")]
mod trials;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    doors::main()
}

#[cfg(target_os = "linux")]
mod doors {
    use std::{
        path::{Path, PathBuf},
        process::{Command, ExitCode},
        time::Duration,
    };

    use libtest_mimic::{Arguments, Failed};
    use strata_gpu::sampler::Places;

    use crate::{
        comparison::{Line, compare, differences, of_json, table},
        recording::Recording,
        smi, trials,
    };

    /// The argument that makes this program compare what another one tells.
    const COMPARE: &str = "compare";
    /// The argument that makes this program record.
    const RECORD: &str = "record";
    /// As many beats as it takes until every figure was read twice.
    const BEATS: u32 = 12;
    /// As the sampler beats.
    const PACE: Duration = Duration::from_secs(1);

    pub(crate) fn main() -> ExitCode {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let outcome = match words.as_slice() {
            [COMPARE, program] => compared(Path::new(program)),
            [RECORD, file] => recorded(Path::new(file)),
            _ => return libtest_mimic::run(&Arguments::from_args(), trials::all()).exit_code(),
        };
        match outcome {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(why) => {
                println!("{why}");
                ExitCode::FAILURE
            }
        }
    }

    /// Tells the lines, and whether none differs.
    fn told(lines: &[Line]) -> bool {
        print!("{}", table(lines));
        let differences = differences(lines);
        println!(
            "\n{} figures and processes, {} differ",
            lines.len(),
            differences.len()
        );
        for difference in &differences {
            println!("{difference}");
        }
        differences.is_empty() && !lines.is_empty()
    }

    /// Compares what `program gpu --local -o json` tells.
    fn compared(program: &Path) -> Result<bool, String> {
        let nvidia = Path::new("nvidia-smi");
        let before = smi::read(&smi::ask(nvidia)?)?;
        let said = Command::new(program)
            .args(["gpu", "--local", "-o", "json"])
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let after = smi::read(&smi::ask(nvidia)?)?;
        let text = String::from_utf8_lossy(&said.stdout);
        Ok(told(&compare(&of_json(&text)?, &before, &after)))
    }

    /// Records the GPUs of this machine, and compares what it recorded.
    fn recorded(file: &Path) -> Result<bool, String> {
        let recording = Recording::take(&library(), Path::new("nvidia-smi"), BEATS, PACE)?;
        let recording = recording.anonymous()?;
        recording.write(file)?;
        println!("{} beats in {}\n", BEATS, file.display());
        Ok(told(&recording.compare()?))
    }

    /// NVIDIA's library: the one that is named, or as the loader finds it.
    pub(crate) fn library() -> PathBuf {
        let named = Places::of_environment().library;
        named.unwrap_or_else(|| PathBuf::from("libnvidia-ml.so.1"))
    }

    /// The GPUs of this machine, where it has some and `nvidia-smi`.
    pub(crate) fn this_machine() -> Result<(), Failed> {
        let nvidia = Path::new("nvidia-smi");
        let answers = Command::new(nvidia).arg("-L").output();
        if !answers.is_ok_and(|said| said.status.success() && !said.stdout.is_empty()) {
            println!("left out: no driver of NVIDIA's answers to nvidia-smi on this machine");
            return Ok(());
        }
        let lines = Recording::take(&library(), nvidia, 1, PACE)?.compare()?;
        let differences = differences(&lines);
        if differences.is_empty() {
            return Ok(());
        }
        Err(Failed::from(differences.join("\n")))
    }
}
