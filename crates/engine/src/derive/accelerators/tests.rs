use proptest::prelude::*;
use strata_domain::{
    node::Node,
    plain::Plain,
    pod::{Phase, Pod},
    resource_slice::ResourceSlice,
};
use strata_test_support::objects::{NodeBuilder, SliceBuilder, node, pod, slice};

use super::*;

mod claims;

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
fn a_node_that_two_sources_tell_of_is_counted_once() {
    let slices = [dra("gpu-1").gpus(8, "NVIDIA H100 80GB HBM3").build()];
    assert_eq!(
        counts(node("gpu-1").gpus(8), &slices, &[]),
        (8, 0, 0, false)
    );
    assert_eq!(
        counts(node("gpu-1").gpus(0), &slices, &[]),
        (8, 0, 0, false)
    );
}

#[test]
fn devices_of_different_makers_are_added() {
    let slices = [dra("gpu-1").gpus(2, "NVIDIA H100 80GB HBM3").build()];
    let mixed = node("gpu-1").resource("amd.com/gpu", 4, 4);
    assert_eq!(counts(mixed, &slices, &[]), (6, 0, 0, false));
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

prop_compose! {
    fn any_node(name: String)(
        gpus in 0u64..16,
        lost in 0u64..4,
        replicas in 1u64..5,
        partitions in 0u64..21,
    ) -> Node {
        node(&name)
            .resource("nvidia.com/gpu", gpus * replicas, (gpus * replicas).saturating_sub(lost))
            .resource("nvidia.com/mig-1g.10gb", partitions, partitions)
            .gpu_product("NVIDIA-H100-80GB-HBM3")
            .label("nvidia.com/gpu.replicas", &replicas.to_string())
            .build()
    }
}

prop_compose! {
    fn any_pod(at: usize)(
        on in 0usize..3,
        gpus in 0u64..9,
        parts in 0u64..5,
        is_done in any::<bool>(),
    ) -> Pod {
        let built = pod("team", &format!("p{at}"))
            .on(&format!("n{on}"))
            .request("nvidia.com/gpu", gpus)
            .request("nvidia.com/mig-1g.10gb", parts);
        if is_done { built.phase(Phase::Succeeded).build() } else { built.build() }
    }
}

fn any_slice(at: usize) -> impl Strategy<Value = ResourceSlice> {
    (0usize..3, 0usize..5, 1u64..4, 1u64..3).prop_map(move |(on, gpus, generation, of)| {
        let built = dra(&format!("n{on}")).gpus(gpus, "NVIDIA H100 80GB HBM3");
        built
            .pool(generation, of)
            .uid(&format!("slice-{at}"))
            .build()
    })
}

proptest! {
    #[test]
    fn no_more_is_allocated_than_pods_ask_for(
        nodes in (any_node("n0".into()), any_node("n1".into()), any_node("n2".into())),
        pods in proptest::collection::vec(any::<u8>(), 0..12)
            .prop_flat_map(|seeds| (0..seeds.len()).map(any_pod).collect::<Vec<_>>()),
    ) {
        let counted = count(&[nodes.0, nodes.1, nodes.2], &[], &pods);
        let allocated: u64 = counted.nodes().map(|(_, node)| u64::from(node.allocated)).sum();
        let asked: u64 = pods
            .iter()
            .filter(|pod| pod.holds_resources())
            .flat_map(|pod| pod.requests.extended.iter().map(|(_, amount)| *amount))
            .sum();
        prop_assert!(allocated <= asked, "{allocated} allocated, {asked} asked for");
        for (name, node) in counted.nodes() {
            prop_assert!(node.allocated <= node.total && node.unhealthy <= node.total, "{name}");
        }
    }

    #[test]
    fn the_order_of_slices_changes_nothing(
        slices in (any_slice(0), any_slice(1), any_slice(2), any_slice(3))
            .prop_map(|(a, b, c, d)| vec![a, b, c, d]),
        order in Just(vec![0usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let nodes = ["n0", "n1", "n2"].map(|name| node(name).build());
        let shuffled: Vec<ResourceSlice> = order.iter().map(|at| slices[*at].clone()).collect();
        prop_assert_eq!(count(&nodes, &slices, &[]), count(&nodes, &shuffled, &[]));
    }
}
