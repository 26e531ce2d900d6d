//! One run of the sampler: its lines, and the requests to it.

use std::{collections::HashMap, process::Stdio};

use strata_domain::workstation::{DeviceChange, Setting};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::oneshot,
};

use super::SamplerCommand;
use crate::wire::{FromSampler, Refusal, ToSampler};

/// A change that somebody waits for.
pub(super) struct Request {
    pub(super) change: DeviceChange,
    pub(super) is_made: bool,
    pub(super) reply: oneshot::Sender<Result<Setting, Refusal>>,
}

/// A running sampler.
pub(super) struct Running {
    pub(super) process: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    waiting: HashMap<u64, oneshot::Sender<Result<Setting, Refusal>>>,
    next: u64,
}

impl Running {
    pub(super) fn start(command: &SamplerCommand) -> std::io::Result<Self> {
        let mut process = Command::new(&command.program)
            .args(&command.arguments)
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
            waiting: HashMap::new(),
            next: 0,
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

    /// Hands a request on. One that does not arrive is answered by nobody, which its asker notices.
    pub(super) async fn ask(&mut self, request: Request) {
        let id = self.next;
        self.next += 1;
        let line = ToSampler {
            id,
            change: request.change,
            is_made: request.is_made,
        };
        let (Ok(mut line), Some(input)) = (serde_json::to_vec(&line), &mut self.input) else {
            return;
        };
        line.push(b'\n');
        if input.write_all(&line).await.is_ok() {
            self.waiting.insert(id, request.reply);
        }
    }

    /// Hands an answer to whoever waits for it.
    pub(super) fn answer(&mut self, id: u64, outcome: Result<Setting, Refusal>) {
        let Some(reply) = self.waiting.remove(&id) else {
            return;
        };
        if reply.send(outcome).is_err() {
            tracing::debug!("whoever asked for a change no longer waits for it");
        }
    }

    /// Asks it to end: it does so when its input ends, after the call that it is in.
    pub(super) fn ask_to_end(&mut self) {
        self.input = None;
    }
}
