use strata_api::rows::gpu::GpuExporters;
use strata_domain::object::Object;
use strata_ports::cluster::{ClusterEvent, WatchState as Watched};
use strata_test_support::objects::{device_class_of, resource_claim, slice};

use super::*;
use crate::{
    derive::{
        fixture::{catalog, cluster, derived, now},
        gpus::Gpus,
    },
    fleet::telemetry::Telemetry,
    fold::{Dirty, apply},
};

const DRIVER: &str = "gpu.nvidia.com";
const H100: &str = "NVIDIA H100 80GB HBM3";

fn told(cluster: &Cluster) -> (Option<DeviceSupplyRow>, Vec<DeviceOfferRow>) {
    let derived = derived(cluster, &catalog());
    let telemetry = Telemetry::default();
    let picture = Picture {
        cluster,
        derived: &derived,
        gpus: &Gpus::join(cluster, &derived, &telemetry, now()),
        telemetry: &telemetry,
        exporters: &GpuExporters::default(),
        is_whole: true,
        now: now(),
    };
    let (mut supply, mut offers) = (None, Vec::new());
    for keyed in rows(picture) {
        match keyed.row {
            Row::DeviceSupply(row) => supply = Some(row),
            Row::DeviceOffer(row) => offers.push(row),
            other => panic!("neither: {other:?}"),
        }
    }
    (supply, offers)
}

fn published() -> Vec<Object> {
    let tainted = Device {
        name: Text::from("gpu-2"),
        kind: Text::from("gpu"),
        product: Text::from(H100),
        taints: Box::new([Text::from("xid=79:NoExecute")]),
        ..Device::default()
    };
    let part = Device {
        name: Text::from("gpu-0-mig-1g10gb-0"),
        kind: Text::from("mig"),
        product: Text::from(H100),
        ..Device::default()
    };
    vec![
        slice(DRIVER, "n1")
            .gpus(2, H100)
            .device(tainted)
            .device(part)
            .object(),
        slice(DRIVER, "n2").gpus(2, H100).object(),
        slice("compute-domain.nvidia.com", "n1")
            .gpus(1, "")
            .object(),
    ]
}

#[test]
fn devices_are_told_by_driver_kind_and_model_with_what_claims_were_given_and_taints() {
    let mut objects = published();
    objects.extend([
        resource_claim("llm", "one", &[(DRIVER, "n1", "gpu-0")], "server").object(),
        // Two claims may share one device: it is one that was given.
        resource_claim("llm", "two", &[(DRIVER, "n1", "gpu-0")], "other").object(),
        resource_claim("llm", "waiting", &[], "").object(),
        device_class_of(DRIVER, "device.driver == 'gpu.nvidia.com'").object(),
        device_class_of(
            "mig.nvidia.com",
            "device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == 'mig'",
        )
        .object(),
    ]);
    let (supply, offers) = told(&cluster(objects));
    assert_eq!(supply.unwrap().incomplete_pools, 0);
    let [gpus, parts] = offers.as_slice() else {
        panic!("whole GPUs and parts, and no channels of compute domains: {offers:?}");
    };
    assert_eq!(
        (gpus.kind.as_str(), gpus.model.as_str()),
        ("gpu", "H100 80GB HBM3")
    );
    assert_eq!((gpus.nodes, gpus.published), (2, 5));
    assert_eq!((gpus.allocated, gpus.tainted), (Some(1), 1));
    assert_eq!(gpus.taints, ["xid=79:NoExecute"]);
    let classes = |offer: &DeviceOfferRow| -> Vec<String> {
        offer.classes.iter().map(|one| one.name.clone()).collect()
    };
    assert_eq!(classes(gpus), [DRIVER]);
    assert_eq!((parts.kind.as_str(), parts.published), ("mig", 1));
    assert_eq!(parts.allocated, Some(0));
    assert_eq!(classes(parts), [DRIVER, "mig.nvidia.com"]);
}

#[test]
fn where_claims_may_not_be_listed_what_was_given_is_not_known_and_the_permission_is_named() {
    let mut cluster = cluster(published());
    let refused = Watched::Forbidden {
        permission: "list resourceclaims.resource.k8s.io".to_owned(),
    };
    let event = ClusterEvent::Watch {
        kind: resource("ResourceClaim"),
        state: refused,
    };
    apply(&mut cluster, event, now(), &mut Dirty::default());
    let (supply, offers) = told(&cluster);
    assert_eq!(
        supply.unwrap().claims,
        WatchState::Forbidden {
            permission: "list resourceclaims.resource.k8s.io".to_owned()
        }
    );
    assert!(
        offers.iter().all(|offer| offer.allocated.is_none()),
        "{offers:?}"
    );
    assert_eq!(offers[0].published, 5);
}

#[test]
fn a_pool_of_which_slices_are_missing_is_counted_and_its_devices_are_not() {
    let half = slice(DRIVER, "n1").gpus(4, H100).pool(1, 2).object();
    let whole = slice(DRIVER, "n2").gpus(2, H100).object();
    let (supply, offers) = told(&cluster(vec![half, whole]));
    assert_eq!(supply.unwrap().incomplete_pools, 1);
    assert_eq!((offers.len(), offers[0].published), (1, 2));
}

#[test]
fn a_server_without_slices_is_told_nothing_of() {
    let mut cluster = cluster(Vec::new());
    let event = ClusterEvent::Watch {
        kind: resource("ResourceSlice"),
        state: Watched::NotServed,
    };
    apply(&mut cluster, event, now(), &mut Dirty::default());
    assert_eq!(told(&cluster), (None, Vec::new()));
}
