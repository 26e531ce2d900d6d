//! What a scenario put on its GPUs, as the cluster itself tells it, beside what Strata finds there: the
//! idle-held, the faulty and the fragmented, every one of them and nothing else.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use strata_api::{
    phrases::PhraseCode,
    rows::{
        Row,
        gpu::{GpuColour, GpuFitRow, GpuMapRow, GpuRow, GpuState},
    },
    topics::{GpuColumn, GpuGrouping, GpuSort, Topic, Window},
};
use strata_app::Simulation;
use strata_integration_tests::{demo, follow, send};
use strata_test_support::frames::View;

/// What Strata finds in a scenario whose time stands still.
struct Found {
    simulation: Simulation,
    gpus: Vec<GpuRow>,
    fits: Vec<GpuFitRow>,
}

impl Found {
    async fn of(scenario: &str) -> Self {
        let (simulation, engine) = demo(scenario).await.unwrap();
        let connect = json!({ "cluster": "demo" });
        engine.call("connect_cluster", connect).await.unwrap();
        let map = Topic::GpuMap {
            cluster: "demo".to_owned(),
            by: GpuGrouping::Node,
            colour: GpuColour::State,
            seconds_ago: 0,
            filter: String::new(),
        };
        let map = follow(&engine, map).await.unwrap();
        map.wait_for(|view| head(view).is_some_and(is_asked)).await;
        let gpus = Topic::Gpus {
            cluster: "demo".to_owned(),
            filter: String::new(),
            sort: GpuSort {
                by: GpuColumn::State,
                descending: true,
            },
            window: Window {
                first: 0,
                count: Window::MOST,
            },
        };
        let gpus = follow(&engine, gpus).await.unwrap();
        let gpus = gpus.wait_for(|view| view.snapshots > 0).await;
        let capacity = Topic::GpuCapacity {
            cluster: "demo".to_owned(),
        };
        let capacity = follow(&engine, capacity).await.unwrap();
        let capacity = capacity.wait_for(|view| view.snapshots > 0).await;
        Self {
            simulation,
            gpus: gpus
                .window()
                .filter_map(|row| match row {
                    Row::Gpu(gpu) => Some(GpuRow::clone(gpu)),
                    _ => None,
                })
                .collect(),
            fits: capacity
                .window()
                .filter_map(|row| match row {
                    Row::GpuFit(fit) => Some(fit.clone()),
                    _ => None,
                })
                .collect(),
        }
    }

    /// The names of the GPUs that are found in `state`.
    fn in_state(&self, state: GpuState) -> BTreeSet<String> {
        let found = self.gpus.iter().filter(|gpu| gpu.state == state);
        found.map(|gpu| gpu.uuid.clone()).collect()
    }

    /// What the cluster's Prometheus answers to `query`, by the GPUs' names.
    async fn told(&self, query: &str) -> BTreeMap<String, f64> {
        let path = format!(
            "/api/v1/namespaces/monitoring/services/prometheus-k8s:9090/proxy/api/v1/query?query={query}"
        );
        let (code, answer) = send(&self.simulation, "truth", "GET", &path, None)
            .await
            .unwrap();
        assert_eq!(code, 200, "{answer}");
        let told = answer["data"]["result"].as_array().unwrap().iter();
        told.map(|series| {
            let value: &Value = &series["value"][1];
            (
                series["metric"]["UUID"].as_str().unwrap().to_owned(),
                value.as_str().unwrap().parse().unwrap(),
            )
        })
        .collect()
    }
}

fn head(view: &View) -> Option<&GpuMapRow> {
    view.window().find_map(|row| match row {
        Row::GpuMap(head) => Some(head),
        _ => None,
    })
}

