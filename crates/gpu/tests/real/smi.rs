//! What `nvidia-smi` says: asked field by field, read cell by cell.
//!
//! Its CSV has a line of headers and a line for each GPU; a cell is a number with its unit (`81559 MiB`), a
//! mask (`0x0000000000000004`), `Yes` or `No`, or words in brackets for what it does not tell (`[N/A]`,
//! `[Not Supported]`, `[Unknown Error]`). Fields were renamed from driver to driver, and one that it does not
//! know spoils the whole answer: such a one is asked for by its older name, or left out.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde::{Deserialize, Serialize};
use strata_domain::reading::Figure;

use crate::comparison::Tolerance;

/// A field of `nvidia-smi`, and the figure of Strata's that it is.
pub(crate) struct Field {
    pub(crate) figure: Figure,
    /// What it is called, today's name first.
    names: &'static [&'static str],
    pub(crate) tolerance: Tolerance,
}

const fn field(figure: Figure, names: &'static [&'static str], tolerance: Tolerance) -> Field {
    Field {
        figure,
        names,
        tolerance,
    }
}

/// A binary megabyte.
const MIB: f64 = 1_048_576.0;

/// Every figure that both have. What moves may do so by some between the two; what does not must be the same.
pub(crate) const FIELDS: [Field; 23] = [
    field(
        Figure::Utilization,
        &["utilization.gpu"],
        Tolerance::By(0.15),
    ),
    field(
        Figure::MemoryUtilization,
        &["utilization.memory"],
        Tolerance::By(0.15),
    ),
    field(
        Figure::EncoderUtilization,
        &["utilization.encoder"],
        Tolerance::By(0.15),
    ),
    field(
        Figure::DecoderUtilization,
        &["utilization.decoder"],
        Tolerance::By(0.15),
    ),
    field(Figure::MemoryTotal, &["memory.total"], Tolerance::By(MIB)),
    field(
        Figure::MemoryReserved,
        &["memory.reserved"],
        Tolerance::By(16.0 * MIB),
    ),
    field(
        Figure::MemoryUsed,
        &["memory.used"],
        Tolerance::By(64.0 * MIB),
    ),
    field(
        Figure::MemoryFree,
        &["memory.free"],
        Tolerance::By(64.0 * MIB),
    ),
    field(
        Figure::Temperature,
        &["temperature.gpu"],
        Tolerance::By(3.0),
    ),
    field(
        Figure::MemoryTemperature,
        &["temperature.memory"],
        Tolerance::By(3.0),
    ),
    field(Figure::Power, &["power.draw"], Tolerance::Share(0.15)),
    field(
        Figure::PowerLimit,
        &["enforced.power.limit"],
        Tolerance::By(0.01),
    ),
    field(
        Figure::SmClock,
        &["clocks.current.sm", "clocks.sm"],
        Tolerance::Share(0.15),
    ),
    field(
        Figure::MemoryClock,
        &["clocks.current.memory", "clocks.mem"],
        Tolerance::Share(0.02),
    ),
    field(Figure::FanSpeed, &["fan.speed"], Tolerance::By(0.05)),
    field(
        Figure::ClocksEventReasons,
        &[
            "clocks_event_reasons.active",
            "clocks_throttle_reasons.active",
        ],
        Tolerance::Bits,
    ),
    field(
        Figure::EccCorrected,
        &["ecc.errors.corrected.volatile.total"],
        Tolerance::By(0.0),
    ),
    field(
        Figure::EccUncorrected,
        &["ecc.errors.uncorrected.volatile.total"],
        Tolerance::By(0.0),
    ),
    field(
        Figure::PagesRetiredCorrected,
        &["retired_pages.single_bit_ecc.count", "retired_pages.sbe"],
        Tolerance::By(0.0),
    ),
    field(
        Figure::PagesRetiredUncorrected,
        &["retired_pages.double_bit.count", "retired_pages.dbe"],
        Tolerance::By(0.0),
    ),
    field(
        Figure::PageRetirementPending,
        &["retired_pages.pending"],
        Tolerance::By(0.0),
    ),
    field(
        Figure::PcieGeneration,
        &["pcie.link.gen.current", "pcie.link.gen.gpucurrent"],
        Tolerance::By(0.0),
    ),
    field(
        Figure::PcieWidth,
        &["pcie.link.width.current"],
        Tolerance::By(0.0),
    ),
];

