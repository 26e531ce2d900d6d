//! systemd's journal of the kernel's log, where the log itself may not be read: members of `adm` and
//! `systemd-journal` may read that.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use jiff::Timestamp;
use serde::Deserialize;
use strata_domain::workstation::{PastXids, XidEvent};

use super::{Logged, Told, line};

/// What is asked of the journal: the kernel's log of this start, of which the first line says that it may be
/// read at all.
const QUESTION: [&str; 7] = [
    "--dmesg",
    "--boot",
    "--output=json",
    "--output-fields=MESSAGE,SYSLOG_FACILITY",
    "--no-pager",
    "--quiet",
    "--grep=^NVRM: Xid |^Linux version ",
];

/// An entry, of which more is asked than it may have.
#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "MESSAGE")]
    message: String,
    /// Microseconds since 1970.
    #[serde(rename = "__REALTIME_TIMESTAMP")]
    at: String,
    /// Who wrote it; 0 is the kernel.
    #[serde(rename = "SYSLOG_FACILITY")]
    facility: Option<String>,
}

/// Tells what the journal has. False where it has nothing for this user.
pub(super) fn read(tell: &mut dyn FnMut(Told) -> bool) -> bool {
    let started = Command::new("journalctl")
        .args(QUESTION)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut process) = started else {
        return false;
    };
    let output = process.stdout.take();
    let has_any = output.is_some_and(|output| entries(BufReader::new(output), tell));
    if let Err(error) = process.wait() {
        tracing::debug!(%error, "the journal was read, and its reader cannot be waited for");
    }
    has_any
}

/// Tells what the entries say, each of which is a line. False where there is none.
fn entries(journal: impl BufRead, tell: &mut dyn FnMut(Told) -> bool) -> bool {
    let mut has_any = false;
    for text in journal.lines() {
        let Ok(text) = text else { break };
        // What is too long or no text is written otherwise; it is no error of the driver's.
        let Ok(entry) = serde_json::from_str::<Entry>(&text) else {
            continue;
        };
        let at = entry.at.parse::<i64>().ok();
        let Some(at) = at.and_then(|at| Timestamp::from_microsecond(at).ok()) else {
            continue;
        };
        let mut is_heard = true;
        if !has_any {
            has_any = true;
            is_heard = tell(Told::Reach(PastXids::Since(at)));
        }
        let is_kernels = entry.facility.is_none_or(|facility| facility == "0");
        if is_kernels && let Some((slot, xid)) = line::xid(&entry.message) {
            let event = XidEvent {
                xid,
                at,
                earlier_by_seconds: 0,
            };
            is_heard = tell(Told::Xid(Logged { slot, event }));
        }
        if !is_heard {
            break;
        }
    }
    has_any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(journal: &str) -> (bool, Vec<Told>) {
        let mut told = Vec::new();
        let has_any = entries(journal.as_bytes(), &mut |one| {
            told.push(one);
            true
        });
        (has_any, told)
    }

    #[test]
    fn entries_have_the_time_at_which_the_journal_took_them_in() {
        let journal = r#"{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1764000000000000","__MONOTONIC_TIMESTAMP":"1","_BOOT_ID":"b","SYSLOG_FACILITY":"0","MESSAGE":"Linux version 6.8.0"}
{"__REALTIME_TIMESTAMP":"1764000090500000","MESSAGE":[78,86,255],"SYSLOG_FACILITY":"0"}
{"__REALTIME_TIMESTAMP":"1764000091000000","MESSAGE":null}
{"__REALTIME_TIMESTAMP":"1764000100000000","SYSLOG_FACILITY":"1","MESSAGE":"NVRM: Xid (PCI:0000:41:00): 79, by a program"}
{"__REALTIME_TIMESTAMP":"1764000123000000","SYSLOG_FACILITY":"0","MESSAGE":"NVRM: Xid (PCI:0000:41:00): 48, pid=9, name=a, DBE"}
"#;
        let second = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(
            told(journal),
            (
                true,
                vec![
                    Told::Reach(PastXids::Since(second(1_764_000_000))),
                    Told::Xid(Logged {
                        slot: "0000:41:00".to_owned(),
                        event: XidEvent {
                            xid: 48,
                            at: second(1_764_000_123),
                            earlier_by_seconds: 0,
                        },
                    }),
                ]
            )
        );
    }

    #[test]
    fn a_journal_that_may_not_be_read_has_no_entries() {
        assert_eq!(told(""), (false, Vec::new()));
    }
}
