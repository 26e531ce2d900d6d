use proptest::prelude::*;
use strata_domain::{
    node::Node,
    object::Object,
    plain::Plain,
    pod::{Phase, Pod},
    resource_slice::{Device, ResourceSlice},
    text::Text,
};
use strata_test_support::objects::{
    NodeBuilder, SliceBuilder, device_class, node, pod, resource_claim, slice,
};

use super::*;

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

fn partition(name: &str, parent: &str) -> Device {
    Device {
        name: Text::from(name),
        kind: Text::from("mig"),
        uuid: Text::from(format!("MIG-{name}")),
        parent_uuid: Text::from(parent),
        product: Text::from("NVIDIA H100 80GB HBM3"),
        ..Device::default()
    }
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
fn only_the_highest_generation_of_a_pool_counts() {
    let old = dra("gpu-1")
        .gpus(8, "NVIDIA H100")
        .pool(1, 1)
        .uid("old")
        .build();
    let new = dra("gpu-1")
        .gpus(7, "NVIDIA H100")
        .pool(2, 1)
        .uid("new")
        .build();
    assert_eq!(counts(node("gpu-1"), &[old, new], &[]), (7, 0, 0, false));
}

#[test]
fn an_incomplete_pool_does_not_count() {
    let half = dra("gpu-1").gpus(4, "NVIDIA H100").pool(1, 2).build();
    assert_eq!(counts(node("gpu-1"), &[half], &[]), (0, 0, 0, false));
}

#[test]
fn partitions_of_one_device_are_one_device() {
    let slices = [dra("gpu-1")
        .gpus(1, "NVIDIA H100 80GB HBM3")
        .device(partition("gpu-0-mig-1", "GPU-gpu-1-0"))
        .device(partition("gpu-0-mig-2", "GPU-gpu-1-0"))
        .device(partition("gpu-1-mig-1", "GPU-other"))
        .build()];
    assert_eq!(counts(node("gpu-1"), &slices, &[]), (2, 0, 0, false));
}

#[test]
fn a_tainted_device_is_unhealthy() {
    let tainted = Device {
        name: Text::from("gpu-9"),
        kind: Text::from("gpu"),
        uuid: Text::from("GPU-9"),
        tainted: true,
        ..Device::default()
    };
    let slices = [dra("gpu-1").gpus(3, "NVIDIA H100").device(tainted).build()];
    assert_eq!(counts(node("gpu-1"), &slices, &[]), (4, 0, 1, false));
}

#[test]
fn devices_for_virtual_machines_are_not_counted_again() {
    let passed = Device {
        name: Text::from("gpu-vfio-0"),
        kind: Text::from("vfio"),
        uuid: Text::from("VFIO-0"),
        ..Device::default()
    };
    let slices = [dra("gpu-1")
        .gpus(2, "NVIDIA H100")
        .device(passed.clone())
        .build()];
    assert_eq!(counts(node("gpu-1"), &slices, &[]), (2, 0, 0, false));
    let slices = [dra("gpu-1").device(passed).build()];
    assert_eq!(counts(node("gpu-1"), &slices, &[]), (1, 0, 0, false));
}

#[test]
fn channels_of_a_compute_domain_are_no_accelerators() {
    let slices = [slice("compute-domain.nvidia.com", "gpu-1")
        .gpus(4, "channel")
        .build()];
    assert_eq!(counts(node("gpu-1"), &slices, &[]), (0, 0, 0, false));
}

#[test]
fn a_resource_that_only_a_device_class_names_is_counted() {
    let node = node("gpu-1").build();
    let slices = [dra("gpu-1").gpus(8, "NVIDIA H100 80GB HBM3").build()];
    let classes = [device_class("gpu.nvidia.com", "corp.example/gpu").build()];
    let pods = [pod_with("a", "corp.example/gpu", 3)];
    let counted = Accelerators::count([&node].into_iter(), slices.iter(), classes.iter())
        .held_by(pods.iter());
    let known = counted.of("gpu-1").unwrap();
    assert_eq!((known.total, known.allocated), (8, 3));
    assert_eq!(known.model, "H100 80GB HBM3");
    assert!(counted.are_asked_by(&pods[0]));
}

fn claiming(name: &str, claims: &[&str]) -> Pod {
    let mut pod = pod("team", name).on("gpu-1").build();
    pod.claims = claims.iter().map(|claim| Text::from(*claim)).collect();
    pod
}

#[test]
fn a_claim_on_published_devices_holds_at_least_one_and_shared_ones_are_entered_once() {
    let slices = [dra("gpu-1").gpus(4, "NVIDIA L40S").build()];
    let pods = [
        claiming("a", &["a-gpus"]),
        claiming("b", &["b-gpus", "b-channel"]),
        claiming("c", &["shared"]),
        claiming("d", &["shared"]),
    ];
    assert_eq!(counts(node("gpu-1"), &slices, &pods), (4, 3, 0, false));
    // Where no driver publishes accelerators, a claim is for something else.
    assert_eq!(counts(node("gpu-1").gpus(8), &[], &pods), (8, 0, 0, false));
}

#[test]
fn a_pod_that_names_its_devices_otherwise_is_not_entered_again_for_its_claim() {
    let slices = [dra("gpu-1").gpus(4, "NVIDIA L40S").build()];
    let mut both = pod_with("a", "nvidia.com/gpu", 2);
    both.claims = [Text::from("a-channel")].into();
    assert_eq!(counts(node("gpu-1"), &slices, &[both]), (4, 2, 0, false));
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

#[test]
fn an_object_of_another_kind_is_no_device_class() {
    let Object::Plain(other) = strata_test_support::objects::namespace("gpu.nvidia.com").object()
    else {
        panic!("a namespace is a plain object");
    };
    assert!(named_by_classes([&*other].into_iter()).is_empty());
}

#[test]
fn a_claim_counts_the_devices_that_it_was_given() {
    let node = node("gpu-1").build();
    let slices = [dra("gpu-1").gpus(4, "NVIDIA L40S").build()];
    let pods = [claiming("a", &["a-gpus"]), claiming("b", &["b-gpu"])];
    let of = |device| ("gpu.nvidia.com", "gpu-1", device);
    let claims = [resource_claim(
        "team",
        "a-gpus",
        &[of("gpu-0"), of("gpu-1"), of("gpu-2")],
        "a",
    )
    .build()];
    let counted = Accelerators::count([&node].into_iter(), slices.iter(), [].into_iter())
        .given_to(claims.iter())
        .held_by(pods.iter());
    // Three by the first claim; of the second nothing is known but that it is there.
    assert_eq!(counted.of("gpu-1").unwrap().allocated, 4);
}
