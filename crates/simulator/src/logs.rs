//! What containers print.
//!
//! No line is stored. A log is a function of the pod, the container, which of its runs it is, and
//! time: first what the program says while it starts, then rounds of what it says again and again,
//! at last what it says when it ends. Any part of it can be written without what is before.

use std::{collections::VecDeque, time::Duration};

use jiff::Timestamp;

pub(crate) use self::run::{Ending, Run, gpus_of};
use crate::{clock, random};

mod batch;
mod controllers;
mod ollama;
mod run;
mod services;
mod serving;
mod training;
mod vllm;

/// Rounds in a file of a log. The kubelet shows the newest file; here, that and the one before.
const ROUNDS_IN_A_FILE: u64 = 2048;

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) text: String,
}

/// How a program speaks.
#[derive(Clone, Copy)]
struct Script {
    /// How long the program takes to start.
    opening: Duration,
    open: fn(&mut Part<'_>),
    /// How long a round is.
    period: Duration,
    round: fn(&mut Part<'_>),
    /// The last words of a program whose work is done.
    finish: fn(&mut Part<'_>),
    /// The last words of a program that fails.
    fail: fn(&mut Part<'_>),
}

/// A part of a log while it is written.
struct Part<'a> {
    run: &'a Run,
    /// 0 for the opening, then the rounds from 1 on.
    number: u64,
    begins: Timestamp,
    lasts: Duration,
    lines: Vec<Line>,
}

impl Part<'_> {
    /// Adds a line at so many thousandths of the part; `text` may tell the time itself.
    fn say(&mut self, thousandths: u32, text: impl FnOnce(Timestamp) -> String) {
        let offset = self.lasts.saturating_mul(thousandths) / 1000;
        let place = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        let jitter =
            Duration::from_nanos(place * 20_000 + self.chance(&format!("at{place}"), 9973));
        let at = clock::later(clock::later(self.begins, offset), jitter);
        for line in text(at).split('\n') {
            self.lines.push(Line {
                at,
                text: line.to_owned(),
            });
        }
    }

    /// A number below `below` that depends on the run, the part and `salt` alone.
    fn chance(&self, salt: &str, below: u64) -> u64 {
        // FNV's low bits follow the last letters closely; folding evens them out.
        let hash = random::hash(&format!("{}/{}/{salt}", self.run.seed, self.number));
        (hash ^ (hash >> 29) ^ (hash >> 47)) % below.max(1)
    }

    /// A number around `middle` that is at most `spread` hundredths of it away.
    fn around(&self, salt: &str, middle: f64, spread: f64) -> f64 {
        let chance = f64::from(u32::try_from(self.chance(salt, 2001)).unwrap_or(1000)) - 1000.0;
        middle * (1.0 + chance / 1000.0 * spread / 100.0)
    }

    /// Hours since midnight, for what follows the day.
    fn hour(&self) -> f64 {
        let seconds = self.begins.as_second().rem_euclid(86_400);
        f64::from(u32::try_from(seconds).unwrap_or(0)) / 3600.0
    }
}

/// A number as a float.
fn real(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A log that is read from some place on.
pub(crate) struct Reader {
    run: Run,
    script: Script,
    /// The next part to be written; none after the end.
    next: Option<u64>,
    lines: VecDeque<Line>,
}

impl Reader {
    /// Reads from the newest file's beginning, or from the first line at or after `since`.
    pub(crate) fn since(run: Run, since: Option<Timestamp>, now: Timestamp) -> Self {
        let script = script_of(&run);
        let first = oldest_part(&run, &script, now);
        let mut reader = Self {
            run,
            script,
            next: None,
            lines: VecDeque::new(),
        };
        let part = since.map_or(first, |since| reader.part_at(since).max(first));
        reader.next = Some(part);
        if let Some(since) = since {
            reader.write_until(since);
            reader.lines.retain(|line| line.at >= since);
        }
        reader
    }

    /// Reads the last `count` lines before `now`, and what comes after them.
    pub(crate) fn last(run: Run, count: usize, now: Timestamp) -> Self {
        let mut reader = Self::since(run, None, now);
        let first = reader.next.unwrap_or(0);
        let newest = reader.part_at(reader.end_before(now));
        let mut lines = VecDeque::new();
        let mut part = newest + 1;
        while part > first && lines.len() < count {
            part -= 1;
            let written = reader.part(part);
            for line in written.into_iter().rev().filter(|line| line.at <= now) {
                lines.push_front(line);
            }
        }
        // What the newest part still has to say is not among the last lines.
        let rest = reader.part(newest).into_iter().filter(|line| line.at > now);
        lines.drain(..lines.len().saturating_sub(count));
        lines.extend(rest);
        reader.lines = lines;
        reader.next = reader.after(newest);
        reader
    }

    /// The next line, if it has been printed by `now`.
    pub(crate) fn next_until(&mut self, now: Timestamp) -> Option<Line> {
        self.write_until(now);
        let line = self.lines.front()?;
        (line.at <= now).then(|| self.lines.pop_front()).flatten()
    }

    /// Leaves out what was printed before `since`.
    pub(crate) fn forget_before(&mut self, since: Option<Timestamp>) {
        self.lines
            .retain(|line| since.is_none_or(|since| line.at >= since));
    }

    /// Says that the run has ended: what it would have printed later it never does.
    pub(crate) fn end(&mut self, ended: Timestamp, ending: Ending) {
        self.run.ended = Some((ended, ending));
        self.lines.retain(|line| line.at <= ended);
        if self.next.is_none_or(|next| self.part_begins(next) > ended) {
            self.lines.extend(self.closing());
            self.next = None;
        }
    }

    fn write_until(&mut self, now: Timestamp) {
        while let Some(next) = self.next {
            if self.lines.len() > 64 || self.part_begins(next) > now {
                return;
            }
            self.lines.extend(self.part(next));
            self.next = self.after(next);
        }
    }

    /// The part after `part`; none where the run ends before.
    fn after(&self, part: u64) -> Option<u64> {
        let next = part + 1;
        let is_over = self
            .run
            .ended
            .is_some_and(|(ended, _)| self.part_begins(next) > ended);
        (!is_over).then_some(next)
    }

    /// The lines of a part; the last one of a run that has ended includes its last words.
    fn part(&self, number: u64) -> Vec<Line> {
        let mut part = Part {
            run: &self.run,
            number,
            begins: self.part_begins(number),
            lasts: if number == 0 {
                self.script.opening
            } else {
                self.script.period
            },
            lines: Vec::new(),
        };
        let write = if number == 0 {
            self.script.open
        } else {
            self.script.round
        };
        write(&mut part);
        let mut lines = part.lines;
        if let Some((ended, _)) = self.run.ended {
            lines.retain(|line| line.at <= ended);
            if self.after(number).is_none() {
                lines.extend(self.closing());
            }
        }
        lines
    }

    fn closing(&self) -> Vec<Line> {
        let Some((ended, ending)) = self.run.ended else {
            return Vec::new();
        };
        let mut part = Part {
            run: &self.run,
            number: u64::MAX,
            begins: clock::earlier(ended, Duration::from_millis(400)),
            lasts: Duration::from_millis(300),
            lines: Vec::new(),
        };
        match ending {
            Ending::Completed => (self.script.finish)(&mut part),
            Ending::Failed => (self.script.fail)(&mut part),
            // The kernel gives nobody a last word.
            Ending::Killed => {}
        }
        part.lines
    }

    fn part_begins(&self, number: u64) -> Timestamp {
        part_begins(&self.run, &self.script, number)
    }

    fn part_at(&self, time: Timestamp) -> u64 {
        part_at(&self.run, &self.script, time)
    }

    fn end_before(&self, now: Timestamp) -> Timestamp {
        self.run.ended.map_or(now, |(ended, _)| ended.min(now))
    }
}

fn part_begins(run: &Run, script: &Script, number: u64) -> Timestamp {
    match number.checked_sub(1) {
        None => run.started,
        Some(rounds) => {
            let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
            let passed = script.opening + script.period.saturating_mul(rounds);
            clock::later(run.started, passed)
        }
    }
}

fn part_at(run: &Run, script: &Script, time: Timestamp) -> u64 {
    let passed = Duration::try_from(time.duration_since(run.started)).unwrap_or_default();
    match passed.checked_sub(script.opening) {
        None => 0,
        Some(passed) => {
            let rounds = passed.as_millis() / script.period.as_millis().max(1);
            1 + u64::try_from(rounds).unwrap_or(u64::MAX - 1)
        }
    }
}

fn oldest_part(run: &Run, script: &Script, now: Timestamp) -> u64 {
    let newest = part_at(run, script, run.ended.map_or(now, |(ended, _)| ended));
    (newest / ROUNDS_IN_A_FILE).saturating_sub(1) * ROUNDS_IN_A_FILE
}

fn script_of(run: &Run) -> Script {
    use crate::program::Program;
    match run.program {
        Program::Training => training::SCRIPT,
        Program::Vllm => vllm::SCRIPT,
        Program::Sglang => serving::SGLANG,
        Program::Ollama => ollama::SCRIPT,
        Program::Triton => serving::TRITON,
        Program::Embeddings => serving::EMBEDDINGS,
        Program::KserveServer => serving::KSERVE,
        Program::Jupyter => services::JUPYTER,
        Program::Ray => services::RAY,
        Program::Nginx => services::NGINX,
        Program::PythonWeb => services::UVICORN,
        Program::Postgres => services::POSTGRES,
        Program::Redis => services::REDIS,
        Program::DcgmExporter => services::DCGM_EXPORTER,
        Program::Airflow => batch::AIRFLOW,
        Program::Spark => batch::SPARK,
        Program::Batch => batch::BATCH,
        Program::Script => batch::SCRIPT,
        Program::Silent => batch::SILENT,
        Program::Operator => controllers::ZAP,
        Program::Klog | Program::DevicePlugin => controllers::KLOG,
        Program::Etcd => controllers::ETCD,
        Program::CoreDns => controllers::COREDNS,
        Program::Logfmt => controllers::LOGFMT,
    }
}

fn nothing(_: &mut Part<'_>) {}

#[cfg(test)]
mod tests;
