//! A small believable shell: what a person types who looks around in a container.
//!
//! It knows words, quotes, variables, pipes and sequences, and the commands of [`commands`]. What
//! it does not know it does not pretend: such a command is not found.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use tokio::sync::mpsc;

use self::{
    inside::Inside,
    words::{Join, Step},
};
use crate::program;

mod commands;
mod files;
mod gpus;
pub(crate) mod inside;
mod prompt;
mod words;

const STDOUT: u8 = 1;
const STDERR: u8 = 2;

/// What a session is connected to.
pub(crate) struct Terminal {
    pub(crate) stdin: mpsc::Receiver<Bytes>,
    /// Channel (1 output, 2 errors) and bytes.
    pub(crate) out: mpsc::Sender<(u8, Bytes)>,
    pub(crate) has_stdin: bool,
    pub(crate) tty: bool,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Code(u8),
    /// There is no such program in the container.
    NotFound(String),
}

/// What a command did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Outcome {
    out: String,
    err: String,
    code: u8,
    /// How long it waits before it ends.
    waits: Duration,
    /// Whether the shell ends with it.
    exits: bool,
}

impl Outcome {
    fn of(out: impl Into<String>) -> Self {
        Self {
            out: out.into(),
            ..Self::default()
        }
    }

    fn failed(code: u8, err: impl Into<String>) -> Self {
        Self {
            err: err.into(),
            code,
            ..Self::default()
        }
    }
}

/// A shell, or the place where a single command runs.
pub(crate) struct Shell {
    inside: Inside,
    directory: String,
    variables: BTreeMap<String, String>,
    last: u8,
}

impl Shell {
    pub(crate) fn new(inside: Inside) -> Self {
        Self {
            directory: inside.home().to_owned(),
            variables: inside.variables(),
            inside,
            last: 0,
        }
    }

    /// Runs `command` as the container runtime does: a program and its arguments.
    pub(crate) async fn exec(mut self, command: &[String], terminal: &mut Terminal) -> Ending {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        if let Some(script) = program::script_of(&words) {
            let script = script.to_owned();
            let stdin = self.input_of(&script, terminal).await;
            return Ending::Code(self.script(&script, &stdin, terminal).await);
        }
        match words.as_slice() {
            [] => Ending::Code(0),
            [shell] | [shell, "-i" | "-l" | "--login"] if program::is_shell(shell) => {
                Ending::Code(prompt::run(&mut self, terminal).await)
            }
            [name, ..] if !commands::is_program(name, &self.inside) => {
                Ending::NotFound((*name).to_owned())
            }
            _ => {
                let stdin = self
                    .input_of(words.first().copied().unwrap_or_default(), terminal)
                    .await;
                let outcome = commands::run(&mut self, &words, &stdin);
                Ending::Code(self.show(outcome, terminal).await.code)
            }
        }
    }

    /// All of the client's input, where the first command reads it.
    async fn input_of(&self, script: &str, terminal: &mut Terminal) -> String {
        const READERS: [&str; 6] = ["cat", "grep", "wc", "head", "tail", "sort"];
        let first = script.split_whitespace().next().unwrap_or_default();
        let reads = READERS.contains(&first) && !script.contains('/');
        if !terminal.has_stdin || !reads {
            return String::new();
        }
        let mut input = Vec::new();
        while let Some(bytes) = terminal.stdin.recv().await {
            input.extend_from_slice(&bytes);
        }
        String::from_utf8_lossy(&input).into_owned()
    }

    /// Runs a script and shows what it prints; its exit code.
    async fn script(&mut self, script: &str, stdin: &str, terminal: &Terminal) -> u8 {
        let steps = match words::parse(script) {
            Ok(steps) => steps,
            Err(problem) => {
                let outcome = Outcome::failed(2, format!("sh: 1: Syntax error: {problem}\n"));
                return self.show(outcome, terminal).await.code;
            }
        };
        for step in steps {
            let is_due = match step.join {
                Join::Always => true,
                Join::IfGood => self.last == 0,
                Join::IfBad => self.last != 0,
            };
            if !is_due {
                continue;
            }
            let outcome = self.step(&step, stdin);
            let shown = self.show(outcome, terminal).await;
            self.last = shown.code;
            if shown.exits {
                break;
            }
        }
        self.last
    }

    /// Runs the commands of a pipe, each on what the one before printed.
    fn step(&mut self, step: &Step, stdin: &str) -> Outcome {
        let mut input = stdin.to_owned();
        let mut outcome = Outcome::default();
        let mut err = String::new();
        for command in &step.pipe {
            let expanded: Vec<String> = command
                .words
                .iter()
                .map(|word| word.expand(&self.variables, self.last))
                .filter(|word| !word.is_empty())
                .collect();
            let words: Vec<&str> = expanded.iter().map(String::as_str).collect();
            outcome = commands::run(self, &words, &input);
            if command.drops_errors {
                outcome.err.clear();
            }
            if command.merges_errors {
                outcome.out.push_str(&std::mem::take(&mut outcome.err));
            }
            if command.drops_output {
                outcome.out.clear();
            }
            err.push_str(&outcome.err);
            input.clone_from(&outcome.out);
        }
        outcome.err = err;
        outcome
    }

    /// Sends what a command printed, and waits as long as it does.
    async fn show(&self, outcome: Outcome, terminal: &Terminal) -> Outcome {
        let pieces = if terminal.tty {
            // A terminal has one stream, and wants to be told to return.
            let text = outcome.out.replace('\n', "\r\n") + &outcome.err.replace('\n', "\r\n");
            vec![(STDOUT, text)]
        } else {
            vec![(STDOUT, outcome.out.clone()), (STDERR, outcome.err.clone())]
        };
        for (channel, text) in pieces {
            if !text.is_empty()
                && terminal
                    .out
                    .send((channel, Bytes::from(text)))
                    .await
                    .is_err()
            {
                break;
            }
        }
        if !outcome.waits.is_zero() {
            self.inside.wait(outcome.waits).await;
        }
        outcome
    }
}

/// What a script prints that needs nothing but itself: its echoes.
pub(crate) fn print(script: &str) -> String {
    let mut printed = String::new();
    for step in words::parse(script).unwrap_or_default() {
        let [command] = step.pipe.as_slice() else {
            continue;
        };
        let words: Vec<String> = command
            .words
            .iter()
            .map(|word| word.expand(&BTreeMap::new(), 0))
            .collect();
        if let Some(("echo", said)) = words
            .split_first()
            .map(|(name, said)| (name.as_str(), said))
        {
            printed.push_str(&said.join(" "));
            printed.push('\n');
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scripts_echoes_are_what_it_prints() {
        let script = "echo \"hello   there\"; sleep 3600\necho 'it is' on";
        assert_eq!(print(script), "hello   there\nit is on\n");
    }
}
