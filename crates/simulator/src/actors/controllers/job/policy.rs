//! What a job says about single failures and about which successes are enough.

use serde_json::Value;

use super::indexes::Indexes;
use crate::json;

/// What a failed pod means for its job.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Count,
    Ignore,
    FailIndex,
    FailJob(String),
}

/// The first rule of the pod failure policy that matches `pod`.
pub(super) fn verdict(job: &Value, pod: &Value) -> Verdict {
    let rules = json::items(job, "/spec/podFailurePolicy/rules");
    for (at, rule) in rules.iter().enumerate() {
        let action = json::text(rule, "/action");
        let Some(matched) = matches(rule, pod) else {
            continue;
        };
        return match action {
            "FailJob" => Verdict::FailJob(format!("{matched} matching FailJob rule at index {at}")),
            "FailIndex" => Verdict::FailIndex,
            "Ignore" => Verdict::Ignore,
            _ => Verdict::Count,
        };
    }
    Verdict::Count
}

fn matches(rule: &Value, pod: &Value) -> Option<String> {
    let namespace = json::text(pod, "/metadata/namespace");
    let name = json::text(pod, "/metadata/name");
    if let Some(wanted) = rule.get("onExitCodes") {
        let only = json::text(wanted, "/containerName");
        let codes: Vec<i64> = json::items(wanted, "/values")
            .iter()
            .filter_map(Value::as_i64)
            .collect();
        let is_in = json::text(wanted, "/operator") == "In";
        return ["initContainerStatuses", "containerStatuses"]
            .into_iter()
            .flat_map(|list| json::items(pod, &format!("/status/{list}")))
            .filter(|status| only.is_empty() || json::text(status, "/name") == only)
            .find_map(|status| {
                let code = status.pointer("/state/terminated/exitCode")?.as_i64()?;
                (code != 0 && codes.contains(&code) == is_in).then(|| {
                    let container = json::text(status, "/name");
                    format!("Container {container} for pod {namespace}/{name} failed with exit code {code}")
                })
            });
    }
    json::items(rule, "/onPodConditions")
        .iter()
        .find_map(|wanted| {
            let kind = json::text(wanted, "/type");
            let status = match json::text(wanted, "/status") {
                "" => "True",
                status => status,
            };
            json::items(pod, "/status/conditions")
                .iter()
                .any(|known| {
                    json::text(known, "/type") == kind && json::text(known, "/status") == status
                })
                .then(|| format!("Pod {namespace}/{name} has condition {kind}"))
        })
}

/// The message of the success policy's rule that the completed indexes fulfil.
pub(super) fn success(job: &Value, completed: &Indexes) -> Option<String> {
    let rules = json::items(job, "/spec/successPolicy/rules");
    rules.iter().enumerate().find_map(|(at, rule)| {
        let wanted = rule
            .get("succeededIndexes")
            .and_then(Value::as_str)
            .map(Indexes::read);
        let among: u64 = match &wanted {
            Some(wanted) => wanted
                .iter()
                .map(|index| u64::from(completed.contains(index)))
                .sum(),
            None => completed.len(),
        };
        let enough = rule
            .get("succeededCount")
            .and_then(Value::as_u64)
            .or_else(|| wanted.as_ref().map(Indexes::len))?;
        (among >= enough).then(|| format!("Matched rules at index {at}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_on_exit_codes_fails_the_job_in_the_controllers_words() {
        let job = json!({ "spec": { "podFailurePolicy": { "rules": [{ "action": "FailJob",
            "onExitCodes": { "operator": "In", "values": [42] } }] } } });
        let pod = json!({ "metadata": { "name": "p", "namespace": "n", "labels": {} },
            "status": { "containerStatuses": [{ "name": "c",
                "state": { "terminated": { "exitCode": 42 } } }] } });
        assert_eq!(
            verdict(&job, &pod),
            Verdict::FailJob(
                "Container c for pod n/p failed with exit code 42 matching FailJob rule at index 0"
                    .to_owned()
            )
        );
    }
}
