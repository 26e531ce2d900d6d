//! What the object says of itself: held on purpose, ended, stuck.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        case::Case,
        read,
        words::{brief, date, field, finding, of_condition, say, seconds},
    },
    Findings, Found, Weight, queue,
};

/// How long a deletion may take, in seconds.
const DELETION_PATIENCE: f64 = 120.0;

/// Fields by which kinds are told to stand still.
const SUSPENDS: [&str; 2] = ["spec.suspend", "spec.runPolicy.suspend"];

/// Judges the object, its parts and its owners.
pub(super) fn judge(case: &Case, findings: &mut Findings) {
    judge_deletion(case, &case.object, findings);
    for object in case.chain() {
        judge_hold(case, object, findings);
        judge_job(case, object, findings);
        judge_rollout(case, object, findings);
    }
    judge_custom(case, &case.object, findings);
    if read::is_a(&case.object, "", "Pod") {
        judge_pod_deadline(case, &case.object, findings);
    }
}

/// Deletion that does not come to its end.
fn judge_deletion(case: &Case, object: &Value, findings: &mut Findings) {
    let Some(asked) = read::time(object, "/metadata/deletionTimestamp") else {
        return;
    };
    // A pod's deletion time lies ahead by its grace period.
    let waited = case.age(asked);
    if waited < DELETION_PATIENCE {
        return;
    }
    let finalizers: Vec<&str> = read::list(object, "/metadata/finalizers")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let sentence = if finalizers.is_empty() {
        say(PhraseCode::PodSlowEnd)
    } else {
        say(PhraseCode::WhyStuckDeleting).with("finalizers", finalizers.join(", "))
    };
    let sentence = sentence.with("waited", seconds(waited));
    let mut said = finding(object, "metadata.finalizers", &finalizers.join(", "));
    date(case, &mut said, Some(asked));
    let act = say(PhraseCode::ActFinalizers);
    findings.add(Found::new(ReasonCode::StuckDeleting, sentence, act).because(said));
}

/// Somebody told it to stand still, or to have no replicas.
fn judge_hold(case: &Case, object: &Value, findings: &mut Findings) {
    let called = read::called(object);
    let suspended = SUSPENDS.iter().find(|path| {
        let pointer = format!("/{}", path.replace('.', "/"));
        read::flag(object, &pointer)
    });
    if let Some(path) = suspended {
        // Kueue suspends what waits in a queue: then the queue has the reason.
        let workloads = case.listed(queue::GROUP, "Workload").unwrap_or_default();
        let is_queued = !read::label(object, "kueue.x-k8s.io/queue-name").is_empty()
            || workloads
                .iter()
                .any(|workload| queue::is_of(case, workload));
        let weight = if is_queued {
            Weight::Symptom
        } else {
            Weight::Decisive
        };
        let sentence = say(PhraseCode::WhySuspended).with("object", called.to_string());
        let found = Found::new(ReasonCode::Suspended, sentence, say(PhraseCode::ActResume));
        let condition = read::condition_is(object, "Suspended", "True");
        findings.add(
            found
                .because(field(object, path))
                .also(condition.map(|condition| of_condition(case, object, condition)))
                .weighing(weight),
        );
    }
    let stopped = ["kubeflow-resource-stopped", "serving.kserve.io/stop"]
        .into_iter()
        .find(|key| {
            let value = read::annotation(object, key);
            !value.is_empty() && value != "false"
        });
    if let Some(key) = stopped {
        let sentence = say(PhraseCode::WhySuspended).with("object", called.to_string());
        let found = Found::new(ReasonCode::Suspended, sentence, say(PhraseCode::ActResume));
        let said = finding(
            object,
            &format!("metadata.annotations[{key}]"),
            read::annotation(object, key),
        );
        findings.add(found.because(said).weighing(Weight::Decisive));
    }
    let is_scaled = read::number(object, "/spec/replicas") == Some(0)
        && !read::is_a(object, "apps", "ReplicaSet");
    if is_scaled {
        let sentence = say(PhraseCode::WhyScaledToZero).with("object", called.to_string());
        let found = Found::new(
            ReasonCode::ScaledToZero,
            sentence,
            say(PhraseCode::ActScale),
        );
        findings.add(
            found
                .because(field(object, "spec.replicas"))
                .weighing(Weight::Decisive),
        );
    }
    if read::is_a(object, "apps", "Deployment") && read::flag(object, "/spec/paused") {
        let sentence = say(PhraseCode::WhyRolloutPaused).with("object", called.to_string());
        let found = Found::new(
            ReasonCode::RolloutPaused,
            sentence,
            say(PhraseCode::ActResume),
        );
        let weight = if case.pods.is_empty() {
            Weight::Decisive
        } else {
            Weight::Symptom
        };
        findings.add(found.because(field(object, "spec.paused")).weighing(weight));
    }
}

/// How a Job ended.
fn judge_job(case: &Case, object: &Value, findings: &mut Findings) {
    if !read::is_a(object, "batch", "Job") {
        return;
    }
    let failed = read::condition_is(object, "Failed", "True")
        .or_else(|| read::condition_is(object, "FailureTarget", "True"));
    let Some(failed) = failed else {
        return;
    };
    let message = read::text(failed, "/message");
    let (code, phrase, act, weight) = match read::text(failed, "/reason") {
        "DeadlineExceeded" => (
            ReasonCode::DeadlineExceeded,
            say(PhraseCode::WhyDeadline)
                .with("limit", limit(object, "/spec/activeDeadlineSeconds")),
            say(PhraseCode::ActDeadline),
            Weight::Decisive,
        ),
        "PodFailurePolicy" => (
            ReasonCode::FailurePolicy,
            say(PhraseCode::WhyFailurePolicy).with("message", brief(message)),
            say(PhraseCode::ActFailurePolicy),
            Weight::Decisive,
        ),
        _ => (
            ReasonCode::BackoffLimit,
            say(PhraseCode::WhyBackoffLimit)
                .with("failed", read::count(object, "/status/failed"))
                .with("limit", read::count(object, "/spec/backoffLimit")),
            say(PhraseCode::ActBackoff),
            Weight::Symptom,
        ),
    };
    let found = Found::new(code, phrase, act).because(of_condition(case, object, failed));
    findings.add(found.weighing(weight).futile());
}

