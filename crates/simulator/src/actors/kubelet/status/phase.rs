//! The phase of a pod and its class of service, as they follow from its containers.

use serde_json::Value;

use super::slot::{Slot, slots};
use crate::json;

/// Whether a container that ended with `exit_code` is started again.
pub(in crate::actors::kubelet) fn is_restarted(pod: &Value, slot: Slot, exit_code: i64) -> bool {
    // Those that were added to look at the others run once.
    if slot.is_ephemeral() {
        return false;
    }
    let own = json::text(slot.container(pod), "/restartPolicy");
    let policy = if own.is_empty() {
        json::text(pod, "/spec/restartPolicy")
    } else {
        own
    };
    match policy {
        "Never" => false,
        "OnFailure" => exit_code != 0,
        // An init container that did its work is not run again.
        _ => !(slot.is_init() && own.is_empty() && exit_code == 0),
    }
}

pub(super) fn phase(pod: &Value) -> &'static str {
    let (mut pending, mut waiting, mut running) = (0, 0, 0);
    let (mut stopped, mut final_ones, mut good) = (0, 0, 0);
    for slot in slots(pod) {
        let status = slot.status(pod);
        let is_waiting = status.pointer("/state/waiting").is_some();
        let ended = status
            .pointer("/state/terminated/exitCode")
            .or_else(|| {
                status
                    .pointer("/lastState/terminated/exitCode")
                    .filter(|_| is_waiting)
            })
            .and_then(Value::as_i64);
        let is_running = status.pointer("/state/running").is_some();
        if slot.is_sidecar(pod) {
            running += u64::from(is_running);
            pending += u64::from(is_running && !json::flag(status, "/started"));
            waiting += u64::from(is_waiting && ended.is_none());
        } else if slot.is_init() {
            match ended {
                Some(0) if !is_waiting => {}
                Some(code) if code != 0 && !is_restarted(pod, slot, code) => return "Failed",
                _ => pending += 1,
            }
        } else if slot.is_main() {
            match ended {
                _ if is_running => running += 1,
                Some(code) => {
                    stopped += 1;
                    final_ones += u64::from(!is_restarted(pod, slot, code));
                    good += u64::from(code == 0 && !is_waiting);
                }
                None => waiting += 1,
            }
        }
    }
    let has_begun = running + stopped > 0 && waiting == 0;
    match () {
        () if pending > 0 && !(has_begun && stopped > 0) => "Pending",
        () if waiting > 0 => "Pending",
        () if running > 0 => "Running",
        () if stopped == 0 => "Pending",
        () if stopped != final_ones => "Running",
        () if stopped == good => "Succeeded",
        () => "Failed",
    }
}

/// The class of service that the requests and limits of `pod` give it.
pub(crate) fn qos(pod: &Value) -> &'static str {
    let containers = ["/spec/containers", "/spec/initContainers"]
        .into_iter()
        .flat_map(|list| json::items(pod, list));
    let (mut has_any, mut is_guaranteed) = (false, true);
    for container in containers {
        for resource in ["cpu", "memory"] {
            let limit = json::text(container, &format!("/resources/limits/{resource}"));
            let request = json::text(container, &format!("/resources/requests/{resource}"));
            has_any |= !limit.is_empty() || !request.is_empty();
            is_guaranteed &= !limit.is_empty() && (request.is_empty() || request == limit);
        }
    }
    match (has_any, is_guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(policy: &str, states: &[Value]) -> Value {
        let statuses: Vec<Value> = states
            .iter()
            .map(|state| json!({ "state": state, "lastState": {} }))
            .collect();
        let containers = vec![json!({ "name": "a" }); states.len()];
        json!({ "spec": { "restartPolicy": policy, "containers": containers },
            "status": { "containerStatuses": statuses } })
    }

    #[test]
    fn the_phase_follows_from_the_containers_and_the_restart_policy() {
        let ended = |code: i64| json!({ "terminated": { "exitCode": code } });
        let running = json!({ "running": {} });
        assert_eq!(phase(&pod("Always", &[ended(1)])), "Running");
        assert_eq!(phase(&pod("Never", &[ended(1)])), "Failed");
        assert_eq!(phase(&pod("Never", &[ended(0)])), "Succeeded");
        assert_eq!(phase(&pod("OnFailure", &[ended(0)])), "Succeeded");
        assert_eq!(phase(&pod("OnFailure", &[ended(2)])), "Running");
        assert_eq!(phase(&pod("Never", &[ended(1), running])), "Running");
        assert_eq!(phase(&pod("Never", &[json!({ "waiting": {} })])), "Pending");
    }

    #[test]
    fn requests_and_limits_give_the_class_of_service() {
        let of = |resources: Value| {
            qos(&json!({ "spec": { "containers": [{ "resources": resources }] } }))
        };
        assert_eq!(of(json!({})), "BestEffort");
        assert_eq!(of(json!({ "requests": { "cpu": "1" } })), "Burstable");
        let all = json!({ "cpu": "1", "memory": "1Gi" });
        assert_eq!(of(json!({ "limits": all, "requests": all })), "Guaranteed");
    }
}
