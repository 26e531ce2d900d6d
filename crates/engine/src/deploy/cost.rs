//! What a deployment's GPUs cost in an hour, by the price list of the user.
//!
//! Which GPUs pods get is decided when they are placed: where nodes of several models may take them, the
//! cost is a span. What has no price is said to have none: a sum that leaves it out would be too small.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use strata_api::{
    phrases::{Phrase, PhraseCode as P},
    recipes::{Check, CheckState, CheckSubject},
};
use strata_domain::accelerator::{self, Unit};
use strata_recipes::demand::PodDemand;

use super::fit::suited;

/// What an hour of a GPU costs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prices {
    /// By model, as the GPUs view names it.
    pub(crate) per_hour: BTreeMap<String, f64>,
    /// The sign of the currency.
    pub(crate) currency: String,
}

/// What the GPUs of `demands` cost; none where none are asked for.
pub(super) fn check(demands: &[PodDemand], nodes: &[Value], prices: &Prices) -> Option<Check> {
    let mut gpus: u64 = 0;
    let (mut least, mut most) = (0.0_f64, 0.0_f64);
    let mut models: BTreeSet<String> = BTreeSet::new();
    let mut unpriced: BTreeSet<String> = BTreeSet::new();
    let mut has_parts = false;
    let mut is_known = true;
    for demand in demands {
        for (resource, wanted) in &demand.requests {
            let Some(known) = accelerator::classify(resource).filter(|_| *wanted > 0) else {
                continue;
            };
            let count = wanted.saturating_mul(demand.count);
            gpus = gpus.saturating_add(count);
            has_parts |= known.unit != Unit::Device;
            let found = models_of(demand, nodes, resource);
            is_known &= !found.is_empty();
            let priced = found.iter().filter_map(|model| prices.per_hour.get(model));
            let (low, high) = priced.fold((f64::INFINITY, 0.0_f64), |(low, high), price| {
                (low.min(*price), high.max(*price))
            });
            unpriced.extend(
                found
                    .iter()
                    .filter(|model| !prices.per_hour.contains_key(*model))
                    .cloned(),
            );
            models.extend(found);
            least += low * as_number(count);
            most += high * as_number(count);
        }
    }
    if gpus == 0 {
        return None;
    }
    let say = |code| Phrase::new(code).with("count", gpus);
    let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let (state, sentence, remedy) = if has_parts {
        (CheckState::Unknown, say(P::CheckCostParts), None)
    } else if !is_known {
        (CheckState::Unknown, say(P::CheckCostUnknown), None)
    } else if !unpriced.is_empty() {
        let sentence = say(P::CheckCostUnpriced).with("models", list(&unpriced));
        (
            CheckState::Unknown,
            sentence,
            Some(Phrase::new(P::CheckCostRemedy)),
        )
    } else {
        let sentence = say(P::CheckCost)
            .with("cost", prices.span(least, most))
            .with("models", list(&models));
        (CheckState::Ok, sentence, None)
    };
    Some(Check {
        subject: CheckSubject::Cost,
        state,
        sentence,
        remedy,
        details: Vec::new(),
    })
}

/// The models of the nodes that have `resource` and may take the pods.
fn models_of(demand: &PodDemand, nodes: &[Value], resource: &str) -> BTreeSet<String> {
    let has_some = |node: &&Value| {
        let amounts = node.pointer("/status/allocatable");
        amounts
            .and_then(|amounts| amounts.get(resource)?.as_str())
            .is_some_and(|amount| amount != "0")
    };
    let model = |node: &Value| {
        let labels = node.pointer("/metadata/labels");
        accelerator::model_of_labels(|key| labels?.get(key)?.as_str())
    };
    suited(demand, nodes)
        .filter(has_some)
        .filter_map(model)
        .collect()
}

impl Prices {
    /// An amount, or from one to another.
    fn span(&self, least: f64, most: f64) -> String {
        let money = |amount: f64| format!("{}{amount:.2}", self.currency);
        if (most - least).abs() < 0.005 {
            money(most)
        } else {
            format!("{} - {}", money(least), money(most))
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of GPUs are far below 2^53"
)]
fn as_number(count: u64) -> f64 {
    count as f64
}
