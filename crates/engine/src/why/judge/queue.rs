//! Why a queue does not let something in, or put it out: Kueue.
//!
//! Source: the reasons and messages of `apis/kueue/v1beta2` and `pkg/scheduler` of Kueue 0.19; older
//! releases say less in the reason and the same in the message.

use serde_json::Value;
use strata_api::{
    explanation::{Finding, ReasonCode},
    phrases::PhraseCode,
};

use super::{
    super::{
        amounts,
        case::{Case, Known},
        read,
        words::{amount, brief, field, finding, of_condition, say, seconds},
    },
    Findings, Found, Weight,
};

mod holders;
mod line;

pub(crate) const GROUP: &str = "kueue.x-k8s.io";

/// Judges the workloads of the case.
pub(super) fn judge(case: &Case, findings: &mut Findings) {
    for workload in case.listed(GROUP, "Workload").unwrap_or_default() {
        if is_of(case, workload) {
            judge_workload(case, workload, findings);
        }
    }
}

/// Whether a workload stands for the object, a part or an owner of it.
pub(crate) fn is_of(case: &Case, workload: &Value) -> bool {
    let owners = read::list(workload, "/metadata/ownerReferences");
    let job = read::label(workload, "kueue.x-k8s.io/job-uid");
    std::iter::once(&case.object)
        .chain(case.chain())
        .map(read::uid)
        .any(|uid| job == uid || owners.iter().any(|owner| read::text(owner, "/uid") == uid))
}

fn judge_workload(case: &Case, workload: &Value, findings: &mut Findings) {
    if read::condition_is(workload, "Finished", "True").is_some()
        || read::condition_is(workload, "Admitted", "True").is_some()
    {
        return;
    }
    if workload.pointer("/spec/active").and_then(Value::as_bool) == Some(false) {
        let said = ["Evicted", "QuotaReserved"]
            .into_iter()
            .find_map(|kind| read::condition(workload, kind));
        let sentence = say(PhraseCode::WhyWorkloadInactive).with(
            "message",
            said.map_or("", |said| read::text(said, "/message")),
        );
        let found = Found::new(
            ReasonCode::WorkloadInactive,
            sentence,
            say(PhraseCode::ActActivate),
        );
        findings.add(
            found
                .because(finding(workload, "spec.active", "false"))
                .also(said.map(|said| of_condition(case, workload, said)))
                .weighing(Weight::Decisive)
                .futile(),
        );
        return;
    }
    if let Some(evicted) = read::condition_is(workload, "Evicted", "True") {
        findings.add(put_out(case, workload, evicted));
    }
    judge_checks(case, workload, findings);
    let Some(reserved) = read::condition(workload, "QuotaReserved") else {
        return judge_silent(case, workload, findings);
    };
    if read::text(reserved, "/status") == "False" {
        let found = waiting(case, workload, reserved);
        findings.add(found.because(of_condition(case, workload, reserved)));
    }
}

/// It was let in before, and put out.
fn put_out(case: &Case, workload: &Value, evicted: &Value) -> Found {
    let preempted = read::condition_is(workload, "Preempted", "True");
    let condition = preempted.unwrap_or(evicted);
    let code = if preempted.is_some() || read::text(evicted, "/reason") == "Preempted" {
        ReasonCode::Preempted
    } else {
        ReasonCode::EvictedFromQueue
    };
    let phrase = if code == ReasonCode::Preempted {
        PhraseCode::WhyPreemptedInQueue
    } else {
        PhraseCode::WhyEvictedFromQueue
    };
    let sentence = say(phrase)
        .with("reason", read::text(condition, "/reason"))
        .with("message", brief(read::text(condition, "/message")));
    Found::new(code, sentence, say(PhraseCode::ActQueue))
        .because(of_condition(case, workload, condition))
        .weighing(Weight::Decisive)
}

/// Checks that are not passed yet.
fn judge_checks(case: &Case, workload: &Value, findings: &mut Findings) {
    let reserved = read::condition_is(workload, "QuotaReserved", "True").is_some();
    for check in read::list(workload, "/status/admissionChecks") {
        let state = read::text(check, "/state");
        let waits = reserved && state != "Ready" || state == "Rejected";
        if !waits {
            continue;
        }
        let sentence = say(PhraseCode::WhyAdmissionCheck)
            .with("check", read::text(check, "/name"))
            .with("state", state)
            .with("message", brief(read::text(check, "/message")));
        let found = Found::new(
            ReasonCode::AdmissionCheck,
            sentence,
            say(PhraseCode::ActCheck),
        );
        let mut said = finding(
            workload,
            "status.admissionChecks",
            read::text(check, "/message"),
        );
        super::super::words::date(case, &mut said, read::time(check, "/lastTransitionTime"));
        findings.add(found.because(said));
    }
}

