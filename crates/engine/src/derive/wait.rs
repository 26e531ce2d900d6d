//! A wait in a queue: how bad it is, and what is said of it.

use jiff::SignedDuration;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::severity::Severity;

use super::{
    pods::{brief, seconds},
    queues::Admission,
};

/// A wait that is worth a word.
const NOTICED: SignedDuration = SignedDuration::from_mins(1);
/// A wait that hurts.
const HURTS: SignedDuration = SignedDuration::from_mins(30);

/// How bad it is to have waited so long.
pub(super) fn severity(waited: SignedDuration) -> Severity {
    if waited < NOTICED {
        Severity::Ok
    } else if waited < HURTS {
        Severity::Notice
    } else {
        Severity::Warning
    }
}

/// Why it waits: what its queue is short of, else `message`, which may be empty.
pub(super) fn reason(
    admission: Option<&Admission>,
    message: &str,
    waited: SignedDuration,
) -> Phrase {
    let message = brief(message);
    let phrase = match admission.and_then(|admission| admission.shortage.as_ref()) {
        Some(short) => Phrase::new(PhraseCode::QueuedShort)
            .with("amount", short.amount.as_str())
            .with("resource", short.resource.as_str())
            .with("flavor", short.flavor.as_str()),
        None if message.is_empty() => Phrase::new(PhraseCode::QueuedFor),
        None => Phrase::new(PhraseCode::QueuedMessage).with("message", message),
    };
    phrase.with("waited", seconds(waited))
}
