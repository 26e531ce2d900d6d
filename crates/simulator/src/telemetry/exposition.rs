//! What an exporter tells: families of series, each a function of time, and their text format.
//!
//! An exporter describes its families once; the page that a scrape gets and the samples that
//! Prometheus has are both read from that. Who asks says which families it wants, so that nothing
//! else is computed.

use std::{borrow::Cow, sync::Arc};

/// Labels in the order in which the exporter writes them.
pub(crate) type Labels = Vec<(Cow<'static, str>, String)>;

/// A value at a time, in seconds since the epoch; none where the series is not there.
pub(crate) type Reading = Arc<dyn Fn(f64) -> Option<f64> + Send + Sync>;

/// The type of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// How the exporter's language writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `strconv.FormatFloat(v, 'g', -1, 64)`: exporters in Go.
    Go,
    /// `floatToGoString` of `prometheus_client`: 1.0, 1.5e+07.
    Python,
    /// An integer.
    Whole,
    /// `%f`: six digits after the point.
    Fixed,
}

/// Series of one name.
pub(crate) struct Family {
    pub(crate) name: Cow<'static, str>,
    pub(crate) help: &'static str,
    pub(crate) kind: Kind,
    pub(crate) style: Style,
    pub(crate) series: Vec<Series>,
}

/// One series: its labels, and its value at any time.
#[derive(Clone)]
pub(crate) struct Series {
    /// What follows the family's name: `_bucket`, `_sum`, `_count` of a histogram.
    pub(crate) suffix: &'static str,
    pub(crate) labels: Labels,
    pub(crate) reading: Reading,
}

/// What is wanted of an exporter, and what it told.
pub(crate) struct Page<'a> {
    wants: &'a dyn Fn(&str) -> bool,
    scope: &'a [(String, String)],
    pub(crate) families: Vec<Family>,
}

impl<'a> Page<'a> {
    /// A page for everything.
    pub(crate) fn whole() -> Self {
        Self {
            wants: &|_| true,
            scope: &[],
            families: Vec::new(),
        }
    }

    /// A page for the families that `wants` says, of which only series are needed whose labels are
    /// as in `scope`.
    pub(crate) fn of(wants: &'a dyn Fn(&str) -> bool, scope: &'a [(String, String)]) -> Self {
        Self {
            wants,
            scope,
            families: Vec::new(),
        }
    }

    /// The only value of `label` that is wanted; others may be left out.
    pub(crate) fn only(&self, label: &str) -> Option<&'a str> {
        self.scope
            .iter()
            .find(|(name, _)| name == label)
            .map(|(_, value)| value.as_str())
    }

    /// Tells a family, if it is wanted.
    pub(crate) fn tell(
        &mut self,
        (kind, style): (Kind, Style),
        name: impl Into<Cow<'static, str>>,
        help: &'static str,
        series: impl FnOnce() -> Vec<Series>,
    ) {
        let name = name.into();
        if (self.wants)(&name) {
            let series = series();
            if !series.is_empty() {
                self.families.push(Family {
                    name,
                    help,
                    kind,
                    style,
                    series,
                });
            }
        }
    }

    /// The page as text, with the values at `time`. Series without one are left out, and so are
    /// families without series.
    pub(crate) fn text(&self, time: f64) -> String {
        let mut text = String::new();
        for family in &self.families {
            let mut is_begun = false;
            for series in &family.series {
                let Some(value) = (series.reading)(time) else {
                    continue;
                };
                if !is_begun {
                    family.write_header(&mut text);
                    is_begun = true;
                }
                text.push_str(&family.name);
                text.push_str(series.suffix);
                write_labels(&series.labels, &mut text);
                text.push(' ');
                text.push_str(&family.style.number(value));
                text.push('\n');
            }
        }
        text
    }
}

impl Family {
    fn write_header(&self, text: &mut String) {
        let kind = match self.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        text.push_str("# HELP ");
        text.push_str(&self.name);
        text.push(' ');
        text.push_str(self.help);
        text.push_str("\n# TYPE ");
        text.push_str(&self.name);
        text.push(' ');
        text.push_str(kind);
        text.push('\n');
    }
}

impl Series {
    /// A series of a plain family.
    pub(crate) fn new(
        labels: Labels,
        reading: impl Fn(f64) -> Option<f64> + Send + Sync + 'static,
    ) -> Self {
        Self {
            suffix: "",
            labels,
            reading: Arc::new(reading),
        }
    }

    /// A series that has `value` from `since` on.
    pub(crate) fn constant(labels: Labels, value: f64, since: f64) -> Self {
        Self::new(labels, move |time| (time >= since).then_some(value))
    }
}

impl Style {
    /// `value` as this style writes it.
    pub(crate) fn number(self, value: f64) -> String {
        if value.is_nan() {
            return "NaN".to_owned();
        }
        if value.is_infinite() {
            return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
        }
        match self {
            Self::Whole => format!("{value:.0}"),
            Self::Fixed => format!("{value:.6}"),
            Self::Go => {
                if value != 0.0 && !(-4..6).contains(&decimal_exponent(value)) {
                    scientific(value)
                } else {
                    format!("{value}")
                }
            }
            Self::Python => {
                if value >= 1e6 {
                    scientific(value)
                } else {
                    format!("{value:?}")
                }
            }
        }
    }
}

fn decimal_exponent(value: f64) -> i32 {
    let text = format!("{value:e}");
    text.split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0)
}

/// `1.5e+07`: a sign and at least two digits in the exponent.
fn scientific(value: f64) -> String {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// `{name="value",...}`; nothing without labels.
fn write_labels(labels: &Labels, text: &mut String) {
    if labels.is_empty() {
        return;
    }
    text.push('{');
    for (at, (name, value)) in labels.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(name);
        text.push_str("=\"");
        text.push_str(&escaped(value));
        text.push('"');
    }
    text.push('}');
}

fn escaped(value: &str) -> Cow<'_, str> {
    if value.contains(['\\', '"', '\n']) {
        value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
            .into()
    } else {
        value.into()
    }
}

/// Labels from pairs.
pub(crate) fn labels<const N: usize>(pairs: [(&'static str, &str); N]) -> Labels {
    pairs
        .into_iter()
        .map(|(name, value)| (Cow::Borrowed(name), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_exporters_do() {
        assert_eq!(Style::Go.number(1_764_242_910.0), "1.76424291e+09");
        assert_eq!(Style::Go.number(123_456.0), "123456");
        assert_eq!(Style::Go.number(0.25), "0.25");
        assert_eq!(Style::Go.number(0.0), "0");
        assert_eq!(Style::Python.number(3.0), "3.0");
        assert_eq!(Style::Python.number(15_000_000.0), "1.5e+07");
        assert_eq!(Style::Fixed.number(26.286), "26.286000");
        assert_eq!(Style::Whole.number(98.4), "98");
    }

    #[test]
    fn a_label_is_escaped_and_an_absent_series_left_out() {
        let mut page = Page::whole();
        page.tell((Kind::Gauge, Style::Go), "a", "Help.", || {
            vec![
                Series::constant(labels([("x", "1\"\\\n")]), 1.0, 0.0),
                Series::new(Vec::new(), |_| None),
            ]
        });
        assert_eq!(
            page.text(1.0),
            "# HELP a Help.\n# TYPE a gauge\na{x=\"1\\\"\\\\\\n\"} 1\n"
        );
    }
}
