//! The programs and the test programs of the workspace: building them, and running one.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Count, counts_of_harness};
use crate::{
    Tree,
    command::{NO_ARGUMENTS, command, output, say},
};

/// A built test program.
pub(super) struct Executable {
    /// The folder of its package, from the root: `crates/engine`.
    pub(super) package: String,
    /// The test target's name.
    name: String,
    file: PathBuf,
}

/// Builds every library, program and test of the workspace, and returns the tests.
pub(super) fn build(tree: &Tree) -> Result<Vec<Executable>> {
    let line = [
        "build",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ];
    let messages = output(&mut command("cargo", line, &tree.root))?;
    let mut built: Vec<Executable> = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter_map(|message: Value| executable(&message, &tree.root))
        .collect();
    built.sort_by(|left, right| (&left.package, &left.name).cmp(&(&right.package, &right.name)));
    Ok(built)
}

/// The test program that one of cargo's messages speaks of.
fn executable(message: &Value, root: &Path) -> Option<Executable> {
    let text = |place| message.pointer(place).and_then(Value::as_str);
    let is_test = message.pointer("/profile/test") == Some(&Value::Bool(true));
    if text("/reason") != Some("compiler-artifact") || !is_test {
        return None;
    }
    let folder = Path::new(text("/manifest_path")?).parent()?;
    Some(Executable {
        package: folder.strip_prefix(root).ok()?.to_str()?.to_owned(),
        name: text("/target/name")?.to_owned(),
        file: PathBuf::from(text("/executable")?),
    })
}

impl Executable {
    /// Runs its tests, shows what they print, and counts.
    pub(super) fn run(&self, tree: &Tree) -> Result<Count> {
        let folder = tree.root.join(&self.package);
        say(&format!("{} {}", self.package, self.name));
        let mut tests = command(&self.file, NO_ARGUMENTS, &folder);
        tests
            .env("CARGO_MANIFEST_DIR", &folder)
            .env("STRATA_PROGRAM", tree.built("strata"))
            .env("STRATA_DESKTOP_PROGRAM", tree.built("strata-desktop"))
            .stdout(Stdio::piped());
        let mut child = tests
            .spawn()
            .with_context(|| format!("cannot start {}", self.file.display()))?;
        let mut printed = String::new();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line = line?;
                // The passed ones are counted, not listed.
                if !line.ends_with(" ... ok") {
                    writeln!(std::io::stderr(), "{line}")?;
                }
                printed.push_str(&line);
                printed.push('\n');
            }
        }
        let status = child.wait()?;
        let mut count = counts_of_harness(&printed).with_context(|| self.name.clone())?;
        if !status.success() && count.failed == 0 {
            count.failed = 1;
        }
        Ok(count)
    }
}
