//! The rows of the stack: layers, tiles, the GPUs of the base, what needs attention, in this order.

use std::collections::{BTreeSet, HashSet};

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        stack::{AttentionRow, GpuNodeRow, LayerRow, Tally},
    },
};
use strata_catalog::Catalog;
use strata_domain::{layer::Layer, severity::Severity, text::Text};

use crate::{
    derive::{Derived, attention::Attention, layers::LayerState},
    fleet::{cluster::Cluster, trends::Trends},
};

#[cfg(test)]
mod tests;
mod tiles;

pub(super) use tiles::{OPERATING_SYSTEM, operating_system};

/// The rows of the stack. `namespaces` narrows applications, and the attention to what lies in a
/// namespace; empty for all.
pub fn rows(
    cluster: &Cluster,
    derived: &Derived,
    catalog: &Catalog,
    namespaces: &[String],
    trends: &Trends,
) -> Vec<KeyedRow> {
    let wanted: BTreeSet<&str> = namespaces.iter().map(String::as_str).collect();
    let attention: Vec<&Attention> = derived
        .attention
        .iter()
        .filter(|line| is_wanted(&wanted, line.namespace.as_deref()))
        .collect();
    let tiles = tiles::tiles(cluster, derived, catalog, &wanted);
    let mut rows: Vec<KeyedRow> = Vec::with_capacity(derived.layers.len() + tiles.len());
    for state in &derived.layers {
        let of_layer = |tile: &&strata_api::rows::stack::TileRow| tile.layer == state.layer.into();
        let severities = tiles.iter().filter(of_layer).map(|tile| tile.severity);
        rows.push(KeyedRow {
            id: format!("layer:{}", state.layer.as_str()),
            row: Row::Layer(layer(state, severities, &attention, trends)),
        });
    }
    let mut seen = HashSet::new();
    for tile in tiles {
        let mut id = format!("tile:{}", tile.subject);
        // Two kinds of one name in different groups are rare, but an id is never said twice.
        while !seen.insert(id.clone()) {
            id.push('+');
        }
        rows.push(KeyedRow {
            id,
            row: Row::Tile(tile),
        });
    }
    rows.extend(gpu_nodes(derived));
    rows.extend(attention.into_iter().map(|line| KeyedRow {
        id: format!("attention:{}", line.id),
        row: Row::Attention(attention_row(line)),
    }));
    rows
}

fn is_wanted(wanted: &BTreeSet<&str>, namespace: Option<&str>) -> bool {
    wanted.is_empty() || namespace.is_none_or(|namespace| wanted.contains(namespace))
}

fn layer(
    state: &LayerState,
    severities: impl Iterator<Item = strata_api::rows::Severity>,
    attention: &[&Attention],
    trends: &Trends,
) -> LayerRow {
    let mut tally = Tally::default();
    let mut worst = strata_api::rows::Severity::Ok;
    let mut tiles = 0;
    for severity in severities {
        use strata_api::rows::Severity as Row;
        let count = match severity {
            Row::Ok => &mut tally.ok,
            Row::Paused => &mut tally.paused,
            Row::Unknown => &mut tally.unknown,
            Row::Notice => &mut tally.notice,
            Row::Warning => &mut tally.warning,
            Row::Critical => &mut tally.critical,
        };
        *count += 1;
        tiles += 1;
        // One tile that is stopped or cannot be told says nothing about the layer.
        if severity >= Row::Notice {
            worst = worst.max(severity);
        }
    }
    let said = attention.iter().filter(|line| line.layer == state.layer);
    let worst = said.map(|line| line.severity.into()).fold(worst, Ord::max);
    let is_untold = tiles > 0 && tally.unknown == tiles;
    LayerRow {
        layer: state.layer.into(),
        severity: if is_untold {
            Severity::Unknown.into()
        } else {
            worst
        },
        tally,
        counts: state.counts.clone(),
        headline: state.headline.clone(),
        trend: trends.of(state.layer),
        trend_step_seconds: Trends::STEP_SECONDS,
        forbidden: state.forbidden.clone(),
        namespaces: state.namespaces.iter().map(Text::to_string).collect(),
        loading: state.is_loading,
    }
}

/// One row for each node with accelerators, by zone, rack and name.
fn gpu_nodes(derived: &Derived) -> Vec<KeyedRow> {
    let mut nodes: Vec<_> = derived
        .accelerators
        .nodes()
        .filter_map(|(name, known)| Some((name, known, derived.nodes.get(name)?)))
        .collect();
    nodes.sort_by_key(|(name, _, state)| (&state.zone, &state.rack, *name));
    let row = |(name, known, state): (
        _,
        &crate::derive::accelerators::NodeAccelerators,
        &crate::derive::nodes::NodeState,
    )| {
        let name: &Text = name;
        KeyedRow {
            id: format!("gpus:{name}"),
            row: Row::GpuNode(GpuNodeRow {
                node: name.to_string(),
                rack: state.rack.to_string(),
                zone: state.zone.to_string(),
                model: if known.is_model_told {
                    known.model.to_string()
                } else {
                    String::new()
                },
                total: known.total,
                allocated: known.allocated,
                unhealthy: known.unhealthy,
                shared: known.shared,
                unknown: !state.is_ready,
                severity: state.severity.into(),
            }),
        }
    };
    nodes.into_iter().map(row).collect()
}

fn attention_row(line: &Attention) -> AttentionRow {
    AttentionRow {
        severity: line.severity.into(),
        title: line.title.clone(),
        reason: line.reason.clone(),
        action: line.action.clone(),
        command: line.command.clone(),
        layer: line.layer.into(),
        subject: line.subject.clone(),
        since: line.since.map(|since| since.to_string()),
    }
}

/// The layers whose tiles are components of the catalogue.
const COMPONENT_LAYERS: [Layer; 3] = [Layer::Lifecycle, Layer::Platform, Layer::Infrastructure];
