//! Finishing or undoing a change that the journal knows: one that was interrupted, or any other.
//!
//! To finish is to do what is not known to be done, once more: an apply of what is there already
//! changes nothing, and a step in doubt is thereby decided. To undo is to give each field the value
//! it had where it still has the one we gave it, to delete what we made and to make again what we
//! deleted. Whatever somebody changed since stays, and is said.

use serde_json::{Map, Value};
use strata_api::{
    change::{ChangeAction, ChangeOutcome, ChangeReport, Intent, ObstacleKind, StepProgress},
    error::{ApiError, ErrorCode},
    journal::{SettleChange, Settlement},
    phrases::{Phrase, PhraseCode},
};
use strata_domain::field_path::{FieldPath, PathStep};
use strata_ports::{
    contexts::Context,
    control::{Propagation, Verb},
    error::PortErrorKind,
    objects::ObjectAddress,
};

use super::{
    carry_out,
    kubectl::Kubectl,
    notebook::Notebook,
    obstacle::{called, obstacle, of_error},
    plan::{Plan, Planned},
    record::{self, Field, Happened, Meant},
    told::Told,
};
use crate::{
    machine,
    operations::{Operations, changes::context},
    why::read,
};

/// Finishes, undoes or leaves a change.
pub(crate) async fn settle_change(
    operations: &Operations,
    request: SettleChange,
) -> Result<ChangeReport, ApiError> {
    let number = request.entry;
    let entry = record::read(operations, number).await?.ok_or_else(|| {
        let message = format!("the journal has no entry {number}");
        ApiError::new(ErrorCode::NotFound, message)
    })?;
    if entry.is_running {
        let message = format!("the change of entry {number} is being made now");
        return Err(ApiError::new(ErrorCode::Conflict, message));
    }
    let told = Told::of(&entry).ok_or_else(|| record::unreadable(number))?;
    if request.settlement == Settlement::Leave {
        if request.intent == Intent::Apply && !entry.is_ended {
            close(operations, number, "left").await?;
        }
        return Ok(left(request.intent));
    }
    let report = match told.begun.on_this_machine() {
        Some(meant) => machine::settle(operations, meant, &request).await?,
        None => of_cluster(operations, &told, &request).await?,
    };
    let is_settled = matches!(
        report.outcome,
        ChangeOutcome::Applied | ChangeOutcome::Unchanged
    );
    if request.intent == Intent::Apply && is_settled && !entry.is_ended {
        let how = if request.settlement == Settlement::Finish {
            "finished"
        } else {
            "undone"
        };
        close(operations, number, how).await?;
    }
    Ok(report)
}

/// Finishes or undoes a change of a cluster.
async fn of_cluster(
    operations: &Operations,
    told: &Told,
    request: &SettleChange,
) -> Result<ChangeReport, ApiError> {
    let context = context(operations, &told.begun.cluster)?;
    let mut plan = match request.settlement {
        Settlement::Finish => finish(told),
        _ => undo(operations, &context, told).await,
    };
    plan.settles = Some(request.entry);
    plan.release.clone_from(&told.begun.release);
    carry_out(operations, &context, plan, request.intent).await
}

async fn close(operations: &Operations, entry: u32, how: &str) -> Result<(), ApiError> {
    let settled = Happened::Settled {
        how: how.to_owned(),
    };
    Notebook::of(operations).note(entry, &settled).await
}

fn left(intent: Intent) -> ChangeReport {
    ChangeReport {
        intent,
        outcome: ChangeOutcome::Unchanged,
        obstacles: Vec::new(),
        consequences: Vec::new(),
        steps: Vec::new(),
        journal_entry: None,
    }
}

/// What is not known to be done.
fn finish(told: &Told) -> Plan {
    let mut plan = Plan::default();
    for (at, meant) in told.begun.steps.iter().enumerate() {
        if matches!(told.end_of(at), Some((StepProgress::Done, ..))) {
            continue;
        }
        let Some(verb) = meant.verb.verb() else {
            continue;
        };
        let mut step = Planned::new(meant.object(), verb, meant.kubectl.clone());
        step.version.clone_from(&meant.version);
        if meant.is_secret() && !matches!(step.verb, Verb::Delete { .. }) {
            let sentence =
                Phrase::new(PhraseCode::JournalKeepsNoSecrets).with("object", called(&step.object));
            step.obstacle = Some(obstacle(ObstacleKind::Unsupported, sentence));
        }
        // What an earlier step of the same change makes may not be there yet.
        step.needs = (!plan.steps.is_empty()).then_some(0);
        plan.steps.push(step);
    }
    plan
}

