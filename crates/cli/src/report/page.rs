//! The report's page: HTML with everything in it.
//!
//! [`headline`] has the figures that matter, [`shares`] who held what, [`incidents`] what needed
//! attention, [`sources`] where all of this comes from and what it does not know.

use std::fmt::Write as _;

use strata_api::operations::{Steps, UsagePart};
use strata_charts::{
    Theme, face_css, inline_svg,
    sheet::{Panel, Sheet},
    usage::{HeldTime, Usage, by_part, over_time},
};
use strata_domain::reading::Figure;

use self::{
    style::css,
    words::{escape, lasting},
};
use super::facts::Facts;
use crate::plot::WIDTH;

mod headline;
mod incidents;
mod shares;
mod sources;
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
        "<h1>{}</h1>\n<p class=\"quiet\">{} to {} UTC, {} · made by Strata</p>\n",
        escape(&title),
        moment(facts.from),
        moment(facts.until),
        lasting(facts.span_hours()),
    )?;
    match &facts.picture {
        None => page.push_str("<p>Nothing is kept of this time.</p>\n"),
        Some((steps, whole)) => {
            headline::write(&mut page, facts)?;
            picture(&mut page, capacity(steps, whole), theme)?;
            let (begins, _) = steps.times();
            if begins > facts.from {
                let from = moment(begins);
                writeln!(
                    page,
                    "<p class=\"quiet\">drawn from {from} UTC on: of the time before, nothing is kept</p>"
                )?;
            }
            let owners = facts.owners.iter().map(|owner| HeldTime {
                name: &owner.part.name,
                held: owner.sums.held,
                measured: owner.sums.measured,
                used: owner.sums.used,
            });
            picture(&mut page, by_part("Waste by owner", owners), theme)?;
            shares::write(&mut page, facts, ("By owner", "Owner"), &facts.owners)?;
            shares::write(
                &mut page,
                facts,
                ("By namespace", "Namespace"),
                &facts.namespaces,
            )?;
            shares::write(&mut page, facts, ("By queue", "Queue"), &facts.queues)?;
            shares::models(&mut page, facts)?;
        }
    }
    incidents::write(&mut page, facts)?;
    sources::write(&mut page, facts)?;
    sources::doubts(&mut page, facts)?;
    page.push_str("</main>\n</body>\n</html>\n");
    Ok(page)
}

/// What there was of the whole cluster, what of it was held, and what that did.
fn capacity(steps: &Steps, whole: &UsagePart) -> Panel {
    let (begins, step) = steps.times();
    let usage = Usage {
        begins,
        step,
        total: &whole.total,
        held: &whole.held,
        used: &whole.used,
        figure: whole.figure.map(Figure::from),
    };
    over_time(usage, 220)
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
        unsure.now = None;
        let html = write(&unsure, None).unwrap();
        assert!(html.contains("Of 4.0 h something is kept of 2.0 h"));
        assert!(html.contains("not named"));
        assert!(html.contains("prod did not answer"));
        let mut nothing = facts();
        (nothing.whole, nothing.picture) = (None, None);
        let html = write(&nothing, None).unwrap();
        assert!(html.contains("Nothing is kept of this time."));
    }

    #[test]
    fn it_says_where_everything_comes_from() {
        let html = write(&facts(), None).unwrap();
        assert!(html.contains("16 GPUs, of which 10 were held"));
        assert!(html.contains("1 of 2 exporters answered"));
        assert!(html.contains("it answered &lt;500&gt;"));
        assert!(html.contains("SM active"));
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
