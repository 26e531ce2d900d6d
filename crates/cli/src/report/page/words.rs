//! Numbers, times and names as they stand in the page; what comes from a cluster is text.

use strata_charts::{gpu_time, grouped};
use strata_domain::tongue::Tongue;

use super::said;

/// A time of GPUs of which `measured` is known.
pub(super) fn measured(measured: f64, value: f64, tongue: Tongue) -> String {
    if measured > 0.0 {
        gpu_time(value, tongue)
    } else {
        said::NOT_MEASURED.say(tongue).to_owned()
    }
}

/// A time of so many hours, as people say it.
pub(super) fn lasting(hours: f64, tongue: Tongue) -> String {
    let (unit, count) = if hours * 60.0 < 1.0 {
        (said::SECONDS, format!("{:.0}", hours * 3_600.0))
    } else if hours < 1.0 {
        (said::MINUTES, format!("{:.0}", hours * 60.0))
    } else if hours < 72.0 {
        (said::HOURS, grouped(hours, 1))
    } else {
        (said::DAYS, grouped(hours / 24.0, 1))
    };
    unit.with(tongue, &[("count", count.as_str())])
}

pub(super) fn percent(part: f64, whole: f64, tongue: Tongue) -> String {
    if whole > 0.0 {
        format!("{:.0} %", part / whole * 100.0)
    } else {
        said::UNKNOWN.say(tongue).to_owned()
    }
}

/// The name of a part; `*` is what several have at once.
pub(super) fn name(name: &str, tongue: Tongue) -> String {
    let ours = match name {
        "" => said::NOT_NAMED,
        "*" => said::SEVERAL,
        name => return escape(name),
    };
    format!("<span class=\"quiet\">{}</span>", ours.say(tongue))
}

/// `text` (RFC 3339) as people write a time.
pub(super) fn moment(text: &str, tongue: Tongue) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => {
            let form = tongue.of("%-d %b %H:%M", "%-m月%-d日 %H:%M");
            at.strftime(form).to_string()
        }
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
