//! Processors, memory, disks and networks of this machine.

use std::{path::Path, time::Instant};

use jiff::Timestamp;
use strata_domain::{
    reading::{Absence, Figure, Reading, Said, Source},
    workstation::{MachineSample, Part},
};
use strata_ports::clock::Clock;
use sysinfo::{Disk, DiskRefreshKind, Disks, Networks, System};

/// File systems that lie on no disk of this machine. Asking one of a server that is away can take
/// forever.
const ELSEWHERE: [&str; 11] = [
    "nfs", "nfs4", "cifs", "smb3", "sshfs", "ceph", "9p", "overlay", "squashfs", "tmpfs",
    "devtmpfs",
];

/// Reads the machine again and again; what flows is told as the difference to the time before.
pub struct MachineProbe {
    system: System,
    disks: Disks,
    networks: Networks,
    read_at: Option<Instant>,
}

impl std::fmt::Debug for MachineProbe {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MachineProbe")
            .finish_non_exhaustive()
    }
}

impl MachineProbe {
    /// Opens the system's accounts. Fails on systems that have none.
    pub fn open() -> Result<Self, sysinfo::Error> {
        Ok(Self {
            system: System::new()?,
            disks: Disks::new()?,
            networks: Networks::new()?,
            read_at: None,
        })
    }

    /// Reads the machine. The first time, nothing is known yet of what flows.
    pub fn sample(&mut self, clock: &dyn Clock) -> MachineSample {
        let moment = Instant::now();
        let passed = self
            .read_at
            .replace(moment)
            .map(|before| moment.duration_since(before).as_secs_f64())
            .filter(|seconds| *seconds > 0.0);
        self.system.refresh_cpu_usage();
        self.system.refresh_memory();
        self.disks
            .refresh_specifics(true, DiskRefreshKind::everything());
        self.networks.refresh(true);
        let reader = Reader {
            at: clock.now(),
            passed,
        };
        let (disks, moved) = self.disks(reader);
        let (networks, carried) = self.networks(reader);
        let memory = self.system.total_memory();
        let used = memory.saturating_sub(self.system.available_memory());
        let mut readings = vec![
            reader.busy(self.system.global_cpu_usage()),
            reader.amount(Figure::HostMemoryUsed, used),
            reader.amount(Figure::HostMemoryTotal, memory),
            reader.amount(Figure::SwapUsed, self.system.used_swap()),
        ];
        readings.extend(moved);
        readings.extend(carried);
        MachineSample {
            at: reader.at,
            name: System::host_name().unwrap_or_default(),
            system: System::long_os_version().unwrap_or_default(),
            kernel: System::kernel_version().unwrap_or_default(),
            processor: self
                .system
                .cpus()
                .first()
                .map(|one| one.brand().trim().to_owned())
                .unwrap_or_default(),
            threads: u32::try_from(self.system.cpus().len()).unwrap_or(u32::MAX),
            readings,
            disks,
            networks,
        }
    }

    /// Each disk, and what was read and written on all of them.
    fn disks(&self, reader: Reader) -> (Vec<Part>, [Reading; 2]) {
        let (mut read, mut written) = (0, 0);
        let mut parts: Vec<Part> = Vec::new();
        for disk in self.disks.iter().filter(|disk| is_here(disk)) {
            let usage = disk.usage();
            let detail = format!(
                "{} {}",
                disk.name().to_string_lossy(),
                disk.file_system().to_string_lossy()
            );
            // One device may be mounted in many places.
            if parts.iter().any(|part| part.detail == detail) {
                continue;
            }
            read += usage.read_bytes;
            written += usage.written_bytes;
            let used = disk.total_space().saturating_sub(disk.available_space());
            parts.push(Part {
                name: disk.mount_point().to_string_lossy().into_owned(),
                detail,
                readings: vec![
                    reader.amount(Figure::DiskUsed, used),
                    reader.amount(Figure::DiskTotal, disk.total_space()),
                    reader.flow(Figure::DiskRead, usage.read_bytes),
                    reader.flow(Figure::DiskWritten, usage.written_bytes),
                ],
            });
        }
        // The largest first: that is where models and data sets lie.
        parts.sort_by(|one, other| {
            total(other)
                .total_cmp(&total(one))
                .then_with(|| one.name.cmp(&other.name))
        });
        let flows = [
            reader.flow(Figure::DiskRead, read),
            reader.flow(Figure::DiskWritten, written),
        ];
        (parts, flows)
    }

