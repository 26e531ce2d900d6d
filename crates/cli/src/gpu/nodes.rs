//! One line a node: what it has, gives out and was asked for, what that does, what is left and why that
//! is stranded.

use serde_json::{Value, json};
use strata_api::{
    phrases::Phrase,
    rows::{
        Row,
        gpu::{GpuMapRow, GpuNodeCapacityRow},
    },
    topics::{GpuNodeColumn, GpuNodeSort, Topic},
};

use super::{added_up, counted, with_reason};
use crate::{session::Session, table::fitted};

/// The nodes that have GPUs, by name.
pub(super) struct Nodes {
    pub(super) head: GpuMapRow,
    pub(super) nodes: Vec<GpuNodeCapacityRow>,
}

impl Nodes {
    pub(super) async fn read(
        session: &Session,
        cluster: &str,
        head: GpuMapRow,
    ) -> anyhow::Result<Self> {
        let topic = |window| Topic::GpuNodes {
            cluster: cluster.to_owned(),
            sort: GpuNodeSort {
                by: GpuNodeColumn::Node,
                descending: false,
            },
            window,
        };
        let node = |row: &Row| match row {
            Row::GpuNodeCapacity(row) => Some(row.clone()),
            _ => None,
        };
        let nodes = session.all(topic, node).await?;
        Ok(Self { head, nodes })
    }

    pub(super) fn json(&self, cluster: &str) -> Value {
        let node = |row: &GpuNodeCapacityRow| {
            let mut value = with_reason(json!(row), row.reason.as_ref());
            if let Some(object) = value.as_object_mut() {
                object.insert("used".to_owned(), json!(used(row)));
                if row.shared {
                    // Nothing of it is free or taken as a whole.
                    object.insert("free".to_owned(), Value::Null);
                    object.insert("stranded".to_owned(), Value::Null);
                }
            }
            value
        };
        json!({
            "cluster": cluster,
            "at": self.head.at,
            "nodes": self.nodes.iter().map(node).collect::<Vec<_>>(),
        })
    }

    pub(super) fn text(&self, room: Option<usize>) -> String {
        let sum = |pick: fn(&GpuNodeCapacityRow) -> u32| self.nodes.iter().map(pick).sum::<u32>();
        let count = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let mut text = format!(
            "{} · {} · {} allocatable · {} requested · {} free, {} of them stranded\n",
            counted(count, "node"),
            counted(sum(|row| row.capacity), "GPU"),
            sum(|row| row.allocatable),
            sum(|row| row.requested),
            sum(|row| row.free),
            sum(|row| row.stranded),
        );
        if !self.nodes.is_empty() {
            let mut lines = vec![HEAD.map(str::to_owned).to_vec()];
            lines.extend(self.nodes.iter().map(line));
            text.push('\n');
            text.push_str(&fitted(&lines, &LESSER, room));
        }
        text
    }
}

const HEAD: [&str; 9] = [
    "NODE",
    "MODEL",
    "CAPACITY",
    "ALLOCATABLE",
    "REQUESTED",
    "USED",
    "FREE",
    "STRANDED",
    "WHY",
];

/// What a narrow terminal shows the last.
const LESSER: [&str; 3] = ["MODEL", "ALLOCATABLE", "USED"];

fn line(row: &GpuNodeCapacityRow) -> Vec<String> {
    let whole = |count: u32| {
        if row.shared {
            "-".to_owned()
        } else {
            count.to_string()
        }
    };
    let mut why = Vec::new();
    if row.shared {
        why.push("several pods use one device at once".to_owned());
    }
    if row.not_measured > 0 {
        why.push(format!("{} held and not measured", row.not_measured));
    }
    why.extend(row.reason.as_ref().map(Phrase::english));
    vec![
        row.node.clone(),
        row.model.clone(),
        row.capacity.to_string(),
        row.allocatable.to_string(),
        row.requested.to_string(),
        added_up(used(row)),
        whole(row.free),
        whole(row.stranded),
        why.join(" · "),
    ]
}

/// What its held devices do, where that is known of one of them.
fn used(row: &GpuNodeCapacityRow) -> Option<f64> {
    row.used_figure.map(|_| row.used)
}

#[cfg(test)]
mod tests {
    use strata_api::rows::gpu::Figure;

    use super::*;

    fn row(node: &str) -> GpuNodeCapacityRow {
        GpuNodeCapacityRow {
            node: node.to_owned(),
            model: "H100 80GB HBM3".to_owned(),
            capacity: 8,
            allocatable: 7,
            requested: 4,
            used: 0.0,
            used_figure: None,
            not_measured: 4,
            free: 3,
            stranded: 0,
            reason: None,
            shared: false,
        }
    }

    #[test]
    fn what_is_not_measured_is_no_zero_in_a_line() {
        let unknown = line(&row("n1"));
        assert_eq!(unknown.get(5).map(String::as_str), Some("-"));
        let mut measured = row("n1");
        measured.used_figure = Some(Figure::SmActive);
        measured.not_measured = 0;
        assert_eq!(line(&measured).get(5).map(String::as_str), Some("0.0"));
    }

    #[test]
    fn of_a_shared_node_nothing_is_called_free() {
        let mut shared = row("n1");
        shared.shared = true;
        shared.free = 0;
        let line = line(&shared);
        assert_eq!(line.get(6).map(String::as_str), Some("-"));
        assert!(line.last().is_some_and(|why| why.contains("at once")));
    }
}
