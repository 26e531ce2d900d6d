//! What `strata gpu` shows of this machine and does to it, over NVIDIA's library as the tests have it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;
use strata_fake_nvml::{PROCESS, STATE, Scenario, library};
use strata_integration_tests::program;
use tempfile::TempDir;

/// How the first device is without a change.
const AS_MADE: &str = "700000 0 0";

/// A machine with two GPUs, and a Strata with settings of its own.
struct Machine {
    folder: TempDir,
    scenario: Scenario,
    process: Option<u32>,
}

impl Machine {
    fn new(scenario: Scenario) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            scenario,
            process: None,
        }
    }

    fn strata(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program().unwrap());
        let folder = self.folder.path();
        std::fs::write(folder.join("config"), "").unwrap();
        command
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--kubeconfig")
            .arg(folder.join("config"))
            .args(arguments)
            .env("STRATA_NVML_LIBRARY", library(self.scenario))
            .env(STATE, self.state_file())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(pid) = self.process {
            command.env(PROCESS, pid.to_string());
        }
        command
    }

    /// What it says when `typed` is all that is typed.
    fn say(&self, arguments: &[&str], typed: &str) -> Output {
        let mut child = self.strata(arguments).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // A program that reads nothing may be gone before it is written.
        drop(input.write_all(typed.as_bytes()));
        drop(input);
        child.wait_with_output().unwrap()
    }

    fn state_file(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn state(&self) -> String {
        let text = std::fs::read_to_string(self.state_file()).unwrap_or_default();
        text.lines().next().unwrap_or(AS_MADE).to_owned()
    }

    fn wait_for_state(&self, wanted: &str) {
        for _ in 0..1_000 {
            if self.state() == wanted {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the device is at {} and not at {wanted}", self.state());
    }

    fn journal(&self) -> Value {
        let told = self.say(&["journal", "list", "-o", "json"], "");
        serde_json::from_slice(&told.stdout).unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Whether this user may set devices: `CAP_SYS_ADMIN`.
fn is_administrator() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .unwrap();
    u64::from_str_radix(line.trim(), 16).unwrap() & (1 << 21) != 0
}

/// A process that Strata did not start: it is on the first device.
struct Stranger(u32);

impl Stranger {
    fn start(script: &str) -> Self {
        let mut shell = Command::new("setsid")
            .args(["--fork", "sh", "-c", script])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        shell.wait().unwrap();
        Self(line.trim().parse().unwrap())
    }

    fn is_there(&self) -> bool {
        std::fs::read_to_string(format!("/proc/{}/stat", self.0))
            .is_ok_and(|stat| !stat.contains(") Z "))
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        drop(
            Command::new("kill")
                .args(["-KILL", &self.0.to_string()])
                .output(),
        );
    }
}

#[test]
fn what_may_not_be_set_is_refused_before_anything_is_tried() {
    let machine = Machine::new(Scenario::ReadOnly);
    let told = machine.say(&["gpu", "limit", "0", "--power", "300", "--apply"], "");
    assert_eq!(told.status.code(), Some(5), "{}", said(&told));
    assert!(
        said(&told).contains("takes an administrator"),
        "{}",
        said(&told)
    );
    assert_eq!(machine.state(), AS_MADE);
}

#[test]
fn a_limit_is_previewed_tried_and_kept() {
    if !is_administrator() {
        return;
    }
    let machine = Machine::new(Scenario::Healthy);
    let limit = ["gpu", "limit", "0", "--power", "302"];
    let preview = machine.say(&limit, "");
    assert_eq!(preview.status.code(), Some(0), "{}", said(&preview));
    assert!(
        said(&preview).contains(".power_limit_watts 700 -> 302"),
        "{}",
        said(&preview)
    );
    assert_eq!(machine.state(), AS_MADE);

    let kept = machine.say(&[&limit[..], &["--apply"]].concat(), "keep\n");
    assert_eq!(kept.status.code(), Some(0), "{}", said(&kept));
    // The device takes steps of 5 W, and that is said.
    assert!(said(&kept).contains("GPU 0 keeps 300 W"), "{}", said(&kept));
    assert_eq!(machine.state(), "300000 0 0");
    let entry = &machine.journal()["entries"][0];
    assert_eq!(entry["state"], "applied");
    assert_eq!(entry["cluster"], "this-machine");

    let number = entry["number"].to_string();
    let undone = machine.say(&["journal", "undo", &number, "--apply"], "");
    assert_eq!(undone.status.code(), Some(0), "{}", said(&undone));
    assert_eq!(machine.state(), AS_MADE);
}

#[test]
fn a_limit_that_nobody_keeps_is_taken_back() {
    if !is_administrator() {
        return;
    }
    let machine = Machine::new(Scenario::Healthy);
    let clocks = [
        "gpu", "limit", "0", "--clocks", "300,1200", "--trial", "5", "--apply",
    ];
    let told = machine.say(&clocks, "");
    assert_eq!(told.status.code(), Some(5), "{}", said(&told));
    assert!(said(&told).contains("are free again"), "{}", said(&told));
    assert_eq!(machine.state(), AS_MADE);
    assert_eq!(machine.journal()["entries"][0]["state"], "settled");
}

#[test]
fn a_limit_is_taken_back_when_strata_is_killed_and_the_next_start_tells_of_it() {
    if !is_administrator() {
        return;
    }
    let machine = Machine::new(Scenario::Healthy);
    let limit = [
        "gpu", "limit", "0", "--power", "300", "--trial", "3600", "--apply",
    ];
    let mut child: Child = machine.strata(&limit).spawn().unwrap();
    machine.wait_for_state("300000 0 0");
    child.kill().unwrap();
    child.wait().unwrap();
    machine.wait_for_state(AS_MADE);
    let next = machine.say(&["journal"], "");
    assert!(
        said(&next).contains("a change of this machine was interrupted"),
        "{}",
        said(&next)
    );
}

#[test]
fn a_process_on_a_gpu_is_ended_and_strata_itself_is_not() {
    let stranger = Stranger::start("echo $$; exec sleep 600");
    let mut machine = Machine::new(Scenario::Healthy);
    machine.process = Some(stranger.0);
    let pid = stranger.0.to_string();
    let preview = machine.say(&["gpu", "end", &pid], "");
    assert_eq!(preview.status.code(), Some(0), "{}", said(&preview));
    for words in [
        "sleep 600",
        "2.2 GiB of GPU 0 becomes free",
        "Nothing that Strata sees",
    ] {
        assert!(said(&preview).contains(words), "{}", said(&preview));
    }
    assert!(stranger.is_there());
    let done = machine.say(&["gpu", "end", &pid, "--apply"], "");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(!stranger.is_there());
    assert_eq!(machine.journal()["entries"][0]["state"], "applied");

    // One that is on no GPU, such as the test itself.
    let other = std::process::id().to_string();
    let refused = machine.say(&["gpu", "end", &other, "--apply"], "");
    assert_eq!(refused.status.code(), Some(5), "{}", said(&refused));
}

#[test]
fn versions_that_differ_are_told_with_the_remedy() {
    let machine = Machine::new(Scenario::Mismatch);
    let told = machine.say(&["gpu", "--local"], "");
    assert_eq!(told.status.code(), Some(4), "{}", said(&told));
    assert!(
        said(&told).contains("Restart the machine"),
        "{}",
        said(&told)
    );
}

#[test]
fn what_a_machine_did_is_kept_from_one_start_to_the_next_and_drawn() {
    let machine = Machine::new(Scenario::Healthy);
    let picture = machine.folder.path().join("last-hour.svg");
    let draw = ["gpu", "--local", "--plot", &picture.display().to_string()];
    let told = machine.say(&draw, "");
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    let first = std::fs::read_to_string(&picture).unwrap();
    for words in ["GPU 0", "GPU utilization", "Memory used"] {
        assert!(first.contains(words), "{words} is not drawn");
    }
    // Another start keeps on where this one ended.
    let since = [&draw[..], &["--since", "7d"]].concat();
    let told = machine.say(&since, "");
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    assert!(machine.folder.path().join("data/history.db").exists());

    let wrong = machine.say(&["gpu", "--local", "--plot", "picture.gif"], "");
    assert_eq!(wrong.status.code(), Some(1), "{}", said(&wrong));
    assert!(said(&wrong).contains("an SVG or a PNG"), "{}", said(&wrong));
}
