use strata_api::rows::stack::TileRow;

use super::*;
use crate::derive::{fixture, scenario};

/// Each row as a line that one can read.
fn lines(namespaces: &[&str]) -> String {
    let cluster = fixture::cluster(scenario::objects());
    let catalog = fixture::catalog();
    let derived = fixture::derived(&cluster, &catalog);
    let namespaces: Vec<String> = namespaces.iter().map(ToString::to_string).collect();
    let rows = rows(&cluster, &derived, &catalog, &namespaces, &Trends::default());
    let lines: Vec<String> = rows.iter().map(|keyed| line(&keyed.row)).collect();
    lines.join("\n")
}

fn line(row: &Row) -> String {
    match row {
        Row::Layer(layer) => {
            let counts: Vec<String> = layer.counts.iter().map(|line| line.english()).collect();
            let headline = layer.headline.as_ref().map_or_else(String::new, |headline| {
                let of = headline.of.map(|of| format!("/{of}")).unwrap_or_default();
                let details: Vec<String> =
                    headline.details.iter().map(|line| line.english()).collect();
                let label = headline.label.english();
                format!("{}{of} {label} ({})", headline.value, details.join("; "))
            });
            format!("# {:?} {:?} [{}] {headline}", layer.layer, layer.severity, counts.join("; "))
        }
        Row::Tile(tile) => tile_line(tile),
        Row::GpuNode(gpus) => format!(
            "gpus {} {}/{} {} {}/{} unhealthy {}{}{} {:?}",
            gpus.node,
            gpus.zone,
            gpus.rack,
            gpus.model,
            gpus.allocated,
            gpus.total,
            gpus.unhealthy,
            if gpus.shared { " shared" } else { "" },
            if gpus.unknown { " unknown" } else { "" },
            gpus.severity,
        ),
        Row::Attention(line) => format!(
            "! {:?} {:?} {}: {} -> {} `{}` {}",
            line.severity,
            line.layer,
            line.title.english(),
            line.reason.english(),
            line.action.english(),
            line.command,
            line.subject
        ),
        other => panic!("no row of the stack: {other:?}"),
    }
}

fn tile_line(tile: &TileRow) -> String {
    let ready = tile
        .ready
        .map(|ready| format!(" {}/{}", ready.ready, ready.desired))
        .unwrap_or_default();
    let figure = tile.figure.as_ref().map(|figure| figure.english()).unwrap_or_default();
    let reason = tile.reason.as_ref().map(|reason| reason.english()).unwrap_or_default();
    format!(
        "  {} {:?}{ready} | {} | {figure} | {:?} | {} | {reason}",
        tile.name, tile.severity, tile.version, tile.profile, tile.subject
    )
}

#[test]
fn the_stack_shows_five_layers_tiles_devices_and_what_is_wrong() {
    insta::assert_snapshot!(lines(&[]), @"");
}
