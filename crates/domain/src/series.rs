//! Series: what was measured of a thing over time, by name.

use std::borrow::Cow;

use crate::{reading::Figure, text::Text};

/// A series' name: what it is of, and what was measured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesName {
    /// What it is of.
    pub of: SeriesOf,
    /// What was measured.
    pub measure: Measure,
}

/// What a series is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeriesOf {
    /// A GPU, by its own name; `node/number` where it has none.
    Gpu(Text),
    /// Every GPU of a cluster.
    Cluster,
    /// The GPUs of a model.
    Model(Text),
    /// The GPUs that a namespace holds.
    Namespace(Text),
    /// The GPUs that a queue let in.
    Queue(Text),
    /// The GPUs that somebody answers for.
    Owner(Text),
    /// Of those that a part holds, the ones of a model: what they are worth differs.
    PartOfModel {
        /// By what it is a part.
        by: PartBy,
        /// The part's name.
        name: Text,
        /// The model.
        model: Text,
    },
}

/// By what GPUs that are held are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`SeriesOf` says it")]
pub enum PartBy {
    Namespace,
    Queue,
    Owner,
}

/// Stands between a part's name and a model, in neither of which it can be.
const BETWEEN: char = '\u{1f}';

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// A figure of a GPU, in the figure's unit.
    Of(Figure),
    /// GPUs in all.
    Total,
    /// GPUs that are held.
    Held,
    /// Of those held, the ones on which nothing runs though memory is held.
    IdleHeld,
    /// GPUs that may not be given out.
    Unhealthy,
    /// Of those held, the ones of which it is known how busy they are by the figure: what
    /// [`Measure::Used`] adds up.
    Measured(Figure),
    /// What held GPUs do, added up, by the figure: 0.4 is one that is busy at 40 %.
    Used(Figure),
}

impl SeriesOf {
    /// Its kind and name, as they are stored.
    pub fn code(&self) -> (&'static str, Cow<'_, str>) {
        let (kind, name) = match self {
            Self::Gpu(name) => ("gpu", name.as_str()),
            Self::Cluster => ("cluster", ""),
            Self::Model(name) => ("model", name.as_str()),
            Self::Namespace(name) => ("namespace", name.as_str()),
            Self::Queue(name) => ("queue", name.as_str()),
            Self::Owner(name) => ("owner", name.as_str()),
            Self::PartOfModel { by, name, model } => {
                let kind = match by {
                    PartBy::Namespace => "namespace_model",
                    PartBy::Queue => "queue_model",
                    PartBy::Owner => "owner_model",
                };
                return (kind, Cow::Owned(format!("{name}{BETWEEN}{model}")));
            }
        };
        (kind, Cow::Borrowed(name))
    }

    /// What [`SeriesOf::code`] stands for.
    pub fn of_code(kind: &str, name: &str) -> Option<Self> {
        let by = match kind {
            "namespace_model" => Some(PartBy::Namespace),
            "queue_model" => Some(PartBy::Queue),
            "owner_model" => Some(PartBy::Owner),
            _ => None,
        };
        if let Some(by) = by {
            let (name, model) = name.split_once(BETWEEN)?;
            let (name, model) = (Text::from(name), Text::from(model));
            return Some(Self::PartOfModel { by, name, model });
        }
        let name = Text::from(name);
        Some(match kind {
            "gpu" => Self::Gpu(name),
            "cluster" => Self::Cluster,
            "model" => Self::Model(name),
            "namespace" => Self::Namespace(name),
            "queue" => Self::Queue(name),
            "owner" => Self::Owner(name),
            _ => return None,
        })
    }
}

/// The figures that may stand in a [`Measure`], as they are stored. A released word is never changed.
const FIGURES: [(Figure, &str); 7] = [
    (Figure::SmActive, "sm_active"),
    (Figure::EngineActive, "engine_active"),
    (Figure::Utilization, "utilization"),
    (Figure::MemoryUsed, "memory_used"),
    (Figure::MemoryTotal, "memory_total"),
    (Figure::Temperature, "temperature"),
    (Figure::Power, "power"),
];

impl Measure {
    /// As it is stored; `None` for a figure that is not kept.
    pub fn code(self) -> Option<String> {
        let word = |figure| {
            let known = FIGURES.iter().find(|(known, _)| *known == figure);
            known.map(|(_, word)| *word)
        };
        Some(match self {
            Self::Of(figure) => word(figure)?.to_owned(),
            Self::Total => "total".to_owned(),
            Self::Held => "held".to_owned(),
            Self::IdleHeld => "idle_held".to_owned(),
            Self::Unhealthy => "unhealthy".to_owned(),
            Self::Measured(figure) => format!("measured:{}", word(figure)?),
            Self::Used(figure) => format!("used:{}", word(figure)?),
        })
    }

    /// What [`Measure::code`] stands for.
    pub fn of_code(code: &str) -> Option<Self> {
        let figure = |word: &str| {
            let known = FIGURES.iter().find(|(_, known)| *known == word);
            known.map(|(figure, _)| *figure)
        };
        Some(match code {
            "total" => Self::Total,
            "held" => Self::Held,
            "idle_held" => Self::IdleHeld,
            "unhealthy" => Self::Unhealthy,
            _ => match code.split_once(':') {
                None => Self::Of(figure(code)?),
                Some(("measured", word)) => Self::Measured(figure(word)?),
                Some(("used", word)) => Self::Used(figure(word)?),
                Some(_) => return None,
            },
        })
    }

    /// What is kept apart: a value is stored as a whole number of grains. Exporters print more digits
    /// than sensors are true by (NVML's power is good to 5 W); nobody reads more off a chart.
    pub fn grain(self) -> f64 {
        match self {
            Self::Of(Figure::SmActive | Figure::EngineActive | Figure::Utilization) => 0.001,
            Self::Of(Figure::MemoryUsed | Figure::MemoryTotal) => 1_048_576.0,
            Self::Of(Figure::Temperature) => 0.5,
            Self::Used(_) => 0.01,
            Self::Of(_)
            | Self::Total
            | Self::Held
            | Self::IdleHeld
            | Self::Unhealthy
            | Self::Measured(_) => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        let figures = FIGURES.map(|(figure, _)| Measure::Of(figure));
        let measures = figures.into_iter().chain([
            Measure::Total,
            Measure::Held,
            Measure::IdleHeld,
            Measure::Unhealthy,
            Measure::Measured(Figure::SmActive),
            Measure::Used(Figure::Utilization),
        ]);
        for measure in measures {
            let code = measure.code().unwrap();
            assert_eq!(Measure::of_code(&code), Some(measure), "{code}");
        }
        for of in [
            SeriesOf::Gpu(Text::from("GPU-1")),
            SeriesOf::Cluster,
            SeriesOf::Model(Text::from("H100")),
            SeriesOf::Namespace(Text::from("llm")),
            SeriesOf::Queue(Text::from("research")),
            SeriesOf::Owner(Text::from("ada")),
            SeriesOf::PartOfModel {
                by: PartBy::Owner,
                name: Text::default(),
                model: Text::from("H100 80GB HBM3"),
            },
        ] {
            let (kind, name) = of.code();
            assert_eq!(SeriesOf::of_code(kind, &name), Some(of.clone()));
        }
        assert_eq!(SeriesOf::of_code("owner_model", "ada"), None);
        assert_eq!(Measure::of_code("used:love"), None);
    }
}
