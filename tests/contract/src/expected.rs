//! Holding an answer to what is expected of it.
//!
//! Fields that are not named may be anything; a list must have exactly the items named, in order.
//! What differs by nature is expected in these words:
//!
//! | expected | holds for |
//! |---|---|
//! | `<any>` | anything that is there and is not null |
//! | `<absent>` | nothing, or null |
//! | `<time>`, `<uid>`, `<number>` | text of that form |
//! | `~ a * b` | text with anything in the place of each `*` |
//! | `{<has>: [...]}` | a list with an item for each of these |
//! | `{<lacks>: [...]}` | a list with no item like one of these |
//! | `{<length>: 3}` | a list or object of this size |
//! | `{<fields>: [...]}` | an object with exactly these fields |

use serde_json::Value;

/// How much of what was found is told, in characters.
const LONGEST: usize = 600;

/// A place in an answer, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The place: a JSON pointer, or `status`.
    pub at: String,
    /// What is wrong.
    pub message: String,
}

impl Mismatch {
    /// A place where something else was found.
    pub fn new(at: &str, expected: &Value, found: Option<&Value>) -> Self {
        let mut found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
        if let Some((cut, _)) = found.char_indices().nth(LONGEST) {
            found.truncate(cut);
            found.push('…');
        }
        Self {
            at: at.to_owned(),
            message: format!("expected {expected}, found {found}"),
        }
    }
}

/// Everything in `found` that is not as `expected`.
pub fn compare(expected: &Value, found: Option<&Value>) -> Vec<Mismatch> {
    let mut wrong = Vec::new();
    compare_at("", expected, found, &mut wrong);
    wrong
}

fn compare_at(at: &str, expected: &Value, found: Option<&Value>, wrong: &mut Vec<Mismatch>) {
    match (expected, found) {
        (Value::Object(fields), _) if fields.keys().any(|name| is_word(name)) => {
            for (word, wanted) in fields {
                if is_word(word) {
                    if !satisfies(word, wanted, found) {
                        wrong.push(Mismatch::new(&format!("{at} {word}"), wanted, found));
                    }
                } else {
                    let inner = found.and_then(|value| value.get(word));
                    compare_at(&format!("{at}/{word}"), wanted, inner, wrong);
                }
            }
        }
        (Value::Object(fields), Some(Value::Object(there))) => {
            for (name, wanted) in fields {
                compare_at(&format!("{at}/{name}"), wanted, there.get(name), wrong);
            }
        }
        (Value::Array(wanted), Some(Value::Array(there))) if wanted.len() == there.len() => {
            for (index, (wanted, there)) in wanted.iter().zip(there).enumerate() {
                compare_at(&format!("{at}/{index}"), wanted, Some(there), wrong);
            }
        }
        (Value::String(text), _) if holds_for_text(text, found) => {}
        (_, Some(value)) if value == expected => {}
        _ => wrong.push(Mismatch::new(at, expected, found)),
    }
}

fn is_word(name: &str) -> bool {
    matches!(name, "<has>" | "<lacks>" | "<length>" | "<fields>")
}

fn satisfies(word: &str, wanted: &Value, found: Option<&Value>) -> bool {
    let items = found.and_then(Value::as_array);
    let fields = found.and_then(Value::as_object);
    let each = wanted.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_like = |item: &Value, wanted: &Value| compare(wanted, Some(item)).is_empty();
    match word {
        "<has>" => items.is_some_and(|items| {
            each.iter()
                .all(|wanted| items.iter().any(|item| is_like(item, wanted)))
        }),
        "<lacks>" => items.is_none_or(|items| {
            !each
                .iter()
                .any(|wanted| items.iter().any(|item| is_like(item, wanted)))
        }),
        "<length>" => {
            let length = items
                .map(Vec::len)
                .or_else(|| fields.map(serde_json::Map::len));
            length.and_then(|length| u64::try_from(length).ok()) == wanted.as_u64()
        }
        _ => fields.is_some_and(|fields| {
            fields.len() == each.len()
                && each
                    .iter()
                    .all(|name| name.as_str().is_some_and(|name| fields.contains_key(name)))
        }),
    }
}

fn holds_for_text(expected: &str, found: Option<&Value>) -> bool {
    let text = found.and_then(Value::as_str);
    match expected {
        "<any>" => found.is_some_and(|value| !value.is_null()),
        "<absent>" => found.is_none_or(Value::is_null),
        "<time>" => text.is_some_and(|text| has_form(text, "dddd-dd-ddTdd:dd:ddZ")),
        "<uid>" => text.is_some_and(|text| has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")),
        "<number>" => {
            text.is_some_and(|text| {
                !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
            }) || found.is_some_and(Value::is_number)
        }
        _ => match (expected.strip_prefix("~ "), text) {
            (Some(pattern), Some(text)) => is_like(pattern, text),
            (None, Some(text)) => text == expected,
            _ => false,
        },
    }
}

/// Whether `text` has digits for `d`, hexadecimal digits for `x`, and the rest as it stands.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'd' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                other => byte == other,
            })
}

/// Whether `text` is `pattern` with anything in the place of each `*`.
fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(index, _)| index)
                .chain([rest.len()])
                .any(|index| rest.get(index..).is_some_and(|rest| is_like(after, rest)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::compare;

    fn places(expected: &Value, found: &Value) -> Vec<String> {
        compare(expected, Some(found))
            .into_iter()
            .map(|mismatch| mismatch.at)
            .collect()
    }

    #[test]
    fn fields_that_are_not_named_may_be_anything() {
        assert!(places(&json!({ "a": 1 }), &json!({ "a": 1, "b": 2 })).is_empty());
        assert_eq!(
            places(&json!({ "a": { "b": 1 } }), &json!({ "a": { "b": 2 } })),
            ["/a/b"]
        );
    }

    #[test]
    fn a_list_has_exactly_the_items_named() {
        assert_eq!(places(&json!([1]), &json!([1, 2])), [""]);
        assert_eq!(places(&json!([{ "a": 1 }]), &json!([{ "a": 2 }])), ["/0/a"]);
    }

    #[test]
    fn words_stand_for_what_differs_by_nature() {
        let found = json!({
            "time": "2026-11-23T12:00:00Z",
            "uid": "0f7c1a52-8a5e-4b11-9a7e-2f0d1c3b4a59",
            "version": "1234",
            "text": "0/3 nodes are available: 3 Insufficient cpu.",
            "list": [{ "a": 1, "b": 2 }, { "a": 3 }],
        });
        let right = json!({
            "time": "<time>", "uid": "<uid>", "version": "<number>", "none": "<absent>",
            "text": "~ 0/* nodes are available: * Insufficient cpu.",
            "list": { "<has>": [{ "a": 3 }, { "b": 2 }], "<lacks>": [{ "a": 2 }], "<length>": 2 },
        });
        assert_eq!(places(&right, &found), [""; 0]);
        let wrong = json!({
            "time": "<uid>", "uid": "<number>", "text": "~ 1/*",
            "none": "<any>",
            "list": { "<has>": [{ "a": 4 }], "<lacks>": [{ "a": 3 }], "<length>": 1 },
        });
        assert_eq!(places(&wrong, &found).len(), 7);
    }
}
