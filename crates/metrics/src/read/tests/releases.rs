//! The releases of each exporter: other names and labels for the same things.

use super::*;

#[test]
fn dcgm_of_the_third_release_and_with_its_old_labels_reads_like_the_fourth() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-3.3.5.txt");
    assert_eq!(devices.len(), 1);
    let device = &devices[0];
    assert_eq!(
        (device.node.as_str(), device.driver.as_str()),
        ("lab-2", "535.129.03")
    );
    assert!(near(value(device, Figure::ClocksEventReasons), 4.0));
    assert!(near(value(device, Figure::Energy), 8_123_456.789));
    // Nobody told what the driver keeps for itself: the total is of what was told.
    assert!(near(
        value(device, Figure::MemoryTotal),
        15_107.0 * 1_048_576.0
    ));
    let devices = devices_of(Dialect::Dcgm, "dcgm-old-namespace.txt");
    assert_eq!(devices[0].uuid, "GPU-8f1f4d06-07fd-27a7-52d5-e58aa060d256");
    assert_eq!(pods(&devices[0]), ["lab/notebook-a"]);
    assert_eq!(devices[0].holders[0].container, "nb");
}

#[test]
fn a_claim_for_two_pods_is_one_shared_device_and_its_instance_another() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-dra.txt");
    assert_eq!(devices.len(), 2);
    assert_eq!(pods(&devices[0]), ["gpu-test3/pod1", "gpu-test3/pod2"]);
    assert!(devices[0].is_shared);
    assert!(near(value(&devices[0], Figure::EngineActive), 0.41));
    let instance = devices[1].instance.as_ref().unwrap();
    assert_eq!(
        (instance.profile.as_str(), instance.id.as_str()),
        ("1g.12gb", "7")
    );
    assert!(!devices[1].is_shared);
    assert_eq!(pods(&devices[1]), ["gpu-test4/slice-0"]);
}

#[test]
fn links_switches_and_processors_are_no_devices_and_two_jobs_share_one() {
    let devices = devices_of(Dialect::Dcgm, "dcgm-hpc-links.txt");
    assert_eq!(devices.len(), 1, "{devices:?}");
    let device = &devices[0];
    assert!(device.is_shared && device.holders.is_empty());
    assert!(near(value(device, Figure::Utilization), 0.88));
    assert!(near(value(device, Figure::NvlinkTx), 1024.0));
    // A link that names its device by number alone.
    assert!(near(value(device, Figure::NvlinkRx), 2048.0));
}

#[test]
fn an_mi200_is_told_by_names_of_its_own_and_its_worst_health_holds() {
    let devices = devices_of(Dialect::Amd, "amd-1.1-mi210.txt");
    assert_eq!(devices.len(), 1);
    let device = &devices[0];
    assert!(near(value(device, Figure::Power), 42.0));
    assert!(near(value(device, Figure::Temperature), 38.0));
    assert!(near(value(device, Figure::Health), 0.0));
    // Vector instructions that were processed are not multiprocessors that had work.
    assert_eq!(said(device, Figure::SmActive), None);
    let device = &devices_of(Dialect::Amd, "amd-1.5.txt")[0];
    assert_eq!(pods(device), ["llm/deepseek-0"]);
}

#[test]
fn the_memory_of_an_npu_is_its_hbm_where_it_has_any() {
    let device = &devices_of(Dialect::Ascend, "npu-exporter-26.0-310p.txt")[0];
    assert!(near(
        value(device, Figure::MemoryTotal),
        21_527.0 * 1_048_576.0
    ));
    let device = &devices_of(Dialect::Ascend, "npu-exporter-910a.txt")[0];
    assert!(near(
        value(device, Figure::MemoryTotal),
        32_768.0 * 1_048_576.0
    ));
    assert!(near(
        value(device, Figure::MemoryUsed),
        30_000.0 * 1_048_576.0
    ));
}

#[test]
fn hami_names_the_containers_and_what_they_use_is_no_figure_of_the_device() {
    let devices = devices_of(Dialect::Hami, "hami-2.10.txt");
    assert_eq!(devices.len(), 1, "{devices:?}");
    let device = &devices[0];
    assert_eq!(pods(device), ["lab/gpu-a", "lab/gpu-b"]);
    assert!(device.is_shared);
    assert!(near(value(device, Figure::Utilization), 0.95));
    assert!(near(value(device, Figure::MemoryUsed), 9_663_676_416.0));
    assert!(near(value(device, Figure::Power), 66.3));
    assert_eq!(said(device, Figure::EccUncorrected), None);
}

#[test]
fn both_engines_of_vllm_tell_what_waits_and_how_full_the_cache_is() {
    let first = engine(Dialect::Vllm, "vllm-0.6-v0.txt");
    assert_eq!((first.running, first.waiting), (Some(3.0), Some(7.0)));
    assert_eq!(first.cache_used, Some(0.97));
    assert_eq!(first.tokens_generated, None);
    let parallel = engine(Dialect::Vllm, "vllm-0.10-dp.txt");
    assert_eq!(
        (parallel.running, parallel.requests_ended),
        (Some(10.0), Some(10.0))
    );
    // The former name, told for one engine of two, does not weigh beside the new one.
    assert!(near(parallel.cache_used.unwrap(), 0.3));
}

#[test]
fn ranks_of_one_model_are_not_added_and_ranks_of_data_parallelism_are() {
    let ranks = engine(Dialect::Sglang, "sglang-all-ranks.txt");
    assert_eq!(ranks.running, Some(8.0));
    assert!(near(ranks.cache_used.unwrap(), 0.3));
    assert_eq!(ranks.requests_ended, Some(42.0));
}

#[test]
fn names_that_changed_are_read_and_counted_once() {
    let triton = engine(Dialect::Triton, "triton-trtllm-24.txt");
    assert_eq!((triton.running, triton.waiting), (Some(7.0), Some(5.0)));
    assert_eq!(triton.cache_used, Some(0.0123));
    let old = engine(Dialect::Ray, "ray-serve-2.9.txt");
    assert_eq!((old.running, old.requests_ended), (Some(3.0), Some(70.0)));
    let both = engine(Dialect::Ray, "ray-serve-both-names.txt");
    assert_eq!((both.running, both.requests_ended), (Some(2.0), Some(70.0)));
    let tgi = engine(Dialect::TextGeneration, "tgi-2.txt");
    assert_eq!(tgi.requests_ended, Some(75.0));
    assert_eq!(tgi.tokens_generated, Some(41_000.0));
    assert_eq!((tgi.running, tgi.waiting), (Some(2.0), None));
}
