//! What Strata tells of a GPU beside what `nvidia-smi` says just before and just after.

use std::collections::BTreeMap;

use serde_json::Value;
use strata_domain::{
    reading::{Figure, Said, Unit},
    workstation::AcceleratorSample,
};

use crate::smi::{Cell, FIELDS, Gpu};

/// How far a figure may lie outside of what was said before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tolerance {
    /// By so much, in the figure's unit.
    By(f64),
    /// By such a share of the larger one.
    Share(f64),
    /// It is a mask: every bit must have been told, and none that was told both times may be missing.
    Bits,
}

impl Tolerance {
    /// Whether `value` goes with what was said before and after.
    pub(crate) fn allows(self, value: f64, said: [f64; 2]) -> bool {
        let [before, after] = said;
        let (least, most) = (before.min(after), before.max(after));
        let by = match self {
            Self::By(by) => by,
            Self::Share(share) => share * most.abs().max(value.abs()),
            Self::Bits => {
                let [value, before, after] = [value, before, after].map(bits);
                return value & !(before | after) == 0 && before & after & !value == 0;
            }
        };
        // What is printed is rounded.
        (least - by - 1e-6..=most + by + 1e-6).contains(&value)
    }

    fn words(self, unit: Unit) -> String {
        match self {
            Self::By(by) if by <= 0.0 => "the same".to_owned(),
            Self::By(by) => format!("± {}", shown(by, unit)),
            Self::Share(share) => format!("± {:.0} %", share * 100.0),
            Self::Bits => "the same bits".to_owned(),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it was a mask of few bits"
)]
fn bits(value: f64) -> u64 {
    value as u64
}

/// What Strata tells of one GPU: each figure's value, or why there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) index: u32,
    pub(crate) figures: BTreeMap<Figure, Result<f64, String>>,
    /// The memory of each process, by its number.
    pub(crate) processes: BTreeMap<u32, Result<f64, String>>,
    /// What each NVLink counted, by its number; nothing of one that is down.
    pub(crate) links: BTreeMap<u32, BTreeMap<Figure, Result<f64, String>>>,
}

/// What a sample tells of NVIDIA's GPUs.
pub(crate) fn of_sample(sample: &AcceleratorSample) -> Vec<Told> {
    let value = |said: Said| match said {
        Said::Value(value) => Ok(value),
        Said::Absent(absence) => Err(format!("{absence:?}")),
    };
    let devices = sample.devices.iter();
    devices
        .filter(|device| device.id.starts_with("GPU-"))
        .map(|device| Told {
            id: device.id.clone(),
            index: device.index,
            figures: device
                .readings
                .iter()
                .map(|one| (one.figure, value(one.said)))
                .collect(),
            processes: device
                .processes
                .iter()
                .map(|process| {
                    let mut readings = process.readings.iter();
                    let memory = readings.find(|one| one.figure == Figure::MemoryUsed);
                    let said = memory.map(|one| value(one.said));
                    (process.pid, said.unwrap_or_else(|| Err("none".to_owned())))
                })
                .collect(),
            links: device
                .links
                .iter()
                .map(|link| {
                    let counted = link.readings.iter();
                    let counted = counted.map(|one| (one.figure, value(one.said)));
                    (link.number, counted.collect())
                })
                .collect(),
        })
        .collect()
}

/// What `strata gpu --local -o json` tells.
pub(crate) fn of_json(text: &str) -> Result<Vec<Told>, String> {
    let all: Value = serde_json::from_str(text).map_err(|error| format!("{error} in {text:?}"))?;
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned();
    let word = |value: &Value, name: &str| {
        let word = value.get(name).and_then(Value::as_str);
        word.unwrap_or_default().to_owned()
    };
    let number = |value: &Value, name: &str| {
        let number = value.get(name).and_then(Value::as_u64)?;
        u32::try_from(number).ok()
    };
    let said = |reading: &Value| {
        let value = reading.get("value").and_then(Value::as_f64);
        value.ok_or_else(|| word(reading, "absence"))
    };
    let processes = list(&all, "processes").unwrap_or_default();
    let devices = list(&all, "accelerators").ok_or("it has no accelerators")?;
    let told = devices.iter().map(|device| {
        let id = word(device, "device");
        let figures = |value: &Value| {
            let readings = list(value, "readings").unwrap_or_default();
            let figures = readings.iter().filter_map(|reading| {
                let figure = serde_json::from_value(reading.get("figure")?.clone()).ok()?;
                Some((figure, said(reading)))
            });
            figures.collect::<BTreeMap<Figure, Result<f64, String>>>()
        };
        let links = list(device, "links").unwrap_or_default();
        let links = links
            .iter()
            .filter_map(|link| Some((number(link, "number")?, figures(link))));
        let on_it = processes.iter().filter(|one| word(one, "device") == id);
        Told {
            index: number(device, "index").unwrap_or_default(),
            figures: figures(device),
            links: links.collect(),
            processes: on_it
                .filter_map(|one| Some((number(one, "pid")?, said(one.get("memory")?))))
                .collect(),
            id,
        }
    });
    Ok(told.filter(|one| one.id.starts_with("GPU-")).collect())
}

/// What comes of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Both say the same, be it that they do not know.
    Agrees,
    /// Strata tells what `nvidia-smi` does not.
    StrataAlone,
    /// They contradict each other, or Strata lost what `nvidia-smi` has.
    Differs,
}

/// One figure of one GPU.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    gpu: u32,
    what: String,
    strata: String,
    before: String,
    after: String,
    tolerance: String,
    pub(crate) verdict: Verdict,
}

