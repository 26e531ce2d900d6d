//! What sampling at 1 Hz costs as a whole process, beside `nvidia-smi`, nvtop and nvitop on the same GPUs.
//!
//! ```text
//! cargo bench -p strata-gpu --bench sampling                  # 30 s of each program
//! cargo bench -p strata-gpu --bench sampling -- --seconds 120
//! ```
//!
//! On a machine with an NVIDIA GPU it samples that, and every other program that is installed reads it
//! once a second for the same time, one after the other; the ratios are to Strata's sampler. Without
//! one it samples the fake library of the tests: what Strata itself costs, without a driver. Processor
//! time is the kernel's own account of all threads, in nanoseconds, from `/proc/PID/task/*/schedstat`.
#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::print_stdout,
        clippy::expect_used,
        reason = "a measurement tells what it found, or why it found nothing"
    )
)]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() {
    measure::main();
}

#[cfg(target_os = "linux")]
mod measure {
    use std::{
        fs,
        io::{BufRead as _, BufReader},
        path::PathBuf,
        process::{Child, Command, Stdio},
        sync::Arc,
        thread,
        time::{Duration, Instant},
    };

    use strata_fake_nvml::{Scenario, library};
    use strata_gpu::{
        sampler::{self, Places},
        wire::FromSampler,
    };
    use strata_ports::clock::SystemClock;

    /// The argument that makes this program the sampler.
    const SAMPLE: &str = "--sample";
    /// How long each program runs unless it is said.
    const SECONDS: u64 = 30;
    /// What others are asked for: the figures that Strata reads every second.
    const QUERY: &str = "--query-gpu=utilization.gpu,utilization.memory,memory.used,memory.free,\
        memory.total,temperature.gpu,power.draw,clocks.sm";

    /// What a program took.
    struct Taken {
        name: String,
        seconds: f64,
        processor: f64,
        peak_bytes: u64,
        /// How long calls held the driver, where that is told.
        in_driver: Option<f64>,
    }

    pub(super) fn main() {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        if arguments.first().is_some_and(|first| first == SAMPLE) {
            let places = Places {
                root: PathBuf::from("/"),
                library: arguments.get(1).map(PathBuf::from),
            };
            return sampler::run(places, Arc::new(SystemClock));
        }
        // Cargo says whether this is a measurement; a test of it is two seconds long.
        let is_measured = arguments.iter().any(|argument| argument == "--bench");
        let told = arguments.iter().skip_while(|one| *one != "--seconds");
        let seconds = told.skip(1).find_map(|one| one.parse().ok());
        let span = Duration::from_secs(seconds.unwrap_or(if is_measured { SECONDS } else { 2 }));
        let has_gpu = Command::new("nvidia-smi")
            .arg("-L")
            .output()
            .is_ok_and(|told| told.status.success());
        let mut all = vec![strata(span, !has_gpu)];
        if has_gpu {
            println!("NVIDIA's driver answers: its own GPUs are sampled, {span:?} by each program");
            for (name, program, arguments) in [
                (
                    "nvidia-smi, the same figures",
                    "nvidia-smi",
                    &[QUERY, "--format=csv", "-l", "1"][..],
                ),
                ("nvidia-smi dmon", "nvidia-smi", &["dmon", "-d", "1"][..]),
                ("nvtop", "script", &["-qec", "nvtop -d 10", "/dev/null"][..]),
                (
                    "nvitop",
                    "script",
                    &["-qec", "nvitop -m full --interval 1", "/dev/null"][..],
                ),
            ] {
                all.extend(other(name, program, arguments, span));
            }
        } else {
            println!("no driver of NVIDIA's answers: two GPUs of the fake library, {span:?}");
        }
        tell(&all);
    }

    /// Strata's sampler, over the fake library or the machine's own.
    fn strata(span: Duration, is_fake: bool) -> Taken {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.arg(SAMPLE);
        if is_fake {
            command.arg(library(Scenario::Healthy));
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sampler starts");
        let output = child.stdout.take().expect("its output");
        let heard = thread::spawn(move || {
            let mut in_driver = 0.0;
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Ok(FromSampler::Sample(sample)) = serde_json::from_str(&line) {
                    in_driver += sample.cost.seconds;
                }
            }
            in_driver
        });
        let mut taken = watch("strata's sampler".to_owned(), &mut child, span);
        drop(child.stdin.take());
        taken.in_driver = heard.join().ok();
        child.wait().expect("the sampler ends when its input does");
        taken
    }

    /// Another program; none where it is not there or gives up before its time.
    fn other(name: &str, program: &str, arguments: &[&str], span: Duration) -> Option<Taken> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let taken = watch(name.to_owned(), &mut child, span);
        let is_running = child.try_wait().ok()?.is_none();
        for pid in family(child.id()).into_iter().rev() {
            let ended = Command::new("kill").arg(pid.to_string()).status();
            drop(ended);
        }
        child.wait().ok()?;
        is_running.then_some(taken)
    }

    /// Lets a program run for `span`, and tells what it and those that it started took.
    fn watch(name: String, child: &mut Child, span: Duration) -> Taken {
        let began = Instant::now();
        let mut peak_bytes = 0;
        while began.elapsed() < span {
            thread::sleep(Duration::from_millis(200).min(span));
            let all = family(child.id());
            peak_bytes = peak_bytes.max(all.iter().map(|pid| resident(*pid)).sum());
        }
        Taken {
            name,
            seconds: began.elapsed().as_secs_f64(),
            processor: family(child.id()).iter().map(|pid| processor(*pid)).sum(),
            peak_bytes,
            in_driver: None,
        }
    }

    /// A process and all that it started, itself first.
    fn family(first: u32) -> Vec<u32> {
        let mut all = vec![first];
        let mut at = 0;
        while let Some(pid) = all.get(at) {
            let path = format!("/proc/{pid}/task/{pid}/children");
            let children = fs::read_to_string(path).unwrap_or_default();
            all.extend(
                children
                    .split_whitespace()
                    .filter_map(|one| one.parse::<u32>().ok()),
            );
            at += 1;
        }
        all
    }

    /// The processor time of all threads of a process, in seconds.
    fn processor(pid: u32) -> f64 {
        let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else {
            return 0.0;
        };
        tasks
            .filter_map(Result::ok)
            .filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok())
            .filter_map(|text| text.split_whitespace().next()?.parse::<f64>().ok())
            .map(|nanoseconds| nanoseconds / 1e9)
            .sum()
    }

    /// The memory of a process that is its own or its share of what is shared, in bytes.
    fn resident(pid: u32) -> u64 {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kibibytes.unwrap_or(0) * 1024
    }

    #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
    fn tell(all: &[Taken]) {
        let Some(own) = all.first() else { return };
        println!(
            "\n{:<30} {:>12} {:>8} {:>10} {:>12}",
            "program", "core, %", "ratio", "peak, MB", "in driver, %"
        );
        for taken in all {
            let share = taken.processor / taken.seconds * 100.0;
            let ratio = taken.processor / taken.seconds / (own.processor / own.seconds);
            let driver = taken.in_driver.map_or_else(
                || "not told".to_owned(),
                |held| format!("{:.4}", held / taken.seconds * 100.0),
            );
            println!(
                "{:<30} {share:>12.3} {ratio:>8.2} {:>10.1} {driver:>12}",
                taken.name,
                taken.peak_bytes as f64 / 1e6,
            );
        }
        println!(
            "\nA core of the processor, and the time for which calls held the driver's lock; memory is the \
             proportional set size, at most."
        );
    }
}
