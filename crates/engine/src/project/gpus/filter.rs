//! The filter of GPUs: words, states and comparisons, all of which must hold.
//!
//! `h100 idle mem>50` is every H100 that is held idle with more than half of its memory in use. A
//! comparison holds for no GPU of which the figure is not known; `sm`, `engine`, `util` and `aicore` are
//! figures of different definitions, `active` is the one by which each GPU is told. `on=n1:0-3,n2:5` are these very
//! GPUs: what was selected on the map.

use strata_domain::reading::Figure;

use crate::derive::gpus::{Gpu, GpuState};

/// A filter, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    State(GpuState),
    Held,
    Compare(Quantity, Comparison, f64),
    /// It is one of these: nodes, each with the first and the last number.
    On(Vec<(String, u32, u32)>),
    /// Any of its names contains this, in lower case.
    Word(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    /// How busy it is, by this definition; by its own where none is named.
    Activity(Option<Figure>),
    Memory,
    Power,
    Temperature,
    Xid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Filter {
    /// Reads `text`; what is no state and no comparison is a word. `and` is allowed and changes
    /// nothing.
    pub(super) fn read(text: &str) -> Self {
        let lower = text.to_lowercase();
        let terms = lower
            .split_whitespace()
            .filter(|word| *word != "and")
            .map(term)
            .collect();
        Self { terms }
    }

    /// Whether it lets `gpu` through.
    pub(super) fn lets(&self, gpu: &Gpu) -> bool {
        self.terms.iter().all(|term| term.holds(gpu))
    }
}

fn term(word: &str) -> Term {
    match word {
        "free" => return Term::State(GpuState::Free),
        "allocated" | "held" => return Term::Held,
        "idle" | "idle-held" => return Term::State(GpuState::IdleHeld),
        "unhealthy" | "faulty" => return Term::State(GpuState::Unhealthy),
        "unknown" => return Term::State(GpuState::Unknown),
        _ => {}
    }
    selection(word)
        .or_else(|| comparison(word))
        .unwrap_or_else(|| Term::Word(word.to_owned()))
}

fn selection(word: &str) -> Option<Term> {
    let places = word.strip_prefix("on=")?.split(',');
    let read = places.map(|place| {
        let (node, numbers) = place.rsplit_once(':')?;
        let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
        Some((node.to_owned(), first.parse().ok()?, last.parse().ok()?))
    });
    Some(Term::On(read.collect::<Option<_>>()?))
}

fn comparison(word: &str) -> Option<Term> {
    let at = word.find(['<', '>', '='])?;
    let (key, rest) = word.split_at(at);
    let quantity = match key {
        "sm" => Quantity::Activity(Some(Figure::SmActive)),
        "engine" => Quantity::Activity(Some(Figure::EngineActive)),
        "util" | "gpu" => Quantity::Activity(Some(Figure::Utilization)),
        "aicore" => Quantity::Activity(Some(Figure::AiCoreUtilization)),
        "active" | "activity" => Quantity::Activity(None),
        "mem" | "memory" => Quantity::Memory,
        "power" | "w" => Quantity::Power,
        "temp" | "temperature" => Quantity::Temperature,
        "xid" => Quantity::Xid,
        _ => return None,
    };
    let (comparison, number) = [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("<", Comparison::Less),
        (">", Comparison::More),
        ("=", Comparison::Equal),
    ]
    .into_iter()
    .find_map(|(sign, comparison)| Some((comparison, rest.strip_prefix(sign)?)))?;
    let number: f64 = number.trim_end_matches(['%', 'w', '°', 'c']).parse().ok()?;
    Some(Term::Compare(quantity, comparison, number))
}

impl Term {
    fn holds(&self, gpu: &Gpu) -> bool {
        match self {
            Self::State(state) => gpu.state == *state,
            Self::Held => gpu.is_held(),
            Self::On(places) => places.iter().any(|(node, first, last)| {
                (*first..=*last).contains(&gpu.index) && gpu.node.eq_ignore_ascii_case(node)
            }),
            Self::Compare(quantity, comparison, number) => {
                let value = match quantity {
                    Quantity::Activity(by) => gpu
                        .activity
                        .filter(|(figure, _)| by.is_none_or(|by| by == *figure))
                        .map(|(_, value)| value * 100.0),
                    Quantity::Memory => gpu.memory.map(|(used, total)| used / total * 100.0),
                    Quantity::Power => gpu.power,
                    Quantity::Temperature => gpu.temperature,
                    Quantity::Xid => gpu.xid.map(f64::from),
                };
                value.is_some_and(|value| match comparison {
                    Comparison::Less => value < *number,
                    Comparison::AtMost => value <= *number,
                    Comparison::Equal => (value - number).abs() < 0.5,
                    Comparison::AtLeast => value >= *number,
                    Comparison::More => value > *number,
                })
            }
            Self::Word(word) => {
                let has = |name: &str| name.to_lowercase().contains(word.as_str());
                has(&gpu.node)
                    || has(&gpu.model)
                    || has(&gpu.rack)
                    || has(&gpu.uuid)
                    || gpu.holders.iter().any(|holder| {
                        has(&holder.pod.namespace)
                            || has(&holder.pod.name)
                            || has(&holder.workload)
                            || has(&holder.queue)
                            || has(&holder.owner)
                    })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_states_and_words_are_told_apart() {
        let read = Filter::read("sm<5 and idle h100 mem>=80% xid=79 team=x");
        assert_eq!(
            read.terms,
            [
                Term::Compare(
                    Quantity::Activity(Some(Figure::SmActive)),
                    Comparison::Less,
                    5.0
                ),
                Term::State(GpuState::IdleHeld),
                Term::Word("h100".to_owned()),
                Term::Compare(Quantity::Memory, Comparison::AtLeast, 80.0),
                Term::Compare(Quantity::Xid, Comparison::Equal, 79.0),
                Term::Word("team=x".to_owned()),
            ]
        );
        assert_eq!(Filter::read("  "), Filter::default());
    }

    #[test]
    fn definitions_of_how_busy_a_gpu_is_are_told_apart() {
        for (word, by) in [
            ("sm<5", Some(Figure::SmActive)),
            ("engine<5", Some(Figure::EngineActive)),
            ("util<5", Some(Figure::Utilization)),
            ("aicore<5", Some(Figure::AiCoreUtilization)),
            ("active<5", None),
        ] {
            let read = Filter::read(word);
            let wanted = Term::Compare(Quantity::Activity(by), Comparison::Less, 5.0);
            assert_eq!(read.terms, [wanted], "{word}");
        }
    }

    #[test]
    fn a_selection_names_nodes_and_numbers_and_nonsense_is_a_word() {
        let read = Filter::read("on=gpu-1.Example:0-3,gpu-2:5");
        assert_eq!(
            read.terms,
            [Term::On(vec![
                ("gpu-1.example".to_owned(), 0, 3),
                ("gpu-2".to_owned(), 5, 5),
            ])]
        );
        assert_eq!(
            Filter::read("on=gpu-1").terms,
            [Term::Word("on=gpu-1".to_owned())]
        );
    }
}
