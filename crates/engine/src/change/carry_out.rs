//! The way of every change: ask, and where that is wanted and nothing stands in the way, do.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use strata_api::{
    change::{
        ChangeAction, ChangeOutcome, ChangeReport, ChangeStep, Intent, Obstacle, ObstacleKind,
        StepProgress,
    },
    error::ApiError,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::ids::ClusterId;
use strata_ports::{
    contexts::Context,
    control::{Effect, Refusal, Verb, Written},
    error::PortErrorKind,
    objects::ObjectAddress,
};

use super::{
    gate::Pass,
    guard, hurt,
    kubectl::Kubectl,
    obstacle::{called, obstacle, of_refusal},
    permissions,
    plan::{Plan, Planned},
    record::{self, Happened, Meant, Record},
    shown,
};
use crate::{operations::Operations, why::read};

/// How long what an earlier write made may take until the API server knows it: a new kind is served
/// within moments of its definition.
const SETTLING: Duration = Duration::from_secs(15);
const SETTLING_STEP: Duration = Duration::from_millis(250);
/// How often a budget is asked again; kubectl does so too.
const HELD_STEP: Duration = Duration::from_secs(5);
/// Questions that are asked at once.
const AT_ONCE: usize = 8;

/// Carries out `plan` on the cluster of `context` as far as `intent` wants it.
pub(crate) async fn carry_out(
    operations: &Operations,
    context: &Context,
    mut plan: Plan,
    intent: Intent,
) -> Result<ChangeReport, ApiError> {
    let pass = guard::pass(operations, context).await?;
    let mut obstacles = std::mem::take(&mut plan.obstacles);
    obstacles.extend(pass.as_ref().err().cloned());
    permissions::check(&operations.gate, &context.id, &mut plan).await;
    let asked = ask_all(operations, &context.id, &plan.steps).await;
    let (steps, written): (Vec<ChangeStep>, Vec<Option<Written>>) = asked.into_iter().unzip();
    let mut report = ChangeReport {
        intent,
        outcome: ChangeOutcome::Ready,
        obstacles,
        consequences: std::mem::take(&mut plan.consequences),
        steps,
        journal_entry: None,
    };
    report.outcome = outcome(&report);
    if let Ok(pass) = pass
        && intent == Intent::Apply
        && report.outcome == ChangeOutcome::Ready
    {
        let meant = plan.steps.iter().zip(&report.steps).zip(&written);
        let meant = meant.map(|((step, told), written)| Meant::of(step, told, written.as_ref()));
        let record = Record::begin(operations, context, &plan, meant.collect()).await?;
        report.journal_entry = Some(record.entry);
        write_all(operations, &pass, &plan, &mut report, &record).await;
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

/// Asks the API server what would come of each write, several at once.
async fn ask_all(
    operations: &Operations,
    cluster: &ClusterId,
    steps: &[Planned],
) -> Vec<(ChangeStep, Option<Written>)> {
    let questions: Vec<_> = steps
        .iter()
        .map(|step| ask(operations, cluster, step))
        .collect();
    stream::iter(questions).buffered(AT_ONCE).collect().await
}

async fn ask(
    operations: &Operations,
    cluster: &ClusterId,
    step: &Planned,
) -> (ChangeStep, Option<Written>) {
    let mut told = blank(step);
    if told.obstacle.is_some() {
        return (told, None);
    }
    match operations.gate.ask(cluster, request(step)).await {
        Ok(written) => {
            tell(&mut told, step, &written, StepProgress::Planned);
            return (told, Some(written));
        }
        Err(refusal) if is_early(step, &refusal) => assume(&mut told, step),
        Err(refusal) => refuse(&mut told, step, &refusal),
    }
    (told, None)
}

/// Makes the writes, one after the other, until one fails.
async fn write_all(
    operations: &Operations,
    pass: &Pass,
    plan: &Plan,
    report: &mut ChangeReport,
    record: &Record,
) {
    for told in &mut report.steps {
        told.progress = StepProgress::NotReached;
    }
    for (at, (step, told)) in plan.steps.iter().zip(&mut report.steps).enumerate() {
        // What cannot be noted down is not done.
        if let Err(error) = record.note(&Happened::StepBegun { step: at }).await {
            report.obstacles.push(unrecorded(&error));
            break;
        }
        let written = write(operations, pass, step).await;
        match &written {
            Ok(written) => tell(told, step, written, StepProgress::Done),
            Err(refusal) => refuse(told, step, refusal),
        }
        let ended = ended(at, told, written.as_ref().ok());
        if let Err(error) = record.note(&ended).await {
            report.obstacles.push(unrecorded(&error));
            break;
        }
        if told.progress != StepProgress::Done {
            break;
        }
    }
    report.outcome = came_to(&report.steps);
    // A change in doubt stays open: the next start asks what became of it.
    let is_in_doubt = |step: &ChangeStep| step.progress == StepProgress::Unknown;
    if !report.steps.iter().any(is_in_doubt) {
        let ended = Happened::Ended {
            outcome: report.outcome,
        };
        if let Err(error) = record.note(&ended).await {
            report.obstacles.push(unrecorded(&error));
        }
    }
}

/// What came of the writes.
fn came_to(steps: &[ChangeStep]) -> ChangeOutcome {
    let count = |progress| {
        steps
            .iter()
            .filter(|step| step.progress == progress)
            .count()
    };
    let done = count(StepProgress::Done);
    if done == steps.len() {
        ChangeOutcome::Applied
    } else if done + count(StepProgress::Unknown) > 0 {
        ChangeOutcome::Partial
    } else {
        ChangeOutcome::Failed
    }
}

/// What the journal says of a write that was made or refused.
fn ended(step: usize, told: &ChangeStep, written: Option<&Written>) -> Happened {
    let message = told
        .obstacle
        .as_ref()
        .map(|obstacle| obstacle.details.join(": "));
    let made = written.and_then(|written| written.after.as_ref());
    Happened::StepEnded {
        step,
        progress: told.progress,
        message: message.unwrap_or_default(),
        fields: record::fields(written),
        uid: made
            .map(|made| read::uid(made).to_owned())
            .unwrap_or_default(),
    }
}

fn unrecorded(error: &ApiError) -> Obstacle {
    let mut stopped = obstacle(
        ObstacleKind::Unsupported,
        Phrase::new(PhraseCode::JournalNotWritten),
    );
    stopped.details.push(error.to_string());
    stopped
}

/// Makes one write. What needs an earlier one is tried until the API server knows that, and what a
/// budget holds for as long as the plan has patience.
async fn write(operations: &Operations, pass: &Pass, step: &Planned) -> Result<Written, Refusal> {
    let mut waited = Duration::ZERO;
    loop {
        let written = operations.gate.write(pass, request(step)).await;
        let (pause, limit) = match &written {
            Err(refusal) if is_early(step, refusal) => (SETTLING_STEP, SETTLING),
            Ok(written) if written.effect == Effect::Held => (HELD_STEP, step.patience),
            _ => return written,
        };
        if waited >= limit {
            return written;
        }
        tokio::time::sleep(pause).await;
        waited += pause;
    }
}

/// Whether a write is refused since what it needs is not there yet.
fn is_early(step: &Planned, refusal: &Refusal) -> bool {
    // An object that is made anew is still there until the old one is gone.
    let waits_for_end = matches!(step.verb, Verb::Create { .. });
    step.needs.is_some()
        && match refusal.error.kind {
            PortErrorKind::Unsupported | PortErrorKind::NotFound => true,
            PortErrorKind::Conflict => waits_for_end,
            _ => false,
        }
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
    if let Verb::Apply { object, .. } | Verb::Create { object } = &step.verb {
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
        Effect::Held if progress == StepProgress::Planned && !step.patience.is_zero() => {
            told.consequences
                .push(Phrase::new(PhraseCode::BudgetHoldsNow));
            None
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
