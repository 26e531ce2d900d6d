//! The kubeconfig file that lets clients in.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::Path,
};

use anyhow::{Context, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::loopback::Token;

/// The first line of what is written: a file without it is somebody else's, and is kept.
const MARK: &str = "# Written by `strata simulate`; valid until it ends.\n";

/// What the file says.
pub(super) struct Entry<'a> {
    /// The name of the context, the cluster and the user.
    pub(super) name: String,
    pub(super) server: String,
    /// The certificate that signed the server's, as PEM.
    pub(super) authority: &'a str,
    pub(super) token: &'a Token,
}

/// Refuses a file that is there and is not ours.
pub(super) fn check_writable(file: &Path) -> anyhow::Result<()> {
    match fs::read(file) {
        Ok(text) if text.starts_with(MARK.as_bytes()) => Ok(()),
        Ok(_) => bail!(
            "{} is there already and was not written by `strata simulate`; name another file",
            file.display()
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}

/// Writes the file, for its owner alone.
pub(super) fn write(file: &Path, entry: &Entry<'_>) -> anyhow::Result<()> {
    check_writable(file)?;
    replace(file, &text(entry)).with_context(|| format!("cannot write {}", file.display()))
}

// A file that is made anew has our mode from its first byte on, whatever the old one had.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file)?.write_all(text.as_bytes())
}

// JSON is YAML, and needs no rules for quoting.
fn text(entry: &Entry<'_>) -> String {
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": entry.name, "cluster": {
            "server": entry.server,
            "certificate-authority-data": STANDARD.encode(entry.authority),
        } }],
        "users": [{ "name": entry.name, "user": { "token": entry.token.to_string() } }],
        "contexts": [{ "name": entry.name, "context": {
            "cluster": entry.name,
            "user": entry.name,
        } }],
        "current-context": entry.name,
    });
    format!("{MARK}{config:#}\n")
}
