//! The report's page: HTML with everything in it.

use std::fmt::Write as _;

use strata_api::rows::Severity;
use strata_charts::{
    Theme, face_css, inline_svg,
    sheet::{Panel, Sheet},
};

use self::{
    style::css,
    words::{escape, grouped, hours, lasting, measured, moment, name, percent},
};
use super::{
    facts::{Facts, Share},
    prices::Waste,
};
use crate::plot::{WIDTH, bars, capacity, definition};

mod style;
mod words;

/// Writes the page, in `theme`, or in both of which the reader's is shown.
pub(crate) fn write(facts: &Facts, theme: Option<Theme>) -> anyhow::Result<String> {
    let mut page = String::new();
    let css = css(theme);
    let title = format!("GPUs of {}", facts.cluster);
    write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; font-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n\
         <style>{}{css}</style>\n</head>\n<body>\n<main>\n",
        escape(&title),
        face_css(),
    )?;
    let moment = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    write!(
        page,
        "<h1>{}</h1>\n<p class=\"quiet\">{} to {} UTC · made by Strata</p>\n",
        escape(&title),
        moment(facts.from),
        moment(facts.until),
    )?;
    match &facts.whole {
        None => page.push_str("<p>Nothing is kept of this time.</p>\n"),
        Some(whole) => {
            headline(&mut page, facts)?;
            let panel = capacity(&facts.steps, whole, 220);
            picture(&mut page, panel, theme)?;
            owners(&mut page, facts, theme)?;
            let heads = ("By namespace", "Namespace");
            shares(&mut page, facts, heads, &facts.namespaces)?;
            models(&mut page, facts)?;
        }
    }
    incidents(&mut page, facts)?;
    doubts(&mut page, facts)?;
    page.push_str("</main>\n</body>\n</html>\n");
    Ok(page)
}

fn headline(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
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
        (hours(sums.unused()), "GPU hours held and not used"),
    ]
    .into_iter()
    .chain(costly)
    .chain([
        (
            hours(sums.idle),
            "GPU hours held idle: memory held, nothing ran",
        ),
        (
            hours(sums.unhealthy),
            "GPU hours that could not be given out",
        ),
    ]) {
        writeln!(page, "<div><b>{value}</b><span>{said}</span></div>")?;
    }
    page.push_str("</div>\n");
    Ok(())
}

fn picture(page: &mut String, panel: Panel, theme: Option<Theme>) -> anyhow::Result<()> {
    let sheet = Sheet {
        title: String::new(),
        note: String::new(),
        panels: vec![panel],
        width: WIDTH,
    };
    let Some(theme) = theme else {
        for (class, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
            let svg = inline_svg(&sheet, theme)?;
            writeln!(page, "<figure class=\"{class}\">{svg}</figure>")?;
        }
        return Ok(());
    };
    writeln!(page, "<figure>{}</figure>", inline_svg(&sheet, theme)?)?;
    Ok(())
}

fn owners(page: &mut String, facts: &Facts, theme: Option<Theme>) -> anyhow::Result<()> {
    let parts = facts.owners.iter().map(|owner| &owner.part);
    let panel = bars("Waste by owner", &facts.steps, parts);
    picture(page, panel, theme)?;
    shares(page, facts, ("By owner", "Owner"), &facts.owners)
}

fn shares(
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
            hours(sums.held),
            measured(sums.measured, sums.used),
            measured(sums.measured, sums.unused()),
            cost(facts, share.waste),
            hours(sums.idle),
            hours(sums.not_measured()),
        )?;
    }
    let prices = priced_at(facts);
    writeln!(
        page,
        "</tbody>\n</table></div>\n<p class=\"quiet\">hours of GPUs · {prices}</p>"
    )?;
    Ok(())
}

fn models(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    if facts.models.is_empty() {
        return Ok(());
    }
    page.push_str(
        "<h2>By model</h2>\n<div class=\"table\"><table>\n<thead><tr><th>Model</th><th>There</th>\
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
            hours(sums.total),
            hours(sums.held),
            measured(sums.measured, sums.used),
            measured(sums.measured, sums.unused()),
            price.map_or_else(|| "no price".to_owned(), |price| money(facts, price)),
            cost(facts, share.waste),
        )?;
    }
    page.push_str("</tbody>\n</table></div>\n<p class=\"quiet\">hours of GPUs</p>\n");
    Ok(())
}

/// What is wasted in money; the hours without a price stand below, in no sum.
fn cost(facts: &Facts, waste: Waste) -> String {
    match waste.cost {
        // Where nothing has a price, hours that come to none have none either.
        None if waste.unpriced > 0.0 || facts.prices.list.is_empty() => "no price".to_owned(),
        None => money(facts, 0.0),
        Some(cost) if waste.unpriced > 0.0 => format!(
            "{}<small>and {} h without a price</small>",
            money(facts, cost),
            hours(waste.unpriced)
        ),
        Some(cost) => money(facts, cost),
    }
}

