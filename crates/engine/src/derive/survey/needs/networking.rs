//! Networking.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment, Evidence},
};

use super::super::{
    Build, Ground, assessed, facts,
    presence::{Ability, names},
    unlisted,
};

/// High bandwidth and low latency: RDMA, NVLink domains, further networks for pods.
pub(super) fn fast(ground: Ground<'_>) -> Assessment {
    let fabric = fabric(ground);
    let parts = able(ground, &FAST);
    if fabric.is_empty() && parts.is_empty() {
        if !ground.is_listed("", "Node") {
            return assessed(Answer::Unknown, unlisted(&["Node".to_owned()]));
        }
        // Plain Ethernet may be fast all the same; nothing in the API tells.
        return assessed(Answer::Unknown, Phrase::new(PhraseCode::NeedNetworkUntold))
            .remedied(Phrase::new(PhraseCode::ActNetwork));
    }
    let mut by: Vec<&str> = fabric.iter().map(|(name, _)| *name).collect();
    by.extend(parts.iter().map(|one| one.component.name.as_str()));
    let by = by.join(", ");
    let evidence = fabric
        .into_iter()
        .map(|(_, line)| line)
        .chain(parts.iter().filter_map(|one| one.evidence.first().cloned()));
    let reason = Phrase::new(PhraseCode::NeedNetworkFast).with("names", by);
    assessed(Answer::Met, reason).shown_by(evidence)
}

/// What offers fast networks to pods.
const FAST: [&str; 5] = [
    "dranet",
    "sriov-network-operator",
    "nvidia-network-operator",
    "rdma-shared-device-plugin",
    "multus",
];

/// What nodes offer of a fast fabric: RDMA devices, an NVLink domain.
pub(in super::super) fn fabric(ground: Ground<'_>) -> Vec<(&'static str, Evidence)> {
    let rdma = ground.cluster.nodes().find_map(|node| {
        let mut offered = node.allocatable.extended.iter();
        let (name, amount) = offered.find(|(name, amount)| *amount > 0 && name.contains("rdma"))?;
        Some(("RDMA", facts::of_node_resource(node, name, *amount)))
    });
    let nvlink = ground.cluster.nodes().find_map(|node| {
        let clique = node.metadata.labels.get("nvidia.com/gpu.clique")?;
        (!clique.is_empty()).then(|| {
            (
                "NVLink",
                facts::of_node_label(node, "nvidia.com/gpu.clique"),
            )
        })
    });
    [rdma, nvlink].into_iter().flatten().collect()
}

/// Consistent connectivity: a network plugin that is well, names that resolve.
pub(super) fn reliable(ground: Ground<'_>) -> Assessment {
    if !ground.is_listed("", "Node") {
        return assessed(Answer::Unknown, unlisted(&["Node".to_owned()]));
    }
    let networks = ground.of_categories(&["network", "dns"]);
    let ready = ground.derived.nodes.values().filter(|node| node.is_ready);
    let ready = ready.count();
    let shown = || {
        let of = networks
            .iter()
            .filter_map(|one| one.evidence.first().cloned());
        of.collect::<Vec<_>>()
    };
    if let Some(ill) = networks.iter().find(|one| one.ability == Ability::Ill) {
        let name = ill.component.name.as_str();
        return assessed(
            Answer::Partly,
            Phrase::new(PhraseCode::ComponentUnwell).with("name", name),
        )
        .remedied(Phrase::new(PhraseCode::ActMend).with("name", name))
        .shown_by(ill.evidence.clone());
    }
    let able: Vec<_> = networks
        .iter()
        .filter(|one| one.ability == Ability::Able)
        .collect();
    if able.is_empty() {
        // Nodes are ready only once their network is; which one, the API does not say.
        let reason = Phrase::new(PhraseCode::NeedNetworkUnseen).with("nodes", ready);
        let nodes = ground.cluster.nodes().take(1).map(facts::of_node_ready);
        return assessed(Answer::Unknown, reason).shown_by(nodes);
    }
    let reason = Phrase::new(PhraseCode::NeedNetwork)
        .with("names", names(able))
        .with("nodes", ready);
    assessed(Answer::Met, reason).shown_by(shown())
}

fn able<'a>(ground: Ground<'a>, ids: &[&str]) -> Vec<super::super::presence::Present<'a>> {
    let found = ground.present_of(ids);
    found
        .into_iter()
        .filter(|one| one.ability == Ability::Able)
        .collect()
}
