//! `strata gpu`: every GPU of a cluster, as a table or as JSON, once or again and again.

use std::{io::IsTerminal as _, process::ExitCode};

use serde_json::{Value, json};
use strata_api::{
    phrases::PhraseValue,
    rows::{
        Row, Severity,
        gpu::{Figure, GpuColour, GpuExporters, GpuMapRow, GpuRow, GpuState, GpuStates},
    },
    topics::{GpuColumn, GpuGrouping, GpuSort, Topic, Window},
};
use strata_app::Launch;
use tokio::time::{Instant, timeout_at};

use crate::{
    arguments::{Gpu, Output},
    exit::{INCOMPLETE, answer, remark},
    plot,
    session::{Rows, Session},
    table::{columns, visible},
};

mod rule;

use self::rule::rule_for;

/// Moves a terminal's cursor to its corner and clears what is below.
const CLEAR: &str = "\u{1b}[H\u{1b}[J";

/// Shows the GPUs once every exporter was asked. Ends with 4 where not all is known.
pub(crate) async fn run(launch: Launch, gpu: &Gpu) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&gpu.target).await?;
    let deadline = Instant::now() + gpu.timeout;
    let complete = session
        .connect(&cluster, gpu.target.approve_plugin, gpu.timeout)
        .await?;
    let mut map = session.subscribe(map_of(&cluster, &gpu.filter)).await?;
    let head = wait_for_exporters(&mut map, deadline).await?;
    let mut seen = Seen {
        gpus: all(&session, &cluster, &gpu.filter).await?,
        head,
    };
    let is_whole = complete && seen.is_measured();
    if let Some(file) = &gpu.plot {
        plot::draw(&session, &cluster, gpu, &seen.gpus, file).await?;
    } else {
        seen.show(&cluster, gpu)?;
    }
    if gpu.watch {
        // Until the program is interrupted.
        loop {
            map.next().await?;
            let Some(head) = head_of(&map) else {
                continue;
            };
            let gpus = all(&session, &cluster, &gpu.filter).await?;
            let before = std::mem::replace(&mut seen, Seen { head, gpus });
            if before.gpus != seen.gpus {
                seen.show(&cluster, gpu)?;
            }
        }
    }
    seen.remark();
    drop(map);
    session.end().await;
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

pub(crate) fn map_of(cluster: &str, filter: &str) -> Topic {
    Topic::GpuMap {
        cluster: cluster.to_owned(),
        by: GpuGrouping::Rack,
        colour: GpuColour::State,
        seconds_ago: 0,
        filter: filter.to_owned(),
    }
}

/// Waits until every exporter of GPUs was asked once, or it is `deadline`.
pub(crate) async fn wait_for_exporters(
    map: &mut Rows,
    deadline: Instant,
) -> anyhow::Result<GpuMapRow> {
    loop {
        let heard = timeout_at(deadline, map.next()).await;
        let head = head_of(map);
        match (heard, head) {
            (Ok(heard), head) => {
                heard?;
                if let Some(head) = head.filter(|head| head.is_whole && is_asked(&head.exporters)) {
                    return Ok(head);
                }
            }
            (Err(_), Some(head)) => return Ok(head),
            (Err(_), None) => anyhow::bail!("the list of GPUs did not come in time"),
        }
    }
}

fn is_asked(exporters: &GpuExporters) -> bool {
    exporters.live + exporters.stale + exporters.failed >= exporters.asked
}

fn head_of(map: &Rows) -> Option<GpuMapRow> {
    map.iter().find_map(|row| match row {
        Row::GpuMap(head) => Some(head.clone()),
        _ => None,
    })
}

/// Every GPU, the worst first, window by window.
async fn all(session: &Session, cluster: &str, filter: &str) -> anyhow::Result<Vec<GpuRow>> {
    let mut gpus = Vec::new();
    loop {
        let topic = Topic::Gpus {
            cluster: cluster.to_owned(),
            filter: filter.to_owned(),
            sort: GpuSort {
                by: GpuColumn::State,
                descending: true,
            },
            window: Window {
                first: u32::try_from(gpus.len())?,
                count: Window::MOST,
            },
        };
        let mut rows = session.subscribe(topic).await?;
        rows.next().await?;
        let before = gpus.len();
        gpus.extend(rows.iter().filter_map(|row| match row {
            Row::Gpu(row) => Some(GpuRow::clone(row)),
            _ => None,
        }));
        if gpus.len() < before + Window::MOST as usize {
            return Ok(gpus);
        }
    }
}

/// What was seen at one moment.
struct Seen {
    head: GpuMapRow,
    gpus: Vec<GpuRow>,
}

