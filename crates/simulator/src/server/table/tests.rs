//! Against rows that a real kube-apiserver 1.36.3 answered.

use serde::Deserialize;
use serde_json::Value;
use strata_domain::ids::GroupKind;

use super::*;

#[derive(Deserialize)]
struct Recorded {
    group: String,
    now: Timestamp,
    row: Row,
}

#[derive(Deserialize)]
struct Row {
    cells: Vec<Value>,
    object: Value,
}

#[test]
fn cells_are_those_of_a_real_server() {
    let recorded: Vec<Recorded> = serde_json::from_str(include_str!(
        "../../../tests/fixtures/kube-apiserver/tables.json"
    ))
    .unwrap();
    for Recorded { group, now, row } in recorded {
        let kind = GroupKind::new(group.as_str(), json::text(&row.object, "/kind"));
        let cells = built_in(&kind, &row.object, now);
        assert_eq!(cells, row.cells, "{kind:?}");
        // The real server gives an address one cell more than it has columns.
        if kind.kind != "IPAddress" {
            let columns = columns::of(&kind).definitions();
            assert_eq!(columns.as_array().unwrap().len(), cells.len(), "{kind:?}");
        }
    }
}
