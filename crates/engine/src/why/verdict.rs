//! Which of the findings is the reason, and how the object does as a whole.

use serde_json::Value;
use strata_api::{
    explanation::{Explanation, Reason, ReasonCode, RunState, Stage},
    phrases::{Phrase, PhraseCode},
};

use super::{
    case::Case,
    judge::{Findings, Found, Weight, exits::keeps_crashing, nodes::is_lost},
    read,
    words::{finding, say},
};

/// How long something may be on its way without a word, in seconds.
const PATIENCE: f64 = 300.0;

/// Phases and conditions by which kinds say that they ended well.
const FINISHED: [&str; 6] = [
    "Complete",
    "Completed",
    "Succeeded",
    "SuccessCriteriaMet",
    "Finished",
    "SUCCEEDED",
];

/// Weighs the findings.
pub(super) fn reach(case: &Case, findings: Findings) -> Explanation {
    let count = Count::of(case);
    let is_alive = !read::is_ending(&case.object);
    if is_alive && (has_finished(&case.object) || is_healthy(case, &count, &findings)) {
        let standing = if has_finished(&case.object) {
            RunState::Finished
        } else {
            RunState::Healthy
        };
        return explanation(case, standing, summary(case, standing, &count), Vec::new());
    }
    let mut found = findings.0;
    demote(&mut found);
    found.sort_by_key(|found| {
        (
            std::cmp::Reverse(found.weight),
            std::cmp::Reverse(found.reason.pods),
            found.reason.stage,
        )
    });
    let standing = standing(case, &found, &count);
    let mut reasons: Vec<Reason> = found.into_iter().map(|found| found.reason).collect();
    if reasons.is_empty() && standing == RunState::NotRunning {
        reasons.push(unknown(case));
    }
    explanation(case, standing, summary(case, standing, &count), reasons)
}

fn explanation(
    case: &Case,
    standing: RunState,
    summary: Phrase,
    reasons: Vec<Reason>,
) -> Explanation {
    let mut reasons = reasons.into_iter();
    Explanation {
        object: read::called(&case.object),
        standing,
        summary,
        reason: reasons.next(),
        others: reasons.collect(),
        unread: case.unread.clone(),
    }
}

/// What follows from another finding gives way to it.
fn demote(found: &mut [Found]) {
    // Ranks that lose one of theirs time out in NCCL: what the one died of is the cause.
    let has_other_end = found.iter().any(|found| {
        found.reason.stage == Stage::Run
            && !matches!(
                found.reason.code,
                ReasonCode::NcclError | ReasonCode::Unknown
            )
    });
    // Where pods are held up by something, what their gang or their gates wait for is that.
    let has_cause = found.iter().any(|found| {
        found.weight >= Weight::Cause && found.reason.code != ReasonCode::SchedulingGated
    });
    for found in found {
        let code = found.reason.code;
        if code == ReasonCode::NcclError && has_other_end
            || code == ReasonCode::SchedulingGated && has_cause
        {
            found.weight = Weight::Symptom;
        }
    }
}

/// The pods of the object.
struct Count {
    wanted: Option<u32>,
    pods: u32,
    failed: u32,
    ready: u32,
    succeeded: u32,
}

impl Count {
    fn of(case: &Case) -> Self {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let in_phase = |phase: &str| {
            let pods = case.pods.iter();
            pods.filter(|pod| read::text(pod, "/status/phase") == phase)
                .count()
        };
        let ready = case
            .pods
            .iter()
            .filter(|pod| {
                read::condition_is(pod, "Ready", "True").is_some()
                    && !read::is_ending(pod)
                    && !keeps_crashing(case, pod)
                    && !is_lost(case, pod)
            })
            .count();
        Self {
            wanted: wanted(&case.object),
            pods: number(case.pods.len()),
            failed: number(in_phase("Failed")),
            ready: number(ready),
            succeeded: number(in_phase("Succeeded")),
        }
    }

    /// Pods that are as they should be, of how many. A controller that knows how many it wants makes
    /// others for those that failed.
    fn well(&self) -> (u32, u32) {
        let well = self.ready + self.succeeded;
        let of = match self.wanted {
            Some(wanted) => wanted.max(self.pods - self.failed),
            None => self.pods,
        };
        (well, of)
    }
}

/// How many pods the object wants, where it says so.
fn wanted(object: &Value) -> Option<u32> {
    let kind = read::group_kind(object);
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => Some(1),
        ("apps", "DaemonSet") => Some(read::count(object, "/status/desiredNumberScheduled")),
        ("apps", _) | ("", "ReplicationController") => Some(
            read::number(object, "/spec/replicas")
                .and_then(|replicas| u32::try_from(replicas).ok())
                .unwrap_or(1),
        ),
        ("batch", "Job") => {
            let parallelism = read::number(object, "/spec/parallelism").unwrap_or(1);
            let left = read::number(object, "/spec/completions")
                .map_or(parallelism, |completions| {
                    completions - i64::from(read::count(object, "/status/succeeded"))
                });
            u32::try_from(parallelism.min(left).max(0)).ok()
        }
        _ => None,
    }
}

