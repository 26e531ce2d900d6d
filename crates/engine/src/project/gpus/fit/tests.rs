use strata_api::rows::gpu::GpuExporters;
use strata_domain::object::Object;
use strata_test_support::objects::{node, pod, slice};

use super::*;
use crate::{
    derive::{
        fixture::{catalog, cluster, derived, now},
        gpus::Gpus,
    },
    fleet::telemetry::Telemetry,
};

const GPU: &str = "nvidia.com/gpu";

/// What fits on the nodes of `objects`, one model after the other.
fn fits(objects: Vec<Object>) -> Vec<GpuFitRow> {
    let cluster = cluster(objects);
    let derived = derived(&cluster, &catalog());
    let telemetry = Telemetry::default();
    let told = rows(Picture {
        cluster: &cluster,
        derived: &derived,
        gpus: &Gpus::join(&cluster, &derived, &telemetry, now()),
        telemetry: &telemetry,
        exporters: &GpuExporters::default(),
        is_whole: true,
        now: now(),
    });
    told.into_iter()
        .filter_map(|keyed| match keyed.row {
            Row::GpuFit(row) => Some(row),
            _ => None,
        })
        .collect()
}

/// The one model's: free, largest pod, pods of 1, 2, 4 and 8.
fn one(objects: Vec<Object>) -> (u32, u32, Vec<u32>) {
    let fits = fits(objects);
    assert_eq!(fits.len(), 1);
    let fit = &fits[0];
    let pods = fit.gangs.iter().map(|gang| gang.pods).collect();
    (fit.free, fit.largest_pod, pods)
}

/// Why free GPUs are stranded, node by node.
fn stranded(objects: Vec<Object>) -> Vec<(String, u32, PhraseCode)> {
    let fits = fits(objects);
    fits.into_iter()
        .flat_map(|fit| fit.stranded)
        .map(|one| (one.node, one.free, one.reason.code))
        .collect()
}

#[test]
fn a_gang_goes_over_nodes_and_a_pod_does_not() {
    let objects = || {
        vec![
            node("n1").resource(GPU, 8, 8).object(),
            node("n2").resource(GPU, 8, 8).object(),
            pod("llm", "server").on("n2").gpus(5).object(),
        ]
    };
    // Eight and three: 11 pods of one, 4 + 1 of two, 2 of four, 1 of eight.
    assert_eq!(one(objects()), (11, 8, vec![11, 5, 2, 1]));
    let left = stranded(objects());
    assert_eq!(left, [("n2".to_owned(), 3, PhraseCode::StrandedPartial)]);
}

#[test]
fn what_is_cordoned_silent_or_tainted_fits_nothing_and_says_so() {
    let objects = || {
        vec![
            node("n1").resource(GPU, 8, 8).cordoned().object(),
            node("n2").resource(GPU, 8, 8).not_ready().object(),
            node("n3")
                .resource(GPU, 8, 8)
                .taint("team", "vision", "NoSchedule")
                .object(),
        ]
    };
    assert_eq!(one(objects()), (0, 0, vec![0, 0, 0, 0]));
    assert_eq!(
        stranded(objects()),
        [
            ("n1".to_owned(), 8, PhraseCode::StrandedCordoned),
            ("n2".to_owned(), 8, PhraseCode::StrandedNotReady),
            ("n3".to_owned(), 8, PhraseCode::StrandedTainted),
        ]
    );
}

#[test]
fn the_taint_of_nodes_of_gpus_and_one_that_only_asks_keep_no_pod_of_gpus_away() {
    let tainted = node("n1")
        .resource(GPU, 8, 8)
        .taint(GPU, "present", "NoSchedule")
        .taint("cheap", "", "PreferNoSchedule");
    assert_eq!(one(vec![tainted.object()]), (8, 8, vec![8, 4, 2, 1]));
}

#[test]
fn devices_cut_into_instances_are_no_whole_ones() {
    let mixed = || {
        vec![
            node("n1")
                .resource(GPU, 2, 2)
                .resource("nvidia.com/mig-1g.10gb", 14, 14)
                .gpu_product("NVIDIA-H100-80GB-HBM3")
                .label("nvidia.com/gpu.count", "4")
                .object(),
            pod("llm", "server").on("n1").gpus(1).object(),
        ]
    };
    // Two of four are cut, one of the others is held.
    assert_eq!(one(mixed()), (1, 1, vec![1, 0, 0, 0]));
    let left = stranded(mixed());
    assert_eq!(left, [("n1".to_owned(), 2, PhraseCode::StrandedParted)]);
}

#[test]
fn devices_of_a_dra_driver_fit_as_others_do() {
    let published = vec![
        node("n1").object(),
        slice("gpu.nvidia.com", "n1")
            .gpus(4, "NVIDIA L40S")
            .object(),
    ];
    assert_eq!(one(published), (4, 4, vec![4, 2, 1, 0]));
}

#[test]
fn what_is_sliced_in_time_is_never_called_free() {
    let sliced = node("n1")
        .resource(GPU, 16, 16)
        .label("nvidia.com/gpu.count", "4")
        .label("nvidia.com/gpu.replicas", "4");
    assert!(fits(vec![sliced.object()]).is_empty());
}
