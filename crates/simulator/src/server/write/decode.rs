//! The body of a request, read as the server reads it, with its messages.

use bytes::Bytes;
use http::{Request, header};
use serde_json::Value;

use crate::{
    admission::Written,
    json,
    server::{Target, failure::Failure},
};

/// The most bytes that a body may have.
const LIMIT: usize = 3 * 1024 * 1024;

/// What objects may be written as.
const OBJECT_TYPES: [&str; 2] = ["application/json", "application/yaml"];

/// The media type of the body, without parameters; empty where the request says none.
pub(super) fn media_type(request: &Request<Bytes>) -> &str {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim)
        .unwrap_or_default()
}

/// Refuses a body that is too large.
pub(super) fn within_limit(body: &Bytes) -> Result<&Bytes, Failure> {
    if body.len() > LIMIT {
        Err(Failure::too_large(&format!("limit is {LIMIT}")))
    } else {
        Ok(body)
    }
}

/// Whether the body of the request is of a type that objects are written as: JSON or YAML.
pub(super) fn is_yaml(request: &Request<Bytes>) -> Result<bool, Failure> {
    match media_type(request) {
        "" | "application/json" => Ok(false),
        "application/yaml" => Ok(true),
        _ => Err(Failure::unsupported_media_type(&OBJECT_TYPES)),
    }
}

/// The object in a body, of the kind that the path is about.
pub(super) fn object(
    target: &Target<'_>,
    is_registered: impl Fn(&str, &str, &str) -> bool,
    body: &[u8],
    is_yaml: bool,
) -> Result<Written, Failure> {
    let kind = &target.resource.response_kind.kind;
    let unrecognized = |problem: &str| {
        Failure::bad_request(format!(
            "the object provided is unrecognized (must be of type {kind}): {problem} ({})",
            summary(body)
        ))
    };
    let parsed = if is_yaml {
        yaml(body).map(|object| Written {
            object,
            duplicates: Vec::new(),
        })
    } else {
        Written::parse(body).map_err(|error| syntax(body, &error))
    };
    let written = parsed.map_err(|problem| {
        unrecognized(&format!(
            "couldn't get version/kind; json parse error: {problem}"
        ))
    })?;
    let object = &written.object;
    if !object.is_object() {
        return Err(unrecognized(&format!(
            "couldn't get version/kind; json parse error: json: cannot unmarshal {} into Go value \
             of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
             \"json:\\\"kind,omitempty\\\"\" }}",
            json::type_name(object)
        )));
    }
    check_kind(target, is_registered, object)?;
    Ok(written)
}

/// Refuses an object of another kind or version than the path's.
fn check_kind(
    target: &Target<'_>,
    is_registered: impl Fn(&str, &str, &str) -> bool,
    object: &Value,
) -> Result<(), Failure> {
    let expected = &target.resource.response_kind.kind;
    let kind = json::text(object, "/kind");
    let api_version = json::text(object, "/apiVersion");
    let wanted = target.api_version();
    if target.is_custom() {
        if api_version == wanted && !kind.is_empty() && kind != expected {
            let problem = format!("Invalid value: \"{kind}\": must be {expected}");
            let name = json::text(object, "/metadata/name");
            let group = &target.path.group;
            return Err(Failure::invalid(kind, group, name, "kind", &problem));
        }
    } else {
        let said = if kind.is_empty() { expected } else { kind };
        let (group, version) = match api_version.split_once('/') {
            Some((group, version)) => (group, version),
            None if api_version.is_empty() => (&*target.path.group, &*target.path.version),
            None => ("", api_version),
        };
        let problem = if !is_registered(group, version, said) {
            Some(format!(
                "no kind \"{said}\" is registered for version \"{}\" in scheme \
                 \"pkg/runtime/scheme.go:111\"",
                if api_version.is_empty() {
                    &wanted
                } else {
                    api_version
                }
            ))
        } else if said != expected {
            Some(format!(
                "converting ({version}.{said}) to ({}.{expected}): unknown conversion",
                package(&target.path.group)
            ))
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(Failure::bad_request(format!(
                "{said} in version \"{version}\" cannot be handled as a {expected}: {problem}"
            )));
        }
    }
    if api_version == wanted || (api_version.is_empty() && !target.is_custom()) {
        Ok(())
    } else {
        Err(Failure::bad_request(format!(
            "the API version in the data ({api_version}) does not match the expected API version \
             ({wanted})"
        )))
    }
}

/// The Go package of a built-in group's own types.
fn package(group: &str) -> &str {
    match group.split('.').next() {
        None | Some("") => "core",
        Some(name) => name,
    }
}

/// Parses YAML.
pub(super) fn yaml(body: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    serde_saphyr::from_str(text)
        .map_err(|error| format!("error converting YAML to JSON: yaml: {error}"))
}

/// What Go's JSON decoder says of a syntax error.
pub(super) fn syntax(body: &[u8], error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "unexpected end of JSON input".to_owned();
    }
    let at = offset(body, error);
    let letter = body.get(at).copied().map_or('\0', char::from);
    let said = error.to_string();
    let place = if said.contains("expected ident") {
        return in_literal(body, at);
    } else if said.contains("key must be a string") {
        "looking for beginning of object key string"
    } else if said.contains("expected `:`") {
        "after object key"
    } else if said.contains("expected `,` or `}`") {
        "after object key:value pair"
    } else if said.contains("expected `,` or `]`") {
        "after array element"
    } else if said.contains("trailing characters") {
        "after top-level value"
    } else if said.contains("control character") {
        "in string literal"
    } else if said.contains("escape") {
        "in string escape code"
    } else {
        "looking for beginning of value"
    };
    format!("invalid character '{letter}' {place}")
}

fn in_literal(body: &[u8], at: usize) -> String {
    // The decoder stops at the letter that breaks the word.
    for word in ["null", "true", "false"] {
        for start in (at.saturating_sub(word.len())..=at).rev() {
            let rest = body.get(start..).unwrap_or_default();
            let shared = rest
                .iter()
                .zip(word.bytes())
                .take_while(|(letter, wanted)| **letter == *wanted)
                .count();
            if let (true, Some(letter), Some(wanted)) =
                (shared > 0, rest.get(shared), word.as_bytes().get(shared))
            {
                return format!(
                    "invalid character '{}' in literal {word} (expecting '{}')",
                    char::from(*letter),
                    char::from(*wanted)
                );
            }
        }
    }
    "unexpected end of JSON input".to_owned()
}

/// Where in the body the decoder stopped.
fn offset(body: &[u8], error: &serde_json::Error) -> usize {
    let before: usize = body
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    before + error.column().saturating_sub(1)
}

/// The beginning of a body, as messages show it.
fn summary(body: &[u8]) -> String {
    const SHOWN: usize = 30;
    let shown = body.get(..SHOWN).unwrap_or(body);
    let more = if body.len() > SHOWN { " ..." } else { "" };
    match body.first() {
        None => "<empty>".to_owned(),
        Some(b'{') => format!("{}{more}", String::from_utf8_lossy(shown)),
        Some(_) => {
            let digits = shown.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
            let hex: String = digits
                .filter_map(|digit| char::from_digit(digit.into(), 16))
                .collect();
            format!("{hex}{more}")
        }
    }
}
