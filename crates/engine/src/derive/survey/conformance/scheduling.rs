//! Scheduling and orchestration: gangs, nodes that come and go, pods that follow the load.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment, Evidence},
};
use strata_domain::{
    condition::holds,
    ids::GroupKind,
    plain::{Plain, PlainKind},
};

use super::{
    super::{Build, Ground, assessed, facts, presence::judge_present},
    only_served,
};

/// What starts gangs whole.
pub(in super::super) const GANG_SCHEDULERS: [&str; 6] = [
    "kueue",
    "volcano",
    "kai-scheduler",
    "yunikorn",
    "koordinator",
    "scheduler-plugins",
];

/// What adds and removes nodes.
pub(in super::super) const NODE_SCALERS: [&str; 2] = ["karpenter", "cluster-autoscaler"];

/// At least one solution that starts gangs whole.
pub(super) fn gangs(ground: Ground<'_>) -> Assessment {
    let found = ground.present_of(&GANG_SCHEDULERS);
    if let Some(judged) = judge_present(&found) {
        return judged.shown_by(admitted(ground));
    }
    // Kubernetes's own: that the API is served does not tell whether the scheduler heeds it.
    only_served(
        ground,
        PhraseCode::GangsServed,
        PhraseCode::ActGangs,
        &[("scheduling.k8s.io", "PodGroup")],
    )
    .unwrap_or_else(|| ground.any_of(&GANG_SCHEDULERS))
}

/// A workload that a queue let in: proof that it works.
fn admitted(ground: Ground<'_>) -> Option<Evidence> {
    let kind = GroupKind::new("kueue.x-k8s.io", "Workload");
    let mut workloads = ground.cluster.custom(&kind);
    let admitted = workloads.find(|workload| holds(&workload.conditions, "Admitted"))?;
    Some(facts::of_condition(admitted, "Admitted"))
}

/// Nodes come with the pods that need them. A cloud's own autoscaler may run where nothing is seen
/// of it, so its absence proves nothing.
pub(super) fn cluster_autoscaling(ground: Ground<'_>) -> Assessment {
    let judged = ground.any_of(&NODE_SCALERS);
    match judged.answer {
        Answer::NotMet => assessed(Answer::Unknown, Phrase::new(PhraseCode::NodeScalerUnseen))
            .remedied(Phrase::new(PhraseCode::ActScaleNodes)),
        _ => judged,
    }
}

/// Pods follow the load by metrics of their own.
pub(in super::super) fn pod_autoscaling(ground: Ground<'_>) -> Assessment {
    let services = GroupKind::new("apiregistration.k8s.io", "APIService");
    let answers = |group: &str| -> Option<&Plain> {
        let ends = format!(".{group}");
        let mut all = ground.cluster.plain_of(&services);
        all.find(|plain| {
            plain.metadata.key.name.ends_with(&ends) && holds(&plain.conditions, "Available")
        })
    };
    let custom = ["custom.metrics.k8s.io", "external.metrics.k8s.io"]
        .into_iter()
        .filter_map(answers)
        .collect::<Vec<_>>();
    let resource = answers("metrics.k8s.io");
    let scalers = || scalers(ground);
    let Some(served) = ground.served("autoscaling", "HorizontalPodAutoscaler") else {
        return ground.absent(
            Phrase::new(PhraseCode::HpaNotServed),
            Phrase::new(PhraseCode::ActScalePods),
        );
    };
    if !custom.is_empty() {
        let names: Vec<&str> = custom
            .iter()
            .map(|plain| plain.metadata.key.name.as_str())
            .collect();
        let reason = Phrase::new(PhraseCode::HpaCustom).with("apis", names.join(", "));
        return assessed(Answer::Met, reason)
            .shown_by(custom.into_iter().map(facts::of_api_service))
            .shown_by(scalers())
            .shown_by([facts::of_served(ground, served)]);
    }
    let code = if resource.is_some() {
        PhraseCode::HpaResource
    } else {
        PhraseCode::HpaNoMetrics
    };
    assessed(Answer::Partly, Phrase::new(code))
        .remedied(Phrase::new(PhraseCode::ActScalePods))
        .shown_by(resource.map(facts::of_api_service))
        .shown_by(scalers())
        .shown_by([facts::of_served(ground, served)])
}

/// The autoscalers of pods, those by metrics of their own first.
fn scalers(ground: Ground<'_>) -> Vec<Evidence> {
    let kind = GroupKind::new("autoscaling", "HorizontalPodAutoscaler");
    let mut found: Vec<(bool, &Plain, String)> = ground
        .cluster
        .plain_of(&kind)
        .filter_map(|plain| match &plain.kind {
            PlainKind::PodAutoscaler { metrics, .. } => {
                let is_plain = metrics.iter().all(|metric| metric.ends_with("Resource"));
                Some((is_plain, plain, metrics.join(", ")))
            }
            _ => None,
        })
        .collect();
    found.sort_by_key(|(is_plain, plain, _)| (*is_plain, &plain.metadata.key));
    found
        .into_iter()
        .take(3)
        .map(|(_, plain, metrics)| {
            facts::of_object(&kind, &plain.metadata, "spec.metrics[].type", metrics, None)
        })
        .collect()
}
