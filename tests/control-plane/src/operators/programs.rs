//! The operators' programs, built from the Go module in `operators/` and kept in the cache.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::{cache, go};

const PROGRAM: &str = "strata-operators";
const KUEUE: &str = "kueue";
const KUBERAY: &str = "kuberay";

/// The program's source, part of this crate: what is built is exactly what was hashed.
const SOURCE: [(&str, &str); 5] = [
    ("go.mod", include_str!("../../operators/go.mod")),
    ("go.sum", include_str!("../../operators/go.sum")),
    ("main.go", include_str!("../../operators/main.go")),
    ("kueue.go", include_str!("../../operators/kueue.go")),
    ("kuberay.go", include_str!("../../operators/kuberay.go")),
];

/// The programs' files.
#[derive(Debug, Clone)]
pub struct Programs {
    /// Kueue: the controllers of queues, its scheduler, its webhooks.
    pub kueue: PathBuf,
    /// KubeRay: the controllers of Ray clusters, jobs and services.
    pub kuberay: PathBuf,
}

/// Finds the programs in the cache, and builds them when they are not there.
///
/// A first build takes some minutes of processor time.
///
/// # Errors
///
/// When they cannot be built: no Go, no module proxy, no room. The message says what to do.
pub fn find() -> Result<Programs> {
    let key = cache::key(SOURCE.iter().map(|(_, text)| *text));
    let folder = cache::entry(&format!("operators-{key}"), |folder| {
        let source = tempfile::tempdir()?;
        for (name, text) in SOURCE {
            fs::write(source.path().join(name), text)?;
        }
        go::build(source.path(), &[], &folder.join(PROGRAM)).context(
            "building Kueue and KubeRay, which the tests of queues and of Ray on a real control \
             plane need: let Go reach a module proxy (GOPROXY), or leave this rung out with \
             `cargo xtask test --without control-plane`",
        )?;
        for name in [KUEUE, KUBERAY] {
            symlink(PROGRAM, folder.join(name))?;
        }
        Ok(())
    })?;
    Ok(Programs {
        kueue: folder.join(KUEUE),
        kuberay: folder.join(KUBERAY),
    })
}

#[cfg(test)]
mod tests {
    use super::SOURCE;
    use crate::definitions::PROJECTS;

    #[test]
    fn the_controllers_are_of_the_releases_whose_definitions_are_installed() {
        let (_, go_mod) = SOURCE[0];
        for project in PROJECTS
            .iter()
            .filter(|project| ["Kueue", "KubeRay"].contains(&project.name))
        {
            let required = format!("\t{} {}\n", project.module, project.version);
            assert!(go_mod.contains(&required), "go.mod must require{required}");
        }
    }
}
