//! The columns of the built-in kinds, as a real server has them (see the README beside them).

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

/// The columns of one kind.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct ColumnTexts(Vec<Column>);

/// Name, type, format, priority, and which description.
#[derive(Debug, Deserialize)]
struct Column(String, String, String, i64, usize);

#[derive(Deserialize)]
struct Document {
    descriptions: Vec<String>,
    /// By `GROUP/KIND`.
    kinds: HashMap<String, ColumnTexts>,
}

#[expect(
    clippy::expect_used,
    reason = "an embedded document, which a test reads"
)]
static RECORDED: LazyLock<Document> = LazyLock::new(|| {
    serde_json::from_str(include_str!("columns.json")).expect("the embedded columns parse")
});

/// The columns of `kind`; those of any kind without a printer where it has none of its own.
pub(super) fn of(kind: &GroupKind) -> &'static ColumnTexts {
    static NO_COLUMNS: ColumnTexts = ColumnTexts(Vec::new());
    let key = format!("{}/{}", kind.group, kind.kind);
    let kinds = &RECORDED.kinds;
    kinds
        .get(&key)
        .or_else(|| kinds.get("/LimitRange"))
        .unwrap_or(&NO_COLUMNS)
}

/// The description of the field that the column `name` of any kind is about.
pub(super) fn description(name: &str) -> &'static str {
    let of_any = RECORDED.kinds.get("/ConfigMap");
    of_any
        .and_then(|texts| texts.0.iter().find(|column| column.0 == name))
        .map_or("", ColumnTexts::described)
}

impl ColumnTexts {
    fn described(column: &Column) -> &'static str {
        RECORDED
            .descriptions
            .get(column.4)
            .map_or("", String::as_str)
    }

    pub(super) fn definitions(&self) -> Value {
        self.0
            .iter()
            .map(|column| {
                json!({
                    "name": column.0,
                    "type": column.1,
                    "format": column.2,
                    "description": Self::described(column),
                    "priority": column.3,
                })
            })
            .collect()
    }
}
