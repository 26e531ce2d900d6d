//! Whose a process is: its user, its command line, its container and pod, from `/proc`.
//!
//! A process may be gone between one read and the next, so every one of them may fail; what is found
//! is kept, since a number with the same start is the same process.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use strata_domain::workstation::{Container, PodOf, ProcessOwner};

mod command;
mod guard;
mod pods;
mod users;

use crate::cgroup;
use guard::Guard;

/// Clock ticks a second in `/proc/PID/stat`: the kernel's `USER_HZ`, which is 100 on every
/// architecture that Strata is built for.
const TICKS: i64 = 100;
/// The first namespace of process numbers: the kernel gives it this number (`PROC_PID_INIT_INO`).
const FIRST_NAMESPACE: &str = "pid:[4026531836]";
/// What the files of NVIDIA's driver are called.
const DRIVER: &str = "/dev/nvidia";

/// The processes of a machine, looked up in its `/proc`.
#[derive(Debug)]
pub struct Processes {
    root: PathBuf,
    booted_at: Option<Timestamp>,
    known: HashMap<u32, ProcessOwner>,
    users: users::Users,
    pods: pods::Pods,
    guard: Guard,
    /// Whether a number may be another process's here, and the device that it has open tells.
    is_doubtful: bool,
}

impl Processes {
    /// Those of the machine whose file system is at `root`: `/`, or a tree of fixtures.
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            booted_at: booted_at(root),
            known: HashMap::new(),
            users: users::Users::read(root),
            pods: pods::Pods::default(),
            guard: Guard::of_this_process(),
            is_doubtful: false,
        }
    }

    /// The same, by numbers that NVIDIA's driver tells. Where this process has a namespace of its own, as in
    /// a container, they may be those of the machine, and another process may have the number here: then
    /// only one that has the driver open is taken for the one that is meant.
    #[must_use]
    pub fn numbered_by_driver(mut self) -> Self {
        let namespace = fs::read_link(self.root.join("proc/self/ns/pid"));
        let is_nested = namespace.is_ok_and(|name| name != Path::new(FIRST_NAMESPACE));
        self.is_doubtful = is_nested && self.root.join("dev/nvidiactl").exists();
        self
    }

    /// The same, looked up by a process that Strata started: its parent is Strata too.
    #[must_use]
    pub fn by_sampler(mut self) -> Self {
        self.guard.add_parent();
        self
    }

    /// The name of the user with the number `uid`; the number where it has none here.
    pub fn user(&self, uid: &str) -> String {
        self.users.name(uid)
    }

    /// Whose the process `pid` is; `None` where there is no such process.
    pub fn owner(&mut self, pid: u32) -> Option<ProcessOwner> {
        let folder = self.root.join("proc").join(pid.to_string());
        let started_ticks = fs::read_to_string(folder.join("stat"))
            .ok()
            .as_deref()
            .and_then(started)?;
        if let Some(known) = self.known.get(&pid)
            && known.started_ticks == started_ticks
        {
            return Some(known.clone());
        }
        if self.is_doubtful && !has_driver_open(&folder) {
            return None;
        }
        let owner = self.read(pid, &folder, started_ticks);
        self.known.insert(pid, owner.clone());
        Some(owner)
    }

    /// Forgets every process that is not among `pids`.
    pub fn keep(&mut self, pids: &[u32]) {
        self.known.retain(|pid, _| pids.contains(pid));
    }

    fn read(&mut self, pid: u32, folder: &Path, started_ticks: u64) -> ProcessOwner {
        let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        let status = text("status");
        let command = fs::read(folder.join("cmdline")).unwrap_or_default();
        let command = command::line(&command)
            // Kernel threads and zombies have no command line.
            .or_else(|| field(&status, "Name:").map(|name| format!("[{name}]")))
            .unwrap_or_default();
        let uid = field(&status, "Uid:").and_then(|ids| ids.split_whitespace().next());
        let place = cgroup::place(&text("cgroup"));
        let container = place.container.map(|(runtime, id)| {
            let found = self.pods.of_container(&self.root, &id);
            Container {
                runtime,
                name: found
                    .as_ref()
                    .map(|found| found.container.clone())
                    .unwrap_or_default(),
                pod: place.pod.map(|uid| PodOf {
                    uid,
                    namespace: found
                        .as_ref()
                        .map(|found| found.namespace.clone())
                        .unwrap_or_default(),
                    name: found.map(|found| found.pod).unwrap_or_default(),
                }),
                id,
            }
        });
        ProcessOwner {
            user: uid.map(|uid| self.users.name(uid)).unwrap_or_default(),
            command,
            started_ticks,
            started_at: self.booted_at.and_then(|booted| {
                let ticks = i64::try_from(started_ticks).ok()?;
                let since = SignedDuration::from_millis(ticks.checked_mul(1_000 / TICKS)?);
                booted.checked_add(since).ok()
            }),
            unit: place.unit,
            container,
            guard: self.guard.of(&self.root, pid, field(&status, "Uid:")),
        }
    }
}

/// Whether the process in `folder` has a file of NVIDIA's driver open. One whose files may not be looked at
/// is not known to.
fn has_driver_open(folder: &Path) -> bool {
    let Ok(files) = fs::read_dir(folder.join("fd")) else {
        return false;
    };
    let mut targets = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    targets.any(|target| target.to_string_lossy().starts_with(DRIVER))
}

/// The start of a process in clock ticks since the machine's, of the text of `/proc/PID/stat`.
///
/// The second field is the program's name in brackets and may hold anything, brackets too.
pub(crate) fn started(stat: &str) -> Option<u64> {
    let (_, after) = stat.rsplit_once(')')?;
    // Field 22 of all; the one after the name is the third.
    after.split_whitespace().nth(19)?.parse().ok()
}

/// The process that started it, of the text of `/proc/PID/stat`.
fn parent(stat: &str) -> Option<u32> {
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(1)?.parse().ok()
}

/// When the machine was started, of `/proc/stat`.
fn booted_at(root: &Path) -> Option<Timestamp> {
    let stat = fs::read_to_string(root.join("proc/stat")).ok()?;
    let seconds = stat
        .lines()
        .find_map(|line| line.strip_prefix("btime "))?
        .trim();
    Timestamp::from_second(seconds.parse().ok()?).ok()
}

/// The value of a line `name:\tvalue` of `/proc/PID/status`.
fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}

#[cfg(test)]
mod tests;
