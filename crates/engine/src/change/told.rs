//! Reading what the journal says of a change.

use serde::de::DeserializeOwned;
use strata_api::change::{ChangeOutcome, StepProgress};
use strata_ports::journal::Entry;

use super::record::{Begun, Field, Happened};

/// How an entry ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It does not.
    Open,
    /// With what came of it.
    With(ChangeOutcome),
    /// It was open, and then settled.
    Settled,
}

/// What an entry says; none where its lines cannot be read.
pub(crate) struct Told {
    pub(crate) begun: Begun,
    pub(crate) happened: Vec<Happened>,
}

impl Told {
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        let (first, rest) = entry.lines.split_first()?;
        Some(Self {
            begun: parsed(&first.json)?,
            happened: rest
                .iter()
                .map(|line| parsed(&line.json))
                .collect::<Option<_>>()?,
        })
    }

    /// How it ends.
    pub(crate) fn end(&self) -> End {
        let mut ends = self.happened.iter().filter_map(|happened| match happened {
            Happened::Ended { outcome } => Some(End::With(*outcome)),
            Happened::Settled { .. } => Some(End::Settled),
            _ => None,
        });
        ends.next_back().unwrap_or(End::Open)
    }

    /// How the trial of what was set ended, where it was one.
    pub(crate) fn trial(&self) -> Option<&str> {
        self.happened.iter().find_map(|happened| match happened {
            Happened::TrialEnded { message } => Some(message.as_str()),
            _ => None,
        })
    }

    /// Whether the write at `step` was begun.
    pub(crate) fn is_begun(&self, step: usize) -> bool {
        let begun = |happened: &Happened| matches!(happened, Happened::StepBegun { step: at } if *at == step);
        self.happened.iter().any(begun)
    }

    /// How the write at `step` ended: how far, what was said against it, its fields, its identity.
    pub(crate) fn end_of(&self, step: usize) -> Option<(StepProgress, &str, &[Field], &str)> {
        self.happened.iter().find_map(|happened| match happened {
            Happened::StepEnded {
                step: at,
                progress,
                message,
                fields,
                uid,
            } if *at == step => {
                Some((*progress, message.as_str(), fields.as_slice(), uid.as_str()))
            }
            _ => None,
        })
    }
}

fn parsed<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}
