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
    /// A machine, as a whole.
    Machine,
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

/// The kinds of what series are of: what is looked up of many is looked up by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`SeriesOf` says it")]
pub enum SeriesKind {
    Gpu,
    Machine,
    Cluster,
    Model,
    Namespace,
    Queue,
    Owner,
    PartOfModel(PartBy),
}

impl SeriesKind {
    /// As it is stored. A released word is never changed.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gpu => "gpu",
            Self::Machine => "machine",
            Self::Cluster => "cluster",
            Self::Model => "model",
            Self::Namespace => "namespace",
            Self::Queue => "queue",
            Self::Owner => "owner",
            Self::PartOfModel(PartBy::Namespace) => "namespace_model",
            Self::PartOfModel(PartBy::Queue) => "queue_model",
            Self::PartOfModel(PartBy::Owner) => "owner_model",
        }
    }

    /// Between which names those are stored that are of a thing of this kind called `name`: from the
    /// first one, up to the second one, which is none of them.
    pub fn names_of(self, name: &str) -> (String, String) {
        match self {
            Self::PartOfModel(_) => (format!("{name}{BETWEEN}"), format!("{name}{BEYOND}")),
            _ => (name.to_owned(), format!("{name}{LEAST}")),
        }
    }
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
/// The character after it.
const BEYOND: char = '\u{20}';
/// Comes before every character that a name has.
const LEAST: char = '\u{1}';

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
    /// Its kind.
    pub fn kind(&self) -> SeriesKind {
        match self {
            Self::Gpu(_) => SeriesKind::Gpu,
            Self::Machine => SeriesKind::Machine,
            Self::Cluster => SeriesKind::Cluster,
            Self::Model(_) => SeriesKind::Model,
            Self::Namespace(_) => SeriesKind::Namespace,
            Self::Queue(_) => SeriesKind::Queue,
            Self::Owner(_) => SeriesKind::Owner,
            Self::PartOfModel { by, .. } => SeriesKind::PartOfModel(*by),
        }
    }

    /// Its kind and name, as they are stored.
    pub fn code(&self) -> (&'static str, Cow<'_, str>) {
        let name = match self {
            Self::Machine | Self::Cluster => Cow::Borrowed(""),
            Self::Gpu(name)
            | Self::Model(name)
            | Self::Namespace(name)
            | Self::Queue(name)
            | Self::Owner(name) => Cow::Borrowed(name.as_str()),
            Self::PartOfModel { name, model, .. } => Cow::Owned(format!("{name}{BETWEEN}{model}")),
        };
        (self.kind().code(), name)
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
            "machine" => Self::Machine,
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
const FIGURES: [(Figure, &str); 17] = [
    (Figure::SmActive, "sm_active"),
    (Figure::EngineActive, "engine_active"),
    (Figure::Utilization, "utilization"),
    (Figure::AiCoreUtilization, "ai_core_utilization"),
    (Figure::MemoryUsed, "memory_used"),
    (Figure::MemoryTotal, "memory_total"),
    (Figure::Temperature, "temperature"),
    (Figure::Power, "power"),
    (Figure::SmClock, "sm_clock"),
    (Figure::Energy, "energy"),
    (Figure::CpuUtilization, "cpu_utilization"),
    (Figure::HostMemoryUsed, "host_memory_used"),
    (Figure::SwapUsed, "swap_used"),
    (Figure::DiskRead, "disk_read"),
    (Figure::DiskWritten, "disk_written"),
    (Figure::NetworkReceived, "network_received"),
    (Figure::NetworkSent, "network_sent"),
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
            Self::Of(
                Figure::SmActive
                | Figure::EngineActive
                | Figure::Utilization
                | Figure::AiCoreUtilization
                | Figure::CpuUtilization,
            ) => 0.001,
            Self::Of(
                Figure::MemoryUsed
                | Figure::MemoryTotal
                | Figure::HostMemoryUsed
                | Figure::SwapUsed,
            ) => 1_048_576.0,
            // What a disk or a network that does nothing moves all the same is less.
            Self::Of(
                Figure::DiskRead
                | Figure::DiskWritten
                | Figure::NetworkReceived
                | Figure::NetworkSent,
            ) => 1_024.0,
            Self::Of(Figure::Energy) => 1_000.0,
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
            SeriesOf::Machine,
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

    #[test]
    fn names_of_a_thing_are_its_own_and_no_longer_ones() {
        let is_of = |of: &SeriesOf, name: &str| {
            let (from, until) = of.kind().names_of(name);
            let stored = of.code().1.into_owned();
            from <= stored && stored < until
        };
        let queue = |name: &str| SeriesOf::Queue(Text::from(name));
        assert!(is_of(&queue("research"), "research"));
        assert!(!is_of(&queue("research-2"), "research"));
        assert!(is_of(&queue(""), ""));
        assert!(!is_of(&queue("research"), ""));
        let part = SeriesOf::PartOfModel {
            by: PartBy::Queue,
            name: Text::from("research"),
            model: Text::from("H100"),
        };
        assert!(is_of(&part, "research"));
        assert!(!is_of(&part, "re"));
        assert!(!is_of(&part, "research-2"));
    }
}
