use strata_domain::{
    node::Node,
    plain::Plain,
    pod::{Phase, Pod},
    resource_slice::ResourceSlice,
    text::Text,
};
use strata_test_support::objects::{NodeBuilder, SliceBuilder, node, pod, slice};

use super::*;

mod claims;
mod orders;

fn count(nodes: &[Node], slices: &[ResourceSlice], pods: &[Pod]) -> Accelerators {
    let no_classes: [Plain; 0] = [];
    Accelerators::count(nodes.iter(), slices.iter(), no_classes.iter()).held_by(pods.iter())
}

/// Total, allocated, unhealthy, shared of the only node.
fn counts(node: NodeBuilder, slices: &[ResourceSlice], pods: &[Pod]) -> (u32, u32, u32, bool) {
    let node = node.build();
    let counted = count(std::slice::from_ref(&node), slices, pods);
    counted
        .of(&node.metadata.key.name)
        .map_or((0, 0, 0, false), |n| {
            (n.total, n.allocated, n.unhealthy, n.shared)
        })
}

fn pod_with(name: &str, resource: &str, amount: u64) -> Pod {
    pod("team", name)
        .on("gpu-1")
        .request(resource, amount)
        .build()
}

fn dra(node: &str) -> SliceBuilder {
    slice("gpu.nvidia.com", node)
}

#[test]
fn whole_devices_are_counted_from_capacity_and_held_by_requests() {
    let pods = [
        pod_with("a", "nvidia.com/gpu", 4),
        pod_with("b", "nvidia.com/gpu", 2),
    ];
    assert_eq!(counts(node("gpu-1").gpus(8), &[], &pods), (8, 6, 0, false));
}

#[test]
fn pods_that_are_done_failed_or_unbound_hold_nothing() {
    let pods = [
        pod("team", "done")
            .on("gpu-1")
            .gpus(2)
            .phase(Phase::Succeeded)
            .build(),
        pod("team", "failed")
            .on("gpu-1")
            .gpus(2)
            .phase(Phase::Failed)
            .build(),
        pod("team", "waits").gpus(2).phase(Phase::Pending).build(),
    ];
    assert_eq!(counts(node("gpu-1").gpus(8), &[], &pods), (8, 0, 0, false));
}

#[test]
fn what_may_not_be_allocated_is_unhealthy() {
    let node = node("gpu-1").resource("nvidia.com/gpu", 8, 7);
    assert_eq!(counts(node, &[], &[]), (8, 0, 1, false));
}

#[test]
fn a_pod_on_an_unhealthy_device_shows() {
    let node = node("gpu-1").resource("nvidia.com/gpu", 8, 7).build();
    let full = count(
        std::slice::from_ref(&node),
        &[],
        &[pod_with("a", "nvidia.com/gpu", 8)],
    );
    let spare = count(&[node], &[], &[pod_with("a", "nvidia.com/gpu", 7)]);
    assert!(full.of("gpu-1").unwrap().is_unhealthy_held());
    assert!(!spare.of("gpu-1").unwrap().is_unhealthy_held());
}

#[test]
fn time_slices_are_not_devices() {
    let sliced = node("gpu-1")
        .gpus(32)
        .label("nvidia.com/gpu.count", "8")
        .label("nvidia.com/gpu.replicas", "4")
        .gpu_product("NVIDIA-A10-SHARED");
    let pods = [pod_with("a", "nvidia.com/gpu", 5)];
    assert_eq!(counts(sliced, &[], &pods), (8, 2, 0, true));
}

#[test]
fn time_slices_under_a_name_of_their_own_are_not_devices() {
    let sliced = node("gpu-1")
        .resource("nvidia.com/gpu", 0, 0)
        .resource("nvidia.com/gpu.shared", 20, 20)
        .label("nvidia.com/gpu.count", "2")
        .label("nvidia.com/gpu.replicas", "10");
    let pods = [pod_with("a", "nvidia.com/gpu.shared", 1)];
    assert_eq!(counts(sliced, &[], &pods), (2, 1, 0, true));
}

