//! Networking: gateways, inference routing, fast networks, disaggregated inference.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment},
};
use strata_domain::{condition::holds, ids::GroupKind, workload::Workload};

use super::{
    super::{
        Build, Ground, assessed, facts, needs,
        presence::{Ability, judge_present},
        unlisted,
    },
    only_served,
};

const GATEWAY: &str = "gateway.networking.k8s.io";

/// Gateway API, and an implementation that accepted a class of its own.
pub(super) fn gateways(ground: Ground<'_>) -> Assessment {
    let kind = GroupKind::new(GATEWAY, "GatewayClass");
    let mut accepted: Vec<_> = ground
        .cluster
        .custom(&kind)
        .filter(|class| holds(&class.conditions, "Accepted"))
        .collect();
    accepted.sort_by_key(|class| &class.metadata.key);
    if !accepted.is_empty() {
        let names: Vec<&str> = accepted
            .iter()
            .map(|class| class.metadata.key.name.as_str())
            .collect();
        let reason = Phrase::new(PhraseCode::GatewayAccepted).with("classes", names.join(", "));
        let served = ground.served(GATEWAY, "Gateway");
        return assessed(Answer::Met, reason)
            .shown_by(
                accepted
                    .into_iter()
                    .map(|class| facts::of_condition(class, "Accepted")),
            )
            .shown_by(served.map(|kind| facts::of_served(ground, kind)));
    }
    if ground.served(GATEWAY, "GatewayClass").is_some()
        && !ground.is_listed(GATEWAY, "GatewayClass")
    {
        return assessed(Answer::Unknown, unlisted(&[kind.to_string()]));
    }
    let waiting = ground.cluster.custom(&kind).next();
    let served = only_served(
        ground,
        PhraseCode::GatewayNoClass,
        PhraseCode::ActGateway,
        &[(GATEWAY, "GatewayClass")],
    );
    match served {
        Some(served) => {
            served.shown_by(waiting.map(|class| facts::of_condition(class, "Accepted")))
        }
        None => ground.absent(
            Phrase::new(PhraseCode::GatewayNotServed),
            Phrase::new(PhraseCode::ActGateway),
        ),
    }
}

const INFERENCE: &str = "inference.networking.k8s.io";

/// The inference extension, and a pool that it routes to.
pub(super) fn inference_pools(ground: Ground<'_>) -> Assessment {
    let kind = GroupKind::new(INFERENCE, "InferencePool");
    let pools: Vec<_> = ground.cluster.custom(&kind).collect();
    let extension = ground.present("gateway-api-inference-extension");
    let pickers = extension
        .iter()
        .filter(|one| one.ability == Ability::Able && one.row.ready.is_some());
    if !pools.is_empty() || pickers.clone().next().is_some() {
        let reason = Phrase::new(PhraseCode::InferencePools).with("count", pools.len());
        let pools = pools.into_iter().map(|pool| {
            let picker = "spec.endpointPickerRef.name";
            let value = pool.field(picker).unwrap_or_default();
            facts::of_object(&pool.kind, &pool.metadata, picker, value, None)
        });
        return assessed(Answer::Met, reason)
            .shown_by(pools)
            .shown_by(pickers.flat_map(|one| one.evidence.clone()));
    }
    let kinds = [
        (INFERENCE, "InferencePool"),
        ("inference.networking.x-k8s.io", "InferencePool"),
    ];
    only_served(
        ground,
        PhraseCode::InferenceNoPool,
        PhraseCode::ActInferencePool,
        &kinds,
    )
    .unwrap_or_else(|| ground.any_of(&["gateway-api-inference-extension"]))
}

/// What manages fast networks and tells of them: by dynamic allocation, or as resources of nodes.
const FAST: [&str; 4] = [
    "dranet",
    "sriov-network-operator",
    "nvidia-network-operator",
    "rdma-shared-device-plugin",
];

pub(super) fn fast(ground: Ground<'_>) -> Assessment {
    let found = ground.present_of(&FAST);
    let fabric = needs::fabric(ground);
    if found.iter().any(|one| one.ability == Ability::Able) || fabric.is_empty() {
        let lines = fabric.into_iter().map(|(_, line)| line);
        return ground.judge_any(&found, &FAST).shown_by(lines);
    }
    let names: Vec<&str> = fabric.iter().map(|(name, _)| *name).collect();
    let reason = Phrase::new(PhraseCode::FabricUnmanaged).with("names", names.join(", "));
    assessed(Answer::Partly, reason)
        .remedied(Phrase::new(PhraseCode::ActNetwork))
        .shown_by(fabric.into_iter().map(|(_, line)| line))
}

/// The label by which llm-d's workloads say which phase of inference they do.
const ROLE: &str = "llm-d.ai/role";

/// Prefill and decode run apart.
pub(super) fn disaggregated(ground: Ground<'_>) -> Assessment {
    let of_role = |role: &str| -> Option<&Workload> {
        let mut workloads = ground.cluster.workloads();
        workloads.find(|workload| workload.metadata.labels.get(ROLE) == Some(role))
    };
    if let (Some(prefill), Some(decode)) = (of_role("prefill"), of_role("decode")) {
        let reason = Phrase::new(PhraseCode::Disaggregated);
        return assessed(Answer::Met, reason)
            .shown_by([facts::of_workload(prefill), facts::of_workload(decode)]);
    }
    let solutions = ["nvidia-dynamo", "llm-d"];
    if let Some(judged) = judge_present(&ground.present_of(&solutions)) {
        return judged;
    }
    let kinds = [
        ("disaggregatedset.x-k8s.io", "DisaggregatedSet"),
        ("serving.kserve.io", "LLMInferenceService"),
    ];
    only_served(
        ground,
        PhraseCode::DisaggregationServed,
        PhraseCode::ActDisaggregate,
        &kinds,
    )
    .unwrap_or_else(|| ground.any_of(&solutions))
}
