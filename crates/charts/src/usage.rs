//! Who held GPUs and what those did, as panels.

use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    reading::{Figure, Unit},
    tongue::{Tongue, Words},
};

use crate::{
    gpu_hours::gpu_time,
    sheet::{Bar, BarPanel, Ink, Line, Panel, TimePanel},
    words,
};

/// The most bars of a panel.
const MOST_BARS: usize = 12;

/// How many GPUs there were, how many of them were held, and what those did, one value a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage<'a> {
    /// When the first step begins.
    pub begins: Timestamp,
    /// How long a step is.
    pub step: SignedDuration,
    /// GPUs in all; `None` where nothing is known.
    pub total: &'a [Option<f64>],
    /// GPUs held.
    pub held: &'a [Option<f64>],
    /// What those did, added up.
    pub used: &'a [Option<f64>],
    /// By which definition; absent where nothing is measured.
    pub figure: Option<Figure>,
}

/// How long a part held GPUs, and what those did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldTime<'a> {
    /// Its name; empty for what has none, `*` for what several hold at once.
    pub name: &'a str,
    /// Hours of GPUs held.
    pub held: f64,
    /// Of these, those of which it is known what was done in them.
    pub measured: f64,
    /// What was done in those, added up.
    pub used: f64,
}

/// `usage` over time, so many pixels tall.
pub fn over_time(usage: Usage<'_>, height: u32, tongue: Tongue) -> Panel {
    let line = |name: Words, ink, values: &[Option<f64>], is_filled| Line {
        name: name.say(tongue).to_owned(),
        ink,
        values: values.to_vec(),
        range: None,
        is_filled,
    };
    let mut lines = vec![
        line(words::IN_ALL, Ink::Frame, usage.total, false),
        line(words::HELD, Ink::Quiet, usage.held, true),
    ];
    if usage.figure.is_some() {
        lines.push(line(words::USED, Ink::Main, usage.used, true));
    }
    Panel::Time(TimePanel {
        title: words::GPUS.say(tongue).to_owned(),
        note: definition(usage.figure, tongue),
        unit: Unit::Count,
        most: None,
        begins: usage.begins,
        step: usage.step,
        lines,
        height,
    })
}

/// By which definition GPUs are called used.
pub fn definition(figure: Option<Figure>, tongue: Tongue) -> String {
    match figure {
        Some(figure) => words::USED_BY.with(tongue, &[("figure", figure.name(tongue))]),
        None => words::NOTHING_MEASURED.say(tongue).to_owned(),
    }
}

/// How long each part held GPUs, and how much of that was used; the first of `parts`, as many as can be
/// told apart.
pub fn by_part<'a>(
    title: &str,
    parts: impl Iterator<Item = HeldTime<'a>>,
    tongue: Tongue,
) -> Panel {
    let bars = parts.filter(|part| part.held > 0.0).take(MOST_BARS);
    Panel::Bars(BarPanel {
        title: title.to_owned(),
        note: words::GPU_TIME.say(tongue).to_owned(),
        bars: bars.map(|part| bar(part, tongue)).collect(),
    })
}

fn bar(part: HeldTime<'_>, tongue: Tongue) -> Bar {
    let is_measured = part.measured > 0.0;
    let held = gpu_time(part.held, tongue);
    Bar {
        name: match part.name {
            "" => words::NOT_NAMED.say(tongue).to_owned(),
            "*" => words::SEVERAL.say(tongue).to_owned(),
            name => name.to_owned(),
        },
        whole: part.held,
        filled: is_measured.then_some(part.used),
        said: if is_measured {
            let used = gpu_time(part.used, tongue);
            words::USED_OF.with(tongue, &[("used", used.as_str()), ("held", held.as_str())])
        } else {
            words::HELD_UNMEASURED.with(tongue, &[("held", held.as_str())])
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_what_was_used_of_what_was_held_and_what_nobody_measured() {
        let held = |name, measured, used| HeldTime {
            name,
            held: 2.0,
            measured,
            used,
        };
        let parts = [held("llm", 2.0, 0.25), held("", 0.0, 0.0)];
        let Panel::Bars(panel) = by_part("By namespace", parts.into_iter(), Tongue::English) else {
            panic!("no bars");
        };
        let said: Vec<_> = panel
            .bars
            .iter()
            .map(|bar| (bar.name.as_str(), bar.filled, bar.said.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                ("llm", Some(0.25), "15 min of 2.0 h"),
                ("not named", None, "2.0 h, not measured"),
            ]
        );
    }
}
