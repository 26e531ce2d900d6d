//! The six needs of AI, and whether the cluster meets them: for generative and for predictive AI.

use strata_api::rows::map::{NeedRow, NeedSide};
use strata_catalog::{Bilingual, Need};

use super::{Ground, bilingual};

mod compute;
mod data;
mod elasticity;
mod networking;

pub(super) use compute::no_accelerators;
pub(super) use networking::fabric;

/// Every need, in the table's order.
pub fn needs(ground: Ground<'_>) -> Vec<NeedRow> {
    let entries = ground.catalog.map().needs.iter();
    entries
        .map(|entry| {
            let (generative, predictive) = match entry.id {
                Need::ComputationalPower => {
                    (compute::accelerated(ground), compute::general(ground))
                }
                Need::DataVolume => (data::diverse(ground), data::historical(ground)),
                Need::Training => (compute::training(ground), compute::jobs(ground)),
                Need::Scalability => (elasticity::elastic(ground), elasticity::batch(ground)),
                Need::Storage => (data::fast(ground), data::efficient(ground)),
                Need::Networking => (networking::fast(ground), networking::reliable(ground)),
            };
            let side = |wanted: &Bilingual, found| NeedSide {
                wanted: bilingual(wanted),
                found,
            };
            NeedRow {
                need: id(entry.id).to_owned(),
                name: bilingual(&entry.name),
                generative: side(&entry.generative, generative),
                predictive: side(&entry.predictive, predictive),
            }
        })
        .collect()
}

fn id(need: Need) -> &'static str {
    match need {
        Need::ComputationalPower => "computational_power",
        Need::DataVolume => "data_volume",
        Need::Training => "training",
        Need::Scalability => "scalability",
        Need::Storage => "storage",
        Need::Networking => "networking",
    }
}
