//! The way of every change: ask, and where that is wanted and nothing stands in the way, do.

use std::time::Duration;

use strata_api::{
    change::{
        ChangeAction, ChangeOutcome, ChangeReport, ChangeStep, Intent, ObstacleKind, StepProgress,
    },
    error::ApiError,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::ids::ClusterId;
use strata_ports::{
    control::{Effect, Refusal, Verb, Written},
    error::PortErrorKind,
    objects::ObjectAddress,
};

use super::{
    gate::Pass,
    hurt,
    kubectl::Kubectl,
    obstacle::{called, obstacle, of_refusal},
    permissions,
    plan::{Plan, Planned},
    shown,
};
use crate::operations::Operations;

/// How long what an earlier write made may take until the API server knows it: a new kind is served
/// within moments of its definition.
const SETTLING: Duration = Duration::from_secs(15);
const SETTLING_STEP: Duration = Duration::from_millis(250);

/// Carries out `plan` on `cluster` as far as `intent` wants it.
pub(crate) async fn carry_out(
    operations: &Operations,
    cluster: &ClusterId,
    mut plan: Plan,
    intent: Intent,
) -> Result<ChangeReport, ApiError> {
    permissions::check(&operations.gate, cluster, &mut plan).await;
    let mut steps = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        steps.push(ask(operations, cluster, step).await);
    }
    let mut report = ChangeReport {
        intent,
        outcome: ChangeOutcome::Ready,
        obstacles: std::mem::take(&mut plan.obstacles),
        consequences: std::mem::take(&mut plan.consequences),
        steps,
        journal_entry: None,
    };
    report.outcome = outcome(&report);
    if intent == Intent::Apply && report.outcome == ChangeOutcome::Ready {
        let pass = Pass::for_cluster(cluster);
        write_all(operations, &pass, &plan, &mut report).await;
    }
    Ok(report)
}

/// How a change stands that was only asked about.
fn outcome(report: &ChangeReport) -> ChangeOutcome {
    let is_blocked =
        !report.obstacles.is_empty() || report.steps.iter().any(|step| step.obstacle.is_some());
    if is_blocked {
        ChangeOutcome::Blocked
    } else if report
        .steps
        .iter()
        .all(|step| step.action == ChangeAction::Unchanged)
    {
        ChangeOutcome::Unchanged
    } else {
        ChangeOutcome::Ready
    }
}

/// Asks the API server what would come of one write.
async fn ask(operations: &Operations, cluster: &ClusterId, step: &Planned) -> ChangeStep {
    let mut told = blank(step);
    if told.obstacle.is_some() {
        return told;
    }
    match operations.gate.ask(cluster, request(step)).await {
        Ok(written) => tell(&mut told, step, &written, StepProgress::Planned),
        Err(refusal) if is_early(step, &refusal) => assume(&mut told, step),
        Err(refusal) => refuse(&mut told, step, &refusal),
    }
    told
}

/// Makes the writes, one after the other, until one fails.
async fn write_all(operations: &Operations, pass: &Pass, plan: &Plan, report: &mut ChangeReport) {
    for told in &mut report.steps {
        told.progress = StepProgress::NotReached;
    }
    for (step, told) in plan.steps.iter().zip(&mut report.steps) {
        match write(operations, pass, step).await {
            Ok(written) => tell(told, step, &written, StepProgress::Done),
            Err(refusal) => refuse(told, step, &refusal),
        }
        if told.progress != StepProgress::Done {
            break;
        }
    }
    let done = |step: &&ChangeStep| step.progress == StepProgress::Done;
    let count = report.steps.iter().filter(done).count();
    report.outcome = if count == report.steps.len() {
        ChangeOutcome::Applied
    } else if count > 0
        || report
            .steps
            .iter()
            .any(|step| step.progress == StepProgress::Unknown)
    {
        ChangeOutcome::Partial
    } else {
        ChangeOutcome::Failed
    };
}

/// Makes one write. What needs an earlier one is tried until the API server knows that.
async fn write(operations: &Operations, pass: &Pass, step: &Planned) -> Result<Written, Refusal> {
    let mut waited = Duration::ZERO;
    loop {
        let written = operations.gate.write(pass, request(step)).await;
        if !matches!(&written, Err(refusal) if waited < SETTLING && is_early(step, refusal)) {
            return written;
        }
        tokio::time::sleep(SETTLING_STEP).await;
        waited += SETTLING_STEP;
    }
}

