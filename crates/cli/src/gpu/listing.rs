//! One line a GPU: what it does, who holds it, what is wrong with it.

use serde_json::{Value, json};
use strata_api::{
    phrases::PhraseValue,
    rows::{
        Row, Severity,
        gpu::{Figure, GpuMapRow, GpuRow, GpuState, GpuStates},
    },
    topics::{GpuColumn, GpuSort, Topic},
};

use super::{counted, with_reason};
use crate::{
    session::Session,
    table::{fitted, visible},
};

/// The GPUs that the filter lets through, the worst first.
pub(super) struct Listing {
    pub(super) head: GpuMapRow,
    pub(super) gpus: Vec<GpuRow>,
}

impl Listing {
    pub(super) async fn read(
        session: &Session,
        cluster: &str,
        filter: &str,
        head: GpuMapRow,
    ) -> anyhow::Result<Self> {
        let topic = |window| Topic::Gpus {
            cluster: cluster.to_owned(),
            filter: filter.to_owned(),
            sort: GpuSort {
                by: GpuColumn::State,
                descending: true,
            },
            window,
        };
        let gpu = |row: &Row| match row {
            Row::Gpu(row) => Some(GpuRow::clone(row)),
            _ => None,
        };
        let gpus = session.all(topic, gpu).await?;
        Ok(Self { head, gpus })
    }

    pub(super) fn json(&self, cluster: &str) -> Value {
        let gpus = self.gpus.iter();
        let gpus: Vec<Value> = gpus
            .map(|gpu| with_reason(json!(gpu), gpu.reason.as_ref()))
            .collect();
        json!({
            "cluster": cluster,
            "at": self.head.at,
            "states": self.head.states,
            "exporters": self.head.exporters,
            "gpus": gpus,
        })
    }

    pub(super) fn text(&self, room: Option<usize>) -> String {
        let mut text = summary(&self.head);
        if !self.gpus.is_empty() {
            let mut lines = vec![HEAD.map(str::to_owned).to_vec()];
            lines.extend(self.gpus.iter().map(line));
            text.push('\n');
            text.push_str(&fitted(&lines, &LESSER, room));
        }
        text
    }
}

/// How many are in which state, and how many exporters told of them.
fn summary(head: &GpuMapRow) -> String {
    let GpuStates {
        total,
        free,
        allocated,
        idle_held,
        unhealthy,
        unknown,
    } = head.states;
    let exporters = &head.exporters;
    let measured = if exporters.asked == 0 {
        "no exporter measures them".to_owned()
    } else {
        format!("{} of {} exporters answer", exporters.live, exporters.asked)
    };
    format!(
        "{} · {allocated} allocated · {idle_held} held idle · {free} free · {unhealthy} unhealthy · \
         {unknown} unknown\n{measured}\n",
        counted(total, "GPU"),
    )
}

const HEAD: [&str; 9] = [
    "STATE", "NODE", "GPU", "MODEL", "ACTIVE", "MEMORY", "TEMP", "POWER", "HELD BY",
];

/// What a narrow terminal shows the last.
const LESSER: [&str; 3] = ["POWER", "TEMP", "MODEL"];

fn line(gpu: &GpuRow) -> Vec<String> {
    let measured = |value: Option<f64>, unit: &str| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:.0} {unit}"))
    };
    vec![
        word(gpu.state).to_owned(),
        gpu.node.clone(),
        gpu.index.to_string(),
        gpu.model.clone(),
        active(gpu),
        memory(gpu),
        measured(gpu.temperature, "°C"),
        measured(gpu.power, "W"),
        held(gpu),
    ]
}

/// How busy it is, by which definition.
fn active(gpu: &GpuRow) -> String {
    match gpu.activity {
        Some(busy) => format!("{:.0} % {}", busy * 100.0, definition(gpu.activity_figure)),
        // It was measured once, and that is too long ago to be so now.
        None if gpu.is_stale && gpu.measured_at.is_some() => "stale".to_owned(),
        None => "-".to_owned(),
    }
}

/// Memory used and in all, the unit once where it is the same.
fn memory(gpu: &GpuRow) -> String {
    let Some(total) = gpu.memory_total else {
        return "-".to_owned();
    };
    let total = PhraseValue::Bytes(total).to_string();
    let Some(used) = gpu.memory_used else {
        return format!("- / {total}");
    };
    let used = PhraseValue::Bytes(used).to_string();
    match (used.rsplit_once(' '), total.rsplit_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number} / {total}"),
        _ => format!("{used} / {total}"),
    }
}

/// Who holds it, and what is wrong with it.
fn held(gpu: &GpuRow) -> String {
    let holders = gpu.holders.iter().map(|holder| {
        let counted = if gpu.is_by_count { " (by count)" } else { "" };
        let instance = if holder.instance.is_empty() {
            String::new()
        } else {
            format!(" {}", holder.instance)
        };
        format!("{}/{}{instance}{counted}", holder.namespace, holder.pod)
    });
    let mut said: Vec<String> = holders.collect();
    if gpu.shared {
        said.insert(0, "shared".to_owned());
    }
    if let Some(reason) = &gpu.reason
        && gpu.severity != Severity::Ok
    {
        said.push(visible(&reason.english()));
    }
    said.join(" · ")
}

/// By which definition a GPU is active.
fn definition(figure: Option<Figure>) -> &'static str {
    match figure {
        Some(Figure::SmActive) => "SM",
        Some(Figure::EngineActive) => "engine",
        Some(Figure::Utilization) => "util",
        Some(Figure::AiCoreUtilization) => "AI Core",
        _ => "",
    }
}

fn word(state: GpuState) -> &'static str {
    match state {
        GpuState::Free => "free",
        GpuState::Allocated => "allocated",
        GpuState::IdleHeld => "held idle",
        GpuState::Unhealthy => "unhealthy",
        GpuState::Unknown => "unknown",
    }
}