/// The queue has said nothing yet.
fn judge_silent(case: &Case, workload: &Value, findings: &mut Findings) {
    let waited = read::created(workload).map_or(0.0, |created| case.age(created));
    if let Known::Absent = local_queue(case, workload) {
        findings.add(no_queue(workload));
    } else if let Some(found) = line::behind(case, workload) {
        findings.add(found);
    } else if waited > 30.0 {
        let sentence = say(PhraseCode::QueuedFor).with("waited", seconds(waited));
        let found = Found::new(ReasonCode::QueueWaits, sentence, say(PhraseCode::ActQueue));
        findings.add(found.because(finding(workload, "status.conditions", "")));
    }
}

fn local_queue<'a>(case: &'a Case, workload: &Value) -> Known<'a> {
    let name = read::text(workload, "/spec/queueName");
    case.known(GROUP, "LocalQueue", read::namespace(workload), name)
}

/// The cluster queue that its local queue names is not there.
fn no_cluster_queue(local: &Value) -> Found {
    let name = read::text(local, "/spec/clusterQueue");
    let say_of = |phrase| say(phrase).with("kind", "ClusterQueue").with("name", name);
    let (sentence, act) = (
        say_of(PhraseCode::WhyNotThere),
        say_of(PhraseCode::ActCreate),
    );
    Found::new(ReasonCode::QueueMissing, sentence, act)
        .because(finding(local, "spec.clusterQueue", name))
        .futile()
}

fn no_queue(workload: &Value) -> Found {
    let name = read::text(workload, "/spec/queueName");
    let sentence = say(PhraseCode::WhyNotThere)
        .with("kind", "LocalQueue")
        .with("name", name);
    let act = say(PhraseCode::ActCreate)
        .with("kind", "LocalQueue")
        .with("name", name);
    Found::new(ReasonCode::QueueMissing, sentence, act)
        .because(finding(workload, "spec.queueName", name))
        .futile()
}

/// Why it has no quota, by the condition's reason, and by its message where the reason says little.
fn waiting(case: &Case, workload: &Value, reserved: &Value) -> Found {
    let message = read::text(reserved, "/message");
    let said = |code: ReasonCode, phrase: PhraseCode| {
        let sentence = say(phrase).with("message", brief(message));
        Found::new(code, sentence, say(PhraseCode::ActQueue))
    };
    let inactive = || {
        said(ReasonCode::QueueInactive, PhraseCode::WhyQueueInactive)
            .also(says_inactive(case, workload))
    };
    if message.contains("doesn't exist") || message.contains("terminating or missing") {
        return match local_queue(case, workload) {
            Known::There(local) if message.contains("ClusterQueue") => no_cluster_queue(local),
            Known::Unknown if message.contains("ClusterQueue") => inactive(),
            _ => no_queue(workload),
        };
    }
    if message.contains("is inactive") || message.contains("is stopped") {
        return inactive();
    }
    if message.contains("namespace doesn't match") {
        let queue = cluster_queue(case, workload);
        let sentence =
            say(PhraseCode::WhyQueueNamespace).with("queue", queue.map_or("-", read::name));
        let act = say(PhraseCode::ActQueueNamespace);
        return Found::new(ReasonCode::QueueNamespace, sentence, act)
            .also(queue.map(|queue| field(queue, "spec.namespaceSelector")))
            .futile();
    }
    let never = message.contains("maximum capacity") || message.contains("insufficient quota for");
    match read::text(reserved, "/reason") {
        "ExceedsMaxQuota" => never_fits(case, workload, message),
        _ if never && !message.contains("insufficient unused quota") => {
            never_fits(case, workload, message)
        }
        "NoMatchingFlavor" => {
            said(ReasonCode::QueueNoFlavor, PhraseCode::WhyQueueNoFlavor).futile()
        }
        "TopologyPlacementFailed" => said(ReasonCode::QueueTopology, PhraseCode::WhyQueueTopology),
        "WaitingForPreemptedWorkloads" => {
            said(ReasonCode::QueuePreempts, PhraseCode::WhyQueuePreempts)
        }
        "Misconfigured" | "OnHold" | "Suspended" => inactive(),
        _ if message.contains("insufficient unused quota") => short(case, workload, message),
        _ if message.contains("preempt") && message.contains("Pending") => {
            said(ReasonCode::QueuePreempts, PhraseCode::WhyQueuePreempts)
        }
        _ if message.contains("topology") => {
            said(ReasonCode::QueueTopology, PhraseCode::WhyQueueTopology)
        }
        _ if ["untolerated taint", "node affinity", "not found in"]
            .iter()
            .any(|word| message.contains(word)) =>
        {
            said(ReasonCode::QueueNoFlavor, PhraseCode::WhyQueueNoFlavor)
        }
        _ => said(ReasonCode::QueueWaits, PhraseCode::WhyQueueWaits),
    }
}

