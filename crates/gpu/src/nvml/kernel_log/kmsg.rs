//! `/dev/kmsg`: what the kernel still has of its log, and then each line as it comes.
//!
//! Its stamps count from the start of the machine, on a clock that stands still while the machine sleeps and
//! drifts a little. A line that was there before is as old as that clock says; where the machine slept after
//! it, it may be older by as much as it slept. A line that comes now is of now.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, ErrorKind},
    path::Path,
    time::Duration,
};

use jiff::Timestamp;
use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::{Mode, OFlags, open},
    io::Errno,
    time::{ClockId, clock_gettime},
};
use strata_domain::workstation::{PastXids, XidEvent};
use strata_ports::clock::Clock;

use super::{Logged, Told, line};

/// More than any record takes: one that does not fit into a read is lost.
const LONGEST: usize = 16 * 1024;

/// What the computer's clocks say at one moment.
#[derive(Clone, Copy, Debug)]
struct Clocks {
    now: Timestamp,
    /// How long the machine has run.
    ran: Duration,
    /// How long it slept meanwhile.
    slept: Duration,
}

impl Clocks {
    fn read(clock: &dyn Clock) -> Self {
        let of = |id| {
            let time = clock_gettime(id);
            let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
            Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
        };
        let ran = of(ClockId::Monotonic);
        Self {
            now: clock.now(),
            ran,
            slept: of(ClockId::Boottime).saturating_sub(ran),
        }
    }

    /// The moment of `stamp`, if the machine has not slept since.
    fn at(self, stamp: Duration) -> Timestamp {
        self.before(self.ran.saturating_sub(stamp))
    }

    /// When the machine was started.
    fn start(self) -> Timestamp {
        self.before(self.ran + self.slept)
    }

    fn before(self, span: Duration) -> Timestamp {
        self.now.checked_sub(span).unwrap_or(self.now)
    }
}

/// Reads the log at `path` for as long as somebody listens. Fails where it cannot be opened.
pub(super) fn follow(
    path: &Path,
    clock: &dyn Clock,
    tell: &mut dyn FnMut(Told) -> bool,
) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(open(path, flags, Mode::empty())?);
    let wait = |log: &BufReader<File>| {
        let more = poll(&mut [PollFd::new(log.get_ref(), PollFlags::IN)], None);
        more.is_ok() || more == Err(Errno::INTR)
    };
    let log = BufReader::with_capacity(LONGEST, file);
    read(log, || Clocks::read(clock), wait, tell);
    Ok(())
}

