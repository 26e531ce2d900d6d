//! How many replicas a resource's use asks for.
//!
//! Source: `replica_calculator.go` and `metrics/utilization.go`. Amounts are in thousandths, as there.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    clock, json,
    telemetry::{number, whole},
};

/// How long the use of CPU after a start may be that of the start
/// (`--horizontal-pod-autoscaler-cpu-initialization-period`).
const STARTING: Duration = Duration::from_mins(5);
/// How long until a pod that was never ready counts as such
/// (`--horizontal-pod-autoscaler-initial-readiness-delay`).
const FIRST_READY: Duration = Duration::from_secs(30);
/// Over how long a metric is taken.
const WINDOW: Duration = Duration::from_secs(15);

/// By how much of the target the use may differ before anything is done about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tolerances {
    pub(super) down: f64,
    pub(super) up: f64,
}

impl Tolerances {
    fn hold(self, ratio: f64) -> bool {
        (1.0 - self.down..=1.0 + self.up).contains(&ratio)
    }
}

/// What is aimed at, in each pod on average.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// Percent of what the pods request.
    Utilization(u64),
    Value(u64),
}

/// The pods of a target, and what they use.
pub(super) struct Pods {
    /// How many are counted as ready.
    ready: u64,
    unready: BTreeSet<String>,
    missing: BTreeSet<String>,
    /// What each pod that counts uses.
    used: BTreeMap<String, u64>,
}

/// What comes out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) replicas: u64,
    /// Percent of what is requested; none where that is not what is aimed at.
    pub(super) utilization: Option<u64>,
    /// What a pod uses on average.
    pub(super) average: u64,
}

