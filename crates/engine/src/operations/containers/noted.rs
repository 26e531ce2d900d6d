//! What is run on this machine in the journal: noted down before anything is fetched, and what came of it.

use std::sync::Arc;

use serde_json::json;
use strata_api::{
    change::{ChangeAction, ChangeOutcome, StepProgress},
    containers as api,
    error::ApiError,
};
use strata_domain::field_path::FieldPath;
use strata_ports::{
    containers::{Runtime, RuntimeKind, Wanted},
    error::PortError,
};

use crate::{
    change::{
        notebook::Notebook,
        record::{Begun, Field, Happened, Meant, Recorded},
    },
    local,
    operations::Operations,
};

/// How something's way to run ended.
pub(super) enum Came {
    Runs,
    Failed(PortError),
    /// Somebody called it off while it was being fetched.
    CalledOff,
    /// Strata ended meanwhile.
    CutOff,
}

/// An entry of the journal that is open while something is on its way to run.
pub(super) struct Noted {
    notebook: Notebook,
    entry: u32,
    fields: Vec<Field>,
}

impl Noted {
    /// Notes down that `wanted` is about to be fetched and started.
    pub(super) async fn begin(
        operations: &Operations,
        runtime: &Runtime,
        wanted: &Wanted,
    ) -> Result<Self, ApiError> {
        let kind = runtime.kind;
        let workstation = Arc::clone(&operations.workstation);
        let user = operations.on_disk(move || Ok(workstation.user())).await?;
        let fields = vec![Field {
            path: FieldPath::of(["image"]),
            before: None,
            after: Some(json!(wanted.image)),
            is_secret: false,
        }];
        let meant = Meant {
            group: String::new(),
            kind: kind_of_object(kind).to_owned(),
            namespace: called(kind).to_owned(),
            name: wanted.name.clone(),
            version: String::new(),
            action: ChangeAction::Create,
            verb: Recorded::RunHere {
                runtime: called(kind).to_owned(),
                image: wanted.image.clone(),
            },
            fields: fields.clone(),
            before: None,
            kubectl: command(runtime, wanted),
        };
        let notebook = Notebook::of(operations);
        let entry = notebook
            .begin(&Begun::of_this_machine(user, None, meant))
            .await?;
        notebook
            .note(entry, &Happened::StepBegun { step: 0 })
            .await?;
        Ok(Self {
            notebook,
            entry,
            fields,
        })
    }

    /// Notes down what came of it; `told` says how far it was.
    pub(super) async fn end(self, came: &Came, told: &api::LocalBeginning) {
        let (progress, outcome, message) = match came {
            Came::Runs => (StepProgress::Done, ChangeOutcome::Applied, String::new()),
            Came::Failed(error) => {
                let said = error.message.clone();
                (StepProgress::Failed, ChangeOutcome::Failed, said)
            }
            Came::CalledOff => {
                let said = format!("called off; {}", how_far(told));
                (StepProgress::Failed, ChangeOutcome::Failed, said)
            }
            Came::CutOff => {
                let said = format!("Strata ended meanwhile; {}", how_far(told));
                (StepProgress::Failed, ChangeOutcome::Failed, said)
            }
        };
        let ended = Happened::StepEnded {
            step: 0,
            progress,
            message,
            fields: self.fields,
            uid: String::new(),
        };
        for line in [ended, Happened::Ended { outcome }] {
            if let Err(error) = self.notebook.note(self.entry, &line).await {
                tracing::warn!(%error, entry = self.entry, "what came of it is not in the journal");
                return;
            }
        }
    }
}

/// The runtime, as its program is called.
pub(super) fn called(kind: RuntimeKind) -> &'static str {
    match kind {
        RuntimeKind::Docker => "docker",
        RuntimeKind::Podman => "podman",
        RuntimeKind::Ollama => "ollama",
    }
}

/// What a runtime runs, as the journal names it.
pub(super) fn kind_of_object(kind: RuntimeKind) -> &'static str {
    match kind {
        RuntimeKind::Ollama => "Model",
        RuntimeKind::Docker | RuntimeKind::Podman => "Container",
    }
}

/// The same as a command, without the values of variables: a token may be among them.
fn command(runtime: &Runtime, wanted: &Wanted) -> String {
    let mut kept = wanted.clone();
    for (_, value) in &mut kept.environment {
        value.clear();
    }
    local::command(runtime.kind, &kept, runtime.gpus)
}

/// How much had been fetched, as far as that is known.
fn how_far(told: &api::LocalBeginning) -> String {
    if told.total_bytes == 0 {
        return "how much had been fetched is not known".to_owned();
    }
    let (done, all) = (told.done_bytes >> 20, told.total_bytes >> 20);
    format!("{done} of {all} MiB had been fetched")
}

#[cfg(test)]
mod tests {
    use strata_ports::containers::GpuAccess;

    use super::*;

    #[test]
    fn the_values_of_variables_are_not_kept() {
        let wanted = Wanted {
            name: "qwen".to_owned(),
            image: "vllm/vllm-openai:v0.24.0".to_owned(),
            environment: vec![("HF_TOKEN".to_owned(), "hf_secret".to_owned())],
            ..Wanted::default()
        };
        let docker = Runtime {
            kind: RuntimeKind::Docker,
            version: "29.1.0".to_owned(),
            place: "/var/run/docker.sock".to_owned(),
            gpus: GpuAccess::Request,
        };
        let command = command(&docker, &wanted);
        assert!(command.contains("HF_TOKEN="), "{command}");
        assert!(!command.contains("hf_secret"), "{command}");
    }

    #[test]
    fn what_was_fetched_is_told_where_it_is_known() {
        let told = |done_bytes, total_bytes| api::LocalBeginning {
            name: "qwen".to_owned(),
            stage: api::LocalStage::CalledOff,
            status: String::new(),
            done_bytes,
            total_bytes,
        };
        assert_eq!(
            how_far(&told(3 << 30, 8 << 30)),
            "3072 of 8192 MiB had been fetched"
        );
        assert!(how_far(&told(0, 0)).contains("not known"));
    }
}
