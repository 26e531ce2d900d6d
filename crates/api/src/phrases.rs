//! Sentences that the engine says, as a code with values, so that each shell says them in the
//! user's language. The words of both languages stand in [`table`], once, for every shell.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod table;
#[cfg(test)]
mod tests;

pub use strata_domain::tongue::Tongue;
pub use table::PhraseCode;

/// A sentence or a few words: which, and what to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Phrase {
    /// Which words.
    pub code: PhraseCode,
    /// What to fill in, by the placeholder's name.
    pub values: BTreeMap<String, PhraseValue>,
}

/// What fills a placeholder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhraseValue {
    /// A number without a unit, grouped by thousands when it is said.
    Number(f64),
    /// A name or a message, said as it is; never markup.
    Text(String),
    /// A time span in seconds, said as `47 min` or `3 h 12`.
    Seconds(f64),
    /// An amount of memory in bytes, said as `80 GiB`.
    Bytes(f64),
}

impl From<&str> for PhraseValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for PhraseValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<u32> for PhraseValue {
    fn from(value: u32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl From<u64> for PhraseValue {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of objects are far below 2^53"
    )]
    fn from(value: u64) -> Self {
        Self::Number(value as f64)
    }
}

impl From<usize> for PhraseValue {
    fn from(value: usize) -> Self {
        Self::from(value as u64)
    }
}

impl Phrase {
    /// The words `code`, nothing filled in yet.
    pub fn new(code: PhraseCode) -> Self {
        Self {
            code,
            values: BTreeMap::new(),
        }
    }

    /// The same words with `name` filled in.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<PhraseValue>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// The sentence in English.
    pub fn english(&self) -> String {
        self.say(Tongue::English)
    }

    /// The sentence in `tongue`. A placeholder without a value is said as its name in braces, so
    /// that a fault shows.
    ///
    /// Templates know two forms: `{name}` is the value, `{name?one:other}` is `one` where the value
    /// is the number 1 and `other` elsewhere.
    pub fn say(&self, tongue: Tongue) -> String {
        let template = self.code.template(tongue);
        let mut said = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((slot, after)) = after.split_once('}') else {
                said.push('{');
                rest = after;
                continue;
            };
            self.fill(slot, tongue, &mut said);
            rest = after;
        }
        said.push_str(rest);
        said
    }

    fn fill(&self, slot: &str, tongue: Tongue, said: &mut String) {
        let (name, forms) = slot
            .split_once('?')
            .map_or((slot, None), |(name, forms)| (name, forms.split_once(':')));
        match (self.values.get(name), forms) {
            (Some(PhraseValue::Number(number)), Some((one, other))) => {
                said.push_str(if (*number - 1.0).abs() < f64::EPSILON {
                    one
                } else {
                    other
                });
            }
            (Some(PhraseValue::Seconds(seconds)), None) => said.push_str(&span(*seconds, tongue)),
            (Some(value), None) => said.push_str(&value.to_string()),
            _ => {
                said.push('{');
                said.push_str(name);
                said.push('}');
            }
        }
    }
}

impl std::fmt::Display for PhraseValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => formatter.write_str(&grouped(*number)),
            Self::Text(text) => formatter.write_str(text),
            Self::Seconds(seconds) => formatter.write_str(&span(*seconds, Tongue::English)),
            Self::Bytes(bytes) => formatter.write_str(&memory(*bytes)),
        }
    }
}

/// `1024` as `1,024`; fractions keep at most one digit.
fn grouped(number: f64) -> String {
    let plain = if number.fract().abs() < 0.05 {
        format!("{number:.0}")
    } else {
        format!("{number:.1}")
    };
    let (whole, fraction) = plain
        .split_once('.')
        .map_or((plain.as_str(), ""), |parts| parts);
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("-", digits));
    let mut said = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            said.push(',');
        }
        said.push(digit);
    }
    if !fraction.is_empty() {
        said.push('.');
        said.push_str(fraction);
    }
    said
}

/// Seconds as `40 s`, `47 min`, `3 h 12`, `5 d`, with the unit in `tongue`.
fn span(seconds: f64, tongue: Tongue) -> String {
    let hour = tongue.of("h", "小时");
    let seconds = seconds.max(0.0);
    if seconds < 60.0 {
        return format!("{seconds:.0} {}", tongue.of("s", "秒"));
    }
    let minutes = (seconds / 60.0).floor();
    if minutes < 60.0 {
        return format!("{minutes:.0} {}", tongue.of("min", "分"));
    }
    let hours = (minutes / 60.0).floor();
    if hours < 48.0 {
        let rest = minutes - hours * 60.0;
        return if rest < 1.0 {
            format!("{hours:.0} {hour}")
        } else {
            format!("{hours:.0} {hour} {rest:02.0}")
        };
    }
    format!("{:.0} {}", (hours / 24.0).floor(), tongue.of("d", "天"))
}

/// Bytes with a binary unit: `80 GiB`.
fn memory(bytes: f64) -> String {
    let mut value = bytes;
    for unit in ["B", "KiB", "MiB", "GiB", "TiB"] {
        if value.abs() < 1024.0 || unit == "TiB" {
            let digits = usize::from(value.abs() < 10.0 && unit != "B");
            return format!("{value:.digits$} {unit}");
        }
        value /= 1024.0;
    }
    format!("{bytes:.0} B")
}