#[test]
fn devices_that_hami_offers_often_are_counted_once() {
    let offered = node("gpu-1")
        .gpus(80)
        .label("nvidia.com/gpu.count", "8")
        .label("gpu", "on");
    assert_eq!(counts(offered, &[], &[]), (8, 0, 0, true));
}

#[test]
fn mixed_partitions_are_part_of_the_counted_gpus() {
    let mixed = || {
        node("gpu-1")
            .resource("nvidia.com/gpu", 6, 6)
            .resource("nvidia.com/mig-1g.10gb", 7, 7)
            .resource("nvidia.com/mig-3g.40gb", 2, 2)
            .gpu_product("NVIDIA-H100-80GB-HBM3")
            .label("nvidia.com/mig.strategy", "mixed")
    };
    assert_eq!(
        counts(mixed().label("nvidia.com/gpu.count", "8"), &[], &[]),
        (8, 0, 0, false)
    );
    // Without the label the partitions tell: seven sevenths and two halves are two devices.
    assert_eq!(counts(mixed(), &[], &[]), (8, 0, 0, false));
}

#[test]
fn held_partitions_are_rounded_up_to_devices() {
    let mixed = || {
        node("gpu-1")
            .resource("nvidia.com/mig-1g.10gb", 14, 14)
            .gpu_product("NVIDIA-H100-80GB-HBM3")
            .label("nvidia.com/gpu.count", "2")
    };
    let seven: Vec<Pod> = (0..7)
        .map(|at| pod_with(&format!("p{at}"), "nvidia.com/mig-1g.10gb", 1))
        .collect();
    assert_eq!(counts(mixed(), &[], &seven), (2, 1, 0, false));
    let mut eight = seven;
    eight.push(pod_with("p8", "nvidia.com/mig-1g.10gb", 1));
    assert_eq!(counts(mixed(), &[], &eight), (2, 2, 0, false));
}

#[test]
fn a_node_that_is_all_one_profile_counts_its_gpus() {
    // With the single strategy `gpu.count` is the number of partitions.
    let single = node("gpu-1")
        .gpus(24)
        .gpu_product("NVIDIA-A100-SXM4-40GB-MIG-2g.10gb")
        .label("nvidia.com/mig.strategy", "single")
        .label("nvidia.com/gpu.count", "24");
    let pods = [pod_with("a", "nvidia.com/gpu", 4)];
    assert_eq!(counts(single, &[], &pods), (8, 2, 0, false));
}

#[test]
fn memory_limits_how_many_partitions_fit() {
    // 1g.20gb takes a quarter of 80 GB though only a seventh of the compute.
    let wide = node("gpu-1")
        .resource("nvidia.com/mig-1g.20gb", 8, 8)
        .gpu_product("NVIDIA-H100-80GB-HBM3");
    assert_eq!(counts(wide, &[], &[]), (2, 0, 0, false));
}

#[test]
fn a_plugin_that_withdrew_its_devices_leaves_them_unhealthy() {
    let withdrawn = node("gpu-1").gpus(0).label("nvidia.com/gpu.count", "8");
    assert_eq!(counts(withdrawn, &[], &[]), (8, 0, 8, false));
}

#[test]
fn neuron_devices_under_their_older_name_are_not_counted_again() {
    let neuron = node("gpu-1")
        .resource("aws.amazon.com/neuron", 16, 16)
        .resource("aws.amazon.com/neurondevice", 16, 16);
    assert_eq!(counts(neuron, &[], &[]), (16, 0, 0, false));
}

