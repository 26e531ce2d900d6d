//! What holds of any nodes, pods and slices, in any order.

use proptest::prelude::*;

use super::*;

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
