//! Jobs: pods until the work is done, or has failed too often.
//!
//! Source: `pkg/controller/job` of Kubernetes 1.36. A pod carries the tracking finalizer until it is
//! counted, so that one which is deleted counts as well.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use serde_json::Value;

use self::{
    indexes::Indexes,
    members::{create, delete, index_failures, is_tracked, release},
    policy::Verdict,
    status::{Finish, Progress},
};
use crate::{
    actors::{
        Subject,
        events::Event,
        pods::{self, Phase, Pod, Tally},
        queueing,
    },
    clock, json,
    store::removal::{Propagation, Removal},
    world::{World, agenda::Deed},
};

mod indexes;
mod members;
mod policy;
mod status;

const INDEX: &str = "batch.kubernetes.io/job-completion-index";
/// The first wait after a failed pod; it doubles up to [`LONGEST_BACKOFF`].
const FIRST_BACKOFF: Duration = Duration::from_secs(10);
const LONGEST_BACKOFF: Duration = Duration::from_mins(10);

/// What a job asks for, its defaults added.
struct Plan {
    parallelism: u64,
    /// None for a work queue, which is done when a pod succeeds and none runs.
    completions: Option<u64>,
    is_indexed: bool,
    backoff_limit: u64,
    backoff_limit_per_index: Option<u64>,
}

impl Plan {
    fn of(job: &Value) -> Self {
        let number = |field: &str| job.pointer(field).and_then(Value::as_u64);
        let parallelism = number("/spec/parallelism");
        let completions = number("/spec/completions");
        let per_index = number("/spec/backoffLimitPerIndex");
        Self {
            parallelism: parallelism.unwrap_or(1),
            completions: completions.or_else(|| parallelism.is_none().then_some(1)),
            is_indexed: json::text(job, "/spec/completionMode") == "Indexed",
            backoff_limit: number("/spec/backoffLimit").unwrap_or(if per_index.is_some() {
                u64::MAX
            } else {
                6
            }),
            backoff_limit_per_index: per_index,
        }
    }
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    queueing::manage(world, subject);
    let job = subject.object;
    let owned = pods::owned_by(world, &subject.stored.uid);
    if subject.stored.is_ending || is_over(job).is_some() {
        for pod in &owned {
            release(world, pod);
        }
        return expire(world, subject);
    }
    let plan = Plan::of(job);
    let mut progress = Progress::read(world, subject);
    let mut verdict = None;
    for pod in &owned {
        if let Some(found) = count(world, subject, &plan, &mut progress, pod) {
            verdict.get_or_insert(found);
        }
    }
    let owned = pods::owned_by(world, &subject.stored.uid);
    let finish = progress
        .target()
        .or(verdict)
        .or_else(|| judge(world, subject, &plan, &progress, &owned));
    let is_suspended = json::flag(job, "/spec/suspend");
    if finish.is_some() || is_suspended {
        for pod in owned.iter().filter(|pod| pod.is_active()) {
            delete(world, subject, pod);
        }
    } else {
        keep_up(world, subject, &plan, &progress, &owned);
    }
    status::write(world, subject, &progress, finish.as_ref(), is_suspended);
}

/// Whether the job has ended, and well.
pub(super) fn is_over(job: &Value) -> Option<bool> {
    if status::holds(job, "Complete") {
        return Some(true);
    }
    status::holds(job, "Failed").then_some(false)
}

