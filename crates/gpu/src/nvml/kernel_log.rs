//! What the kernel's log has of the errors of NVIDIA's devices: those of before Strata was opened, which the
//! driver's events do not tell.
//!
//! The log is read by a thread of its own, which waits for each line: from `/dev/kmsg` ([`kmsg`]), or, where
//! this user may not read that, once from systemd's journal ([`journal`]). Of a line ([`line`]) nothing is
//! taken but the device's place and the error's number. An error that the driver's event tells too stands
//! once, with the log's time.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    path::Path,
    sync::mpsc::{self, Receiver, Sender},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    workstation::{AcceleratorSample, PastXids, Trouble, XidEvent},
    xid::{XidSort, sort},
};

use super::{calls::Pending, device::XIDS};

#[cfg(target_os = "linux")]
mod journal;
#[cfg(target_os = "linux")]
mod kmsg;
#[cfg(target_os = "linux")]
mod line;

/// By how much the clocks of an event and of its line may differ.
const SLACK: SignedDuration = SignedDuration::from_secs(2);
/// How long after its line an event may be heard, at the slowest pace and with a call that hangs between.
const LATE: SignedDuration = SignedDuration::from_secs(120);

/// How long the first sample waits for what there is to be read.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a reader of the log tells.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    /// How far back the log goes.
    Reach(PastXids),
    /// An error.
    Xid(Logged),
    /// The machine slept for so many seconds at most after what was told so far.
    Slept(u32),
    /// What there was is read; more is told as it comes.
    Read,
}

/// An error of the device at `slot` of the PCI bus, which is `0000:01:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Logged {
    slot: String,
    event: XidEvent,
}

/// What the kernel's log has.
#[derive(Debug)]
pub(super) struct KernelLog {
    told: Receiver<Told>,
    reach: PastXids,
    /// The errors of each slot of the PCI bus, the latest first.
    errors: BTreeMap<String, Vec<XidEvent>>,
    /// When it was begun: of errors from then on, the driver's events may tell too.
    since: Timestamp,
    /// Whether what there was is read, or was waited for.
    is_read: bool,
}

impl KernelLog {
    /// Begins to read the log of the machine whose file system is at `root`.
    pub(super) fn follow(root: &Path, pending: &Pending) -> Self {
        let (tells, told) = mpsc::channel();
        let log = Self::of(told, pending.now());
        read(root, pending, tells);
        log
    }

    fn of(told: Receiver<Told>, since: Timestamp) -> Self {
        Self {
            told,
            reach: PastXids::Unread,
            errors: BTreeMap::new(),
            since,
            is_read: false,
        }
    }

    /// Adds what was read so far to `sample`. Where that `lists_all` devices that the driver has, one that the
    /// log saw falling off the bus and that is not among them is told to be gone.
    pub(super) fn complete(&mut self, sample: &mut AcceleratorSample, lists_all: bool) {
        self.take_in();
        sample.past_xids = self.reach;
        let mut gone: Vec<&String> = self.errors.keys().collect();
        for device in &mut sample.devices {
            let slot = slot(&device.pci);
            gone.retain(|one| *one != slot);
            if let Some(logged) = self.errors.get(slot) {
                device.xids = joined(&device.xids, logged, self.since);
            }
        }
        if !lists_all {
            return;
        }
        for pci in gone {
            let fell = self.errors.get(pci).and_then(|errors| {
                let mut errors = errors.iter();
                errors.find(|event| sort(event.xid) == XidSort::OffBus)
            });
            if let Some(event) = fell {
                sample.troubles.push(Trouble::FellOff {
                    pci: pci.clone(),
                    xid: event.xid,
                    at: event.at,
                });
            }
        }
    }

