use proptest::prelude::*;
use strata_api::topics::Window;
use strata_test_support::clock::time;
use tokio::time::Duration;

use super::*;

fn book(sources: u32) -> Book {
    Book {
        sources: (0..sources)
            .map(|number| {
                Source::new(Spec {
                    pod: ObjectKey::new("team", format!("train-{number}").as_str()),
                    ..Spec::default()
                })
            })
            .collect(),
        ..Book::default()
    }
}

fn line(second: u32, text: &str) -> LogLine {
    LogLine {
        at: Some(time("2026-03-01T12:00:00Z") + Duration::from_secs(second.into())),
        text: text.to_owned(),
    }
}

fn now() -> Timestamp {
    time("2026-03-01T13:00:00Z")
}

const ALL: Window = Window {
    first: 0,
    count: Window::MOST,
};

fn shown(book: &mut Book, query: &Query, window: Window, from_end: bool) -> Vec<String> {
    let (lines, _) = book.window(query, window, from_end, Instant::now());
    lines.iter().map(|line| line.text.to_string()).collect()
}

fn everything(book: &mut Book) -> Vec<String> {
    shown(book, &Query::default(), ALL, false)
}

#[test]
fn lines_of_several_pods_stand_in_the_order_of_their_times() {
    let mut book = book(2);
    book.take(0, vec![line(1, "a1"), line(4, "a4")], now());
    assert_eq!(everything(&mut book), ["a1", "a4"]);
    book.take(1, vec![line(0, "b0"), line(3, "b3"), line(9, "b9")], now());
    assert_eq!(everything(&mut book), ["b0", "a1", "b3", "a4", "b9"]);
}

#[test]
fn a_line_without_a_time_stands_behind_the_one_before_it() {
    let mut book = book(2);
    let untimed = LogLine {
        at: None,
        text: "  more of it".to_owned(),
    };
    book.take(0, vec![line(1, "begins"), untimed], now());
    book.take(1, vec![line(2, "other")], now());
    assert_eq!(everything(&mut book), ["begins", "  more of it", "other"]);
}

#[test]
fn a_window_from_the_end_shows_the_last_lines() {
    let mut book = book(1);
    book.take(
        0,
        (0..10).map(|at| line(at, &at.to_string())).collect(),
        now(),
    );
    let window = Window { first: 0, count: 3 };
    assert_eq!(
        shown(&mut book, &Query::default(), window, true),
        ["7", "8", "9"]
    );
    let window = Window { first: 2, count: 3 };
    assert_eq!(
        shown(&mut book, &Query::default(), window, true),
        ["5", "6", "7"]
    );
    assert_eq!(
        shown(&mut book, &Query::default(), window, false),
        ["2", "3", "4"]
    );
}

#[test]
fn a_filter_goes_on_where_it_stopped_and_minds_neither_case_nor_colour() {
    let mut book = book(2);
    let query = Query {
        filter: "loss".to_owned(),
        ..Query::default()
    };
    book.take(
        0,
        vec![line(1, "Lo\u{1b}[31mss\u{1b}[0m 3"), line(2, "step")],
        now(),
    );
    assert_eq!(shown(&mut book, &query, ALL, false).len(), 1);
    book.take(0, vec![line(5, "loss 1")], now());
    book.take(1, vec![line(3, "loss 2")], now());
    let found = shown(&mut book, &query, ALL, false);
    assert_eq!(found[1..], ["loss 2", "loss 1"]);
    let query = Query {
        pod: "train-1".to_owned(),
        ..query
    };
    assert_eq!(shown(&mut book, &query, ALL, false), ["loss 2"]);
}

#[test]
fn the_oldest_lines_are_dropped_where_there_are_too_many() {
    let mut book = book(1);
    let query = Query {
        filter: "e".to_owned(),
        ..Query::default()
    };
    let many = u32::try_from(MOST_LINES).unwrap();
    book.take(0, (0..many).map(|at| line(at, "line")).collect(), now());
    assert_eq!(
        book.window(&query, ALL, false, Instant::now()).1,
        MOST_LINES
    );
    book.take(0, (0..7).map(|at| line(many + at, "late")).collect(), now());
    assert_eq!(
        book.window(&query, ALL, false, Instant::now()).1,
        MOST_LINES
    );
    assert_eq!((book.len(), book.dropped()), (MOST_LINES, 7));
    assert_eq!(book.sources[0].lines, many);
}

#[test]
fn of_ranks_that_lost_each_other_the_one_that_died_of_something_else_comes_first() {
    let mut book = book(3);
    book.take(0, vec![line(5, "NCCL error: timeout")], now());
    book.take(
        1,
        vec![line(4, "torch.OutOfMemoryError: CUDA out of memory")],
        now(),
    );
    book.take(2, vec![line(3, "NCCL error: remote")], now());
    let first = book.first_error().unwrap();
    assert_eq!((first.code, first.source), (ReasonCode::CudaOutOfMemory, 1));
    let (at, id) = (first.at, first.id);
    book.settle();
    assert_eq!(book.place_of(at, id), Some(1));
}

#[test]
fn of_equal_errors_the_earliest_counts_and_the_others_are_counted() {
    let mut book = book(3);
    for source in [2, 0, 1] {
        book.take(
            source,
            vec![line(10 - source, "NCCL error: timeout")],
            now(),
        );
    }
    let first = book.first_error().unwrap();
    assert_eq!((first.source, first.told_by.len()), (2, 3));
}

proptest! {
    /// However lines come, they stand as if all had been there from the start.
    #[test]
    fn batches_in_any_order_make_the_same_book(
        batches in prop::collection::vec((0_u32..3, prop::collection::vec(0_u32..50, 0..6)), 0..12),
        filter in "[a-c]?",
    ) {
        let query = Query { filter, ..Query::default() };
        let mut merged = book(3);
        let mut all = Vec::new();
        for (source, seconds) in batches {
            let lines: Vec<LogLine> = seconds
                .iter()
                .map(|second| line(*second, ["a", "b", "c"][(second % 3) as usize]))
                .collect();
            all.extend(lines.iter().map(|line| (line.at, line.text.clone())));
            merged.take(source, lines, now());
            merged.window(&query, ALL, false, Instant::now());
        }
        all.sort_by_key(|(at, _)| *at);
        let wanted: Vec<String> = all
            .into_iter()
            .map(|(_, text)| text)
            .filter(|text| text.contains(&query.filter))
            .collect();
        prop_assert_eq!(shown(&mut merged, &query, ALL, false), wanted);
    }
}
