//! The judges, one file a stage of the way, and what they find.

mod controller;
pub(super) mod exits;
mod gang;
mod images;
pub(super) mod nodes;
mod object;
mod probes;
pub(super) mod queue;
mod refusals;
mod run;
pub(super) mod scheduling;
mod startup;
pub(super) mod volumes;

use serde_json::Value;
use strata_api::{
    explanation::{Finding, Reason, ReasonCode},
    phrases::Phrase,
};

use super::{case::Case, machines::Machine, read};

/// Pieces of evidence that a reason shows at most.
const SHOWN: usize = 6;

/// How much a finding weighs beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It follows from something else, where there is something else.
    Symptom,
    /// It keeps something from running.
    Cause,
    /// It is the end of the matter, whatever else is so.
    Decisive,
}

/// A reason with its weight.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) reason: Reason,
    pub(super) weight: Weight,
}

impl Found {
    /// A cause.
    pub(super) fn new(code: ReasonCode, sentence: Phrase, action: Phrase) -> Self {
        Self {
            reason: Reason {
                code,
                stage: code.stage(),
                sentence,
                evidence: Vec::new(),
                action,
                waiting_is_futile: false,
                pods: 0,
            },
            weight: Weight::Cause,
        }
    }

    /// The same, with a piece of evidence.
    #[must_use]
    pub(super) fn because(mut self, finding: Finding) -> Self {
        self.reason.evidence.push(finding);
        self
    }

    /// The same, with further evidence.
    #[must_use]
    pub(super) fn also(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.reason.evidence.extend(findings);
        self
    }

    /// The same, with this weight.
    #[must_use]
    pub(super) fn weighing(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// The same, where waiting can never help.
    #[must_use]
    pub(super) fn futile(mut self) -> Self {
        self.reason.waiting_is_futile = true;
        self
    }
}

/// What the judges found.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Found>);

impl Findings {
    /// Adds what concerns no single pod.
    pub(super) fn add(&mut self, found: Found) {
        self.take(found, 0);
    }

    /// Adds what concerns one pod. The same reason of several pods is one.
    pub(super) fn add_pod(&mut self, found: Found) {
        self.take(found, 1);
    }

    fn take(&mut self, found: Found, pods: u32) {
        let known = self
            .0
            .iter_mut()
            .find(|known| known.reason.code == found.reason.code);
        if let Some(known) = known {
            known.weight = known.weight.max(found.weight);
            known.reason.pods += pods;
            for finding in found.reason.evidence {
                let reason = &mut known.reason;
                if reason.evidence.len() < SHOWN && !reason.evidence.contains(&finding) {
                    reason.evidence.push(finding);
                }
            }
        } else {
            let mut found = found;
            found.reason.pods = pods;
            found.reason.evidence.truncate(SHOWN);
            self.0.push(found);
        }
    }

    /// Whether a reason was found.
    pub(super) fn has(&self, code: ReasonCode) -> bool {
        self.0.iter().any(|found| found.reason.code == code)
    }
}

/// Lets every judge look at a case.
pub(super) fn all(case: &Case, findings: &mut Findings) {
    object::judge(case, findings);
    controller::judge(case, findings);
    queue::judge(case, findings);
    gang::judge(case, findings);
    if read::is_a(&case.object, "", "PersistentVolumeClaim") {
        volumes::judge_claim(case, &case.object, findings);
    }
    let machines = Machine::all(case);
    for pod in &case.pods {
        judge_pod(case, &machines, pod, findings);
    }
    nodes::judge_gone(case, findings);
}

/// Goes the way of one pod, as far as it came.
fn judge_pod(case: &Case, machines: &[Machine<'_>], pod: &Value, findings: &mut Findings) {
    if read::text(pod, "/status/phase") == "Succeeded" {
        return;
    }
    if nodes::judge_end(case, pod, findings) {
        return;
    }
    if read::text(pod, "/spec/nodeName").is_empty() {
        let is_held = volumes::judge(case, pod, findings);
        scheduling::judge(case, machines, pod, is_held, findings);
        return;
    }
    if nodes::judge(case, pod, findings) {
        return;
    }
    volumes::judge_mounts(case, pod, findings);
    let blocked = images::judge(case, pod, findings)
        | startup::judge(case, pod, findings)
        | run::judge(case, pod, findings);
    if !blocked {
        probes::judge(case, pod, findings);
    }
}