/// Whether a write is refused since what it needs is not there yet.
fn is_early(step: &Planned, refusal: &Refusal) -> bool {
    step.needs.is_some()
        && matches!(
            refusal.error.kind,
            PortErrorKind::Unsupported | PortErrorKind::NotFound
        )
}

fn request(step: &Planned) -> (ObjectAddress, String, Verb) {
    (step.object.clone(), step.version.clone(), step.verb.clone())
}

/// A step of which nothing is known yet but its plan.
fn blank(step: &Planned) -> ChangeStep {
    ChangeStep {
        object: shown::named(&step.object),
        api_version: shown::api_version(&step.object, &step.version),
        line: step.source.as_ref().map(|source| source.lines.line),
        action: ChangeAction::Unknown,
        progress: StepProgress::Blocked,
        is_assumed: false,
        fields: Vec::new(),
        conflicts: Vec::new(),
        consequences: step.consequences.clone(),
        obstacle: step.obstacle.clone(),
        warnings: Vec::new(),
        kubectl: step.kubectl.clone(),
        before: String::new(),
        after: String::new(),
    }
}

/// Tells of a write that can only be asked about once an earlier one is made.
fn assume(told: &mut ChangeStep, step: &Planned) {
    told.is_assumed = true;
    told.action = ChangeAction::Create;
    told.progress = StepProgress::Planned;
    if let Verb::Apply { object, .. } = &step.verb {
        told.after = shown::yaml(Some(object));
    }
}

/// Tells what came of a write.
fn tell(told: &mut ChangeStep, step: &Planned, written: &Written, progress: StepProgress) {
    told.progress = progress;
    told.is_assumed = false;
    told.fields = written.fields.iter().map(shown::difference).collect();
    told.conflicts = written.conflicts.iter().map(shown::conflict).collect();
    told.consequences.clone_from(&step.consequences);
    told.consequences.extend(hurt::of(written));
    told.warnings.clone_from(&written.warnings);
    told.before = shown::yaml(written.before.as_ref());
    told.after = shown::yaml(written.after.as_ref());
    told.action = match (written.effect, &step.verb) {
        (Effect::Created, _) => ChangeAction::Create,
        (Effect::Changed | Effect::Undecided, _) => ChangeAction::Change,
        (Effect::Unchanged, _) => ChangeAction::Unchanged,
        (Effect::Deleted | Effect::Held, Verb::Evict { .. }) => ChangeAction::Evict,
        (Effect::Deleted | Effect::Held, _) => ChangeAction::Delete,
    };
    if written.is_forced {
        told.kubectl.push_str(Kubectl::FORCED);
    }
    let open = written
        .conflicts
        .iter()
        .filter(|conflict| conflict.taken.is_none());
    let stopped = match written.effect {
        Effect::Undecided => {
            let sentence = Phrase::new(PhraseCode::FieldsOfOthers)
                .with("object", called(&step.object))
                .with("count", open.count());
            Some(obstacle(ObstacleKind::Conflict, sentence))
        }
        Effect::Held => {
            let sentence =
                Phrase::new(PhraseCode::BudgetHolds).with("object", called(&step.object));
            let mut held = obstacle(ObstacleKind::Budget, sentence);
            held.details = std::mem::take(&mut told.warnings);
            Some(held)
        }
        _ => None,
    };
    if let Some(mut stopped) = stopped {
        stopped.line = told.line;
        told.obstacle = Some(stopped);
        told.progress = match progress {
            StepProgress::Planned => StepProgress::Blocked,
            _ => StepProgress::Failed,
        };
    }
}

/// Tells why a write did not come about.
fn refuse(told: &mut ChangeStep, step: &Planned, refusal: &Refusal) {
    told.obstacle = Some(of_refusal(refusal, &step.object, step.source.as_ref()));
    told.progress = match (told.progress, refusal.error.kind) {
        (StepProgress::Blocked, _) => StepProgress::Blocked,
        (_, PortErrorKind::Timeout) => StepProgress::Unknown,
        _ => StepProgress::Failed,
    };
}
