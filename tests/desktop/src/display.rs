//! An X server without a screen.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// An Xvfb of our own, ended when it is dropped.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts it on the first free display number and waits until it takes clients.
    pub fn start() -> Result<Self> {
        // With -displayfd the server chooses the number and writes it once it is ready.
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1920x1080x24",
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb; `cargo xtask test` installs it")?;
        let mut number = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut number)?;
        }
        let number = number.trim();
        if number.is_empty() {
            let status = server.wait()?;
            bail!("Xvfb ended with {status} before it was ready");
        }
        let name = format!(":{number}");
        Ok(Self { server, name })
    }

    /// Its name, for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended already; waiting collects it either way.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
