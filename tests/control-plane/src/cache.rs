//! The folder that keeps what is expensive to make, outside the source tree.
//!
//! It lies at `${XDG_CACHE_HOME:-~/.cache}/strata/control-plane`. Every entry is a folder whose
//! name carries a hash of what it was made from, so that it is either absent or right: it is made
//! in a temporary folder beside its place and renamed into it at the end.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The cache's own folder, which may not exist yet.
///
/// # Errors
///
/// When neither `XDG_CACHE_HOME` nor `HOME` is set.
pub fn root() -> Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => env::home_dir()
            .context("no folder for caches: neither XDG_CACHE_HOME nor HOME is set")?
            .join(".cache"),
    };
    Ok(base.join("strata").join("control-plane"))
}

/// A short name for this content: 16 hexadecimal digits, equal for equal parts.
pub fn key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let start = hash
        .finalize()
        .iter()
        .take(8)
        .fold(0, |start, byte| start << 8 | u64::from(*byte));
    format!("{start:016x}")
}

/// The entry `name`, made by `make` if it is absent.
///
/// `make` is given an empty folder to fill. Of several processes that want the same entry one
/// makes it and the others wait for it.
///
/// # Errors
///
/// What `make` fails with; then nothing is left behind. And when the cache cannot be written.
pub fn entry(name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let root = root()?;
    let place = root.join(name);
    if place.is_dir() {
        return Ok(place);
    }
    fs::create_dir_all(&root).with_context(|| format!("creating {}", root.display()))?;
    let lock = File::create(root.join(format!("{name}.lock")))?;
    lock.lock()
        .with_context(|| format!("waiting for another process that makes {name}"))?;
    if place.is_dir() {
        return Ok(place);
    }
    let staging = tempfile::Builder::new()
        .prefix(".making-")
        .tempdir_in(&root)?;
    make(staging.path())?;
    fs::rename(staging.keep(), &place)
        .with_context(|| format!("moving {name} to its place in {}", root.display()))?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_key_depends_on_where_its_parts_end() {
        assert_eq!(key(["a", "b"]), key(["a", "b"]));
        assert_ne!(
            key(["ab", ""]),
            key(["a", "b"]),
            "the lengths are hashed too"
        );
        assert_eq!(key(["a"]).len(), 16);
    }
}
