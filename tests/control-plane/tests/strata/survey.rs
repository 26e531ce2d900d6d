//! What a cluster is good for, as the installed set of definitions and workloads implies: set by set
//! on one real control plane, each put in, seen, taken away, and seen to be gone.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use kube::{
    Client,
    api::{Api, DeleteParams, DynamicObject},
    discovery,
};
use serde_json::Value;
use strata_api::{
    rows::{
        Row,
        conformance::RequirementRow,
        map::{CapabilityRow, NeedRow, Standing},
        survey::Answer,
    },
    topics::Topic,
};
use strata_control_plane_tests::{ControlPlane, load};
use strata_integration_tests::follow;
use strata_test_support::frames::{FrameCollector, View};

use super::{Connected, ONE_AT_A_TIME, patiently};

mod sets;

/// Where the sets' workloads lie.
const NAMESPACE: &str = "survey";

/// What is asked of the cluster, and the answer.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Capability(&'static str, Standing),
    /// A need as generative AI has it.
    Need(&'static str, Answer),
    Requirement(&'static str, Answer),
}

use Expected::{Capability, Need, Requirement};

/// A set of objects, what it implies, and what is so without it.
struct Set {
    /// What it is, in a few words.
    name: &'static str,
    objects: Vec<Value>,
    with: Vec<Expected>,
    without: Vec<Expected>,
}

/// The three topics, live.
struct Seen {
    map: FrameCollector,
    needs: FrameCollector,
    conformance: FrameCollector,
}

impl Seen {
    async fn of(strata: &Connected) -> Result<Self> {
        let cluster = || strata.cluster.clone();
        let topics = [
            Topic::Map { cluster: cluster() },
            Topic::Needs { cluster: cluster() },
            Topic::Conformance { cluster: cluster() },
        ];
        let [map, needs, conformance] = topics;
        Ok(Self {
            map: follow(&strata.engine, map).await?,
            needs: follow(&strata.engine, needs).await?,
            conformance: follow(&strata.engine, conformance).await?,
        })
    }

    /// Waits until what is expected is so.
    async fn until(&self, expected: Expected) {
        match expected {
            Capability(id, standing) => {
                let holds = |view: &View| {
                    capabilities(view).any(|row| row.capability == id && row.standing == standing)
                };
                self.map.wait_for(holds).await;
            }
            Need(id, answer) => {
                let holds = |view: &View| {
                    needs(view).any(|row| row.need == id && row.generative.found.answer == answer)
                };
                self.needs.wait_for(holds).await;
            }
            Requirement(id, answer) => {
                let holds = |view: &View| {
                    requirements(view)
                        .any(|row| row.requirement == id && row.found.answer == answer)
                };
                self.conformance.wait_for(holds).await;
            }
        }
    }

    /// [`Self::until`], but not for ever; what came instead is in the error.
    async fn awaited(&self, set: &Set, when: &str, expected: &[Expected]) -> Result<()> {
        for one in expected {
            let patience = Duration::from_mins(1);
            tokio::time::timeout(patience, self.until(*one))
                .await
                .with_context(|| format!("{} {when}: {one:?} did not come", set.name))?;
        }
        Ok(())
    }
}

/// How long it took from the API server's last answer until a change was seen. Nothing is asserted of
/// it: what was measured stands in the guide on performance.
#[derive(Default)]
struct Waits {
    added: Vec<(Duration, &'static str)>,
    taken_away: Vec<(Duration, &'static str)>,
}

/// How long it takes until `seen`.
async fn timed(seen: impl Future<Output = Result<()>>) -> Result<Duration> {
    let began = Instant::now();
    seen.await?;
    Ok(began.elapsed())
}

impl Waits {
    /// What a change is to be seen within.
    const PROMISED: Duration = Duration::from_secs(2);

    #[expect(
        clippy::print_stdout,
        reason = "a measurement is for whoever reads the test's output"
    )]
    fn say(self) {
        for (change, mut waits) in [("added", self.added), ("taken away", self.taken_away)] {
            waits.sort();
            let in_time = waits.iter().filter(|(wait, _)| *wait <= Self::PROMISED);
            let middle = waits.get(waits.len() / 2).map(|(wait, _)| *wait);
            println!(
                "{change}: {} of {} sets seen within {:?}, half of them within {:.2?}; the slowest:",
                in_time.count(),
                waits.len(),
                Self::PROMISED,
                middle.unwrap_or_default(),
            );
            for (wait, set) in waits.iter().rev().take(3) {
                println!("  {wait:.2?}  {set}");
            }
        }
    }
}

fn capabilities(view: &View) -> impl Iterator<Item = &CapabilityRow> {
    view.window().filter_map(|row| match row {
        Row::Capability(row) => Some(row),
        _ => None,
    })
}

fn needs(view: &View) -> impl Iterator<Item = &NeedRow> {
    view.window().filter_map(|row| match row {
        Row::Need(row) => Some(row),
        _ => None,
    })
}

fn requirements(view: &View) -> impl Iterator<Item = &RequirementRow> {
    view.window().filter_map(|row| match row {
        Row::Requirement(row) => Some(row),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_installed_set_is_seen_for_what_it_implies_and_gone_when_it_is_taken_away()
-> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    patiently(see_the_sets()).await
}

async fn see_the_sets() -> Result<()> {
    let control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    let node = load::nodes::Node::with_gpus("gpu-0", load::nodes::H100);
    load::nodes::create(&client, &[node]).await?;
    load::namespace(&client, NAMESPACE).await?;
    let strata = Connected::to(&control_plane).await?;
    let seen = Seen::of(&strata).await?;

    let sets = sets::sets();
    let mut waits = Waits::default();
    assert!(sets.len() >= 12);
    for set in &sets {
        let mut applier = load::manifests::Applier::new(client.clone());
        for object in &set.objects {
            apply(&mut applier, object).await?;
        }
        let wait = timed(seen.awaited(set, "there", &set.with)).await?;
        waits.added.push((wait, set.name));
        for object in set.objects.iter().rev() {
            delete(&client, object).await?;
        }
        let wait = timed(seen.awaited(set, "gone", &set.without)).await?;
        waits.taken_away.push((wait, set.name));
    }
    waits.say();
    // Every claim says what it rests on, wherever it claims that something is there.
    for row in requirements(&seen.conformance.view()) {
        if matches!(row.found.answer, Answer::Met | Answer::Partly) {
            assert!(!row.found.evidence.is_empty(), "{}", row.requirement);
        }
    }
    strata.engine.shutdown().await;
    Ok(())
}

/// Applies an object whose kind may have been defined only just now.
async fn apply(applier: &mut load::manifests::Applier, object: &Value) -> Result<()> {
    let patience = Duration::from_secs(30);
    strata_control_plane_tests::wait::until("the kind is served", patience, async || {
        applier.apply(object.clone()).await.map(Some)
    })
    .await
}

async fn delete(client: &Client, object: &Value) -> Result<()> {
    let object: DynamicObject = serde_json::from_value(object.clone())?;
    let types = object.types.clone().context("an object without a kind")?;
    let kind = kube::core::GroupVersionKind::try_from(types)?;
    let (resource, capabilities) = discovery::pinned_kind(client, &kind).await?;
    let api: Api<DynamicObject> = match capabilities.scope {
        discovery::Scope::Cluster => Api::all_with(client.clone(), &resource),
        discovery::Scope::Namespaced => Api::namespaced_with(client.clone(), NAMESPACE, &resource),
    };
    let name = object.metadata.name.context("an object without a name")?;
    // A workload goes with its pods. Anything else goes at once: what is deleted in the foreground is
    // taken away by the collector of garbage, which asks only every 30 s which kinds there are, and a
    // definition stays as long as an object of its kind.
    let how = if kind.group == "apps" {
        DeleteParams::foreground()
    } else {
        DeleteParams::background()
    };
    api.delete(&name, &how).await?;
    Ok(())
}
