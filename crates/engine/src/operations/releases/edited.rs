//! What a recipe came to and somebody edited: read by the rules of everything that is applied.

use serde_json::Value;
use strata_api::{
    change::{ChangeOutcome, ChangeReport, Intent, Obstacle},
    phrases::{Phrase, PhraseCode},
};
use strata_recipes::{Place, render::take_in};

use crate::{
    change::manifest::{self, broken},
    why::read::is_a,
};

/// The objects of `text`, each in `place` and one of the release and recipe `whose`; or what is wrong,
/// each with its line.
pub(super) fn read(
    text: &str,
    place: Place<'_>,
    whose: (&str, &str),
) -> Result<Vec<Value>, Vec<Obstacle>> {
    let (documents, mut obstacles) = manifest::read(text);
    let secrets = documents
        .iter()
        .filter(|document| is_a(&document.object, "", "Secret"));
    obstacles.extend(secrets.map(|document| {
        let line = document.lines.line;
        let sentence = Phrase::new(PhraseCode::ManifestSecret).with("line", line);
        broken(sentence, Some(line))
    }));
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let objects = documents.into_iter().map(|document| {
        let mut object = document.object;
        take_in(&mut object, place, whose);
        object
    });
    Ok(objects.collect())
}

/// The report of a change that is not even asked about.
pub(super) fn blocked(intent: Intent, obstacles: Vec<Obstacle>) -> ChangeReport {
    ChangeReport {
        intent,
        outcome: ChangeOutcome::Blocked,
        obstacles,
        consequences: Vec::new(),
        steps: Vec::new(),
        journal_entry: None,
    }
}
