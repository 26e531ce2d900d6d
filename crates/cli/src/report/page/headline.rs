//! The figures that matter, at the head of the page.

use std::fmt::Write as _;

use strata_charts::gpu_time;

use super::{
    super::facts::Facts,
    shares::money,
    words::{measured, percent},
};
use crate::prices::Waste;

pub(super) fn write(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    let sums = facts.sums;
    let mut wasted = Waste::default();
    for model in &facts.models {
        wasted.unpriced += model.waste.unpriced;
        if let Some(cost) = model.waste.cost {
            *wasted.cost.get_or_insert(0.0) += cost;
        }
    }
    page.push_str("<div class=\"figures\">\n");
    let costly = wasted.cost.map(|cost| {
        let said = if wasted.unpriced > 0.0 {
            "is what those with a price cost"
        } else {
            "is what they cost"
        };
        (money(facts, cost), said)
    });
    for (value, said) in [
        (percent(sums.held, sums.total), "of the GPUs were held"),
        (
            percent(sums.used, sums.measured),
            "of what was held and measured was used",
        ),
        (
            measured(sums.measured, sums.unused()),
            "of GPU time held and not used",
        ),
    ]
    .into_iter()
    .chain(costly)
    .chain([
        (
            gpu_time(sums.idle),
            "of GPU time held idle: memory held, nothing ran",
        ),
        (
            gpu_time(sums.unhealthy),
            "of GPU time that could not be given out",
        ),
    ]) {
        writeln!(page, "<div><b>{value}</b><span>{said}</span></div>")?;
    }
    page.push_str("</div>\n");
    Ok(())
}
