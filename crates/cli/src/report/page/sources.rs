//! Where what stands in a report comes from, and what it does not know.

use std::fmt::Write as _;

use strata_api::phrases::PhraseValue;
use strata_charts::{gpu_time, usage::definition};
use strata_domain::reading::Figure;

use super::{
    super::facts::{Facts, Share},
    words::{escape, lasting, moment},
};

/// Who told what, and when.
pub(super) fn write(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    page.push_str("<h2>Where this comes from</h2>\n<ul>\n");
    let mut source = |text: String| writeln!(page, "<li>{}</li>", escape(&text));
    if let Some(now) = &facts.now {
        let states = now.states;
        source(format!(
            "Kubernetes, for what there is and who holds it: nodes, pods and claims, last seen on {} UTC. \
             Then there were {} GPUs, of which {} were held, {} of them idle, {} free, {} unhealthy, {} \
             unknown.",
            moment(&now.at),
            states.total,
            states.allocated + states.idle_held,
            states.idle_held,
            states.free,
            states.unhealthy,
            states.unknown,
        ))?;
        let exporters = &now.exporters;
        let mut told = if exporters.asked == 0 {
            "Exporters, for what GPUs do: none was found.".to_owned()
        } else {
            format!(
                "Exporters, for what GPUs do, asked every 15 seconds while Strata is open: {} of {} \
                 exporters answered when this was written.",
                exporters.live, exporters.asked
            )
        };
        for why in [&exporters.failure, &exporters.forbidden] {
            if !why.is_empty() {
                told.push_str(" The others did not: ");
                told.push_str(why);
                told.push('.');
            }
        }
        source(told)?;
    }
    let keeping = &facts.keeping;
    let bytes = keeping.bytes.parse().unwrap_or(0.0);
    source(if keeping.file.is_empty() {
        "Strata's own record, in steps of half a minute; that of a demo cluster is kept in memory alone."
            .to_owned()
    } else {
        format!(
            "Strata's own record, in steps of half a minute: {}, {}.",
            keeping.file,
            PhraseValue::Bytes(bytes)
        )
    })?;
    page.push_str("</ul>\n");
    Ok(())
}

/// What the report does not know.
pub(super) fn doubts(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
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
            "Of {} of GPU time that was held it is not known what was done in it: the GPUs are shared, no \
             exporter measured them, or theirs tells by another definition. It is in no sum of what was \
             used or not used.",
            gpu_time(not_measured),
        ))?;
    }
    if let Some(whole) = &facts.whole {
        doubt(format!(
            "“Used” is a definition: {}. A GPU that waits for memory or for its network may be \
             busy by one definition and idle by another.",
            definition(whole.figure.map(Figure::from)),
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
    if let Some(problem) = &facts.keeping.problem {
        doubt(format!(
            "At that time nothing could be recorded: {}.",
            problem.english()
        ))?;
    }
    if !facts.keeping.set_aside.is_empty() {
        doubt(format!(
            "A damaged file of history was set aside as {}; what only it knew is not here.",
            facts.keeping.set_aside
        ))?;
    }
    page.push_str("</ul>\n");
    Ok(())
}
