//! Whether there is room by the books: quotas of the namespace, and the queue that is to admit.

use std::collections::BTreeMap;

use serde_json::Value;
use strata_api::{
    phrases::{Phrase, PhraseCode as P},
    recipes::{Check, CheckSubject as Subject},
};
use strata_domain::quantity;
use strata_recipes::demand::{PodDemand, queue_of};

use super::{failed, ok, read, warning};
use crate::deploy::facts::{Found, Plan};

/// What a quota counts, for what is asked.
fn asked(demands: &[PodDemand]) -> BTreeMap<String, u64> {
    let mut asked = BTreeMap::new();
    let mut add = |resource: String, amount: u64| {
        let sum: &mut u64 = asked.entry(resource).or_insert(0);
        *sum = sum.saturating_add(amount);
    };
    for demand in demands {
        add("pods".to_owned(), demand.count);
        for (resource, amount) in &demand.requests {
            let amount = amount.saturating_mul(demand.count);
            add(format!("requests.{resource}"), amount);
            if resource == "cpu" || resource == "memory" {
                add(resource.clone(), amount);
            }
        }
        for (resource, amount) in &demand.limits {
            add(
                format!("limits.{resource}"),
                amount.saturating_mul(demand.count),
            );
        }
    }
    asked
}

pub(super) fn quota(demands: &[PodDemand], quotas: &[Value]) -> Check {
    let asked = asked(demands);
    let amount = |quota: &Value, field: &str, resource: &str| {
        let text = quota.get("status")?.get(field)?.get(resource)?.as_str()?;
        if resource.ends_with("cpu") {
            quantity::parse_millicores(text)
        } else {
            quantity::parse_count(text)
        }
    };
    for quota in quotas {
        let name = quota.pointer("/metadata/name").and_then(Value::as_str);
        for (resource, wanted) in &asked {
            let Some(hard) = amount(quota, "hard", resource) else {
                continue;
            };
            let used = amount(quota, "used", resource).unwrap_or(0);
            if used.saturating_add(*wanted) <= hard {
                continue;
            }
            let said = |field: &str| {
                let amount = quota.get("status").and_then(|status| status.get(field));
                let amount = amount.and_then(|amounts| amounts.get(resource));
                amount.and_then(Value::as_str).unwrap_or("0").to_owned()
            };
            let say = |code| {
                Phrase::new(code)
                    .with("quota", name.unwrap_or_default())
                    .with("resource", resource.as_str())
                    .with("used", said("used"))
                    .with("hard", said("hard"))
            };
            return if *wanted > hard {
                failed(
                    Subject::Quota,
                    say(P::CheckQuotaTooSmall),
                    P::CheckQuotaRemedy,
                )
            } else {
                warning(
                    Subject::Quota,
                    say(P::CheckQuotaFull),
                    P::CheckQuotaFullRemedy,
                )
            };
        }
    }
    let stands = if quotas.is_empty() {
        Phrase::new(P::CheckQuotaNone)
    } else {
        Phrase::new(P::CheckQuota).with("count", quotas.len())
    };
    ok(Subject::Quota, stands)
}

pub(super) fn queue(plan: &Plan, found: &Found<Option<Vec<Value>>>) -> Option<Check> {
    let name = plan.objects.iter().find_map(queue_of)?;
    let say = |code| Phrase::new(code).with("queue", name);
    Some(read(Subject::Queue, found, |queues| {
        let Some(queues) = queues else {
            return failed(Subject::Queue, say(P::CheckNoKueue), P::CheckNoKueueRemedy);
        };
        let named = |queue: &Value| {
            queue
                .pointer("/metadata/name")
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let Some(queue) = queues
            .iter()
            .find(|queue| named(queue).as_deref() == Some(name))
        else {
            let mut check = failed(
                Subject::Queue,
                say(P::CheckQueueMissing),
                P::CheckQueueRemedy,
            );
            check.details = queues.iter().filter_map(named).collect();
            return check;
        };
        let text = |pointer: &str| {
            queue
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let stops = text("/spec/stopPolicy");
        if matches!(stops, "Hold" | "HoldAndDrain") {
            return warning(
                Subject::Queue,
                say(P::CheckQueueStopped),
                P::CheckQueueStoppedRemedy,
            );
        }
        let waiting = queue
            .pointer("/status/pendingWorkloads")
            .and_then(Value::as_u64);
        let sentence = say(P::CheckQueue)
            .with("of", text("/spec/clusterQueue"))
            .with("count", waiting.unwrap_or(0));
        ok(Subject::Queue, sentence)
    }))
}
