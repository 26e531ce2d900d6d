//! Scalability and elasticity.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment},
};

use super::super::{
    Build, Ground, assessed,
    conformance::{self, GANG_SCHEDULERS, NODE_SCALERS},
    presence::{Ability, judge_present, names},
};

/// Variable, intensive demand: pods scale by load, and nodes by pods.
pub(super) fn elastic(ground: Ground<'_>) -> Assessment {
    let pods = conformance::pod_autoscaling(ground);
    let nodes = ground.present_of(&NODE_SCALERS);
    let adds_nodes = nodes.iter().any(|one| one.ability == Ability::Able);
    let evidence = |pods: &Assessment| {
        let of_nodes = nodes.iter().filter_map(|one| one.evidence.first().cloned());
        let of_pods = pods.evidence.clone();
        of_nodes.chain(of_pods).collect::<Vec<_>>()
    };
    let shown = evidence(&pods);
    match (pods.answer, adds_nodes) {
        (Answer::Met, true) => {
            let reason = Phrase::new(PhraseCode::NeedElastic).with("nodes", names(&nodes));
            assessed(Answer::Met, reason).shown_by(shown)
        }
        (Answer::Met, false) => {
            // A cloud may add nodes from outside the cluster, where nothing is seen of it.
            let unseen = || {
                assessed(Answer::Partly, Phrase::new(PhraseCode::NeedElasticPods))
                    .remedied(Phrase::new(PhraseCode::ActScaleNodes))
            };
            let found = judge_present(&nodes).unwrap_or_else(unseen);
            Assessment {
                evidence: Vec::new(),
                ..found
            }
            .shown_by(shown)
        }
        (_, true) => {
            let reason = Phrase::new(PhraseCode::NeedElasticNodes).with("nodes", names(&nodes));
            assessed(Answer::Partly, reason)
                .remedied(Phrase::new(PhraseCode::ActScalePods))
                .shown_by(shown)
        }
        (Answer::Unknown, _) => pods,
        (answer, false) => {
            let answer = if answer == Answer::Partly {
                Answer::Partly
            } else {
                Answer::NotMet
            };
            assessed(answer, Phrase::new(PhraseCode::NeedInelastic))
                .remedied(Phrase::new(PhraseCode::ActScalePods))
                .shown_by(shown)
        }
    }
}

/// Batch and event-driven tasks: a queue, or a scaler that events drive.
pub(super) fn batch(ground: Ground<'_>) -> Assessment {
    let found: Vec<_> = ground
        .present_of(&GANG_SCHEDULERS)
        .into_iter()
        .chain(ground.present_of(&["keda", "knative-serving"]))
        .collect();
    judge_present(&found).unwrap_or_else(|| {
        ground.absent(
            Phrase::new(PhraseCode::NeedNoBatch),
            Phrase::new(PhraseCode::ActBatch),
        )
    })
}