#[test]
fn pods_of_one_node_share_a_device_where_they_can() {
    let node = node("gpu-1")
        .resource("nvidia.com/mig-1g.10gb", 7, 7)
        .gpu_product("NVIDIA-H100-80GB-HBM3")
        .build();
    let pods = [
        pod_with("a", "nvidia.com/mig-1g.10gb", 1),
        pod_with("b", "nvidia.com/mig-1g.10gb", 1),
    ];
    let counted = count(&[node], &[], &pods);
    assert_eq!(counted.asked_by(pods.iter()), 1);
    // One that is not placed asks for no more than it says.
    let waits = pod("team", "c").gpus(16).build();
    assert_eq!(counted.asked_by([&waits].into_iter()), 16);
}

#[test]
fn devices_that_share_by_mps_are_devices_and_their_shares_are_rounded_up() {
    let by_mps = node("gpu-1")
        .gpus(20)
        .label("nvidia.com/gpu.count", "2")
        .label("nvidia.com/gpu.replicas", "10")
        .label("nvidia.com/gpu.sharing-strategy", "mps");
    let pods: Vec<Pod> = (0..11)
        .map(|at| pod_with(&format!("p{at}"), "nvidia.com/gpu", 1))
        .collect();
    assert_eq!(counts(by_mps, &[], &pods), (2, 2, 0, true));
}

#[test]
fn memory_and_cores_that_hami_parts_are_no_devices() {
    let offered = || {
        node("gpu-1")
            .gpus(20)
            .label("nvidia.com/gpu.count", "2")
            .label("gpu", "on")
    };
    let parted = |name: &str| {
        pod("team", name)
            .on("gpu-1")
            .request("nvidia.com/gpu", 1)
            .request("nvidia.com/gpumem", 3000)
            .request("nvidia.com/gpucores", 30)
            .build()
    };
    let pods = [parted("a"), parted("b")];
    assert_eq!(counts(offered(), &[], &pods), (2, 1, 0, true));
}

#[test]
fn a_pod_that_is_ending_holds_its_devices_until_it_has_gone() {
    let mut ending = pod_with("a", "nvidia.com/gpu", 3);
    ending.metadata.deleting = Some("2026-03-01T12:00:00Z".parse().unwrap());
    assert_eq!(
        counts(node("gpu-1").gpus(8), &[], &[ending]),
        (8, 3, 0, false)
    );
}

#[test]
fn cores_of_a_neuron_device_are_parts_of_it() {
    let neuron = || {
        node("gpu-1")
            .resource("aws.amazon.com/neuron", 16, 16)
            .resource("aws.amazon.com/neuroncore", 32, 32)
    };
    let pods = [pod_with("a", "aws.amazon.com/neuroncore", 3)];
    assert_eq!(counts(neuron(), &[], &pods), (16, 2, 0, false));
    let pods = [pod_with("a", "aws.amazon.com/neuron", 3)];
    assert_eq!(counts(neuron(), &[], &pods), (16, 3, 0, false));
}

#[test]
fn virtual_npus_are_parts_of_a_chip() {
    let parted = node("gpu-1")
        .resource("huawei.com/Ascend910", 6, 6)
        .resource("huawei.com/Ascend910-16c", 2, 2)
        .resource("huawei.com/Ascend910-8c", 4, 4);
    let pods = [
        pod_with("a", "huawei.com/Ascend910", 1),
        pod_with("b", "huawei.com/Ascend910-16c", 1),
        pod_with("c", "huawei.com/Ascend910-8c", 2),
    ];
    assert_eq!(counts(parted, &[], &pods), (8, 2, 0, false));
    let small = node("gpu-1").resource("huawei.com/Ascend310P-2c", 8, 7);
    assert_eq!(counts(small, &[], &[]), (2, 0, 1, false));
}

#[test]
fn partitions_of_an_mi300x_are_parts_of_it() {
    let parted = node("gpu-1").resource("amd.com/cpx_nps4", 64, 64);
    let pods = [pod_with("a", "amd.com/cpx_nps4", 9)];
    assert_eq!(counts(parted, &[], &pods), (8, 2, 0, false));
}