/// What takes back what was done, the last first.
async fn undo(operations: &Operations, context: &Context, told: &Told) -> Plan {
    let kubectl = Kubectl::of(context);
    let mut plan = Plan::default();
    for (at, meant) in told.begun.steps.iter().enumerate().rev() {
        let ended = told.end_of(at);
        let is_in_doubt = ended.is_none_or(|(progress, ..)| progress == StepProgress::Unknown);
        let is_done = matches!(ended, Some((StepProgress::Done, ..)));
        if !told.is_begun(at) || !(is_done || is_in_doubt) {
            continue;
        }
        let object = meant.object();
        let found = operations.objects.get(&context.id, object.clone()).await;
        let live = match found {
            Ok(live) => Some(live),
            Err(error)
                if matches!(
                    error.kind,
                    PortErrorKind::NotFound | PortErrorKind::Unsupported
                ) =>
            {
                None
            }
            Err(error) => {
                let mut step =
                    Planned::new(object, Verb::Set { fields: Vec::new() }, String::new());
                step.obstacle = Some(of_error(&error, &step.object));
                plan.steps.push(step);
                continue;
            }
        };
        let fields = match ended {
            Some((StepProgress::Done, _, fields, _)) => fields,
            _ => meant.fields.as_slice(),
        };
        let uid = ended.map_or("", |(_, _, _, uid)| uid);
        let step = match (meant.action, live) {
            (ChangeAction::Create, Some(live)) => {
                // Another object of the same name was made by somebody else.
                if !uid.is_empty() && uid != read::uid(&live) {
                    continue;
                }
                delete(&kubectl, object, read::uid(&live))
            }
            (ChangeAction::Delete, None) => again(&kubectl, meant),
            (ChangeAction::Change, Some(live)) => match restore(&kubectl, object, fields, &live) {
                Some(step) => step,
                None => continue,
            },
            _ => continue,
        };
        plan.steps.push(step);
    }
    plan
}

fn delete(kubectl: &Kubectl, object: ObjectAddress, uid: &str) -> Planned {
    let command = kubectl.delete(&object, Propagation::Background);
    let verb = Verb::Delete {
        propagation: Propagation::Background,
        uid: uid.to_owned(),
    };
    Planned::new(object, verb, command)
}

/// Makes again what was deleted.
fn again(kubectl: &Kubectl, meant: &Meant) -> Planned {
    let object = meant.object();
    let command = kubectl.apply(&object);
    let verb = Verb::Create {
        object: meant.before.clone().unwrap_or_default(),
    };
    let mut step = Planned::new(object, verb, command);
    if meant.is_secret() || meant.before.is_none() {
        let sentence =
            Phrase::new(PhraseCode::JournalKeepsNoSecrets).with("object", called(&step.object));
        step.obstacle = Some(obstacle(ObstacleKind::Unsupported, sentence));
    }
    step
}

/// Gives the fields back their values, those that still have ours.
fn restore(
    kubectl: &Kubectl,
    object: ObjectAddress,
    fields: &[Field],
    live: &Value,
) -> Option<Planned> {
    let mut back: Vec<(FieldPath, Option<Value>)> = Vec::new();
    let (mut kept, mut secret) = (Vec::new(), false);
    for field in fields {
        let now = field.path.get(live);
        if field.is_secret {
            secret = true;
        } else if now == field.after.as_ref() {
            back.push((field.path.clone(), field.before.clone()));
        } else if now != field.before.as_ref() {
            kept.push(field.path.to_string());
        }
    }
    if back.is_empty() && kept.is_empty() && !secret {
        return None;
    }
    let command = kubectl.merge(&object, &as_patch(&back, live));
    let mut step = Planned::new(object, Verb::Set { fields: back }, command);
    if !kept.is_empty() {
        step.consequences.push(
            Phrase::new(PhraseCode::UndoLeavesFields)
                .with("count", kept.len())
                .with("fields", kept.join(", ")),
        );
    }
    if secret {
        let sentence =
            Phrase::new(PhraseCode::JournalKeepsNoSecrets).with("object", called(&step.object));
        step.obstacle = Some(obstacle(ObstacleKind::Unsupported, sentence));
    }
    Some(step)
}

/// The fields as a merge patch, for people who do it with kubectl.
fn as_patch(fields: &[(FieldPath, Option<Value>)], live: &Value) -> Value {
    let mut patch = Value::Object(Map::new());
    for (path, value) in fields {
        // A merge patch knows no items of lists: the list is written whole.
        let names = path
            .0
            .iter()
            .take_while(|step| matches!(step, PathStep::Field(_)));
        let outer = FieldPath(names.cloned().collect());
        let value = if outer == *path {
            value.clone()
        } else {
            let mut wanted = live.clone();
            match value {
                Some(value) => path.set(&mut wanted, value.clone()),
                None => path.remove(&mut wanted),
            };
            outer.get(&wanted).cloned()
        };
        outer.set(&mut patch, value.unwrap_or(Value::Null));
    }
    patch
}
