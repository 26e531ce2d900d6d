//! What is done at once to what is on this machine: stopping it, removing it. As with what is run
//! here, it is in the journal before it is done, and what came of it after.

use std::sync::Arc;

use strata_api::{
    change::{ChangeAction, ChangeOutcome, StepProgress},
    error::ApiError,
};
use strata_ports::containers::RuntimeKind;

use super::noted::{called, kind_of_object};
use crate::{
    change::{
        notebook::Notebook,
        quoted,
        record::{Begun, Happened, Meant, Recorded},
    },
    error::of_port,
    operations::Operations,
};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Stop,
    Remove,
}

impl Deed {
    /// Does it to what `kind` has under `name`. What cannot be noted down is not done.
    pub(super) async fn do_to(
        self,
        operations: &Operations,
        kind: RuntimeKind,
        name: String,
    ) -> Result<(), ApiError> {
        let workstation = Arc::clone(&operations.workstation);
        let user = operations.on_disk(move || Ok(workstation.user())).await?;
        let meant = self.meant(kind, &name);
        let notebook = Notebook::of(operations);
        let entry = notebook
            .begin(&Begun::of_this_machine(user, None, meant))
            .await?;
        notebook
            .note(entry, &Happened::StepBegun { step: 0 })
            .await?;
        let host = &operations.containers;
        let came = match self {
            Self::Stop => host.stop(kind, name).await,
            Self::Remove => host.remove(kind, name).await,
        };
        let (progress, outcome, message) = match &came {
            Ok(()) => (StepProgress::Done, ChangeOutcome::Applied, String::new()),
            Err(error) => (
                StepProgress::Failed,
                ChangeOutcome::Failed,
                error.message.clone(),
            ),
        };
        let ended = Happened::StepEnded {
            step: 0,
            progress,
            message,
            fields: Vec::new(),
            uid: String::new(),
        };
        notebook.note_later(entry, vec![ended, Happened::Ended { outcome }]);
        came.map_err(|error| of_port(&error))
    }

    fn meant(self, kind: RuntimeKind, name: &str) -> Meant {
        let runtime = called(kind).to_owned();
        let (action, verb) = match self {
            Self::Stop => (ChangeAction::End, Recorded::StopHere { runtime }),
            Self::Remove => (ChangeAction::Delete, Recorded::RemoveHere { runtime }),
        };
        Meant {
            group: String::new(),
            kind: kind_of_object(kind).to_owned(),
            namespace: called(kind).to_owned(),
            name: name.to_owned(),
            version: String::new(),
            action,
            verb,
            fields: Vec::new(),
            before: None,
            kubectl: self.command(kind, name),
        }
    }

    /// The same as a command.
    fn command(self, kind: RuntimeKind, name: &str) -> String {
        let words = match (self, kind) {
            (Self::Stop, _) => "stop",
            (Self::Remove, RuntimeKind::Ollama) => "rm",
            (Self::Remove, RuntimeKind::Docker | RuntimeKind::Podman) => "rm --force",
        };
        format!("{} {words} {}", called(kind), quoted(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runtime_has_its_own_command() {
        let command = |deed: Deed, kind| deed.command(kind, "qwen3:8b");
        let stop = command(Deed::Stop, RuntimeKind::Ollama);
        assert_eq!(stop, "ollama stop qwen3:8b");
        let remove = command(Deed::Remove, RuntimeKind::Ollama);
        assert_eq!(remove, "ollama rm qwen3:8b");
        let remove = command(Deed::Remove, RuntimeKind::Podman);
        assert_eq!(remove, "podman rm --force qwen3:8b");
    }
}
