//! Where what stands in a report comes from, and what it does not know.

use std::fmt::Write as _;

use strata_api::{
    phrases::PhraseValue,
    rows::gpu::{GpuExporters, GpuMapRow},
};
use strata_charts::{gpu_time, usage::definition};
use strata_domain::{
    reading::Figure,
    tongue::{Tongue, Words},
};

use super::{
    super::facts::{Facts, Share},
    said,
    words::{escape, lasting, moment},
};

/// Who told what, and when.
pub(super) fn write(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    let tongue = facts.tongue;
    writeln!(page, "<h2>{}</h2>\n<ul>", said::SOURCES.say(tongue))?;
    let mut source = |text: &str| writeln!(page, "<li>{}</li>", escape(text));
    if let Some(now) = &facts.now {
        source(&kubernetes(now, tongue))?;
        source(&exporters(&now.exporters, tongue))?;
    }
    let keeping = &facts.keeping;
    if keeping.file.is_empty() {
        source(said::OWN_RECORD_IN_MEMORY.say(tongue))?;
    } else {
        let bytes = keeping.bytes.parse().unwrap_or(0.0);
        let size = PhraseValue::Bytes(bytes).to_string();
        let values = [("file", keeping.file.as_str()), ("size", size.as_str())];
        source(&said::OWN_RECORD.with(tongue, &values))?;
    }
    page.push_str("</ul>\n");
    Ok(())
}

fn kubernetes(now: &GpuMapRow, tongue: Tongue) -> String {
    let states = now.states;
    let at = moment(&now.at, tongue);
    let counts = [
        ("total", states.total),
        ("held", states.allocated + states.idle_held),
        ("idle", states.idle_held),
        ("free", states.free),
        ("unhealthy", states.unhealthy),
        ("unknown", states.unknown),
    ]
    .map(|(name, count)| (name, count.to_string()));
    let values: Vec<(&str, &str)> = counts
        .iter()
        .map(|(name, count)| (*name, count.as_str()))
        .chain([("at", at.as_str())])
        .collect();
    said::KUBERNETES.with(tongue, &values)
}

fn exporters(exporters: &GpuExporters, tongue: Tongue) -> String {
    let (live, asked) = (exporters.live.to_string(), exporters.asked.to_string());
    let mut told = if exporters.asked == 0 {
        said::NO_EXPORTERS.say(tongue).to_owned()
    } else {
        said::EXPORTERS.with(
            tongue,
            &[("live", live.as_str()), ("asked", asked.as_str())],
        )
    };
    for why in [&exporters.failure, &exporters.forbidden] {
        if !why.is_empty() {
            told.push_str(&said::OTHERS_SILENT.with(tongue, &[("why", why.as_str())]));
        }
    }
    told
}

/// What the report does not know.
pub(super) fn doubts(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    let tongue = facts.tongue;
    writeln!(page, "<h2>{}</h2>\n<ul>", said::DOUBTS.say(tongue))?;
    let mut doubt = |words: Words, values: &[(&str, &str)]| {
        writeln!(page, "<li>{}</li>", escape(&words.with(tongue, values)))
    };
    let hours = facts.span_hours();
    let span = lasting(hours, tongue);
    let known = lasting(facts.known_hours.min(hours), tongue);
    doubt(
        said::KEPT_OF,
        &[("span", span.as_str()), ("known", known.as_str())],
    )?;
    let not_measured = facts.sums.not_measured();
    if not_measured > 0.0 {
        let time = gpu_time(not_measured, tongue);
        doubt(said::UNMEASURED, &[("time", time.as_str())])?;
    }
    if let Some(whole) = &facts.whole {
        let definition = definition(whole.figure.map(Figure::from), tongue);
        doubt(said::USED_IS, &[("definition", definition.as_str())])?;
    }
    if facts.owners.iter().any(|owner| owner.part.name.is_empty()) {
        doubt(said::OWNERLESS, &[])?;
    }
    let unpriced = |model: &&Share| facts.prices.of_model(&model.part.name).is_none();
    if facts.models.iter().any(|model| unpriced(&model)) {
        doubt(said::UNPRICED_HOURS, &[])?;
    }
    let mut parts = facts.owners.iter().chain(&facts.namespaces);
    let is_not_told_apart = |share: &Share| {
        let of_models: f64 = share.part.by_model.iter().map(|model| model.held).sum();
        facts.models.len() > 1 && share.sums.held - of_models > 0.05
    };
    if parts.any(is_not_told_apart) {
        doubt(said::OLDER_HOURS, &[])?;
    }
    if let Some(why) = &facts.unreachable {
        doubt(said::UNREACHABLE, &[("why", why.as_str())])?;
    }
    if let Some(problem) = &facts.keeping.problem {
        let why = problem.say(tongue);
        doubt(said::NOT_RECORDED, &[("why", why.as_str())])?;
    }
    if !facts.keeping.set_aside.is_empty() {
        let file = facts.keeping.set_aside.as_str();
        doubt(said::SET_ASIDE, &[("file", file)])?;
    }
    page.push_str("</ul>\n");
    Ok(())
}
