//! Who held what, what that did, and what the rest costs: a table for each way to part it.

use std::fmt::Write as _;

use strata_charts::{gpu_time, grouped};

use super::{
    super::facts::{Facts, Share},
    words::{escape, measured, name},
};
use crate::prices::Waste;

/// A table of `shares`, those first that waste the most.
pub(super) fn write(
    page: &mut String,
    facts: &Facts,
    (title, head): (&str, &str),
    shares: &[Share],
) -> anyhow::Result<()> {
    if shares.is_empty() {
        return Ok(());
    }
    write!(
        page,
        "<h2>{title}</h2>\n<div class=\"table\"><table>\n<thead><tr><th>{head}</th><th>Held</th>\
         <th>Used</th><th>Not used</th><th>That costs</th><th>Held idle</th><th>Not measured</th>\
         </tr></thead>\n<tbody>\n"
    )?;
    for share in shares {
        let sums = share.sums;
        writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            name(&share.part.name),
            gpu_time(sums.held),
            measured(sums.measured, sums.used),
            measured(sums.measured, sums.unused()),
            cost(facts, share.waste),
            gpu_time(sums.idle),
            gpu_time(sums.not_measured()),
        )?;
    }
    let prices = priced_at(facts);
    writeln!(
        page,
        "</tbody>\n</table></div>\n<p class=\"quiet\">time of GPUs: 1 h is one GPU for an hour · {prices}</p>"
    )?;
    Ok(())
}

/// The table of models, with how many there were and what an hour costs.
pub(super) fn models(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    if facts.models.is_empty() {
        return Ok(());
    }
    page.push_str(
        "<h2>By model</h2>\n<div class=\"table\"><table>\n<thead><tr><th>Model</th><th>In all</th>\
         <th>Held</th><th>Used</th><th>Not used</th><th>An hour</th><th>That costs</th></tr></thead>\n\
         <tbody>\n",
    );
    for share in &facts.models {
        let sums = share.sums;
        let price = facts.prices.of_model(&share.part.name);
        writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            name(&share.part.name),
            gpu_time(sums.total),
            gpu_time(sums.held),
            measured(sums.measured, sums.used),
            measured(sums.measured, sums.unused()),
            price.map_or_else(|| "no price".to_owned(), |price| money(facts, price)),
            cost(facts, share.waste),
        )?;
    }
    page.push_str(
        "</tbody>\n</table></div>\n<p class=\"quiet\">time of GPUs: 1 h is one GPU for an hour</p>\n",
    );
    Ok(())
}

/// What is wasted in money; the hours without a price stand below, in no sum.
fn cost(facts: &Facts, waste: Waste) -> String {
    match waste.cost {
        // Where nothing has a price, hours that come to none have none either.
        None if waste.unpriced > 0.0 || facts.prices.list.is_empty() => "no price".to_owned(),
        None => money(facts, 0.0),
        Some(cost) if waste.unpriced > 0.0 => format!(
            "{}<small>and {} without a price</small>",
            money(facts, cost),
            gpu_time(waste.unpriced)
        ),
        Some(cost) => money(facts, cost),
    }
}

pub(super) fn money(facts: &Facts, value: f64) -> String {
    format!("{}{}", escape(&facts.prices.currency), grouped(value, 2))
}

/// At what prices, model by model of those that are there.
fn priced_at(facts: &Facts) -> String {
    let (mut priced, mut unpriced) = (Vec::new(), Vec::new());
    for model in &facts.models {
        let shown = name(&model.part.name);
        match facts.prices.of_model(&model.part.name) {
            Some(price) => priced.push(format!("{} an hour of {shown}", money(facts, price))),
            None => unpriced.push(shown),
        }
    }
    let unpriced = unpriced.join(", ");
    match (priced.is_empty(), unpriced.is_empty()) {
        (true, _) => "no prices are set".to_owned(),
        (false, true) => format!("priced at {}", priced.join(", ")),
        (false, false) => format!(
            "priced at {}; without a price: {unpriced}",
            priced.join(", ")
        ),
    }
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
