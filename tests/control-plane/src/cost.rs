//! What a program took: wall time, processor time and memory, as `/proc` tells them.

use std::{
    fs,
    io::Read as _,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};

/// `/proc` counts processor time in these: `USER_HZ`, a hundred a second on every Linux of today.
const TICKS_PER_SECOND: f64 = 100.0;

/// How often a running program's peak is read. A peak of its last moments may be missed by as much.
const PAUSE: Duration = Duration::from_millis(2);

/// Over how long the share of a processor is taken.
const SAMPLE: Duration = Duration::from_secs(3);

/// How long a server may take to come to rest.
const REST_LIMIT: Duration = Duration::from_mins(3);

/// What a program took from its start to its end.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Wall time.
    pub wall: Duration,
    /// Seconds of processor time, of all its threads and children.
    pub cpu_seconds: f64,
    /// The most that was resident at a time, in bytes.
    pub peak_bytes: u64,
}

/// What a process holds, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// Resident now.
    pub resident: u64,
    /// Of that, what belongs to no file: heap and stacks.
    pub anonymous: u64,
    /// The most that was resident at a time.
    pub peak: u64,
}

/// Runs a program to its end and returns what it took and what it printed.
///
/// # Errors
///
/// When it cannot be started or ends with another status than 0.
pub fn finish(command: &mut Command) -> Result<(Cost, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let cpu_before = cpu_of_children()?;
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {name}"))?;
    let pid = child.id();
    let mut output = child.stdout.take().context("its output is piped")?;
    let reading = thread::spawn(move || -> std::io::Result<String> {
        let mut text = String::new();
        output.read_to_string(&mut text)?;
        Ok(text)
    });
    let mut peak_bytes = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        // Between its end and our noticing there is nothing to read any more.
        peak_bytes = memory(pid).map_or(peak_bytes, |now| now.peak.max(peak_bytes));
        thread::sleep(PAUSE);
    };
    let wall = start.elapsed();
    ensure!(status.success(), "{name} ended with {status}");
    let output = reading.join().ok().context("its output cannot be read")??;
    let cost = Cost {
        wall,
        cpu_seconds: cpu_of_children()? - cpu_before,
        peak_bytes,
    };
    Ok((cost, output))
}

/// What a running process holds.
///
/// # Errors
///
/// When it has ended.
pub fn memory(pid: u32) -> Result<Memory> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let bytes = |name: &str| -> Result<u64> {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .with_context(|| format!("process {pid} holds nothing any more"))?;
        let kibibytes = line.trim().trim_end_matches(" kB").parse::<u64>()?;
        Ok(kibibytes * 1024)
    };
    Ok(Memory {
        resident: bytes("VmRSS")?,
        anonymous: bytes("RssAnon")?,
        peak: bytes("VmHWM")?,
    })
}

/// The processor time that a running process took so far, in seconds.
///
/// # Errors
///
/// When it has ended.
pub fn cpu_seconds(pid: u32) -> Result<f64> {
    let [user, system, _, _] = ticks(&format!("/proc/{pid}/stat"))?;
    Ok((user + system) / TICKS_PER_SECOND)
}

/// The processor time of all children that have ended, in seconds.
fn cpu_of_children() -> Result<f64> {
    let [_, _, user, system] = ticks("/proc/self/stat")?;
    Ok((user + system) / TICKS_PER_SECOND)
}

/// utime, stime, cutime and cstime: proc(5), fields 14 to 17.
fn ticks(file: &str) -> Result<[f64; 4]> {
    let text = fs::read_to_string(file)?;
    // The second field is a name in parentheses, which may itself have spaces.
    let (_, after_name) = text.rsplit_once(')').context("no process name")?;
    let fields: Vec<f64> = after_name
        .split_whitespace()
        .skip(11)
        .take(4)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    fields.try_into().ok().context("too few fields")
}

/// Waits until a process takes less than a tenth of a core: a server still works for a while on
/// what was put into it.
///
/// # Errors
///
/// When it does not come to rest in three minutes, or has ended.
pub fn until_at_rest(pid: u32) -> Result<()> {
    let start = Instant::now();
    let mut before = cpu_seconds(pid)?;
    while start.elapsed() < REST_LIMIT {
        thread::sleep(SAMPLE);
        let now = cpu_seconds(pid)?;
        if now - before < 0.1 * SAMPLE.as_secs_f64() {
            return Ok(());
        }
        before = now;
    }
    bail!("process {pid} does not come to rest in {REST_LIMIT:?}")
}

/// How busy all processors together are for a while, whoever keeps them so: 1 is all of them.
///
/// # Errors
///
/// When `/proc` cannot be read.
pub fn busy_share() -> Result<f64> {
    let before = idle_and_all()?;
    thread::sleep(SAMPLE);
    let now = idle_and_all()?;
    Ok(1.0 - (now.0 - before.0) / (now.1 - before.1))
}

/// The ticks that all processors idled, and all of their ticks: proc(5), `/proc/stat`.
fn idle_and_all() -> Result<(f64, f64)> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("/proc/stat is empty")?;
    // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in these.
    let ticks: Vec<f64> = line
        .split_whitespace()
        .skip(1)
        .take(8)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let idle = ticks.get(3..5).context("too few fields")?.iter().sum();
    Ok((idle, ticks.iter().sum()))
}

/// Whether a program of this name is on the `PATH`.
pub fn on_the_path(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// The middle value, or the mean of the two in the middle; not a number where there is none.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    let lower = values.len().saturating_sub(1) / 2;
    match (values.get(lower), values.get(upper)) {
        (Some(lower), Some(upper)) => f64::midpoint(*lower, *upper),
        _ => f64::NAN,
    }
}

/// Bytes as the megabytes that tables show.
#[expect(
    clippy::cast_precision_loss,
    reason = "memory is far less than 2^52 bytes"
)]
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
