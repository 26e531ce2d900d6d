use strata_api::{
    frames::KeyedRow,
    rows::{Severity, pod::NamespaceRow},
};

use super::*;

fn rows(names: &[(&str, u32)]) -> Rows {
    let row = |(name, pods): &(&str, u32)| KeyedRow {
        id: (*name).to_owned(),
        row: Row::Namespace(NamespaceRow {
            name: (*name).to_owned(),
            pods: *pods,
            severity: Severity::Ok,
        }),
    };
    Rows::all(names.iter().map(row).collect())
}

fn ids(rows: &[KeyedRow]) -> Vec<&str> {
    rows.iter().map(|keyed| keyed.id.as_str()).collect()
}

#[test]
fn the_first_frame_has_everything() {
    let (_, body) = Sent::first(rows(&[("a", 1), ("b", 2)]));
    assert_eq!(
        body.order.as_deref(),
        Some(["a".to_owned(), "b".to_owned()].as_slice())
    );
    assert_eq!(ids(&body.upsert), ["a", "b"]);
}

#[test]
fn nothing_new_is_not_sent() {
    let (mut sent, _) = Sent::first(rows(&[("a", 1)]));
    assert_eq!(sent.advance(rows(&[("a", 1)])), None);
}

#[test]
fn a_changed_row_is_sent_without_the_order() {
    let (mut sent, _) = Sent::first(rows(&[("a", 1), ("b", 2)]));
    let body = sent.advance(rows(&[("a", 1), ("b", 3)])).unwrap();
    assert_eq!(ids(&body.upsert), ["b"]);
    assert_eq!((body.order, body.drop.len()), (None, 0));
}

#[test]
fn a_row_that_leaves_is_dropped_and_sent_again_when_it_returns() {
    let (mut sent, _) = Sent::first(rows(&[("a", 1), ("b", 2)]));
    let body = sent.advance(rows(&[("b", 2)])).unwrap();
    assert_eq!((body.drop, body.total), (vec!["a".to_owned()], 1));
    assert!(body.upsert.is_empty());
    let body = sent.advance(rows(&[("b", 2), ("a", 1)])).unwrap();
    assert_eq!(ids(&body.upsert), ["a"]);
}

#[test]
fn a_total_that_changes_outside_the_window_is_told() {
    let (mut sent, _) = Sent::first(rows(&[("a", 1)]));
    let body = sent
        .advance(Rows {
            total: 9,
            ..rows(&[("a", 1)])
        })
        .unwrap();
    assert_eq!((body.total, body.order, body.upsert.len()), (9, None, 0));
}