/// Whether all lists have come, and every exporter was asked.
fn is_asked(head: &GpuMapRow) -> bool {
    let exporters = &head.exporters;
    head.is_whole && exporters.live + exporters.stale + exporters.failed >= exporters.asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_atlas_holds_idle_and_what_it_lost_is_found_and_nothing_else() {
    let found = Found::of("atlas").await;
    assert_eq!(found.gpus.len(), 160);
    // Memory that somebody holds, on which nothing ran in ten minutes.
    let busiest = found
        .told("max_over_time(DCGM_FI_PROF_SM_ACTIVE%5B10m%5D)")
        .await;
    let held = found.told("DCGM_FI_DEV_FB_USED").await;
    let is_held = |uuid: &String| held.get(uuid).is_some_and(|mebibytes| *mebibytes > 256.0);
    let idle: BTreeSet<String> = busiest
        .iter()
        .filter(|(uuid, busy)| **busy < 0.01 && is_held(uuid))
        .map(|(uuid, _)| uuid.clone())
        .collect();
    assert!(!idle.is_empty(), "the scenario has idle notebooks");
    assert_eq!(found.in_state(GpuState::IdleHeld), idle);

    // The scenario's file says on which node a device falls off the bus.
    let lost: Vec<(&str, Option<u32>)> = found
        .gpus
        .iter()
        .filter(|gpu| gpu.state == GpuState::Unhealthy)
        .map(|gpu| (&*gpu.node, gpu.xid))
        .collect();
    assert_eq!(lost, [("gpu-a100-05", Some(79))]);
    assert!(found.in_state(GpuState::Unknown).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_that_is_free_in_part_is_named_and_the_largest_pod_is_what_one_node_has_free() {
    let found = Found::of("atlas").await;
    assert_eq!(found.fits.len(), 3, "three models");
    let mut partial = 0;
    for fit in &found.fits {
        let mut nodes: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for gpu in found.gpus.iter().filter(|gpu| gpu.model == fit.model) {
            let (free, total) = nodes.entry(&gpu.node).or_default();
            *free += u32::from(gpu.state == GpuState::Free);
            *total += 1;
        }
        let stranded: BTreeMap<&str, u32> = fit
            .stranded
            .iter()
            .map(|stranded| (stranded.node.as_str(), stranded.free))
            .collect();
        let withheld: BTreeSet<&str> = fit
            .stranded
            .iter()
            .filter(|stranded| stranded.reason.code != PhraseCode::StrandedPartial)
            .map(|stranded| stranded.node.as_str())
            .collect();
        for (node, (free, total)) in &nodes {
            let is_partial = *free > 0 && free < total;
            partial += u32::from(is_partial);
            let named = stranded.get(node).copied();
            if is_partial {
                assert_eq!(named, Some(*free), "{node} has {free} of {total} free");
            } else if named.is_some() {
                assert!(*free > 0 && withheld.contains(node), "{node}: {named:?}");
            }
        }
        let usable = nodes.iter().filter(|(node, _)| !withheld.contains(*node));
        let free: Vec<u32> = usable.map(|(_, (free, _))| *free).collect();
        let all: u32 = free.iter().sum();
        let most = free.iter().copied().max().unwrap_or(0);
        assert_eq!((fit.free, fit.largest_pod), (all, most), "{}", fit.model);
        for gang in &fit.gangs {
            let pods: u32 = free.iter().map(|free| free / gang.gpus_each).sum();
            assert_eq!(gang.pods, pods, "{} by {}", fit.model, gang.gpus_each);
        }
    }
    assert!(partial > 0, "the scenario has nodes that are free in part");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_one_gpu_of_the_workstation_serves_and_nothing_is_wrong_with_it() {
    let found = Found::of("workstation").await;
    assert_eq!(found.gpus.len(), 1);
    let gpu = found.gpus.first().unwrap();
    assert_eq!((gpu.state, &gpu.reason), (GpuState::Allocated, &None));
    let pods: Vec<&str> = gpu
        .holders
        .iter()
        .map(|holder| holder.pod.as_str())
        .collect();
    assert!(
        pods.len() == 1 && pods.iter().all(|pod| pod.starts_with("ollama-")),
        "{pods:?}"
    );
    // The job that waits for it holds none, and there is nothing to be had.
    let fit = found.fits.first().unwrap();
    assert_eq!((fit.free, fit.largest_pod, fit.stranded.len()), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_offers_a_gpu_none_is_found_however_many_are_asked_for() {
    let found = Found::of("edge").await;
    assert!(found.gpus.is_empty() && found.fits.is_empty());
}