impl Pods {
    /// Sorts the pods of a target by whether their use of a resource counts.
    pub(super) fn sort(
        pods: &[(String, Value)],
        mut used: BTreeMap<String, u64>,
        is_cpu: bool,
        now: Timestamp,
    ) -> Self {
        let (mut unready, mut missing) = (BTreeSet::new(), BTreeSet::new());
        let mut ready = 0;
        for (name, pod) in pods {
            let is_ending = pod.pointer("/metadata/deletionTimestamp").is_some();
            match json::text(pod, "/status/phase") {
                "Failed" => {
                    used.remove(name);
                }
                _ if is_ending => {
                    used.remove(name);
                }
                "Pending" => {
                    unready.insert(name.clone());
                }
                _ if !used.contains_key(name) => {
                    missing.insert(name.clone());
                }
                _ if is_cpu && !counts(pod, now) => {
                    unready.insert(name.clone());
                }
                _ => ready += 1,
            }
        }
        for name in &unready {
            used.remove(name);
        }
        Self {
            ready,
            unready,
            missing,
            used,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.used.is_empty()
    }

    /// How many replicas bring the use to what is aimed at.
    pub(super) fn replicas(
        mut self,
        current: u64,
        aim: Aim,
        requests: &BTreeMap<String, u64>,
        tolerances: Tolerances,
    ) -> Result<Outcome, String> {
        let (ratio, utilization, average) = self.ratio(aim, requests)?;
        let outcome = |replicas: u64| Outcome {
            replicas,
            utilization,
            average,
        };
        let is_unready_counted = !self.unready.is_empty() && ratio > 1.0;
        if !is_unready_counted && self.missing.is_empty() {
            if tolerances.hold(ratio) {
                return Ok(outcome(current));
            }
            return Ok(outcome(whole((ratio * number(self.ready)).ceil())));
        }
        // Whose use nobody knows counts for what speaks against a change.
        if ratio < 1.0 {
            for name in &self.missing {
                let assumed = match aim {
                    Aim::Utilization(target) => {
                        requests.get(name).copied().unwrap_or(0) * target.max(100) / 100
                    }
                    Aim::Value(target) => target,
                };
                self.used.insert(name.clone(), assumed);
            }
        } else if ratio > 1.0 {
            let idle = self.missing.iter().map(|name| (name.clone(), 0));
            self.used.extend(idle);
        }
        if is_unready_counted {
            let idle = self.unready.iter().map(|name| (name.clone(), 0));
            self.used.extend(idle);
        }
        let (other, _, _) = self.ratio(aim, requests)?;
        let turns = (ratio < 1.0 && other > 1.0) || (ratio > 1.0 && other < 1.0);
        if tolerances.hold(other) || turns {
            return Ok(outcome(current));
        }
        let counted = u64::try_from(self.used.len()).unwrap_or(u64::MAX);
        let replicas = whole((other * number(counted)).ceil());
        let turns = (other < 1.0 && replicas > current) || (other > 1.0 && replicas < current);
        Ok(outcome(if turns { current } else { replicas }))
    }

    /// The use by what is aimed at, and the use itself: percent of what is requested, and a pod's
    /// average.
    fn ratio(
        &self,
        aim: Aim,
        requests: &BTreeMap<String, u64>,
    ) -> Result<(f64, Option<u64>, u64), String> {
        let total: u64 = self.used.values().sum();
        let count = u64::try_from(self.used.len()).unwrap_or(u64::MAX);
        let average = total / count.max(1);
        match aim {
            Aim::Value(target) => Ok((number(average) / number(target), None, average)),
            Aim::Utilization(target) => {
                let requested: u64 = self.used.keys().filter_map(|pod| requests.get(pod)).sum();
                if requested == 0 {
                    return Err("no metrics returned matched known pods".to_owned());
                }
                let percent = total * 100 / requested;
                Ok((number(percent) / number(target), Some(percent), average))
            }
        }
    }
}

/// Whether the pod's use of CPU is that of its work: it is ready, or was, and not just started.
fn counts(pod: &Value, now: Timestamp) -> bool {
    let ready = json::items(pod, "/status/conditions")
        .iter()
        .find(|known| json::text(known, "/type") == "Ready");
    let started = json::text(pod, "/status/startTime").parse::<Timestamp>();
    let (Some(ready), Ok(started)) = (ready, started) else {
        return false;
    };
    let is_unready = json::text(ready, "/status") == "False";
    let since = json::text(ready, "/lastTransitionTime").parse::<Timestamp>();
    let since = since.unwrap_or(started);
    if clock::later(started, STARTING) > now {
        !is_unready && now >= clock::later(since, WINDOW)
    } else {
        !is_unready || clock::later(started, FIRST_READY) <= since
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TOLERANCES: Tolerances = Tolerances { down: 0.1, up: 0.1 };

    fn pod(phase: &str, is_ready: bool) -> Value {
        let status = if is_ready { "True" } else { "False" };
        json!({ "status": { "phase": phase, "startTime": "2026-11-27T10:00:00Z", "conditions": [
            { "type": "Ready", "status": status, "lastTransitionTime": "2026-11-27T10:00:10Z" }] } })
    }

    /// The replicas for pods that each request 1 CPU: use in percent, none where it is unknown.
    fn replicas(target: u64, pods: &[(Option<u64>, Value)]) -> u64 {
        let named: Vec<(String, Value)> = pods
            .iter()
            .enumerate()
            .map(|(at, (_, pod))| (at.to_string(), pod.clone()))
            .collect();
        let used = pods.iter().enumerate();
        let used = used.filter_map(|(at, (used, _))| Some((at.to_string(), (*used)? * 10)));
        let now = "2026-11-27T12:00:00Z".parse().unwrap();
        let requests = named.iter().map(|(name, _)| (name.clone(), 1000)).collect();
        let sorted = Pods::sort(&named, used.collect(), true, now);
        let current = u64::try_from(pods.len()).unwrap();
        let aim = Aim::Utilization(target);
        sorted
            .replicas(current, aim, &requests, TOLERANCES)
            .unwrap()
            .replicas
    }

    #[test]
    fn replicas_follow_the_use_beyond_the_tolerance() {
        let pods = |used: [u64; 3]| used.map(|used| (Some(used), pod("Running", true)));
        assert_eq!(replicas(50, &pods([100, 90, 110])), 6);
        assert_eq!(replicas(50, &pods([54, 54, 54])), 3);
        assert_eq!(replicas(50, &pods([20, 20, 20])), 2);
    }

    #[test]
    fn pods_that_are_not_ready_hold_growth_back() {
        let pods = [
            (Some(100), pod("Running", true)),
            (Some(100), pod("Running", true)),
            (None, pod("Pending", false)),
        ];
        // Twice the target for two of them is 4/3 of it for three.
        assert_eq!(replicas(50, &pods), 4);
    }

    #[test]
    fn pods_whose_use_is_unknown_speak_against_a_change() {
        let known = |used| (Some(used), pod("Running", true));
        let unknown = (None, pod("Running", true));
        // Idle where others are busy, busy where others are idle.
        assert_eq!(replicas(50, &[known(90), unknown.clone()]), 2);
        assert_eq!(replicas(50, &[known(10), unknown]), 2);
    }
}
