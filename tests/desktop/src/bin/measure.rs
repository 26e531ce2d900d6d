//! How long the window takes to show the demo cluster, and what it holds then.
//!
//! `STRATA_DESKTOP_PROGRAM=$PWD/target/release/strata-desktop cargo run -p strata-desktop-tests --bin measure-window -- [--rounds N]`
//!
//! Five rounds unless told otherwise. Each is a start with empty settings under Xvfb, driven by
//! WebKit's driver. `docs/guides/performance.md` says what the figures mean.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use strata_desktop_tests::{Desk, PATIENCE, desktop_program};

/// `/proc` counts processor time and starts in these: `USER_HZ`, a hundred a second on every Linux
/// of today.
const TICKS_PER_SECOND: f64 = 100.0;

/// How long the window is left alone before its memory is compared with what it was.
const PAUSE: Duration = Duration::from_secs(2);

/// Answers with the moment, in milliseconds since 1970, at which no layer of the stack was loading
/// any more: each has its figure, and the attention list has its number. Second: whether that was
/// so before anyone looked, so that the moment is only the latest possible.
const COMPLETE: &str = r#"
    const answer = arguments[arguments.length - 1];
    const isComplete = () =>
        document.querySelectorAll('section[aria-labelledby^="layer-"] .headline .figure').length === 5 &&
        (document.querySelector('aside header h2 + span')?.textContent ?? '').trim() !== '';
    const now = () => performance.timeOrigin + performance.now();
    if (isComplete()) return answer([now(), true]);
    const observer = new MutationObserver(() => {
        if (!isComplete()) return;
        observer.disconnect();
        answer([now(), false]);
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true });
"#;

/// The first contentful paint, in milliseconds since 1970; null before it.
const PAINT: &str = "
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return paint === undefined ? null : performance.timeOrigin + paint.startTime;
";

/// What one start took.
struct Opening {
    /// Seconds from the process's start to the first contentful paint.
    paint: f64,
    /// Seconds from the process's start until all five layers were there.
    complete: f64,
    /// Whether they were there before anyone looked.
    was_complete: bool,
    /// Processor seconds of all its processes until memory was steady.
    cpu_seconds: f64,
    /// What each program of the process tree holds, in bytes; shared pages are counted in parts.
    memory: Vec<(String, u64)>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 5,
        (Some("--rounds"), Some(number)) => number.parse()?,
        _ => bail!("the only argument is: --rounds N"),
    };
    println!("| start | first paint s | complete stack s | CPU s | memory MB |");
    println!("|---|---|---|---|---|");
    let mut openings = Vec::new();
    for number in 1..=rounds {
        let opening = Opening::measure().await?;
        opening.print(&number.to_string());
        openings.push(opening);
    }
    let of = |figure: fn(&Opening) -> f64| median(openings.iter().map(figure));
    println!(
        "| median | {:.2} | {:.2} | {:.1} | {:.0} |",
        of(|one| one.paint),
        of(|one| one.complete),
        of(|one| one.cpu_seconds),
        of(Opening::megabytes),
    );
    Ok(())
}

impl Opening {
    async fn measure() -> Result<Self> {
        let program = fs::canonicalize(desktop_program()?)?;
        let desk = Desk::open().await?;
        let asked = desk.page.execute_async(COMPLETE, Vec::new());
        let complete = tokio::time::timeout(PATIENCE, asked)
            .await
            .context("the stack was not complete in time")?
            .context("the page shows no complete stack; `COMPLETE` says how it is told")?;
        let paint = desk.page.execute(PAINT, Vec::new()).await?;
        let root = running(&program)?;
        let start = started_at(root)?;
        let since_start = |milliseconds: &Value| -> Result<f64> {
            let at = milliseconds.as_f64().context("the page tells no time")?;
            Ok(at / 1000.0 - start)
        };
        let paint = since_start(&paint)?;
        let (at, was_complete) = (complete.get(0), complete.get(1).and_then(Value::as_bool));
        let complete = since_start(at.context("the page tells no time")?)?;
        let memory = steady_memory(root).await?;
        let cpu_seconds = tree(root)?
            .iter()
            .map(|pid| Stat::of(*pid).map(|stat| stat.cpu_seconds))
            .sum::<Result<f64>>()?;
        desk.page.clone().close().await?;
        Ok(Self {
            paint,
            complete,
            was_complete: was_complete.context("the page does not tell")?,
            cpu_seconds,
            memory,
        })
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "memory is far less than 2^52 bytes"
    )]
    fn megabytes(&self) -> f64 {
        self.memory.iter().map(|(_, bytes)| *bytes).sum::<u64>() as f64 / 1e6
    }

    fn print(&self, name: &str) {
        let parts: Vec<String> = self
            .memory
            .iter()
            .map(|(program, bytes)| format!("{program} {}", bytes / 1_000_000))
            .collect();
        println!(
            "| {name} | {:.2} | {}{:.2} | {:.1} | {:.0}: {} |",
            self.paint,
            if self.was_complete { "at most " } else { "" },
            self.complete,
            self.cpu_seconds,
            self.megabytes(),
            parts.join(", "),
        );
    }
}