/// What the workload's queues say of themselves, where they take nothing in.
fn says_inactive(case: &Case, workload: &Value) -> Vec<Finding> {
    let local = match local_queue(case, workload) {
        Known::There(local) => Some(local),
        Known::Absent | Known::Unknown => None,
    };
    [cluster_queue(case, workload), local]
        .into_iter()
        .flatten()
        .filter_map(|queue| {
            let condition = read::condition_is(queue, "Active", "False")?;
            Some(of_condition(case, queue, condition))
        })
        .collect()
}

/// It asks for more than the queue could ever have.
fn never_fits(case: &Case, workload: &Value, message: &str) -> Found {
    let (resource, flavor) = resource_and_flavor(message);
    let sentence = say(PhraseCode::WhyQueueNeverFits)
        .with("resource", resource)
        .with("flavor", flavor)
        .with(
            "queue",
            cluster_queue(case, workload).map_or("-", read::name),
        )
        .with("message", brief(message));
    Found::new(
        ReasonCode::QueueNeverFits,
        sentence,
        say(PhraseCode::ActAskLess),
    )
    .futile()
}

/// `insufficient unused quota for nvidia.com/gpu in flavor h100, 4 more needed`.
fn short(case: &Case, workload: &Value, message: &str) -> Found {
    let (resource, flavor) = resource_and_flavor(message);
    let needed = message
        .split_once("insufficient unused quota for ")
        .and_then(|(_, rest)| rest.split_once(" more needed"))
        .and_then(|(before, _)| before.rsplit_once(", "))
        .map_or("", |(_, needed)| needed);
    let needed = amounts::parse(resource, needed).unwrap_or(0);
    let queue = cluster_queue(case, workload);
    let holders = holders::named(case, queue, resource, flavor);
    let phrase = if holders.is_empty() {
        PhraseCode::WhyQueueShort
    } else {
        PhraseCode::WhyQueueShortHeld
    };
    let sentence = say(phrase)
        .with("short", amount(resource, needed))
        .with("resource", resource)
        .with("flavor", flavor)
        .with("queue", queue.map_or("-", read::name))
        .with("holders", holders);
    let evidence = queue.map(|queue| {
        let field = format!("status.flavorsUsage[{flavor}][{resource}]");
        finding(queue, &field, &usage(queue, resource, flavor))
    });
    Found::new(ReasonCode::QueueShort, sentence, say(PhraseCode::ActQueue)).also(evidence)
}

fn resource_and_flavor(message: &str) -> (&str, &str) {
    let rest = message
        .split_once("quota for ")
        .map_or("", |(_, rest)| rest);
    let (resource, rest) = rest.split_once(" in flavor ").unwrap_or((rest, ""));
    let end = rest.find([',', ' ', '.', ')']).unwrap_or(rest.len());
    (resource, rest.get(..end).unwrap_or(rest))
}

/// The cluster queue behind the workload's local queue.
fn cluster_queue<'a>(case: &'a Case, workload: &Value) -> Option<&'a Value> {
    let Known::There(local) = local_queue(case, workload) else {
        return None;
    };
    let name = read::text(local, "/spec/clusterQueue");
    match case.known(GROUP, "ClusterQueue", "", name) {
        Known::There(queue) => Some(queue),
        Known::Absent | Known::Unknown => None,
    }
}

/// `used 8 (2 borrowed)` of a flavour.
fn usage(queue: &Value, resource: &str, flavor: &str) -> String {
    read::list(queue, "/status/flavorsUsage")
        .iter()
        .filter(|usage| read::text(usage, "/name") == flavor)
        .flat_map(|usage| read::list(usage, "/resources"))
        .find(|usage| read::text(usage, "/name") == resource)
        .map_or_else(String::new, |usage| {
            let text = |field: &str| {
                let value = usage.get(field);
                value.map_or_else(
                    || "0".to_owned(),
                    |value| value.to_string().replace('"', ""),
                )
            };
            format!("used {} (borrowed {})", text("total"), text("borrowed"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_and_flavor_are_read_from_kueues_message() {
        let message = "couldn't assign flavors to pod set main: insufficient unused quota for \
                       nvidia.com/gpu in flavor h100, 4 more needed";
        assert_eq!(resource_and_flavor(message), ("nvidia.com/gpu", "h100"));
    }
}