/// What is asked of remapped rows, which have a query of their own.
const ROWS: [(Figure, &str); 4] = [
    (Figure::RowsRemappedCorrected, "remapped_rows.correctable"),
    (
        Figure::RowsRemappedUncorrected,
        "remapped_rows.uncorrectable",
    ),
    (Figure::RowRemapPending, "remapped_rows.pending"),
    (Figure::RowRemapFailure, "remapped_rows.failure"),
];

/// What it said, word for word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Texts {
    /// The fields that it was asked for, in their order, behind the UUID.
    pub(crate) fields: Vec<String>,
    /// A line for each GPU.
    pub(crate) gpus: String,
    /// The remapped rows; empty where it does not know them.
    pub(crate) rows: String,
    /// The processes that compute: UUID, number, memory.
    pub(crate) processes: String,
    /// The errors that NVLinks counted, a line each below their GPU's; empty where there are no links.
    #[serde(default)]
    pub(crate) links: String,
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// A number, in the unit of Strata's figure.
    Number(f64),
    /// Why there is none, in its words.
    Words(String),
}

/// What it says of one GPU.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Gpu {
    pub(crate) figures: BTreeMap<Figure, Cell>,
    /// The memory of each process that computes, by its number.
    pub(crate) processes: BTreeMap<u32, Cell>,
    /// What each NVLink counted, by its number.
    pub(crate) links: BTreeMap<(u32, Figure), Cell>,
}

/// Asks `program` for everything that both have.
pub(crate) fn ask(program: &Path) -> Result<Texts, String> {
    let mut names: Vec<&'static [&'static str]> = FIELDS.iter().map(|field| field.names).collect();
    // Each round gives up one name of one field.
    loop {
        let fields: Vec<&str> = names
            .iter()
            .filter_map(|names| names.first().copied())
            .collect();
        let devices = query(program, &format!("--query-gpu=uuid,{}", fields.join(",")))?;
        let Some(unknown) = unknown_field(&devices) else {
            let rows = ROWS.map(|(_, name)| name).join(",");
            let rows = query(program, &format!("--query-remapped-rows=gpu_uuid,{rows}"))?;
            return Ok(Texts {
                fields: fields.into_iter().map(str::to_owned).collect(),
                gpus: devices,
                rows: if unknown_field(&rows).is_some() || !rows.contains("gpu_uuid") {
                    String::new()
                } else {
                    rows
                },
                processes: query(program, "--query-compute-apps=gpu_uuid,pid,used_memory")?,
                links: said(program, &["nvlink", "-e"])?,
            });
        };
        let mut asked = names.iter_mut();
        let Some(field) = asked.find(|names| names.first() == Some(&unknown)) else {
            return Err(format!("nvidia-smi says: {devices}"));
        };
        *field = field.get(1..).unwrap_or_default();
    }
}

fn query(program: &Path, what: &str) -> Result<String, String> {
    said(program, &[what, "--format=csv"])
}

fn said(program: &Path, arguments: &[&str]) -> Result<String, String> {
    let said = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
    Ok(String::from_utf8_lossy(&said.stdout).into_owned())
}

/// The field that it does not know, where it says that there is one.
pub(crate) fn unknown_field(said: &str) -> Option<&str> {
    let (_, after) = said.split_once("Field \"")?;
    let (name, after) = after.split_once('"')?;
    after
        .trim_start()
        .starts_with("is not a valid field")
        .then_some(name)
}