    fn take_in(&mut self) {
        // Whoever looks but once is to see what there was.
        let until = Instant::now() + PATIENCE;
        while !self.is_read {
            let left = until.saturating_duration_since(Instant::now());
            match self.told.recv_timeout(left) {
                Ok(told) => self.take(told),
                Err(_) => self.is_read = true,
            }
        }
        while let Ok(told) = self.told.try_recv() {
            self.take(told);
        }
    }

    fn take(&mut self, told: Told) {
        match told {
            Told::Reach(reach) => self.reach = reach,
            Told::Xid(Logged { slot, event }) => {
                let errors = self.errors.entry(slot).or_default();
                errors.insert(0, event);
                errors.truncate(XIDS);
            }
            Told::Slept(seconds) => {
                for event in self.errors.values_mut().flatten() {
                    event.earlier_by_seconds = seconds;
                }
            }
            Told::Read => self.is_read = true,
        }
    }
}

/// Reads the log until nobody listens.
#[cfg(target_os = "linux")]
fn read(root: &Path, pending: &Pending, tells: Sender<Told>) {
    let (root, clock) = (root.to_owned(), pending.clock());
    std::thread::spawn(move || {
        let mut tell = |told| tells.send(told).is_ok();
        let path = root.join("dev/kmsg");
        let Err(error) = kmsg::follow(&path, clock.as_ref(), &mut tell) else {
            return;
        };
        // The journal is this machine's, not that of a tree of fixtures.
        if root == Path::new("/") && journal::read(&mut tell) {
            return;
        }
        let reach = match error.kind() {
            std::io::ErrorKind::NotFound => PastXids::Missing,
            std::io::ErrorKind::PermissionDenied => PastXids::Forbidden,
            _ => PastXids::Unread,
        };
        if !tell(Told::Reach(reach)) {
            tracing::debug!(%error, "nobody asks any more why the kernel's log cannot be read");
        }
    });
}

/// Other systems have no such log.
#[cfg(not(target_os = "linux"))]
fn read(_root: &Path, _pending: &Pending, _tells: Sender<Told>) {}

/// The slot of the device at `pci`: its address without the function.
fn slot(pci: &str) -> &str {
    pci.rsplit_once('.').map_or(pci, |(slot, _)| slot)
}

/// The errors that were `heard` from the driver and those that were `logged`, each once and the latest first.
/// Both may tell of what was from `since` on; the log's time is the better one, since an event is heard late.
fn joined(heard: &[XidEvent], logged: &[XidEvent], since: Timestamp) -> Vec<XidEvent> {
    let mut alone = heard.to_vec();
    for line in logged {
        if since.duration_since(line.at) > SLACK {
            continue;
        }
        let same = alone.iter().position(|event| {
            let late = event.at.duration_since(line.at);
            event.xid == line.xid && -SLACK <= late && late <= LATE
        });
        if let Some(place) = same {
            alone.remove(place);
        }
    }
    alone.extend_from_slice(logged);
    alone.sort_by_key(|event| Reverse(event.at));
    alone.truncate(XIDS);
    alone
}

#[cfg(test)]
mod tests {
    use strata_domain::workstation::{Device, DeviceState, Vendor};

    use super::*;

    fn event(xid: u32, second: i64) -> XidEvent {
        XidEvent {
            xid,
            at: Timestamp::from_second(second).unwrap(),
            earlier_by_seconds: 0,
        }
    }

    fn logged(slot: &str, xid: u32, second: i64) -> Told {
        Told::Xid(Logged {
            slot: slot.to_owned(),
            event: event(xid, second),
        })
    }

    fn device(pci: &str, xids: Vec<XidEvent>) -> Device {
        Device {
            id: format!("GPU at {pci}"),
            index: 0,
            vendor: Vendor::Nvidia,
            model: String::new(),
            pci: pci.to_owned(),
            state: DeviceState::Answers,
            readings: Vec::new(),
            instances: Vec::new(),
            links: Vec::new(),
            processes: Vec::new(),
            processes_at: None,
            xids,
            power: None,
            clocks: None,
            remarks: Vec::new(),
        }
    }

