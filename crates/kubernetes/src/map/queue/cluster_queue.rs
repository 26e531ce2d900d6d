//! Kueue's `ClusterQueue` and `Cohort` (`v1beta1` and `v1beta2`).

use serde::Deserialize;
use strata_domain::{
    queue::{QueueObject, Quota},
    text::{Interner, Text},
};

use super::{Kind, amount};
use crate::slim::values::{Quantity, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ClusterQueue {
    spec: Spec,
    status: QueueStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    /// `cohort` in `v1beta1`; a cohort's own is `parentName`, before that `parent`.
    #[serde(alias = "cohort", alias = "parentName", alias = "parent")]
    cohort_name: String,
    queueing_strategy: String,
    stop_policy: Option<String>,
    #[serde(deserialize_with = "nullable")]
    fair_sharing: FairSharing,
    #[serde(deserialize_with = "nullable")]
    resource_groups: Vec<ResourceGroup>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FairSharing {
    weight: Option<Quantity>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResourceGroup {
    #[serde(deserialize_with = "nullable")]
    flavors: Vec<Flavor>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Flavor {
    name: String,
    #[serde(deserialize_with = "nullable")]
    resources: Vec<ResourceQuota>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ResourceQuota {
    name: String,
    nominal_quota: Option<Quantity>,
    borrowing_limit: Option<Quantity>,
    lending_limit: Option<Quantity>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct QueueStatus {
    pending_workloads: Option<u64>,
    admitted_workloads: Option<u64>,
    /// What was promised, whether its jobs run already or not: what is free goes by this.
    #[serde(deserialize_with = "nullable")]
    flavors_reservation: Vec<Usage>,
    #[serde(deserialize_with = "nullable")]
    flavors_usage: Vec<Usage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Usage {
    name: String,
    #[serde(deserialize_with = "nullable")]
    resources: Vec<ResourceUsage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResourceUsage {
    name: String,
    total: Option<Quantity>,
    borrowed: Option<Quantity>,
}

impl Kind for ClusterQueue {
    fn queue(self, names: &mut Interner) -> QueueObject {
        let Self { spec, status } = self;
        let usage = if status.flavors_reservation.is_empty() {
            &status.flavors_usage
        } else {
            &status.flavors_reservation
        };
        let used = |flavor: &str, resource: &str| {
            usage
                .iter()
                .find(|used| used.name == flavor)?
                .resources
                .iter()
                .find(|used| used.name == resource)
        };
        let mut quotas = Vec::new();
        for flavor in spec.resource_groups.iter().flat_map(|group| &group.flavors) {
            for quota in &flavor.resources {
                let read = |quantity: &Option<Quantity>| amount(&quota.name, quantity.as_ref()?);
                let used = used(&flavor.name, &quota.name);
                quotas.push(Quota {
                    flavor: names.intern(&flavor.name),
                    resource: names.intern(&quota.name),
                    nominal: read(&quota.nominal_quota),
                    borrowing_limit: read(&quota.borrowing_limit),
                    lending_limit: read(&quota.lending_limit),
                    used: used.and_then(|used| read(&used.total)).unwrap_or(0),
                    borrowed: used.and_then(|used| read(&used.borrowed)),
                });
            }
        }
        QueueObject {
            parent: names.intern(&spec.cohort_name),
            strategy: names.intern(&spec.queueing_strategy),
            stopped: spec
                .stop_policy
                .filter(|policy| policy != "None")
                .map_or_else(Text::default, Text::from),
            weight: spec
                .fair_sharing
                .weight
                .map_or_else(Text::default, |weight| Text::from(weight.text)),
            pending: status.pending_workloads,
            admitted: status.admitted_workloads,
            quotas: quotas.into(),
        }
    }
}
