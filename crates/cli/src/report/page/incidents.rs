//! What needed attention, from when until when.

use std::fmt::Write as _;

use strata_api::rows::Severity;

use super::{
    super::facts::Facts,
    words::{escape, moment},
};

pub(super) fn write(page: &mut String, facts: &Facts) -> anyhow::Result<()> {
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