/// Counts a pod that has ended and lets it go; what its failure means for the whole, if anything.
fn count(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    progress: &mut Progress,
    pod: &Pod,
) -> Option<Finish> {
    let has_failed =
        pod.phase == Phase::Failed || (pod.is_stopping && pod.phase != Phase::Succeeded);
    if pod.phase != Phase::Succeeded && !has_failed {
        return None;
    }
    let object = pod.stored.value();
    if !is_tracked(&object) {
        return None;
    }
    let index: Option<u64> = pod.stored.label(INDEX).and_then(|index| index.parse().ok());
    release(world, pod);
    if !has_failed {
        match index.filter(|_| plan.is_indexed) {
            Some(index) => {
                progress.completed.insert(index);
                progress.succeeded = progress.completed.len();
            }
            None => progress.succeeded += 1,
        }
        return None;
    }
    if json::flag(subject.object, "/spec/suspend") {
        return None;
    }
    progress.last_failure = Some(world.now());
    match policy::verdict(subject.object, &object) {
        Verdict::Ignore => return None,
        Verdict::FailJob(message) => {
            progress.failed += 1;
            return Some(Finish::failed("PodFailurePolicy", message));
        }
        Verdict::FailIndex => {
            progress.failed += 1;
            if let Some(index) = index {
                progress.failed_indexes.insert(index);
            }
            return None;
        }
        Verdict::Count => progress.failed += 1,
    }
    if let (Some(limit), Some(index)) = (plan.backoff_limit_per_index, index) {
        let failures = index_failures(&object) + 1;
        progress.index_failures.insert(index, failures);
        if failures > limit {
            progress.failed_indexes.insert(index);
        }
    }
    None
}

/// Whether the job has reached its end.
fn judge(
    world: &World,
    subject: &Subject<'_>,
    plan: &Plan,
    progress: &Progress,
    owned: &[Pod],
) -> Option<Finish> {
    let job = subject.object;
    let exceeded = "Job has reached the specified backoff limit";
    if progress.failed > plan.backoff_limit
        || (restarts(owned) > plan.backoff_limit
            && json::text(job, "/spec/template/spec/restartPolicy") == "OnFailure")
    {
        return Some(Finish::failed("BackoffLimitExceeded", exceeded));
    }
    let deadline = job
        .pointer("/spec/activeDeadlineSeconds")
        .and_then(Value::as_u64)
        .zip(
            json::text(job, "/status/startTime")
                .parse::<Timestamp>()
                .ok(),
        )
        .map(|(seconds, started)| clock::later(started, Duration::from_secs(seconds)));
    if deadline.is_some_and(|deadline| deadline <= world.now()) && !json::flag(job, "/spec/suspend")
    {
        let message = "Job was active longer than specified deadline";
        return Some(Finish::failed("DeadlineExceeded", message));
    }
    if let Some(message) = policy::success(job, &progress.completed) {
        return Some(Finish::good("SuccessPolicy", message));
    }
    let is_reached = match plan.completions {
        Some(completions) => progress.succeeded >= completions,
        None => progress.succeeded > 0 && Tally::of(owned).active == 0,
    };
    if is_reached {
        let message = "Reached expected number of succeeded pods";
        return Some(Finish::good("CompletionsReached", message));
    }
    let (failed, completions) = (progress.failed_indexes.len(), plan.completions?);
    let most = job
        .pointer("/spec/maxFailedIndexes")
        .and_then(Value::as_u64);
    if most.is_some_and(|most| failed > most) {
        let message = "Job has exceeded the specified maximal number of failed indexes";
        return Some(Finish::failed("MaxFailedIndexesExceeded", message));
    }
    (failed > 0 && failed + progress.completed.len() >= completions)
        .then(|| Finish::failed("FailedIndexes", "Job has failed indexes"))
}

/// How often the containers of the job's pods were started again.
fn restarts(owned: &[Pod]) -> u64 {
    owned
        .iter()
        .flat_map(|pod| {
            let object = pod.stored.value();
            json::items(&object, "/status/containerStatuses")
                .iter()
                .map(|container| json::count(container, "/restartCount"))
                .collect::<Vec<_>>()
        })
        .sum()
}

