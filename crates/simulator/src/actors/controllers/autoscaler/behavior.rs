//! How fast an autoscaler may follow its metrics: recommendations of a while are held against each
//! other, and changes of a while against its policies.
//!
//! Source: `horizontal.go`, from `stabilizeRecommendation` on.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    clock, json,
    telemetry::{number, whole},
};

/// How long the highest recommendation holds where nothing else is said
/// (`--horizontal-pod-autoscaler-downscale-stabilization`).
const DOWNSCALE_WINDOW: u64 = 300;

/// How many replicas there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Bounds {
    /// The bound that `replicas` is outside of, and what is said when it is brought back.
    pub(super) fn brought_back(self, replicas: u64) -> Option<(u64, &'static str)> {
        if replicas > self.most {
            let reason = "Current number of replicas above Spec.MaxReplicas";
            return Some((self.most, reason));
        }
        let reason = "Current number of replicas below Spec.MinReplicas";
        (replicas < self.least).then_some((self.least, reason))
    }
}

/// What was recommended, and what was done.
#[derive(Debug, Default)]
pub(super) struct History {
    recommendations: Vec<(u64, Timestamp)>,
    ups: Vec<(u64, Timestamp)>,
    downs: Vec<(u64, Timestamp)>,
}

impl History {
    /// What is there at first counts as recommended.
    pub(super) fn begin(&mut self, replicas: u64, now: Timestamp) {
        if self.recommendations.is_empty() {
            self.recommendations.push((replicas, now));
        }
    }

    /// Takes note of a change, and forgets those that no policy looks back to.
    pub(super) fn rescaled(&mut self, limits: &Limits, from: u64, to: u64, now: Timestamp) {
        let (changes, rules) = if to > from {
            (&mut self.ups, &limits.up)
        } else {
            (&mut self.downs, &limits.down)
        };
        let periods = rules.policies.iter().map(|policy| policy.period);
        let longest = periods.max().unwrap_or_default();
        changes.retain(|(_, at)| *at >= clock::earlier(now, longest));
        changes.push((to.abs_diff(from), now));
    }

    /// Takes note of a recommendation, in the place of one that is older than `oldest`.
    fn recommend(&mut self, replicas: u64, now: Timestamp, oldest: Timestamp) {
        self.recommendations.retain(|(_, at)| *at >= oldest);
        self.recommendations.push((replicas, now));
    }
}

/// What an autoscaler says of how fast it may go each way.
#[derive(Debug)]
pub(super) struct Limits {
    up: Rules,
    down: Rules,
}

#[derive(Debug)]
struct Rules {
    window: Duration,
    select: Select,
    policies: Vec<Policy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Select {
    Most,
    Least,
    Nothing,
}

#[derive(Debug)]
struct Policy {
    is_percent: bool,
    value: u64,
    period: Duration,
}

impl Limits {
    /// The limits of an autoscaler; none where it says nothing.
    pub(super) fn of(autoscaler: &Value) -> Option<Self> {
        let behavior = autoscaler.pointer("/spec/behavior")?;
        Some(Self {
            up: Rules::read(behavior.get("scaleUp")?, 0),
            down: Rules::read(behavior.get("scaleDown")?, DOWNSCALE_WINDOW),
        })
    }
}

impl Rules {
    fn read(rules: &Value, window: u64) -> Self {
        let told = rules
            .get("stabilizationWindowSeconds")
            .and_then(Value::as_u64);
        Self {
            window: Duration::from_secs(told.unwrap_or(window)),
            select: match json::text(rules, "/selectPolicy") {
                "Disabled" => Select::Nothing,
                "Min" => Select::Least,
                _ => Select::Most,
            },
            policies: json::items(rules, "/policies")
                .iter()
                .map(|policy| Policy {
                    is_percent: json::text(policy, "/type") == "Percent",
                    value: json::count(policy, "/value"),
                    period: Duration::from_secs(json::count(policy, "/periodSeconds")),
                })
                .collect(),
        }
    }

    /// How many replicas there may be at most after growing.
    fn ceiling(&self, history: &History, current: u64, now: Timestamp) -> u64 {
        let proposed = self.policies.iter().map(|policy| {
            let start = policy.start(history, current, now);
            if policy.is_percent {
                whole((number(start) * (1.0 + number(policy.value) / 100.0)).ceil())
            } else {
                start.saturating_add(policy.value)
            }
        });
        match self.select {
            Select::Nothing => current,
            Select::Least => proposed.min().unwrap_or(u64::MAX),
            Select::Most => proposed.max().unwrap_or(0),
        }
    }

    /// How many replicas there have to be at least after shrinking.
    fn floor(&self, history: &History, current: u64, now: Timestamp) -> u64 {
        let proposed = self.policies.iter().map(|policy| {
            let start = policy.start(history, current, now);
            if policy.is_percent {
                whole(number(start) * (1.0 - number(policy.value) / 100.0))
            } else {
                start.saturating_sub(policy.value)
            }
        });
        match self.select {
            Select::Nothing => current,
            Select::Least => proposed.max().unwrap_or(0),
            Select::Most => proposed.min().unwrap_or(u64::MAX),
        }
    }
}

impl Policy {
    /// How many replicas there were when the policy's period began.
    fn start(&self, history: &History, current: u64, now: Timestamp) -> u64 {
        let cutoff = clock::earlier(now, self.period);
        let changed = |changes: &[(u64, Timestamp)]| -> u64 {
            let recent = changes.iter().filter(|(_, at)| *at > cutoff);
            recent.map(|(change, _)| change).sum()
        };
        (current + changed(&history.downs)).saturating_sub(changed(&history.ups))
    }
}

/// What an autoscaler does, and what it says of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) replicas: u64,
    /// Reason and message of `AbleToScale`.
    pub(super) stabilized: (&'static str, &'static str),
    /// Whether it is limited, with reason and message.
    pub(super) limited: (bool, &'static str, &'static str),
}