/// Compares every figure that both have, and the processes that were there before and after.
pub(crate) fn compare(
    told: &[Told],
    before: &BTreeMap<String, Gpu>,
    after: &BTreeMap<String, Gpu>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for (id, before) in before {
        let Some(after) = after.get(id) else { continue };
        let Some(told) = told.iter().find(|one| one.id == *id) else {
            lines.push(Line {
                gpu: 0,
                what: id.clone(),
                strata: "not listed".to_owned(),
                before: "listed".to_owned(),
                after: "listed".to_owned(),
                tolerance: String::new(),
                verdict: Verdict::Differs,
            });
            continue;
        };
        for (figure, first) in &before.figures {
            let second = after.figures.get(figure).unwrap_or(first);
            let fields = FIELDS.iter().find(|field| field.figure == *figure);
            let tolerance = fields.map_or(Tolerance::By(0.0), |field| field.tolerance);
            let untold = Err("not asked".to_owned());
            let value = told.figures.get(figure).unwrap_or(&untold);
            let what = format!("{figure:?}");
            lines.push(line(
                told.index,
                what,
                figure.unit(),
                value,
                [first, second],
                tolerance,
            ));
        }
        for (pid, first) in &before.processes {
            let Some(second) = after.processes.get(pid) else {
                continue;
            };
            let untold = Err("not listed".to_owned());
            let value = told.processes.get(pid).unwrap_or(&untold);
            let tolerance = Tolerance::By(64.0 * 1_048_576.0);
            lines.push(line(
                told.index,
                format!("process {pid}"),
                Unit::Bytes,
                value,
                [first, second],
                tolerance,
            ));
        }
        for ((number, figure), first) in &before.links {
            let Some(second) = after.links.get(&(*number, *figure)) else {
                continue;
            };
            let untold = Err("not listed".to_owned());
            let value = match told.links.get(number) {
                // One that is down is not asked.
                Some(counted) if counted.is_empty() => continue,
                Some(counted) => counted.get(figure).unwrap_or(&untold),
                None => &untold,
            };
            lines.push(line(
                told.index,
                format!("link {number} {figure:?}"),
                figure.unit(),
                value,
                [first, second],
                Tolerance::By(0.0),
            ));
        }
    }
    lines
}

fn line(
    gpu: u32,
    what: String,
    unit: Unit,
    strata: &Result<f64, String>,
    said: [&Cell; 2],
    tolerance: Tolerance,
) -> Line {
    let verdict = match (strata, said) {
        (Ok(value), [Cell::Number(before), Cell::Number(after)]) => {
            if tolerance.allows(*value, [*before, *after]) {
                Verdict::Agrees
            } else {
                Verdict::Differs
            }
        }
        // It was told once: nothing can be held against the other time.
        (Ok(value), [Cell::Number(once), _] | [_, Cell::Number(once)]) => {
            if tolerance.allows(*value, [*once, *once]) {
                Verdict::Agrees
            } else {
                Verdict::Differs
            }
        }
        (Ok(_), [Cell::Words(_), Cell::Words(_)]) => Verdict::StrataAlone,
        (Err(_), [Cell::Number(_), Cell::Number(_)]) => Verdict::Differs,
        (Err(_), _) => Verdict::Agrees,
    };
    let [before, after] = said.map(|cell| match cell {
        Cell::Number(number) => shown(*number, unit),
        Cell::Words(words) => words.clone(),
    });
    Line {
        gpu,
        what,
        strata: match strata {
            Ok(value) => shown(*value, unit),
            Err(why) => why.clone(),
        },
        before,
        after,
        tolerance: tolerance.words(unit),
        verdict,
    }
}

fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Ratio => format!("{:.0} %", value * 100.0),
        Unit::Bytes => format!("{:.0} MiB", value / 1_048_576.0),
        Unit::BytesPerSecond => format!("{:.0} MiB/s", value / 1_048_576.0),
        Unit::Celsius => format!("{value:.0} °C"),
        Unit::Watts => format!("{value:.2} W"),
        Unit::Joules => format!("{value:.0} J"),
        Unit::Megahertz => format!("{value:.0} MHz"),
        Unit::Seconds => format!("{value:.3} s"),
        Unit::Count => format!("{value:.0}"),
        Unit::Code => format!("0x{:x}", bits(value)),
    }
}

/// The lines that differ, each as a sentence.
pub(crate) fn differences(lines: &[Line]) -> Vec<String> {
    let differing = lines.iter().filter(|line| line.verdict == Verdict::Differs);
    differing
        .map(|line| {
            format!(
                "GPU {}, {}: Strata says {}, nvidia-smi {} and {}",
                line.gpu, line.what, line.strata, line.before, line.after
            )
        })
        .collect()
}

/// All lines as a table.
pub(crate) fn table(lines: &[Line]) -> String {
    let head = [
        "GPU",
        "figure",
        "Strata",
        "nvidia-smi before",
        "after",
        "tolerance",
        "",
    ];
    let rows = lines.iter().map(|line| {
        [
            line.gpu.to_string(),
            line.what.clone(),
            line.strata.clone(),
            line.before.clone(),
            line.after.clone(),
            line.tolerance.clone(),
            match line.verdict {
                Verdict::Agrees => "agrees",
                Verdict::StrataAlone => "Strata alone",
                Verdict::Differs => "DIFFERS",
            }
            .to_owned(),
        ]
    });
    let rows = std::iter::once(head.map(str::to_owned)).chain(rows);
    let text: Vec<String> = rows
        .map(|[gpu, what, strata, before, after, tolerance, verdict]| {
            format!(
                "{gpu:<4} {what:<28} {strata:>18} {before:>18} {after:>18}  {tolerance:<14} {verdict}\n"
            )
        })
        .collect();
    text.concat()
}
