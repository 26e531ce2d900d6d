//! From a book to rows.

use jiff::Timestamp;
use strata_api::{
    explanation::ReasonCode,
    frames::KeyedRow,
    phrases::{Phrase, PhraseCode},
    rows::{
        Row,
        log::{
            LogErrorRow, LogLevel, LogLineRow, LogSourceRow, LogSourceState, LogSummaryRow, LogText,
        },
    },
    topics::Window,
};
use strata_domain::pod::ContainerEnd;
use tokio::time::Instant;

use super::{
    book::{Book, Query, Reading, Source, writer},
    errors, exits, styles,
};
use crate::project::Rows;

/// The lines of a window.
pub(super) fn lines(
    book: &mut Book,
    query: &Query,
    window: Window,
    from_end: bool,
    moment: Instant,
) -> Rows {
    let first = book.first_error().map(|error| error.id);
    let unfiltered = count(book.len());
    let (lines, total) = book.window(query, window, from_end, moment);
    let window = lines
        .into_iter()
        .map(|line| {
            let pieces = styles::pieces(&line.text);
            let level = if first == Some(line.id) {
                LogLevel::First
            } else {
                errors::level(&styles::plain(&line.text))
            };
            KeyedRow {
                id: line.id.to_string(),
                row: Row::LogLine(LogLineRow {
                    at: line.at.to_string(),
                    source: line.source,
                    level,
                    pieces,
                    mark: line.mark.as_deref().cloned(),
                }),
            }
        })
        .collect();
    Rows {
        total: count(total),
        unfiltered,
        window,
    }
}

/// Where the lines come from, and the first error.
pub(super) fn summary(book: &mut Book, now: Timestamp) -> Rows {
    book.settle();
    let summary = LogSummaryRow {
        sources: book.sources.iter().map(source).collect(),
        more: count(book.more),
        lines: count(book.len()),
        dropped: u32::try_from(book.dropped()).unwrap_or(u32::MAX),
        first_error: first_error(book, now),
    };
    Rows::all(vec![KeyedRow {
        id: "summary".to_owned(),
        row: Row::LogSummary(summary),
    }])
}

/// Every line that `query` asks for, as a text.
pub(super) fn text(book: &mut Book, query: &Query) -> LogText {
    use std::fmt::Write as _;
    let writers: Vec<String> = book
        .sources
        .iter()
        .map(|source| writer(&source.spec.pod, &source.spec.container))
        .collect();
    let (mut text, mut lines) = (String::new(), 0);
    for line in book.all(query) {
        let writer = writers.get(line.source as usize).map_or("", String::as_str);
        // Writing to a string cannot fail.
        writeln!(text, "{} {writer} {}", line.at, styles::plain(&line.text)).unwrap_or_default();
        lines += 1;
    }
    LogText { text, lines }
}

fn source(source: &Source) -> LogSourceRow {
    let spec = &source.spec;
    LogSourceRow {
        pod: spec.pod.name.to_string(),
        container: spec.container.clone(),
        rank: spec.rank.clone(),
        state: match &source.reading {
            Reading::Waiting => LogSourceState::Waiting,
            Reading::Loading => LogSourceState::Loading,
            Reading::Following => LogSourceState::Following,
            Reading::Ended(_) => LogSourceState::Ended,
            Reading::Failed {
                message,
                is_forbidden,
                ..
            } => LogSourceState::Failed {
                message: message.clone(),
                is_forbidden: *is_forbidden,
            },
        },
        severity: spec.severity.into(),
        said: spec.said.clone(),
        lines: source.lines,
        restarts: spec.restarts,
    }
}

/// The first error: what a line tells of, or how a container ended where that tells more.
fn first_error(book: &Book, now: Timestamp) -> Option<LogErrorRow> {
    let by_line = book.first_error().map(|error| LogErrorRow {
        code: error.code,
        sentence: sentence(error.code, source_name(book, error.source)),
        line: error.line.to_string(),
        source: error.source,
        at: error.at.to_string(),
        position: book.place_of(error.at, error.id).map(count),
        others: count(error.told_by.len().saturating_sub(1)),
    });
    let by_end = book
        .sources
        .iter()
        .zip(0_u32..)
        .filter_map(|(source, number)| Some((end_error(source, number, now)?, number)))
        .map(|(error, _)| error)
        .min_by(|left, right| rank(left).cmp(&rank(right)));
    match (by_line, by_end) {
        (Some(line), Some(end)) if errors::weight(end.code) > errors::weight(line.code) => {
            Some(end)
        }
        (Some(line), _) => Some(line),
        (None, end) => end,
    }
}

fn rank(error: &LogErrorRow) -> (std::cmp::Reverse<u8>, &str) {
    (std::cmp::Reverse(errors::weight(error.code)), &error.at)
}

/// What the end of a container, or that it cannot begin, tells.
fn end_error(source: &Source, number: u32, now: Timestamp) -> Option<LogErrorRow> {
    let error = |code, sentence, line: &str, at: Option<Timestamp>| LogErrorRow {
        code,
        sentence,
        line: line.to_owned(),
        source: number,
        at: at.unwrap_or(now).to_string(),
        position: None,
        others: 0,
    };
    if let Some(fault) = &source.spec.image_fault {
        return Some(error(ReasonCode::ImagePull, fault.clone(), "", None));
    }
    let end: &ContainerEnd = source.spec.end.as_ref()?;
    let code = if end.reason == "OOMKilled" {
        ReasonCode::OutOfMemory
    } else {
        ReasonCode::Crash
    };
    let line = source
        .telling
        .as_ref()
        .filter(|_| code == ReasonCode::Crash)
        .map_or("", |(_, line)| line);
    Some(error(
        code,
        exits::explain(end.exit_code, &end.reason),
        line,
        end.at,
    ))
}

fn source_name(book: &Book, number: u32) -> String {
    let source = book.sources.get(number as usize);
    source.map_or_else(String::new, |source| {
        let spec = &source.spec;
        if spec.rank.is_empty() {
            spec.pod.name.to_string()
        } else {
            spec.rank.clone()
        }
    })
}

fn sentence(code: ReasonCode, name: String) -> Phrase {
    let phrase = match code {
        ReasonCode::CudaOutOfMemory => PhraseCode::LogCudaOutOfMemory,
        ReasonCode::GpuError => PhraseCode::LogGpuError,
        ReasonCode::DnsFailure => PhraseCode::LogDns,
        ReasonCode::NcclError => PhraseCode::LogNccl,
        _ => PhraseCode::LogPython,
    };
    Phrase::new(phrase).with("name", name)
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
