//! By which resources pods ask for accelerators: how many units there are, how many may be taken, how
//! many were asked for.
//!
//! Units are not devices: a device that is cut into seven instances or sliced for ten pods has that
//! many. So these are Kubernetes's own numbers, of each resource by itself, and never added up.

use std::collections::BTreeMap;

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        gpu::{GpuDivision, GpuOfferRow},
    },
};
use strata_domain::text::Text;

use super::Picture;
use crate::derive::accelerators::Offered;

pub(super) fn rows(picture: Picture<'_>) -> Vec<KeyedRow> {
    let mut offers: BTreeMap<(&Text, &str, GpuDivision), GpuOfferRow> = BTreeMap::new();
    for (name, known) in picture.derived.accelerators.nodes() {
        let model = if known.is_model_told {
            known.model.as_str()
        } else {
            ""
        };
        for offered in known.offered() {
            let key = (offered.resource, model, division(&offered));
            let row = offers.entry(key).or_insert_with(|| GpuOfferRow {
                resource: offered.resource.to_string(),
                model: model.to_owned(),
                division: division(&offered),
                nodes: 0,
                capacity: 0,
                allocatable: 0,
                requested: 0,
            });
            row.nodes += 1;
            row.capacity = add(row.capacity, offered.capacity);
            row.allocatable = add(row.allocatable, offered.allocatable);
            let pods = picture.cluster.pods_on(name);
            let asked = pods
                .filter(|pod| pod.holds_resources())
                .filter_map(|pod| pod.requests.extended(offered.resource))
                .sum();
            row.requested = add(row.requested, asked);
        }
    }
    offers
        .into_values()
        .map(|row| KeyedRow {
            id: format!("offer:{}:{}:{:?}", row.resource, row.model, row.division),
            row: Row::GpuOffer(row),
        })
        .collect()
}

fn division(offered: &Offered<'_>) -> GpuDivision {
    if offered.is_partition {
        GpuDivision::Partition
    } else if offered.is_shared {
        GpuDivision::Shared
    } else {
        GpuDivision::Whole
    }
}

fn add(sum: u32, units: u64) -> u32 {
    sum.saturating_add(u32::try_from(units).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use strata_api::rows::gpu::GpuExporters;
    use strata_test_support::objects::{node, pod};

    use super::*;
    use crate::{
        derive::{
            fixture::{catalog, cluster, derived, now},
            gpus::Gpus,
        },
        fleet::telemetry::Telemetry,
    };

    #[test]
    fn each_resource_has_its_own_units_and_what_is_withheld_is_not_allocatable() {
        let cluster = cluster(vec![
            node("n1")
                .resource("nvidia.com/gpu", 8, 7)
                .gpu_product("NVIDIA-H100-80GB-HBM3")
                .object(),
            node("n2").resource("nvidia.com/mig-1g.10gb", 7, 7).object(),
            pod("llm", "server").on("n1").gpus(4).object(),
        ]);
        let derived = derived(&cluster, &catalog());
        let telemetry = Telemetry::default();
        let picture = Picture {
            cluster: &cluster,
            derived: &derived,
            gpus: &Gpus::join(&cluster, &derived, &telemetry, now()),
            telemetry: &telemetry,
            exporters: &GpuExporters::default(),
            is_whole: true,
            now: now(),
        };
        let told: Vec<_> = rows(picture)
            .into_iter()
            .filter_map(|keyed| match keyed.row {
                Row::GpuOffer(row) => Some((
                    row.resource,
                    row.division,
                    [row.capacity, row.allocatable, row.requested],
                )),
                _ => None,
            })
            .collect();
        assert_eq!(
            told,
            [
                ("nvidia.com/gpu".to_owned(), GpuDivision::Whole, [8, 7, 4]),
                (
                    "nvidia.com/mig-1g.10gb".to_owned(),
                    GpuDivision::Partition,
                    [7, 7, 0]
                ),
            ]
        );
    }
}
