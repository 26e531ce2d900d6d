//! The same seed and the same calls give the same history, another seed another.

use std::{fmt::Write as _, time::Duration};

use serde_json::Value;

use crate::client::{Client, atlas};

/// The kinds that change by themselves.
const CHANGING: [&str; 12] = [
    "/api/v1/events",
    "/api/v1/nodes",
    "/api/v1/pods",
    "/apis/apps/v1/daemonsets",
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/replicasets",
    "/apis/apps/v1/statefulsets",
    "/apis/argoproj.io/v1alpha1/workflows",
    "/apis/batch/v1/jobs",
    "/apis/coordination.k8s.io/v1/leases",
    "/apis/kueue.x-k8s.io/v1beta2/workloads",
    "/apis/kueue.x-k8s.io/v1beta2/clusterqueues",
];

/// How many events of the log are compared.
const LENGTH: usize = 10_000;

/// The first events of `atlas` after its start, as its watches tell them, in the order of their
/// versions: what happened to which object, and the object then.
async fn history(seed: u64) -> Vec<(String, String)> {
    let simulator = atlas(seed);
    let client = Client::of(&simulator);
    let begun = client.get("/api/v1/namespaces").await;
    let version = begun["metadata"]["resourceVersion"].as_str().unwrap();
    let mut watches: Vec<_> = CHANGING
        .iter()
        .map(|path| client.watch(&format!("{path}?watch=true&resourceVersion={version}")))
        .collect();
    let mut log: Vec<(u64, String, String)> = Vec::new();
    while log.len() < LENGTH {
        simulator.advance(Duration::from_mins(5));
        for (watch, path) in watches.iter_mut().zip(CHANGING) {
            for event in watch.ready().await {
                log.push(entry(path, &event));
            }
        }
    }
    log.sort_unstable_by_key(|(version, ..)| *version);
    log.truncate(LENGTH);
    log.into_iter()
        .map(|(version, what, object)| (format!("{version} {what}"), object))
        .collect()
}

fn entry(path: &str, event: &Value) -> (u64, String, String) {
    let metadata = &event["object"]["metadata"];
    let text = |field: &str| metadata[field].as_str().unwrap_or_default();
    let plural = path.rsplit('/').next().unwrap_or_default();
    let what = format!(
        "{} {plural} {}/{}",
        event["type"].as_str().unwrap(),
        text("namespace"),
        text("name")
    );
    let version = text("resourceVersion").parse().unwrap();
    (version, what, event["object"].to_string())
}

/// A number that every letter of the log has its part in (FNV-1a, 64 bits).
fn digest(log: &[(String, String)]) -> u64 {
    log.iter()
        .flat_map(|(line, object)| line.bytes().chain(object.bytes()))
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ten_thousand_events_and_another_does_not() {
    let first = history(1).await;
    let second = history(1).await;
    let difference = first.iter().zip(&second).find(|(one, other)| one != other);
    assert_eq!(difference, None, "the histories part here");
    let other = history(2).await;
    assert_ne!(first, other);

    // What a change of behaviour changes is looked at in the review of these lines: how many events
    // of each sort there are, and the first of them.
    let mut summary = String::new();
    for path in CHANGING {
        let plural = path.rsplit('/').next().unwrap_or_default();
        let of = |kind: &str| {
            let beginning = format!("{kind} {plural} ");
            first
                .iter()
                .filter(|(line, _)| {
                    line.split_once(' ')
                        .is_some_and(|(_, what)| what.starts_with(&beginning))
                })
                .count()
        };
        let (added, modified, deleted) = (of("ADDED"), of("MODIFIED"), of("DELETED"));
        writeln!(
            summary,
            "{plural}: {added} added, {modified} modified, {deleted} deleted"
        )
        .unwrap();
    }
    for (line, _) in first
        .iter()
        .filter(|(line, _)| !line.contains(" leases "))
        .take(20)
    {
        writeln!(summary, "{line}").unwrap();
    }
    writeln!(summary, "all of them: {:016x}", digest(&first)).unwrap();
    insta::assert_snapshot!(summary);
}
