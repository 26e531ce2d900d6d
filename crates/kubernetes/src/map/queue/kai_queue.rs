//! `scheduling.run.ai/v2 Queue` of KAI: a quota, a ceiling, and a weight for what is beyond quota.
//! CPU is written in thousandths of a core, memory in megabytes (10^6), -1 for no limit.

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_domain::{
    queue::{QueueObject, Quota},
    text::{Interner, Text},
};

use super::{Kind, amount};
use crate::slim::values::{ResourceList, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Queue {
    spec: Spec,
    status: QueueStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    parent_queue: String,
    #[serde(deserialize_with = "nullable")]
    resources: BTreeMap<String, Share>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Share {
    quota: f64,
    limit: f64,
    over_quota_weight: f64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QueueStatus {
    #[serde(deserialize_with = "nullable")]
    allocated: ResourceList,
}

/// KAI's word, the resource's name in pods, and how many of its units one of KAI's is.
const RESOURCES: [(&str, &str, f64); 3] = [
    ("gpu", "nvidia.com/gpu", 1.0),
    ("cpu", "cpu", 1.0),
    ("memory", "memory", 1e6),
];

impl Kind for Queue {
    fn queue(self, names: &mut Interner) -> QueueObject {
        let Self { spec, status } = self;
        let quotas = RESOURCES
            .iter()
            .filter_map(|(word, resource, unit)| {
                let share = spec.resources.get(*word)?;
                let nominal = whole(share.quota, *unit);
                let limit = whole(share.limit, *unit);
                let may_borrow = share.over_quota_weight > 0.0;
                Some(Quota {
                    flavor: Text::default(),
                    resource: names.intern(resource),
                    nominal,
                    borrowing_limit: if may_borrow {
                        limit.map(|limit| limit.saturating_sub(nominal.unwrap_or(limit)))
                    } else {
                        Some(0)
                    },
                    lending_limit: None,
                    used: status
                        .allocated
                        .get(*resource)
                        .and_then(|quantity| amount(resource, quantity))
                        .unwrap_or(0),
                    borrowed: None,
                })
            })
            .collect();
        let weight = spec
            .resources
            .get("gpu")
            .map_or_else(Text::default, |share| {
                Text::from(share.over_quota_weight.to_string())
            });
        QueueObject {
            parent: names.intern(&spec.parent_queue),
            weight,
            quotas,
            ..QueueObject::default()
        }
    }
}

/// The amount in whole units; none for -1, which sets no limit.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be neither negative nor too large"
)]
fn whole(amount: f64, unit: f64) -> Option<u64> {
    let amount = (amount * unit).ceil();
    (0.0..9.2e18).contains(&amount).then_some(amount as u64)
}
