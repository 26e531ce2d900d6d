//! `strata stack`: the five layers, as a table or as JSON.

use std::process::ExitCode;

use serde_json::{Value, json};
use strata_api::{
    phrases::Phrase,
    rows::{
        Layer, Row, Severity,
        stack::{AttentionRow, GpuNodeRow, LayerRow, TileRow},
    },
    topics::Topic,
};
use strata_app::Launch;

use crate::{
    arguments::{Output, Stack},
    exit::{INCOMPLETE, answer, remark},
    session::{Rows, Session},
    table::{columns, visible},
};

/// Shows the stack once every list has been read. Ends with 4 where it is not whole.
pub(crate) async fn run(launch: Launch, stack: &Stack) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&stack.target).await?;
    let complete = session
        .connect(&cluster, stack.target.approve_plugin, stack.timeout)
        .await?;
    let topic = Topic::Stack {
        cluster: cluster.clone(),
        namespaces: stack.namespace.clone(),
    };
    let mut rows = session.subscribe(topic).await?;
    let seen = loop {
        rows.next().await?;
        let seen = Seen::of(&rows);
        if !complete || seen.is_whole() {
            break seen;
        }
    };
    match stack.output {
        Output::Json => answer(&format!("{:#}\n", seen.json(&cluster, complete)))?,
        Output::Table => answer(&seen.text())?,
    }
    let forbidden = seen.forbidden();
    for permission in &forbidden {
        remark(&format!(
            "not shown, since the permission is missing: {permission}"
        ));
    }
    let namespaces = seen.namespaces();
    if !namespaces.is_empty() {
        remark(&format!(
            "but shown, of what lies in namespaces, in these: {}",
            namespaces.join(", ")
        ));
    }
    if !complete {
        remark(&format!(
            "some lists did not come within {:?}; what is shown is not whole",
            stack.timeout
        ));
    }
    drop(rows);
    session.end().await;
    let whole = complete && forbidden.is_empty();
    Ok(if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

/// The rows of the stack, by kind.
#[derive(Default)]
struct Seen {
    layers: Vec<LayerRow>,
    tiles: Vec<TileRow>,
    gpu_nodes: Vec<GpuNodeRow>,
    attention: Vec<AttentionRow>,
}

impl Seen {
    fn of(rows: &Rows) -> Self {
        let mut seen = Self::default();
        for row in rows.iter() {
            match row {
                Row::Layer(row) => seen.layers.push(row.clone()),
                Row::Tile(row) => seen.tiles.push(row.clone()),
                Row::GpuNode(row) => seen.gpu_nodes.push(row.clone()),
                Row::Attention(row) => seen.attention.push(row.clone()),
                _ => {}
            }
        }
        seen
    }

    fn is_whole(&self) -> bool {
        self.layers.len() == 5 && self.layers.iter().all(|layer| !layer.loading)
    }

    fn tiles_of(&self, layer: Layer) -> impl Iterator<Item = &TileRow> {
        self.tiles.iter().filter(move |tile| tile.layer == layer)
    }

    fn forbidden(&self) -> Vec<String> {
        let mut permissions: Vec<String> = self
            .layers
            .iter()
            .flat_map(|layer| layer.forbidden.clone())
            .collect();
        permissions.sort();
        permissions.dedup();
        permissions
    }

    /// Where what is missing in the whole cluster is there.
    fn namespaces(&self) -> Vec<String> {
        let mut namespaces: Vec<String> = self
            .layers
            .iter()
            .flat_map(|layer| layer.namespaces.clone())
            .collect();
        namespaces.sort();
        namespaces.dedup();
        namespaces
    }

    fn json(&self, cluster: &str, complete: bool) -> Value {
        let layers: Vec<Value> = self
            .layers
            .iter()
            .map(|layer| {
                let components: Vec<Value> = self.tiles_of(layer.layer).map(component).collect();
                json!({
                    "layer": layer.layer,
                    "severity": layer.severity,
                    "tally": layer.tally,
                    "counts": layer.counts.iter().map(Phrase::english).collect::<Vec<_>>(),
                    "headline": layer.headline.as_ref().map(|headline| json!({
                        "value": headline.value,
                        "of": headline.of,
                        "label": headline.label.english(),
                        "details": headline.details.iter().map(Phrase::english).collect::<Vec<_>>(),
                    })),
                    "forbidden": layer.forbidden,
                    "namespaces": layer.namespaces,
                    "components": components,
                })
            })
            .collect();
        let attention: Vec<Value> = self
            .attention
            .iter()
            .map(|line| {
                json!({
                    "severity": line.severity,
                    "layer": line.layer,
                    "subject": line.subject,
                    "title": line.title.english(),
                    "reason": line.reason.english(),
                    "action": line.action.english(),
                    "command": line.command,
                    "since": line.since,
                })
            })
            .collect();
        json!({
            "cluster": cluster,
            "complete": complete,
            "layers": layers,
            "gpu_nodes": self.gpu_nodes,
            "attention": attention,
        })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for layer in &self.layers {
            text.push_str(&band(layer));
            let lines: Vec<Vec<String>> = self.tiles_of(layer.layer).map(line).collect();
            text.push_str(&columns(&lines, 2));
            text.push('\n');
        }
        if !self.attention.is_empty() {
            text.push_str("Needs attention\n");
        }
        text + &self
            .attention
            .iter()
            .flat_map(attention)
            .collect::<Vec<_>>()
            .concat()
    }
}

/// A line of the attention list: what, why, what to do, and the command for it.
fn attention(line: &AttentionRow) -> Vec<String> {
    let indent = " ".repeat(12);
    let said = |phrase: &Phrase| visible(&phrase.english());
    let mut lines = vec![
        format!("  {:8}  {}\n", word(line.severity), said(&line.title)),
        format!("{indent}{}\n", said(&line.reason)),
        format!("{indent}{}\n", said(&line.action)),
    ];
    if !line.command.is_empty() {
        lines.push(format!("{indent}$ {}\n", visible(&line.command)));
    }
    lines
}

fn component(tile: &TileRow) -> Value {
    json!({
        "subject": tile.subject,
        "name": tile.name,
        "category": tile.category,
        "profile": tile.profile,
        "severity": tile.severity,
        "reason": tile.reason.as_ref().map(Phrase::english),
        "version": if tile.version.is_empty() { Value::Null } else { json!(tile.version) },
        "ready": tile.ready.map(|ready| ready.ready),
        "desired": tile.ready.map(|ready| ready.desired),
        "figure": tile.figure.as_ref().map(Phrase::english),
        "namespaces": tile.namespaces,
    })
}

fn band(layer: &LayerRow) -> String {
    let name = match layer.layer {
        Layer::Workloads => "Workloads",
        Layer::Lifecycle => "Lifecycle",
        Layer::Platform => "Platform",
        Layer::Infrastructure => "Infrastructure",
        Layer::Hardware => "Hardware",
    };
    let mut parts = vec![word(layer.severity).to_owned()];
    if let Some(headline) = &layer.headline {
        let of = headline.of.map(|of| format!("/{of}")).unwrap_or_default();
        parts.push(format!(
            "{}{of} {}",
            headline.value,
            headline.label.english()
        ));
        parts.extend(headline.details.iter().map(Phrase::english));
    }
    parts.extend(layer.counts.iter().map(Phrase::english));
    visible(&format!("{name}  {}", parts.join(" · "))) + "\n"
}

fn line(tile: &TileRow) -> Vec<String> {
    let ready = tile
        .ready
        .map(|ready| format!("{}/{}", ready.ready, ready.desired))
        .unwrap_or_default();
    let last = match (&tile.reason, &tile.figure) {
        (Some(reason), _) => reason.english(),
        (None, Some(figure)) => figure.english(),
        (None, None) => String::new(),
    };
    vec![
        word(tile.severity).to_owned(),
        tile.name.clone(),
        ready,
        tile.version.clone(),
        last,
    ]
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Ok => "ok",
        Severity::Paused => "paused",
        Severity::Unknown => "unknown",
        Severity::Notice => "notice",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}
