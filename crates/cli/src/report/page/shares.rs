//! Who held what, what that did, and what the rest costs: a table for each way to part it.

use std::fmt::Write as _;

use strata_charts::{gpu_time, grouped};
use strata_domain::tongue::Words;

use super::{
    super::facts::{Facts, Share},
    said,
    words::{escape, measured, name},
};
use crate::prices::Waste;

/// A table of `shares`, those first that waste the most.
pub(super) fn write(
    page: &mut String,
    facts: &Facts,
    (title, head): (Words, Words),
    shares: &[Share],
) -> anyhow::Result<()> {
    if shares.is_empty() {
        return Ok(());
    }
    let tongue = facts.tongue;
    let heads = [
        head,
        said::HELD,
        said::USED,
        said::NOT_USED,
        said::COSTS,
        said::HELD_IDLE,
        said::NOT_MEASURED_HEAD,
    ];
    begin(page, facts, title, &heads)?;
    for share in shares {
        let sums = share.sums;
        writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            name(&share.part.name, tongue),
            gpu_time(sums.held, tongue),
            measured(sums.measured, sums.used, tongue),
            measured(sums.measured, sums.unused(), tongue),
            cost(facts, share.waste),
            gpu_time(sums.idle, tongue),
            gpu_time(sums.not_measured(), tongue),
        )?;
    }
    let prices = priced_at(facts);
    writeln!(
        page,
        "</tbody>\n</table></div>\n<p class=\"quiet\">{} · {prices}</p>",
        said::GPU_TIME.say(tongue)
    )?;
    Ok(())
}

/// The title of a table, and its head.
fn begin(page: &mut String, facts: &Facts, title: Words, heads: &[Words]) -> anyhow::Result<()> {
    let tongue = facts.tongue;
    let title = title.say(tongue);
    write!(
        page,
        "<h2>{title}</h2>\n<div class=\"table\"><table>\n<thead><tr>"
    )?;
    for head in heads {
        write!(page, "<th>{}</th>", head.say(tongue))?;
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    Ok(())
}

/// The table of models, with how many there were and what an hour costs.
pub(super) fn models(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    if facts.models.is_empty() {
        return Ok(());
    }
    let tongue = facts.tongue;
    let heads = [
        said::MODEL,
        said::IN_ALL,
        said::HELD,
        said::USED,
        said::NOT_USED,
        said::AN_HOUR,
        said::COSTS,
    ];
    begin(page, facts, said::BY_MODEL, &heads)?;
    for share in &facts.models {
        let sums = share.sums;
        let price = facts.prices.of_model(&share.part.name);
        writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            name(&share.part.name, tongue),
            gpu_time(sums.total, tongue),
            gpu_time(sums.held, tongue),
            measured(sums.measured, sums.used, tongue),
            measured(sums.measured, sums.unused(), tongue),
            price.map_or_else(|| no_price(facts), |price| money(facts, price)),
            cost(facts, share.waste),
        )?;
    }
    writeln!(
        page,
        "</tbody>\n</table></div>\n<p class=\"quiet\">{}</p>",
        said::GPU_TIME.say(tongue)
    )?;
    Ok(())
}

fn no_price(facts: &Facts) -> String {
    said::NO_PRICE.say(facts.tongue).to_owned()
}

/// What is wasted in money; the hours without a price stand below, in no sum.
fn cost(facts: &Facts, waste: Waste) -> String {
    match waste.cost {
        // Where nothing has a price, hours that come to none have none either.
        None if waste.unpriced > 0.0 || facts.prices.list.is_empty() => no_price(facts),
        None => money(facts, 0.0),
        Some(cost) if waste.unpriced > 0.0 => {
            let time = gpu_time(waste.unpriced, facts.tongue);
            format!(
                "{}<small>{}</small>",
                money(facts, cost),
                said::UNPRICED.with(facts.tongue, &[("time", time.as_str())])
            )
        }
        Some(cost) => money(facts, cost),
    }
}

pub(super) fn money(facts: &Facts, value: f64) -> String {
    format!("{}{}", escape(&facts.prices.currency), grouped(value, 2))
}

/// At what prices, model by model of those that are there.
fn priced_at(facts: &Facts) -> String {
    let tongue = facts.tongue;
    let (mut priced, mut unpriced) = (Vec::new(), Vec::new());
    for model in &facts.models {
        let shown = name(&model.part.name, tongue);
        match facts.prices.of_model(&model.part.name) {
            Some(price) => {
                let price = money(facts, price);
                let values = [("price", price.as_str()), ("model", shown.as_str())];
                priced.push(said::PRICE_OF.with(tongue, &values));
            }
            None => unpriced.push(shown),
        }
    }
    let (prices, models) = (priced.join(", "), unpriced.join(", "));
    let values = [("prices", prices.as_str()), ("models", models.as_str())];
    let words = match (priced.is_empty(), unpriced.is_empty()) {
        (true, _) => said::NO_PRICES,
        (false, true) => said::PRICED_AT,
        (false, false) => said::PRICED_BUT,
    };
    words.with(tongue, &values)
}

#[cfg(test)]
mod tests {
    use super::{super::super::facts::tests::facts, *};

    #[test]
    fn hours_that_come_to_nothing_have_no_price_where_none_is_set() {
        let mut facts = facts();
        facts.prices.list.clear();
        let nothing = facts.prices.waste(0.0, &[]);
        assert_eq!(cost(&facts, nothing), "no price");
    }
}
