//! What this process may do to the machine, asked before anything is tried.
//!
//! Being root is not what counts: NVIDIA's driver asks the kernel for `CAP_SYS_ADMIN`, which root in a
//! container usually lacks, and signals to other users' processes take `CAP_KILL`.

/// The bit of `CAP_KILL` in the kernel's sets of capabilities.
const CAP_KILL: u64 = 1 << 5;
/// The bit of `CAP_SYS_ADMIN`.
const CAP_SYS_ADMIN: u64 = 1 << 21;

/// What this process may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privileges {
    /// The real and the effective user.
    users: (u32, u32),
    capabilities: u64,
}

impl Privileges {
    /// Those of this process.
    #[cfg(target_os = "linux")]
    pub fn own() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self {
            users: (
                rustix::process::getuid().as_raw(),
                rustix::process::geteuid().as_raw(),
            ),
            capabilities: effective(&status),
        }
    }

    /// Elsewhere the system says so when it is tried.
    #[cfg(not(target_os = "linux"))]
    pub fn own() -> Self {
        Self {
            users: (0, 0),
            capabilities: u64::MAX,
        }
    }

    /// Whether it may change what devices are set to.
    pub fn may_set_devices(self) -> bool {
        self.capabilities & CAP_SYS_ADMIN != 0
    }

    /// Whether it may end a process of the users `real` and `saved`, by the kernel's rule.
    pub fn may_end(self, real: u32, saved: u32) -> bool {
        let (own, effective) = self.users;
        self.capabilities & CAP_KILL != 0
            || [own, effective]
                .iter()
                .any(|user| *user == real || *user == saved)
    }
}

/// The effective capabilities, of the text of `/proc/PID/status`.
#[cfg_attr(
    not(any(target_os = "linux", test)),
    expect(dead_code, reason = "capabilities are Linux's")
)]
fn effective(status: &str) -> u64 {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .unwrap_or_default();
    u64::from_str_radix(line.trim(), 16).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(user: u32, capabilities: u64) -> Privileges {
        Privileges {
            users: (user, user),
            capabilities,
        }
    }

    #[test]
    fn root_in_a_container_may_end_processes_and_not_set_devices() {
        // As Docker gives them.
        let own = of(0, effective("Name:\tx\nCapEff:\t00000000a80425fb\n"));
        assert!(own.may_end(1000, 1000));
        assert!(!own.may_set_devices());
        assert!(of(0, effective("CapEff:\t000001ffffffffff\n")).may_set_devices());
    }

    #[test]
    fn a_user_may_end_what_is_theirs() {
        let own = of(1000, effective("CapEff:\t0000000000000000\n"));
        assert!(own.may_end(1000, 1000));
        // A program of theirs that took root's rights and may give them back.
        assert!(own.may_end(1000, 0) && own.may_end(0, 1000));
        assert!(!own.may_end(0, 0));
        assert!(!own.may_set_devices());
        assert_eq!(effective("no such line"), 0);
    }
}
