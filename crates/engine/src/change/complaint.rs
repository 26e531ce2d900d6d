//! The field that the API server complains of without naming it.
//!
//! Its decoder says of a whole object that `quantities must match ...`. What it stumbled over is found
//! in the document by the same rule, so that the line can be shown.

use serde_json::Value;
use strata_domain::quantity;

/// Under these fields every value is a quantity.
const AMOUNTS: [&str; 12] = [
    "capacity",
    "default",
    "defaultRequest",
    "hard",
    "limits",
    "max",
    "maxLimitRequestRatio",
    "min",
    "overhead",
    "podFixed",
    "requests",
    "resourcesPerNode",
];
/// The letters of base64, without its padding.
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether a complaint is about the value at the end of these steps.
type Meant = Box<dyn Fn(&[String], &Value) -> bool>;

/// The field of `object` that `message` is about; none where that cannot be told.
pub(super) fn field(object: &Value, message: &str) -> Option<String> {
    let is_meant: Meant = if message.contains("quantities must match")
        || message.contains("unable to parse quantity")
    {
        Box::new(is_bad_amount)
    } else if message.contains("illegal base64 data") {
        Box::new(is_not_encoded)
    } else {
        let (_, rest) = message.split_once("parsing time \"")?;
        let (time, _) = rest.split_once('"')?;
        let time = time.to_owned();
        Box::new(move |_, value| value.as_str() == Some(time.as_str()))
    };
    let mut steps = Vec::new();
    find(object, &mut steps, is_meant.as_ref()).then(|| steps.concat())
}

/// Leaves the way to the first value that `is_meant` in `steps`.
fn find(
    value: &Value,
    steps: &mut Vec<String>,
    is_meant: &dyn Fn(&[String], &Value) -> bool,
) -> bool {
    let mut below = |step: String, value: &Value| {
        steps.push(step);
        let is_found = find(value, steps, is_meant);
        if !is_found {
            steps.pop();
        }
        is_found
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| below(format!(".{name}"), value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .any(|(at, value)| below(format!("[{at}]"), value)),
        _ => is_meant(steps, value),
    }
}

fn is_bad_amount(steps: &[String], value: &Value) -> bool {
    let named = |step: Option<&String>| step.map(|step| step.trim_start_matches('.').to_owned());
    let (last, above) = match steps {
        [.., above, last] => (named(Some(last)), named(Some(above))),
        [last] => (named(Some(last)), None),
        [] => (None, None),
    };
    let is_amount = above.is_some_and(|above| AMOUNTS.contains(&above.as_str()))
        || last.is_some_and(|last| last == "sizeLimit" || last == "divisor");
    let is_right = match value {
        Value::String(text) => !text.contains(' ') && quantity::parse(text).is_some(),
        Value::Number(_) | Value::Null => true,
        _ => false,
    };
    is_amount && !is_right
}

fn is_not_encoded(steps: &[String], value: &Value) -> bool {
    let is_data = matches!(steps, [data, _] if data == ".data" || data == ".binaryData");
    let is_right = value.as_str().is_none_or(|text| {
        let text: String = text.split_whitespace().collect();
        let letters = text.trim_end_matches('=');
        text.len().is_multiple_of(4) && letters.chars().all(|letter| BASE64.contains(letter))
    });
    is_data && !is_right
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const QUANTITIES: &str = "Pod in version \"v1\" cannot be handled as a Pod: quantities must match \
        the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    #[test]
    fn a_quantity_that_is_none_is_found() {
        let pod = json!({ "spec": { "containers": [
            { "name": "a b", "resources": { "limits": { "cpu": "1", "memory": "1Gi" } } },
            { "name": "b", "resources": { "requests": { "nvidia.com/gpu": 1, "memory": "1 GB" } } },
        ] } });
        assert_eq!(
            field(&pod, QUANTITIES).as_deref(),
            Some(".spec.containers[1].resources.requests.memory")
        );
        let volume = json!({ "spec": { "volumes": [{ "emptyDir": { "sizeLimit": "much" } }] } });
        assert_eq!(
            field(&volume, QUANTITIES).as_deref(),
            Some(".spec.volumes[0].emptyDir.sizeLimit")
        );
        assert_eq!(
            field(&json!({ "spec": { "hard": { "pods": "4" } } }), QUANTITIES),
            None
        );
    }

    #[test]
    fn what_is_not_encoded_and_a_time_that_is_none_are_found() {
        let secret = json!({ "data": { "user": "YWRh", "token": "not-base64!" } });
        let said = "illegal base64 data at input byte 3";
        assert_eq!(field(&secret, said).as_deref(), Some(".data.token"));
        let object = json!({ "metadata": { "name": "a", "creationTimestamp": "yesterday" } });
        let said = "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse";
        assert_eq!(
            field(&object, said).as_deref(),
            Some(".metadata.creationTimestamp")
        );
        assert_eq!(field(&object, "something else"), None);
    }
}
