//! A sentence as it is kept: without what others wrote.
//!
//! A message of a container or of a controller may hold anything, a secret too. It is shown while it is
//! there, and is not written to disk: what is kept is which sentence it was, its figures, and names.

use strata_api::phrases::{Phrase, PhraseValue};

/// The placeholders whose texts are names of objects, resources and images, words of the API, or figures.
const NAMES: [&str; 43] = [
    "amount",
    "claim",
    "class",
    "classes",
    "code",
    "condition",
    "container",
    "device",
    "drivers",
    "engines",
    "exporters",
    "flavor",
    "image",
    "index",
    "job",
    "kind",
    "kinds",
    "limit",
    "model",
    "models",
    "name",
    "names",
    "namespace",
    "node",
    "nodes",
    "object",
    "operators",
    "owner",
    "place",
    "pod",
    "queue",
    "quota",
    "resource",
    "schedule",
    "scheduler",
    "signal",
    "taint",
    "version",
    "versions",
    "volume",
    "word",
    "workload",
    "xid",
];

/// What stands where others' words were.
const LEFT_OUT: &str = "…";

/// `phrase` as it may be kept.
pub(crate) fn unsaid(phrase: &Phrase) -> Phrase {
    let values = phrase.values.iter().map(|(name, value)| {
        let is_kept = match value {
            PhraseValue::Text(text) if name == "reason" => is_reason(text),
            PhraseValue::Text(_) => NAMES.contains(&name.as_str()),
            PhraseValue::Number(_) | PhraseValue::Seconds(_) | PhraseValue::Bytes(_) => true,
        };
        let value = if is_kept {
            value.clone()
        } else {
            PhraseValue::from(LEFT_OUT)
        };
        (name.clone(), value)
    });
    Phrase {
        code: phrase.code,
        values: values.collect(),
    }
}

/// Whether `text` is the word for a reason, as `BackoffLimitExceeded`: where an object gives none, its
/// message stands in that place.
fn is_reason(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|each| each.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use strata_api::phrases::PhraseCode;

    use super::*;

    #[test]
    fn what_a_controller_wrote_is_left_out_and_its_reason_is_kept() {
        let said = Phrase::new(PhraseCode::ApplicationSaysWhy)
            .with("reason", "BackoffLimitExceeded")
            .with("message", "cannot log in with hunter2");
        let kept = unsaid(&said);
        assert_eq!(kept.code, said.code);
        assert_eq!(kept.values["reason"], said.values["reason"]);
        assert_eq!(kept.values["message"], PhraseValue::from("…"));
    }

    #[test]
    fn a_message_in_the_place_of_a_reason_is_left_out() {
        for message in ["hunter2", "Token abc refused", "password"] {
            let said = Phrase::new(PhraseCode::ApplicationSays).with("reason", message);
            assert_eq!(unsaid(&said).values["reason"], PhraseValue::from("…"));
        }
    }

    #[test]
    fn names_and_figures_are_kept() {
        let said = Phrase::new(PhraseCode::PodOutOfMemory)
            .with("container", "trainer")
            .with("restarts", 3_u32);
        assert_eq!(unsaid(&said), said);
    }
}
