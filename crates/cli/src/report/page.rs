//! The report's page: HTML with everything in it.

use std::fmt::Write as _;

use strata_api::rows::Severity;
use strata_charts::{
    Theme, face_css, inline_svg,
    sheet::{Panel, Sheet},
};

use super::facts::{Facts, Share};
use crate::plot::{WIDTH, bars, capacity, definition};

/// Writes the page.
pub(crate) fn write(facts: &Facts, theme: Theme) -> anyhow::Result<String> {
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
            shares(&mut page, "By namespace", "Namespace", &facts.namespaces)?;
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
    page.push_str("<div class=\"figures\">\n");
    for (value, said) in [
        (percent(sums.held, sums.total), "of the GPUs were held"),
        (
            percent(sums.used, sums.measured),
            "of what was held and measured was used",
        ),
        (hours(sums.unused()), "GPU hours held and not used"),
        (
            hours(sums.idle),
            "GPU hours held idle: memory held, nothing ran",
        ),
        (
            hours(sums.unhealthy),
            "GPU hours that could not be given out",
        ),
    ] {
        writeln!(page, "<div><b>{value}</b><span>{said}</span></div>")?;
    }
    page.push_str("</div>\n");
    Ok(())
}

fn picture(page: &mut String, panel: Panel, theme: Theme) -> anyhow::Result<()> {
    let sheet = Sheet {
        title: String::new(),
        note: String::new(),
        panels: vec![panel],
        width: WIDTH,
    };
    writeln!(page, "<figure>{}</figure>", inline_svg(&sheet, theme)?)?;
    Ok(())
}

fn owners(page: &mut String, facts: &Facts, theme: Theme) -> anyhow::Result<()> {
    let parts = facts.owners.iter().map(|owner| &owner.part);
    let panel = bars("Waste by owner", &facts.steps, parts);
    picture(page, panel, theme)?;
    shares(page, "By owner", "Owner", &facts.owners)
}

fn shares(page: &mut String, title: &str, head: &str, shares: &[Share]) -> anyhow::Result<()> {
    if shares.is_empty() {
        return Ok(());
    }
    write!(
        page,
        "<h2>{title}</h2>\n<table>\n<thead><tr><th>{head}</th><th>Held</th><th>Used</th>\
         <th>Not used</th><th>Held idle</th><th>Not measured</th></tr></thead>\n<tbody>\n"
    )?;
    for share in shares {
        let sums = share.sums;
        writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            name(&share.part.name),
            hours(sums.held),
            measured(sums.measured, sums.used),
            measured(sums.measured, sums.unused()),
            hours(sums.idle),
            hours(sums.not_measured()),
        )?;
    }
    page.push_str("</tbody>\n</table>\n<p class=\"quiet\">hours of GPUs</p>\n");
    Ok(())
}

fn models(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    if facts.models.is_empty() {
        return Ok(());
    }
    page.push_str(
        "<h2>By model</h2>\n<table>\n<thead><tr><th>Model</th><th>There</th><th>Held</th>\
         <th>Used</th><th>Not used</th><th>An hour</th><th>Not used, priced</th></tr></thead>\n\
         <tbody>\n",
    );
    for share in &facts.models {
        let sums = share.sums;
        let price = facts.price(&share.part.name);
        let money = |value: f64| format!("{}{}", escape(&facts.currency), grouped(value, 2));
        let priced = match price {
            Some(price) if sums.measured > 0.0 => money(price * sums.unused()),
            _ => "no price".to_owned(),
        };
        writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            name(&share.part.name),
            hours(sums.total),
            hours(sums.held),
            measured(sums.measured, sums.used),
            measured(sums.measured, sums.unused()),
            price.map_or_else(|| "no price".to_owned(), money),
            priced,
        )?;
    }
    page.push_str("</tbody>\n</table>\n<p class=\"quiet\">hours of GPUs</p>\n");
    Ok(())
}

fn incidents(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    page.push_str("<h2>What needed attention</h2>\n");
    if facts.incidents.is_empty() {
        page.push_str("<p>Nothing that Strata saw.</p>\n");
        return Ok(());
    }
    page.push_str(
        "<table>\n<thead><tr><th>Severity</th><th>What</th><th>Since</th><th>Seen last</th></tr>\
         </thead>\n<tbody>\n",
    );
    for incident in &facts.incidents {
        let (class, word) = match incident.severity {
            Severity::Critical => ("critical", "critical"),
            Severity::Warning => ("warning", "warning"),
            _ => ("", "notice"),
        };
        writeln!(
            page,
            "<tr><td class=\"{class}\">{word}</td><td class=\"what\"><b>{}</b> {}<br><span \
             class=\"quiet\">{}</span></td><td>{}</td><td>{}</td></tr>",
            escape(&incident.title.english()),
            escape(&incident.subject),
            escape(&incident.reason.english()),
            moment(&incident.began),
            moment(&incident.seen),
        )?;
    }
    page.push_str("</tbody>\n</table>\n");
    Ok(())
}

