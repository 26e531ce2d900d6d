//! The permissions that a write needs, asked of the API server beforehand.

use std::collections::BTreeMap;

use futures::{StreamExt as _, stream};
use strata_api::{
    change::{Obstacle, ObstacleKind},
    phrases::{Phrase, PhraseCode},
};
use strata_domain::ids::ClusterId;
use strata_ports::{
    control::{Permission, Verb},
    error::PortErrorKind,
};

use super::{
    gate::Gate,
    obstacle::{obstacle, of_error},
    plan::{Plan, Planned},
};

/// Questions that are asked at once.
const AT_ONCE: usize = 8;

/// What a write needs. An apply needs `create` only where the object is not there, which the dry run
/// tells; `patch` it needs always.
fn needed(step: &Planned) -> Vec<Permission> {
    let permission = |verb: &str, subresource: &str| Permission {
        verb: verb.to_owned(),
        object: step.object.clone(),
        subresource: subresource.to_owned(),
    };
    match &step.verb {
        Verb::Apply { .. } | Verb::Set { .. } => {
            vec![permission("get", ""), permission("patch", "")]
        }
        Verb::Create { .. } => vec![permission("create", "")],
        Verb::Scale { .. } => vec![permission("patch", "scale")],
        Verb::Evict { .. } => vec![permission("create", "eviction")],
        Verb::Delete { .. } => vec![permission("delete", "")],
    }
}

/// Puts what is missing as an obstacle to the writes that need it.
pub(super) async fn check(gate: &Gate, cluster: &ClusterId, plan: &mut Plan) {
    let mut asked: BTreeMap<Permission, Option<Obstacle>> = BTreeMap::new();
    for step in plan.steps.iter().filter(|step| step.obstacle.is_none()) {
        for permission in needed(step) {
            asked.insert(permission, None);
        }
    }
    let questions = asked.keys().cloned().collect::<Vec<_>>();
    let answers = stream::iter(questions)
        .map(async |permission| {
            let found = missing(gate, cluster, &permission).await;
            (permission, found)
        })
        .buffer_unordered(AT_ONCE);
    asked.extend(answers.collect::<Vec<_>>().await);
    for step in plan.steps.iter_mut().filter(|step| step.obstacle.is_none()) {
        let found = needed(step)
            .into_iter()
            .find_map(|permission| asked.get(&permission).cloned().flatten());
        step.obstacle = found;
    }
}

/// What stands in the way of who needs `permission`; nothing where it is given, and where a kind is
/// not served (yet), which the write itself will tell.
async fn missing(gate: &Gate, cluster: &ClusterId, permission: &Permission) -> Option<Obstacle> {
    match gate.is_permitted(cluster, permission.clone()).await {
        Ok(permit) if permit.is_allowed => None,
        Ok(permit) => {
            let sentence =
                Phrase::new(PhraseCode::PermissionMissing).with("permission", permit.name);
            let mut obstacle = obstacle(ObstacleKind::Permission, sentence);
            obstacle
                .details
                .extend((!permit.reason.is_empty()).then_some(permit.reason));
            Some(obstacle)
        }
        Err(error) if error.kind == PortErrorKind::Unsupported => None,
        Err(error) => Some(of_error(&error, &permission.object)),
    }
}
