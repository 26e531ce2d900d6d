//! The interface: its packages, and the build that both shells embed.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    Tree,
    command::{run, say},
    tools::{self, pnpm},
};

/// Installs the npm packages of `folder` from its lock file, where they are not those of the lock.
pub(crate) fn install_packages(folder: &Path) -> Result<()> {
    tools::node()?;
    let stamp = Stamp::new(
        &folder.join("node_modules/.strata-lock"),
        &[folder.join("pnpm-lock.yaml")],
    )?;
    if stamp.is_current() {
        return Ok(());
    }
    say("installing the interface's packages");
    run(&mut pnpm(
        &["install", "--frozen-lockfile", "--silent"],
        folder,
    ))?;
    stamp.set()
}

/// Builds the interface, where its sources changed since it was built last.
pub(crate) fn build(tree: &Tree) -> Result<()> {
    let folder = tree.root.join("ui");
    install_packages(&folder)?;
    let sources = [
        "src",
        "public",
        "index.html",
        "package.json",
        "pnpm-lock.yaml",
        "vite.config.ts",
    ]
    .map(|name| folder.join(name));
    let mut sources = sources.to_vec();
    sources.push(tree.root.join("assets/fonts"));
    let stamp = Stamp::new(&folder.join("node_modules/.strata-build"), &sources)?;
    if stamp.is_current() && folder.join("dist/index.html").exists() {
        return Ok(());
    }
    say("building the interface");
    run(&mut pnpm(&["--silent", "build"], &folder))?;
    stamp.set()
}

/// A file that holds the hash of other files, as they were when something was made of them.
struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    fn new(file: &Path, sources: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for source in sources {
            hash_tree(source, &mut hasher)
                .with_context(|| format!("reading {}", source.display()))?;
        }
        Ok(Self {
            file: file.to_owned(),
            hash: format!("{:016x}", hasher.finish()),
        })
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    fn set(&self) -> Result<()> {
        Ok(fs::write(&self.file, &self.hash)?)
    }
}

/// Hashes a file, or all files under a folder in the order of their names; nothing where there is
/// neither.
fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        entries.sort();
        for entry in entries {
            hash_tree(&entry, hasher)?;
        }
    } else if path.exists() {
        path.file_name().hash(hasher);
        fs::read(path)?.hash(hasher);
    }
    Ok(())
}