impl Seen {
    fn is_measured(&self) -> bool {
        let exporters = &self.head.exporters;
        exporters.live == exporters.asked
    }

    fn show(&self, cluster: &str, gpu: &Gpu) -> anyhow::Result<()> {
        match gpu.output {
            Output::Json if gpu.watch => answer(&format!("{}\n", self.json(cluster))),
            Output::Json => answer(&format!("{:#}\n", self.json(cluster))),
            Output::Table => {
                let clear = if gpu.watch && std::io::stdout().is_terminal() {
                    CLEAR
                } else {
                    ""
                };
                answer(&format!("{clear}{}", self.text()))
            }
        }
    }

    /// Says why what is shown is not whole.
    fn remark(&self) {
        let exporters = &self.head.exporters;
        if !exporters.forbidden.is_empty() {
            remark(&format!("not measured: {}", exporters.forbidden));
            if let Some(rule) = rule_for(&exporters.forbidden) {
                remark(&format!("an administrator permits it with: {rule}"));
            }
        }
        if exporters.failed + exporters.stale > 0 && !exporters.failure.is_empty() {
            remark(&format!(
                "{} of {} exporters told nothing: {}",
                exporters.failed + exporters.stale,
                exporters.asked,
                exporters.failure
            ));
        }
        if exporters.asked == 0 && self.head.states.total > 0 {
            remark(
                "no exporter of GPU metrics was found, so only what Kubernetes knows is shown; \
                 the DCGM exporter measures NVIDIA GPUs",
            );
        }
    }

    fn json(&self, cluster: &str) -> Value {
        let gpus: Vec<Value> = self
            .gpus
            .iter()
            .map(|gpu| {
                let mut value = json!(gpu);
                if let (Some(object), Some(reason)) = (value.as_object_mut(), &gpu.reason) {
                    object.insert("reason".to_owned(), json!(reason.english()));
                }
                value
            })
            .collect();
        json!({
            "cluster": cluster,
            "at": self.head.at,
            "states": self.head.states,
            "exporters": self.head.exporters,
            "gpus": gpus,
        })
    }

    fn text(&self) -> String {
        let GpuStates {
            total,
            free,
            allocated,
            idle_held,
            unhealthy,
            unknown,
        } = self.head.states;
        let exporters = &self.head.exporters;
        let mut text = format!(
            "{total} GPUs · {allocated} allocated · {idle_held} held idle · {free} free · \
             {unhealthy} unhealthy · {unknown} unknown\n{} of {} exporters answer\n\n",
            exporters.live, exporters.asked
        );
        let mut lines = vec![HEAD.map(str::to_owned).to_vec()];
        lines.extend(self.gpus.iter().map(line));
        text.push_str(&columns(&lines, 0));
        text
    }
}

const HEAD: [&str; 9] = [
    "STATE", "NODE", "GPU", "MODEL", "ACTIVE", "MEMORY", "TEMP", "POWER", "HELD BY",
];

fn line(gpu: &GpuRow) -> Vec<String> {
    let measured = |value: Option<f64>, unit: &str| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:.0} {unit}"))
    };
    let activity = gpu.activity.map_or_else(
        || "-".to_owned(),
        |busy| format!("{:.0} % {}", busy * 100.0, definition(gpu.activity_figure)),
    );
    let bytes = |bytes: Option<f64>| {
        bytes.map_or_else(
            || "-".to_owned(),
            |bytes| PhraseValue::Bytes(bytes).to_string(),
        )
    };
    let memory = match gpu.memory_total {
        Some(_) => format!("{} / {}", bytes(gpu.memory_used), bytes(gpu.memory_total)),
        None => "-".to_owned(),
    };
    let held = gpu.holders.iter().map(|holder| {
        let counted = if gpu.is_by_count { " (by count)" } else { "" };
        format!("{}/{}{counted}", holder.namespace, holder.pod)
    });
    let mut held: Vec<String> = held.collect();
    if let Some(reason) = &gpu.reason
        && gpu.severity != Severity::Ok
    {
        held.push(visible(&reason.english()));
    }
    vec![
        word(gpu.state).to_owned(),
        gpu.node.clone(),
        gpu.index.to_string(),
        gpu.model.clone(),
        activity,
        memory,
        measured(gpu.temperature, "°C"),
        measured(gpu.power, "W"),
        held.join(" · "),
    ]
}

/// By which definition a GPU is active.
fn definition(figure: Option<Figure>) -> &'static str {
    match figure {
        Some(Figure::SmActive) => "SM",
        Some(Figure::EngineActive) => "engine",
        Some(Figure::Utilization) => "util",
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