    /// Each network interface, those of hardware first, and what came and went over these together: what
    /// bridges and containers carry goes over them too, and would be counted twice.
    fn networks(&self, reader: Reader) -> (Vec<Part>, [Reading; 2]) {
        let (mut received, mut sent) = (0, 0);
        let mut parts = Vec::new();
        // In a container all of them are made by software.
        let has_hardware = self
            .networks
            .iter()
            .any(|(name, _)| !is_software(&name.to_string_lossy()));
        for (name, network) in &self.networks {
            let name = name.to_string_lossy();
            if name == "lo" {
                continue;
            }
            if !has_hardware || !is_software(&name) {
                received += network.received();
                sent += network.transmitted();
            }
            let address = network.ip_networks().first();
            parts.push(Part {
                name: name.into_owned(),
                detail: address.map(|one| one.addr.to_string()).unwrap_or_default(),
                readings: vec![
                    reader.flow(Figure::NetworkReceived, network.received()),
                    reader.flow(Figure::NetworkSent, network.transmitted()),
                ],
            });
        }
        parts.sort_by_cached_key(|part| (is_software(&part.name), part.name.clone()));
        let flows = [
            reader.flow(Figure::NetworkReceived, received),
            reader.flow(Figure::NetworkSent, sent),
        ];
        (parts, flows)
    }
}

/// Makes readings of one moment.
#[derive(Clone, Copy)]
struct Reader {
    at: Timestamp,
    /// Seconds since the moment before; none the first time.
    passed: Option<f64>,
}

impl Reader {
    fn reading(self, figure: Figure, said: Said) -> Reading {
        Reading {
            figure,
            said,
            source: Source::System,
            at: self.at,
        }
    }

    fn amount(self, figure: Figure, value: u64) -> Reading {
        self.reading(figure, figure.judge(float(value)))
    }

    /// What flowed since the moment before, in each second.
    fn flow(self, figure: Figure, bytes: u64) -> Reading {
        let said = self
            .passed
            .map_or(Said::Absent(Absence::NotTold), |passed| {
                figure.judge(float(bytes) / passed)
            });
        self.reading(figure, said)
    }

    fn busy(self, percent: f32) -> Reading {
        let figure = Figure::CpuUtilization;
        let said = match self.passed {
            Some(_) => figure.judge(f64::from(percent) / 100.0),
            None => Said::Absent(Absence::NotTold),
        };
        self.reading(figure, said)
    }
}

/// How large a disk is, in bytes.
fn total(part: &Part) -> f64 {
    let found = part
        .readings
        .iter()
        .find(|one| one.figure == Figure::DiskTotal);
    found.and_then(|one| one.said.value()).unwrap_or_default()
}

/// Whether an interface is no hardware's, but one of software's: a bridge, a container's, a tunnel, `lo`.
fn is_software(name: &str) -> bool {
    Path::new("/sys/devices/virtual/net").join(name).exists()
}

fn is_here(disk: &Disk) -> bool {
    let kind = disk.file_system().to_string_lossy();
    disk.total_space() > 0
        && !kind.starts_with("fuse")
        && !ELSEWHERE.contains(&kind.to_lowercase().as_str())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "amounts of memory and data are far below 2^53"
)]
pub(crate) fn float(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use strata_ports::clock::SystemClock;

    use super::*;

    fn said(sample: &MachineSample, figure: Figure) -> Said {
        let found = sample.readings.iter().find(|one| one.figure == figure);
        found.unwrap().said
    }

    #[test]
    fn what_flows_is_unknown_until_there_is_a_time_before() {
        let mut probe = MachineProbe::open().unwrap();
        let first = probe.sample(&SystemClock);
        assert_eq!(
            said(&first, Figure::CpuUtilization),
            Said::Absent(Absence::NotTold)
        );
        assert_eq!(
            said(&first, Figure::NetworkSent),
            Said::Absent(Absence::NotTold)
        );
        assert!(said(&first, Figure::HostMemoryTotal).value().unwrap() > 0.0);
        assert!(first.threads > 0);
        let second = probe.sample(&SystemClock);
        assert!(said(&second, Figure::CpuUtilization).value().is_some());
        assert!(said(&second, Figure::NetworkSent).value().is_some());
    }
}