/// What the tree holds once it holds the same, to one part in a hundred, as a moment before.
async fn steady_memory(root: u32) -> Result<Vec<(String, u64)>> {
    let sum = |parts: &[(String, u64)]| parts.iter().map(|(_, bytes)| *bytes).sum::<u64>();
    let steadying = async {
        let mut before = memory_of_tree(root)?;
        loop {
            tokio::time::sleep(PAUSE).await;
            let now = memory_of_tree(root)?;
            if sum(&now).abs_diff(sum(&before)) < sum(&now) / 100 {
                return Ok(now);
            }
            before = now;
        }
    };
    let steady = tokio::time::timeout(PATIENCE, steadying).await;
    steady.context("its memory does not come to rest")?
}

/// Each process's proportional set size: what it shares is divided by how many share it.
fn memory_of_tree(root: u32) -> Result<Vec<(String, u64)>> {
    let mut parts = Vec::new();
    for pid in tree(root)? {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
        let kibibytes = text
            .lines()
            .find_map(|line| line.strip_prefix("Pss:")?.strip_suffix("kB"))
            .context("no proportional set size")?
            .trim()
            .parse::<u64>()?;
        parts.push((Stat::of(pid)?.name, kibibytes * 1024));
    }
    Ok(parts)
}

/// The process that runs `program`.
fn running(program: &Path) -> Result<u32> {
    let found: Vec<u32> = processes()?
        .into_iter()
        .filter(|pid| {
            fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|runs: PathBuf| runs == program)
        })
        .collect();
    ensure!(
        found.len() == 1,
        "{} processes run {}, so that one cannot be told",
        found.len(),
        program.display()
    );
    found.first().copied().context("just counted")
}

/// A process and all that it started, however deep.
fn tree(root: u32) -> Result<Vec<u32>> {
    let parents: BTreeMap<u32, u32> = processes()?
        .into_iter()
        // Whatever ends while we look is no part of the tree any more.
        .filter_map(|pid| Some((pid, Stat::of(pid).ok()?.parent)))
        .collect();
    let mut tree = vec![root];
    let mut at = 0;
    while let Some(parent) = tree.get(at).copied() {
        tree.extend(
            parents
                .iter()
                .filter(|(_, of)| **of == parent)
                .map(|(pid, _)| *pid),
        );
        at += 1;
    }
    Ok(tree)
}

fn processes() -> Result<Vec<u32>> {
    Ok(fs::read_dir("/proc")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect())
}

/// When a process started, in seconds since 1970, to a hundredth.
#[expect(
    clippy::disallowed_methods,
    reason = "the kernel tells a start in seconds since the machine's own"
)]
fn started_at(pid: u32) -> Result<f64> {
    let uptime = fs::read_to_string("/proc/uptime")?;
    let now = std::time::SystemTime::now().duration_since(UNIX_EPOCH)?;
    let uptime: f64 = uptime
        .split_whitespace()
        .next()
        .context("/proc/uptime is empty")?
        .parse()?;
    Ok(now.as_secs_f64() - uptime + Stat::of(pid)?.started)
}

/// What proc(5) tells of a process in its `stat`.
struct Stat {
    name: String,
    parent: u32,
    cpu_seconds: f64,
    /// Seconds after the machine's own start.
    started: f64,
}

impl Stat {
    fn of(pid: u32) -> Result<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The name stands in parentheses and may itself have spaces.
        let (before, after) = text.rsplit_once(')').context("no process name")?;
        let (_, name) = before.split_once('(').context("no process name")?;
        let fields: Vec<&str> = after.split_whitespace().collect();
        // The first after the name is the third of all.
        let field = |number: usize| -> Result<f64> {
            let text = fields.get(number - 3).context("too few fields")?;
            Ok(text.parse()?)
        };
        let parent = fields.get(1).context("too few fields")?.parse()?;
        Ok(Self {
            name: name.to_owned(),
            parent,
            cpu_seconds: (field(14)? + field(15)?) / TICKS_PER_SECOND,
            started: field(22)? / TICKS_PER_SECOND,
        })
    }
}

/// The middle value, or the mean of the two in the middle; not a number where there is none.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    let lower = values.len().saturating_sub(1) / 2;
    match (values.get(lower), values.get(upper)) {
        (Some(lower), Some(upper)) => f64::midpoint(*lower, *upper),
        _ => f64::NAN,
    }
}
