//! Compares what Strata reads of this machine's NVIDIA GPUs with what `nvidia-smi` says in the same second,
//! and records both for tests to replay.
//!
//! What is asked, how far the two may lie apart and how a recording is made anonymous is said where it is
//! tested: `crates/gpu/tests/real`.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{Tree, command};

/// Tells the comparison as a table, or records into `record`. Fails where a figure differs.
pub(crate) fn run(tree: &Tree, record: Option<&Path>) -> Result<()> {
    if !command::is_on_path("nvidia-smi") {
        bail!(
            "nvidia-smi is not on the path: there is no driver of NVIDIA's here to compare with; \
             install `nvidia-utils`, or run this on a machine with an NVIDIA GPU"
        );
    }
    let cargo = |arguments: &[&str]| command::command("cargo", arguments, &tree.root);
    let mut check = cargo(&["test", "--package", "strata-gpu", "--test", "real", "--"]);
    if let Some(file) = record {
        check.arg("record").arg(std::path::absolute(file)?);
    } else {
        command::run(&mut cargo(&["build", "--package", "strata-cli"]))?;
        check.arg("compare").arg(tree.built("strata"));
    }
    command::run(&mut check)
}
