//! Which processes may not be ended from here: the first one, Strata's own, those of other users.

use std::{fs, path::Path};

use strata_domain::workstation::ProcessGuard;

use super::parent;
use crate::privileges::Privileges;

/// How far a process's ancestors are followed: a loop cannot be, a machine of nested shells may.
const GENERATIONS: usize = 32;

/// What is needed to tell.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    privileges: Privileges,
    /// The processes that are Strata.
    strata: Vec<u32>,
}

impl Guard {
    /// As this process may, which is Strata or was started by it.
    pub(super) fn of_this_process() -> Self {
        Self {
            privileges: Privileges::own(),
            strata: vec![std::process::id()],
        }
    }

    /// The process that started this one is Strata as well.
    pub(super) fn add_parent(&mut self) {
        #[cfg(unix)]
        self.strata.push(std::os::unix::process::parent_id());
    }

    /// Why the process `pid` of the machine at `root` may not be ended; `users` are its user's numbers
    /// as `/proc/PID/status` has them.
    pub(super) fn of(&self, root: &Path, pid: u32, users: Option<&str>) -> Option<ProcessGuard> {
        if pid == 1 {
            return Some(ProcessGuard::First);
        }
        if self.is_strata(root, pid) {
            return Some(ProcessGuard::Strata);
        }
        // Real, effective, saved, and of the file system.
        let mut users = users?.split_whitespace().map(str::parse::<u32>);
        let (real, saved) = (users.next()?.ok()?, users.nth(1)?.ok()?);
        (!self.privileges.may_end(real, saved)).then_some(ProcessGuard::OtherUser)
    }

    /// Whether it is Strata, or one of its ancestors is: a window's own processes draw on a GPU too.
    fn is_strata(&self, root: &Path, pid: u32) -> bool {
        let mut next = Some(pid);
        for _ in 0..GENERATIONS {
            let Some(pid) = next.filter(|pid| *pid > 1) else {
                return false;
            };
            if self.strata.contains(&pid) {
                return true;
            }
            next = fs::read_to_string(root.join("proc").join(pid.to_string()).join("stat"))
                .ok()
                .as_deref()
                .and_then(parent);
        }
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[expect(clippy::unwrap_used, reason = "in a test a panic is the report")]
    fn write(root: &Path, pid: u32, parent: u32) {
        let folder = root.join("proc").join(pid.to_string());
        fs::create_dir_all(&folder).unwrap();
        let stat = format!("{pid} (a b) S {parent} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0");
        fs::write(folder.join("stat"), stat).unwrap();
    }

    #[test]
    fn the_first_process_strata_and_what_it_started_are_guarded() {
        let root = tempfile::tempdir().unwrap();
        for (pid, parent) in [(700, 1), (701, 700), (702, 701), (800, 1), (900, 800)] {
            write(root.path(), pid, parent);
        }
        let guard = Guard {
            privileges: Privileges::own(),
            strata: vec![700],
        };
        let users = format!("{0}\t{0}\t{0}\t{0}", rustix::process::getuid().as_raw());
        let of = |pid| guard.of(root.path(), pid, Some(&users));
        assert_eq!(of(1), Some(ProcessGuard::First));
        assert_eq!(of(700), Some(ProcessGuard::Strata));
        assert_eq!(of(702), Some(ProcessGuard::Strata));
        assert_eq!(of(900), None);
    }
}