/// Reads what it said, by UUID.
pub(crate) fn read(texts: &Texts) -> Result<BTreeMap<String, Gpu>, String> {
    let mut gpus: BTreeMap<String, Gpu> = BTreeMap::new();
    let figures: Option<Vec<Figure>> = texts.fields.iter().map(|name| figure(name)).collect();
    let figures = figures.ok_or("it was asked for a field that no figure is")?;
    for cells in lines(&texts.gpus) {
        let [uuid, cells @ ..] = cells.as_slice() else {
            continue;
        };
        if cells.len() != figures.len() {
            return Err(format!(
                "{} fields were asked for, {} told of {uuid}",
                figures.len(),
                cells.len()
            ));
        }
        let told = figures.iter().copied().zip(cells.iter().copied().map(cell));
        gpus.entry((*uuid).to_owned())
            .or_default()
            .figures
            .extend(told);
    }
    for cells in lines(&texts.rows) {
        if let [uuid, cells @ ..] = cells.as_slice()
            && let Some(gpu) = gpus.get_mut(*uuid)
        {
            let told = ROWS.iter().zip(cells);
            gpu.figures
                .extend(told.map(|((figure, _), text)| (*figure, cell(text))));
        }
    }
    for cells in lines(&texts.processes) {
        if let [uuid, pid, memory] = cells.as_slice()
            && let Ok(pid) = pid.parse()
            && let Some(gpu) = gpus.get_mut(*uuid)
        {
            gpu.processes.insert(pid, cell(memory));
        }
    }
    read_links(&texts.links, &mut gpus);
    Ok(gpus)
}

/// Reads what NVLinks counted: below `GPU 0: NAME (UUID: GPU-…)` lines such as `Link 2: Replay Errors: 12`.
fn read_links(text: &str, gpus: &mut BTreeMap<String, Gpu>) {
    let mut uuid = "";
    for line in text.lines().map(str::trim) {
        if line.starts_with("GPU ") {
            let named = line.split_once("(UUID: ").map(|(_, after)| after);
            uuid = named.map_or("", |named| named.trim_end_matches(')'));
        } else if let Some((number, figure, value)) = counter(line)
            && let Some(gpu) = gpus.get_mut(uuid)
        {
            gpu.links.insert((number, figure), cell(value));
        }
    }
}

/// The link, the counter and its value that a line tells.
fn counter(line: &str) -> Option<(u32, Figure, &str)> {
    let (number, rest) = line.strip_prefix("Link ")?.split_once(": ")?;
    let (name, value) = rest.split_once(": ")?;
    let figure = match name {
        "Replay Errors" => Figure::NvlinkReplays,
        "Recovery Errors" => Figure::NvlinkRecoveries,
        "CRC Errors" | "CRC Flit Errors" => Figure::NvlinkCrcErrors,
        "CRC Data Errors" => Figure::NvlinkDataCrcErrors,
        _ => return None,
    };
    Some((number.parse().ok()?, figure, value))
}

fn figure(name: &str) -> Option<Figure> {
    let found = FIELDS.iter().find(|field| field.names.contains(&name));
    found.map(|field| field.figure)
}

/// The lines below the headers, cell by cell.
fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split(',').map(str::trim).collect())
}

/// Reads one cell.
pub(crate) fn cell(text: &str) -> Cell {
    let text = text.trim();
    let number = match text {
        "Yes" | "Enabled" => Some(1.0),
        "No" | "Disabled" => Some(0.0),
        _ => match text.strip_prefix("0x") {
            Some(bits) => u64::from_str_radix(bits, 16).ok().map(float),
            None => with_unit(text),
        },
    };
    number.map_or_else(|| Cell::Words(text.to_owned()), Cell::Number)
}

/// A number with its unit, in the unit of Strata's figures.
fn with_unit(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number: f64 = number.parse().ok()?;
    let scale = match unit.trim() {
        "" | "W" | "MHz" | "C" => 1.0,
        "%" => 0.01,
        "KiB" => 1024.0,
        "MiB" => MIB,
        "GiB" => 1024.0 * MIB,
        _ => return None,
    };
    number.is_finite().then_some(number * scale)
}

#[expect(clippy::cast_precision_loss, reason = "masks have few bits so far")]
fn float(bits: u64) -> f64 {
    bits as f64
}