fn money(facts: &Facts, value: f64) -> String {
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

fn incidents(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    page.push_str("<h2>What needed attention</h2>\n");
    if facts.incidents.is_empty() {
        page.push_str("<p>Nothing that Strata saw.</p>\n");
        return Ok(());
    }
    page.push_str(
        "<div class=\"table\"><table>\n<thead><tr><th>Severity</th><th class=\"what\">What</th>\
         <th>Since</th><th>Seen last</th></tr></thead>\n<tbody>\n",
    );
    for incident in &facts.incidents {
        // A shape and a word, so that colour is never all.
        let (class, shape, word) = match incident.severity {
            Severity::Critical => ("critical", '◆', "critical"),
            Severity::Warning => ("warning", '▲', "warning"),
            _ => ("notice", '■', "notice"),
        };
        writeln!(
            page,
            "<tr><td class=\"severity {class}\">{shape} {word}</td><td class=\"what\"><b>{}</b> {}<br><span \
             class=\"quiet\">{}</span></td><td>{}</td><td>{}</td></tr>",
            escape(&incident.title.english()),
            escape(&incident.subject),
            escape(&incident.reason.english()),
            moment(&incident.began),
            moment(&incident.seen),
        )?;
    }
    page.push_str("</tbody>\n</table></div>\n");
    Ok(())
}

/// What the report does not know.
fn doubts(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    page.push_str("<h2>What this report does not know</h2>\n<ul>\n");
    let span = facts.span_hours();
    let mut doubt = |text: String| writeln!(page, "<li>{}</li>", escape(&text));
    doubt(format!(
        "Of {} something is kept of {}: Strata records while it is open. What happened in the \
         rest is in no sum, and stands as a hatched gap in the picture.",
        lasting(span),
        lasting(facts.known_hours.min(span)),
    ))?;
    let not_measured = facts.sums.not_measured();
    if not_measured > 0.0 {
        doubt(format!(
            "Of {} GPU h that were held nobody knows what they did: they are shared, or no exporter \
             measured them. They are in no sum of what was used or not used.",
            grouped(not_measured, 1),
        ))?;
    }
    if let Some(whole) = &facts.whole {
        doubt(format!(
            "“Used” is a definition: {}. A GPU that waits for memory or for its network may be \
             busy by one definition and idle by another.",
            definition(whole),
        ))?;
    }
    if facts.owners.iter().any(|owner| owner.part.name.is_empty()) {
        doubt("Pods without a label that names an owner stand under “not named”.".to_owned())?;
    }
    let unpriced = |model: &&Share| facts.prices.of_model(&model.part.name).is_none();
    if facts.models.iter().any(|model| unpriced(&model)) {
        doubt(
            "Hours of models without a price are in no sum of money; prices are set in the view GPUs, \
             under Capacity, or with --price."
                .to_owned(),
        )?;
    }
    let mut parts = facts.owners.iter().chain(&facts.namespaces);
    let is_not_told_apart = |share: &Share| {
        let of_models: f64 = share.part.by_model.iter().map(|model| model.held).sum();
        facts.models.len() > 1 && share.sums.held - of_models > 0.05
    };
    if parts.any(is_not_told_apart) {
        doubt(
            "Of some hours it is not kept of which model they were, because an older Strata recorded \
             them; they stand as hours without a price."
                .to_owned(),
        )?;
    }
    if let Some(why) = &facts.unreachable {
        doubt(format!(
            "The cluster did not answer when this was written: {why}"
        ))?;
    }
    if !facts.problem.is_empty() {
        doubt(format!(
            "When this was written, what is measured was not kept. {}.",
            facts.problem
        ))?;
    }
    page.push_str("</ul>\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::facts::tests::facts, *};

    #[test]
    fn what_comes_from_a_cluster_is_text_and_nothing_is_asked_from_anywhere() {
        let html = write(&facts(), Some(Theme::Light)).unwrap();
        assert!(!html.contains("<img"), "an owner's label is no markup");
        assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;"));
        assert!(html.contains("node/gpu-&lt;b&gt;1"));
        assert!(!html.contains("<script"));
        for origin in ["src=\"http", "href=", "@import", "url(http"] {
            assert!(!html.contains(origin), "{origin}");
        }
        assert!(html.contains("default-src 'none'"));
    }

    #[test]
    fn it_says_what_it_does_not_know() {
        let mut unsure = facts();
        unsure.unreachable = Some("prod did not answer".to_owned());
        let html = write(&unsure, None).unwrap();
        assert!(html.contains("Of 4.0 h something is kept of 2.0 h"));
        assert!(html.contains("not named"));
        assert!(html.contains("prod did not answer"));
        let mut nothing = facts();
        nothing.whole = None;
        let html = write(&nothing, None).unwrap();
        assert!(html.contains("Nothing is kept of this time."));
    }

    #[test]
    fn what_has_no_price_is_called_so_and_stands_in_no_sum() {
        let mut facts = facts();
        facts.prices.list.clear();
        for share in facts.owners.iter_mut().chain(&mut facts.models) {
            share.waste = facts.prices.waste(share.sums.unused(), &[]);
        }
        let html = write(&facts, Some(Theme::Light)).unwrap();
        assert!(html.contains("no prices are set"));
        assert!(!html.contains('€'), "nothing is priced at nothing");
    }

    #[test]
    fn hours_that_come_to_nothing_have_no_price_where_none_is_set() {
        let mut facts = facts();
        facts.prices.list.clear();
        let nothing = facts.prices.waste(0.0, &[]);
        assert_eq!(cost(&facts, nothing), "no price");
    }

    #[test]
    fn a_page_without_a_theme_has_its_pictures_in_both() {
        let both = write(&facts(), None).unwrap();
        let one = write(&facts(), Some(Theme::Dark)).unwrap();
        assert_eq!(
            both.matches("<svg").count(),
            2 * one.matches("<svg").count()
        );
        assert!(both.contains("prefers-color-scheme:dark"));
        assert!(!one.contains("prefers-color-scheme"));
    }

    #[test]
    fn what_was_held_and_not_used_is_priced_by_model_and_owner() {
        let html = write(&facts(), Some(Theme::Light)).unwrap();
        assert!(html.contains("€20.00"), "8 GPU h at 2.50 €");
        assert!(html.contains("priced at €2.50 an hour of H100 80GB HBM3"));
        assert!(html.contains("<td>€15.00</td>"), "6 GPU h of one owner");
    }
}
