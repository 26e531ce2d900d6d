//! What hours of GPUs cost, by the user's own list: that of the view GPUs, and what the command adds.
//!
//! Nothing is guessed: hours of a model without a price are told beside the sum as such.

use strata_api::operations::{GpuPrice, ModelHours, Preferences};

/// The price list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prices {
    pub(crate) list: Vec<GpuPrice>,
    /// The sign of the currency; may be empty.
    pub(crate) currency: String,
}

/// What hours that were held and not used cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Waste {
    /// Of those with a price; absent where none has one.
    pub(crate) cost: Option<f64>,
    /// The hours without a price.
    pub(crate) unpriced: f64,
}

impl Prices {
    /// The list of `preferences`, with `more` in the place of what it says of the same models.
    pub(crate) fn of(
        preferences: Preferences,
        more: &[(String, f64)],
        currency: Option<&str>,
    ) -> Self {
        let mut list = preferences.gpu_prices;
        list.retain(|price| more.iter().all(|(model, _)| *model != price.model));
        list.extend(more.iter().map(|(model, per_hour)| GpuPrice {
            model: model.clone(),
            per_hour: *per_hour,
        }));
        Self {
            list,
            currency: currency.map_or(preferences.currency, str::to_owned),
        }
    }

    /// What an hour of `model` costs, where that is set.
    pub(crate) fn of_model(&self, model: &str) -> Option<f64> {
        let found = self.list.iter().find(|price| price.model == model);
        found.map(|price| price.per_hour)
    }

    /// What `unused` hours cost, of which it is known by model how many were measured and used.
    pub(crate) fn waste(&self, unused: f64, of_models: &[ModelHours]) -> Waste {
        let mut waste = Waste {
            cost: None,
            unpriced: unused,
        };
        for of_model in of_models {
            if let Some(price) = self.of_model(&of_model.model) {
                let hours = (of_model.measured - of_model.used).max(0.0);
                *waste.cost.get_or_insert(0.0) += hours * price;
                waste.unpriced -= hours;
            }
        }
        // Sums of hours that are rounded differently are no hours without a price.
        if waste.unpriced < 0.05 {
            waste.unpriced = 0.0;
        }
        waste
    }
}

/// What is to be said of prices of `given` that are used nowhere, since none of `models` has the name.
pub(crate) fn unused(given: &[(String, f64)], models: &[&str]) -> Option<String> {
    let unknown: Vec<String> = given
        .iter()
        .filter(|(model, _)| !models.contains(&model.as_str()))
        .map(|(model, _)| format!("`{model}`"))
        .collect();
    if unknown.is_empty() || models.is_empty() {
        return None;
    }
    Some(format!(
        "no GPU here is of the model {}, so that price is used nowhere; the models here are {}",
        unknown.join(", "),
        models.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(model: &str, measured: f64, used: f64) -> ModelHours {
        ModelHours {
            model: model.to_owned(),
            held: measured,
            measured,
            used,
        }
    }

    fn prices(more: &[(String, f64)]) -> Prices {
        let preferences = Preferences {
            gpu_prices: vec![GpuPrice {
                model: "H100".to_owned(),
                per_hour: 2.0,
            }],
            ..Preferences::default()
        };
        Prices::of(preferences, more, Some("€"))
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "round numbers are exact")]
    fn what_has_no_price_stands_beside_the_sum_and_is_not_in_it() {
        let prices = prices(&[]);
        let held = [hours("H100", 10.0, 4.0), hours("A100", 5.0, 2.0)];
        let waste = prices.waste(9.0, &held);
        assert_eq!((waste.cost, waste.unpriced), (Some(12.0), 3.0));
        let waste = prices.waste(3.0, &held[1..]);
        assert_eq!((waste.cost, waste.unpriced), (None, 3.0));
        assert_eq!(prices.waste(6.01, &held[..1]).unpriced, 0.0);
    }

    #[test]
    fn a_price_on_the_command_line_stands_for_the_one_that_was_kept() {
        let prices = prices(&[("H100".to_owned(), 3.0), ("A100".to_owned(), 1.0)]);
        assert_eq!(prices.of_model("H100"), Some(3.0));
        assert_eq!(prices.of_model("A100"), Some(1.0));
        assert_eq!(prices.of_model("L40S"), None);
        assert_eq!(prices.list.len(), 2);
    }

    #[test]
    fn a_price_of_a_model_that_is_not_here_is_told_with_those_that_are() {
        let given = [("H100".to_owned(), 2.5), ("L40S".to_owned(), 1.0)];
        let said = unused(&given, &["H100 80GB HBM3", "L40S"]);
        assert_eq!(
            said.as_deref(),
            Some(
                "no GPU here is of the model `H100`, so that price is used nowhere; \
                 the models here are H100 80GB HBM3, L40S"
            )
        );
        assert_eq!(unused(&given[1..], &["L40S"]), None);
    }
}
