//! What needed attention, from when until when.

use std::fmt::Write as _;

use strata_api::rows::Severity;

use super::{
    super::facts::Facts,
    said,
    words::{escape, moment},
};

pub(super) fn write(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
    let tongue = facts.tongue;
    writeln!(page, "<h2>{}</h2>", said::ATTENTION.say(tongue))?;
    if facts.incidents.is_empty() {
        writeln!(page, "<p>{}</p>", said::NO_ATTENTION.say(tongue))?;
        return Ok(());
    }
    write!(
        page,
        "<div class=\"table\"><table>\n<thead><tr><th>{}</th><th class=\"what\">{}</th>\
         <th>{}</th><th>{}</th></tr></thead>\n<tbody>\n",
        said::SEVERITY.say(tongue),
        said::WHAT.say(tongue),
        said::SINCE.say(tongue),
        said::SEEN_LAST.say(tongue),
    )?;
    for incident in &facts.incidents {
        // A shape and a word, so that colour is never all.
        let (class, shape, word) = match incident.severity {
            Severity::Critical => ("critical", '◆', said::CRITICAL),
            Severity::Warning => ("warning", '▲', said::WARNING),
            _ => ("notice", '■', said::NOTICE),
        };
        writeln!(
            page,
            "<tr><td class=\"severity {class}\">{shape} {}</td><td class=\"what\"><b>{}</b> {}<br><span \
             class=\"quiet\">{}</span></td><td>{}</td><td>{}</td></tr>",
            word.say(tongue),
            escape(&incident.title.say(tongue)),
            escape(&incident.subject),
            escape(&incident.reason.say(tongue)),
            moment(&incident.began, tongue),
            moment(&incident.seen, tongue),
        )?;
    }
    page.push_str("</tbody>\n</table></div>\n");
    Ok(())
}