/// What the report does not know.
fn doubts(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    page.push_str("<h2>What this report does not know</h2>\n<ul>\n");
    let span = facts.span_hours();
    let mut doubt = |text: String| writeln!(page, "<li>{}</li>", escape(&text));
    doubt(format!(
        "Of {} h something is kept of {} h: Strata records while it is open. What happened in the \
         rest is in no sum, and stands as a hatched gap in the picture.",
        grouped(span, 1),
        grouped(facts.known_hours.min(span), 1),
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
    if facts
        .models
        .iter()
        .any(|model| facts.price(&model.part.name).is_none())
    {
        doubt(
            "Models without a price are priced nowhere; prices are set in the view GPUs."
                .to_owned(),
        )?;
    }
    if let Some(why) = &facts.unreachable {
        doubt(format!(
            "The cluster did not answer when this was written: {why}"
        ))?;
    }
    if !facts.problem.is_empty() {
        doubt(format!("At that time {}.", facts.problem))?;
    }
    page.push_str("</ul>\n");
    Ok(())
}

fn measured(measured: f64, value: f64) -> String {
    if measured > 0.0 {
        hours(value)
    } else {
        "not measured".to_owned()
    }
}

fn hours(value: f64) -> String {
    grouped(value, 1)
}

fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 {
        format!("{:.0} %", part / whole * 100.0)
    } else {
        "unknown".to_owned()
    }
}

fn name(name: &str) -> String {
    if name.is_empty() {
        "<span class=\"quiet\">not named</span>".to_owned()
    } else {
        escape(name)
    }
}

/// `text` (RFC 3339) as people write a time.
fn moment(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => at.strftime("%-d %b %H:%M").to_string(),
        Err(_) => escape(text),
    }
}

fn grouped(value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    text
}

/// `text` as HTML shows it as it is; what cannot be seen as a mark that can.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => escaped.push('\u{fffd}'),
            one if one.is_control() => escaped.push('\u{fffd}'),
            one => escaped.push(one),
        }
    }
    escaped
}

fn css(theme: Theme) -> String {
    let [ground, line, strong, middle, quiet, critical, warning] = match theme {
        Theme::Dark => [
            "#0a0d10", "#262b30", "#eaedf1", "#afb7bf", "#8d969e", "#fb5f64", "#fab348",
        ],
        Theme::Light => [
            "#fdfdfb", "#dad9d5", "#191f25", "#454d54", "#565e66", "#c01e24", "#8e5100",
        ],
    };
    format!(
        "body{{margin:0;background:{ground};color:{strong};font:13px/20px \"Strata Words\",sans-serif}}\
         main{{max-width:960px;margin:0 auto;padding:32px 24px 64px}}\
         h1{{font:600 26px/32px \"Strata Title\",sans-serif;margin:0}}\
         h2{{font:600 15px/20px \"Strata Title\",sans-serif;margin:32px 0 8px}}\
         .quiet{{color:{quiet};font-size:11px}}\
         .figures{{display:grid;grid-template-columns:repeat(5,1fr);gap:16px;margin:24px 0;\
         border-top:1px solid {line};padding-top:12px}}\
         .figures b{{display:block;font:600 20px/28px \"Strata Mono\",monospace}}\
         .figures span{{color:{middle};font-size:12px;line-height:16px;display:block}}\
         figure{{margin:16px -24px}}svg{{display:block;width:100%;height:auto}}\
         table{{width:100%;border-collapse:collapse}}\
         th{{font:11px/16px \"Strata Words\",sans-serif;color:{quiet};text-align:right;\
         border-bottom:1px solid {line};padding:4px 8px 4px 0}}\
         td{{font:12px/16px \"Strata Mono\",monospace;text-align:right;vertical-align:top;\
         border-bottom:1px solid {line};padding:7px 8px 7px 0}}\
         th:first-child,td:first-child,td.what{{text-align:left}}\
         td.what{{font-family:\"Strata Words\",sans-serif}}td.what b{{font-family:\"Strata Title\",sans-serif}}\
         .critical{{color:{critical}}}.warning{{color:{warning}}}\
         ul{{padding-left:18px;color:{middle};max-width:70ch}}\
         @media print{{body{{background:none}}}}"
    )
}

#[cfg(test)]
mod tests {
    use super::{super::facts::tests::facts, *};

    #[test]
    fn what_comes_from_a_cluster_is_text_and_nothing_is_asked_from_anywhere() {
        let html = write(&facts(), Theme::Light).unwrap();
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
        let html = write(&unsure, Theme::Dark).unwrap();
        assert!(html.contains("Of 4.0 h something is kept of 2.0 h"));
        assert!(html.contains("not named"));
        assert!(html.contains("prod did not answer"));
        let mut nothing = facts();
        nothing.whole = None;
        let html = write(&nothing, Theme::Dark).unwrap();
        assert!(html.contains("Nothing is kept of this time."));
    }

    #[test]
    fn what_was_held_and_not_used_is_priced_by_model() {
        let html = write(&facts(), Theme::Light).unwrap();
        assert!(html.contains("€20.00"), "8 GPU h at 2.50 €");
    }
}
