//! The whole corpus on one cluster: every case played and counted; and silence about what does well.
#![expect(clippy::print_stderr, reason = "a failed case says what was seen")]

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::{
    case::{self, Case, Place},
    play::{Cluster, Outcome},
};

/// Names the variable that plays some cases alone: those with this in their names.
const ONLY: &str = "STRATA_CASE";

/// How often it is looked whether all has come up.
const TRIES: usize = 240;

/// What keeps pods: where it is listed, how many it wants, how many are ready.
const KEEPERS: [(&str, &str, &str, &str); 3] = [
    (
        "Deployment",
        "/apis/apps/v1/deployments",
        "/spec/replicas",
        "/status/readyReplicas",
    ),
    (
        "StatefulSet",
        "/apis/apps/v1/statefulsets",
        "/spec/replicas",
        "/status/readyReplicas",
    ),
    (
        "DaemonSet",
        "/apis/apps/v1/daemonsets",
        "/status/desiredNumberScheduled",
        "/status/numberReady",
    ),
];

/// Plays every case for `place` with `play`, which is given a namespace for it. Fails where fewer than
/// 57 of 60 first reasons are the true ones.
pub async fn play_all(
    place: Place,
    play: impl AsyncFn(&Case, &str) -> Result<Outcome>,
) -> Result<()> {
    let only = std::env::var(ONLY).unwrap_or_default();
    let (mut right, mut played) = (0, 0);
    for (file, cases) in case::read()? {
        let here = cases.iter().enumerate().filter(|(_, case)| {
            case.at.is_none_or(|wanted| wanted == place) && case.name.contains(&only)
        });
        for (at, case) in here {
            played += 1;
            match play(case, &format!("case-{file}-{at}")).await {
                Ok(outcome) if outcome.first == case.is => right += 1,
                Ok(outcome) => eprintln!(
                    "{file}: {}: `{}`, and truly `{}`\n{:#}",
                    case.name, outcome.first, case.is, outcome.told
                ),
                Err(error) => eprintln!("{file}: {}: {error:#}", case.name),
            }
        }
    }
    eprintln!("{right} of {played} first reasons are right");
    ensure!(
        right * 60 >= played * 57,
        "only {right} of {played} first reasons are right"
    );
    ensure!(
        !only.is_empty() || played >= 60,
        "only {played} cases were played"
    );
    Ok(())
}

/// Asks about everything on `cluster` that has all of its pods ready. Fails where anything is named, or
/// where fewer than `least` do well.
pub async fn nothing_is_named(cluster: &dyn Cluster, least: usize) -> Result<()> {
    let mut asked = 0;
    for (kind, path, wanted, ready) in KEEPERS {
        for object in doing_well(cluster, path, wanted, ready).await? {
            let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
            let namespace = text("/metadata/namespace").unwrap_or_default();
            let name = text("/metadata/name").unwrap_or_default();
            let told = cluster.why(kind, namespace, name).await;
            let told = told.with_context(|| format!("{kind} {namespace}/{name}"))?;
            ensure!(
                told.get("reason").is_none() && told.get("others") == Some(&json!([])),
                "{kind} {namespace}/{name}: {told:#}"
            );
            asked += 1;
        }
    }
    ensure!(asked >= least, "only {asked} do well");
    Ok(())
}

/// The objects at `path` that have all that they want, once no more come to that. The demo cluster has
/// come up already.
async fn doing_well(
    cluster: &dyn Cluster,
    path: &str,
    wanted: &str,
    ready: &str,
) -> Result<Vec<Value>> {
    let mut before = 0;
    for _ in 0..TRIES {
        let (_, list) = cluster.send("GET", path, None).await?;
        let items = list.get("items").and_then(Value::as_array);
        let items = items.cloned().unwrap_or_default();
        let all = items.len();
        let well: Vec<Value> = items
            .into_iter()
            .filter(|object| {
                let count = |pointer: &str| object.pointer(pointer).and_then(Value::as_u64);
                count(wanted).is_some_and(|number| number > 0) && count(wanted) == count(ready)
            })
            .collect();
        let is_settled = well.len() == all || (well.len() == before && before > 0);
        if is_settled || cluster.place() == Place::Demo {
            return Ok(well);
        }
        before = well.len();
        cluster.pass(Duration::from_secs(1)).await;
    }
    anyhow::bail!("{path} never settled")
}