const READY: (&str, &str) = ("ReadyForNewScale", "recommended size matches current size");
const HELD_UP: (&str, &str) = (
    "ScaleDownStabilized",
    "recent recommendations were higher than current one, applying the highest recent recommendation",
);
const HELD_DOWN: (&str, &str) = (
    "ScaleUpStabilized",
    "recent recommendations were lower than current one, applying the lowest recent recommendation",
);
const WITHIN: (&str, &str) = (
    "DesiredWithinRange",
    "the desired count is within the acceptable range",
);
const TOO_FAST_UP: (&str, &str) = (
    "ScaleUpLimit",
    "the desired replica count is increasing faster than the maximum scale rate",
);
const TOO_FAST_DOWN: (&str, &str) = (
    "ScaleDownLimit",
    "the desired replica count is decreasing faster than the maximum scale rate",
);
const TOO_MANY: (&str, &str) = (
    "TooManyReplicas",
    "the desired replica count is more than the maximum replica count",
);
const TOO_FEW: (&str, &str) = (
    "TooFewReplicas",
    "the desired replica count is less than the minimum replica count",
);

/// What becomes of a proposal.
pub(super) fn decide(
    limits: Option<&Limits>,
    history: &mut History,
    bounds: Bounds,
    current: u64,
    proposed: u64,
    now: Timestamp,
) -> Decision {
    let (stable, stabilized) = match limits {
        Some(limits) => stabilize(limits, history, current, proposed, now),
        None => hold_highest(history, proposed, now),
    };
    let stabilized = if stable == proposed {
        READY
    } else {
        stabilized
    };
    let (replicas, (reason, message)) = match limits {
        Some(limits) => by_policies(limits, history, bounds, current, stable, now),
        None => by_rule(bounds, current, stable),
    };
    Decision {
        replicas,
        stabilized,
        limited: (replicas != stable, reason, message),
    }
}

/// Without a behavior, the highest recommendation of the last minutes holds.
fn hold_highest(
    history: &mut History,
    proposed: u64,
    now: Timestamp,
) -> (u64, (&'static str, &'static str)) {
    let cutoff = clock::earlier(now, Duration::from_secs(DOWNSCALE_WINDOW));
    let recent = history.recommendations.iter();
    let recent = recent.filter(|(_, at)| *at >= cutoff);
    let highest = recent.map(|(replicas, _)| *replicas).max();
    history.recommend(proposed, now, cutoff);
    (highest.unwrap_or(0).max(proposed), HELD_UP)
}

/// Growing follows the lowest recommendation of its window, shrinking the highest of its.
fn stabilize(
    limits: &Limits,
    history: &mut History,
    current: u64,
    proposed: u64,
    now: Timestamp,
) -> (u64, (&'static str, &'static str)) {
    let [up, down] = [&limits.up, &limits.down].map(|rules| clock::earlier(now, rules.window));
    let since = |cutoff: Timestamp| {
        let recent = history.recommendations.iter();
        recent
            .filter(move |(_, at)| *at > cutoff)
            .map(|(replicas, _)| *replicas)
    };
    let lowest = since(up).min().unwrap_or(proposed).min(proposed);
    let highest = since(down).max().unwrap_or(proposed).max(proposed);
    let stable = current.max(lowest).min(highest);
    history.recommend(proposed, now, up.min(down));
    let held = if proposed >= current {
        HELD_DOWN
    } else {
        HELD_UP
    };
    (stable, held)
}

fn by_policies(
    limits: &Limits,
    history: &History,
    bounds: Bounds,
    current: u64,
    desired: u64,
    now: Timestamp,
) -> (u64, (&'static str, &'static str)) {
    if desired > current {
        let ceiling = limits.up.ceiling(history, current, now).max(current);
        let (most, why) = if bounds.most > ceiling {
            (ceiling, TOO_FAST_UP)
        } else {
            (bounds.most, TOO_MANY)
        };
        if desired > most {
            return (most, why);
        }
    } else if desired < current {
        let floor = limits.down.floor(history, current, now).min(current);
        let (least, why) = if bounds.least < floor {
            (floor, TOO_FAST_DOWN)
        } else {
            (bounds.least, TOO_FEW)
        };
        if desired < least {
            return (least, why);
        }
    }
    (desired, WITHIN)
}

/// Without a behavior, replicas may at most double, or grow to four.
fn by_rule(bounds: Bounds, current: u64, desired: u64) -> (u64, (&'static str, &'static str)) {
    let ceiling = (2 * current).max(4);
    let (most, why) = if bounds.most > ceiling {
        (ceiling, TOO_FAST_UP)
    } else {
        (bounds.most, TOO_MANY)
    };
    if desired < bounds.least {
        (bounds.least, TOO_FEW)
    } else if desired > most {
        (most, why)
    } else {
        (desired, WITHIN)
    }
}

#[cfg(test)]
mod tests;
