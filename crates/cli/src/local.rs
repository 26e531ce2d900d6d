//! `strata gpu --local`: the accelerators of this machine and the processes on them.

use std::{process::ExitCode, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_api::{
    phrases::{Phrase, PhraseValue},
    rows::{
        Row,
        gpu::{Figure, FigureAbsence, ReadingRow},
        workstation::{
            AcceleratorRow, AcceleratorState, ProcessRow, Sampling, WorkstationRow, XidRow,
        },
    },
    topics::Topic,
};
use strata_app::Launch;
use tokio::time::{Instant, timeout_at};

use crate::{
    arguments::{Gpu, Output},
    exit::{INCOMPLETE, answer, remark},
    session::{Rows, Session},
    table::fitted,
    terminal,
};

mod plot;

/// Shows the accelerators once they were read. Ends with 4 where something keeps them from being read.
pub(crate) async fn run(launch: Launch, gpu: &Gpu) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let mut rows = session.subscribe(Topic::Workstation {}).await?;
    let mut seen = read(&mut rows, gpu.timeout).await?;
    if let Some(file) = &gpu.plot {
        plot::draw(&session, gpu, &seen, file).await?;
    } else {
        seen.show(gpu)?;
    }
    if gpu.watch {
        // Until the program is interrupted.
        loop {
            rows.next().await?;
            let before = std::mem::replace(&mut seen, Seen::of(&rows));
            if before != seen {
                seen.show(gpu)?;
            }
        }
    }
    seen.remark();
    let is_whole = seen.machine.faults.is_empty();
    drop(rows);
    session.end().await;
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

/// Waits until the machine and its accelerators were read.
pub(crate) async fn read(rows: &mut Rows, timeout: Duration) -> anyhow::Result<Seen> {
    let deadline = Instant::now() + timeout;
    loop {
        match timeout_at(deadline, rows.next()).await {
            Ok(heard) => heard?,
            Err(_) => anyhow::bail!("this machine could not be read in time"),
        }
        let seen = Seen::of(rows);
        if seen.is_read() {
            return Ok(seen);
        }
    }
}

/// What was seen at one moment.
#[derive(Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) machine: WorkstationRow,
    pub(crate) devices: Vec<AcceleratorRow>,
    pub(crate) processes: Vec<ProcessRow>,
}

impl Seen {
    pub(crate) fn of(rows: &Rows) -> Self {
        let mut seen = Self::default();
        for row in rows.iter() {
            match row {
                Row::Workstation(row) => seen.machine = WorkstationRow::clone(row),
                Row::Accelerator(row) => seen.devices.push(AcceleratorRow::clone(row)),
                Row::Process(row) => seen.processes.push(ProcessRow::clone(row)),
                _ => {}
            }
        }
        seen
    }

    fn is_read(&self) -> bool {
        self.machine.sampling != Sampling::Starting && !self.machine.name.is_empty()
    }

    fn show(&self, gpu: &Gpu) -> anyhow::Result<()> {
        match gpu.output {
            Output::Json if gpu.watch => answer(&format!("{}\n", self.json())),
            Output::Json => answer(&format!("{:#}\n", self.json())),
            Output::Table => {
                let screen = terminal::screen();
                let text = self.text(screen.map(|screen| screen.columns));
                if gpu.watch {
                    answer(&terminal::anew(&text, screen))
                } else {
                    answer(&text)
                }
            }
        }
    }

    /// Says what is wrong, why, and what to do.
    fn remark(&self) {
        let faults = self
            .machine
            .faults
            .iter()
            .chain(self.devices.iter().flat_map(|device| &device.faults));
        for fault in faults {
            let [title, meaning, action] =
                [&fault.title, &fault.meaning, &fault.action].map(Phrase::english);
            remark(&format!("{title}. {meaning}. {action}"));
        }
        let remarks = self
            .machine
            .remarks
            .iter()
            .chain(self.devices.iter().flat_map(|device| &device.remarks));
        for one in remarks {
            remark(&one.english());
        }
        // It is one log for all of them.
        let unknown = self
            .devices
            .iter()
            .find_map(|one| one.xids_unknown.as_ref());
        if let Some(unknown) = unknown {
            let [reason, remedy] = [&unknown.reason, &unknown.remedy].map(Phrase::english);
            remark(&format!("{reason}. {remedy}"));
        }
        if self.machine.sampling == Sampling::NoAccelerator {
            remark("this machine has no accelerator; `strata gpu --demo` shows a cluster that has");
        }
    }

    fn json(&self) -> Value {
        json!({
            "machine": self.machine,
            "accelerators": self.devices,
            "processes": self.processes,
        })
    }

    fn text(&self, room: Option<usize>) -> String {
        let machine = &self.machine;
        let of = |figure| shown(find(&machine.readings, figure));
        let driver = if machine.driver.is_empty() {
            String::new()
        } else {
            format!(" · driver {} · CUDA {}", machine.driver, machine.cuda)
        };
        let mut text = format!(
            "{} · {} · {} · {} threads\nCPU {} · memory {} of {}{driver}\n\n",
            machine.name,
            machine.system,
            machine.processor,
            machine.threads,
            of(Figure::CpuUtilization),
            of(Figure::HostMemoryUsed),
            of(Figure::HostMemoryTotal)
        );
        if self.devices.is_empty() {
            return text;
        }
        let mut lines = vec![DEVICES.map(str::to_owned).to_vec()];
        lines.extend(self.devices.iter().map(device));
        text.push_str(&fitted(&lines, &LESSER, room));
        let errors: Vec<Vec<String>> = self.devices.iter().flat_map(errors).collect();
        if !errors.is_empty() {
            text.push('\n');
            let mut lines = vec![ERRORS.map(str::to_owned).to_vec()];
            lines.extend(errors);
            text.push_str(&fitted(&lines, &[], room));
        }
        if !self.processes.is_empty() {
            text.push('\n');
            let mut lines = vec![PROCESSES.map(str::to_owned).to_vec()];
            lines.extend(self.processes.iter().map(process));
            text.push_str(&fitted(&lines, &[], room));
        }
        text
    }
}