fn limit(object: &Value, pointer: &str) -> strata_api::phrases::PhraseValue {
    seconds(f64::from(read::count(object, pointer)))
}

/// A pod that ran longer than it may.
fn judge_pod_deadline(case: &Case, pod: &Value, findings: &mut Findings) {
    if read::text(pod, "/status/reason") != "DeadlineExceeded" {
        return;
    }
    let sentence =
        say(PhraseCode::WhyDeadline).with("limit", limit(pod, "/spec/activeDeadlineSeconds"));
    let found = Found::new(
        ReasonCode::DeadlineExceeded,
        sentence,
        say(PhraseCode::ActDeadline),
    );
    let mut said = finding(pod, "status.reason", read::text(pod, "/status/message"));
    date(case, &mut said, read::time(pod, "/status/startTime"));
    findings.add_pod(found.because(said).weighing(Weight::Decisive).futile());
}

/// A rollout that does not go on.
fn judge_rollout(case: &Case, object: &Value, findings: &mut Findings) {
    let Some(condition) = read::condition_is(object, "Progressing", "False") else {
        return;
    };
    if read::text(condition, "/reason") != "ProgressDeadlineExceeded" {
        return;
    }
    let sentence = say(PhraseCode::WhyRolloutStuck)
        .with("object", read::called(object).to_string())
        .with("limit", limit(object, "/spec/progressDeadlineSeconds"));
    let found = Found::new(
        ReasonCode::RolloutStuck,
        sentence,
        say(PhraseCode::ActRollout),
    );
    findings.add(
        found
            .because(of_condition(case, object, condition))
            .weighing(Weight::Symptom),
    );
}

/// What a custom kind says in its conditions or its phase.
fn judge_custom(case: &Case, object: &Value, findings: &mut Findings) {
    let is_custom = read::group_kind(object).group.contains('.');
    if !is_custom {
        return;
    }
    let failed = ["Failed", "Failure"]
        .into_iter()
        .find_map(|kind| read::condition_is(object, kind, "True"));
    let unready = ["Ready", "Available"]
        .into_iter()
        .find_map(|kind| read::condition_is(object, kind, "False"));
    if let Some(condition) = failed.or(unready) {
        let reason = read::text(condition, "/reason");
        let message = read::text(condition, "/message");
        let found = says(object, reason, message, failed.is_some());
        return findings.add(found.because(of_condition(case, object, condition)));
    }
    for (phase, reason, message) in PHASES {
        let said = read::text(object, phase);
        if FAILED.contains(&said) {
            let reason = read::text(object, reason);
            let message = read::text(object, message);
            let found = says(
                object,
                if reason.is_empty() { said } else { reason },
                message,
                true,
            );
            let path = phase.trim_start_matches('/').replace('/', ".");
            findings.add(found.because(field(object, &path)));
        }
    }
}

/// Where custom kinds say their phase, the reason of it and the message about it.
const PHASES: [(&str, &str, &str); 5] = [
    (
        "/status/jobDeploymentStatus",
        "/status/reason",
        "/status/message",
    ),
    ("/status/phase", "/status/reason", "/status/message"),
    ("/status/state", "/status/reason", "/status/message"),
    (
        "/status/state/phase",
        "/status/state/reason",
        "/status/state/message",
    ),
    (
        "/status/applicationState/state",
        "/status/reason",
        "/status/applicationState/errorMessage",
    ),
];

/// The words by which they say that it failed.
const FAILED: [&str; 7] = [
    "Failed",
    "FAILED",
    "Error",
    "failed",
    "ValidationFailed",
    "SUBMISSION_FAILED",
    "Aborted",
];

/// The object says that it does badly.
fn says(object: &Value, reason: &str, message: &str, is_end: bool) -> Found {
    let name = read::called(object).to_string();
    if reason.contains("Deadline") {
        let limit = limit(object, "/spec/activeDeadlineSeconds");
        let sentence = say(PhraseCode::WhyDeadline).with("limit", limit);
        let found = Found::new(
            ReasonCode::DeadlineExceeded,
            sentence,
            say(PhraseCode::ActDeadline),
        );
        return found.weighing(Weight::Decisive).futile();
    }
    let sentence = if message.is_empty() {
        say(PhraseCode::WhySays)
    } else {
        say(PhraseCode::WhySaysWhy).with("message", brief(message))
    };
    let sentence = sentence
        .with("object", name.as_str())
        .with("reason", reason);
    let act = say(PhraseCode::ActObject).with("object", name.as_str());
    let is_refusal = [
        "ValidationFailed",
        "InvalidSpec",
        "InvalidPredictorSpec",
        "NoSupportingRuntime",
        "RuntimeNotRecognized",
    ]
    .iter()
    .any(|word| reason.contains(word));
    if is_refusal {
        return Found::new(ReasonCode::InvalidSpec, sentence, act).futile();
    }
    let found = Found::new(ReasonCode::SaysFailed, sentence, act).weighing(Weight::Symptom);
    if is_end { found.futile() } else { found }
}
