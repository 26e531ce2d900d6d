//! Accelerators: how they are allocated, driven, shared, kept apart.

use std::collections::BTreeSet;

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment, Evidence},
};
use strata_domain::{
    accelerator::{Unit, classify},
    ids::GroupKind,
    node::Node,
};

use super::{
    super::{Build, Ground, assessed, facts, unlisted},
    with_accelerators,
};

pub(super) const RESOURCE: &str = "resource.k8s.io";

/// By which GPU feature discovery tells the driver's version.
pub(super) const DRIVER_VERSION: &str = "nvidia.com/cuda.driver-version.full";

/// The API of dynamic resource allocation is served.
pub(super) fn dynamic_allocation(ground: Ground<'_>) -> Assessment {
    if ground.cluster.served().is_none() {
        return assessed(Answer::Unknown, unlisted(&["APIGroup".to_owned()]));
    }
    let Some(claims) = ground.served(RESOURCE, "ResourceClaim") else {
        return assessed(Answer::NotMet, Phrase::new(PhraseCode::DraNotServed))
            .remedied(Phrase::new(PhraseCode::ActServeDra))
            .shown_by([facts::of_unserved(RESOURCE, "ResourceClaim")]);
    };
    let drivers: BTreeSet<&str> = ground
        .cluster
        .slices()
        .map(|slice| slice.driver.as_str())
        .collect();
    let slice = ground
        .cluster
        .slices()
        .min_by_key(|slice| &slice.metadata.key);
    let kind = GroupKind::new(RESOURCE, "ResourceSlice");
    let published = slice.map(|slice| {
        facts::of_object(
            &kind,
            &slice.metadata,
            "spec.driver",
            slice.driver.as_str(),
            None,
        )
    });
    let classes = GroupKind::new(RESOURCE, "DeviceClass");
    let classes = ground.cluster.plain_of(&classes).take(3).map(|class| {
        let kind = GroupKind::new(RESOURCE, "DeviceClass");
        facts::of_object(
            &kind,
            &class.metadata,
            "metadata.name",
            class.metadata.key.name.as_str(),
            None,
        )
    });
    let reason = if drivers.is_empty() {
        Phrase::new(PhraseCode::DraServed)
    } else {
        let drivers: Vec<&str> = drivers.into_iter().collect();
        Phrase::new(PhraseCode::DraPublished).with("drivers", drivers.join(", "))
    };
    assessed(Answer::Met, reason)
        .shown_by([facts::of_served(ground, claims)])
        .shown_by(published)
        .shown_by(classes)
}

/// What installs and maintains drivers on nodes.
const DRIVER_OPERATORS: [&str; 4] = [
    "gpu-operator",
    "amd-gpu-operator",
    "ascend-mindcluster",
    "kernel-module-management",
];

/// Something keeps drivers and runtimes right, and tells which they are.
pub(super) fn drivers(ground: Ground<'_>) -> Assessment {
    with_accelerators(ground, || {
        let operators = ground.present_of(&DRIVER_OPERATORS);
        let told: Vec<Evidence> = ground
            .present_of(&["nvidia-driver", "amd-driver"])
            .iter()
            .filter_map(|one| one.evidence.first().cloned())
            .collect();
        if operators.is_empty() && !told.is_empty() {
            return assessed(Answer::Partly, Phrase::new(PhraseCode::DriversTold))
                .remedied(Phrase::new(PhraseCode::ActManageDrivers))
                .shown_by(told);
        }
        ground
            .judge_any(&operators, &DRIVER_OPERATORS)
            .shown_by(told)
    })
}

