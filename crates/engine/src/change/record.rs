//! What the journal says of a change: what is meant, each step as it begins and ends, what came of it.
//!
//! No secret is among it: the values of Secrets are blank before anything is written, so a Secret can
//! be neither applied nor restored from the journal.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use strata_api::{
    change::{ChangeAction, ChangeOutcome, ChangeStep, FieldDifference, StepProgress},
    error::{ApiError, ErrorCode},
};
use strata_domain::{field_path::FieldPath, ids::ClusterId, workstation::Setting};
use strata_ports::{
    contexts::Context,
    control::{Choice, FieldChange, Propagation, Verb, Written},
    journal::Entry,
    objects::ObjectAddress,
};

use super::{
    notebook::Notebook,
    plan::{Plan, Planned},
    shown,
};
use crate::operations::Operations;

/// The first line of an entry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) program: String,
    pub(crate) cluster: String,
    pub(crate) context: String,
    pub(crate) server: String,
    pub(crate) user: String,
    pub(crate) known_as: String,
    pub(crate) release: Option<String>,
    pub(crate) settles: Option<u32>,
    pub(crate) steps: Vec<Meant>,
}

impl Begun {
    /// What is done in the cluster of `context`.
    pub(crate) async fn in_cluster(
        operations: &Operations,
        context: &Context,
        steps: Vec<Meant>,
    ) -> Self {
        Self {
            program: PROGRAM.to_owned(),
            cluster: context.id.0.to_string(),
            context: context.name.clone(),
            server: context.server.clone(),
            user: context.user.clone(),
            known_as: known_as(operations, &context.id).await,
            release: None,
            settles: None,
            steps,
        }
    }

    /// An act of `user` on the machine that Strata runs on.
    pub(crate) fn of_this_machine(user: String, settles: Option<u32>, meant: Meant) -> Self {
        Self {
            program: PROGRAM.to_owned(),
            cluster: ClusterId::THIS_MACHINE.to_owned(),
            context: "this machine".to_owned(),
            server: String::new(),
            user,
            known_as: String::new(),
            release: None,
            settles,
            steps: vec![meant],
        }
    }

    /// The act on the machine that Strata runs on, where it is one.
    pub(crate) fn on_this_machine(&self) -> Option<&Meant> {
        self.steps
            .first()
            .filter(|_| self.cluster == ClusterId::THIS_MACHINE)
    }
}

/// A write that is meant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Meant {
    pub(crate) group: String,
    pub(crate) kind: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) action: ChangeAction,
    pub(crate) verb: Recorded,
    pub(crate) fields: Vec<Field>,
    /// The object as it was, without what a Secret holds.
    pub(crate) before: Option<Value>,
    pub(crate) kubectl: String,
}

/// A verb, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Recorded {
    Apply {
        object: Value,
        choices: Vec<(String, bool)>,
    },
    Create {
        object: Value,
    },
    Set {
        fields: Vec<(FieldPath, Option<Value>)>,
    },
    Scale {
        replicas: u32,
    },
    Evict {
        uid: String,
    },
    Delete {
        propagation: String,
        uid: String,
    },
    EndProcess {
        pid: u32,
        started_ticks: u64,
        is_forced: bool,
    },
    SetDevice {
        device: String,
        before: Option<Setting>,
        setting: Setting,
        trial_seconds: u32,
    },
    LoadTest {
        model: String,
        requests: u32,
        concurrency: u32,
        max_tokens: u32,
    },
    RunHere {
        runtime: String,
        image: String,
    },
    StopHere {
        runtime: String,
    },
    RemoveHere {
        runtime: String,
    },
}

/// A field that becomes another, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Field {
    pub(crate) path: FieldPath,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
    pub(crate) is_secret: bool,
}

impl Field {
    /// As it is shown.
    pub(crate) fn shown(&self) -> FieldDifference {
        FieldDifference {
            path: self.path.to_string(),
            before: self.before.as_ref().map(ToString::to_string),
            after: self.after.as_ref().map(ToString::to_string),
            is_secret: self.is_secret,
        }
    }
}

/// A later line of an entry.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Happened {
    StepBegun {
        step: usize,
    },
    StepEnded {
        step: usize,
        progress: StepProgress,
        /// What the API server said against it.
        message: String,
        /// The fields that became others.
        fields: Vec<Field>,
        /// The identity of what was made.
        uid: String,
    },
    /// A setting on trial was kept or taken back, or could not be.
    TrialEnded {
        message: String,
    },
    Ended {
        outcome: ChangeOutcome,
    },
    Settled {
        how: String,
    },
}

