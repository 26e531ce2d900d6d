//! A line of the kernel's log: a record as `/dev/kmsg` has it, an error of NVIDIA's driver, the end of a sleep.
//!
//! Only numbers are taken out of a line. The names of processes in it are anybody's, and stay there.

use std::time::Duration;

/// A record of `/dev/kmsg`: `4,1291,98765432,-;NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// Its number since the machine was started.
    pub(super) number: u64,
    /// When it was written, on the clock that stands still while the machine sleeps.
    pub(super) stamp: Duration,
    /// What it says; empty where it is not the kernel's own.
    pub(super) message: &'a str,
}

/// The record that `line` is; none where it goes on with the one before, which begins it with a space.
pub(super) fn record(line: &str) -> Option<Record<'_>> {
    let (head, message) = line.trim_end_matches('\n').split_once(';')?;
    let mut fields = head.split(',');
    let priority: u64 = fields.next()?.parse().ok()?;
    let number = fields.next()?.parse().ok()?;
    let stamp = Duration::from_micros(fields.next()?.parse().ok()?);
    // The lower three bits are the level, the others who wrote it: 0 is the kernel.
    let is_kernels = priority >> 3 == 0;
    Some(Record {
        number,
        stamp,
        message: if is_kernels { message } else { "" },
    })
}

/// An error that NVIDIA's driver reported: the device's place on the PCI bus, as `0000:01:00`, and its number.
///
/// Its forms over the years: `Xid (0000:03:00): 14, …`, `Xid (PCI:0000:01:00): 31, pid=…`, and with MIG
/// `Xid (PCI:0000:01:00 GPU-I:05 GPU-CI:02): 94, …`. What follows the number is not looked at.
pub(super) fn xid(message: &str) -> Option<(String, u32)> {
    let (place, rest) = message.strip_prefix("NVRM: Xid (")?.split_once("): ")?;
    let place = place.split(' ').next()?;
    let place = place.strip_prefix("PCI:").unwrap_or(place);
    let number = rest.split(',').next()?.trim_end();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number {
        number.parse().ok()?
    } else {
        return None;
    };
    Some((slot(place)?, number))
}

/// The place on the PCI bus as the kernel writes it, without the function.
fn slot(place: &str) -> Option<String> {
    let place = place.split_once('.').map_or(place, |(slot, _)| slot);
    let mut parts = place.split(':');
    let mut part = || {
        let part = parts.next()?;
        let is_hexadecimal = part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_short = (1..=8).contains(&part.len());
        let number = u32::from_str_radix(part, 16).ok()?;
        (is_hexadecimal && is_short).then_some(number)
    };
    let (domain, bus, device) = (part()?, part()?, part()?);
    let is_whole = parts.next().is_none() && bus < 256 && device < 32;
    is_whole.then(|| format!("{domain:04x}:{bus:02x}:{device:02x}"))
}

/// Whether the machine has just woken.
pub(super) fn ends_sleep(message: &str) -> bool {
    message.starts_with("PM: ")
        && (message.ends_with("suspend exit") || message.ends_with("hibernation exit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_in_each_form_that_the_driver_has_had() {
        // As public logs have them.
        for (line, place, number) in [
            (
                "NVRM: Xid (0000:03:00): 14, Channel 00000001",
                "0000:03:00",
                14,
            ),
            (
                "NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.",
                "0000:01:00",
                79,
            ),
            (
                "NVRM: Xid (PCI:0000:01:00): 79, pid=1122, GPU has fallen off the bus.",
                "0000:01:00",
                79,
            ),
            (
                "NVRM: Xid (PCI:0000:CB:00): 13, pid='<unknown>', name=<unknown>, Graphics SM Warp Exception on (GPC 7, TPC 7, SM 0): Illegal Instruction Parameter",
                "0000:cb:00",
                13,
            ),
            (
                "NVRM: Xid (PCI:0000:cb:00): 109, pid=1797828, name=pt_main_thread, Ch 00000008, errorString CTX SWITCH TIMEOUT, Info 0x58005",
                "0000:cb:00",
                109,
            ),
            (
                "NVRM: Xid (PCI:0000:01:00 GPU-I:05): 94, pid=7194, Contained: CE User Channel (0x9). RST: No, D-RST: No",
                "0000:01:00",
                94,
            ),
            (
                "NVRM: Xid (PCI:0000:3b:00 GPU-I:01 GPU-CI:02): 13, pid=9, name=a, Graphics Exception",
                "0000:3b:00",
                13,
            ),
            (
                "NVRM: Xid (PCI:0019:01:00): 149, NETIR Fatal XC0 i0 Link -1 (0x000fe406 0x00000000)",
                "0019:01:00",
                149,
            ),
        ] {
            assert_eq!(xid(line), Some((place.to_owned(), number)), "{line}");
        }
    }

    #[test]
    fn what_is_no_error_of_the_driver_is_none() {
        for line in [
            "",
            "NVRM: GPU at PCI:0000:00:05: GPU-efbdfde9-5798-a6e7-4c46-12518fa15375",
            "nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, Non-fatal, Link 32",
            "NVRM: Xid (PCI:0000:01:00): ",
            "NVRM: Xid (PCI:0000:01:00): many, of them",
            "NVRM: Xid (PCI:0000:01:00): 4294967296, too many",
            "NVRM: Xid (PCI:0000:+1:00): 79",
            "NVRM: Xid (PCI:0000:01): 79",
            "NVRM: Xid (PCI:0000:01:00:00): 79",
            "NVRM: Xid (PCI:0000:101:00): 79",
            "name=NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.",
        ] {
            assert_eq!(xid(line), None, "{line}");
        }
    }

    #[test]
    fn a_record_has_its_number_and_its_time_and_what_others_write_says_nothing() {
        let told = record("4,1291,98765432,-;NVRM: Xid (PCI:0000:01:00): 79, pid=1;2\n").unwrap();
        assert_eq!(
            (told.number, told.stamp),
            (1291, Duration::from_micros(98_765_432))
        );
        assert_eq!(told.message, "NVRM: Xid (PCI:0000:01:00): 79, pid=1;2");
        // A field of a later kernel, before the message.
        assert_eq!(
            record("6,2,7,c,caller=T1;a").map(|one| one.message),
            Some("a")
        );
        // Facility 1: a program wrote it.
        let foreign = record("12,3,8,-;NVRM: Xid (PCI:0000:01:00): 79").unwrap();
        assert_eq!(foreign.message, "");
        assert_eq!(record(" SUBSYSTEM=pci"), None);
        assert_eq!(record(" DEVICE=a;b"), None);
        assert_eq!(record(""), None);
    }

    #[test]
    fn waking_is_seen_after_both_kinds_of_sleep() {
        assert!(ends_sleep("PM: suspend exit"));
        assert!(ends_sleep("PM: hibernation: hibernation exit"));
        assert!(ends_sleep("PM: hibernation exit"));
        assert!(!ends_sleep("PM: suspend entry (deep)"));
        assert!(!ends_sleep("systemd: suspend exit"));
    }
}