fn has_finished(object: &Value) -> bool {
    FINISHED.iter().any(|word| {
        read::condition_is(object, word, "True").is_some()
            || read::text(object, "/status/phase") == *word
            || read::text(object, "/status/jobStatus") == *word
    })
}

/// Whether all of it runs. A custom kind that says itself that it is not ready is taken at its word.
fn is_healthy(case: &Case, count: &Count, findings: &Findings) -> bool {
    if read::is_a(&case.object, "", "PersistentVolumeClaim") {
        return read::text(&case.object, "/status/phase") == "Bound";
    }
    if !super::gather::runs_pods(&case.object) {
        return findings.0.is_empty();
    }
    let (well, of) = count.well();
    let says_otherwise =
        findings.has(ReasonCode::SaysFailed) || findings.has(ReasonCode::InvalidSpec);
    let has_failed = read::condition_is(&case.object, "Failed", "True").is_some();
    let wants_none = count.wanted == Some(0) || read::is_a(&case.object, "batch", "CronJob");
    let is_idle = wants_none && findings.0.is_empty();
    is_idle || of > 0 && well >= of && !says_otherwise && !has_failed
}

fn standing(case: &Case, found: &[Found], count: &Count) -> RunState {
    let object = &case.object;
    if read::is_ending(object) && found.is_empty() {
        return RunState::Ending;
    }
    let has_failed = ["Failed", "FailureTarget"]
        .iter()
        .any(|kind| read::condition_is(object, kind, "True").is_some())
        || [
            "/status/phase",
            "/status/jobStatus",
            "/status/jobDeploymentStatus",
        ]
        .iter()
        .any(|pointer| ["Failed", "FAILED", "Error"].contains(&read::text(object, pointer)));
    if has_failed {
        return RunState::Failed;
    }
    if let Some(first) = found.first() {
        let is_held = matches!(
            first.reason.code,
            ReasonCode::Suspended | ReasonCode::ScaledToZero | ReasonCode::RolloutPaused
        );
        return if is_held {
            RunState::Paused
        } else {
            RunState::NotRunning
        };
    }
    let since = case
        .pods
        .iter()
        .filter(|pod| read::condition_is(pod, "Ready", "True").is_none())
        .filter_map(read::created)
        .min()
        .or_else(|| read::created(object));
    let waited = since.map_or(0.0, |since| case.age(since));
    if waited < PATIENCE || count.pods > 0 && is_loading(case) {
        RunState::Starting
    } else {
        RunState::NotRunning
    }
}

/// Whether what is not ready was started only lately.
fn is_loading(case: &Case) -> bool {
    let starts = case
        .pods
        .iter()
        .filter(|pod| read::condition_is(pod, "Ready", "True").is_none())
        .flat_map(|pod| read::list(pod, "/status/containerStatuses"))
        .filter_map(|status| read::time(status, "/state/running/startedAt"));
    starts.max().is_some_and(|start| case.age(start) < PATIENCE)
}

fn summary(case: &Case, standing: RunState, count: &Count) -> Phrase {
    let (well, of) = count.well();
    let phrase = match standing {
        RunState::Finished => return say(PhraseCode::WhyFinished),
        RunState::Ending => return say(PhraseCode::WhyEnding),
        _ if read::is_a(&case.object, "", "PersistentVolumeClaim") => {
            let phase = read::text(&case.object, "/status/phase");
            return say(PhraseCode::Word).with("word", phase);
        }
        _ if !super::gather::runs_pods(&case.object) => return say(PhraseCode::WhyRunsNothing),
        RunState::Paused => PhraseCode::WhyHeld,
        RunState::Failed => PhraseCode::WhyFailedCount,
        RunState::Starting => PhraseCode::WhyStartingCount,
        RunState::Healthy | RunState::NotRunning => PhraseCode::WhyReadyCount,
    };
    say(phrase).with("ready", well).with("pods", of)
}

/// Nothing that was looked at tells why.
fn unknown(case: &Case) -> Reason {
    let object = &case.object;
    let phase = read::text(object, "/status/phase");
    let act = say(PhraseCode::ActObject).with("object", read::called(object).to_string());
    let found = Found::new(ReasonCode::Unknown, say(PhraseCode::WhyUnknown), act);
    found.because(finding(object, "status.phase", phase)).reason
}
