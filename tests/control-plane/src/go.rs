//! The machine's Go, which builds the control plane and the operators, and fetches modules.
//!
//! Both go through the module proxy that Go itself is set up with; nothing here names one.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// The oldest Go that builds the control plane, as its `go.mod` says.
pub const REQUIRED: &str = "1.26";

/// Where a Go is looked for after the `PATH`: the places of its own installer and of `xtask`.
const USUAL_PLACES: [&str; 2] = ["/usr/local/go/bin", "/usr/lib/go/bin"];

/// A Go module in the local module cache.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Module {
    /// The unpacked, read-only folder.
    pub dir: PathBuf,
    /// The content hash, `h1:...`, as a `go.sum` would have it.
    pub sum: String,
}

/// The `go` program.
///
/// # Errors
///
/// When there is none; the message says what to install.
pub fn find() -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(USUAL_PLACES.map(PathBuf::from))
        .map(|folder| folder.join("go"))
        .find(|program| program.is_file())
        .with_context(|| {
            format!(
                "no Go on this machine: install Go {REQUIRED} or newer (a `golang` package, or \
                 `cargo xtask` does it), or put etcd, kube-apiserver, kube-controller-manager, \
                 kube-scheduler, kwok and kubectl on the PATH or into KUBEBUILDER_ASSETS"
            )
        })
}

/// Builds the main package in `source` into the file `program`, static and stripped.
///
/// `variables` are set in the program by the linker (`package.name=value`). A first build takes
/// about ten minutes of processor time; later ones take seconds, from Go's own build cache.
///
/// # Errors
///
/// When there is no Go, or with what the compiler said.
pub fn build(source: &Path, variables: &[String], program: &Path) -> Result<()> {
    let mut linker = String::from("-s -w");
    for variable in variables {
        linker.push_str(" -X ");
        linker.push_str(variable);
    }
    let arguments = [
        OsStr::new("build"),
        OsStr::new("-trimpath"),
        OsStr::new("-buildvcs=false"),
        OsStr::new("-ldflags"),
        OsStr::new(&linker),
        OsStr::new("-o"),
        program.as_os_str(),
        OsStr::new("."),
    ];
    run(Command::new(find()?)
        .args(arguments)
        .current_dir(source)
        .env("CGO_ENABLED", "0"))?;
    Ok(())
}

/// Fetches one module into Go's module cache, or finds it there.
///
/// # Errors
///
/// When there is no Go, or when the module cannot be had.
pub fn download(module: &str, version: &str) -> Result<Module> {
    // Outside of any module: a go.mod nearby would only be read for its directives.
    let nowhere = tempfile::tempdir()?;
    let name = format!("{module}@{version}");
    let output = run(Command::new(find()?)
        .args(["mod", "download", "-json", &name])
        .current_dir(nowhere.path()))
    .with_context(|| format!("fetching the Go module {name}"))?;
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("what `go mod download` said of {name}"))
}

/// Runs a command to its end; its output becomes the error when it fails.
fn run(command: &mut Command) -> Result<Output> {
    // Another project's workspace or flags must not change what is built here.
    command
        .env("GOWORK", "off")
        .env_remove("GOFLAGS")
        .stdin(Stdio::null());
    let output = command
        .output()
        .with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}: {}{}",
            command.get_program().display(),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
    Ok(output)
}
