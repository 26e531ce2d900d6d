//! The report's page: HTML with everything in it.
//!
//! [`said`] are its words in both languages. [`headline`] has the figures that matter, [`shares`] who held what, [`incidents`] what needed
//! attention, [`sources`] where all of this comes from and what it does not know.

use std::fmt::Write as _;

use strata_api::operations::{Steps, UsagePart};
use strata_charts::{
    Theme, face_css, inline_svg,
    sheet::{Panel, Sheet},
    usage::{HeldTime, Usage, by_part, over_time},
};
use strata_domain::{reading::Figure, tongue::Tongue};

use self::{
    style::css,
    words::{escape, lasting},
};
use super::facts::Facts;
use crate::plot::WIDTH;

mod headline;
mod incidents;
mod said;
mod shares;
mod sources;
mod style;
mod words;

/// Writes the page, in `theme`, or in both of which the reader's is shown.
pub(crate) fn write(facts: &Facts, theme: Option<Theme>) -> anyhow::Result<String> {
    let mut page = String::new();
    let css = css(theme);
    let tongue = facts.tongue;
    let title = said::TITLE.with(tongue, &[("cluster", facts.cluster.as_str())]);
    write!(
        page,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; font-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n\
         <style>{}{css}</style>\n</head>\n<body>\n<main>\n",
        tongue.of("en", "zh-Hans"),
        escape(&title),
        face_css(),
    )?;
    let moment = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    let (from, until) = (moment(facts.from), moment(facts.until));
    let lasting = lasting(facts.span_hours(), tongue);
    let span = [
        ("from", from.as_str()),
        ("until", until.as_str()),
        ("lasting", lasting.as_str()),
    ];
    write!(
        page,
        "<h1>{}</h1>\n<p class=\"quiet\">{}</p>\n",
        escape(&title),
        said::SPAN.with(tongue, &span),
    )?;
    match &facts.picture {
        None => writeln!(page, "<p>{}</p>", said::NOTHING_KEPT.say(tongue))?,
        Some((steps, whole)) => {
            headline::write(&mut page, facts)?;
            picture(&mut page, capacity(steps, whole, tongue), (theme, tongue))?;
            let (begins, _) = steps.times();
            if begins > facts.from {
                let from = moment(begins);
                let said = said::DRAWN_FROM.with(tongue, &[("from", from.as_str())]);
                writeln!(page, "<p class=\"quiet\">{said}</p>")?;
            }
            let owners = facts.owners.iter().map(|owner| HeldTime {
                name: &owner.part.name,
                held: owner.sums.held,
                measured: owner.sums.measured,
                used: owner.sums.used,
            });
            let title = said::WASTE_BY_OWNER.say(tongue);
            let look = (theme, tongue);
            picture(&mut page, by_part(title, owners, tongue), look)?;
            let parts = [
                (said::BY_OWNER, said::OWNER, &facts.owners),
                (said::BY_NAMESPACE, said::NAMESPACE, &facts.namespaces),
                (said::BY_QUEUE, said::QUEUE, &facts.queues),
            ];
            for (title, head, shares) in parts {
                shares::write(&mut page, facts, (title, head), shares)?;
            }
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
fn capacity(steps: &Steps, whole: &UsagePart, tongue: Tongue) -> Panel {
    let (begins, step) = steps.times();
    let usage = Usage {
        begins,
        step,
        total: &whole.total,
        held: &whole.held,
        used: &whole.used,
        figure: whole.figure.map(Figure::from),
    };
    over_time(usage, 220, tongue)
}

fn picture(
    page: &mut String,
    panel: Panel,
    (theme, tongue): (Option<Theme>, Tongue),
) -> anyhow::Result<()> {
    let sheet = Sheet {
        title: String::new(),
        note: String::new(),
        tongue,
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
    fn it_is_written_in_the_language_that_was_asked_for() {
        let mut facts = facts();
        assert!(write(&facts, None).unwrap().contains("<html lang=\"en\">"));
        facts.tongue = Tongue::Chinese;
        let html = write(&facts, Some(Theme::Light)).unwrap();
        assert!(html.contains("<html lang=\"zh-Hans\">"));
        assert!(html.contains("<h1>prod 的 GPU</h1>"));
        assert!(html.contains("在 4.0 小时中有记录的是 2.0 小时"));
        // The words of the engine, of the pictures and of the figures too.
        for said in ["XID 79", "占用", "已用：SM active", "未命名", "严重"] {
            assert!(html.contains(said), "{said}");
        }
        for english in ["not measured", "Held<", "What needed", "Of ", "critical<"] {
            assert!(!html.contains(english), "{english}");
        }
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
