use serde_json::json;

use super::*;

const BOUNDS: Bounds = Bounds { least: 2, most: 20 };

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn limits(up: &Value, down: &Value) -> Limits {
    Limits::of(&json!({ "spec": { "behavior": { "scaleUp": up, "scaleDown": down } } })).unwrap()
}

#[test]
fn without_a_behavior_it_grows_twofold_and_shrinks_after_five_minutes() {
    let mut history = History::default();
    history.begin(3, at(0));
    let grown = decide(None, &mut history, BOUNDS, 3, 12, at(0));
    assert_eq!((grown.replicas, grown.limited.1), (6, "ScaleUpLimit"));
    let held = decide(None, &mut history, BOUNDS, 12, 4, at(240));
    assert_eq!(
        (held.replicas, held.stabilized.0),
        (12, "ScaleDownStabilized")
    );
    let shrunk = decide(None, &mut history, BOUNDS, 12, 4, at(301));
    assert_eq!(
        (shrunk.replicas, shrunk.stabilized.0),
        (4, "ReadyForNewScale")
    );
    let least = decide(None, &mut history, BOUNDS, 4, 1, at(900));
    assert_eq!((least.replicas, least.limited.1), (2, "TooFewReplicas"));
}

#[test]
fn policies_bound_how_much_changes_in_their_period() {
    let up = json!({ "stabilizationWindowSeconds": 0, "selectPolicy": "Max",
            "policies": [{ "type": "Pods", "value": 2, "periodSeconds": 60 }] });
    let down = json!({ "stabilizationWindowSeconds": 0, "selectPolicy": "Max",
            "policies": [{ "type": "Percent", "value": 50, "periodSeconds": 60 }] });
    let limits = limits(&up, &down);
    let mut history = History::default();
    let first = decide(Some(&limits), &mut history, BOUNDS, 4, 10, at(0));
    assert_eq!((first.replicas, first.limited.1), (6, "ScaleUpLimit"));
    history.rescaled(&limits, 4, 6, at(0));
    let second = decide(Some(&limits), &mut history, BOUNDS, 6, 10, at(30));
    assert_eq!(second.replicas, 6, "two were added within the minute");
    let third = decide(Some(&limits), &mut history, BOUNDS, 6, 10, at(61));
    assert_eq!(third.replicas, 8);
    let down = decide(Some(&limits), &mut history, BOUNDS, 8, 2, at(200));
    assert_eq!((down.replicas, down.limited.1), (4, "ScaleDownLimit"));
}

#[test]
fn what_is_disabled_does_not_change() {
    let rules = json!({ "stabilizationWindowSeconds": 0, "selectPolicy": "Disabled" });
    let limits = limits(&rules, &rules);
    let mut history = History::default();
    let up = decide(Some(&limits), &mut history, BOUNDS, 4, 10, at(0));
    assert_eq!((up.replicas, up.limited.0), (4, true));
    let down = decide(Some(&limits), &mut history, BOUNDS, 4, 2, at(1));
    assert_eq!((down.replicas, down.limited.0), (4, true));
}