const DEVICES: [&str; 8] = [
    "GPU", "MODEL", "STATE", "UTIL", "MEMORY", "TEMP", "POWER", "CLOCK",
];

/// What a narrow terminal shows the last.
const LESSER: [&str; 3] = ["CLOCK", "TEMP", "STATE"];

fn device(row: &AcceleratorRow) -> Vec<String> {
    let of = |figure| shown(find(&row.readings, figure));
    let pair = |one, other| match find(&row.readings, other).and_then(|reading| reading.value) {
        Some(_) => format!("{} / {}", of(one), of(other)),
        None => of(one),
    };
    vec![
        row.index.to_string(),
        row.model.clone(),
        state(row.state).to_owned(),
        of(Figure::Utilization),
        pair(Figure::MemoryUsed, Figure::MemoryTotal),
        of(Figure::Temperature),
        pair(Figure::Power, Figure::PowerLimit),
        of(Figure::SmClock),
    ]
}

const ERRORS: [&str; 3] = ["GPU", "WHEN", "ERROR"];

/// The errors that the driver reported of a device, the latest first.
fn errors(row: &AcceleratorRow) -> Vec<Vec<String>> {
    let errors = row.xids.iter();
    errors
        .map(|one| vec![row.index.to_string(), moment(one), one.title.english()])
        .collect()
}

/// When an error was, as far as that is known.
fn moment(error: &XidRow) -> String {
    let at: Result<Timestamp, _> = error.at.parse();
    let mut said = at.map_or_else(
        |_| error.at.clone(),
        |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    );
    if error.earlier_by_seconds > 0 {
        let by = PhraseValue::Seconds(f64::from(error.earlier_by_seconds));
        said = format!("{said} or up to {by} earlier");
    }
    if error.is_past {
        said.push_str(", before Strata was watching");
    }
    said
}

const PROCESSES: [&str; 7] = ["GPU", "PID", "USER", "MEMORY", "UTIL", "WHERE", "COMMAND"];

fn process(row: &ProcessRow) -> Vec<String> {
    let place = if !row.pod.is_empty() {
        format!("{}/{}", row.namespace, row.pod)
    } else if !row.pod_uid.is_empty() {
        format!("pod {}", row.pod_uid)
    } else if row.runtime.is_some() {
        row.container_id.chars().take(12).collect()
    } else {
        row.unit.clone()
    };
    let known = |text: &str| {
        if row.is_known {
            text.to_owned()
        } else {
            "-".to_owned()
        }
    };
    vec![
        row.device_index.to_string(),
        row.pid.to_string(),
        known(&row.user),
        shown(Some(&row.memory)),
        shown(row.activity.as_ref()),
        place,
        known(&row.command),
    ]
}

fn find(readings: &[ReadingRow], figure: Figure) -> Option<&ReadingRow> {
    readings.iter().find(|one| one.figure == figure)
}

/// A figure with its unit, or in a word why there is none.
fn shown(reading: Option<&ReadingRow>) -> String {
    use strata_api::rows::gpu::FigureUnit as Unit;
    let Some(reading) = reading else {
        return "-".to_owned();
    };
    let Some(value) = reading.value else {
        return match reading.absence {
            Some(FigureAbsence::NotSupported) => "not supported",
            Some(FigureAbsence::NoPermission) => "no permission",
            Some(FigureAbsence::Rejected) => "rejected",
            _ => "-",
        }
        .to_owned();
    };
    match reading.unit {
        Unit::Ratio => format!("{:.0} %", value * 100.0),
        Unit::Bytes => PhraseValue::Bytes(value).to_string(),
        Unit::Celsius => format!("{value:.0} °C"),
        Unit::Watts => format!("{value:.0} W"),
        Unit::Megahertz => format!("{value:.0} MHz"),
        _ => format!("{value:.0}"),
    }
}

fn state(state: AcceleratorState) -> &'static str {
    match state {
        AcceleratorState::Answers => "answers",
        AcceleratorState::Suspended => "asleep",
        AcceleratorState::Lost => "lost",
        AcceleratorState::NeedsReset => "needs reset",
    }
}

#[cfg(test)]
mod tests {
    use strata_api::phrases::PhraseCode;

    use super::*;

    #[test]
    fn when_an_error_was_is_said_as_far_as_it_is_known() {
        let mut error = XidRow {
            at: "2026-11-27T03:04:05.25Z".to_owned(),
            is_past: false,
            earlier_by_seconds: 0,
            title: Phrase::new(PhraseCode::XidTitle),
            meaning: Phrase::new(PhraseCode::XidApplication),
            action: Phrase::new(PhraseCode::ActReadProgram),
        };
        assert_eq!(moment(&error), "2026-11-27 03:04:05 UTC");
        error.is_past = true;
        error.earlier_by_seconds = 3_600;
        assert_eq!(
            moment(&error),
            "2026-11-27 03:04:05 UTC or up to 1 h earlier, before Strata was watching"
        );
    }
}