/// Makes pods that are missing, or deletes those that are too many.
fn keep_up(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    progress: &Progress,
    owned: &[Pod],
) {
    let active: Vec<&Pod> = owned.iter().filter(|pod| pod.is_active()).collect();
    let running = u64::try_from(active.len()).unwrap_or(u64::MAX);
    let wanted = match plan.completions {
        Some(completions) => plan
            .parallelism
            .min(completions.saturating_sub(progress.succeeded + progress.failed_indexes.len())),
        None if progress.succeeded > 0 => running,
        None => plan.parallelism,
    };
    if running > wanted {
        let excess = usize::try_from(running - wanted).unwrap_or(usize::MAX);
        let mut active = active;
        active.sort_by_key(|pod| pod.is_ready);
        for pod in active.into_iter().take(excess) {
            delete(world, subject, pod);
        }
        return;
    }
    let only_failed = json::text(subject.object, "/spec/podReplacementPolicy") == "Failed"
        || subject.object.pointer("/spec/podFailurePolicy").is_some();
    let stopping = owned.iter().filter(|pod| pod.is_stopping).count();
    let missing = wanted - running;
    let missing = if only_failed {
        missing.saturating_sub(u64::try_from(stopping).unwrap_or(u64::MAX))
    } else {
        missing
    };
    if missing == 0 || waits(world, subject, progress) {
        return;
    }
    let taken: BTreeSet<u64> = active
        .iter()
        .filter_map(|pod| pod.stored.label(INDEX)?.parse().ok())
        .collect();
    let room = usize::try_from(missing).unwrap_or(usize::MAX);
    let next: Vec<Option<u64>> = if plan.is_indexed {
        (0..plan.completions.unwrap_or(0))
            .filter(|index| {
                !taken.contains(index)
                    && !progress.completed.contains(*index)
                    && !progress.failed_indexes.contains(*index)
            })
            .take(room)
            .map(Some)
            .collect()
    } else {
        vec![None; room]
    };
    let template = subject
        .object
        .pointer("/spec/template")
        .unwrap_or(&Value::Null);
    let template = queueing::injected(world, subject, template);
    for index in next {
        // The first that is refused ends the attempt: the others would be too.
        if !create(world, subject, &template, index, progress) {
            return;
        }
    }
}

/// After failures the next pods wait, twice as long each time.
fn waits(world: &mut World, subject: &Subject<'_>, progress: &Progress) -> bool {
    let Some(last) = progress.last_failure.filter(|_| progress.failed > 0) else {
        return false;
    };
    let doublings = u32::try_from(progress.failed - 1)
        .unwrap_or(u32::MAX)
        .min(6);
    let wait = FIRST_BACKOFF
        .saturating_mul(1 << doublings)
        .min(LONGEST_BACKOFF);
    let at = clock::later(last, wait);
    if at <= world.now() || world.is_setting_up {
        return false;
    }
    world
        .agenda
        .plan(at, Deed::look(subject.kind, &subject.stored.key));
    true
}

/// Removes a job that has been over for as long as it says.
fn expire(world: &mut World, subject: &Subject<'_>) {
    let job = subject.object;
    let Some(seconds) = job
        .pointer("/spec/ttlSecondsAfterFinished")
        .and_then(Value::as_u64)
    else {
        return;
    };
    let ended = json::items(job, "/status/conditions")
        .iter()
        .filter(|known| ["Complete", "Failed"].contains(&json::text(known, "/type")))
        .find_map(|known| {
            json::text(known, "/lastTransitionTime")
                .parse::<Timestamp>()
                .ok()
        });
    let Some(ended) = ended else { return };
    let at = clock::later(ended, Duration::from_secs(seconds));
    let key = &subject.stored.key;
    if at <= world.now() {
        world.remove(subject.kind, key, &Removal::with(Propagation::Foreground));
    } else {
        world.agenda.plan(at, Deed::look(subject.kind, key));
    }
}

fn say(world: &mut World, subject: &Subject<'_>, event: Event<'_>) {
    event
        .by("job-controller")
        .record(world, subject.kind, subject.stored);
}
