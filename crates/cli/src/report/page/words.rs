//! Numbers, times and names as they stand in the page; what comes from a cluster is text.

use strata_charts::{gpu_time, grouped};

/// A time of GPUs of which `measured` is known.
pub(super) fn measured(measured: f64, value: f64) -> String {
    if measured > 0.0 {
        gpu_time(value)
    } else {
        "not measured".to_owned()
    }
}

/// A time of so many hours, as people say it.
pub(super) fn lasting(hours: f64) -> String {
    if hours * 60.0 < 1.0 {
        format!("{:.0} s", hours * 3_600.0)
    } else if hours < 1.0 {
        format!("{:.0} min", hours * 60.0)
    } else if hours < 72.0 {
        format!("{} h", grouped(hours, 1))
    } else {
        format!("{} days", grouped(hours / 24.0, 1))
    }
}

pub(super) fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 {
        format!("{:.0} %", part / whole * 100.0)
    } else {
        "unknown".to_owned()
    }
}

pub(super) fn name(name: &str) -> String {
    if name.is_empty() {
        "<span class=\"quiet\">not named</span>".to_owned()
    } else if name == "*" {
        "<span class=\"quiet\">several at once</span>".to_owned()
    } else {
        escape(name)
    }
}

/// `text` (RFC 3339) as people write a time.
pub(super) fn moment(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => at.strftime("%-d %b %H:%M").to_string(),
        Err(_) => escape(text),
    }
}

/// `text` as HTML shows it as it is; what cannot be seen as a mark that can.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => escaped.push('\u{fffd}'),
            one if one.is_control() => escaped.push('\u{fffd}'),
            one => escaped.push(one),
        }
    }
    escaped
}