impl Meant {
    pub(super) fn of(step: &Planned, told: &ChangeStep, written: Option<&Written>) -> Self {
        let ObjectAddress { kind, key } = &step.object;
        Self {
            group: kind.group.to_string(),
            kind: kind.kind.to_string(),
            namespace: key.namespace.to_string(),
            name: key.name.to_string(),
            version: step.version.clone(),
            action: told.action,
            verb: Recorded::of(&step.verb),
            fields: fields(written),
            before: written
                .and_then(|written| written.before.as_ref())
                .map(shown::essence),
            kubectl: told.kubectl.clone(),
        }
    }

    pub(crate) fn object(&self) -> ObjectAddress {
        ObjectAddress::new(&self.group, &self.kind, &self.namespace, &self.name)
    }

    /// Whether what it wrote cannot be told from the journal.
    pub(super) fn is_secret(&self) -> bool {
        self.group.is_empty() && self.kind == "Secret"
    }
}

/// The fields that a write changes.
pub(super) fn fields(written: Option<&Written>) -> Vec<Field> {
    let fields = written.map(|written| written.fields.iter());
    fields
        .into_iter()
        .flatten()
        .map(|change: &FieldChange| Field {
            path: change.path.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            is_secret: change.is_secret,
        })
        .collect()
}

impl Recorded {
    fn of(verb: &Verb) -> Self {
        match verb {
            Verb::Apply { object, choices } => Self::Apply {
                object: shown::essence(object),
                choices: choices
                    .iter()
                    .map(|choice| (choice.path.clone(), choice.take))
                    .collect(),
            },
            Verb::Create { object } => Self::Create {
                object: shown::essence(object),
            },
            Verb::Set { fields } => Self::Set {
                fields: fields.clone(),
            },
            Verb::Scale { replicas } => Self::Scale {
                replicas: *replicas,
            },
            Verb::Evict { uid } => Self::Evict { uid: uid.clone() },
            Verb::Delete { propagation, uid } => Self::Delete {
                propagation: match propagation {
                    Propagation::Background => "Background",
                    Propagation::Foreground => "Foreground",
                    Propagation::Orphan => "Orphan",
                }
                .to_owned(),
                uid: uid.clone(),
            },
        }
    }

    /// What it writes to a cluster; none for an act on this machine, and for a load test.
    pub(super) fn verb(&self) -> Option<Verb> {
        Some(match self {
            Self::EndProcess { .. }
            | Self::SetDevice { .. }
            | Self::LoadTest { .. }
            | Self::RunHere { .. }
            | Self::StopHere { .. }
            | Self::RemoveHere { .. } => {
                return None;
            }
            Self::Apply { object, choices } => Verb::Apply {
                object: object.clone(),
                choices: choices
                    .iter()
                    .map(|(path, take)| Choice {
                        path: path.clone(),
                        take: *take,
                    })
                    .collect(),
            },
            Self::Create { object } => Verb::Create {
                object: object.clone(),
            },
            Self::Set { fields } => Verb::Set {
                fields: fields.clone(),
            },
            Self::Scale { replicas } => Verb::Scale {
                replicas: *replicas,
            },
            Self::Evict { uid } => Verb::Evict { uid: uid.clone() },
            Self::Delete { propagation, uid } => Verb::Delete {
                propagation: match propagation.as_str() {
                    "Foreground" => Propagation::Foreground,
                    "Orphan" => Propagation::Orphan,
                    _ => Propagation::Background,
                },
                uid: uid.clone(),
            },
        })
    }
}

/// The program, as the journal names it.
const PROGRAM: &str = concat!("strata ", env!("CARGO_PKG_VERSION"));

/// An entry that is being written.
pub(super) struct Record {
    notebook: Notebook,
    pub(super) entry: u32,
}

impl Record {
    /// Notes down what is meant.
    pub(super) async fn begin(
        operations: &Operations,
        context: &Context,
        plan: &Plan,
        steps: Vec<Meant>,
    ) -> Result<Self, ApiError> {
        let begun = Begun {
            release: plan.release.clone(),
            settles: plan.settles,
            ..Begun::in_cluster(operations, context, steps).await
        };
        let notebook = Notebook::of(operations);
        let entry = notebook.begin(&begun).await?;
        Ok(Self { notebook, entry })
    }

    /// Notes down what happened.
    pub(super) async fn note(&self, happened: &Happened) -> Result<(), ApiError> {
        self.notebook.note(self.entry, happened).await
    }
}

/// As whom the API server knows the user; empty where it does not tell.
async fn known_as(operations: &Operations, cluster: &ClusterId) -> String {
    operations.gate.user(cluster).await.unwrap_or_default()
}

/// One entry of the journal.
pub(super) async fn read(operations: &Operations, number: u32) -> Result<Option<Entry>, ApiError> {
    let journal = Arc::clone(&operations.journal);
    operations.on_disk(move || journal.entry(number)).await
}

/// An entry that this version cannot read.
pub(crate) fn unreadable(number: u32) -> ApiError {
    ApiError::new(
        ErrorCode::Internal,
        format!("entry {number} of the journal cannot be read by this version of Strata"),
    )
}
