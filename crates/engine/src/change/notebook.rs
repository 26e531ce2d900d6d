//! Where the journal is written: a line is on disk before what it says is done.

use std::sync::Arc;

use serde::Serialize;
use strata_api::error::{ApiError, ErrorCode};
use strata_ports::{clock::Clock, journal::Journal};

use super::record::{Begun, Happened};
use crate::{
    error::{closing, of_port},
    operations::Operations,
    supervise::TaskScope,
};

/// Where entries are written, for whoever outlives the question that began one.
#[derive(Clone)]
pub(crate) struct Notebook {
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    scope: TaskScope,
}

impl Notebook {
    pub(crate) fn of(operations: &Operations) -> Self {
        Self {
            journal: Arc::clone(&operations.journal),
            clock: Arc::clone(&operations.clock),
            scope: operations.scope.clone(),
        }
    }

    /// Begins an entry, and tells its number.
    pub(crate) async fn begin(&self, begun: &Begun) -> Result<u32, ApiError> {
        let (journal, at) = (Arc::clone(&self.journal), self.clock.now());
        let json = written(begun)?;
        let begun = self.scope.run_blocking(move || journal.begin(at, &json));
        begun
            .await
            .ok_or_else(closing)?
            .map_err(|error| of_port(&error))
    }

    /// Adds lines to an entry, by whoever does not wait for it.
    pub(crate) fn note_later(&self, entry: u32, lines: Vec<Happened>) {
        let notebook = self.clone();
        self.scope.spawn(async move {
            for happened in lines {
                if let Err(error) = notebook.note(entry, &happened).await {
                    tracing::warn!(%error, entry, "what came of it is not in the journal");
                }
            }
        });
    }

    /// Adds a line to an entry.
    pub(crate) async fn note(&self, entry: u32, happened: &Happened) -> Result<(), ApiError> {
        let (journal, at) = (Arc::clone(&self.journal), self.clock.now());
        let json = written(happened)?;
        let is_last = matches!(happened, Happened::Ended { .. } | Happened::Settled { .. });
        let noted = self
            .scope
            .run_blocking(move || journal.note(entry, at, &json, is_last));
        noted
            .await
            .ok_or_else(closing)?
            .map_err(|error| of_port(&error))
    }
}

fn written(line: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(line).map_err(|error| ApiError {
        code: ErrorCode::Internal,
        message: "what is to be noted down cannot be written".to_owned(),
        causes: vec![error.to_string()],
    })
}
