//! How objects end, kind by kind.

use serde_json::json;

use super::*;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn bound_pod() -> Value {
    json!({ "metadata": { "generation": 1 },
        "spec": { "nodeName": "a", "terminationGracePeriodSeconds": 30 } })
}

#[test]
fn a_second_request_only_shortens_the_grace_of_a_pod() {
    let mut pod = bound_pod();
    assert!(matches!(
        plan_grace(&mut pod, None, now()),
        Grace::Seconds(30)
    ));
    assert_eq!(pod["metadata"]["deletionTimestamp"], "2026-11-23T12:00:30Z");
    assert_eq!(pod["metadata"]["generation"], 2);
    let later = later(now(), 5);
    assert!(matches!(
        plan_grace(&mut pod, Some(60), later),
        Grace::Pending
    ));
    assert!(matches!(plan_grace(&mut pod, None, later), Grace::Pending));
    assert!(matches!(
        plan_grace(&mut pod, Some(10), later),
        Grace::Seconds(10)
    ));
    assert_eq!(pod["metadata"]["deletionTimestamp"], "2026-11-23T12:00:10Z");
    assert_eq!(pod["metadata"]["generation"], 2);
}

#[test]
fn a_shorter_grace_that_has_passed_leaves_the_kubelet_a_second() {
    let mut pod = bound_pod();
    plan_grace(&mut pod, None, now());
    let later = later(now(), 20);
    assert!(matches!(
        plan_grace(&mut pod, Some(10), later),
        Grace::Seconds(1)
    ));
    assert!(matches!(
        plan_grace(&mut pod, Some(0), later),
        Grace::Seconds(0)
    ));
}

#[test]
fn a_negative_grace_is_a_second() {
    let mut pod = bound_pod();
    assert!(matches!(
        plan_grace(&mut pod, Some(one_for_negative(-5)), now()),
        Grace::Seconds(1)
    ));
}

#[test]
fn jobs_keep_their_pods_unless_asked_otherwise() {
    let job = GroupKind::new("batch", "Job");
    assert_eq!(
        propagation(&job, &[], &Removal::default()),
        Some(Propagation::Orphan)
    );
    assert_eq!(
        propagation(&job, &[], &Removal::background()),
        Some(Propagation::Background)
    );
    let deployment = GroupKind::new("apps", "Deployment");
    assert_eq!(
        propagation(&deployment, &[FOREGROUND.to_owned()], &Removal::default()),
        Some(Propagation::Foreground)
    );
}
