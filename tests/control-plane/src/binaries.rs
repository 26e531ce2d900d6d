//! The programs of the control plane, wherever they come from.
//!
//! Asked in this order: the folder in `KUBEBUILDER_ASSETS`, the `PATH`, and last a build from the
//! Go module in `binaries/`, kept in the [cache](crate::cache). A place counts only when it has
//! all of the servers: one release of Kubernetes is one set, and an API server of one with a
//! scheduler of another is a cluster that nobody runs. KWOK has a release cycle of its own, and
//! kubectl goes with every release: they are taken from the same places or, alone, from the build.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::{cache, go};

/// The Kubernetes release that is built when none is found.
pub const KUBERNETES: &str = "v1.36.3";

const PROGRAM: &str = "strata-control-plane";
const SERVERS: [&str; 4] = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
];
const KUBELETS: &str = "kwok";
const KUBECTL: &str = "kubectl";

/// The built program's source, part of this crate: what is built is exactly what was hashed.
const SOURCE: [(&str, &str); 3] = [
    ("go.mod", include_str!("../binaries/go.mod")),
    ("go.sum", include_str!("../binaries/go.sum")),
    ("main.go", include_str!("../binaries/main.go")),
];

/// The programs' files.
#[derive(Debug, Clone)]
pub struct Binaries {
    /// Where the set was found, for people.
    pub origin: Origin,
    /// `etcd`.
    pub etcd: PathBuf,
    /// `kube-apiserver`.
    pub api_server: PathBuf,
    /// `kube-controller-manager`.
    pub controller_manager: PathBuf,
    /// `kube-scheduler`.
    pub scheduler: PathBuf,
    /// `kwok`, which plays nodes and kubelets.
    pub kubelets: PathBuf,
    /// `kubectl`.
    pub kubectl: PathBuf,
}

/// Where a set of programs comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The folder named by `KUBEBUILDER_ASSETS`.
    Assets,
    /// The `PATH`.
    Path,
    /// Built from the pinned Go module, in the cache.
    Built,
}

/// Finds the programs, and builds them when they are nowhere.
///
/// A first build takes about ten minutes of processor time and 3 GB of memory.
///
/// # Errors
///
/// When the programs are nowhere and cannot be built: no Go, no module proxy, no room.
pub fn find() -> Result<Binaries> {
    let assets: Vec<PathBuf> = env::var_os("KUBEBUILDER_ASSETS")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    let path: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    if let Some(found) = set(Origin::Assets, &assets)? {
        return Ok(found);
    }
    if let Some(found) = set(Origin::Path, &path)? {
        return Ok(found);
    }
    set(Origin::Built, &[build()?])?.context("the build left no programs")
}

/// The set of programs in these folders, if all the servers are there.
fn set(origin: Origin, folders: &[PathBuf]) -> Result<Option<Binaries>> {
    let [
        Some(etcd),
        Some(api_server),
        Some(controller_manager),
        Some(scheduler),
    ] = SERVERS.map(|name| program(folders, name))
    else {
        return Ok(None);
    };
    let here_or_built = |name| match program(folders, name) {
        Some(program) => Ok(program),
        None => build().map(|folder| folder.join(name)),
    };
    Ok(Some(Binaries {
        origin,
        etcd,
        api_server,
        controller_manager,
        scheduler,
        kubelets: here_or_built(KUBELETS)?,
        kubectl: here_or_built(KUBECTL)?,
    }))
}

/// The first of the folders' files of this name.
fn program(folders: &[PathBuf], name: &str) -> Option<PathBuf> {
    folders
        .iter()
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The cache's folder with the built programs, all of them links to one file.
fn build() -> Result<PathBuf> {
    let variables = version_variables();
    let key = cache::key(
        SOURCE
            .iter()
            .map(|(_, text)| *text)
            .chain(variables.iter().map(String::as_str)),
    );
    cache::entry(&format!("kubernetes-{KUBERNETES}-{key}"), |folder| {
        let source = tempfile::tempdir()?;
        for (name, text) in SOURCE {
            fs::write(source.path().join(name), text)?;
        }
        go::build(source.path(), &variables, &folder.join(PROGRAM))
            .context("building the control plane")?;
        link(folder)
    })
}

/// Gives the built program its names.
fn link(folder: &Path) -> Result<()> {
    for name in SERVERS.into_iter().chain([KUBELETS, KUBECTL]) {
        symlink(PROGRAM, folder.join(name))?;
    }
    Ok(())
}

/// What Kubernetes' own build tells its linker; without it `/version` says `v0.0.0-master`.
fn version_variables() -> Vec<String> {
    let mut numbers = KUBERNETES.trim_start_matches('v').split('.');
    let major = numbers.next().unwrap_or_default();
    let minor = numbers.next().unwrap_or_default();
    [
        "k8s.io/component-base/version",
        "k8s.io/client-go/pkg/version",
    ]
    .into_iter()
    .flat_map(|package| {
        [
            format!("{package}.gitVersion={KUBERNETES}"),
            format!("{package}.gitMajor={major}"),
            format!("{package}.gitMinor={minor}"),
            format!("{package}.gitTreeState=archive"),
        ]
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{KUBERNETES, Origin, SERVERS, SOURCE, set};

    #[test]
    fn the_pinned_module_and_the_reported_version_agree() {
        let (_, go_mod) = SOURCE[0];
        assert!(
            go_mod.contains(&format!("k8s.io/kubernetes {KUBERNETES}\n")),
            "go.mod must require the release that /version will report"
        );
    }

    #[test]
    fn a_folder_without_a_scheduler_is_not_a_set() {
        let folder = tempfile::tempdir().unwrap();
        for name in &SERVERS[..3] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = set(Origin::Assets, &[folder.path().to_owned()]).unwrap();
        assert!(
            found.is_none(),
            "envtest's usual three programs are not a whole control plane"
        );
    }
}
