//! One run of the sampler, and its lines.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use super::SamplerCommand;
use crate::wire::{FromSampler, ToSampler};

/// A running sampler.
pub(super) struct Running {
    pub(super) process: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    pub(super) fn start(command: &SamplerCommand) -> std::io::Result<Self> {
        let mut process = Command::new(&command.program)
            .args(&command.to_sample)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let output = process.stdout.take();
        let output = output.ok_or_else(|| std::io::Error::other("it has no output"))?;
        Ok(Self {
            input: process.stdin.take(),
            process,
            lines: BufReader::new(output).lines(),
        })
    }

    /// Its number; 0 once it has ended.
    pub(super) fn pid(&self) -> u32 {
        self.process.id().unwrap_or(0)
    }

    /// The next thing that it says; `None` once it has ended. Lines that cannot be read are left out.
    pub(super) async fn next(&mut self) -> Option<FromSampler> {
        loop {
            let line = self.lines.next_line().await.ok().flatten()?;
            match serde_json::from_str(&line) {
                Ok(said) => return Some(said),
                Err(error) => tracing::warn!(%error, "the sampler said what cannot be read"),
            }
        }
    }

    /// Has it sample every so many `seconds` from now on.
    pub(super) async fn sample_every(&mut self, seconds: u32) {
        let Some(input) = &mut self.input else { return };
        let Ok(mut line) = serde_json::to_vec(&ToSampler::Every { seconds }) else {
            return;
        };
        line.push(b'\n');
        if let Err(error) = input.write_all(&line).await {
            tracing::debug!(%error, "the sampler ended before it was told how often to sample");
        }
    }

    /// Asks it to end: it does so when its input ends, after the call that it is in.
    pub(super) fn ask_to_end(&mut self) {
        self.input = None;
    }
}
