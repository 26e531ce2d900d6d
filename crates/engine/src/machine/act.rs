//! Something that is done to this machine: what is shown of it, and what is noted down.

use strata_api::{
    change::{
        ChangeAction, ChangeOutcome, ChangeReport, ChangeStep, Intent, Obstacle, ObstacleKind,
        StepProgress,
    },
    error::ApiError,
    explanation::ObjectName,
    phrases::{Phrase, PhraseCode},
    rows::workstation::Hindrance,
};
use strata_ports::error::{PortError, PortErrorKind};

use crate::{
    change::{
        notebook::Notebook,
        record::{Begun, Field, Happened, Meant, Recorded},
    },
    operations::Operations,
};

/// An act, of one step.
pub(super) struct Act {
    pub(super) told: ChangeStep,
    pub(super) verb: Recorded,
    pub(super) fields: Vec<Field>,
    /// The entry of the journal that it finishes or undoes.
    pub(super) settles: Option<u32>,
}

impl Act {
    /// An act on the `kind` that is called `name`, which `command` would do as well.
    pub(super) fn new(kind: &str, name: String, verb: Recorded, command: String) -> Self {
        let action = match verb {
            Recorded::EndProcess { .. } => ChangeAction::End,
            _ => ChangeAction::Change,
        };
        Self {
            told: ChangeStep {
                object: ObjectName {
                    kind: kind.to_owned(),
                    namespace: String::new(),
                    name,
                },
                api_version: String::new(),
                line: None,
                action,
                progress: StepProgress::Planned,
                is_assumed: false,
                fields: Vec::new(),
                conflicts: Vec::new(),
                consequences: Vec::new(),
                obstacle: None,
                warnings: Vec::new(),
                kubectl: command,
                before: String::new(),
                after: String::new(),
            },
            verb,
            fields: Vec::new(),
            settles: None,
        }
    }

    /// Says what comes of it.
    pub(super) fn comes_to(&mut self, phrase: Phrase) {
        self.told.consequences.push(phrase);
    }

    /// Says what fields become others.
    pub(super) fn changes(&mut self, fields: Vec<Field>) {
        self.told.fields = fields.iter().map(Field::shown).collect();
        self.fields = fields;
    }

    /// Something stands in its way; what was found first is what is said.
    pub(super) fn stop(&mut self, kind: ObstacleKind, sentence: Phrase, details: Vec<String>) {
        self.told.progress = StepProgress::Blocked;
        self.told.obstacle.get_or_insert(Obstacle {
            kind,
            sentence,
            details,
            line: None,
        });
    }

    /// It may not be done by this user. What to do about that stands first of what is said, with the
    /// command where there is one.
    pub(super) fn hinder(&mut self, hindrance: Hindrance) {
        self.stop(ObstacleKind::Permission, hindrance.reason, Vec::new());
        self.told.kubectl.clear();
        self.told.consequences.insert(0, hindrance.remedy);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.told.obstacle.is_some()
    }

    /// It was tried and did not come about.
    pub(super) fn fail(&mut self, error: &PortError, sentence: Phrase) {
        self.stop(kind_of(error), sentence, words(error));
        self.told.progress = if error.kind == PortErrorKind::Timeout {
            StepProgress::Unknown
        } else {
            StepProgress::Failed
        };
    }

    /// Notes down what is meant, and that it is begun: what cannot be noted down is not done.
    pub(super) async fn begin(&self, operations: &Operations) -> Result<u32, ApiError> {
        let notebook = Notebook::of(operations);
        let workstation = std::sync::Arc::clone(&operations.workstation);
        let user = operations.on_disk(move || Ok(workstation.user())).await?;
        let meant = Meant {
            group: String::new(),
            kind: self.told.object.kind.clone(),
            namespace: String::new(),
            name: self.told.object.name.clone(),
            version: String::new(),
            action: self.told.action,
            verb: self.verb.clone(),
            fields: self.fields.clone(),
            before: None,
            kubectl: self.told.kubectl.clone(),
        };
        let entry = notebook
            .begin(&Begun::of_this_machine(user, self.settles, meant))
            .await?;
        notebook
            .note(entry, &Happened::StepBegun { step: 0 })
            .await?;
        Ok(entry)
    }

    /// Notes down what came of it. With `stays_open` more is to follow; what is in doubt stays open as
    /// well, so that the next start asks what became of it.
    pub(super) async fn note(
        &self,
        operations: &Operations,
        entry: u32,
        stays_open: bool,
    ) -> Option<Obstacle> {
        let notebook = Notebook::of(operations);
        let message = self.told.obstacle.as_ref();
        let message = message.map(|obstacle| obstacle.details.join(": "));
        let ended = Happened::StepEnded {
            step: 0,
            progress: self.told.progress,
            message: message.unwrap_or_default(),
            fields: self.fields.clone(),
            uid: String::new(),
        };
        let mut noted = notebook.note(entry, &ended).await;
        if noted.is_ok() && !stays_open && self.told.progress != StepProgress::Unknown {
            let outcome = self.outcome();
            noted = notebook.note(entry, &Happened::Ended { outcome }).await;
        }
        let error = noted.err()?;
        Some(Obstacle {
            kind: ObstacleKind::Unsupported,
            sentence: Phrase::new(PhraseCode::JournalNotWritten),
            details: vec![error.to_string()],
            line: None,
        })
    }

    fn outcome(&self) -> ChangeOutcome {
        match self.told.progress {
            StepProgress::Done => ChangeOutcome::Applied,
            StepProgress::Unknown => ChangeOutcome::Partial,
            StepProgress::Failed => ChangeOutcome::Failed,
            _ if self.is_stopped() => ChangeOutcome::Blocked,
            _ if self.told.action == ChangeAction::Unchanged => ChangeOutcome::Unchanged,
            _ => ChangeOutcome::Ready,
        }
    }

    /// What is told of it.
    pub(super) fn report(self, intent: Intent, journal_entry: Option<u32>) -> ChangeReport {
        ChangeReport {
            intent,
            outcome: self.outcome(),
            obstacles: Vec::new(),
            consequences: Vec::new(),
            steps: vec![self.told],
            journal_entry,
        }
    }
}

/// What kind of obstacle an error is.
pub(super) fn kind_of(error: &PortError) -> ObstacleKind {
    match error.kind {
        PortErrorKind::Unauthorized | PortErrorKind::Forbidden => ObstacleKind::Permission,
        PortErrorKind::NotFound | PortErrorKind::Conflict => ObstacleKind::Stale,
        PortErrorKind::Unavailable | PortErrorKind::Timeout => ObstacleKind::Unreachable,
        PortErrorKind::Unsupported => ObstacleKind::Unsupported,
        PortErrorKind::InvalidInput | PortErrorKind::Internal => ObstacleKind::Refused,
    }
}

/// The error's own words.
pub(super) fn words(error: &PortError) -> Vec<String> {
    std::iter::once(error.message.clone())
        .chain(error.causes())
        .collect()
}
