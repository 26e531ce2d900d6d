//! Why a gang is not let in: all of its pods are placed, or none.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        case::Case,
        read,
        words::{finding, of_condition, say},
    },
    Findings, Found, Weight,
};

/// The groups that have a kind PodGroup, with where each says how many must be placed together.
const GROUPS: [(&str, &str); 4] = [
    ("scheduling.volcano.sh", "/spec/minMember"),
    ("scheduling.run.ai", "/spec/minMember"),
    ("scheduling.x-k8s.io", "/spec/minMember"),
    ("scheduling.k8s.io", "/spec/schedulingPolicy/gang/minCount"),
];

/// Judges the pod groups, and whether part of a job waits for the rest.
pub(super) fn judge(case: &Case, findings: &mut Findings) {
    for (group, wanted) in GROUPS {
        for pod_group in case.listed(group, "PodGroup").unwrap_or_default() {
            judge_group(case, pod_group, wanted, findings);
        }
    }
    judge_half(case, findings);
}

fn judge_group(case: &Case, pod_group: &Value, wanted: &str, findings: &mut Findings) {
    let unplaced = read::condition_is(pod_group, "Unschedulable", "True")
        .or_else(|| read::condition_is(pod_group, "PodGroupInitiallyScheduled", "False"));
    let is_in = ["Running", "Completed", "Finished", "Scheduled"]
        .contains(&read::text(pod_group, "/status/phase"));
    let Some(condition) = unplaced.filter(|_| !is_in) else {
        return;
    };
    let wanted = read::count(pod_group, wanted);
    let placed = placed(case);
    let sentence = say(PhraseCode::WhyGang)
        .with("group", read::name(pod_group))
        .with("wanted", wanted)
        .with("placed", placed);
    let found = Found::new(
        ReasonCode::GangIncomplete,
        sentence,
        say(PhraseCode::ActGang),
    );
    findings.add(
        found
            .because(of_condition(case, pod_group, condition))
            .weighing(Weight::Decisive),
    );
}

fn placed(case: &Case) -> u32 {
    let placed = case
        .pods
        .iter()
        .filter(|pod| !read::text(pod, "/spec/nodeName").is_empty())
        .count();
    u32::try_from(placed).unwrap_or(u32::MAX)
}

/// Some of a job's pods run and hold what they have, while others find no place. That is no reason
/// by itself: what those lack is.
fn judge_half(case: &Case, findings: &mut Findings) {
    let kind = read::group_kind(&case.object);
    let serves = kind.group == "apps" || kind.kind == "Pod" || kind.kind.contains("Service");
    let placed = placed(case);
    let total = u32::try_from(case.pods.len()).unwrap_or(u32::MAX);
    let waits = case.pods.iter().any(|pod| {
        read::text(pod, "/spec/nodeName").is_empty()
            && read::condition_is(pod, "PodScheduled", "False").is_some()
    });
    if serves || placed == 0 || !waits || findings.has(ReasonCode::GangIncomplete) {
        return;
    }
    let sentence = say(PhraseCode::WhyHalfPlaced)
        .with("placed", placed)
        .with("total", total);
    let found = Found::new(
        ReasonCode::GangIncomplete,
        sentence,
        say(PhraseCode::ActGang),
    );
    let said = finding(&case.object, "pods", &format!("{placed}/{total}"));
    findings.add(found.because(said).weighing(Weight::Symptom));
}
