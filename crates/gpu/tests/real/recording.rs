//! A GPU as it was once: what Strata read of it second by second, what the driver answered call by call,
//! and what `nvidia-smi` said. Nobody and no device can be known again by it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use nvml_wrapper::Nvml;
use serde::{Deserialize, Serialize};
use strata_domain::workstation::AcceleratorSample;
use strata_gpu::{
    nvml::{
        calls::{Answer, Pending},
        session::Session,
    },
    process::Processes,
};
use strata_ports::clock::SystemClock;

use crate::{
    comparison::{Line, compare, of_sample},
    smi::{self, Texts},
};

/// The number that the first process gets.
const FIRST_PROCESS: u32 = 1_001;

/// What was seen of the GPUs of a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recording {
    /// What Strata read at each beat.
    pub(crate) samples: Vec<AcceleratorSample>,
    /// What the driver answered meanwhile.
    pub(crate) answers: Vec<Answer>,
    /// What `nvidia-smi` said before the first beat.
    pub(crate) before: Texts,
    /// What it said after that.
    pub(crate) after: Texts,
}

impl Recording {
    /// Reads the GPUs by the library at `library` and asks `smi` before and after the first of `beats`,
    /// which are a `pace` apart.
    pub(crate) fn take(
        library: &Path,
        smi: &Path,
        beats: u32,
        pace: Duration,
    ) -> Result<Self, String> {
        let nvml = Nvml::builder().lib_path(library.as_os_str()).init();
        let nvml = nvml.map_err(|error| format!("{}: {error}", library.display()))?;
        let pending = Pending::recording(Arc::new(SystemClock));
        let mut session = Session::open(&nvml, &pending, Processes::at(Path::new("/")))
            .map_err(|error| error.to_string())?;
        let before = smi::ask(smi)?;
        let mut samples = vec![session.sample()];
        let after = smi::ask(smi)?;
        for _ in 1..beats {
            std::thread::sleep(pace);
            samples.push(session.sample());
        }
        Ok(Self {
            samples,
            answers: pending.take_answers(),
            before,
            after,
        })
    }

    /// Compares what Strata read first with what was said before and after it.
    pub(crate) fn compare(&self) -> Result<Vec<Line>, String> {
        let first = self.samples.first().ok_or("nothing was read")?;
        let (before, after) = (smi::read(&self.before)?, smi::read(&self.after)?);
        Ok(compare(&of_sample(first), &before, &after))
    }

    /// The same, with other numbers for devices and processes, and without whose those are.
    pub(crate) fn anonymous(mut self) -> Result<Self, String> {
        let mut names = BTreeMap::new();
        let mut pids = BTreeMap::new();
        for sample in &mut self.samples {
            for device in &mut sample.devices {
                rename(&mut names, &device.id);
                for instance in &device.instances {
                    rename(&mut names, &instance.id);
                }
                for process in &mut device.processes {
                    process.owner = None;
                    process.pid = renumber(&mut pids, process.pid);
                }
            }
        }
        for texts in [&mut self.before, &mut self.after] {
            texts.processes = renumbered(&texts.processes, &mut pids);
        }
        for answer in &mut self.answers {
            answer.answer = without_handle(&answer.answer);
            for (pid, number) in &pids {
                // The wrapper's way to write a process.
                let (from, to) = (format!("pid: {pid},"), format!("pid: {number},"));
                answer.answer = answer.answer.replace(&from, &to);
            }
        }
        let mut text = serde_json::to_string(&self).map_err(|error| error.to_string())?;
        for (name, other) in names {
            text = text.replace(&name, &other);
        }
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    /// Reads one that was written.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = std::fs::read(path).map_err(|error| failed(&error))?;
        serde_json::from_slice(&text).map_err(|error| failed(&error))
    }

    /// Writes it, a line for each value, so that a difference can be read.
    pub(crate) fn write(&self, path: &Path) -> Result<(), String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = serde_json::to_vec_pretty(self).map_err(|error| failed(&error))?;
        std::fs::write(path, text).map_err(|error| failed(&error))
    }
}

/// Where recordings lie.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/recordings")
}

/// Another name for the device `id`: of the same form, and counted.
fn rename(names: &mut BTreeMap<String, String>, id: &str) {
    let number = names.len();
    let kind = id.split('-').next().unwrap_or_default().to_owned();
    names
        .entry(id.to_owned())
        .or_insert_with(|| format!("{kind}-00000000-0000-0000-0000-{number:012}"));
}

/// Another number for the process `pid`.
fn renumber(pids: &mut BTreeMap<u32, u32>, pid: u32) -> u32 {
    let next = u32::try_from(pids.len()).map_or(FIRST_PROCESS, |count| FIRST_PROCESS + count);
    *pids.entry(pid).or_insert(next)
}

/// The list of processes with other numbers: UUID, number, memory.
fn renumbered(text: &str, pids: &mut BTreeMap<u32, u32>) -> String {
    let lines = text.lines().map(|line| {
        let mut cells: Vec<String> = line.split(", ").map(str::to_owned).collect();
        if let Some(cell) = cells.get_mut(1)
            && let Ok(pid) = cell.parse()
        {
            *cell = renumber(pids, pid).to_string();
        }
        cells.join(", ") + "\n"
    });
    lines.collect()
}

/// An answer without the address of what the library gave out: `Ok(Device { device: 0x55…, nvml: NVML })`.
fn without_handle(answer: &str) -> String {
    if answer.contains("nvml: NVML") || answer == "Ok(NVML)" {
        "Ok(a handle)".to_owned()
    } else {
        answer.to_owned()
    }
}