    /// What becomes of `devices` with a log that was begun at second 100 and has `told`.
    fn completed(told: &[Told], devices: Vec<Device>, lists_all: bool) -> AcceleratorSample {
        let (tells, received) = mpsc::channel();
        for one in told {
            tells.send(one.clone()).unwrap();
        }
        drop(tells);
        let mut sample = AcceleratorSample {
            devices,
            ..AcceleratorSample::default()
        };
        let begun = Timestamp::from_second(100).unwrap();
        KernelLog::of(received, begun).complete(&mut sample, lists_all);
        sample
    }

    #[test]
    fn errors_of_before_stand_behind_those_that_were_heard() {
        let told = [logged("0000:41:00", 31, 40), logged("0000:42:00", 13, 50)];
        let devices = vec![
            device("0000:41:00.0", vec![event(31, 110)]),
            device("0000:43:00.0", Vec::new()),
        ];
        let sample = completed(&told, devices, true);
        assert_eq!(sample.devices[0].xids, [event(31, 110), event(31, 40)]);
        assert_eq!(sample.devices[1].xids, []);
        // One that is not listed and did not fall off the bus may be another system's guest's.
        assert_eq!(sample.troubles, []);
    }

    #[test]
    fn an_error_that_both_tell_stands_once_with_the_logs_time() {
        let heard = [event(31, 131), event(31, 130), event(13, 130)];
        let logged = [
            event(31, 128),
            event(31, 127),
            event(45, 127),
            event(31, 60),
        ];
        let both = joined(&heard, &logged, Timestamp::from_second(100).unwrap());
        assert_eq!(
            both,
            [
                event(13, 130),
                event(31, 128),
                event(31, 127),
                event(45, 127),
                event(31, 60)
            ]
        );
    }

    #[test]
    fn errors_that_lie_far_apart_are_two() {
        let since = Timestamp::from_second(100).unwrap();
        let both = joined(&[event(31, 400)], &[event(31, 110)], since);
        assert_eq!(both, [event(31, 400), event(31, 110)]);
    }

    #[test]
    fn a_sleep_makes_what_was_before_it_uncertain_and_nothing_after_it() {
        let told = [
            logged("0000:41:00", 31, 40),
            Told::Slept(3_600),
            logged("0000:41:00", 13, 60),
        ];
        let sample = completed(&told, vec![device("0000:41:00.0", Vec::new())], true);
        let by: Vec<u32> = sample.devices[0]
            .xids
            .iter()
            .map(|event| event.earlier_by_seconds)
            .collect();
        assert_eq!(by, [0, 3_600]);
    }

    #[test]
    fn a_device_that_fell_off_the_bus_before_is_told_to_be_gone() {
        let told = [
            Told::Reach(PastXids::Since(Timestamp::UNIX_EPOCH)),
            logged("0000:41:00", 79, 40),
            logged("0000:41:00", 154, 41),
        ];
        let others = vec![device("0000:42:00.0", Vec::new())];
        let sample = completed(&told, others.clone(), true);
        assert_eq!(
            sample.troubles,
            [Trouble::FellOff {
                pci: "0000:41:00".to_owned(),
                xid: 79,
                at: event(79, 40).at,
            }]
        );
        assert_eq!(sample.past_xids, PastXids::Since(Timestamp::UNIX_EPOCH));
        // Without the driver nobody knows which devices there are.
        assert_eq!(completed(&told, others, false).troubles, []);
    }

    #[test]
    fn no_more_errors_are_kept_than_are_shown() {
        let told: Vec<Told> = (0..50)
            .map(|second| logged("0000:41:00", 31, second))
            .collect();
        let sample = completed(&told, vec![device("0000:41:00.0", Vec::new())], true);
        assert_eq!(sample.devices[0].xids.len(), XIDS);
        assert_eq!(sample.devices[0].xids[0], event(31, 49));
    }
}