/// Reads `log` and tells what is in it. Where no more is there yet, `wait` holds until more is; false where
/// that cannot be.
fn read<R: BufRead>(
    mut log: R,
    clocks: impl Fn() -> Clocks,
    mut wait: impl FnMut(&R) -> bool,
    tell: &mut dyn FnMut(Told) -> bool,
) {
    let begun = clocks();
    let slept = u32::try_from(begun.slept.as_secs()).unwrap_or(u32::MAX);
    let mut is_first = true;
    let mut is_new = false;
    let mut text = Vec::new();
    loop {
        text.clear();
        match log.read_until(b'\n', &mut text) {
            Ok(0) => return,
            Ok(_) => {}
            // The kernel wrote over what was to be read next.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => continue,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let is_heard = is_new || tell(Told::Read);
                is_new = true;
                if is_heard && wait(&log) {
                    continue;
                }
                return;
            }
            Err(error) => {
                tracing::debug!(%error, "the kernel's log cannot be read any more");
                return;
            }
        }
        let text = String::from_utf8_lossy(&text);
        let Some(record) = line::record(&text) else {
            continue;
        };
        let mut is_heard = true;
        if is_first {
            is_first = false;
            // The first of all was written at the start, however long the machine slept since.
            let since = if record.number == 0 {
                begun.start()
            } else {
                begun.at(record.stamp)
            };
            is_heard = tell(Told::Reach(PastXids::Since(since)));
        }
        if !is_new && slept > 0 && line::ends_sleep(record.message) {
            is_heard = tell(Told::Slept(slept));
        }
        if let Some((slot, xid)) = line::xid(record.message) {
            let at = if is_new {
                clocks().now
            } else {
                begun.at(record.stamp)
            };
            let event = XidEvent {
                xid,
                at,
                earlier_by_seconds: 0,
            };
            is_heard = tell(Told::Xid(Logged { slot, event }));
        }
        if !is_heard {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    const NOW: i64 = 1_764_000_000;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// A machine that has run for 1,000 seconds, and slept for so many.
    fn clocks(slept: u64) -> Clocks {
        Clocks {
            now: second(NOW),
            ran: Duration::from_secs(1_000),
            slept: Duration::from_secs(slept),
        }
    }

    fn told(log: &str, slept: u64) -> Vec<Told> {
        let mut told = Vec::new();
        read(
            Cursor::new(log.as_bytes()),
            || clocks(slept),
            |_| false,
            &mut |one| {
                told.push(one);
                true
            },
        );
        told
    }

    fn error(slot: &str, xid: u32, at: i64) -> Told {
        Told::Xid(Logged {
            slot: slot.to_owned(),
            event: XidEvent {
                xid,
                at: second(at),
                earlier_by_seconds: 0,
            },
        })
    }

    #[test]
    fn what_was_logged_before_has_the_time_that_the_kernels_clock_says() {
        let log = "6,0,0,-;Linux version 6.8.0\n\
                   4,812,400000000,-;NVRM: Xid (PCI:0000:41:00): 31, pid=77, name=python3, Ch 00000008\n \
                   SUBSYSTEM=pci\n\
                   4,813,999000000,-;NVRM: Xid (PCI:0000:41:00): 79, GPU has fallen off the bus.\n";
        assert_eq!(
            told(log, 0),
            [
                Told::Reach(PastXids::Since(second(NOW - 1_000))),
                error("0000:41:00", 31, NOW - 600),
                error("0000:41:00", 79, NOW - 1),
            ]
        );
    }

    #[test]
    fn a_log_that_was_written_over_tells_since_when_it_goes() {
        let told = told("6,5120,300000000,-;eth0: link up\n", 0);
        assert_eq!(told, [Told::Reach(PastXids::Since(second(NOW - 700)))]);
    }

    #[test]
    fn a_sleep_that_the_clock_does_not_count_is_told_after_what_was_before_it() {
        let log = "6,0,0,-;Linux version 6.8.0\n\
                   4,812,400000000,-;NVRM: Xid (PCI:0000:41:00): 31, pid=77\n\
                   6,900,500000000,-;PM: suspend exit\n\
                   4,913,900000000,-;NVRM: Xid (PCI:0000:41:00): 13, pid=78\n";
        assert_eq!(
            told(log, 3_600),
            [
                Told::Reach(PastXids::Since(second(NOW - 4_600))),
                error("0000:41:00", 31, NOW - 600),
                Told::Slept(3_600),
                error("0000:41:00", 13, NOW - 100),
            ]
        );
    }

    /// What a log says after a read: more, or that there is none yet.
    struct Scripted(Vec<io::Result<&'static str>>);

    impl Read for Scripted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let text = self.0.remove(0)?.as_bytes();
            buffer[..text.len()].copy_from_slice(text);
            Ok(text.len())
        }
    }

    #[test]
    fn what_comes_later_is_of_the_moment_when_it_comes() {
        let log = Scripted(vec![
            Ok("6,7,100000000,-;eth0: link up\n"),
            Err(ErrorKind::BrokenPipe.into()),
            Err(ErrorKind::WouldBlock.into()),
            // By a clock that is 20 seconds behind.
            Ok("4,813,980000000,-;NVRM: Xid (PCI:0000:41:00): 79\n"),
        ]);
        let mut waits = 0;
        let mut told = Vec::new();
        read(
            BufReader::new(log),
            || clocks(60),
            |_| {
                waits += 1;
                true
            },
            &mut |one| {
                told.push(one);
                true
            },
        );
        assert_eq!(waits, 1);
        assert!(told.contains(&Told::Read));
        assert_eq!(told.pop(), Some(error("0000:41:00", 79, NOW)));
    }

    #[test]
    fn nothing_is_read_once_nobody_listens() {
        let log = "6,0,0,-;a\n4,1,1,-;NVRM: Xid (PCI:0000:41:00): 79\n";
        let mut told = 0;
        read(
            Cursor::new(log.as_bytes()),
            || clocks(0),
            |_| false,
            &mut |_| {
                told += 1;
                false
            },
        );
        assert_eq!(told, 1);
    }
}
