//! `scheduling.volcano.sh/v1beta1 Queue`: a guarantee, a deserved share, a ceiling.

use std::collections::BTreeSet;

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
#[serde(default)]
struct Spec {
    weight: Option<i64>,
    parent: String,
    #[serde(deserialize_with = "nullable")]
    capability: ResourceList,
    #[serde(deserialize_with = "nullable")]
    deserved: ResourceList,
    #[serde(deserialize_with = "nullable")]
    guarantee: Guarantee,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Guarantee {
    #[serde(deserialize_with = "nullable")]
    resource: ResourceList,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QueueStatus {
    state: String,
    pending: Option<u64>,
    running: Option<u64>,
    #[serde(deserialize_with = "nullable")]
    allocated: ResourceList,
}

impl Kind for Queue {
    fn queue(self, names: &mut Interner) -> QueueObject {
        let Self { spec, status } = self;
        let lists = [
            &spec.deserved,
            &spec.guarantee.resource,
            &spec.capability,
            &status.allocated,
        ];
        let resources: BTreeSet<&String> = lists.iter().flat_map(|list| list.keys()).collect();
        let quotas = resources
            .into_iter()
            .filter(|resource| *resource != "pods")
            .map(|resource| {
                let read = |list: &ResourceList| amount(resource, list.get(resource)?);
                let nominal = read(&spec.deserved).or_else(|| read(&spec.guarantee.resource));
                let ceiling = read(&spec.capability);
                Quota {
                    flavor: Text::default(),
                    resource: names.intern(resource),
                    nominal: nominal.or(ceiling),
                    borrowing_limit: ceiling
                        .map(|ceiling| ceiling.saturating_sub(nominal.unwrap_or(ceiling))),
                    // What is guaranteed stays with the queue; the rest others may take.
                    lending_limit: nominal
                        .zip(read(&spec.guarantee.resource))
                        .map(|(nominal, guaranteed)| nominal.saturating_sub(guaranteed)),
                    used: read(&status.allocated).unwrap_or(0),
                    borrowed: None,
                }
            })
            .collect();
        QueueObject {
            // `root` stands above every queue that names none.
            parent: names.intern(&spec.parent),
            strategy: Text::default(),
            stopped: if matches!(status.state.as_str(), "Closed" | "Closing") {
                names.intern(&status.state)
            } else {
                Text::default()
            },
            weight: spec
                .weight
                .map_or_else(Text::default, |weight| Text::from(weight.to_string())),
            pending: status.pending,
            admitted: status.running,
            quotas,
        }
    }
}
