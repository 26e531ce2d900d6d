//! A load test in the journal: noted down before it begins, and what came of it when it is over.
//!
//! It writes nothing to the cluster, or to this machine, and still is done to it: whoever looks for why a
//! model was slow for ten minutes finds here who asked it, how often, and how that went.

use std::sync::Arc;

use serde_json::{Value, json};
use strata_api::{
    change::{ChangeAction, ChangeOutcome, StepProgress},
    error::ApiError,
    playground::{Load, ModelServer},
};
use strata_domain::field_path::FieldPath;
use strata_ports::contexts::Context;

use crate::{
    change::{
        notebook::Notebook,
        record::{Begun, Field, Happened, Meant, Recorded},
    },
    operations::Operations,
};

/// An entry of the journal that is open while the test runs.
#[derive(Clone)]
pub(crate) struct Noted {
    notebook: Notebook,
    entry: u32,
    requests: u32,
    /// What is asked, as the entry shows it.
    asked: Vec<Field>,
}

impl Noted {
    /// Notes down that `server` is about to be loaded: in the cluster of `context`, or on this machine.
    pub(crate) async fn begin(
        operations: &Operations,
        context: Option<&Context>,
        server: &ModelServer,
        load: &Load,
    ) -> Result<Self, ApiError> {
        let asked = asked(load);
        let meant = Meant {
            group: server.group.clone(),
            kind: server.kind.clone(),
            namespace: server.namespace.clone(),
            name: server.name.clone(),
            version: String::new(),
            action: ChangeAction::Load,
            verb: Recorded::LoadTest {
                model: load.model.clone(),
                requests: load.requests,
                concurrency: load.concurrency,
                max_tokens: load.max_tokens,
            },
            fields: asked.clone(),
            before: None,
            kubectl: String::new(),
        };
        let notebook = Notebook::of(operations);
        let begun = if let Some(context) = context {
            Begun::in_cluster(operations, context, vec![meant]).await
        } else {
            let workstation = Arc::clone(&operations.workstation);
            let user = operations.on_disk(move || Ok(workstation.user())).await?;
            Begun::of_this_machine(user, None, meant)
        };
        let entry = notebook.begin(&begun).await?;
        notebook
            .note(entry, &Happened::StepBegun { step: 0 })
            .await?;
        Ok(Self {
            notebook,
            entry,
            requests: load.requests,
            asked,
        })
    }

    /// Notes down that it is over: so many requests were answered, and `said` is what stopped it.
    pub(crate) fn end(self, answered: u32, said: &str) {
        let (progress, outcome) = match answered {
            0 => (StepProgress::Failed, ChangeOutcome::Failed),
            all if all >= self.requests => (StepProgress::Done, ChangeOutcome::Applied),
            _ => (StepProgress::Done, ChangeOutcome::Partial),
        };
        let mut message = format!("{answered} of {} requests answered", self.requests);
        if !said.is_empty() {
            message.push_str("; ");
            message.push_str(said);
        }
        let ended = Happened::StepEnded {
            step: 0,
            progress,
            message,
            fields: self.asked,
            uid: String::new(),
        };
        self.notebook
            .note_later(self.entry, vec![ended, Happened::Ended { outcome }]);
    }
}

/// What is asked, as fields.
fn asked(load: &Load) -> Vec<Field> {
    let field = |name: &str, value: Value| Field {
        path: FieldPath::of([name]),
        before: None,
        after: Some(value),
        is_secret: false,
    };
    vec![
        field("model", json!(load.model)),
        field("requests", json!(load.requests)),
        field("concurrency", json!(load.concurrency)),
        field("max_tokens", json!(load.max_tokens)),
    ]
}
