//! The figures that matter, at the head of the page.

use std::fmt::Write as _;

use strata_charts::gpu_time;

use super::{
    super::facts::Facts,
    said,
    shares::money,
    words::{measured, percent},
};
use crate::prices::Waste;

pub(super) fn write(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    let (sums, tongue) = (facts.sums, facts.tongue);
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
            said::COST_OF_PRICED
        } else {
            said::COST
        };
        (money(facts, cost), said)
    });
    for (value, said) in [
        (percent(sums.held, sums.total, tongue), said::WERE_HELD),
        (percent(sums.used, sums.measured, tongue), said::WAS_USED),
        (
            measured(sums.measured, sums.unused(), tongue),
            said::NOT_USED_TIME,
        ),
    ]
    .into_iter()
    .chain(costly)
    .chain([
        (gpu_time(sums.idle, tongue), said::IDLE_TIME),
        (gpu_time(sums.unhealthy, tongue), said::UNHEALTHY_TIME),
    ]) {
        let said = said.say(tongue);
        writeln!(page, "<div><b>{value}</b><span>{said}</span></div>")?;
    }
    page.push_str("</div>\n");
    Ok(())
}