/// Partitions or shares of devices may be asked for.
pub(super) fn sharing(ground: Ground<'_>) -> Assessment {
    with_accelerators(ground, || {
        let mut ways: Vec<(&str, Evidence)> = Vec::new();
        ways.extend(
            offered(ground, |unit| matches!(unit, Unit::Partition(_))).map(|line| ("MIG", line)),
        );
        ways.extend(
            offered(ground, |unit| matches!(unit, Unit::Share)).map(|line| ("time-slicing", line)),
        );
        let strategy = "nvidia.com/gpu.sharing-strategy";
        for way in ["time-slicing", "mps"] {
            let node = labelled(ground, strategy, way);
            ways.extend(node.map(|node| (way, facts::of_node_label(node, strategy))));
        }
        let hami = ground.present("hami");
        ways.extend(hami.and_then(|one| Some(("HAMi", one.evidence.into_iter().next()?))));
        if !ways.is_empty() {
            let mut names: Vec<&str> = ways.iter().map(|(name, _)| *name).collect();
            names.dedup();
            let reason = Phrase::new(PhraseCode::GpuShared).with("ways", names.join(", "));
            return assessed(Answer::Met, reason).shown_by(ways.into_iter().map(|(_, line)| line));
        }
        let capable = "nvidia.com/mig.capable";
        if let Some(node) = labelled(ground, capable, "true") {
            return assessed(Answer::Partly, Phrase::new(PhraseCode::GpuShareable))
                .remedied(Phrase::new(PhraseCode::ActShare))
                .shown_by([facts::of_node_label(node, capable)]);
        }
        assessed(Answer::NotMet, Phrase::new(PhraseCode::GpuNotShared))
            .remedied(Phrase::new(PhraseCode::ActShare))
            .shown_by(first_accelerator(ground))
    })
}

/// Virtual accelerators are exposed.
pub(super) fn virtualized(ground: Ground<'_>) -> Assessment {
    with_accelerators(ground, || {
        let label = "nvidia.com/vgpu.present";
        if let Some(node) = labelled(ground, label, "true") {
            let reason = Phrase::new(PhraseCode::SurveyAble).with("names", "NVIDIA vGPU");
            return assessed(Answer::Met, reason).shown_by([facts::of_node_label(node, label)]);
        }
        let hami = ground.present_of(&["hami"]);
        if !hami.is_empty() {
            return ground.judge_any(&hami, &["hami"]);
        }
        assessed(Answer::NotMet, Phrase::new(PhraseCode::GpuNotVirtual))
            .remedied(Phrase::new(PhraseCode::ActVirtualize))
            .shown_by(first_accelerator(ground))
    })
}

/// Containers get at accelerators through Kubernetes alone: what mediates can be seen, that nothing
/// gets past it takes a test.
pub(super) fn access(ground: Ground<'_>) -> Assessment {
    with_accelerators(ground, || {
        let mediators =
            ground.of_categories(&["device_plugin", "dra_driver", "accelerator_operator"]);
        let mut evidence: Vec<Evidence> = mediators
            .iter()
            .filter_map(|one| one.evidence.first().cloned())
            .collect();
        evidence.extend(first_accelerator(ground));
        let reason = Phrase::new(PhraseCode::AccessMediated);
        assessed(Answer::Unknown, reason)
            .remedied(Phrase::new(PhraseCode::ActRunTest))
            .shown_by(evidence)
    })
}

/// The first resource that a node offers as a part of a device.
fn offered(ground: Ground<'_>, is_wanted: fn(&Unit) -> bool) -> Option<Evidence> {
    ground.cluster.nodes().find_map(|node| {
        let mut resources = node.allocatable.extended.iter();
        let (name, amount) = resources.find(|(name, amount)| {
            *amount > 0 && classify(name).is_some_and(|resource| is_wanted(&resource.unit))
        })?;
        Some(facts::of_node_resource(node, name, *amount))
    })
}

fn labelled<'a>(ground: Ground<'a>, key: &str, value: &str) -> Option<&'a Node> {
    let mut nodes = ground.cluster.nodes();
    nodes.find(|node| node.metadata.labels.get(key) == Some(value))
}

fn first_accelerator(ground: Ground<'_>) -> Option<Evidence> {
    let mut nodes = ground.cluster.nodes();
    nodes.find_map(|node| facts::of_node_accelerators(node).next())
}
