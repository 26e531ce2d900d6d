//! Amounts and pieces of evidence, in the form in which they are told.

use serde_json::Value;
use strata_api::{
    explanation::Finding,
    phrases::{Phrase, PhraseCode, PhraseValue},
};

use super::{
    case::{Case, seen},
    read,
};

/// The longest piece of a cluster's text that is quoted.
const QUOTED: usize = 600;

/// An amount of `resource` in base units (CPU in thousandths of a core), as it is told.
#[expect(
    clippy::cast_precision_loss,
    reason = "what a cluster has is far below 2^53"
)]
pub(super) fn amount(resource: &str, amount: u64) -> PhraseValue {
    let resource = resource
        .trim_start_matches("requests.")
        .trim_start_matches("limits.");
    match resource {
        "cpu" => PhraseValue::Number(amount as f64 / 1000.0),
        "memory" | "ephemeral-storage" | "storage" => PhraseValue::Bytes(amount as f64),
        _ => PhraseValue::Number(amount as f64),
    }
}

/// At most so much of a cluster's text as people read.
pub(super) fn brief(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= QUOTED {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(QUOTED).collect();
    short.push('…');
    short
}

/// Names, at most three, then how many more.
pub(super) fn some<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 3 {
        format!("{shown} +{}", names.len() - 3)
    } else {
        shown
    }
}

/// What `object` says in `field`.
pub(super) fn finding(object: &Value, field: &str, message: &str) -> Finding {
    Finding {
        object: read::called(object),
        field: field.to_owned(),
        message: brief(message),
        since: None,
        age_seconds: None,
    }
}

/// What a field of `object` holds.
pub(super) fn field(object: &Value, field: &str) -> Finding {
    let pointer = format!("/{}", field.replace('.', "/"));
    let held = object.pointer(&pointer);
    let said = held.map_or_else(String::new, |value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    finding(object, field, &said)
}

/// What a condition of `object` says.
pub(super) fn of_condition(case: &Case, object: &Value, condition: &Value) -> Finding {
    let kind = read::text(condition, "/type");
    let reason = read::text(condition, "/reason");
    let message = read::text(condition, "/message");
    let said = match (reason.is_empty(), message.is_empty()) {
        (false, false) => format!("{reason}: {message}"),
        (false, true) => reason.to_owned(),
        _ => message.to_owned(),
    };
    let said = if said.is_empty() {
        read::text(condition, "/status").to_owned()
    } else {
        said
    };
    let mut found = finding(object, &format!("status.conditions[{kind}]"), &said);
    date(
        case,
        &mut found,
        read::time(condition, "/lastTransitionTime"),
    );
    found
}

/// What an event about `object` says.
pub(super) fn of_event(case: &Case, object: &Value, event: &Value) -> Finding {
    let field = format!("event {}", read::text(event, "/reason"));
    let message = read::text(event, "/message");
    let count = read::count(event, "/count").max(read::count(event, "/series/count"));
    let said = if count > 1 {
        format!("{message} (×{count})")
    } else {
        message.to_owned()
    };
    let mut found = finding(object, &field, &said);
    date(case, &mut found, seen(event));
    found
}

/// Dates a piece of evidence.
pub(super) fn date(case: &Case, found: &mut Finding, at: Option<jiff::Timestamp>) {
    found.since = at.map(|at| at.to_string());
    found.age_seconds = at.map(|at| case.age(at));
}

/// The phrase `code`.
pub(super) fn say(code: PhraseCode) -> Phrase {
    Phrase::new(code)
}

/// A span in seconds.
pub(super) fn seconds(seconds: f64) -> PhraseValue {
    PhraseValue::Seconds(seconds)
}
