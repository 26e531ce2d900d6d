//! From the adapter's refusals to what stands in the way of a change.

use strata_api::{
    change::{Obstacle, ObstacleKind},
    phrases::{Phrase, PhraseCode},
};
use strata_ports::{
    control::Refusal,
    error::{PortError, PortErrorKind},
    objects::ObjectAddress,
};

use super::{complaint, plan::Source, policy};
use crate::why::read::kind_called;

/// `Deployment team-a/web`.
pub(crate) fn called(object: &ObjectAddress) -> String {
    format!("{} {}", kind_called(&object.kind), object.key)
}

/// An obstacle of `kind` that `sentence` tells.
pub(crate) fn obstacle(kind: ObstacleKind, sentence: Phrase) -> Obstacle {
    Obstacle {
        kind,
        sentence,
        details: Vec::new(),
        line: None,
    }
}

/// Why `object` could not be written.
pub(super) fn of_refusal(
    refusal: &Refusal,
    object: &ObjectAddress,
    source: Option<&Source>,
) -> Obstacle {
    let message = refusal.error.message.as_str();
    let mut field = refusal.fields.first().cloned();
    let mut obstacle = if refusal.is_immutable {
        let sentence = Phrase::new(PhraseCode::MustBeReplaced).with("object", called(object));
        obstacle(ObstacleKind::Immutable, sentence)
    } else if let Some(sentence) = policy::denial(message, &called(object)) {
        obstacle(ObstacleKind::Policy, sentence)
    } else if source.is_some() && lacks_its_namespace(&refusal.error) {
        field = Some(".metadata.namespace".to_owned());
        let sentence = Phrase::new(PhraseCode::NamespaceNotThere)
            .with("object", called(object))
            .with("namespace", &*object.key.namespace);
        obstacle(ObstacleKind::Manifest, sentence)
    } else {
        of_error(&refusal.error, object)
    };
    let line = source.and_then(|source| {
        let field = field.or_else(|| complaint::field(&source.object, message))?;
        Some(source.lines.at(&source.object, &field))
    });
    obstacle.details = words(&refusal.error);
    obstacle.line = line.or_else(|| source.map(|source| source.lines.line));
    obstacle
}

/// Whether what is missing is the namespace that the object is to lie in.
fn lacks_its_namespace(error: &PortError) -> bool {
    error.kind == PortErrorKind::NotFound && error.message.contains("namespaces \"")
}

/// Why something could not be asked of `object`.
pub(super) fn of_error(error: &PortError, object: &ObjectAddress) -> Obstacle {
    let (kind, code) = match error.kind {
        PortErrorKind::Unauthorized | PortErrorKind::Forbidden => {
            (ObstacleKind::Permission, PhraseCode::ServerForbids)
        }
        PortErrorKind::NotFound => (ObstacleKind::Stale, PhraseCode::ObjectNotThere),
        PortErrorKind::Conflict => (ObstacleKind::Stale, PhraseCode::ObjectChangedMeanwhile),
        PortErrorKind::Unavailable | PortErrorKind::Timeout => {
            (ObstacleKind::Unreachable, PhraseCode::NoAnswerAbout)
        }
        PortErrorKind::Unsupported => (ObstacleKind::Unsupported, PhraseCode::ServerCannot),
        PortErrorKind::InvalidInput | PortErrorKind::Internal => {
            (ObstacleKind::Refused, PhraseCode::ServerRefuses)
        }
    };
    let mut obstacle = obstacle(kind, Phrase::new(code).with("object", called(object)));
    obstacle.details = words(error);
    obstacle
}

/// The error's own words. Some quote whole objects between what counts.
fn words(error: &PortError) -> Vec<String> {
    const SIDE: usize = 300;
    let brief = |text: String| {
        let letters: Vec<char> = text.chars().collect();
        let Some(last) = letters.len().checked_sub(SIDE).filter(|last| *last > SIDE) else {
            return text;
        };
        let (begin, end) = (letters.iter().take(SIDE), letters.iter().skip(last));
        begin.chain(&['…']).chain(end).collect()
    };
    let words = std::iter::once(error.message.clone()).chain(error.causes());
    words.map(brief).collect()
}
