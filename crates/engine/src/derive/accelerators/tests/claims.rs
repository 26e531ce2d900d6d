//! Devices that DRA drivers publish, and what claims were given of them.

use strata_domain::{object::Object, resource_slice::Device};
use strata_test_support::objects::{device_class, resource_claim};

use super::*;

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
        taints: Box::new([Text::from("unhealthy:NoSchedule")]),
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

/// The devices that are held of `slices` on `gpu-1` by `pods` with `claims`.
fn held(slices: &[ResourceSlice], claims: &[Plain], pods: &[Pod]) -> u32 {
    let node = node("gpu-1").build();
    let counted = Accelerators::count([&node].into_iter(), slices.iter(), [].into_iter())
        .given_to(claims.iter())
        .held_by(pods.iter());
    counted.of("gpu-1").unwrap().allocated
}

fn given(claim: &str, devices: &[&str], pod: &str) -> Plain {
    let devices: Vec<(&str, &str, &str)> = devices
        .iter()
        .map(|device| ("gpu.nvidia.com", "gpu-1", *device))
        .collect();
    resource_claim("team", claim, &devices, pod).build()
}

#[test]
fn claims_for_partitions_of_one_device_take_one_device() {
    let slices = [dra("gpu-1")
        .gpus(3, "NVIDIA H100 80GB HBM3")
        .device(partition("gpu-0-mig-1", "GPU-gpu-1-0"))
        .device(partition("gpu-0-mig-2", "GPU-gpu-1-0"))
        .device(partition("gpu-1-mig-1", "GPU-gpu-1-1"))
        .build()];
    let claims = [
        given("a", &["gpu-0-mig-1"], "a"),
        given("b", &["gpu-0-mig-2"], "b"),
        given("c", &["gpu-1-mig-1"], "c"),
    ];
    let pods = [
        claiming("a", &["a"]),
        claiming("b", &["b"]),
        claiming("c", &["c"]),
    ];
    assert_eq!(held(&slices, &claims, &pods), 2);
    assert_eq!(held(&slices, &claims, &pods[..2]), 1);
}

#[test]
fn a_claim_of_several_pods_and_several_claims_of_one_device_take_it_once() {
    let slices = [dra("gpu-1").gpus(4, "NVIDIA L40S").build()];
    let claims = [
        given("shared", &["gpu-0", "gpu-1"], "a"),
        given("other", &["gpu-1"], "c"),
    ];
    let pods = [claiming("a", &["shared"]), claiming("b", &["shared"])];
    assert_eq!(held(&slices, &claims, &pods), 2);
    // Consumable capacity gives one device to several claims.
    let pods = [claiming("a", &["shared"]), claiming("c", &["other"])];
    assert_eq!(held(&slices, &claims, &pods), 2);
}

#[test]
fn a_claim_that_was_given_devices_to_look_at_alone_holds_none_of_them() {
    // The adapter leaves out what was given with admin access, so that such a claim has none.
    let slices = [dra("gpu-1").gpus(4, "NVIDIA L40S").build()];
    let claims = [given("watch", &[], "exporter"), given("a", &["gpu-2"], "a")];
    let pods = [claiming("exporter", &["watch"]), claiming("a", &["a"])];
    assert_eq!(held(&slices, &claims, &pods), 1);
}
