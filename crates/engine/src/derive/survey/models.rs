//! The way of each model through the loop, as far as labels, addresses, arguments and mounts tell it,
//! and what keeps it from getting on.
//!
//! Read in this order: what names a model ([`mentions`]), what it is made of ([`datasets`]), which
//! names are one model's ([`families`]).

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::{
        Severity as RowSeverity,
        lifecycle::{LifecycleModelRow, ModelStation, StuckModel},
    },
};
use strata_catalog::Stage;

use self::{
    families::Families,
    mentions::{Mention, mentions},
};
use super::{Ground, lifecycle::id};

mod datasets;
mod families;
pub(super) mod mentions;

/// The models, those with the longest way first, then by name.
pub fn models(ground: Ground<'_>) -> Vec<LifecycleModelRow> {
    let mut families = Families::default();
    let found: Vec<(usize, Mention)> = mentions(ground)
        .into_iter()
        .filter_map(|mention| Some((families.join(&mention.names)?, mention)))
        .collect();
    let mut by_family: BTreeMap<usize, Vec<Mention>> = BTreeMap::new();
    for (member, mention) in found {
        by_family
            .entry(families.head(member))
            .or_default()
            .push(mention);
    }
    let mut rows: Vec<LifecycleModelRow> = by_family
        .into_iter()
        .map(|(head, mentions)| row(ground, families.key(head), mentions))
        .collect();
    let stages = |row: &LifecycleModelRow| {
        let mut stages: Vec<&str> = row
            .stations
            .iter()
            .map(|station| station.stage.as_str())
            .collect();
        stages.dedup();
        stages.len()
    };
    rows.sort_by(|left, right| {
        let longer = stages(right).cmp(&stages(left));
        longer.then_with(|| left.model.cmp(&right.model))
    });
    rows.truncate(LifecycleModelRow::MOST);
    rows
}

fn row(ground: Ground<'_>, key: String, mut mentions: Vec<Mention>) -> LifecycleModelRow {
    mentions.sort_by_key(|one| (one.stage, one.thing.name.clone()));
    // Several runs read the same data.
    mentions.dedup_by(|later, earlier| later.is_the_same_as(earlier));
    let mut names: Vec<String> = mentions
        .iter()
        .flat_map(|mention| mention.names.iter().cloned())
        .collect();
    // With its owner a name says the most; an address says where it lies besides.
    names.sort_by_key(|name| {
        let is_address = name.contains("://");
        (is_address, !name.contains('/'), name.clone())
    });
    names.dedup();
    let stuck = stuck(ground, &mentions);
    // How data outside does is not known, which is no fault of the model's.
    let worst = mentions
        .iter()
        .map(|mention| mention.thing.severity)
        .filter(|severity| *severity != RowSeverity::Unknown);
    let mut names = names.into_iter();
    LifecycleModelRow {
        name: names.next().unwrap_or_else(|| key.clone()),
        model: key,
        also: names.collect(),
        severity: worst
            .chain(stuck.is_some().then_some(RowSeverity::Notice))
            .max()
            .unwrap_or_default(),
        stuck,
        stations: mentions
            .into_iter()
            .map(|mention| ModelStation {
                stage: id(mention.stage).to_owned(),
                thing: mention.thing,
                link: mention.link,
            })
            .collect(),
    }
}

/// What keeps a model from getting on: what is ill first, then what waits, then what nobody takes up.
fn stuck(ground: Ground<'_>, mentions: &[Mention]) -> Option<StuckModel> {
    let at = |stage: Stage| mentions.iter().filter(move |one| one.stage == stage);
    let say = |stage: Stage, reason: Phrase| {
        Some(StuckModel {
            stage: id(stage).to_owned(),
            reason,
        })
    };
    let named =
        |code, mention: &Mention| Phrase::new(code).with("name", mention.thing.name.as_str());
    let ill = mentions
        .iter()
        .find(|one| !one.is_over && one.thing.severity >= RowSeverity::Warning);
    if let Some(ill) = ill {
        let reason = ill.thing.reason.clone();
        let reason = reason.unwrap_or_else(|| named(PhraseCode::ModelIll, ill));
        return say(ill.stage, reason);
    }
    if let Some(filling) = mentions.iter().find(|one| one.fill.is_some()) {
        let fill = filling.fill.clone().unwrap_or_default();
        let reason = named(PhraseCode::ModelFetched, filling).with("fill", fill);
        return say(filling.stage, reason);
    }
    if let Some(waiting) = mentions.iter().find(|one| one.is_waiting) {
        let reason = waiting.thing.reason.clone();
        let reason = reason.unwrap_or_else(|| named(PhraseCode::ModelWaits, waiting));
        return say(waiting.stage, reason);
    }
    if at(Stage::ModelServing).next().is_some() {
        return None;
    }
    let ago = |since: Option<&String>| {
        let at: Timestamp = since?.parse().ok()?;
        let seconds = ground.now.duration_since(at).as_secs_f64();
        Some(PhraseValue::Seconds(seconds))
    };
    let mut developed = at(Stage::ModelDevelopment).peekable();
    let is_developed = developed.peek().is_some();
    if developed.clone().any(|one| !one.is_over) {
        return None;
    }
    // The last one that ended says how it stands.
    let last = developed.max_by_key(|one| one.thing.since.clone());
    if let Some(last) = last
        && let Some(ago) = ago(last.thing.since.as_ref())
    {
        let code = if last.has_failed {
            PhraseCode::ModelFailed
        } else {
            PhraseCode::ModelUntaken
        };
        return say(Stage::ModelDevelopment, Phrase::new(code).with("ago", ago));
    }
    let is_stored = at(Stage::ModelStorage).next().is_some();
    if is_stored && !is_developed {
        return say(Stage::ModelStorage, Phrase::new(PhraseCode::ModelUnserved));
    }
    None
}
